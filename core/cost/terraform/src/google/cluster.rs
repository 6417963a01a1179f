//! GKE: clusters and their node pools, whose sizes are per zone.

use tollgate_price::Purchase;
use tollgate_vocabulary::Ratio;

use super::{disk, machine};
use crate::Why;
use crate::item::{Item, Range};
use crate::place::google_place;
use crate::sheet::Sheet;
use crate::view::View;

/// Zones of a region that GKE takes where none are named.
const ZONES: u64 = 3;
/// What a node has where nothing is written.
const NODE_TYPE: &str = "e2-medium";
const NODE_DISK: u64 = 100;

/// `google_container_cluster`: the cluster, and its default pool unless that is removed.
pub(super) fn cluster(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    if sheet.is("enable_autopilot") {
        sheet.put(Item::of("kubernetes-cluster").class_word("autopilot"));
        sheet.unbounded("enable_autopilot");
        return;
    }
    sheet.put(Item::of("kubernetes-cluster"));
    if sheet.is("cluster_autoscaling[0].enabled") {
        sheet.unbounded("cluster_autoscaling");
    }
    let zones = zones(sheet, None, Some(&own));
    // In a state, pools that are resources of their own are listed here too.
    let are_own = own.change.before.is_none() || own.is_written("node_pool").unwrap_or(true);
    if are_own && own.is_set("node_pool[0]") {
        for pool in sheet.blocks(&own, "node_pool") {
            nodes(sheet, &pool, &zones);
        }
    } else if !sheet.is("remove_default_node_pool")
        && let Some(count) = sheet.need(own.number("initial_node_count"))
    {
        let node = own.under(&own.path("node_config[0]"));
        of_config(sheet, &node, &Range::from(count).times(&zones));
    }
}

/// `google_container_node_pool`.
pub(super) fn node_pool(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let cluster = sheet.linked(&own, "cluster", &["google_container_cluster"]);
    if !own.is_set("location")
        && let Some(location) = cluster.as_ref().and_then(|cluster| cluster.text("location").known())
    {
        (sheet.place.region, sheet.place.zone) = google_place(Some(&location));
    }
    let zones = zones(sheet, Some(&own), cluster.as_ref());
    nodes(sheet, &own, &zones);
}

/// In how many zones each node stands.
fn zones<'p>(sheet: &mut Sheet<'p>, pool: Option<&View<'p>>, cluster: Option<&View<'p>>) -> Range {
    let named = |sheet: &mut Sheet<'p>, view: Option<&View<'p>>| {
        let found = view.and_then(|view| sheet.optional(view.length("node_locations")));
        found.filter(|zones| !zones.value.is_zero())
    };
    if let Some(zones) = named(sheet, pool) {
        return zones.into();
    }
    let is_zonal = sheet.place.zone.is_some();
    match named(sheet, cluster) {
        // Those of a zonal cluster are named beside its own.
        Some(zones) if is_zonal => Range::from(zones).plus(&Range::fixed(1)),
        Some(zones) => zones.into(),
        None if is_zonal => Range::fixed(1),
        None => Range::fixed(ZONES),
    }
}

/// Nodes of a pool: as many as written, and up to the autoscaler's maximum.
fn nodes<'p>(sheet: &mut Sheet<'p>, pool: &View<'p>, zones: &Range) {
    let scaling = pool.under(&pool.path("autoscaling[0]"));
    let is_scaled = pool.is_set("autoscaling[0]");
    let per_zone =
        |number: Option<crate::view::Field<Ratio>>| number.map(|number| Range::from(number).times(zones));
    let least = if is_scaled {
        sheet.optional(scaling.number("total_min_node_count")).map(Range::from)
    } else {
        None
    };
    let written = pool.number("node_count").or_else(|| pool.number("initial_node_count"));
    let written = if is_scaled { written.or_else(|| scaling.number("min_node_count")) } else { written };
    let expected = match (sheet.optional(written), least) {
        (Some(written), _) => per_zone(Some(written)),
        (None, least) => least,
    };
    let worst = if is_scaled {
        match sheet.optional(scaling.number("total_max_node_count")).filter(|most| !most.value.is_zero()) {
            Some(total) => Some(Range::from(total)),
            None => per_zone(sheet.need(scaling.number("max_node_count"))),
        }
    } else {
        None
    };
    let count = match (expected, worst) {
        (Some(expected), Some(worst)) => expected.up_to(&worst),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => {
            sheet.gap::<()>(pool.path("node_count"), Why::NotSet);
            return;
        }
    };
    of_config(sheet, &pool.under(&pool.path("node_config[0]")), &count);
}

/// Machines as a `node_config` describes them.
fn of_config<'p>(sheet: &mut Sheet<'p>, node: &View<'p>, count: &Range) {
    let spot = ["spot", "preemptible"].map(|field| sheet.or(node.flag(field), false).value).contains(&true);
    let purchase = if spot { Purchase::Spot } else { Purchase::OnDemand };
    let kind = sheet.or(node.text("machine_type"), NODE_TYPE.into());
    let kind = kind.map(machine::last_part);
    sheet.put(Item::of("instance").instance_type(kind).count(count).bought(purchase));
    machine::gpus(sheet, node, count, purchase);
    let size = sheet.or(node.number("disk_size_gb"), Ratio::from(NODE_DISK));
    // Google has changed which type it takes; this is the dearer of the two.
    let kind = sheet.or(node.text("disk_type"), "pd-balanced".into());
    sheet.put(Item::of("storage").class(kind).count(count).gib(size.into()));
    let local = sheet.or(node.number("local_ssd_count"), Ratio::ZERO);
    disk::local(sheet, &Range::from(local).times(count));
}
