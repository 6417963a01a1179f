//! Clusters for searching and passing on data: OpenSearch, MSK, MQ, Kinesis.

use tollgate_vocabulary::Ratio;

use super::disk::{INCLUDED, Speed};
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::Field;

const SPEED: Speed =
    Speed { iops: "search-storage-iops", throughput: "search-storage-throughput", included: INCLUDED };

/// `aws_opensearch_domain`, `aws_elasticsearch_domain`: data nodes and their disks, masters, warm nodes.
pub(super) fn domain(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let nodes = own.under(&own.path("cluster_config[0]"));
    let count = Range::from(sheet.or(nodes.number("instance_count"), Ratio::ONE));
    let usual =
        if own.change.kind.contains("opensearch") { "m4.large.search" } else { "m4.large.elasticsearch" };
    let kind = sheet.or(nodes.text("instance_type"), usual.into());
    sheet.put(Item::of("search").instance_type(kind).count(&count));
    for (enabled, field, number, default) in [
        ("dedicated_master_enabled", "dedicated_master_type", "dedicated_master_count", Some(3)),
        ("warm_enabled", "warm_type", "warm_count", None),
    ] {
        if !sheet.or(nodes.flag(enabled), false).value {
            continue;
        }
        let kind = sheet.need(nodes.text(field));
        let count = match default {
            Some(default) => Some(sheet.or(nodes.number(number), Ratio::from(default))),
            None => sheet.need(nodes.number(number)),
        };
        if let (Some(kind), Some(count)) = (kind, count) {
            sheet.put(Item::of("search").instance_type(kind).count(&Range::from(count)));
        }
    }
    let disk = own.under(&own.path("ebs_options[0]"));
    if sheet.or(disk.flag("ebs_enabled"), false).value {
        let kind = sheet.assume(disk.text("volume_type"), "gp2".into());
        if let Some(size) = sheet.need(disk.number("volume_size")) {
            sheet.put(Item::of("search-storage").class(kind.clone()).count(&count).gib(size.into()));
        }
        SPEED.put(sheet, &kind, &count, disk.number("iops"), disk.number("throughput"));
    }
}

/// `aws_msk_cluster`: brokers and their disks.
pub(super) fn kafka(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let node = own.under(&own.path("broker_node_group_info[0]"));
    let kind = sheet.need(node.text("instance_type"));
    let size = node.number("storage_info[0].ebs_storage_info[0].volume_size");
    let size = sheet.need(size.or_else(|| node.number("ebs_volume_size")));
    let Some(count) = sheet.need(own.number("number_of_broker_nodes")).map(Range::from) else { return };
    if let Some(kind) = kind {
        sheet.put(Item::of("kafka-broker").instance_type(kind).count(&count));
    }
    if let Some(size) = size {
        sheet.put(Item::of("kafka-storage").count(&count).gib(size.into()));
    }
}

/// `aws_mq_broker`: one, two with a standby, three in a cluster.
pub(super) fn broker(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let class = sheet.need(own.text("engine_type"));
    let kind = sheet.need(own.text("host_instance_type"));
    let mode: Field<_> = sheet.text_or("deployment_mode", "SINGLE_INSTANCE");
    let count = Range::fixed(match &*mode.value {
        "ACTIVE_STANDBY_MULTI_AZ" => 2,
        "CLUSTER_MULTI_AZ" => 3,
        _ => 1,
    });
    if let (Some(class), Some(kind)) = (class, kind) {
        sheet.put(Item::of("message-broker").class(class).instance_type(kind).count(&count));
    }
    sheet.unbounded("storage_size_gb");
}

/// `aws_kinesis_stream`: shards, or as many as it takes.
pub(super) fn stream(sheet: &mut Sheet<'_>) {
    if sheet.is_word("stream_mode_details[0].stream_mode", "ON_DEMAND") {
        sheet.unbounded("monthly_on_demand_data_in_gb");
    } else {
        let shards = sheet.number_or("shard_count", 1);
        sheet.put(Item::of("stream-shard").count(&shards));
    }
}
