//! Movements as canonical values: numbers as text, so that nothing ever passes through a float.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::Arc;

use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Map, Money, Ratio, Value};

use super::{Movement, ReadMovementError};
use crate::{Balance, Entry, Growth, Hold, Period, Uid};

type Read<T> = Result<T, ReadMovementError>;

impl Movement {
    /// The canonical value.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let (change, name, value) = match self {
            Self::Hold { key, hold } => ("hold", ("key", key.as_str()), hold.as_ref().map(hold_value)),
            Self::Balance { budget, balance } => {
                ("balance", ("budget", &**budget), balance.as_deref().map(balance_value))
            }
            Self::Growth { principal, window } => {
                ("growth", ("principal", &**principal), window.as_ref().map(growth_value))
            }
        };
        let mut map = map([("change", text(change)), (name.0, text(name.1))]);
        if let Some(value) = value {
            map.insert("to".into(), value);
        }
        map.into()
    }

    /// Reads what [`Movement::to_value`] wrote.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_value(value: &Value) -> Read<Self> {
        let to = value.get("to");
        match str_of(value, "change")? {
            "hold" => Ok(Self::Hold { key: parsed(value, "key")?, hold: to.map(read_hold).transpose()? }),
            "balance" => Ok(Self::Balance {
                budget: str_of(value, "budget")?.into(),
                balance: to.map(read_balance).transpose()?.map(Box::new),
            }),
            "growth" => Ok(Self::Growth {
                principal: str_of(value, "principal")?.into(),
                window: to.map(read_growth).transpose()?,
            }),
            other => Err(ReadMovementError(format!("unknown change `{other}`"))),
        }
    }
}

pub(super) fn hold_value(hold: &Hold) -> Value {
    let claims: Vec<Value> = hold.claims().iter().map(entry_value).collect();
    let observed = hold.observed().map(|entry| ("observed", entry_value(entry)));
    let claims = (!claims.is_empty()).then(|| ("claims", Value::from(claims)));
    map(observed.into_iter().chain(claims)).into()
}

pub(super) fn read_hold(value: &Value) -> Read<Hold> {
    let observed = value.get("observed").map(read_observed).transpose()?;
    let claims = match value.get("claims") {
        None => Vec::new(),
        Some(claims) => {
            let claims =
                claims.as_array().ok_or_else(|| ReadMovementError("`claims` is no list".to_owned()))?;
            claims.iter().map(read_claim).collect::<Read<_>>()?
        }
    };
    Hold::of(observed, claims).ok_or_else(|| ReadMovementError("a hold of nothing".to_owned()))
}

fn entry_value(entry: &Entry) -> Value {
    let budgets: Vec<Value> = entry.budgets().iter().map(text).collect();
    let always = [
        ("budgets", Value::from(budgets)),
        ("charge", charge_value(&entry.charge())),
        ("since", text(entry.since())),
    ];
    let sometimes = [
        ("expires", entry.expires().map(text)),
        ("seen", entry.seen().map(text)),
        ("uid", entry.uid().map(text)),
        ("version", entry.version().map(text)),
    ];
    map(always.into_iter().chain(sometimes.into_iter().filter_map(|(key, value)| Some((key, value?))))).into()
}

fn read_observed(value: &Value) -> Read<Entry> {
    let version = value.get("version").map(|_| parsed(value, "version")).transpose()?;
    let uid = Uid::new(str_of(value, "uid")?);
    let (since, seen) = (parsed(value, "since")?, parsed(value, "seen")?);
    Ok(Entry::observed(uid, &read_charge(value)?, &read_budgets(value)?, since, seen, version))
}

fn read_claim(value: &Value) -> Read<Entry> {
    let uid = value.get("uid").map(|_| str_of(value, "uid")).transpose()?.map(Uid::new);
    let (since, expires) = (parsed(value, "since")?, parsed(value, "expires")?);
    Ok(Entry::claimed(uid, &read_charge(value)?, &read_budgets(value)?, since, expires))
}

