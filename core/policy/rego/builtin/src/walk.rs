//! `walk`: all parts of a value, each with its path. The engine binds them one after the other.

use tollgate_rego_value::{DEPTH, Val};

use crate::{Call, Error};

/// Each part of `value` with its path: itself first, then depth first in the order of its parts. A set's items are
/// their own keys.
///
/// # Errors
/// A limit is reached, or the value nests too deep.
pub fn pairs<'a>(call: &Call<'a, '_>, value: Val<'a>) -> Result<Vec<(Val<'a>, Val<'a>)>, Error> {
    let mut found = Vec::new();
    visit(&mut Vec::new(), value, &mut |path, part| {
        call.spend(path.len().saturating_add(1))?;
        found.push((call.arena.array(path)?, part));
        Ok(())
    })?;
    Ok(found)
}

/// The parts without their paths: for a walk whose paths nobody reads.
///
/// # Errors
/// A limit is reached, or the value nests too deep.
pub fn parts<'a>(call: &Call<'a, '_>, value: Val<'a>) -> Result<Vec<Val<'a>>, Error> {
    let mut found = Vec::new();
    visit(&mut Vec::new(), value, &mut |_, part| {
        call.spend(1)?;
        found.push(part);
        Ok(())
    })?;
    Ok(found)
}

/// Shows every part to `see`.
fn visit<'a>(
    path: &mut Vec<Val<'a>>,
    value: Val<'a>,
    see: &mut impl FnMut(&[Val<'a>], Val<'a>) -> Result<(), Error>,
) -> Result<(), Error> {
    see(path, value)?;
    if path.len() > DEPTH {
        return Err(Error::deep());
    }
    let mut go = |key: Val<'a>, part: Val<'a>| {
        path.push(key);
        visit(path, part, see)?;
        path.pop();
        Ok(())
    };
    if let Some(object) = value.as_object() {
        return object.iter().try_for_each(|(key, part)| go(key, part));
    }
    if let Some(array) = value.as_array() {
        let keys = (0_i64..).map(Val::Int);
        return keys.zip(array.iter()).try_for_each(|(key, part)| go(key, part));
    }
    match value {
        Val::Set(items) => items.iter().try_for_each(|item| go(*item, *item)),
        _ => Ok(()),
    }
}
