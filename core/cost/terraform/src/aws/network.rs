//! What VPCs have that costs by the hour in more than one way.

use crate::item::{Item, Range};
use crate::sheet::Sheet;

/// `aws_vpc_endpoint`: an interface in each subnet costs by the hour; a gateway costs nothing.
pub(super) fn endpoint(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let class = sheet.text_or("vpc_endpoint_type", "Gateway");
    if &*class.value == "Gateway" {
        return;
    }
    let subnets = sheet.need(own.length("subnet_ids"));
    if let Some(subnets) = subnets {
        sheet.put(Item::of("vpc-endpoint").class(class).count(&Range::from(subnets)));
    }
    sheet.unbounded("monthly_data_processed_gb");
}