fn read_budgets(value: &Value) -> Read<Vec<Arc<str>>> {
    let budgets = value.get("budgets").and_then(Value::as_array);
    let names = budgets.and_then(|budgets| budgets.iter().map(|name| name.as_str().map(Arc::from)).collect());
    names.ok_or_else(|| ReadMovementError("`budgets` is no list of names".to_owned()))
}

fn charge_value(charge: &Charge) -> Value {
    let Charge { expected, worst, peak, gpus } = charge;
    let parts = [
        ("currency", text(charge.currency())),
        ("expected", money(expected.per_hour)),
        ("expectedOnce", money(expected.once)),
        ("gpus", text(gpus)),
        ("peak", money(*peak)),
        ("worst", money(worst.per_hour)),
        ("worstOnce", money(worst.once)),
    ];
    map(parts).into()
}

fn read_charge(value: &Value) -> Read<Charge> {
    let value = value.get("charge").ok_or_else(|| lacks("charge"))?;
    let currency = read_currency(value)?;
    let cost = |per_hour, once| {
        Ok(Cost {
            per_hour: read_money(value, per_hour, currency)?,
            once: read_money(value, once, currency)?,
        })
    };
    Ok(Charge {
        expected: cost("expected", "expectedOnce")?,
        worst: cost("worst", "worstOnce")?,
        peak: read_money(value, "peak", currency)?,
        gpus: read_ratio(str_of(value, "gpus")?)?,
    })
}

pub(super) fn balance_value(balance: &Balance) -> Value {
    let parts = [
        ("accrued", money(balance.accrued)),
        ("asOf", text(balance.as_of)),
        ("charge", charge_value(&balance.held)),
        ("end", text(balance.period.end)),
        ("holds", text(balance.holds)),
        ("start", text(balance.period.start)),
    ];
    map(parts).into()
}

pub(super) fn read_balance(value: &Value) -> Read<Balance> {
    let held = read_charge(value)?;
    Ok(Balance {
        period: Period { start: parsed(value, "start")?, end: parsed(value, "end")? },
        as_of: parsed(value, "asOf")?,
        accrued: read_money(value, "accrued", held.currency())?,
        held,
        holds: parsed(value, "holds")?,
    })
}

pub(super) fn growth_value(growth: &Growth) -> Value {
    let parts = [
        ("currency", text(growth.per_hour.currency())),
        ("objects", text(growth.objects)),
        ("perHour", money(growth.per_hour)),
        ("start", text(growth.start)),
    ];
    map(parts).into()
}

pub(super) fn read_growth(value: &Value) -> Read<Growth> {
    Ok(Growth {
        start: parsed(value, "start")?,
        per_hour: read_money(value, "perHour", read_currency(value)?)?,
        objects: parsed(value, "objects")?,
    })
}

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Map {
    entries.into_iter().collect()
}

fn text(value: impl Display) -> Value {
    value.to_string().into()
}

fn money(money: Money) -> Value {
    money.to_exact_text().into()
}

fn lacks(key: &str) -> ReadMovementError {
    ReadMovementError(format!("no `{key}`"))
}

fn str_of<'a>(value: &'a Value, key: &str) -> Read<&'a str> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| lacks(key))
}

fn parsed<T: FromStr>(value: &Value, key: &str) -> Read<T> {
    let text = str_of(value, key)?;
    text.parse().map_err(|_| ReadMovementError(format!("`{key}` cannot be `{text}`")))
}

fn read_currency(value: &Value) -> Read<Currency> {
    Currency::parse(str_of(value, "currency")?).map_err(|error| ReadMovementError(error.to_string()))
}

fn read_money(value: &Value, key: &str, currency: Currency) -> Read<Money> {
    Money::parse(str_of(value, key)?, currency).map_err(|error| ReadMovementError(error.to_string()))
}

/// Reads what a [`Ratio`] is shown as: a decimal number, or a fraction.
fn read_ratio(text: &str) -> Read<Ratio> {
    let ratio = match text.split_once('/') {
        None => Ratio::parse(text).ok(),
        Some((above, below)) => match (above.parse(), below.parse()) {
            (Ok(above), Ok(below)) => Ratio::new(above, below),
            _ => None,
        },
    };
    ratio.ok_or_else(|| ReadMovementError(format!("`{text}` is no fraction")))
}
