//! Auto Scaling groups: as many as desired, and up to their maximum.

use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::{Ratio, Rounding};

use super::machine;
use crate::Why;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, View, larger};

/// `aws_autoscaling_group`.
pub(super) fn autoscaling_group(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let desired = own.number("desired_capacity").or_else(|| own.number("min_size"));
    let Some(mut count) = sheet.range(desired, own.number("max_size")) else { return };
    if let Some(most) = scheduled(sheet) {
        count = count.up_to(&Range::from(most));
    }
    let policy = "mixed_instances_policy[0]";
    if own.is_set(policy) {
        mixed(sheet, &own.under(&own.path(policy)), &count);
    } else if own.is_set("launch_configuration") {
        if let Some(template) = sheet.found(&own, "launch_configuration", &["aws_launch_configuration"]) {
            by_configuration(sheet, &template, &count);
        }
    } else if own.is_set("launch_template[0]") {
        let Some(template) = machine::template(sheet, &own, "launch_template[0]") else { return };
        let spot = machine::is_spot(sheet, &template);
        let purchase = if spot { Purchase::Spot } else { Purchase::OnDemand };
        by_template(sheet, &template, Vec::new(), &[(purchase, count)]);
    } else {
        sheet.gap::<()>(own.path("launch_template"), Why::NotSet);
    }
}

/// The largest maximum that a schedule sets for the group; one of -1 leaves it as it is.
fn scheduled(sheet: &mut Sheet<'_>) -> Option<Field<Ratio>> {
    let mut most: Option<Field<Ratio>> = None;
    for schedule in sheet.scalers() {
        let leaves = schedule.text("max_size").known().is_some_and(|size| &*size == "-1");
        let found = if leaves { None } else { sheet.optional(schedule.number("max_size")) };
        most = most.into_iter().chain(found).reduce(larger);
    }
    most
}

/// Several types of instances, part of them on demand and part on the spot market.
fn mixed<'p>(sheet: &mut Sheet<'p>, policy: &View<'p>, count: &Range) {
    let Some(template) =
        machine::template(sheet, policy, "launch_template[0].launch_template_specification[0]")
    else {
        return;
    };
    let distribution = |field: &str| format!("instances_distribution[0].{field}");
    let base = sheet.or(policy.number(&distribution("on_demand_base_capacity")), Ratio::ZERO);
    let share =
        sheet.or(policy.number(&distribution("on_demand_percentage_above_base_capacity")), Ratio::from(100));
    let percent = Ratio::new(1, 100).unwrap_or(Ratio::ONE);
    let on_demand = count.clone().map(|number| {
        let above = number.minus(base.value)?.times(share.value)?.times(percent)?.to_whole(Rounding::Up)?;
        Ok(base.value.min(number).plus(Ratio::whole(above))?.min(number))
    });
    let mut spot = count.clone();
    match (count.expected.minus(on_demand.expected), count.worst.minus(on_demand.worst)) {
        (Ok(expected), Ok(worst)) => (spot.expected, spot.worst) = (expected, worst),
        _ => spot.is_too_large = true,
    }
    let overrides = sheet.blocks(policy, "launch_template[0].override");
    let shares = [(Purchase::OnDemand, on_demand), (Purchase::Spot, spot)];
    by_template(sheet, &template, overrides, &shares);
}

/// Instances of a launch template, or of the types that override its own, with disks and addresses.
fn by_template<'p>(
    sheet: &mut Sheet<'p>,
    template: &View<'p>,
    overrides: Vec<View<'p>>,
    shares: &[(Purchase, Range)],
) {
    let class = machine::tenancy(sheet, template, "placement[0].tenancy");
    let views = if overrides.is_empty() { vec![template.clone()] } else { overrides };
    let types: Vec<_> = views
        .iter()
        .filter_map(|view| {
            if view.is_set("instance_requirements[0]") {
                return sheet.gap(view.path("instance_requirements"), Why::Unsupported);
            }
            let kind = view.text("instance_type").or_else(|| template.text("instance_type"));
            let weight = sheet.or(view.number("weighted_capacity"), Ratio::ONE);
            Some((sheet.need(kind)?, weight))
        })
        .collect();
    let mut instances = Range::fixed(0);
    for (purchase, count) in shares {
        let types: Vec<(Field<Arc<str>>, Range)> =
            types.iter().map(|(kind, weight)| (kind.clone(), weighted(count, weight))).collect();
        // Of no known type, there are as many as the capacity is large.
        let first = types.first().map_or(count, |(_, count)| count).clone();
        let most = types.iter().fold(first, |most, (_, count)| most.up_to(count));
        instances = instances.plus(&most);
        if !types.is_empty() {
            sheet.put(machine::machines(types, class.clone(), *purchase));
        }
    }
    beside(sheet, template, &instances);
}

/// How many instances of a weight make up a capacity.
fn weighted(count: &Range, weight: &Field<Ratio>) -> Range {
    let divided = |number: Ratio| {
        let exact = number.over(weight.value)?.unwrap_or(number);
        exact.to_whole(Rounding::Up).map(Ratio::whole)
    };
    if weight.value == Ratio::ONE { count.clone() } else { count.clone().map(divided) }
}

/// Disks and addresses of each instance of a launch template.
fn beside<'p>(sheet: &mut Sheet<'p>, template: &View<'p>, count: &Range) {
    machine::mapped_disks(sheet, template, count);
    for interface in sheet.blocks(template, "network_interfaces") {
        let public = sheet.optional(interface.flag("associate_public_ip_address"));
        if public.is_some_and(|public| public.value) {
            sheet.put(Item::of("public-ip").count(count));
        }
    }
    machine::burst(sheet, template);
}

fn by_configuration<'p>(sheet: &mut Sheet<'p>, configuration: &View<'p>, count: &Range) {
    let spot = sheet.optional(configuration.text("spot_price")).is_some();
    let class = machine::tenancy(sheet, configuration, "placement_tenancy");
    if let Some(kind) = sheet.need(configuration.text("instance_type")) {
        let purchase = if spot { Purchase::Spot } else { Purchase::OnDemand };
        sheet.put(machine::machines(vec![(kind, count.clone())], class, purchase));
    }
    machine::root_disk(sheet, configuration, count);
    machine::more_disks(sheet, configuration, count);
    let public = sheet.optional(configuration.flag("associate_public_ip_address"));
    if public.is_some_and(|public| public.value) {
        sheet.put(Item::of("public-ip").count(count));
    }
}
