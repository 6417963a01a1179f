//! Compute Engine instances, with GPUs, disks and addresses.

use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::Ratio;

use super::disk;
use crate::Why;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::View;

/// `google_compute_instance`.
pub(super) fn instance(sheet: &mut Sheet<'_>) {
    let (own, once) = (sheet.view.clone(), Range::fixed(1));
    let purchase = purchase(sheet, &own);
    machines(sheet, &own, &once, purchase);
    boot_disk(sheet, &own);
    let scratch = sheet.or(own.length("scratch_disk"), Ratio::ZERO);
    disk::local(sheet, &scratch.into());
    addresses(sheet, &own, &once);
}

/// The disk made for an instance. One that is only attached is another resource, and counted there, though a state
/// has its size here as well.
fn boot_disk<'p>(sheet: &mut Sheet<'p>, own: &View<'p>) {
    let block = own.under(&own.path("boot_disk[0]"));
    if sheet.linked(&block, "source", &["google_compute_disk", "google_compute_region_disk"]).is_some() {
        return;
    }
    if block.is_set("initialize_params[0]") {
        let of = |field: &str| format!("initialize_params[0].{field}");
        disk::put(sheet, block.text(&of("type")), block.number(&of("size")), &Range::fixed(1));
    } else if !block.is_set("source") {
        sheet.gap::<()>(own.path("boot_disk"), Why::NotSet);
    }
}

/// External addresses of each instance.
pub(super) fn addresses<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, count: &Range) {
    for interface in sheet.blocks(view, "network_interface") {
        let configured = sheet.or(interface.length("access_config"), Ratio::ZERO);
        sheet.put(Item::of("public-ip").count(&Range::from(configured).times(count)));
    }
}

/// So many machines, and the GPUs of each.
pub(super) fn machines<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, count: &Range, purchase: Purchase) {
    if let Some(kind) = sheet.need(view.text("machine_type")) {
        sheet.put(Item::of("instance").instance_type(kind.map(last_part)).count(count).bought(purchase));
    }
    gpus(sheet, view, count, purchase);
}

pub(super) fn gpus<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, count: &Range, purchase: Purchase) {
    for accelerator in sheet.blocks(view, "guest_accelerator") {
        let (kind, each) = (sheet.need(accelerator.text("type")), sheet.need(accelerator.number("count")));
        if let (Some(kind), Some(each)) = (kind, each) {
            let item = Item::of("nvidia.com/gpu").class(kind.map(last_part)).bought(purchase);
            sheet.put(item.count(&Range::from(each).times(count)));
        }
    }
}

/// How an instance, or those of a template, are bought.
pub(super) fn purchase<'p>(sheet: &mut Sheet<'p>, view: &View<'p>) -> Purchase {
    let preemptible = sheet.or(view.flag("scheduling[0].preemptible"), false).value;
    let model = sheet.optional(view.text("scheduling[0].provisioning_model"));
    if preemptible || model.is_some_and(|model| &*model.value == "SPOT") {
        Purchase::Spot
    } else {
        Purchase::OnDemand
    }
}

/// `e2-medium` of `zones/us-central1-a/machineTypes/e2-medium`.
#[expect(clippy::needless_pass_by_value, reason = "what fields are mapped with")]
pub(super) fn last_part(text: Arc<str>) -> Arc<str> {
    text.rsplit('/').next().unwrap_or(&text).into()
}
