//! DynamoDB tables: capacity that is provisioned, or none that is bounded.

use std::collections::BTreeMap;

use tollgate_vocabulary::Ratio;

use crate::item::{Item, Range};
use crate::sheet::Sheet;
use crate::view::{Field, View, larger};

/// The largest maximum of what scales a table, by dimension and index; the table itself has no index.
type Maxima = BTreeMap<(String, String), Field<Ratio>>;

/// `aws_dynamodb_table`.
pub(super) fn table(sheet: &mut Sheet<'_>) {
    let own = sheet.view.clone();
    if sheet.is_word("billing_mode", "PAY_PER_REQUEST") {
        sheet.unbounded("monthly_read_request_units");
        sheet.unbounded("monthly_write_request_units");
    } else {
        let maxima = maxima(sheet);
        capacity(sheet, &own, "table", "", &maxima);
        for index in sheet.blocks(&own, "global_secondary_index") {
            if let Some(name) = sheet.need(index.text("name")) {
                capacity(sheet, &index, "index", &name.value, &maxima);
            }
        }
    }
    if !sheet.blocks(&own, "replica").is_empty() {
        sheet.unsupported("replica");
    }
    sheet.unbounded("storage_gb");
}

/// Units of a table or an index; up to the maximum of what scales it.
fn capacity<'p>(sheet: &mut Sheet<'p>, of: &View<'p>, what: &str, index: &str, maxima: &Maxima) {
    for (class, field, dimension) in [("read", "read_capacity", "Read"), ("write", "write_capacity", "Write")]
    {
        let Some(units) = sheet.need(of.number(field)) else { continue };
        let dimension = format!("dynamodb:{what}:{dimension}CapacityUnits");
        let count = match maxima.get(&(dimension, index.to_owned())) {
            Some(most) => Range::between(units, most.clone()),
            None => Range::from(units),
        };
        sheet.put(Item::of("table-capacity").class_word(class).count(&count));
    }
}

fn maxima(sheet: &mut Sheet<'_>) -> Maxima {
    let mut maxima = Maxima::new();
    for scaler in sheet.scalers() {
        let dimension = sheet.need(scaler.text("scalable_dimension"));
        let scaled = sheet.need(scaler.text("resource_id"));
        let most = sheet.need(scaler.number("max_capacity"));
        let (Some(dimension), Some(most)) = (dimension, most) else { continue };
        // `table/orders/index/by-day`; of one that is known only by what it refers to, the dimension says enough.
        let index =
            scaled.as_ref().and_then(|scaled| scaled.value.split_once("/index/")).map(|(_, index)| index);
        let key = (dimension.value.to_string(), index.unwrap_or_default().to_owned());
        let larger = match maxima.remove(&key) {
            Some(found) => larger(found, most),
            None => most,
        };
        maxima.insert(key, larger);
    }
    maxima
}
