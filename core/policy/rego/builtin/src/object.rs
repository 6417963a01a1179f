//! Objects: looked into, cut down, merged, compared.

use std::cmp::Ordering;

use tollgate_rego_value::{DEPTH, Object, Val};

use crate::shape::{ANY_ARRAY, ANY_OBJECT, ANY_SET};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "object.filter",
        &[("object", ANY_OBJECT), ("keys", Type::Union(&[ANY_ARRAY, ANY_OBJECT, ANY_SET]))],
        ANY_OBJECT,
        filter,
    ),
    Builtin::function(
        "object.get",
        &[("object", ANY_OBJECT), ("key", Type::Any), ("default", Type::Any)],
        Type::Any,
        get,
    ),
    Builtin::function("object.keys", &[("object", ANY_OBJECT)], ANY_SET, keys),
    Builtin::function(
        "object.remove",
        &[("object", ANY_OBJECT), ("keys", Type::Union(&[ANY_ARRAY, ANY_OBJECT, ANY_SET]))],
        ANY_OBJECT,
        remove,
    ),
    Builtin::function(
        "object.subset",
        &[
            ("super", Type::Union(&[ANY_ARRAY, ANY_OBJECT, ANY_SET])),
            ("sub", Type::Union(&[ANY_ARRAY, ANY_OBJECT, ANY_SET])),
        ],
        Type::Boolean,
        subset,
    ),
    Builtin::function("object.union", &[("a", ANY_OBJECT), ("b", ANY_OBJECT)], ANY_OBJECT, union),
    Builtin::function(
        "object.union_n",
        &[("objects", Type::Array(&[], Some(&ANY_OBJECT)))],
        ANY_OBJECT,
        union_n,
    ),
];

/// The keys that the second argument names: a list's or set's items, an object's keys. Sorted.
fn named<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Vec<Val<'a>>, Error> {
    let arg = operand::any(args, 2)?;
    let mut keys: Vec<_> = match (operand::items_of(&arg), arg.as_object()) {
        (Some(items), _) => items.iter().collect(),
        (_, Some(object)) => object.iter().map(|(key, _)| key).collect(),
        _ => return Err(operand::wrong(2, &arg, &["object", "set", "array"])),
    };
    call.spend(keys.len())?;
    keys.sort();
    Ok(keys)
}

/// The entries whose keys are among those named, or are not.
fn chosen<'a>(call: &Call<'a, '_>, args: &[Val<'a>], among: bool) -> Result<Val<'a>, Error> {
    let object = operand::object(args, 1)?;
    let keys = named(call, args)?;
    call.spend(object.len())?;
    let entries: Vec<_> = object.iter().filter(|(key, _)| keys.binary_search(key).is_ok() == among).collect();
    Ok(call.arena.sorted_object(&entries)?)
}

fn filter<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    chosen(call, args, true)
}

fn remove<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    chosen(call, args, false)
}

fn get<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    operand::object(args, 1)?;
    let (object, path) = (operand::any(args, 1)?, operand::any(args, 2)?);
    let default = operand::any(args, 3)?;
    let Some(path) = path.as_array() else {
        return Ok(object.step(&path).unwrap_or(default));
    };
    call.spend(path.len())?;
    let mut value = object;
    for key in path.iter() {
        match value.step(&key) {
            Some(below) => value = below,
            None => return Ok(default),
        }
    }
    Ok(value)
}

fn keys<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let object = operand::object(args, 1)?;
    call.spend(object.len())?;
    let keys: Vec<_> = object.iter().map(|(key, _)| key).collect();
    Ok(call.arena.sorted_set(&keys)?)
}

fn union<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    merge(call, operand::object(args, 1)?, operand::object(args, 2)?, DEPTH)
}

