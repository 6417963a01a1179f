//! Managed instance groups: as many as targeted, and up to the maximum of their autoscaler.

use std::sync::Arc;

use super::{disk, machine};
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

const TEMPLATES: &[&str] = &["google_compute_instance_template", "google_compute_region_instance_template"];

/// `google_compute_instance_group_manager`, `google_compute_region_instance_group_manager`.
pub(super) fn manager(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let Some(count) = size(sheet, &own) else { return };
    let mut templates = Vec::new();
    for version in sheet.blocks(&own, "version") {
        templates.extend(sheet.found(&version, "instance_template", TEMPLATES));
    }
    // Of several versions the first is expected, and the dearest the worst.
    let types: Vec<(Field<Arc<str>>, Range)> = templates
        .iter()
        .filter_map(|template| Some((sheet.need(template.text("machine_type"))?, count.clone())))
        .map(|(kind, count)| (kind.map(machine::last_part), count))
        .collect();
    let Some(first) = templates.first() else { return };
    let purchase = machine::purchase(sheet, first);
    if !types.is_empty() {
        sheet.put(Item::of("instance").one_of(types).bought(purchase));
    }
    machine::gpus(sheet, first, &count, purchase);
    disk::of_template(sheet, first, &count);
    machine::addresses(sheet, first, &count);
}

/// The size of a group, by what it says and by what scales it.
fn size<'p>(sheet: &mut Sheet<'p>, own: &View<'p>) -> Option<Range> {
    let mut scaled: Option<Range> = None;
    for scaler in sheet.scalers() {
        let of = |field: &str| scaler.number(&format!("autoscaling_policy[0].{field}"));
        if scaler.text("autoscaling_policy[0].mode").known().is_some_and(|mode| &*mode == "OFF") {
            continue;
        }
        scaled = sheet.range(of("min_replicas"), of("max_replicas"));
    }
    let Some(scaled) = scaled else { return sheet.need(own.number("target_size")).map(Range::from) };
    let written = match own.number("target_size") {
        // A size that is not written is the autoscaler's to choose.
        Seen::Unset(_) => return Some(scaled),
        written => sheet.need(written).unwrap_or(Field::fixed(scaled.worst)),
    };
    let expected = written.value.max(scaled.expected).min(scaled.worst);
    let paths = written.paths.into_iter().chain(scaled.paths).collect();
    Some(Range { expected, paths, ..scaled })
}
