//! `json.patch`: RFC 6902, with paths through sets as well.

use tollgate_rego_value::{DEPTH, Object, Val};

use crate::path::keys;
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[Builtin::function(
    "json.patch",
    &[
        ("target", Type::Any),
        (
            "patches",
            Type::Array(
                &[],
                Some(&Type::Object(
                    &[("op", Type::String), ("path", Type::Any)],
                    Some((&Type::Any, &Type::Any)),
                )),
            ),
        ),
    ],
    Type::Any,
    patch,
)];

/// What is done where a path ends.
#[derive(Clone, Copy)]
enum Edit<'a> {
    Insert(Val<'a>),
    Delete,
}

fn failed<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Failed(message.into()))
}

fn patch<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    // Nothing is left once the root is removed.
    let mut target = Some(operand::any(args, 1)?);
    for operation in operand::array(args, 2)?.iter() {
        call.spend(1)?;
        let Some(operation) = operation.as_object() else {
            return failed(
                "must be an array of JSON-Patch objects, but at least one element is not an object",
            );
        };
        target = apply(call, target, operation)?;
    }
    target.ok_or(Error::Undefined)
}

fn attribute<'a>(operation: Object<'a>, name: &str) -> Result<Val<'a>, Error> {
    operation.text(name).ok_or_else(|| Error::Failed(format!("missing required attribute '{name}'")))
}

/// What one operation makes of the target.
fn apply<'a>(
    call: &Call<'a, '_>,
    target: Option<Val<'a>>,
    operation: Object<'a>,
) -> Result<Option<Val<'a>>, Error> {
    let path = attribute(operation, "path")?;
    let name = match attribute(operation, "op")? {
        Val::String(name) => name,
        other => {
            return failed(format!("attribute 'op' must be a string but found: {}", other.kind().word()));
        }
    };
    let path = keys(call, &path)?;
    match name {
        "add" => insert(call, target, &path, attribute(operation, "value")?),
        "remove" => delete(call, target, &path),
        "replace" => {
            let rest = delete(call, target, &path)?;
            insert(call, rest, &path, attribute(operation, "value")?)
        }
        "move" => {
            let from = keys(call, &attribute(operation, "from")?)?;
            let value = find(call, target, &from)?;
            let rest = delete(call, target, &from)?;
            insert(call, rest, &path, value)
        }
        "copy" => {
            let from = keys(call, &attribute(operation, "from")?)?;
            let value = find(call, target, &from)?;
            insert(call, target, &path, value)
        }
        "test" => {
            let found = find(call, target, &path)?;
            let value = attribute(operation, "value")?;
            if found == value {
                return Ok(target);
            }
            let (value, found) = (value.print(call.room_for_values())?, found.print(call.room_for_values())?);
            failed(format!("value from EditTree != patch value.\n\nExpected: {value}\n\nFound: {found}"))
        }
        other => failed(format!("unrecognized op: '{other}'")),
    }
}

fn find<'a>(call: &Call<'a, '_>, target: Option<Val<'a>>, path: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let Some(mut value) = target else {
        return failed("nil value encountered where composite value was expected");
    };
    for key in path {
        value = below(call, value, key)?;
    }
    Ok(value)
}

fn insert<'a>(
    call: &Call<'a, '_>,
    target: Option<Val<'a>>,
    path: &[Val<'a>],
    value: Val<'a>,
) -> Result<Option<Val<'a>>, Error> {
    match (target, path.is_empty()) {
        (_, true) => Ok(Some(value)),
        (None, false) if path.len() == 1 => failed("deleted node encountered during insert operation"),
        (None, false) => failed("nil value encountered where composite value was expected"),
        (Some(target), false) => {
            // What is put in may be deep itself: copied into one another, values would grow without end.
            if !fits(call, value, DEPTH.saturating_sub(path.len()))? {
                return Err(Error::deep());
            }
            edit(call, target, path, Edit::Insert(value)).map(Some)
        }
    }
}

fn delete<'a>(
    call: &Call<'a, '_>,
    target: Option<Val<'a>>,
    path: &[Val<'a>],
) -> Result<Option<Val<'a>>, Error> {
    match (target, path.is_empty()) {
        (None, _) => failed("deleted node encountered during delete operation"),
        (Some(_), true) => Ok(None),
        (Some(target), false) => edit(call, target, path, Edit::Delete).map(Some),
    }
}