/// All entries of both; under a key that both have, the objects merged or else the second's value.
fn merge<'a>(call: &Call<'a, '_>, a: Object<'a>, b: Object<'a>, levels: usize) -> Result<Val<'a>, Error> {
    let levels = levels.checked_sub(1).ok_or_else(Error::deep)?;
    call.spend(a.len().saturating_add(b.len()))?;
    let mut entries = Vec::with_capacity(a.len().saturating_add(b.len()));
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.0.compare(&b.0),
        };
        match order {
            Ordering::Less => entries.extend(left.next()),
            Ordering::Greater => entries.extend(right.next()),
            Ordering::Equal => {
                let (Some((key, a)), Some((_, b))) = (left.next(), right.next()) else { break };
                entries.push((key, overwrite(call, a, b, levels)?));
            }
        }
    }
    Ok(call.arena.sorted_object(&entries)?)
}

/// `b`, merged into `a` where both are objects.
fn overwrite<'a>(call: &Call<'a, '_>, a: Val<'a>, b: Val<'a>, levels: usize) -> Result<Val<'a>, Error> {
    match (a.as_object(), b.as_object()) {
        (Some(a), Some(b)) => merge(call, a, b, levels),
        _ => Ok(b),
    }
}

fn union_n<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let objects = operand::array(args, 1)?;
    let mut entries = Vec::new();
    for item in objects.iter() {
        let object =
            item.as_object().ok_or_else(|| operand::wrong_item(1, &Val::Array(&[]), &item, &["object"]))?;
        call.spend(object.len().saturating_add(1))?;
        entries.extend(object.iter());
    }
    // Sorted by key; of equal keys, those of earlier objects first.
    entries.sort_by(|a, b| a.0.compare(&b.0));
    let mut merged: Vec<(Val<'a>, Val<'a>)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match merged.last_mut() {
            Some(last) if last.0 == key => last.1 = overwrite(call, last.1, value, DEPTH)?,
            _ => merged.push((key, value)),
        }
    }
    Ok(call.arena.sorted_object(&merged)?)
}

fn subset<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (whole, part) = (operand::any(args, 1)?, operand::any(args, 2)?);
    if let (Some(array), Some(set)) = (whole.as_array(), part.as_set()) {
        call.spend(array.len())?;
        let found = array.iter().filter(|item| set.contains(item)).count();
        // OPA counts matches: an item that stands twice counts twice, and of an empty list nothing is a subset.
        return Ok(Val::Bool(!array.is_empty() && found >= set.0.len()));
    }
    let of_one_kind = matches!(part, Val::Set(_)) == matches!(whole, Val::Set(_))
        && part.as_array().is_some() == whole.as_array().is_some()
        && part.as_object().is_some() == whole.as_object().is_some();
    if !of_one_kind || part.len().is_none() {
        return Err(Error::Type(
            "both arguments object.subset must be of the same type or array and set".to_owned(),
        ));
    }
    Ok(Val::Bool(covers(call, whole, part, DEPTH)?))
}

/// Whether `whole` holds all of `part`: equal values, or collections of one kind that do.
fn covers<'a>(call: &Call<'a, '_>, whole: Val<'a>, part: Val<'a>, levels: usize) -> Result<bool, Error> {
    let levels = levels.checked_sub(1).ok_or_else(Error::deep)?;
    call.spend(part.len().unwrap_or(1))?;
    if let (Some(whole), Some(part)) = (whole.as_object(), part.as_object()) {
        for (key, below) in part.iter() {
            let Some(own) = whole.get(&key) else { return Ok(false) };
            if own != below && !covers(call, own, below, levels)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let (Some(whole), Some(part)) = (whole.as_set(), part.as_set()) {
        return Ok(part.0.iter().all(|item| whole.contains(item)));
    }
    if let (Some(whole), Some(part)) = (whole.as_array(), part.as_array()) {
        call.spend(whole.len().saturating_mul(part.len()))?;
        let last = whole.len().checked_sub(part.len());
        return Ok(last.is_some_and(|last| {
            (0..=last)
                .any(|start| (0..part.len()).all(|at| whole.get(start.saturating_add(at)) == part.get(at)))
        }));
    }
    Ok(false)
}
