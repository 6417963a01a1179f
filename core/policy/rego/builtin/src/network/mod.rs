//! Networks: CIDR arithmetic. Nothing is looked up anywhere.

mod cidr;
mod merge;
#[cfg(test)]
mod tests;

use tollgate_rego_value::Val;

use crate::operand::{any, items_of, string, wrong};
use crate::{Builtin, Call, Error, Type};
use cidr::Network;

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "net.cidr_contains",
        &[("cidr", Type::String), ("cidr_or_ip", Type::String)],
        Type::Boolean,
        contains,
    ),
    Builtin::function(
        "net.cidr_contains_matches",
        &[("cidrs", MANY), ("cidrs_or_ips", MANY)],
        Type::Set(&Type::Array(&[Type::Any, Type::Any], None)),
        contains_matches,
    ),
    Builtin::function("net.cidr_expand", &[("cidr", Type::String)], Type::Set(&Type::String), expand),
    Builtin::function(
        "net.cidr_intersects",
        &[("cidr1", Type::String), ("cidr2", Type::String)],
        Type::Boolean,
        intersects,
    ),
    Builtin::function("net.cidr_is_valid", &[("cidr", Type::String)], Type::Boolean, is_valid),
    Builtin::function(
        "net.cidr_merge",
        &[(
            "addrs",
            Type::Union(&[Type::Array(&[], Some(&Type::Union(&[Type::String]))), Type::Set(&Type::String)]),
        )],
        Type::Set(&Type::String),
        merge,
    ),
    Builtin::function("net.cidr_overlap", &[("", Type::String), ("", Type::String)], Type::Boolean, contains),
];

const ONE: Type = Type::Union(&[Type::String, Type::Array(&[], Some(&Type::Any))]);
const MANY: Type = Type::Union(&[
    Type::String,
    Type::Array(&[], Some(&ONE)),
    Type::Object(&[], Some((&Type::String, &ONE))),
    Type::Set(&ONE),
]);

fn contains<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.meter.spend(1)?;
    contains_one(any(args, 1)?, any(args, 2)?).map(Val::Bool)
}

/// Whether the network `a` holds the network or address `b`. Messages speak of operand 1 for both, as OPA's do.
fn contains_one(a: Val<'_>, b: Val<'_>) -> Result<bool, Error> {
    let a = network(a)?;
    let text = string(&[b], 1)?;
    if let Some(address) = cidr::address(text) {
        return Ok(a.contains(&address));
    }
    let b = Network::parse(text).ok_or_else(|| {
        Error::Failed(format!("not a valid textual representation of an IP address or CIDR: {text}"))
    })?;
    Ok(a.contains(&b))
}

fn contains_matches<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let networks = match_terms(any(args, 1)?, 1);
    let mut found = Vec::new();
    for network in networks {
        // An error on the second side shows only where the first side has something: as in OPA.
        let (a, key) = network?;
        for other in match_terms(any(args, 2)?, 2) {
            call.meter.spend(1)?;
            let (b, other_key) = other?;
            if contains_one(a, b)? {
                found.push(call.arena.array(&[key, other_key])?);
            }
        }
    }
    Ok(call.arena.set(found)?)
}

/// The networks of an operand, each with what it is known by: its position, its key, or it itself.
fn match_terms<'a>(operand: Val<'a>, position: usize) -> Vec<Result<(Val<'a>, Val<'a>), Error>> {
    let term = |value: Val<'a>| match value {
        Val::String(_) => Ok(value),
        other => other.as_array().and_then(|items| items.get(0)).ok_or_else(|| {
            Error::Failed(format!("operand {position}: element must be string or non-empty array"))
        }),
    };
    match operand {
        Val::String(_) => vec![Ok((operand, operand))],
        Val::Set(items) => items.iter().map(|item| Ok((term(*item)?, *item))).collect(),
        _ => match (operand.as_array(), operand.as_object()) {
            (Some(items), _) => {
                (0..).zip(items.iter()).map(|(at, item)| Ok((term(item)?, Val::Int(at)))).collect()
            }
            (_, Some(object)) => object.iter().map(|(key, value)| Ok((term(value)?, key))).collect(),
            _ => Vec::new(),
        },
    }
}

fn expand<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let network = network(any(args, 1)?)?;
    // Asked for before anything is made: /0 has more addresses than any limit.
    let count = network.last().checked_sub(network.first()).and_then(|count| count.checked_add(1));
    call.meter.spend(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(u64::MAX))?;
    let mut addresses = Vec::new();
    for address in network.first()..=network.last() {
        addresses.push(call.arena.string(&network.family.show(address))?);
    }
    Ok(call.arena.set(addresses)?)
}

fn intersects<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.meter.spend(1)?;
    let (a, b) = (network(any(args, 1)?)?, network(any(args, 2)?)?);
    Ok(Val::Bool(a.contains(&b) || b.contains(&a)))
}

fn is_valid<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    call.meter.spend(1)?;
    Ok(Val::Bool(any(args, 1)?.as_str().is_some_and(|text| Network::parse(text).is_some())))
}

fn merge<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let items =
        items_of(&any(args, 1)?).ok_or_else(|| Error::Failed("operand must be an array".to_owned()))?;
    let mut networks = Vec::new();
    for item in items.iter() {
        call.meter.spend(1)?;
        let text = item.as_str().ok_or_else(|| Error::Failed("element must be string".to_owned()))?;
        networks.push(merge::network(text).map_err(Error::Failed)?);
    }
    let mut merged = Vec::new();
    for text in merge::merge(networks) {
        merged.push(call.arena.string(&text)?);
    }
    Ok(call.arena.set(merged)?)
}

fn network(operand: Val<'_>) -> Result<Network, Error> {
    match operand {
        Val::String(text) => Network::parse(text).ok_or_else(|| Error::Failed(cidr::invalid(text))),
        other => Err(wrong(1, &other, &["string"])),
    }
}
