//! One side of a change: what is known of a resource's fields, and what is not.
//!
//! INVARIANT: where a value is marked as sensitive, it is not here; only the mark is.

use tollgate_vocabulary::{Path, Step, Value};

use crate::Why;

/// The fields of a resource before or after a change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    known: Value,
    /// the shape of the value, with `true` where it is known only after apply
    unknown: Value,
    /// the same, where it is sensitive
    sensitive: Value,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look<'v> {
    Known(&'v Value),
    /// nothing, or null
    Unset,
    Unknown(Why),
}

impl Values {
    /// Fields of which `sensitive` says which to forget.
    pub(crate) fn new(mut known: Value, unknown: Value, sensitive: Value) -> Self {
        forget(&mut known, &sensitive);
        Self { known, unknown: marks(&unknown), sensitive: marks(&sensitive) }
    }

    pub(crate) fn look(&self, path: &Path) -> Look<'_> {
        if is_marked(&self.unknown, path) {
            Look::Unknown(Why::AfterApply)
        } else if is_marked(&self.sensitive, path) {
            Look::Unknown(Why::Sensitive)
        } else {
            match follow(&self.known, path) {
                None | Some(Value::Null) => Look::Unset,
                Some(value) => Look::Known(value),
            }
        }
    }

    /// The part of `path` that is known only after apply as a whole.
    pub(crate) fn unknown_part(&self, path: &Path) -> Path {
        let (mut node, mut part) = (&self.unknown, Path::root());
        for next in path.steps() {
            match step(node, next) {
                Some(below) if *node != Value::Bool(true) => node = below,
                _ => break,
            }
            part.push(next.clone());
        }
        part
    }

    /// All that is known.
    pub(crate) const fn known(&self) -> &Value {
        &self.known
    }
}

/// What is at `path` below `value`. The first item of what is no list is the thing itself: providers that move from
/// lists of one block to single blocks mean the same by both.
pub(crate) fn follow<'v>(value: &'v Value, path: &Path) -> Option<&'v Value> {
    path.steps().iter().try_fold(value, step)
}

pub(crate) fn step<'v>(value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (step, value) {
        (Step::Key(key), Value::Object(map)) => map.get(key),
        (Step::Index(at), Value::Array(items)) => items.get(*at),
        (Step::Index(0), Value::Object(_)) => Some(value),
        _ => None,
    }
}

fn is_marked(tree: &Value, path: &Path) -> bool {
    let mut node = tree;
    for next in path.steps() {
        match step(node, next) {
            _ if *node == Value::Bool(true) => return true,
            Some(below) => node = below,
            None => return false,
        }
    }
    *node == Value::Bool(true)
}

fn forget(value: &mut Value, sensitive: &Value) {
    match (value, sensitive) {
        (value, Value::Bool(true)) => *value = Value::Null,
        (Value::Object(map), Value::Object(marks)) => {
            for (key, mark) in marks.iter() {
                if let Some(below) = map.get_mut(key) {
                    forget(below, mark);
                }
            }
        }
        (Value::Array(items), Value::Array(marks)) => {
            items.iter_mut().zip(marks).for_each(|(item, mark)| forget(item, mark));
        }
        _ => {}
    }
}

/// The marks alone: whatever else somebody wrote there is dropped.
fn marks(tree: &Value) -> Value {
    match tree {
        Value::Bool(mark) => Value::Bool(*mark),
        Value::Array(items) => Value::Array(items.iter().map(marks).collect()),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, below)| (key.clone(), marks(below))).collect())
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use tollgate_manifest::{Limits, json};

    use super::*;

    fn value(text: &str) -> Value {
        json::read(text.as_bytes(), &Limits::default()).unwrap()
    }

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_below_an_unknown_or_sensitive_value_is_too() {
        let values = Values::new(
            value(r#"{"size": 20, "root": [{"gb": 8, "key": "s3cret"}], "one": {"gb": 1}, "none": null}"#),
            value(r#"{"disks": true, "root": [{"iops": true}]}"#),
            value(r#"{"root": [{"key": true}], "tags": "s3cret"}"#),
        );
        assert_eq!(values.look(&path("disks[3].size")), Look::Unknown(Why::AfterApply));
        assert_eq!(values.look(&path("root[0].iops")), Look::Unknown(Why::AfterApply));
        assert_eq!(values.look(&path("root[0].key")), Look::Unknown(Why::Sensitive));
        assert_eq!(values.look(&path("root[0].gb")), Look::Known(&value("8")));
        assert_eq!(values.look(&path("one[0].gb")), Look::Known(&value("1")));
        assert_eq!(values.look(&path("none")), Look::Unset);
        assert_eq!(values.look(&path("size.of")), Look::Unset);
        assert!(!format!("{values:?}").contains("s3cret"));
    }

    #[test]
    fn a_side_that_is_sensitive_as_a_whole_is_forgotten_as_a_whole() {
        let values = Values::new(value(r#"{"a": "s3cret"}"#), Value::Null, Value::Bool(true));
        assert_eq!(values.look(&path("a")), Look::Unknown(Why::Sensitive));
        assert!(!format!("{values:?}").contains("s3cret"));
    }
}
