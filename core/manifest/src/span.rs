//! Where in a file each part of an object was written.
//!
//! INVARIANT: a [`SpanTree`] has the shape of the [`Value`] it was read with: an array's items in order, an object's
//! entries in the byte order of their keys, so that a path is followed through both at once.

use tollgate_vocabulary::{Path, Step, Value};

/// A place in a file. Line and column count from 1, the column in characters (Unicode scalar values); the offset
/// counts bytes from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// line, from 1
    pub line: usize,
    /// column in characters, from 1
    pub column: usize,
    /// byte offset, from 0
    pub offset: usize,
}

/// A stretch of a file, its end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// where it begins
    pub start: Position,
    /// just behind its last character
    pub end: Position,
}

/// Where a value and all below it were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanTree {
    /// the value itself
    pub span: Span,
    /// what is below it
    pub below: Spans,
}

/// Where the parts of a value were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spans {
    /// a scalar
    Leaf,
    /// the items of a list
    Array(Vec<SpanTree>),
    /// the entries of an object: where the key stands, and its value
    Object(Vec<(Span, SpanTree)>),
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// the value's span; where `exact` is false, the span of the nearest parent that is there: its key, or, where it
    /// has none, its value
    pub span: Span,
    /// the span of the value's key, where it stands in an object
    pub key: Option<Span>,
    /// whether the whole path is there
    pub exact: bool,
}

impl SpanTree {
    /// Follows `path` through `value` and this tree at once, as far as it goes.
    #[must_use]
    pub fn locate(&self, value: &Value, path: &Path) -> Located {
        let (mut tree, mut value, mut key) = (self, value, None);
        for step in path.steps() {
            let next = match (step, value, &tree.below) {
                (Step::Key(name), Value::Object(map), Spans::Object(entries)) => map
                    .position(name)
                    .and_then(|at| entries.get(at))
                    .and_then(|(span, below)| Some((below, map.get(name)?, Some(*span)))),
                (Step::Index(at), Value::Array(items), Spans::Array(trees)) => {
                    trees.get(*at).and_then(|below| Some((below, items.get(*at)?, None)))
                }
                _ => None,
            };
            match next {
                Some(found) => (tree, value, key) = found,
                None => return Located { span: key.unwrap_or(tree.span), key, exact: false },
            }
        }
        Located { span: tree.span, key, exact: true }
    }
}
