//! What is written of a price, as text, made a row.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use tollgate_vocabulary::{Currency, Money, Ratio, Timestamp};

use super::column::{Column, listed};
use super::errors::Errors;
use crate::error::shown;
use crate::{Key, Problem, Purchase, Row, Unit};

/// Bytes of one value.
const LONGEST: usize = 1024;

/// What is written of one price.
pub(super) struct Fields<'a> {
    /// line of the row
    pub(super) line: usize,
    values: [Option<(&'a str, usize)>; Column::ALL.len()],
}

/// Texts that rows share: most say the same as their neighbours.
#[derive(Default)]
pub(super) struct Names(BTreeSet<Arc<str>>);

impl<'a> Fields<'a> {
    pub(super) fn at(line: usize) -> Self {
        Self { line, values: [None; Column::ALL.len()] }
    }

    /// What is written in a column, and at which line; nothing written is nothing said.
    pub(super) fn set(&mut self, column: Column, text: &'a str, line: usize) {
        if let Some(value) = self.values.get_mut(column as usize).filter(|_| !text.is_empty()) {
            *value = Some((text, line));
        }
    }

    /// The row, unless something is wrong with it.
    pub(super) fn row(&self, names: &mut Names, errors: &mut Errors) -> Option<Row> {
        let mut reading = Reading { fields: self, names, errors, sound: true };
        for column in Column::REQUIRED {
            reading.require(column);
        }
        let resource = reading.name(Column::Resource);
        let unit = reading.value(Column::Unit, unit);
        let currency = reading.value(Column::Currency, |text| Ok(Currency::parse(text)?));
        let price = reading.value(Column::Price, |text| price(text, currency.unwrap_or(Currency::USD)));
        let key = Key {
            resource: resource.clone().unwrap_or_default(),
            class: reading.name(Column::Class),
            provider: reading.name(Column::Provider),
            region: reading.name(Column::Region),
            zone: reading.name(Column::Zone),
            instance_type: reading.name(Column::InstanceType),
            purchase: reading.value(Column::Purchase, purchase).unwrap_or_default(),
        };
        let tier_from = reading.value(Column::TierFrom, number).unwrap_or(Ratio::ZERO);
        let valid_from = reading.value(Column::ValidFrom, time);
        let valid_until = reading.value(Column::ValidUntil, time);
        let source = reading.name(Column::Source).unwrap_or_default();
        if let (Some(_), Some(unit)) = (&resource, unit) {
            reading.fits(&key, unit);
        }
        if let (Some(from), Some(until)) = (valid_from, valid_until)
            && from >= until
        {
            reading.wrong(Column::ValidUntil, Problem::NeverValid { from, until });
        }
        let (Some(unit), Some(price), true) = (unit, price, reading.sound) else { return None };
        let place = errors.place(self.line);
        Some(Row { key, unit, price, tier_from, valid_from, valid_until, source, place })
    }

    fn value(&self, column: Column) -> Option<(&'a str, usize)> {
        self.values.get(column as usize).copied().flatten()
    }
}

/// One row on its way.
struct Reading<'a, 'b> {
    fields: &'b Fields<'a>,
    names: &'b mut Names,
    errors: &'b mut Errors,
    sound: bool,
}

impl Reading<'_, '_> {
    fn wrong(&mut self, column: Column, problem: Problem) {
        let line = self.fields.value(column).map_or(self.fields.line, |(_, line)| line);
        self.errors.add(line, column.word(), problem);
        self.sound = false;
    }

    fn require(&mut self, column: Column) {
        if self.fields.value(column).is_none() {
            self.wrong(column, Problem::MissingValue);
        }
    }

    fn value<T>(&mut self, column: Column, read: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        let (text, _) = self.fields.value(column)?;
        match plain(text).and_then(read) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.wrong(column, problem);
                None
            }
        }
    }

    fn name(&mut self, column: Column) -> Option<Arc<str>> {
        let (text, _) = self.fields.value(column)?;
        if let Err(problem) = plain(text) {
            self.wrong(column, problem);
            return None;
        }
        Some(self.names.of(text))
    }

    fn fits(&mut self, key: &Key, unit: Unit) {
        let fitting = Unit::of_key(key);
        if !fitting.contains(&unit) {
            let fitting = listed(fitting.iter().map(|unit| unit.word()));
            self.wrong(Column::Unit, Problem::Unit { resource: shown(&key.resource), unit, fitting });
        }
    }
}

impl Names {
    pub(super) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.0.get(text) {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        self.0.insert(name.clone());
        name
    }
}

/// A text that can be shown and compared.
pub(super) fn plain(text: &str) -> Result<&str, Problem> {
    if text.len() > LONGEST {
        Err(Problem::TooLong(LONGEST))
    } else if text.chars().any(char::is_control) {
        Err(Problem::Control)
    } else {
        Ok(text)
    }
}

pub(super) fn unit(text: &str) -> Result<Unit, Problem> {
    Unit::from_word(text).ok_or_else(|| one_of(text, &Unit::ALL.map(Unit::word)))
}

pub(super) fn purchase(text: &str) -> Result<Purchase, Problem> {
    Purchase::from_word(text).ok_or_else(|| one_of(text, &Purchase::ALL.map(Purchase::word)))
}

/// An amount that is not negative.
pub(super) fn price(text: &str, currency: Currency) -> Result<Money, Problem> {
    let price = Money::parse(text, currency)?;
    if price.is_negative() { Err(Problem::Negative(shown(text))) } else { Ok(price) }
}

/// A number that is not negative.
pub(super) fn number(text: &str) -> Result<Ratio, Problem> {
    match Ratio::parse(text) {
        Ok(number) => Ok(number),
        Err(_) if text.strip_prefix('-').is_some_and(|rest| Ratio::parse(rest).is_ok()) => {
            Err(Problem::Negative(shown(text)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `2026-01-01`, midnight in UTC, or a time by RFC 3339.
pub(super) fn time(text: &str) -> Result<Timestamp, Problem> {
    let bad = || Problem::Value {
        found: shown(text),
        expected: "a date such as `2026-01-01` or a time such as `2026-01-01T00:00:00Z`".into(),
    };
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte)) {
        return Err(bad());
    }
    if text.contains('T') {
        return text.parse().map_err(|_| bad());
    }
    if text.len() != "2026-01-01".len() {
        return Err(bad());
    }
    let date: Date = text.parse().map_err(|_| bad())?;
    date.to_zoned(jiff::tz::TimeZone::UTC).map(|midnight| midnight.timestamp()).map_err(|_| bad())
}

fn one_of(text: &str, words: &[&'static str]) -> Problem {
    Problem::Value { found: shown(text), expected: format!("one of {}", listed(words.iter().copied())) }
}
