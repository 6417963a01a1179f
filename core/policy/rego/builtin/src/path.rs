//! Parts of values named by paths: kept (`json.filter`) or left out (`json.remove`).

use std::collections::BTreeMap;

use tollgate_rego_value::{DEPTH, Val};

use crate::shape::{ANY_ARRAY, ANY_OBJECT};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "json.filter",
        &[
            ("object", ANY_OBJECT),
            (
                "paths",
                Type::Union(&[
                    Type::Array(&[], Some(&Type::Union(&[Type::String, ANY_ARRAY]))),
                    Type::Set(&Type::Union(&[Type::String, ANY_ARRAY])),
                ]),
            ),
        ],
        ANY_OBJECT,
        filter,
    ),
    Builtin::function(
        "json.remove",
        &[
            ("object", ANY_OBJECT),
            (
                "paths",
                Type::Union(&[
                    Type::Array(&[], Some(&Type::Union(&[Type::String, ANY_ARRAY]))),
                    Type::Set(&Type::Union(&[Type::String, ANY_ARRAY])),
                ]),
            ),
        ],
        ANY_OBJECT,
        remove,
    ),
];

/// Paths joined where they begin alike.
#[derive(Debug)]
enum Tree<'a> {
    /// a path ends here
    End,
    /// paths go on under these keys
    Below(BTreeMap<Val<'a>, Tree<'a>>),
}

/// The keys of one path: `a/b~1c`, or a list of keys.
///
/// # Errors
/// It is neither, or longer than values are deep.
pub(crate) fn keys<'a>(call: &Call<'a, '_>, path: &Val<'a>) -> Result<Vec<Val<'a>>, Error> {
    let keys = match path {
        Val::String("") => Vec::new(),
        Val::String(text) => {
            call.spend_text(text.len())?;
            let parts = text.trim_start_matches('/').split('/');
            parts.map(|part| unescaped(call, part)).collect::<Result<_, _>>()?
        }
        other => match other.as_array() {
            Some(keys) => keys.iter().collect(),
            None => {
                let got = other.kind().word();
                return Err(Error::Type(format!(
                    "operand 2 must be one of {{set, array}} containing string paths or array of path segments \
                     but got {got}"
                )));
            }
        },
    };
    call.spend(keys.len())?;
    if keys.len() > DEPTH { Err(Error::deep()) } else { Ok(keys) }
}

fn unescaped<'a>(call: &Call<'a, '_>, part: &'a str) -> Result<Val<'a>, Error> {
    if part.contains('~') {
        return call.string(&part.replace("~1", "/").replace("~0", "~"));
    }
    Ok(Val::String(part))
}

/// The paths of the second argument.
fn tree<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Tree<'a>, Error> {
    let arg = operand::any(args, 2)?;
    let Some(paths) = operand::items_of(&arg) else {
        return Err(operand::wrong(2, &arg, &["set", "array"]));
    };
    let mut root = BTreeMap::new();
    for path in paths.iter() {
        insert(&mut root, &keys(call, &path)?);
    }
    Ok(Tree::Below(root))
}

fn insert<'a>(mut node: &mut BTreeMap<Val<'a>, Tree<'a>>, path: &[Val<'a>]) {
    let Some((last, before)) = path.split_last() else { return };
    for key in before {
        match node.entry(*key).or_insert_with(|| Tree::Below(BTreeMap::new())) {
            Tree::Below(below) => node = below,
            // A shorter path names all of it already.
            Tree::End => return,
        }
    }
    node.insert(*last, Tree::End);
}

/// The position of a list's item as paths write it.
fn position<'a>(call: &Call<'a, '_>, at: usize) -> Result<Val<'a>, Error> {
    call.string(&at.to_string())
}

fn filter<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    operand::object(args, 1)?;
    keep(call, operand::any(args, 1)?, &tree(call, args)?)
}

/// What the paths name of a value.
fn keep<'a>(call: &Call<'a, '_>, value: Val<'a>, tree: &Tree<'a>) -> Result<Val<'a>, Error> {
    let Tree::Below(below) = tree else { return Ok(value) };
    call.spend(value.len().unwrap_or(1))?;
    if let Some(object) = value.as_object() {
        let mut entries = Vec::new();
        for (key, own) in object.iter() {
            if let Some(tree) = below.get(&key) {
                entries.push((key, keep(call, own, tree)?));
            }
        }
        return Ok(call.arena.sorted_object(&entries)?);
    }
    if let Some(array) = value.as_array() {
        let mut items = Vec::new();
        for (at, own) in array.iter().enumerate() {
            if let Some(tree) = below.get(&position(call, at)?) {
                items.push(keep(call, own, tree)?);
            }
        }
        return Ok(call.arena.array(&items)?);
    }
    if let Val::Set(own) = value {
        let mut items = Vec::new();
        for item in own {
            if let Some(tree) = below.get(item) {
                items.push(keep(call, *item, tree)?);
            }
        }
        return call.set(items);
    }
    Ok(value)
}

fn remove<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    operand::object(args, 1)?;
    let tree = tree(call, args)?;
    omit(call, operand::any(args, 1)?, Some(&tree))?.ok_or(Error::Undefined)
}

/// What the paths do not name of a value; nothing where they name it all.
fn omit<'a>(call: &Call<'a, '_>, value: Val<'a>, tree: Option<&Tree<'a>>) -> Result<Option<Val<'a>>, Error> {
    let below = match tree {
        None => return Ok(Some(value)),
        Some(Tree::End) => return Ok(None),
        Some(Tree::Below(below)) => below,
    };
    call.spend(value.len().unwrap_or(1))?;
    if let Some(object) = value.as_object() {
        let mut entries = Vec::new();
        for (key, own) in object.iter() {
            entries.extend(omit(call, own, below.get(&key))?.map(|own| (key, own)));
        }
        return Ok(Some(call.arena.sorted_object(&entries)?));
    }
    if let Some(array) = value.as_array() {
        let mut items = Vec::new();
        for (at, own) in array.iter().enumerate() {
            items.extend(omit(call, own, below.get(&position(call, at)?))?);
        }
        return Ok(Some(call.arena.array(&items)?));
    }
    if let Val::Set(own) = value {
        let mut items = Vec::new();
        for item in own {
            items.extend(omit(call, *item, below.get(item))?);
        }
        return Ok(Some(call.set(items)?));
    }
    Ok(Some(value))
}
