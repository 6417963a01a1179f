//! EBS volumes, and file systems.
//!
//! A gp3 volume holds 3,000 IOPS and 125 MiB/s without more cost; io1 and io2 pay for each IOPS; others for none.

use std::sync::Arc;

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

/// What every gp3 disk has without more cost: IOPS, and MiB/s.
pub(super) const INCLUDED: (u64, u64) = (3000, 125);
const SPEED: Speed = Speed { iops: "storage-iops", throughput: "storage-throughput", included: INCLUDED };

/// Names of the fields that a disk is written in, and what its type is where none is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disk {
    size: &'static str,
    kind: &'static str,
    /// what EC2 takes by its documentation; nothing where the image says
    default: Option<&'static str>,
}

/// A block device of an instance or a launch configuration.
pub(super) const BLOCK: Disk = Disk { size: "volume_size", kind: "volume_type", default: Some("gp2") };
/// The disk that an instance starts from: what is not set is as in its image.
pub(super) const ROOT: Disk = Disk { default: None, ..BLOCK };
const VOLUME: Disk = Disk { size: "size", kind: "type", default: Some("gp2") };

/// `aws_ebs_volume`.
pub(super) fn volume(sheet: &mut Sheet<'_>) {
    VOLUME.put(sheet, &sheet.view.clone(), &Range::fixed(1));
}

/// `aws_efs_file_system`.
pub(super) fn file_system(sheet: &mut Sheet<'_>) {
    if sheet.is_word("throughput_mode", "provisioned")
        && let Some(throughput) = sheet.need(sheet.view.number("provisioned_throughput_in_mibps"))
    {
        sheet.put(Item::of("file-throughput").count(&throughput.into()));
    }
}

impl Disk {
    /// So many disks as `block` describes them.
    pub(super) fn put<'p>(self, sheet: &mut Sheet<'p>, block: &View<'p>, count: &Range) {
        let size = sheet.need(block.number(self.size));
        let kind = match self.default {
            Some(default) => sheet.or(block.text(self.kind), default.into()),
            None => sheet.assume(block.text(self.kind), "gp2".into()),
        };
        SPEED.put(sheet, &kind, count, block.number("iops"), block.number("throughput"));
        if let Some(size) = size {
            sheet.put(Item::of("storage").class(kind).count(count).gib(size.into()));
        }
    }
}

/// What disks of a service pay beside their size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Speed {
    pub(super) iops: &'static str,
    pub(super) throughput: &'static str,
    /// IOPS and MiB/s that a gp3 disk has without more cost
    pub(super) included: (u64, u64),
}

impl Speed {
    /// So many disks of a type, with what is written of their IOPS and throughput.
    pub(super) fn put(
        self,
        sheet: &mut Sheet<'_>,
        kind: &Field<Arc<str>>,
        count: &Range,
        iops: Seen<Ratio>,
        throughput: Seen<Ratio>,
    ) {
        let above =
            |found: Option<Field<Ratio>>, included| found.map(|found| Range::from(found).above(included));
        let (iops, throughput) = match &*kind.value {
            "io1" | "io2" => (above(sheet.need(iops), 0), None),
            "gp3" => {
                let (free_iops, free_throughput) = self.included;
                (above(sheet.optional(iops), free_iops), above(sheet.optional(throughput), free_throughput))
            }
            _ => (None, None),
        };
        for (resource, each) in [(self.iops, iops), (self.throughput, throughput)] {
            if let Some(each) = each {
                sheet.put(Item::of(resource).class(kind.clone()).count(&each.times(count)));
            }
        }
    }
}
