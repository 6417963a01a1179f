//! DynamoDB tables: capacity that is provisioned, or none that is bounded.

use std::sync::Arc;

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, View};

/// `aws_dynamodb_table`.
pub(super) fn table(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    if sheet.is_word("billing_mode", "PAY_PER_REQUEST") {
        sheet.unbounded("monthly_read_request_units");
        sheet.unbounded("monthly_write_request_units");
    } else {
        capacity(sheet, &own, "table");
        for index in sheet.blocks(&own, "global_secondary_index") {
            capacity(sheet, &index, "index");
        }
    }
    if !sheet.blocks(&own, "replica").is_empty() {
        sheet.unsupported("replica");
    }
    sheet.unbounded("storage_gb");
}

/// Units of a table or an index; up to the maximum of what scales it.
fn capacity<'p>(sheet: &mut Sheet<'p>, of: &View<'p>, what: &str) {
    let name = of.text("name").known();
    for (class, field, dimension) in [("read", "read_capacity", "Read"), ("write", "write_capacity", "Write")] {
        let Some(units) = sheet.need(of.number(field)) else { continue };
        let most = most(sheet, &format!("dynamodb:{what}:{dimension}CapacityUnits"), name.as_ref(), what);
        let count = match most {
            Some(most) => Range::between(units, most),
            None => Range::from(units),
        };
        sheet.put(Item::of("table-capacity").class_word(class).count(&count));
    }
}

/// The largest maximum of the scalers of that dimension; an index is named at the end of what is scaled.
fn most(sheet: &mut Sheet<'_>, dimension: &str, name: Option<&Arc<str>>, what: &str) -> Option<Field<Ratio>> {
    let mut most: Option<Field<Ratio>> = None;
    for scaler in sheet.scalers() {
        let found = sheet.need(scaler.text("scalable_dimension"));
        let is_dimension = found.is_some_and(|found| &*found.value == dimension);
        let scaled = sheet.need(scaler.text("resource_id"));
        let is_named = match (what, scaled, name) {
            ("index", Some(scaled), Some(name)) => scaled.value.ends_with(&format!("/index/{name}")),
            _ => true,
        };
        if is_dimension && is_named {
            let found = sheet.need(scaler.number("max_capacity"));
            most = most.into_iter().chain(found).reduce(|a, b| if b.value > a.value { b } else { a });
        }
    }
    most
}
