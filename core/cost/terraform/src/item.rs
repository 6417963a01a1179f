//! What a resource takes: so many of something with a price.
//!
//! ```text
//! Item::of("storage").class(gp3).count(3 to 9).gib(100)    3 disks expected, 9 at worst, 100 GiB each
//! ```

use std::sync::Arc;

use tollgate_price::Purchase;
use tollgate_vocabulary::{MoneyError, Path, Ratio};

use crate::view::Field;

/// How much is expected, and how much it may become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) expected: Ratio,
    pub(crate) worst: Ratio,
    pub(crate) paths: Vec<Path>,
    /// something did not fit: nothing can be made of it
    pub(crate) is_too_large: bool,
}

/// So many of something.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) resource: &'static str,
    pub(crate) class: Option<Arc<str>>,
    pub(crate) purchase: Purchase,
    pub(crate) measure: Measure,
    /// which instance type, and how many; where there are several, the first is expected and the dearest the worst
    pub(crate) choices: Vec<Choice>,
    /// fields that its class follows from
    pub(crate) paths: Vec<Path>,
}

#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) instance_type: Option<Field<Arc<str>>>,
    pub(crate) count: Range,
}

/// What of it is counted.
#[derive(Clone, Debug)]
pub(crate) enum Measure {
    /// pieces, by the hour or month
    Pieces,
    /// so many GiB in each piece
    Gib(Range),
    /// by either, whichever the price is of
    PiecesOrGib(Range),
    /// so many cores in each piece
    Cores(Range),
}

impl Range {
    /// Always so much, whatever is written.
    pub(crate) fn fixed(number: u64) -> Self {
        Self::from(Field::fixed(Ratio::from(number)))
    }

    /// From what is expected to what may become of it; never less.
    pub(crate) fn between(expected: Field<Ratio>, worst: Field<Ratio>) -> Self {
        let mut paths = expected.paths;
        paths.extend(worst.paths.into_iter().filter(|path| !paths.contains(path)).collect::<Vec<_>>());
        Self { expected: expected.value, worst: worst.value.max(expected.value), paths, is_too_large: false }
    }

    /// From what this one expects to what the other has at worst.
    pub(crate) fn up_to(self, other: &Self) -> Self {
        let expected = self.expected;
        Self { expected, ..self.with(other, |ours, theirs| Ok(ours.max(theirs))) }
    }

    pub(crate) fn times(self, other: &Self) -> Self {
        self.with(other, Ratio::times)
    }

    pub(crate) fn plus(self, other: &Self) -> Self {
        self.with(other, Ratio::plus)
    }

    /// What is more than `included`, of each.
    pub(crate) fn above(self, included: u64) -> Self {
        self.map(|number| number.minus(Ratio::from(included)))
    }

    pub(crate) fn divided_by(self, number: u64) -> Self {
        self.map(|quantity| quantity.times(Ratio::new(1, number.into()).unwrap_or(Ratio::ONE)))
    }

    /// Each of the two numbers changed.
    pub(crate) fn map(self, change: impl Fn(Ratio) -> Result<Ratio, MoneyError>) -> Self {
        match (change(self.expected), change(self.worst)) {
            (Ok(expected), Ok(worst)) => Self { expected, worst, ..self },
            _ => Self { is_too_large: true, ..self },
        }
    }

    pub(crate) const fn is_zero(&self) -> bool {
        self.worst.is_zero() && !self.is_too_large
    }

    fn with(self, other: &Self, join: impl Fn(Ratio, Ratio) -> Result<Ratio, MoneyError>) -> Self {
        let mut paths = self.paths;
        paths.extend(other.paths.iter().filter(|path| !paths.contains(path)).cloned().collect::<Vec<_>>());
        let is_too_large = self.is_too_large || other.is_too_large;
        match (join(self.expected, other.expected), join(self.worst, other.worst)) {
            (Ok(expected), Ok(worst)) => Self { expected, worst, paths, is_too_large },
            _ => Self { expected: Ratio::ZERO, worst: Ratio::ZERO, paths, is_too_large: true },
        }
    }
}

impl From<Field<Ratio>> for Range {
    fn from(field: Field<Ratio>) -> Self {
        Self { expected: field.value, worst: field.value, paths: field.paths, is_too_large: false }
    }
}

impl Item {
    /// One of `resource`.
    pub(crate) fn of(resource: &'static str) -> Self {
        Self {
            resource,
            class: None,
            purchase: Purchase::OnDemand,
            measure: Measure::Pieces,
            choices: vec![Choice { instance_type: None, count: Range::fixed(1) }],
            paths: Vec::new(),
        }
    }

    pub(crate) fn class(mut self, class: Field<Arc<str>>) -> Self {
        self.class = Some(class.value);
        self.paths.extend(class.paths);
        self
    }

    /// A class that no field says.
    pub(crate) fn class_word(self, class: &str) -> Self {
        self.class(Field::fixed(class.into()))
    }

    pub(crate) fn instance_type(mut self, instance_type: Field<Arc<str>>) -> Self {
        for choice in &mut self.choices {
            choice.instance_type = Some(instance_type.clone());
        }
        self
    }

    /// One of these instance types, so many of each.
    pub(crate) fn one_of(mut self, types: Vec<(Field<Arc<str>>, Range)>) -> Self {
        let choices = types.into_iter();
        self.choices = choices
            .map(|(instance_type, count)| Choice { instance_type: Some(instance_type), count })
            .collect();
        self
    }

    pub(crate) fn count(mut self, count: &Range) -> Self {
        for choice in &mut self.choices {
            choice.count = count.clone();
        }
        self
    }

    pub(crate) fn bought(mut self, purchase: Purchase) -> Self {
        self.purchase = purchase;
        self
    }

    /// Counted in GiB, so many in each.
    pub(crate) fn gib(mut self, gib: Range) -> Self {
        self.measure = Measure::Gib(gib);
        self
    }

    /// Counted in pieces or in GiB, by the unit of the price.
    pub(crate) fn gib_or_pieces(mut self, gib: Range) -> Self {
        self.measure = Measure::PiecesOrGib(gib);
        self
    }

    /// Counted in cores, so many in each.
    pub(crate) fn cores(mut self, cores: Range) -> Self {
        self.measure = Measure::Cores(cores);
        self
    }
}
