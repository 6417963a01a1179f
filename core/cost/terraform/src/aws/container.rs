//! EKS and ECS.

use tollgate_price::Purchase;
use tollgate_vocabulary::Ratio;

use super::machine;
use crate::Why;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, Seen, View};

/// GiB of a node's disk where nothing is written.
const NODE_DISK: u64 = 20;

/// What `aws_eks_cluster` may start by itself.
pub(super) fn cluster(sheet: &mut Sheet<'_>) {
    if sheet.is("compute_config[0].enabled") {
        sheet.unbounded("compute_config");
    }
}

/// `aws_eks_node_group`.
pub(super) fn node_group(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let size = |field: &str| own.number(&format!("scaling_config[0].{field}"));
    let Some(count) = sheet.range(size("desired_size"), size("max_size")) else { return };
    let template = machine::template(sheet, &own, "launch_template[0]");
    let spot = sheet.is_word("capacity_type", "SPOT");
    let types = node_types(sheet, template.as_ref());
    let types: Vec<_> = types.into_iter().map(|kind| (kind, count.clone())).collect();
    if !types.is_empty() {
        sheet.put(machine::machines(types, None, if spot { Purchase::Spot } else { Purchase::OnDemand }));
    }
    if let Some(template) = template {
        machine::mapped_disks(sheet, &template, &count);
    } else if !own.is_set("launch_template[0]") {
        // EKS does not say of which type its disks are: gp2 is the dearer of the two that it takes.
        let gib = sheet.number_or("disk_size", NODE_DISK);
        sheet.put(Item::of("storage").class_word("gp2").count(&count).gib(gib));
    }
}

/// The types that a node may be of: those written, else that of its template, else what EKS takes.
fn node_types<'p>(sheet: &mut Sheet<'p>, template: Option<&View<'p>>) -> Vec<Field<std::sync::Arc<str>>> {
    let written = sheet.or(sheet.view.texts("instance_types"), Vec::new()).value;
    if !written.is_empty() {
        return written.into_iter().filter_map(|kind| sheet.need(kind)).collect();
    }
    // What is unknown is listed; what follows is the best guess then.
    match template.map(|template| template.text("instance_type")) {
        Some(Seen::Unset(_)) | None => vec![Field::fixed("t3.medium".into())],
        Some(kind) => sheet.need(kind).into_iter().collect(),
    }
}

/// `aws_ecs_service`: tasks on Fargate. Tasks on instances cost nothing themselves.
pub(super) fn service(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let mut named = vec![sheet.text_or("launch_type", "").value];
    for provider in sheet.blocks(&own, "capacity_provider_strategy") {
        named.extend(sheet.need(provider.text("capacity_provider")).map(|provider| provider.value));
    }
    let takes = |name: &str| named.iter().any(|found| &**found == name);
    let (fargate, spot) = (takes("FARGATE"), takes("FARGATE_SPOT"));
    if !fargate && !spot {
        // What its cluster takes by default may be Fargate.
        if named.iter().all(|found| found.is_empty()) && !own.is_set("launch_type") {
            sheet.gap::<()>(own.path("launch_type"), Why::NotSet);
        }
        return;
    }
    let count = sheet.or(own.number("desired_count"), Ratio::ZERO);
    let mut most = count.clone();
    for scaler in sheet.scalers() {
        if let Some(found) = sheet.need(scaler.number("max_capacity"))
            && found.value > most.value
        {
            most = found;
        }
    }
    let count = Range::between(count, most);
    let Some(task) = sheet.found(&own, "task_definition", &["aws_ecs_task_definition"]) else { return };
    // Where both may be taken, the dearer one is.
    let purchase = if fargate { Purchase::OnDemand } else { Purchase::Spot };
    for (resource, field, is_cores) in [("cpu", "cpu", true), ("memory", "memory", false)] {
        if let Some(size) = sheet.need(task.number(field)) {
            // 1,024 units are a core, and 1,024 MiB a GiB.
            let each = Range::from(size).divided_by(1024);
            let item = Item::of(resource).class_word("fargate").count(&count).bought(purchase);
            sheet.put(if is_cores { item.cores(each) } else { item.gib(each) });
        }
    }
}
