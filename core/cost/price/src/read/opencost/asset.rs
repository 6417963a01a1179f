//! What one line of OpenCost's CSV prices.

use std::borrow::Cow;

use tollgate_vocabulary::{Currency, Money, Timestamp};

use super::super::csv::Record;
use super::super::errors::Errors;
use super::super::field::{Names, plain, price, time};
use super::HEADER;
use crate::error::shown;
use crate::{Key, Problem};

/// Labels that say the instance type, as `InstanceIDField` names them.
const TYPE_LABELS: [&str; 2] =
    ["metadata.labels.node.kubernetes.io/instance-type", "metadata.labels.beta.kubernetes.io/instance-type"];

/// What a line says.
pub(super) struct Asset<'a> {
    pub(super) line: usize,
    pub(super) end: Option<Timestamp>,
    pub(super) key: Written<'a>,
    pub(super) instance_type: &'a str,
    pub(super) price: Money,
    pub(super) version: &'a str,
}

/// What makes two lines speak of the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written<'a> {
    pub(super) class: Class,
    pub(super) by_type: bool,
    pub(super) field: &'a str,
    pub(super) id: &'a str,
    pub(super) region: &'a str,
}

/// What is priced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Node,
    Volume,
    Gpu,
}

impl Asset<'_> {
    /// The key of this one asset; nothing of a node that is known by its type.
    pub(super) fn id_key(&self, names: &mut Names) -> Option<Key> {
        let Written { class, by_type, field, id, .. } = self.key;
        let id = match (class, field) {
            _ if by_type => return None,
            (Class::Volume, "spec.storageClassName") | (Class::Gpu, _) => names.of(id),
            (_, field) => names.of(&format!("{field}={id}")),
        };
        Some(Key { class: Some(id), ..self.region_key(names) })
    }

    /// The key of all nodes of its region and type.
    pub(super) fn type_key(&self, names: &mut Names) -> Key {
        Key { instance_type: Some(names.of(self.instance_type)), ..self.region_key(names) }
    }

    fn region_key(&self, names: &mut Names) -> Key {
        let resource = match self.key.class {
            Class::Node => "instance",
            Class::Volume => "storage",
            Class::Gpu => "nvidia.com/gpu",
        };
        let region = Some(self.key.region).filter(|region| !region.is_empty());
        Key { resource: names.of(resource), region: region.map(|region| names.of(region)), ..Key::default() }
    }
}

/// What a line says, unless something is wrong with it.
pub(super) fn read<'a>(record: &'a Record<'_>, currency: Currency, errors: &mut Errors) -> Option<Asset<'a>> {
    let line = record.line;
    let words: Vec<&str> = match &record.fields {
        Ok(words) => words.iter().map(Cow::as_ref).collect(),
        Err(problem) => {
            errors.add(line, None, problem.clone());
            return None;
        }
    };
    let [end, id, region, class, field, instance_type, amount, version] = *words else {
        errors.add(line, None, Problem::FieldCount { expected: HEADER.len(), found: words.len() });
        return None;
    };
    let mut sound = true;
    let mut wrong = |column: &str, problem| {
        errors.add(line, column, problem);
        sound = false;
    };
    for (column, word) in HEADER.into_iter().zip(&words) {
        if let Err(problem) = plain(word) {
            wrong(column, problem);
        }
    }
    let end = if end.is_empty() {
        None
    } else {
        end_of(end).map_err(|problem| wrong("EndTimestamp", problem)).ok()
    };
    let class = match class {
        "node" => Some(Class::Node),
        "pv" => Some(Class::Volume),
        "gpu" => Some(Class::Gpu),
        other => {
            let expected = "one of node, pv, gpu".to_owned();
            wrong("AssetClass", Problem::Value { found: shown(other), expected });
            None
        }
    };
    if id.is_empty() && (class != Some(Class::Node) || instance_type.is_empty()) {
        wrong("InstanceID", Problem::MissingValue);
    }
    let price = match amount {
        "" => Err(Problem::MissingValue),
        amount => price(amount, currency),
    };
    let price = price.map_err(|problem| wrong("MarketPriceHourly", problem)).ok();
    let (class, price, true) = (class?, price?, sound) else { return None };
    // Of a node that is known by its type, the type is the ID.
    let by_type = class == Class::Node && (id.is_empty() || TYPE_LABELS.contains(&field));
    let id = if id.is_empty() { instance_type } else { id };
    let instance_type = if by_type { id } else { instance_type };
    let key = Written { class, by_type, field, id, region };
    Some(Asset { line, end, key, instance_type, price, version })
}

/// `2019-04-17 23:34:22 UTC`, or a time by RFC 3339.
fn end_of(text: &str) -> Result<Timestamp, Problem> {
    match text.strip_suffix(" UTC").and_then(|local| local.split_once(' ')) {
        Some((date, clock)) => time(&format!("{date}T{clock}Z")),
        None => time(text),
    }
}
