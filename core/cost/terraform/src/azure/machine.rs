//! Virtual machines, alone and in scale sets.

use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::Ratio;

use super::disk;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, View};

/// `azurerm_linux_virtual_machine`, `azurerm_windows_virtual_machine`.
pub(super) fn machine(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let size = sheet.need(own.text("size"));
    machines(sheet, size, &Range::fixed(1));
}

/// `azurerm_linux_virtual_machine_scale_set`, `azurerm_windows_virtual_machine_scale_set`: up to the largest maximum
/// of its autoscale setting.
pub(super) fn scale_set(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let size = sheet.need(own.text("sku"));
    let count = sheet.or(own.number("instances"), Ratio::ZERO);
    let count = up_to_maximum(sheet, count);
    machines(sheet, size, &count);
    for block in sheet.blocks(&own, "data_disk") {
        disk::put(sheet, &block, block.text("storage_account_type"), block.number("disk_size_gb"), &count);
    }
}

/// From what is written to the largest maximum that an autoscale setting has for it.
pub(super) fn up_to_maximum(sheet: &mut Sheet<'_>, count: Field<Ratio>) -> Range {
    let mut most = count.clone();
    for scaler in sheet.scalers() {
        for profile in sheet.blocks(&scaler, "profile") {
            if let Some(found) = sheet.need(profile.number("capacity[0].maximum"))
                && found.value > most.value
            {
                most = found;
            }
        }
    }
    Range::between(count, most)
}

fn machines(sheet: &mut Sheet<'_>, size: Option<Field<Arc<str>>>, count: &Range) {
    let own = sheet.view.clone();
    let spot = sheet.is_word("priority", "Spot");
    let windows = own.change.kind.contains("_windows_") && !brings_license(sheet, &own);
    if let Some(size) = size {
        sheet.put(instances(size, count, windows, spot));
    }
    let os_disk = own.under(&own.path("os_disk[0]"));
    disk::put(sheet, &os_disk, os_disk.text("storage_account_type"), os_disk.number("disk_size_gb"), count);
}

/// Whether a license of one's own is used for Windows, so that the machine is paid for as one with Linux.
fn brings_license<'p>(sheet: &mut Sheet<'p>, view: &View<'p>) -> bool {
    let license = sheet.optional(view.text("license_type"));
    license.is_some_and(|license| license.value.starts_with("Windows_"))
}

pub(super) fn instances(size: Field<Arc<str>>, count: &Range, windows: bool, spot: bool) -> Item {
    let item = Item::of("instance").instance_type(size).count(count);
    let item = if windows { item.class_word("windows") } else { item };
    item.bought(if spot { Purchase::Spot } else { Purchase::OnDemand })
}
