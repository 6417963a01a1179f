//! Persistent disks, Hyperdisks and local SSDs.

use std::sync::Arc;

use tollgate_vocabulary::Ratio;

use super::machine::last_part;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Seen, View};

/// GiB of one local SSD.
const LOCAL_SSD: u64 = 375;
/// What a disk is taken for where nothing says so: the dearer of the two that Google takes.
const LIKELY: &str = "pd-balanced";

/// `google_compute_disk`, `google_compute_region_disk`: a regional disk lies in two zones, and is paid for in both.
pub(super) fn disk(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let count = Range::fixed(if own.change.kind.contains("_region_") { 2 } else { 1 });
    let kind = sheet.text_or("type", "pd-standard").map(last_part);
    if let Some(size) = sheet.need(own.number("size")) {
        sheet.put(Item::of("storage").class(kind.clone()).count(&count).gib(size.into()));
    }
    for (resource, field) in
        [("storage-iops", "provisioned_iops"), ("storage-throughput", "provisioned_throughput")]
    {
        let found = sheet.optional(own.number(field)).filter(|found| !found.value.is_zero());
        if let Some(found) = found {
            sheet.put(Item::of(resource).class(kind.clone()).count(&Range::from(found).times(&count)));
        }
    }
}

/// So many disks of a size and type.
pub(super) fn put(sheet: &mut Sheet<'_>, kind: Seen<Arc<str>>, size: Seen<Ratio>, count: &Range) {
    let kind = sheet.assume(kind, LIKELY.into()).map(last_part);
    if let Some(size) = sheet.need(size) {
        sheet.put(Item::of("storage").class(kind).count(count).gib(size.into()));
    }
}

/// So many local SSDs.
pub(super) fn local(sheet: &mut Sheet<'_>, count: &Range) {
    sheet.put(Item::of("storage").class_word("local-ssd").count(count).gib(Range::fixed(LOCAL_SSD)));
}

/// Disks of an instance template.
pub(super) fn of_template<'p>(sheet: &mut Sheet<'p>, template: &View<'p>, count: &Range) {
    for disk in sheet.blocks(template, "disk") {
        if sheet.or(disk.text("type"), "PERSISTENT".into()).value.eq_ignore_ascii_case("SCRATCH") {
            local(sheet, count);
        } else if !disk.is_set("source") {
            put(sheet, disk.text("disk_type"), disk.number("disk_size_gb"), count);
        }
    }
}