/// Whether a value nests no deeper than that.
fn fits<'a>(call: &Call<'a, '_>, value: Val<'a>, levels: usize) -> Result<bool, Error> {
    let Some(length) = value.len() else { return Ok(true) };
    call.spend(length)?;
    let Some(levels) = levels.checked_sub(1) else { return Ok(length == 0) };
    let mut parts: Vec<Val<'a>> = Vec::with_capacity(length);
    parts.extend(operand::items_of(&value).into_iter().flat_map(|items| items.iter()));
    parts.extend(value.as_object().into_iter().flat_map(|object| object.iter()).map(|(_, value)| value));
    for part in parts {
        if !fits(call, part, levels)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The value under a key.
fn below<'a>(call: &Call<'a, '_>, value: Val<'a>, key: &Val<'a>) -> Result<Val<'a>, Error> {
    let at = match value.as_array() {
        Some(array) => Val::Int(i64::try_from(index(array.len(), key)?).unwrap_or(i64::MAX)),
        None => *key,
    };
    if let Some(found) = value.step(&at) {
        return Ok(found);
    }
    // OPA writes a step into a set as a path: a string without quotes.
    let key = match (at, value, key) {
        (Val::String(text), Val::Set(_), _) => text.to_owned(),
        (Val::Int(i64::MAX), _, Val::Int(written)) => written.to_string(),
        _ => at.print(call.room_for_values())?,
    };
    let shown = value.print(call.room_for_values())?;
    call.spend_values(shown.len())?;
    if value.len().is_none() {
        let name = type_name(&value);
        return failed(format!(
            "expected composite type for path {key}, found value: {shown} (type: {name})"
        ));
    }
    failed(format!("path {key} does not exist in {} term {shown}", value.kind().word()))
}

/// The value with what its path leads to edited.
fn edit<'a>(
    call: &Call<'a, '_>,
    value: Val<'a>,
    path: &[Val<'a>],
    action: Edit<'a>,
) -> Result<Val<'a>, Error> {
    let Some((key, rest)) = path.split_first() else { return Ok(value) };
    call.spend(value.len().unwrap_or(1))?;
    if rest.is_empty() {
        return match action {
            Edit::Insert(new) => put(call, value, key, new),
            Edit::Delete => take(call, value, key),
        };
    }
    let own = below(call, value, key)?;
    let new = edit(call, own, rest, action)?;
    if let Some(array) = value.as_array() {
        let at = index(array.len(), key)?;
        let items: Vec<_> =
            array.iter().enumerate().map(|(place, item)| if place == at { new } else { item }).collect();
        return Ok(call.arena.array(&items)?);
    }
    if let Val::Set(items) = value {
        return call.set(items.iter().map(|item| if *item == own { new } else { *item }).collect());
    }
    put(call, value, key, new)
}

fn put<'a>(call: &Call<'a, '_>, value: Val<'a>, key: &Val<'a>, new: Val<'a>) -> Result<Val<'a>, Error> {
    if let Some(object) = value.as_object() {
        let mut entries: Vec<_> = object.iter().filter(|(own, _)| own != key).collect();
        entries.push((*key, new));
        return call.object(entries);
    }
    if let Some(array) = value.as_array() {
        let at = index(array.len(), key)?;
        if at > array.len() {
            return failed("index for array insertion out of bounds");
        }
        let mut items: Vec<_> = array.iter().collect();
        items.insert(at, new);
        return call.array(&items);
    }
    if let Val::Set(items) = value {
        if *key != new {
            let (key, new) = (key.print(call.room_for_values())?, new.print(call.room_for_values())?);
            return failed(format!("set key {key} does not equal value to be inserted {new}"));
        }
        return call.set(items.iter().copied().chain([new]).collect());
    }
    simple(call, &value)
}

fn take<'a>(call: &Call<'a, '_>, value: Val<'a>, key: &Val<'a>) -> Result<Val<'a>, Error> {
    let missing = || -> Result<Val<'a>, Error> {
        failed(format!("cannot delete child key {} that does not exist", key.print(call.room_for_values())?))
    };
    if let Some(object) = value.as_object() {
        let entries: Vec<_> = object.iter().filter(|(own, _)| own != key).collect();
        return if entries.len() == object.len() { missing() } else { call.object(entries) };
    }
    if let Some(array) = value.as_array() {
        let at = index(array.len(), key)?;
        if at >= array.len() {
            return failed("index for array delete out of bounds");
        }
        let mut items: Vec<_> = array.iter().collect();
        items.remove(at);
        return call.array(&items);
    }
    if let Val::Set(items) = value {
        let rest: Vec<_> = items.iter().copied().filter(|item| item != key).collect();
        return if rest.len() == items.len() { missing() } else { call.set(rest) };
    }
    simple(call, &value)
}

/// That a value has no parts.
fn simple<'a>(call: &Call<'a, '_>, value: &Val<'a>) -> Result<Val<'a>, Error> {
    let (shown, name) = (value.print(call.room_for_values())?, type_name(value));
    failed(format!("expected composite type, found value: {shown} (type: {name})"))
}

/// A simple value's type in OPA's words.
const fn type_name(value: &Val<'_>) -> &'static str {
    match value {
        Val::Null => "ast.Null",
        Val::Bool(_) => "ast.Boolean",
        Val::String(_) => "ast.String",
        _ => "ast.Number",
    }
}

/// The position that a key names in a list; `-` is behind the last.
fn index(length: usize, key: &Val<'_>) -> Result<usize, Error> {
    let number = match key {
        Val::String("-") => return Ok(length),
        Val::String(text) => {
            let Some(number) = Val::number(text).as_int() else {
                return failed("invalid string for indexing");
            };
            if *text != "0" && text.starts_with('0') {
                return failed("leading zeros are not allowed in JSON paths");
            }
            number
        }
        Val::Int(_) | Val::Number(_) => match key.as_int() {
            Some(number) => number,
            None => return failed("invalid number type for indexing"),
        },
        _ => return failed("invalid type for indexing"),
    };
    // A negative position is beyond every list.
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}
