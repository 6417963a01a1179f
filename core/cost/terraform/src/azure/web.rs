//! What stands before applications, and what they run on.

use tollgate_vocabulary::Ratio;

use super::machine::up_to_maximum;
use crate::item::{Item, Range};
use crate::sheet::Sheet;

/// `azurerm_lb`: the basic one costs nothing.
pub(super) fn load_balancer(sheet: &mut Sheet<'_>) {
    let sku = sheet.text_or("sku", "Standard");
    if &*sku.value != "Basic" {
        sheet.put(Item::of("load-balancer").class(sku));
        sheet.unbounded("monthly_data_processed_gb");
    }
}

/// `azurerm_application_gateway`: the gateway, and its capacity from what is written to the maximum.
pub(super) fn application_gateway(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let Some(class) = sheet.need(own.text("sku[0].name")) else { return };
    sheet.put(Item::of("load-balancer").class(class.clone()));
    let scaled = "autoscale_configuration[0]";
    let capacity = if own.is_set(scaled) {
        let least = own.number(&format!("{scaled}.min_capacity"));
        let most = sheet.or(own.number(&format!("{scaled}.max_capacity")), Ratio::from(125));
        Some(Range::between(sheet.or(least, Ratio::ZERO), most))
    } else {
        sheet.need(own.number("sku[0].capacity")).map(Range::from)
    };
    if let Some(capacity) = capacity {
        sheet.put(Item::of("load-balancer-capacity").class(class).count(&capacity));
    }
}

/// `azurerm_service_plan`: so many workers of a size, up to the maximum of its autoscale setting.
pub(super) fn service_plan(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let Some(sku) = sheet.need(own.text("sku_name")) else { return };
    if ["Y1", "FC1"].contains(&&*sku.value) {
        sheet.unbounded("monthly_executions");
        return;
    }
    let class = sheet.need(own.text("os_type"));
    let workers = sheet.or(own.number("worker_count"), Ratio::ONE);
    let elastic = sheet.optional(own.number("maximum_elastic_worker_count"));
    let count = up_to_maximum(sheet, workers.clone());
    let count = match elastic {
        Some(elastic) if elastic.value > count.worst => Range::between(workers, elastic),
        _ => count,
    };
    if let Some(class) = class {
        sheet.put(Item::of("app-service-plan").class(class).instance_type(sku).count(&count));
    }
}

/// `azurerm_eventhub_namespace`: throughput units, up to the maximum where they are scaled.
pub(super) fn event_hub(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    let class = sheet.need(own.text("sku"));
    let units = sheet.or(own.number("capacity"), Ratio::ONE);
    let most = sheet.or(own.number("maximum_throughput_units"), units.value);
    if let Some(class) = class {
        sheet.put(Item::of("event-hub").class(class).count(&Range::between(units, most)));
    }
    sheet.unbounded("monthly_ingress_events");
}
