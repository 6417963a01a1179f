//! Money in bodies: amounts are decimal numbers as text, each with its currency once.

use tollgate_budget::{Claim, HoldKey};
use tollgate_manifest::canonical;
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Map, Timestamp, Value};

use crate::SubjectCost;

pub(super) fn cost_value(cost: &SubjectCost) -> Value {
    let list = |items: &mut dyn Iterator<Item = String>| -> Value { items.collect::<Vec<String>>().into() };
    let mut map: Map = [
        ("after", charge_value(&cost.after)),
        ("budgets", list(&mut cost.budgets.iter().map(ToString::to_string))),
        ("object", (*cost.object).into()),
        ("subject", Value::from(cost.subject as u64)),
        ("unbounded", list(&mut cost.unbounded.iter().map(ToString::to_string))),
        ("unpriced", list(&mut cost.unpriced.iter().map(ToString::to_string))),
    ]
    .into_iter()
    .collect();
    if let Some(before) = &cost.before {
        map.insert("before".into(), charge_value(before));
    }
    map.into()
}

pub(super) fn claim_value(subject: usize, claim: &Claim, held: bool) -> Value {
    let budgets: Vec<Value> = claim.budgets.iter().map(|name| Value::from(&**name)).collect();
    let mut map: Map = [
        ("budgets", Value::from(budgets)),
        ("charge", charge_value(&claim.charge)),
        ("claim", "money".into()),
        ("expires_after", claim.expires_after.to_string().into()),
        ("held", held.into()),
        ("key", claim.key.as_str().into()),
        ("principal", (*claim.principal).into()),
        ("subject", Value::from(subject as u64)),
    ]
    .into_iter()
    .collect();
    if let Some(uid) = &claim.uid {
        map.insert("uid".into(), uid.to_string().into());
    }
    if let Some(growth) = &claim.growth {
        let mut limits: Map = [("window", Value::from(growth.window.to_string()))].into_iter().collect();
        if let Some(per_hour) = growth.per_hour {
            limits.insert("per_hour".into(), per_hour.to_exact_text().into());
        }
        if let Some(objects) = growth.objects {
            limits.insert("objects".into(), objects.to_string().into());
        }
        map.insert("growth".into(), limits.into());
    }
    map.into()
}

pub(crate) fn charge_value(charge: &Charge) -> Value {
    let map: Map = [
        ("currency", Value::from(charge.currency().as_str())),
        ("expected", of_cost(&charge.expected)),
        ("gpus", charge.gpus.to_string().into()),
        ("peak", charge.peak.to_exact_text().into()),
        ("worst", of_cost(&charge.worst)),
    ]
    .into_iter()
    .collect();
    map.into()
}

fn of_cost(cost: &Cost) -> Value {
    let map: Map = [("once", cost.once.to_exact_text()), ("per_hour", cost.per_hour.to_exact_text())]
        .into_iter()
        .collect();
    map.into()
}

/// The body of an entry about what was seen to exist, or to be gone: which holds it moved.
#[must_use]
pub fn settlement_body(bundle: &crate::Bundle, keys: &[HoldKey], at: Timestamp) -> Vec<u8> {
    body("tollgate/settlement/v1", bundle, keys, at)
}

/// The body of an entry about claims that expired: which holds were looked at.
#[must_use]
pub fn expiry_body(bundle: &crate::Bundle, keys: &[HoldKey], at: Timestamp) -> Vec<u8> {
    body("tollgate/expiry/v1", bundle, keys, at)
}

/// The body of an entry about periods that ended, or budgets that came or went.
#[must_use]
pub fn roll_over_body(bundle: &crate::Bundle, at: Timestamp) -> Vec<u8> {
    body("tollgate/roll-over/v1", bundle, &[], at)
}

fn body(schema: &str, bundle: &crate::Bundle, keys: &[HoldKey], at: Timestamp) -> Vec<u8> {
    let keys: Vec<Value> = keys.iter().map(|key| Value::from(key.as_str())).collect();
    let map: Map = [
        ("at", Value::from(at.to_string())),
        ("bundle", bundle.digest().to_string().into()),
        ("holds", keys.into()),
        ("schema", schema.into()),
    ]
    .into_iter()
    .collect();
    canonical::bytes(&map.into())
}
