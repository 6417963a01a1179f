//! What all items of a collection give together, and whether an item is among them.

use tollgate_rego_value::{Val, arithmetic};

use crate::arithmetic::pay;
use crate::shape::{ANY_ARRAY, ANY_OBJECT, ANY_SET, NUMBER_SET, NUMBERS};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("all", &[("x", Type::Union(&[ANY_ARRAY, ANY_SET]))], Type::Boolean, all),
    Builtin::function("any", &[("x", Type::Union(&[ANY_ARRAY, ANY_SET]))], Type::Boolean, any),
    Builtin::function(
        "count",
        &[("collection", Type::Union(&[Type::String, ANY_ARRAY, ANY_OBJECT, ANY_SET]))],
        Type::Number,
        count,
    ),
    Builtin::function("internal.member_2", &[("x", Type::Any), ("y", Type::Any)], Type::Boolean, member),
    Builtin::function(
        "internal.member_3",
        &[("x", Type::Any), ("y", Type::Any), ("z", Type::Any)],
        Type::Boolean,
        member_with_key,
    ),
    Builtin::function("max", &[("collection", Type::Union(&[ANY_ARRAY, ANY_SET]))], Type::Any, max),
    Builtin::function("min", &[("collection", Type::Union(&[ANY_ARRAY, ANY_SET]))], Type::Any, min),
    Builtin::function(
        "product",
        &[("collection", Type::Union(&[NUMBERS, NUMBER_SET]))],
        Type::Number,
        product,
    ),
    Builtin::function("sort", &[("collection", Type::Union(&[ANY_ARRAY, ANY_SET]))], ANY_ARRAY, sort),
    Builtin::function("sum", &[("collection", Type::Union(&[NUMBERS, NUMBER_SET]))], Type::Number, sum),
];

/// The items of the first argument, a list or a set, paid for.
fn items<'a>(call: &Call<'a, '_>, args: &[Val<'a>], expected: &[&str]) -> Result<Vec<Val<'a>>, Error> {
    let arg = operand::any(args, 1)?;
    let items = operand::items_of(&arg).ok_or_else(|| operand::wrong(1, &arg, expected))?;
    call.spend(items.len())?;
    Ok(items.iter().collect())
}

/// The numbers of the first argument, a list or a set, paid for.
fn numbers<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Vec<Val<'a>>, Error> {
    let items = items(call, args, &["set", "array"])?;
    for item in &items {
        if !matches!(item, Val::Int(_) | Val::Number(_)) {
            return Err(operand::wrong_item(1, &operand::any(args, 1)?, item, &["number"]));
        }
        pay(call, &[*item])?;
    }
    Ok(items)
}

fn all<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let items = items(call, args, &["array", "set"])?;
    Ok(Val::Bool(items.iter().all(|item| matches!(item, Val::Bool(true)))))
}

fn any<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let items = items(call, args, &["array", "set"])?;
    Ok(Val::Bool(items.iter().any(|item| matches!(item, Val::Bool(true)))))
}

fn count<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let arg = operand::any(args, 1)?;
    let count = match arg {
        Val::String(text) => {
            call.spend_text(text.len())?;
            text.chars().count()
        }
        other => other.len().ok_or_else(|| operand::wrong(1, &arg, &["array", "object", "set", "string"]))?,
    };
    Ok(Val::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn member<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (item, collection) = (operand::any(args, 1)?, operand::any(args, 2)?);
    if let Val::Set(_) = collection {
        return Ok(Val::Bool(collection.step(&item).is_some()));
    }
    call.spend(collection.len().unwrap_or(0))?;
    let found = match (collection.as_array(), collection.as_object()) {
        (Some(array), _) => array.iter().any(|own| own == item),
        (_, Some(object)) => object.iter().any(|(_, own)| own == item),
        _ => false,
    };
    Ok(Val::Bool(found))
}

fn member_with_key<'a>(_: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (key, value, collection) = (operand::any(args, 1)?, operand::any(args, 2)?, operand::any(args, 3)?);
    Ok(Val::Bool(collection.step(&key).is_some_and(|own| own == value)))
}

fn max<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    items(call, args, &["set", "array"])?.into_iter().max().ok_or(Error::Undefined)
}

fn min<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    // Of equal ones the last.
    items(call, args, &["set", "array"])?.into_iter().rev().min().ok_or(Error::Undefined)
}

fn product<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    Ok(arithmetic::product(call.arena, &numbers(call, args)?)?)
}

fn sort<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let mut items = items(call, args, &["set", "array"])?;
    // Comparing takes about the logarithm of the length for each item.
    call.spend(items.len().saturating_mul(usize::try_from(items.len().max(1).ilog2()).unwrap_or(0)))?;
    items.sort();
    Ok(call.arena.array(&items)?)
}

fn sum<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    Ok(arithmetic::sum(call.arena, &numbers(call, args)?)?)
}
