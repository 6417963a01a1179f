//! Types of Google Cloud.

mod cluster;
mod data;
mod disk;
mod group;
mod machine;

use crate::kind::Class::Field;
use crate::kind::{Kind, Part};

const fn kind(name: &'static str) -> Kind {
    Kind::new(name, "gcp")
}

pub(crate) const TYPES: &[Kind] = &[
    // Machines and their disks
    kind("google_compute_instance").more(machine::instance),
    kind("google_compute_instance_template"),
    kind("google_compute_region_instance_template"),
    kind("google_compute_instance_group_manager").more(group::manager),
    kind("google_compute_region_instance_group_manager").more(group::manager),
    kind("google_compute_autoscaler").scales("target", &["google_compute_instance_group_manager"]),
    kind("google_compute_region_autoscaler")
        .scales("target", &["google_compute_region_instance_group_manager"]),
    kind("google_compute_disk").more(disk::disk),
    kind("google_compute_region_disk").more(disk::disk),
    // Containers
    kind("google_container_cluster").more(cluster::cluster),
    kind("google_container_node_pool").more(cluster::node_pool),
    kind("google_cloud_run_service").usage(&["monthly_requests", "average_request_duration_ms"]),
    kind("google_cloud_run_v2_service").usage(&["monthly_requests", "average_request_duration_ms"]),
    kind("google_artifact_registry_repository").usage(&["storage_gb"]),
    // Databases and caches
    kind("google_sql_database_instance").more(data::sql),
    kind("google_redis_instance").more(data::redis),
    kind("google_spanner_instance").more(data::spanner).usage(&["storage_gb"]),
    kind("google_bigtable_instance").more(data::bigtable).usage(&["storage_gb"]),
    // Networks
    kind("google_compute_router_nat")
        .parts(&[Part::of("nat-gateway")])
        .usage(&["assigned_vms", "monthly_data_processed_gb"]),
    kind("google_compute_forwarding_rule")
        .parts(&[Part::of("forwarding-rule")])
        .usage(&["monthly_ingress_data_gb"]),
    kind("google_compute_global_forwarding_rule")
        .parts(&[Part::of("forwarding-rule")])
        .usage(&["monthly_ingress_data_gb"]),
    kind("google_compute_address").more(data::address),
    kind("google_compute_global_address").more(data::address),
    kind("google_compute_vpn_tunnel").parts(&[Part::of("vpn-tunnel")]).usage(&["monthly_data_transfer_gb"]),
    kind("google_dns_managed_zone").parts(&[Part::of("dns-zone")]).usage(&["monthly_queries"]),
    // Files, objects, messages, functions, keys
    kind("google_filestore_instance")
        .parts(&[Part::of("file-storage").class(Field("tier")).gib("file_shares[0].capacity_gb")]),
    kind("google_storage_bucket").usage(&[
        "storage_gb",
        "monthly_class_a_operations",
        "monthly_egress_data_gb",
    ]),
    kind("google_pubsub_topic").usage(&["monthly_message_data_tb"]),
    kind("google_pubsub_subscription").usage(&["monthly_message_data_tb"]),
    kind("google_bigquery_dataset").usage(&["monthly_queries_tb"]),
    kind("google_bigquery_table").usage(&["monthly_active_storage_gb"]),
    kind("google_cloudfunctions_function").usage(&["monthly_function_invocations"]),
    kind("google_cloudfunctions2_function").usage(&["monthly_function_invocations"]),
    kind("google_kms_crypto_key").parts(&[Part::of("kms-key")]).usage(&["monthly_key_operations"]),
    kind("google_secret_manager_secret").parts(&[Part::of("secret")]).usage(&["monthly_access_operations"]),
];
