//! What a mapper writes down about one side of a resource: items, what is unknown, what has no bound.
//!
//! ```text
//! need      must be known, or it is unknown           optional  may be left out
//! or        has a default that the provider's documentation names
//! assume    is taken for something likely, and listed as unknown all the same
//! ```
//!
//! INVARIANT: whatever is unknown is written down when it is read, so that no mapper can forget it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_vocabulary::{Path, Ratio};

use crate::item::{Item, Range};
use crate::link::Links;
use crate::place::Place;
use crate::view::{Field, Seen, View};
use crate::{Side, Why};

/// One side of a resource, as far as it is estimated.
#[derive(Debug)]
pub(crate) struct Sheet<'p> {
    pub(crate) view: View<'p>,
    pub(crate) place: Place,
    pub(crate) items: Vec<Item>,
    pub(crate) unknown: Vec<(Path, Why)>,
    pub(crate) unbounded: Vec<Path>,
    /// paths of both, so that each is written down once
    listed: BTreeSet<Path>,
    side: Side,
    links: &'p Links<'p>,
}

impl<'p> Sheet<'p> {
    pub(crate) fn new(view: View<'p>, place: Place, side: Side, links: &'p Links<'p>) -> Self {
        Self {
            view,
            place,
            items: Vec::new(),
            unknown: Vec::new(),
            unbounded: Vec::new(),
            listed: BTreeSet::new(),
            side,
            links,
        }
    }

    /// The value, which must be known.
    pub(crate) fn need<T>(&mut self, seen: Seen<T>) -> Option<Field<T>> {
        match seen {
            Seen::Known(field) => Some(field),
            Seen::Unset(path) => self.gap(path, Why::NotSet),
            Seen::Unknown(path, why) => self.gap(path, why),
        }
    }

    /// The value where one is set.
    pub(crate) fn optional<T>(&mut self, seen: Seen<T>) -> Option<Field<T>> {
        match seen {
            Seen::Unset(_) => None,
            seen => self.need(seen),
        }
    }

    /// The value, or what its documentation says it is where it is not set.
    pub(crate) fn or<T>(&mut self, seen: Seen<T>, default: T) -> Field<T> {
        self.optional(seen).unwrap_or(Field::fixed(default))
    }

    /// The value, or what it is likely to be; then it is listed as unknown.
    pub(crate) fn assume<T>(&mut self, seen: Seen<T>, likely: T) -> Field<T> {
        self.need(seen).unwrap_or(Field::fixed(likely))
    }

    pub(crate) fn text_or(&mut self, path: &str, default: &str) -> Field<Arc<str>> {
        self.or(self.view.text(path), default.into())
    }

    pub(crate) fn number_or(&mut self, path: &str, default: u64) -> Range {
        self.or(self.view.number(path), Ratio::from(default)).into()
    }

    pub(crate) fn is(&mut self, path: &str) -> bool {
        self.or(self.view.flag(path), false).value
    }

    /// Whether the field holds this word, in whatever case; another one where it is not set.
    pub(crate) fn is_word(&mut self, path: &str, word: &str) -> bool {
        self.text_or(path, "").value.eq_ignore_ascii_case(word)
    }

    /// The blocks of a name; none where they are not set.
    pub(crate) fn blocks(&mut self, view: &View<'p>, path: &str) -> Vec<View<'p>> {
        self.or(view.blocks(path), Vec::new()).value
    }

    /// From what is expected to the maximum. Where only one of them is known, it is taken for both: an unknown number
    /// never makes the other smaller.
    pub(crate) fn range(&mut self, expected: Seen<Ratio>, worst: Seen<Ratio>) -> Option<Range> {
        let (expected, worst) = (self.need(expected), self.need(worst));
        match (expected, worst) {
            (Some(expected), Some(worst)) => Some(Range::between(expected, worst)),
            (Some(one), None) | (None, Some(one)) => Some(one.into()),
            (None, None) => None,
        }
    }

    /// Whether a field or block is set; what is unknown is listed, and taken for set.
    pub(crate) fn has(&mut self, view: &View<'p>, path: &str) -> bool {
        match view.presence(path) {
            Seen::Unset(_) => false,
            seen => {
                self.need(seen);
                true
            }
        }
    }

    /// The resource of these types that a field means, on the same side of the change.
    pub(crate) fn linked(&self, view: &View<'p>, path: &str, types: &[&str]) -> Option<View<'p>> {
        let change = self.links.target(view, path, types)?;
        self.links.view(change, self.side).map(View::of_other)
    }

    /// The same where it must be there.
    pub(crate) fn found(&mut self, view: &View<'p>, path: &str, types: &[&str]) -> Option<View<'p>> {
        let linked = self.linked(view, path, types);
        if linked.is_none() {
            self.gap::<()>(view.path(path), Why::NotFound);
        }
        linked
    }

    /// What scales this resource, on the same side of the change.
    pub(crate) fn scalers(&self) -> Vec<View<'p>> {
        let scalers = self.links.scalers(self.view.change);
        scalers.filter_map(|change| self.links.view(change, self.side)).map(View::of_other).collect()
    }

    /// Whether what this resource scales is in the plan.
    pub(crate) fn scales(&self) -> bool {
        self.links.scales(self.view.change)
    }

    pub(crate) fn put(&mut self, item: Item) {
        // Of nothing, no price is needed.
        if !item.choices.iter().all(|choice| choice.count.is_zero()) {
            self.items.push(item);
        }
    }

    pub(crate) fn gap<T>(&mut self, path: Path, why: Why) -> Option<T> {
        if self.listed.insert(path.clone()) {
            self.unknown.push((path, why));
        }
        None
    }

    /// A setting at `path` whose price is not known here.
    pub(crate) fn unsupported(&mut self, path: &str) {
        let path = self.view.path(path);
        self.gap::<()>(path, Why::Unsupported);
    }

    /// A use that nothing written bounds.
    pub(crate) fn unbounded(&mut self, path: &str) {
        let path = self.view.path(path);
        if self.listed.insert(path.clone()) {
            self.unbounded.push(path);
        }
    }
}
