//! Managed disks: sold in sizes, so that a disk pays for the next larger one.

use std::sync::Arc;

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

/// Sizes in GiB, and the number in the name of each: a Premium SSD of 100 GiB is a P10.
const SIZES: [(u64, u32); 14] = [
    (4, 1),
    (8, 2),
    (16, 3),
    (32, 4),
    (64, 6),
    (128, 10),
    (256, 15),
    (512, 20),
    (1024, 30),
    (2048, 40),
    (4096, 50),
    (8192, 60),
    (16384, 70),
    (32767, 80),
];
/// The smallest of Standard HDD.
const SMALLEST_HDD: u64 = 32;
/// What Premium SSD v2 has without more cost: IOPS, and MB/s.
const INCLUDED: (u64, u64) = (3000, 125);

/// `azurerm_managed_disk`.
pub(super) fn managed_disk(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    put(sheet, &own, own.text("storage_account_type"), own.number("disk_size_gb"), &Range::fixed(1));
}

/// So many disks of a type and size. The fields that say more are those of `block`.
pub(super) fn put<'p>(
    sheet: &mut Sheet<'p>,
    block: &View<'p>,
    kind: Seen<Arc<str>>,
    size: Seen<Ratio>,
    count: &Range,
) {
    let (kind, size) = (sheet.need(kind), sheet.need(size));
    let (Some(kind), Some(size)) = (kind, size) else { return };
    let item = Item::of("managed-disk").class(kind.clone()).count(count);
    match &*kind.value {
        "PremiumV2_LRS" | "UltraSSD_LRS" => {
            let included = if &*kind.value == "PremiumV2_LRS" { INCLUDED } else { (0, 0) };
            sheet.put(item.gib(size.into()));
            speed(sheet, block, &kind, count, included);
        }
        _ => {
            let tier =
                sheet.optional(block.text("tier")).or_else(|| tier(&kind, size.value).map(Field::fixed));
            match tier {
                Some(tier) => sheet.put(item.instance_type(tier).gib_or_pieces(size.into())),
                None => sheet.put(item.gib(size.into())),
            }
        }
    }
}

fn speed<'p>(
    sheet: &mut Sheet<'p>,
    block: &View<'p>,
    kind: &Field<Arc<str>>,
    count: &Range,
    (iops, throughput): (u64, u64),
) {
    for (resource, field, included) in [
        ("managed-disk-iops", "disk_iops_read_write", iops),
        ("managed-disk-throughput", "disk_mbps_read_write", throughput),
    ] {
        let found =
            if included == 0 { sheet.need(block.number(field)) } else { sheet.optional(block.number(field)) };
        if let Some(found) = found {
            let each = Range::from(found).above(included);
            sheet.put(Item::of(resource).class(kind.clone()).count(&each.times(count)));
        }
    }
}

/// The size that a disk pays for.
fn tier(kind: &Field<Arc<str>>, size: Ratio) -> Option<Arc<str>> {
    let (letter, smallest) = match kind.value.split('_').next()? {
        "Premium" => ("P", 0),
        "StandardSSD" => ("E", 0),
        "Standard" => ("S", SMALLEST_HDD),
        _ => return None,
    };
    let fits = |gib: u64| gib >= smallest && size <= Ratio::from(gib);
    SIZES.iter().find(|(gib, _)| fits(*gib)).map(|(_, number)| format!("{letter}{number}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_pays_for_the_next_larger_size() {
        let of = |kind: &str, size: u64| {
            tier(&Field::fixed(kind.into()), Ratio::from(size)).map(|tier| tier.to_string())
        };
        assert_eq!(of("Premium_LRS", 128).as_deref(), Some("P10"));
        assert_eq!(of("Premium_ZRS", 129).as_deref(), Some("P15"));
        assert_eq!(of("StandardSSD_LRS", 1).as_deref(), Some("E1"));
        assert_eq!(of("Standard_LRS", 1).as_deref(), Some("S4"));
        assert_eq!(of("Premium_LRS", 40000), None);
        assert_eq!(of("UltraSSD_LRS", 40), None);
    }
}
