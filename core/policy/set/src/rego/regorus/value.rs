//! Our values as regorus' and back. Texts are shared, not copied.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::regorus::Value as Regorus;
use tollgate_vocabulary::{Map, Number, Value};

use crate::rego::Answer;
use crate::subject::Subject;

/// How deep a subject may be: an interpreter's stack is not ours to measure.
const DEEPEST: usize = 256;

/// Why a value cannot be handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error("is nested more than {0} levels deep")]
    TooDeep(usize),
    #[error("holds the number `{0}`, which rules cannot compute with")]
    Number(String),
    #[error("has a key that is not a text")]
    Key,
}

/// `value` as regorus has it.
pub(super) fn of(value: &Value) -> Result<Regorus, Unfit> {
    below(value, DEEPEST)
}

fn below(value: &Value, depth: usize) -> Result<Regorus, Unfit> {
    let deeper = depth.checked_sub(1).ok_or(Unfit::TooDeep(DEEPEST))?;
    Ok(match value {
        Value::Null => Regorus::Null,
        Value::Bool(truth) => Regorus::Bool(*truth),
        Value::Number(number) => self::number(number)?,
        Value::String(text) => Regorus::String(text.clone()),
        Value::Array(items) => {
            Regorus::from(items.iter().map(|item| below(item, deeper)).collect::<Result<Vec<_>, _>>()?)
        }
        Value::Object(map) => Regorus::from(entries(map, deeper)?),
    })
}

fn entries(map: &Map, depth: usize) -> Result<BTreeMap<Regorus, Regorus>, Unfit> {
    map.iter().map(|(key, value)| Ok((Regorus::String(key.clone()), below(value, depth)?))).collect()
}

fn number(number: &Number) -> Result<Regorus, Unfit> {
    let text = number.as_str();
    if let Ok(small) = text.parse::<i64>() {
        return Ok(Regorus::from(small));
    }
    // 1E400 and the like: a float that is not finite is refused, never rounded to something else.
    let digits = text.len() <= 1_024;
    digits
        .then(|| Regorus::from_numeric_string(text).ok())
        .flatten()
        .ok_or_else(|| Unfit::Number(text.to_owned()))
}

/// The subject as the bare object, and as a review.
pub(super) fn inputs(subject: &Subject<'_>) -> Result<(Regorus, Regorus), Unfit> {
    let text = |text: &str| Regorus::String(Arc::from(text));
    let mut context = BTreeMap::from([(text("at"), text(&subject.at.to_string()))]);
    if let Some(namespace) = subject.namespace.known() {
        context.insert(text("namespace"), of(namespace)?);
    }
    let context = Regorus::from(context);
    let request = of(subject.request)?;
    let part = |key: &str| request.as_object().ok().and_then(|map| map.get(&text(key)).cloned());
    let some = |value: &Regorus| !matches!(value, Regorus::Null | Regorus::Undefined);
    let object = part("object").filter(some).or_else(|| part("oldObject").filter(some));
    let mut bare = match object {
        Some(Regorus::Object(map)) => map.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        _ => BTreeMap::new(),
    };
    bare.insert(text("context"), context.clone());
    let review = BTreeMap::from([
        (text("apiVersion"), text("admission.k8s.io/v1")),
        (text("kind"), text("AdmissionReview")),
        (text("request"), request),
        (text("context"), context),
    ]);
    Ok((Regorus::from(bare), Regorus::from(review)))
}

/// What a rule's value says.
pub(super) fn answer(value: &Regorus) -> Result<Answer, Unfit> {
    Ok(match value {
        Regorus::Undefined => Answer::Undefined,
        Regorus::Set(items) => {
            Answer::Set(items.iter().map(|item| back(item, DEEPEST)).collect::<Result<Vec<_>, _>>()?)
        }
        other => Answer::One(back(other, DEEPEST)?),
    })
}

fn back(value: &Regorus, depth: usize) -> Result<Value, Unfit> {
    let deeper = depth.checked_sub(1).ok_or(Unfit::TooDeep(DEEPEST))?;
    Ok(match value {
        Regorus::Null | Regorus::Undefined => Value::Null,
        Regorus::Bool(truth) => Value::Bool(*truth),
        Regorus::Number(number) => {
            let text = number.format_decimal();
            Value::Number(Number::parse(&text).ok_or(Unfit::Number(text))?)
        }
        Regorus::String(text) => Value::String(text.clone()),
        Regorus::Array(items) => {
            Value::Array(items.iter().map(|item| back(item, deeper)).collect::<Result<Vec<_>, _>>()?)
        }
        Regorus::Set(items) => {
            Value::Array(items.iter().map(|item| back(item, deeper)).collect::<Result<Vec<_>, _>>()?)
        }
        Regorus::Object(map) => {
            let entry = |(key, value): (&Regorus, &Regorus)| match key {
                Regorus::String(key) => Ok((key.clone(), back(value, deeper)?)),
                _ => Err(Unfit::Key),
            };
            Value::Object(map.iter().map(entry).collect::<Result<Map, _>>()?)
        }
    })
}
