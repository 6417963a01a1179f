//! The order of values: null, booleans, numbers, strings, arrays, objects, sets; then by content, as Rego compares.

use std::cmp::Ordering;

use crate::{Kind, Val, number};

impl Val<'_> {
    /// The order of two values, whatever they borrow from.
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
    #[must_use]
    pub fn cmp_text(&self, text: &str) -> Ordering {
        match self {
            Val::String(own) => (**own).cmp(text),
            other => other.kind().cmp(&Kind::String),
        }
    }

    fn compare_any(&self, other: &Val<'_>) -> Ordering {
        let kinds = self.kind().cmp(&other.kind());
        if kinds != Ordering::Equal {
            return kinds;
        }
        match self.kind() {
            Kind::Number => number::compare(self, other),
            Kind::Array => match (self.as_array(), other.as_array()) {
                (Some(a), Some(b)) => in_turn(a.iter(), b.iter(), |a, b| a.compare(b)),
                _ => Ordering::Equal,
            },
            Kind::Object => match (self.as_object(), other.as_object()) {
                (Some(a), Some(b)) => {
                    in_turn(a.iter(), b.iter(), |a, b| a.0.compare(&b.0).then_with(|| a.1.compare(&b.1)))
                }
                _ => Ordering::Equal,
            },
            Kind::Set => match (self, other) {
                (Val::Set(a), Val::Set(b)) => in_turn(a.iter(), b.iter(), |a, b| a.compare(b)),
                _ => Ordering::Equal,
            },
            Kind::Null | Kind::Boolean | Kind::String => Ordering::Equal,
        }
    }
}

/// Item by item; the shorter one first where all of it is a beginning of the other.
fn in_turn<A, B>(
    mut a: impl Iterator<Item = A>,
    mut b: impl Iterator<Item = B>,
    compare: impl Fn(&A, &B) -> Ordering,
) -> Ordering {
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => match compare(&a, &b) {
                Ordering::Equal => {}
                other => return other,
            },
        }
    }
}

impl PartialEq for Val<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Eq for Val<'_> {}

impl PartialOrd for Val<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Val<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.compare(other)
    }
}
