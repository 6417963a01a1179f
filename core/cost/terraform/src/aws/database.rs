//! RDS, Aurora and ElastiCache.

use std::sync::Arc;

use tollgate_vocabulary::Ratio;

use super::disk::{INCLUDED, Speed};
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

const SPEED: Speed =
    Speed { iops: "database-storage-iops", throughput: "database-storage-throughput", included: INCLUDED };

/// `aws_db_instance`: a standby in another zone is one more of it, disk included.
pub(super) fn instance(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let source = own
        .is_set("replicate_source_db")
        .then(|| sheet.linked(&own, "replicate_source_db", &["aws_db_instance"]));
    let source = source.flatten();
    let or_source = |field: &str| {
        own.text(field).or_else(|| source.as_ref().map_or(own.text(field), |source| source.text(field)))
    };
    let engine = sheet.need(or_source("engine"));
    let class = sheet.need(own.text("instance_class"));
    let count = Range::fixed(if sheet.is("multi_az") { 2 } else { 1 });
    let license = sheet.text_or("license_model", "");
    if let (Some(engine), Some(class)) = (&engine, class) {
        let byol = &*license.value == "bring-your-own-license" && engine.value.starts_with("oracle");
        let engine = engine.clone().map(|engine| if byol { format!("{engine}-byol").into() } else { engine });
        sheet.put(Item::of("database").class(engine).instance_type(class).count(&count));
    }
    disk(sheet, source.as_ref(), engine.as_ref(), &count);
}

/// The disk of a database; it may grow as far as `max_allocated_storage`.
fn disk<'p>(
    sheet: &mut Sheet<'p>,
    source: Option<&View<'p>>,
    engine: Option<&Field<Arc<str>>>,
    count: &Range,
) {
    let own = sheet.view.clone();
    let or_source = |field: &str| {
        own.number(field).or_else(|| source.map_or(own.number(field), |source| source.number(field)))
    };
    let size = sheet.need(or_source("allocated_storage"));
    let is_fast = || own.number("iops").map(|iops| if iops.is_zero() { "gp2".into() } else { "io1".into() });
    let kind = sheet.or(own.text("storage_type").or_else(is_fast), "gp2".into());
    let most = sheet.optional(own.number("max_allocated_storage"));
    let Some(size) = size else { return };
    let speed = Speed { included: included(engine, size.value), ..SPEED };
    let gib = match most {
        Some(most) => Range::between(size, most),
        None => Range::from(size),
    };
    sheet.put(Item::of("database-storage").class(kind.clone()).count(count).gib(gib));
    speed.put(sheet, &kind, count, own.number("iops"), own.number("storage_throughput"));
}

/// IOPS and MiB/s that a gp3 disk of a database has without more cost: more from a size on that its engine decides.
fn included(engine: Option<&Field<Arc<str>>>, size: Ratio) -> (u64, u64) {
    let engine = engine.map(|engine| &*engine.value).unwrap_or_default();
    let from = if engine.starts_with("oracle") { 200 } else { 400 };
    if engine.starts_with("sqlserver") || size < Ratio::from(from) { INCLUDED } else { (12000, 500) }
}

/// `aws_rds_cluster`: Aurora's disk has no bound; a cluster of three instances is paid for here.
pub(super) fn cluster(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let Some(class) = sheet.optional(own.text("db_cluster_instance_class")) else {
        sheet.unbounded("storage_gb");
        sheet.unbounded("monthly_io_requests");
        return;
    };
    let three = Range::fixed(3);
    let engine = sheet.need(own.text("engine"));
    if let Some(engine) = engine {
        sheet.put(Item::of("database").class(engine).instance_type(class).count(&three));
    }
    let size = sheet.need(own.number("allocated_storage"));
    let kind = sheet.text_or("storage_type", "io1");
    if let Some(size) = size {
        sheet.put(Item::of("database-storage").class(kind.clone()).count(&three).gib(size.into()));
    }
    SPEED.put(sheet, &kind, &three, own.number("iops"), own.number("storage_throughput"));
}

/// `aws_rds_cluster_instance`: one of a class, or as much capacity as its cluster may give it.
pub(super) fn cluster_instance(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let (engine, class) = (sheet.need(own.text("engine")), sheet.need(own.text("instance_class")));
    let (Some(engine), Some(class)) = (engine, class) else { return };
    let item = Item::of("database").class(engine);
    if &*class.value != "db.serverless" {
        sheet.put(item.instance_type(class));
        return;
    }
    let Some(cluster) = sheet.found(&own, "cluster_identifier", &["aws_rds_cluster"]) else { return };
    let capacity = |field: &str| cluster.number(&format!("serverlessv2_scaling_configuration[0].{field}"));
    if let Some(count) = sheet.range(capacity("min_capacity"), capacity("max_capacity")) {
        sheet.put(item.instance_type(class).count(&count));
    }
}

/// `aws_elasticache_replication_group`: groups of a primary and its replicas, or so many nodes.
pub(super) fn replication_group(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let class = sheet.text_or("engine", "redis");
    let kind = sheet.need(own.text("node_type"));
    let either = |now: &str, once: &str| own.number(now).or_else(|| own.number(once));
    let groups = either("num_node_groups", "cluster_mode[0].num_node_groups");
    let nodes = either("num_cache_clusters", "number_cache_clusters");
    let is_known = |seen: &Seen<Ratio>| matches!(seen, Seen::Known(_));
    let count = if is_known(&groups) || !is_known(&nodes) && !matches!(groups, Seen::Unset(_)) {
        let replicas = either("replicas_per_node_group", "cluster_mode[0].replicas_per_node_group");
        let each = Range::from(sheet.or(replicas, Ratio::ZERO)).plus(&Range::fixed(1));
        Range::from(sheet.or(groups, Ratio::ONE)).times(&each)
    } else {
        sheet.or(nodes, Ratio::ONE).into()
    };
    if let Some(kind) = kind {
        sheet.put(Item::of("cache").class(class).instance_type(kind).count(&count));
    }
}
