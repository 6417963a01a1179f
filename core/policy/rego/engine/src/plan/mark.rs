//! Atoms behind their marks: what each begins, for whoever traces and whoever watches.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::block::{Blocks, Opener};
use super::body::Planner;
use super::program::Mark;
use super::sight::{Sight, Term};
use crate::lower::atom::{Atom, AtomKind, Role, Slot};

/// How many of the names that an atom uses are told.
const USES: usize = 12;

impl Planner<'_> {
    pub(super) fn atoms(&mut self, atoms: &[Atom], blocks: &mut Blocks) {
        let mut ends: BTreeMap<Option<u32>, (usize, usize)> = BTreeMap::new();
        for (at, atom) in atoms.iter().enumerate() {
            ends.entry(atom.condition).and_modify(|ends| ends.1 = at).or_insert((at, at));
        }
        for (at, atom) in atoms.iter().enumerate() {
            if self.is_too_deep(atom.span, blocks) {
                return;
            }
            let (first, last) = ends.get(&atom.condition).copied().unwrap_or((at, at));
            self.marked(atom, (first == at, last == at), blocks);
        }
    }

    /// An atom behind its mark: whether its condition begins with it, and whether it ends with it.
    fn marked(&mut self, atom: &Atom, (first, last): (bool, bool), blocks: &mut Blocks) {
        let within = atom.condition.is_some() && atom.condition == self.around;
        let leads_on = matches!(atom.kind, AtomKind::With { .. });
        let sight = Sight {
            condition: atom.condition.map(|at| self.first_condition.saturating_add(at)),
            first: first && !within,
            last: last && !within && !leads_on,
            within,
            term: Term::At(atom.span),
            value: None,
            uses: self.uses(atom),
        };
        let mark = self.mark(atom, sight);
        blocks.mark(mark);
        self.value = None;
        match &atom.kind {
            AtomKind::With { replaced, body } => {
                let replaced = replaced.iter().filter_map(|pair| self.replaced(pair, blocks)).collect();
                blocks.open(Opener::With(replaced));
                for (at, inner) in body.iter().enumerate() {
                    self.marked(inner, (false, last && at + 1 == body.len()), blocks);
                }
                blocks.open(Opener::Without);
            }
            _ => self.atom(atom, blocks),
        }
        let value = self.value.take();
        let name = value.and_then(|slot| self.names.get(slot as usize)).filter(|name| &***name != "_");
        if let Some(sight) = self.plan.sights.get_mut(mark as usize) {
            sight.value = value;
            if let Some(name) = name {
                sight.term = Term::Name(name.clone());
            } else if let Some(only) = negated(&atom.kind) {
                sight.term = Term::At(only.span);
            }
        }
    }

    /// The names whose values an atom uses.
    fn uses(&self, atom: &Atom) -> Box<[(Arc<str>, Slot)]> {
        let mut uses: Vec<(Arc<str>, Slot)> = Vec::new();
        let within = matches!(
            atom.kind,
            AtomKind::Collect { .. } | AtomKind::With { .. } | AtomKind::Every { .. } | AtomKind::Print(_)
        );
        if !within {
            atom.each_slot(&mut |slot| {
                let name = self.names.get(slot as usize).filter(|name| &***name != "_");
                if let (Some(name), true) = (name, self.bound.has(slot))
                    && uses.len() < USES
                    && uses.iter().all(|(_, other)| *other != slot)
                {
                    uses.push((name.clone(), slot));
                }
            });
        }
        uses.into()
    }

    fn mark(&mut self, atom: &Atom, sight: Sight) -> u32 {
        let condition = atom.condition.and_then(|at| self.conditions.get(at as usize));
        let mark = Mark {
            file: self.file,
            span: condition.map_or(atom.span, |condition| condition.span),
            condition: atom.condition,
            role: condition.map_or(Role::Binds, |condition| condition.role),
        };
        self.plan.mark(mark, sight)
    }
}

/// What a negation is about, where it is one thing.
fn negated(kind: &AtomKind) -> Option<&Atom> {
    match kind {
        AtomKind::Not(inner) => match inner.atoms.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}
