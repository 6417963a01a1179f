//! The order of values: null, booleans, numbers, strings, arrays, objects, sets; then by content, as Rego compares.
//!
//! INVARIANT: it is a total order, and it ends however deep values nest: below some levels it recurs no more.

use std::cmp::Ordering;

use crate::{Kind, Val, number};

/// How deep comparing recurs.
const LEVELS: usize = 64;

impl<'v> Val<'v> {
    /// The order of two values, whatever they borrow from.
    #[inline]
    #[must_use]
    pub fn compare(&self, other: &Val<'_>) -> Ordering {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a.cmp(b),
            (Val::String(a), Val::String(b)) => a.cmp(b),
            (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
            _ => self.compare_parts(other, LEVELS),
        }
    }

    /// The order of this value and a string.
    #[inline]
    #[must_use]
    pub fn cmp_text(&self, text: &str) -> Ordering {
        match self {
            Val::String(own) => (**own).cmp(text),
            other => other.kind().cmp(&Kind::String),
        }
    }

    /// Whether two values are equal, whatever they borrow from.
    #[inline]
    #[must_use]
    pub fn equals(&self, other: &Val<'_>) -> bool {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a == b,
            (Val::String(a), Val::String(b)) => a == b,
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::Null, Val::Null) => true,
            _ => {
                self.kind() == other.kind()
                    && self.len() == other.len()
                    && self.compare_parts(other, LEVELS) == Ordering::Equal
            }
        }
    }

    /// The part at a position: items in turn, or keys and values in turn.
    pub(crate) fn part(&self, at: usize) -> Option<Val<'v>> {
        match self {
            Val::Array(items) | Val::Set(items) => items.get(at).copied(),
            Val::DocumentArray(items) => items.get(at).map(Val::of),
            Val::Object(_) | Val::DocumentObject(_) => {
                let (key, value) = self.as_object()?.entry(at.wrapping_shr(1))?;
                Some(if at.is_multiple_of(2) { key } else { value })
            }
            _ => None,
        }
    }

    /// Whether both are the same place in memory.
    fn is_same(&self, other: &Val<'_>) -> bool {
        match (self, other) {
            (Val::Array(a), Val::Array(b)) | (Val::Set(a), Val::Set(b)) => same(a, b),
            (Val::DocumentArray(a), Val::DocumentArray(b)) => same(a, b),
            (Val::DocumentObject(a), Val::DocumentObject(b)) => std::ptr::eq(*a, *b),
            (Val::Object(a), Val::Object(b)) => same(a, b),
            _ => false,
        }
    }

    fn compare_parts(&self, other: &Val<'_>, levels: usize) -> Ordering {
        let kinds = self.kind().cmp(&other.kind());
        if kinds != Ordering::Equal {
            return kinds;
        }
        match self.kind() {
            Kind::Number => number::compare(self, other),
            Kind::Array | Kind::Object | Kind::Set => {
                if self.is_same(other) {
                    return Ordering::Equal;
                }
                let Some(levels) = levels.checked_sub(1) else { return compare_deep(self, other) };
                in_turn(self, other, levels)
            }
            Kind::Null | Kind::Boolean | Kind::String => match (self, other) {
                (Val::String(a), Val::String(b)) => a.cmp(b),
                (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
                _ => Ordering::Equal,
            },
        }
    }

    #[inline]
    fn compare_within(&self, other: &Val<'_>, levels: usize) -> Ordering {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a.cmp(b),
            (Val::String(a), Val::String(b)) => a.cmp(b),
            (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
            (Val::Null, Val::Null) => Ordering::Equal,
            _ => self.compare_parts(other, levels),
        }
    }
}

/// Part by part; the shorter one first where all of it is a beginning of the other.
fn in_turn(a: &Val<'_>, b: &Val<'_>, levels: usize) -> Ordering {
    let mut at = 0_usize;
    loop {
        match (a.part(at), b.part(at)) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match a.compare_within(&b, levels) {
                Ordering::Equal => at = at.wrapping_add(1),
                other => return other,
            },
        }
    }
}

/// The same without recursion: what is open is on a list.
fn compare_deep(a: &Val<'_>, b: &Val<'_>) -> Ordering {
    let mut open = vec![(*a, *b, 0_usize)];
    while let Some((a, b, at)) = open.last_mut() {
        let parts = (a.part(*at), b.part(*at));
        *at = at.wrapping_add(1);
        let (a, b) = match parts {
            (None, None) => {
                open.pop();
                continue;
            }
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => (a, b),
        };
        let kinds = a.kind().cmp(&b.kind());
        if kinds != Ordering::Equal {
            return kinds;
        }
        if matches!(a.kind(), Kind::Array | Kind::Object | Kind::Set) {
            if !a.is_same(&b) {
                open.push((a, b, 0));
            }
            continue;
        }
        match a.compare_within(&b, 0) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    Ordering::Equal
}

fn same<A, B>(a: &[A], b: &[B]) -> bool {
    a.len() == b.len() && std::ptr::addr_eq(a.as_ptr(), b.as_ptr())
}

impl PartialEq for Val<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.equals(other)
    }
}

impl Eq for Val<'_> {}

impl PartialOrd for Val<'_> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Val<'_> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other)
    }
}
