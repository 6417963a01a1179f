//! AKS: the cluster's tier, and its pools.

use tollgate_vocabulary::Ratio;

use super::{disk, machine};
use crate::item::{Item, Range};
use crate::place::azure_region;
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

/// `azurerm_kubernetes_cluster`: the free tier costs nothing.
pub(super) fn cluster(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let tier = sheet.text_or("sku_tier", "Free");
    if &*tier.value != "Free" {
        sheet.put(Item::of("kubernetes-cluster").class(tier));
    }
    let pool = own.under(&own.path("default_node_pool[0]"));
    nodes(sheet, &pool);
}

/// `azurerm_kubernetes_cluster_node_pool`: it lies where its cluster does.
pub(super) fn node_pool(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let cluster = sheet.found(&own, "kubernetes_cluster_id", &["azurerm_kubernetes_cluster"]);
    if let Some(location) = cluster.and_then(|cluster| sheet.need(cluster.text("location"))) {
        sheet.place.region = Some(azure_region(&location.value));
    }
    nodes(sheet, &own);
}

/// Machines of a pool and their disks: as many as written, and up to the maximum where they are scaled.
fn nodes<'p>(sheet: &mut Sheet<'p>, pool: &View<'p>) {
    let size = sheet.need(pool.text("vm_size"));
    let scaled = pool.flag("auto_scaling_enabled").or_else(|| pool.flag("enable_auto_scaling"));
    let scaled = sheet.or(scaled, false).value;
    let count = if scaled {
        let written = pool.number("node_count").or_else(|| pool.number("min_count"));
        sheet.range(written, pool.number("max_count"))
    } else {
        Some(sheet.or(pool.number("node_count"), Ratio::ONE).into())
    };
    let Some(count) = count else { return };
    let spot = sheet.or(pool.text("priority"), "Regular".into()).value.eq_ignore_ascii_case("Spot");
    let windows = sheet.or(pool.text("os_type"), "Linux".into()).value.eq_ignore_ascii_case("Windows");
    if let Some(size) = size {
        sheet.put(machine::instances(size, &count, windows, spot));
    }
    os_disk(sheet, pool, &count);
}

/// A managed disk of each node, unless its system lies on the machine's own; AKS takes Premium SSD.
fn os_disk<'p>(sheet: &mut Sheet<'p>, pool: &View<'p>, count: &Range) {
    let kind = sheet.or(pool.text("os_disk_type"), "Managed".into());
    if &*kind.value == "Managed" {
        let premium = Seen::Known(Field::fixed("Premium_LRS".into()));
        disk::put(sheet, pool, premium, pool.number("os_disk_size_gb"), count);
    }
}
