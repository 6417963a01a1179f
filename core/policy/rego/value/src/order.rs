//! The order of values: null, booleans, numbers, strings, arrays, objects, sets; then by content, as Rego compares.
//!
//! INVARIANT: it is a total order, and it ends soon however deep values nest and however often they share parts: what
//! is deep or long is compared without recursion, and no two parts twice.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::{Kind, Val, number};

/// How deep comparing recurs.
const LEVELS: u32 = 64;
/// How many parts are compared before shared ones are remembered.
const PARTS: u32 = 4096;

impl<'v> Val<'v> {
    /// The order of two values, whatever they borrow from.
    #[inline]
    #[must_use]
    pub fn compare(&self, other: &Val<'_>) -> Ordering {
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => a.cmp(b),
            (Val::String(a), Val::String(b)) => a.cmp(b),
            (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
            _ => self.compare_any(other),
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
                    && self.compare_any(other) == Ordering::Equal
            }
        }
    }

    /// The order of two values, and how many parts it took to tell.
    #[must_use]
    pub fn compare_counted(&self, other: &Val<'_>) -> (Ordering, u64) {
        let mut parts = PARTS;
        match self.compare_few(other, LEVELS, &mut parts) {
            Some(order) => (order, u64::from(PARTS.saturating_sub(parts))),
            None => {
                let mut many = u64::from(PARTS);
                (compare_many(self, other, &mut many), many)
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

    /// The order of two values that are not simple and alike.
    fn compare_any(&self, other: &Val<'_>) -> Ordering {
        let mut parts = PARTS;
        self.compare_few(other, LEVELS, &mut parts).unwrap_or_else(|| compare_many(self, other, &mut 0))
    }

    /// The order of two values, or nothing where they are deep or long.
    fn compare_few(&self, other: &Val<'_>, levels: u32, parts: &mut u32) -> Option<Ordering> {
        let kinds = self.kind().cmp(&other.kind());
        if kinds != Ordering::Equal {
            return Some(kinds);
        }
        match (self, other) {
            (Val::Int(a), Val::Int(b)) => Some(a.cmp(b)),
            (Val::String(a), Val::String(b)) => Some(a.cmp(b)),
            (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
            (Val::Null, Val::Null) => Some(Ordering::Equal),
            (Val::Int(_) | Val::Number(_), _) => Some(number::compare(self, other)),
            _ if self.is_same(other) => Some(Ordering::Equal),
            _ => {
                let levels = levels.checked_sub(1)?;
                let mut at = 0_usize;
                loop {
                    *parts = parts.checked_sub(1)?;
                    match (self.part(at), other.part(at)) {
                        (None, None) => return Some(Ordering::Equal),
                        (None, Some(_)) => return Some(Ordering::Less),
                        (Some(_), None) => return Some(Ordering::Greater),
                        (Some(a), Some(b)) => match a.compare_few(&b, levels, parts)? {
                            Ordering::Equal => at = at.wrapping_add(1),
                            order => return Some(order),
                        },
                    }
                }
            }
        }
    }

    /// Where in memory a collection of the arena begins: what two collections share is compared once.
    fn place(&self) -> Option<usize> {
        match self {
            Val::Array(items) | Val::Set(items) => Some(items.as_ptr().addr()),
            Val::Object(entries) => Some(entries.as_ptr().addr()),
            _ => None,
        }
    }
}

/// The order of two values of any depth: what is open is on a list, and pairs of collections that were compared before
/// are equal, or comparing would have ended there. Counts the parts.
fn compare_many(a: &Val<'_>, b: &Val<'_>, count: &mut u64) -> Ordering {
    let mut open = vec![(*a, *b, 0_usize)];
    let mut equal = BTreeSet::new();
    while let Some((a, b, at)) = open.last_mut() {
        *count = count.saturating_add(1);
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
            let known = match (a.place(), b.place(), a.len(), b.len()) {
                (Some(left), Some(right), left_len, right_len) => {
                    a.is_same(&b) || !equal.insert((left, left_len, right, right_len))
                }
                _ => a.is_same(&b),
            };
            if !known {
                open.push((a, b, 0));
            }
            continue;
        }
        match a.compare(&b) {
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
