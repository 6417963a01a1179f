//! Databases and caches.

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::place::azure_region;
use crate::sheet::Sheet;
use crate::view::Field;

/// `azurerm_postgresql_flexible_server`: a standby is one more of it, disk included.
pub(super) fn postgresql(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let count = server(sheet, "postgresql");
    if let Some(mib) = sheet.need(own.number("storage_mb")) {
        let gib = Range::from(mib).divided_by(1024);
        sheet.put(Item::of("database-storage").class_word("postgresql").count(&count).gib(gib));
    }
    if sheet.is("auto_grow_enabled") {
        sheet.unbounded("auto_grow_enabled");
    }
}

/// `azurerm_mysql_flexible_server`.
pub(super) fn mysql(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let count = server(sheet, "mysql");
    if let Some(size) = sheet.need(own.number("storage[0].size_gb")) {
        sheet.put(Item::of("database-storage").class_word("mysql").count(&count).gib(size.into()));
    }
    // Disks grow by themselves unless that is turned off.
    if sheet.or(own.flag("storage[0].auto_grow_enabled"), true).value {
        sheet.unbounded("storage[0].auto_grow_enabled");
    }
}

fn server(sheet: &mut Sheet<'_>, class: &str) -> Range {
    let own = sheet.view.clone();
    let standby = sheet.optional(own.text("high_availability[0].mode"));
    let standby = standby.is_some_and(|mode| &*mode.value != "Disabled");
    let count = Range::fixed(if standby { 2 } else { 1 });
    if let Some(sku) = sheet.need(own.text("sku_name")) {
        sheet.put(Item::of("database").class_word(class).instance_type(sku).count(&count));
    }
    count
}

/// `azurerm_mssql_database`: it lies where its server does. In an elastic pool the pool is paid for.
pub(super) fn mssql(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let pool = ["azurerm_mssql_elasticpool"];
    if sheet.linked(&own, "elastic_pool_id", &pool).is_some() || sheet.has(&own, "elastic_pool_id") {
        return;
    }
    let server = sheet.found(&own, "server_id", &["azurerm_mssql_server"]);
    if let Some(location) = server.and_then(|server| sheet.need(server.text("location"))) {
        sheet.place.region = Some(azure_region(&location.value));
    }
    let Some(sku) = sheet.need(own.text("sku_name")) else { return };
    if &*sku.value == "ElasticPool" {
        return;
    }
    // Sizes by vCore pay for their disk; others have it.
    let pays_for_disk = ["GP_", "BC_"].iter().any(|start| sku.value.starts_with(start));
    let hybrid = sheet.is_word("license_type", "BasePrice");
    let class = if hybrid { "mssql-base-price" } else { "mssql" };
    let elastic = sku.value.starts_with("HS_");
    sheet.put(Item::of("database").class_word(class).instance_type(sku));
    if pays_for_disk {
        let size = sheet.or(own.number("max_size_gb"), Ratio::from(32));
        sheet.put(Item::of("database-storage").class_word("mssql").gib(size.into()));
    }
    if elastic {
        sheet.unbounded("storage_gb");
    }
}

/// `azurerm_mssql_elasticpool`: so many vCores or DTUs of a size.
pub(super) fn elastic_pool(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let sku = sheet.need(own.text("sku[0].name"));
    let capacity = sheet.need(own.number("sku[0].capacity"));
    if let (Some(sku), Some(capacity)) = (sku, capacity) {
        let item = Item::of("database").class_word("mssql-elasticpool").instance_type(sku);
        sheet.put(item.count(&capacity.into()));
    }
    if let Some(size) = sheet.optional(own.number("max_size_gb")) {
        sheet.put(Item::of("database-storage").class_word("mssql").gib(size.into()));
    }
}

/// `azurerm_redis_cache`: a size such as `P1`, as often as it has shards.
pub(super) fn redis(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let (sku, family) = (sheet.need(own.text("sku_name")), sheet.need(own.text("family")));
    let capacity = sheet.need(own.number("capacity"));
    let shards = sheet.or(own.number("shard_count"), Ratio::ONE);
    let count = Range::from(shards.map(|shards| shards.max(Ratio::ONE)));
    if let (Some(sku), Some(family), Some(capacity)) = (sku, family, capacity) {
        let paths = family.paths.into_iter().chain(capacity.paths).collect();
        let size = Field { value: format!("{}{}", family.value, capacity.value).into(), paths };
        sheet.put(Item::of("cache").class(sku).instance_type(size).count(&count));
    }
    // One replica is in the price.
    let replicas = sheet.optional(own.number("replicas_per_primary"));
    if replicas.is_some_and(|replicas| replicas.value > Ratio::ONE) {
        sheet.unsupported("replicas_per_primary");
    }
}
