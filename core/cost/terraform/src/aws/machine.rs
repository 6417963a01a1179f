//! EC2 instances, alone or in groups, and SageMaker's.

use std::sync::Arc;

use tollgate_price::Purchase;

use super::disk;
use crate::Why;
use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, View};

/// What an instance is started from beside its own fields.
pub(super) const TEMPLATES: &[&str] = &["aws_launch_template"];

/// `aws_instance`.
pub(super) fn instance(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let template = template(sheet, &own, "launch_template[0]");
    let spot = is_spot(sheet, &own) || template.as_ref().is_some_and(|template| is_spot(sheet, template));
    one(sheet, template.as_ref(), if spot { Purchase::Spot } else { Purchase::OnDemand });
}

/// `aws_spot_instance_request`.
pub(super) fn spot_request(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let template = template(sheet, &own, "launch_template[0]");
    one(sheet, template.as_ref(), Purchase::Spot);
}

fn one<'p>(sheet: &mut Sheet<'p>, template: Option<&View<'p>>, purchase: Purchase) {
    let (own, once) = (sheet.view.clone(), Range::fixed(1));
    let of_template = |field: &str| template.map(|template| template.text(field));
    let kind = own
        .text("instance_type")
        .or_else(|| of_template("instance_type").unwrap_or(own.text("instance_type")));
    let kind = sheet.need(kind);
    let class = tenancy(sheet, &own, "tenancy");
    if let Some(kind) = kind {
        sheet.put(machines(vec![(kind, once.clone())], class, purchase));
    }
    match template.filter(|_| !own.is_set("root_block_device[0]")) {
        Some(template) => mapped_disks(sheet, template, &once),
        None => root_disk(sheet, &own, &once),
    }
    more_disks(sheet, &own, &once);
    if sheet.is("associate_public_ip_address") {
        sheet.put(Item::of("public-ip"));
    }
    burst(sheet, &own);
}

/// So many instances of these types.
pub(super) fn machines(
    types: Vec<(Field<Arc<str>>, Range)>,
    class: Option<Field<Arc<str>>>,
    purchase: Purchase,
) -> Item {
    let item = Item::of("instance").one_of(types).bought(purchase);
    match class {
        Some(class) => item.class(class),
        None => item,
    }
}

/// The class of an instance on hardware of its own; nothing where it shares some.
pub(super) fn tenancy<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, field: &str) -> Option<Field<Arc<str>>> {
    sheet.optional(view.text(field)).filter(|tenancy| &*tenancy.value != "default")
}

/// The launch template that a block means by id or name; nothing where there is no such block.
pub(super) fn template<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, block: &str) -> Option<View<'p>> {
    if !view.is_set(block) {
        return None;
    }
    let fields = ["id", "name", "launch_template_id", "launch_template_name"];
    let linked = fields.iter().find_map(|field| sheet.linked(view, &format!("{block}.{field}"), TEMPLATES));
    if linked.is_none() {
        sheet.gap::<()>(view.path(block), Why::NotFound);
    }
    linked
}

pub(super) fn is_spot<'p>(sheet: &mut Sheet<'p>, view: &View<'p>) -> bool {
    let market = sheet.optional(view.text("instance_market_options[0].market_type"));
    market.is_some_and(|market| &*market.value == "spot")
}

/// The disk that each starts from; how large it is, the image says where nothing is written.
pub(super) fn root_disk<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, count: &Range) {
    match sheet.need(view.blocks("root_block_device")).map(|blocks| blocks.value) {
        Some(blocks) if blocks.is_empty() => {
            sheet.gap::<()>(view.path("root_block_device"), Why::NotSet);
        }
        Some(blocks) => blocks.iter().for_each(|block| disk::ROOT.put(sheet, block, count)),
        None => {}
    }
}

/// Disks beside the one that each starts from. A state lists volumes here too that are resources of their own, and
/// counted there.
pub(super) fn more_disks<'p>(sheet: &mut Sheet<'p>, view: &View<'p>, count: &Range) {
    for block in sheet.blocks(view, "ebs_block_device") {
        if sheet.linked(&block, "volume_id", &["aws_ebs_volume"]).is_some() {
            continue;
        }
        disk::BLOCK.put(sheet, &block, count);
    }
}

/// Disks of a launch template; what its image brings where it names none.
pub(super) fn mapped_disks<'p>(sheet: &mut Sheet<'p>, template: &View<'p>, count: &Range) {
    let mappings = sheet.blocks(template, "block_device_mappings");
    let mut found = false;
    for mapping in &mappings {
        for block in sheet.blocks(mapping, "ebs") {
            found = true;
            disk::BLOCK.put(sheet, &block, count);
        }
    }
    if !found {
        let why = if mappings.is_empty() { Why::NotSet } else { Why::Unsupported };
        sheet.gap::<()>(template.path("block_device_mappings"), why);
    }
}

/// Credits that a burstable instance may buy without a bound, where that is written.
pub(super) fn burst<'p>(sheet: &mut Sheet<'p>, view: &View<'p>) {
    let credits = sheet.optional(view.text("credit_specification[0].cpu_credits"));
    if credits.is_some_and(|credits| &*credits.value == "unlimited") {
        sheet.unbounded("credit_specification[0].cpu_credits");
    }
}

/// `aws_sagemaker_endpoint_configuration`.
pub(super) fn endpoint(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let mut variants = sheet.blocks(&own, "production_variants");
    variants.extend(sheet.blocks(&own, "shadow_production_variants"));
    for variant in variants {
        if sheet.has(&variant, "serverless_config[0]") {
            sheet.unbounded("monthly_requests");
            continue;
        }
        let kind = sheet.need(variant.text("instance_type"));
        let count = sheet.or(variant.number("initial_instance_count"), 1_u64.into());
        let most = sheet.or(variant.number("managed_instance_scaling[0].max_instance_count"), count.value);
        if let Some(kind) = kind {
            sheet.put(machines(vec![(kind, Range::between(count, most))], None, Purchase::OnDemand));
        }
    }
}

/// The volume of `aws_sagemaker_notebook_instance`: 5 GiB where nothing is written.
pub(super) fn notebook_disk(sheet: &mut Sheet<'_>) {
    let size = sheet.number_or("volume_size", 5);
    sheet.put(Item::of("storage").class_word("sagemaker-notebook").gib(size));
}
