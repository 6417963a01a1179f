//! In which order the conditions of a body are looked at: what binds a local comes before what needs it, and otherwise
//! they stay as written.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_rego_resolve::tree::{Base, Body, Literal, LiteralKind, LocalId, Term, TermKind};

use crate::walk::{Visitor, walk_literal, walk_term};

/// Places in `body.literals`. `bound` tells which locals are bound already.
pub(crate) fn of(body: &Body, bound: impl Fn(LocalId) -> bool) -> Vec<usize> {
    let parts: Vec<Parts> = body.literals.iter().map(Parts::of).collect();
    let mut binders: BTreeMap<LocalId, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        part.binds.iter().for_each(|local| binders.entry(*local).or_default().push(at));
    }
    let mut waits: Vec<usize> = vec![0; parts.len()];
    let mut waiting: BTreeMap<LocalId, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        for local in part.needs.difference(&part.binds).filter(|local| !bound(**local)) {
            if binders.contains_key(local) {
                waiting.entry(*local).or_default().push(at);
                if let Some(waits) = waits.get_mut(at) {
                    *waits = waits.saturating_add(1);
                }
            }
        }
    }
    // `a = b` goes on when one of them is bound by something else.
    for (at, part) in parts.iter().enumerate() {
        let Some(pair) = part.pair.filter(|pair| !pair.iter().any(|local| bound(*local))) else { continue };
        let others = |local: &LocalId| {
            binders.get(local).is_some_and(|binders| binders.iter().any(|other| *other != at))
        };
        if pair.iter().any(others) {
            pair.iter().for_each(|local| waiting.entry(*local).or_default().push(at));
            if let Some(waits) = waits.get_mut(at) {
                *waits = 1;
            }
        }
    }
    let mut ready: BTreeSet<usize> = (0..parts.len()).filter(|at| waits.get(*at) == Some(&0)).collect();
    let mut left: BTreeSet<usize> = (0..parts.len()).collect();
    let mut order = Vec::with_capacity(parts.len());
    // Where nothing is ready the conditions wait for one another: unsafe, and the first goes first.
    while let Some(at) = ready.pop_first().or_else(|| left.first().copied()) {
        if !left.remove(&at) {
            continue;
        }
        order.push(at);
        for local in parts.get(at).map(|part| &part.binds).into_iter().flatten() {
            for waiter in waiting.remove(local).unwrap_or_default() {
                if let Some(waits) = waits.get_mut(waiter) {
                    *waits = waits.saturating_sub(1);
                    if *waits == 0 {
                        ready.insert(waiter);
                    }
                }
            }
        }
    }
    order
}

/// The locals of a condition.
#[derive(Default)]
struct Parts {
    binds: BTreeSet<LocalId>,
    needs: BTreeSet<LocalId>,
    /// the two sides of `a = b`
    pair: Option<[LocalId; 2]>,
}

impl Parts {
    fn of(literal: &Literal) -> Self {
        let mut parts = Self::default();
        match &literal.kind {
            LiteralKind::Term(term) => parts.either(term),
            LiteralKind::Assign(pattern, term) => {
                parts.pattern(pattern);
                parts.input(term);
            }
            LiteralKind::Unify(a, b) => {
                parts.either(a);
                parts.either(b);
                if let (TermKind::Local(a), TermKind::Local(b)) = (&a.kind, &b.kind) {
                    parts.pair = Some([*a, *b]);
                }
            }
            LiteralKind::SomeIn { key, value, collection } => {
                key.iter().chain([value]).for_each(|pattern| parts.pattern(pattern));
                parts.input(collection);
            }
            LiteralKind::Not(_) | LiteralKind::NotBody(_) | LiteralKind::Every { .. } => {
                walk_literal(&mut All(&mut parts.needs), literal);
            }
        }
        parts
    }

    /// A term that is unified with another: its names may be bound.
    fn either(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Local(_) | TermKind::Array(_) | TermKind::Object(_) => self.pattern(term),
            _ => self.input(term),
        }
    }

    fn pattern(&mut self, pattern: &Term) {
        match &pattern.kind {
            TermKind::Local(local) => _ = self.binds.insert(*local),
            TermKind::Array(items) => items.iter().for_each(|item| self.pattern(item)),
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.input(key);
                    self.pattern(value);
                }
            }
            _ => self.input(pattern),
        }
    }

    /// A term whose value is needed; only steps of references bind.
    fn input(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Local(local) => _ = self.needs.insert(*local),
            TermKind::Ref { base, steps } => {
                match base {
                    Base::Local(local) => _ = self.needs.insert(*local),
                    Base::Term(term) => self.input(term),
                    Base::Input | Base::Data => {}
                }
                steps.iter().for_each(|step| self.either(step));
            }
            TermKind::Call { arguments, .. } => arguments.iter().for_each(|argument| self.input(argument)),
            TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|item| self.input(item)),
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.input(key);
                    self.input(value);
                }
            }
            TermKind::Comprehension { .. } | TermKind::Template(_) => All(&mut self.needs).term(term),
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => {}
        }
    }
}

/// Every local there is.
struct All<'n>(&'n mut BTreeSet<LocalId>);

impl<'a> Visitor<'a> for All<'_> {
    fn term(&mut self, term: &'a Term) {
        match &term.kind {
            TermKind::Local(local) | TermKind::Ref { base: Base::Local(local), .. } => {
                _ = self.0.insert(*local)
            }
            _ => {}
        }
        walk_term(self, term);
    }
}
