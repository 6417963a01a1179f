//! OpenCost's CSV of prices.
//!
//! ```text
//! node  ──> instance by (region, type): the average of its nodes;   and by its ID, as the class
//! pv    ──> storage, by storage class, or by its ID
//! gpu   ──> nvidia.com/gpu, by the value of its label
//! ```
//!
//! An ID is kept as the class `FIELD=ID`, such as `metadata.name=worker-1`: a class is only found by asking for it, so a
//! price of one node never becomes that of another. OpenCost looks for the node in its region, then the node, then
//! the average of region and type; asking first for the class and then without one does the same.
//!
//! Where a file has an asset more than once, the latest `EndTimestamp` counts; the time is no end of validity. No column
//! has the currency: a comment `# currency: EUR` before the header says it, else it is taken for USD.

mod asset;

use std::collections::BTreeMap;

use tollgate_vocabulary::{Currency, Money, MoneyError, Ratio, Rounding};

use self::asset::{Asset, Class, Written};
use super::csv::{Record, Records};
use super::errors::Errors;
use super::field::Names;
use crate::{Key, Problem, Row, RowPlace, Unit};

/// The header that such a file is known by.
pub(super) const HEADER: [&str; 8] = [
    "EndTimestamp",
    "InstanceID",
    "Region",
    "AssetClass",
    "InstanceIDField",
    "InstanceType",
    "MarketPriceHourly",
    "Version",
];

pub(super) fn rows(text: &str, records: Records<'_>, errors: &mut Errors) -> Vec<Row> {
    let (currency, taken) = match currency(text, errors) {
        Some(currency) => (currency, ""),
        None => (Currency::USD, ", taken for USD"),
    };
    let records: Vec<Record<'_>> = records.collect();
    let mut latest: BTreeMap<Written<'_>, Asset<'_>> = BTreeMap::new();
    for record in &records {
        if errors.is_full() {
            break;
        }
        let Some(asset) = asset::read(record, currency, errors) else { continue };
        let Some(known) = latest.get(&asset.key) else {
            latest.insert(asset.key, asset);
            continue;
        };
        if known.end == asset.end {
            let problem = clash(known, &asset, errors.place(known.line));
            errors.add(asset.line, None, problem);
        } else if known.end < asset.end {
            latest.insert(asset.key, asset);
        }
    }
    let mut assets: Vec<Asset<'_>> = latest.into_values().collect();
    assets.sort_by_key(|asset| asset.line);
    let mut making = Making { names: Names::default(), errors, taken };
    let mut rows: Vec<Row> = assets.iter().filter_map(|asset| making.row(asset)).collect();
    rows.extend(making.averages(&assets));
    rows
}

/// What a comment before the header says.
fn currency(text: &str, errors: &mut Errors) -> Option<Currency> {
    let comments = text.lines().take_while(|line| line.trim().is_empty() || line.starts_with('#'));
    let (line, code) = comments.enumerate().find_map(|(at, line)| {
        Some((at + 1, line.strip_prefix('#')?.trim().strip_prefix("currency:")?.trim()))
    })?;
    Currency::parse(code).map_err(|error| errors.add(line, "currency", error.into())).ok()
}

fn clash(known: &Asset<'_>, again: &Asset<'_>, place: RowPlace) -> Problem {
    let mut names = Names::default();
    let key = again.id_key(&mut names).unwrap_or_else(|| again.type_key(&mut names));
    let (key, first) = (Box::new(key), place);
    if known.price == again.price {
        Problem::Twice { key, first }
    } else {
        Problem::Contradiction { key, first }
    }
}

/// Rows as they are made of assets.
struct Making<'a> {
    names: Names,
    errors: &'a mut Errors,
    taken: &'static str,
}

impl Making<'_> {
    /// The price of the one asset.
    fn row(&mut self, asset: &Asset<'_>) -> Option<Row> {
        let key = asset.id_key(&mut self.names)?;
        Some(self.of(asset, key, asset.price, ""))
    }

    /// The averages of the nodes of one region and type.
    fn averages(&mut self, assets: &[Asset<'_>]) -> Vec<Row> {
        let mut types: BTreeMap<(&str, &str), Vec<&Asset<'_>>> = BTreeMap::new();
        let nodes = assets.iter().filter(|asset| asset.key.class == Class::Node);
        for node in nodes.filter(|node| !node.instance_type.is_empty()) {
            types.entry((node.key.region, node.instance_type)).or_default().push(node);
        }
        let mut rows = Vec::new();
        for nodes in types.into_values() {
            let Some(first) = nodes.first() else { continue };
            match average(&nodes) {
                Ok(price) => {
                    let key = first.type_key(&mut self.names);
                    let many = nodes.len() > 1;
                    let how =
                        if many { format!(", average of {} nodes", nodes.len()) } else { String::new() };
                    rows.push(self.of(first, key, price, &how));
                }
                Err(error) => self.errors.add(first.line, "MarketPriceHourly", error.into()),
            }
        }
        rows
    }

    fn of(&mut self, asset: &Asset<'_>, key: Key, price: Money, how: &str) -> Row {
        let version = if asset.version.is_empty() { "" } else { " " };
        let source = format!("OpenCost CSV{version}{}{}{how}", asset.version, self.taken);
        let unit = match asset.key.class {
            Class::Node => Unit::Hour,
            Class::Volume => Unit::GibHour,
            Class::Gpu => Unit::GpuHour,
        };
        Row {
            key,
            unit,
            price,
            tier_from: Ratio::ZERO,
            valid_from: None,
            valid_until: None,
            source: self.names.of(&source),
            place: self.errors.place(asset.line),
        }
    }
}

fn average(nodes: &[&Asset<'_>]) -> Result<Money, MoneyError> {
    let zero = Money::zero(nodes.first().map_or(Currency::USD, |node| node.price.currency()));
    let sum = nodes.iter().try_fold(zero, |sum, node| sum.plus(node.price))?;
    let one_of = Ratio::new(1, nodes.len() as u128).unwrap_or(Ratio::ONE);
    sum.times(one_of, Rounding::HalfUp)
}
