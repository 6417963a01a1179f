//! Managed databases, caches and addresses.

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::sheet::Sheet;

/// `google_sql_database_instance`: a standby is one more of it, disk included. A disk grows up to its limit.
pub(super) fn sql(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let settings = own.under(&own.path("settings[0]"));
    let class = sheet.need(own.text("database_version"));
    let tier = sheet.need(settings.text("tier"));
    let availability = sheet.or(settings.text("availability_type"), "ZONAL".into());
    let count = Range::fixed(if &*availability.value == "REGIONAL" { 2 } else { 1 });
    if let (Some(class), Some(tier)) = (class, tier) {
        // `POSTGRES_15` is paid for as any postgres.
        let engine = |version: std::sync::Arc<str>| {
            version.split('_').next().unwrap_or_default().to_lowercase().into()
        };
        sheet.put(Item::of("database").class(class.map(engine)).instance_type(tier).count(&count));
    }
    let size = sheet.or(settings.number("disk_size"), Ratio::from(10));
    let kind = sheet.or(settings.text("disk_type"), "PD_SSD".into());
    let grows = sheet.or(settings.flag("disk_autoresize"), true).value;
    let limit = sheet.or(settings.number("disk_autoresize_limit"), Ratio::ZERO);
    let gib = match (grows, limit.value.is_zero()) {
        (true, true) => {
            sheet.unbounded("settings[0].disk_autoresize_limit");
            Range::from(size)
        }
        (true, false) => Range::between(size, limit),
        (false, _) => Range::from(size),
    };
    sheet.put(Item::of("database-storage").class(kind).count(&count).gib(gib));
}

/// `google_redis_instance`: by its memory; each read replica has as much.
pub(super) fn redis(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let class = sheet.text_or("tier", "BASIC");
    let replicated = sheet.is_word("read_replicas_mode", "READ_REPLICAS_ENABLED");
    let replicas = if replicated {
        sheet.or(own.number("replica_count"), Ratio::from(2))
    } else {
        return plain(sheet, class);
    };
    let count = Range::from(replicas).plus(&Range::fixed(1));
    if let Some(memory) = sheet.need(own.number("memory_size_gb")) {
        sheet.put(Item::of("cache").class_word("STANDARD_HA_READ_REPLICAS").count(&count).gib(memory.into()));
    }
}

fn plain(sheet: &mut Sheet<'_>, class: crate::view::Field<std::sync::Arc<str>>) {
    if let Some(memory) = sheet.need(sheet.view.number("memory_size_gb")) {
        sheet.put(Item::of("cache").class(class).gib(memory.into()));
    }
}

/// `google_spanner_instance`: nodes, a thousand processing units each, up to the limit of its autoscaler.
pub(super) fn spanner(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let config = sheet.need(own.text("config")).map(|config| config.map(super::machine::last_part));
    let limits = |field: &str| own.number(&format!("autoscaling_config[0].autoscaling_limits[0].{field}"));
    let units = if own.is_set("autoscaling_config[0]") {
        if own.is_set("autoscaling_config[0].autoscaling_limits[0].max_nodes") {
            sheet.range(limits("min_nodes"), limits("max_nodes"))
        } else {
            let units = sheet.range(limits("min_processing_units"), limits("max_processing_units"));
            units.map(|units| units.divided_by(1000))
        }
    } else if own.number("num_nodes").known().is_some() {
        sheet.need(own.number("num_nodes")).map(Range::from)
    } else {
        sheet.need(own.number("processing_units")).map(|units| Range::from(units).divided_by(1000))
    };
    if let (Some(config), Some(units)) = (config, units) {
        sheet.put(Item::of("spanner-node").class(config).count(&units));
    }
}

/// `google_bigtable_instance`: nodes of each cluster, up to the maximum of its autoscaler.
pub(super) fn bigtable(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    for cluster in sheet.blocks(&own, "cluster") {
        let scaled = |field: &str| cluster.number(&format!("autoscaling_config[0].{field}"));
        let nodes = if cluster.is_set("autoscaling_config[0]") {
            sheet.range(scaled("min_nodes"), scaled("max_nodes"))
        } else {
            Some(sheet.or(cluster.number("num_nodes"), Ratio::ONE).into())
        };
        if let Some(nodes) = nodes {
            sheet.put(Item::of("bigtable-node").count(&nodes));
        }
    }
}

/// `google_compute_address`, `google_compute_global_address`: internal ones cost nothing.
pub(super) fn address(sheet: &mut Sheet<'_>) {
    if !sheet.is_word("address_type", "INTERNAL") {
        sheet.put(Item::of("public-ip"));
    }
}
