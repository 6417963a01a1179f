//! Looking at the fields of a resource: what stands there, or why nobody knows.
//!
//! ```text
//! View (a resource, before or after; perhaps one block of it) ──text, number, flag, blocks──> Seen
//! ```

use std::sync::Arc;

use tollgate_vocabulary::{Path, Ratio, Step, Value};

use crate::Why;
use crate::configuration::Written;
use crate::plan::Change;
use crate::values::{Look, Values};

/// More of anything than can be meant; what is larger is no number to compute with.
const MOST: u64 = 1_000_000_000_000;

/// A resource before or after a change, or a block of it.
#[derive(Clone, Debug)]
pub(crate) struct View<'p> {
    pub(crate) change: &'p Change,
    values: &'p Values,
    /// what it was before, where this is after
    before: Option<&'p Values>,
    /// how it is written, where it is
    written: Option<&'p Written>,
    /// the block that paths begin at
    base: Path,
    /// whether it is another resource than the one that is estimated, so that paths must name it
    is_other: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen<T> {
    Known(Field<T>),
    /// nothing is written, and nothing is unknown about that
    Unset(Path),
    Unknown(Path, Why),
}

/// A value, and the fields that it stands in; none where it is a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field<T> {
    pub(crate) value: T,
    pub(crate) paths: Vec<Path>,
}

impl<'p> View<'p> {
    pub(crate) fn new(
        change: &'p Change,
        values: &'p Values,
        before: Option<&'p Values>,
        written: Option<&'p Written>,
    ) -> Self {
        Self { change, values, before, written, base: Path::root(), is_other: false }
    }

    /// The same as another resource sees it.
    pub(crate) fn of_other(mut self) -> Self {
        self.is_other = true;
        self
    }

    /// The block at `path`, as [`View::blocks`] lists them.
    pub(crate) fn under(&self, path: &Path) -> Self {
        Self { base: path.clone(), ..self.clone() }
    }

    pub(crate) fn text(&self, path: &str) -> Seen<Arc<str>> {
        self.seen(path, |value| match value {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.as_str().into()),
            _ => None,
        })
    }

    pub(crate) fn number(&self, path: &str) -> Seen<Ratio> {
        self.seen(path, |value| {
            let text = match value {
                Value::Number(number) => number.as_str(),
                Value::String(text) => text,
                _ => return None,
            };
            Ratio::parse(text).ok().filter(|number| *number <= Ratio::from(MOST))
        })
    }

    pub(crate) fn flag(&self, path: &str) -> Seen<bool> {
        self.seen(path, |value| match value {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// The texts of a list, each with its own path.
    pub(crate) fn texts(&self, path: &str) -> Seen<Vec<Seen<Arc<str>>>> {
        let count = self.seen(path, |value| value.as_array().map(<[Value]>::len));
        count.map(|count| (0..count).map(|at| self.text(&format!("{path}[{at}]"))).collect())
    }

    /// How many items a list has.
    pub(crate) fn length(&self, path: &str) -> Seen<Ratio> {
        self.seen(path, |value| {
            value.as_array().and_then(|items| u64::try_from(items.len()).ok()).map(Ratio::from)
        })
    }

    /// The blocks of a name.
    pub(crate) fn blocks(&self, path: &str) -> Seen<Vec<View<'p>>> {
        let at = self.path(path);
        let count = self.seen(path, |value| match value {
            Value::Array(items) => Some(items.len()),
            Value::Object(_) => Some(1),
            _ => None,
        });
        count.map(|count| (0..count).map(|index| self.under(&at.join(Step::Index(index)))).collect())
    }

    /// Whether anything is set at `path`, be it known or not.
    pub(crate) fn is_set(&self, path: &str) -> bool {
        !matches!(self.presence(path), Seen::Unset(_))
    }

    /// What is set at `path`, whatever it is.
    pub(crate) fn presence(&self, path: &str) -> Seen<()> {
        self.seen(path, |value| (value.as_str() != Some("")).then_some(()))
    }

    /// Whether the configuration writes the field, as far as there is a configuration.
    pub(crate) fn is_written(&self, path: &str) -> Option<bool> {
        self.written.map(|written| !written.leaves_out(self.values.known(), &self.path(path)))
    }

    /// The path from the resource's root.
    pub(crate) fn path(&self, path: &str) -> Path {
        let below: Path = path.parse().unwrap_or_default();
        let mut full = self.base.clone();
        below.steps().iter().cloned().for_each(|step| full.push(step));
        full
    }

    /// The path as it is shown: with the address where it is another resource's.
    fn shown(&self, path: &Path) -> Path {
        if !self.is_other {
            return path.clone();
        }
        let address = Step::Key(self.change.address.clone());
        std::iter::once(address).chain(path.steps().iter().cloned()).collect::<Vec<_>>().into()
    }

    fn seen<T>(&self, path: &str, read: impl Fn(&Value) -> Option<T>) -> Seen<T> {
        let path = self.path(path);
        let shown = self.shown(&path);
        let found = match self.values.look(&path) {
            // The provider fills in what is left out, most likely with what it was before.
            Look::Unknown(Why::AfterApply) if self.leaves_out(&path) => {
                self.before.map_or(Look::Unset, |before| before.look(&path))
            }
            found => found,
        };
        match found {
            Look::Unset => Seen::Unset(shown),
            Look::Unknown(why) => Seen::Unknown(shown, why),
            Look::Known(value) => match read(value) {
                Some(value) => Seen::Known(Field { value, paths: vec![shown] }),
                // An empty text is how some providers write nothing.
                None if value.as_str() == Some("") => Seen::Unset(shown),
                None => Seen::Unknown(shown, Why::Unreadable),
            },
        }
    }

    /// Whether the configuration leaves out what is unknown there. Of a block that is unknown as a whole, the block
    /// counts.
    fn leaves_out(&self, path: &Path) -> bool {
        let part = self.values.unknown_part(path);
        self.written.is_some_and(|written| written.leaves_out(self.values.known(), &part))
    }
}

impl<T> Seen<T> {
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Seen<U> {
        match self {
            Self::Known(field) => Seen::Known(Field { value: make(field.value), paths: field.paths }),
            Self::Unset(path) => Seen::Unset(path),
            Self::Unknown(path, why) => Seen::Unknown(path, why),
        }
    }

    /// The first of the two that is set.
    pub(crate) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        if matches!(self, Self::Unset(_)) { other() } else { self }
    }

    /// What is known, where it is.
    pub(crate) fn known(self) -> Option<T> {
        match self {
            Self::Known(field) => Some(field.value),
            Self::Unset(_) | Self::Unknown(..) => None,
        }
    }
}

/// The larger of two numbers; the first of two that are equal.
pub(crate) fn larger(a: Field<Ratio>, b: Field<Ratio>) -> Field<Ratio> {
    if b.value > a.value { b } else { a }
}

impl<T> Field<T> {
    /// What stands in no field.
    pub(crate) const fn fixed(value: T) -> Self {
        Self { value, paths: Vec::new() }
    }

    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Field<U> {
        Field { value: make(self.value), paths: self.paths }
    }
}
