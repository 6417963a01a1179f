//! Types of Microsoft Azure.

mod cluster;
mod database;
mod disk;
mod machine;
mod web;

use crate::kind::Class::{Field, Or};
use crate::kind::{Kind, Part};

const fn kind(name: &'static str) -> Kind {
    Kind::new(name, "azure")
}

pub(crate) const TYPES: &[Kind] = &[
    // Machines and their disks
    kind("azurerm_linux_virtual_machine").more(machine::machine),
    kind("azurerm_windows_virtual_machine").more(machine::machine),
    kind("azurerm_linux_virtual_machine_scale_set").more(machine::scale_set),
    kind("azurerm_windows_virtual_machine_scale_set").more(machine::scale_set),
    kind("azurerm_monitor_autoscale_setting").scales(
        "target_resource_id",
        &[
            "azurerm_linux_virtual_machine_scale_set",
            "azurerm_windows_virtual_machine_scale_set",
            "azurerm_service_plan",
        ],
    ),
    kind("azurerm_managed_disk").more(disk::managed_disk),
    // Containers
    kind("azurerm_kubernetes_cluster").more(cluster::cluster),
    kind("azurerm_kubernetes_cluster_node_pool").more(cluster::node_pool),
    kind("azurerm_container_registry")
        .parts(&[Part::of("container-registry").class(Field("sku"))])
        .usage(&["storage_gb"]),
    // Databases and caches
    kind("azurerm_postgresql_flexible_server").more(database::postgresql),
    kind("azurerm_mysql_flexible_server").more(database::mysql),
    kind("azurerm_mssql_server"),
    kind("azurerm_mssql_database").more(database::mssql),
    kind("azurerm_mssql_elasticpool").more(database::elastic_pool),
    kind("azurerm_redis_cache").more(database::redis),
    kind("azurerm_cosmosdb_account").usage(&["monthly_request_units", "storage_gb"]),
    // Networks
    kind("azurerm_lb").more(web::load_balancer),
    kind("azurerm_application_gateway").more(web::application_gateway).usage(&["monthly_data_processed_gb"]),
    kind("azurerm_public_ip").parts(&[Part::of("public-ip").class(Or("sku", "Standard"))]),
    kind("azurerm_nat_gateway").parts(&[Part::of("nat-gateway")]).usage(&["monthly_data_processed_gb"]),
    kind("azurerm_private_endpoint")
        .parts(&[Part::of("private-endpoint")])
        .usage(&["monthly_inbound_data_processed_gb", "monthly_outbound_data_processed_gb"]),
    kind("azurerm_firewall")
        .parts(&[Part::of("firewall").class(Field("sku_tier"))])
        .usage(&["monthly_data_processed_gb"]),
    kind("azurerm_bastion_host")
        .parts(&[Part::of("bastion").class(Or("sku", "Basic"))])
        .usage(&["monthly_outbound_data_gb"]),
    kind("azurerm_virtual_network_gateway")
        .parts(&[Part::of("vpn-gateway").instance_type("sku")])
        .usage(&["monthly_data_transfer_gb"]),
    kind("azurerm_dns_zone").parts(&[Part::of("dns-zone")]).usage(&["monthly_queries"]),
    kind("azurerm_private_dns_zone").parts(&[Part::of("dns-zone")]).usage(&["monthly_queries"]),
    // Applications, messages, objects, logs, keys
    kind("azurerm_service_plan").more(web::service_plan),
    kind("azurerm_eventhub_namespace").more(web::event_hub),
    kind("azurerm_storage_account").usage(&[
        "storage_gb",
        "monthly_write_operations",
        "monthly_read_operations",
    ]),
    kind("azurerm_log_analytics_workspace").usage(&["monthly_log_data_ingestion_gb"]),
    kind("azurerm_key_vault").usage(&["monthly_operations"]),
];
