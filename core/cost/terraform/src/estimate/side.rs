//! One side of a resource: its lines, and what they come to.

use std::collections::BTreeSet;

use tollgate_vocabulary::Path;

use crate::link::Links;
use crate::place::Place;
use crate::plan::Change;
use crate::price::Prices;
use crate::sheet::Sheet;
use crate::{Figures, Line, Outcome, Side, Why, kind};

/// A resource before or after its change; nothing of what is not there.
pub(super) struct Sided {
    pub(super) lines: Vec<Line>,
    pub(super) figures: Figures,
}

impl Sided {
    pub(super) fn of(change: &Change, side: Side, links: &Links<'_>, prices: &Prices<'_>) -> Self {
        let mut sided = Self { lines: Vec::new(), figures: Figures::zero(prices.book.currency()) };
        let Some(view) = links.view(change, side) else { return sided };
        let Some(kind) = kind::of(&change.kind) else {
            sided.lack(side, Path::root(), Outcome::Unknown(Why::Unsupported));
            return sided;
        };
        let place = Place::of(kind.cloud, &view, links.provider(change));
        let mut sheet = Sheet::new(view, place, side, links);
        kind.fill(&mut sheet);
        for field in kind.location() {
            // The provider's own region stands in for it, and need not be the same.
            let seen = sheet.view.text(field);
            sheet.optional(seen);
        }
        for item in &sheet.items {
            for line in prices.lines(item, &sheet.place, side) {
                sided.add(line);
            }
        }
        for (path, why) in sheet.unknown {
            sided.lack(side, path, Outcome::Unknown(why));
        }
        for path in sheet.unbounded {
            sided.lack(side, path, Outcome::Unbounded);
        }
        sided
    }

    /// Adds a line, or says that it does not fit.
    fn add(&mut self, mut line: Line) {
        if let Outcome::Priced { figures, .. } = &line.outcome {
            match self.figures.plus(*figures) {
                Ok(sum) => self.figures = sum,
                Err(_) => line.outcome = Outcome::Unknown(Why::TooLarge),
            }
        }
        self.lines.push(line);
    }

    fn lack(&mut self, side: Side, path: Path, outcome: Outcome) {
        self.lines.push(Line { side, fields: vec![path], key: None, outcome });
    }

    pub(super) fn unknown(&self) -> Vec<Path> {
        let unknown = self.lines.iter().filter(|line| matches!(line.outcome, Outcome::Unknown(_)));
        unique(unknown.map(|line| line.fields.first().cloned().unwrap_or_default()))
    }

    pub(super) fn unpriced(&self) -> Vec<String> {
        let unpriced =
            self.lines.iter().filter(|line| matches!(line.outcome, Outcome::Unpriced | Outcome::Unit { .. }));
        unique(unpriced.filter_map(|line| Some(line.key.as_ref()?.to_string())))
    }

    pub(super) fn unbounded(&self) -> Vec<Path> {
        let unbounded = self.lines.iter().filter(|line| line.outcome == Outcome::Unbounded);
        unique(unbounded.filter_map(|line| line.fields.first().cloned()))
    }

    /// Whether something is unknown or unpriced that was neither before.
    pub(super) fn lacks_more_than(&self, before: &Self) -> bool {
        let unknown: BTreeSet<Path> = before.unknown().into_iter().collect();
        let unpriced: BTreeSet<String> = before.unpriced().into_iter().collect();
        self.unknown().iter().any(|path| !unknown.contains(path))
            || self.unpriced().iter().any(|key| !unpriced.contains(key))
    }
}

/// Each once, in the order in which it comes first.
fn unique<T: Clone + Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.filter(|item| seen.insert(item.clone())).collect()
}
