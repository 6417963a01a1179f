//! Atoms in an order in which each finds bound what it needs; who finds none is unsafe.
//!
//! As OPA does it: pass after pass, each atom that can be placed is, in the order written. An atom is looked at again
//! only when a slot that it waits for got bound, so that the order written does not matter for how long it takes.

use std::collections::{BTreeMap, BTreeSet};

use super::atom::{Atom, AtomKind, Inner, Piece, Replacement, Root, Shape, Slot};
use crate::constant::Constant;

/// The slots that are bound, and in which order they became so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bound {
    has: Vec<bool>,
    order: Vec<Slot>,
}

impl Bound {
    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.has.get(slot as usize).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, slot: Slot) {
        let at = slot as usize;
        if self.has.len() <= at {
            self.has.resize(at + 1, false);
        }
        if let Some(bound) = self.has.get_mut(at)
            && !*bound
        {
            *bound = true;
            self.order.push(slot);
        }
    }

    pub(crate) fn covers(&self, shape: &Shape) -> bool {
        let mut all = true;
        shape.each_slot(&mut |slot| all &= self.has(slot));
        all
    }

    fn cover_all(&mut self, shape: &Shape) {
        shape.each_bindable(&mut |slot| self.add(slot));
    }

    /// How many slots are bound.
    pub(crate) const fn len(&self) -> usize {
        self.order.len()
    }

    /// Forgets the slots that were bound after the first `len`.
    pub(crate) fn back(&mut self, len: usize) {
        for slot in self.order.drain(len.min(self.order.len())..) {
            if let Some(bound) = self.has.get_mut(slot as usize) {
                *bound = false;
            }
        }
    }

    /// The slots that were bound after the first `len`.
    fn since(&self, len: usize) -> Vec<Slot> {
        self.order.get(len..).unwrap_or_default().to_vec()
    }
}

/// Puts `atoms` in order, and those within them. What comes back are the atoms and slots that cannot be bound.
pub(crate) fn order(atoms: &mut Vec<Atom>, bound: &mut Bound) -> Vec<Unsafe> {
    let mut problems = arrange(atoms, bound);
    if problems.is_empty() {
        within(atoms, &mut problems);
    }
    problems
}

/// Puts `atoms` in order, and not yet those of their closures.
fn arrange(atoms: &mut Vec<Atom>, bound: &mut Bound) -> Vec<Unsafe> {
    let (order, left) = arrangement(atoms, bound);
    let mut waiting: Vec<Option<Atom>> = std::mem::take(atoms).into_iter().map(Some).collect();
    let mut taken = |at: usize| waiting.get_mut(at).and_then(Option::take);
    for (at, within) in order {
        let Some(mut atom) = taken(at) else { continue };
        if let AtomKind::With { body, .. } = &mut atom.kind {
            let mut parts: Vec<Option<Atom>> = std::mem::take(body).into_iter().map(Some).collect();
            body.extend(within.into_iter().filter_map(|at| parts.get_mut(at).and_then(Option::take)));
        }
        atoms.push(atom);
    }
    left.into_iter().filter_map(taken).flat_map(|atom| missing(atom, bound)).collect()
}

/// An atom that is placed, by its index, and the order of those in its `with`.
type Placed = (usize, Vec<usize>);

/// The order of atoms, and those that cannot be placed.
fn arrangement(atoms: &[Atom], bound: &mut Bound) -> (Vec<Placed>, Vec<usize>) {
    let mut order = Vec::with_capacity(atoms.len());
    // By pass and index.
    let mut ready: BTreeSet<(usize, usize)> = (0..atoms.len()).map(|at| (0, at)).collect();
    let mut left: BTreeSet<usize> = (0..atoms.len()).collect();
    let mut waiting: BTreeMap<Slot, Vec<usize>> = BTreeMap::new();
    let mut watched = BTreeSet::new();
    while let Some((pass, at)) = ready.pop_first() {
        let Some(atom) = atoms.get(at).filter(|_| left.contains(&at)) else { continue };
        let before = bound.len();
        match place(atom, bound) {
            Some(within) => {
                left.remove(&at);
                order.push((at, within));
                for slot in bound.since(before) {
                    let again = waiting.remove(&slot).unwrap_or_default();
                    ready.extend(again.into_iter().map(|other| (pass + usize::from(other < at), other)));
                }
            }
            None => {
                bound.back(before);
                if watched.insert(at) {
                    atom.each_slot(&mut |slot| {
                        if !bound.has(slot) {
                            waiting.entry(slot).or_default().push(at);
                        }
                    });
                }
            }
        }
    }
    (order, left.into_iter().collect())
}

/// An atom that never finds its operands bound.
#[derive(Debug)]
pub(crate) struct Unsafe {
    pub(crate) span: tollgate_rego_syntax::tree::Span,
    pub(crate) slots: BTreeSet<Slot>,
}

fn missing(atom: Atom, bound: &mut Bound) -> Vec<Unsafe> {
    let mut slots = BTreeSet::new();
    atom.each_slot(&mut |slot| {
        if !bound.has(slot) {
            slots.insert(slot);
        }
    });
    if let AtomKind::With { mut body, .. } = atom.kind {
        // What is missing may stand in one of its atoms.
        let before = bound.len();
        let within = arrange(&mut body, bound);
        bound.back(before);
        if !within.is_empty() {
            return within;
        }
    }
    vec![Unsafe { span: atom.span, slots }]
}

/// Orders what stands within the atoms. Whatever is bound where they stand is bound within.
fn within(atoms: &mut [Atom], problems: &mut Vec<Unsafe>) {
    for atom in atoms {
        match &mut atom.kind {
            AtomKind::Collect { key, value, body, .. } => {
                let mut bound = free(body);
                problems.extend(order(&mut body.atoms, &mut bound));
                for shape in key.iter().chain([&*value]) {
                    let slots = unbound(shape, &bound);
                    if !slots.is_empty() {
                        problems.push(Unsafe { span: atom.span, slots });
                    }
                }
            }
            AtomKind::Not(body) => {
                let mut bound = free(body);
                problems.extend(order(&mut body.atoms, &mut bound));
            }
            AtomKind::Every { key, value, body, .. } => {
                let mut bound = free(body);
                key.iter().chain([&*value]).for_each(|slot| bound.add(*slot));
                problems.extend(order(&mut body.atoms, &mut bound));
            }
            AtomKind::Print(arguments) => {
                for (body, value) in arguments {
                    let mut bound = free(body);
                    problems.extend(order(&mut body.atoms, &mut bound));
                    if !bound.covers(value) {
                        problems.push(Unsafe { span: atom.span, slots: unbound(value, &bound) });
                    }
                }
            }
            AtomKind::Template { parts, .. } => {
                for part in parts {
                    if let Piece::Value { body, .. } = part {
                        let mut bound = free(body);
                        problems.extend(order(&mut body.atoms, &mut bound));
                    }
                }
            }
            // Ordered when it was placed; what is within it is not.
            AtomKind::With { body, .. } => within(body, problems),
            AtomKind::Test(_)
            | AtomKind::Unify(..)
            | AtomKind::Read { .. }
            | AtomKind::Call { .. }
            | AtomKind::Case(_) => {}
        }
    }
}

/// The slots of a shape that nothing binds.
pub(super) fn unbound(shape: &Shape, bound: &Bound) -> BTreeSet<Slot> {
    let mut slots = BTreeSet::new();
    shape.each_slot(&mut |slot| {
        if !bound.has(slot) {
            slots.insert(slot);
        }
    });
    slots
}

/// Moves the atoms from `tail` on up to where all that they need is bound.
pub(super) fn hoist(atoms: &mut Vec<Atom>, tail: usize, arguments: &[Slot]) {
    for from in tail..atoms.len() {
        let mut bound = Bound::default();
        arguments.iter().for_each(|slot| bound.add(*slot));
        let mut to = from;
        for (at, atom) in atoms.iter().take(from).enumerate() {
            let before = bound.len();
            if atoms.get(from).and_then(|moved| place(moved, &mut bound)).is_some() {
                to = at;
                break;
            }
            bound.back(before);
            if place(atom, &mut bound).is_none() {
                bound.back(before);
            }
        }
        if to < from {
            let moved = atoms.remove(from);
            atoms.insert(to, moved);
        }
    }
}

fn free(body: &Inner) -> Bound {
    let mut bound = Bound::default();
    body.free.iter().for_each(|slot| bound.add(*slot));
    bound
}

/// Binds what `atom` binds, where it can stand here: the order of the atoms in its `with` comes back. Where it cannot,
/// what is bound is to be forgotten.
fn place(atom: &Atom, bound: &mut Bound) -> Option<Vec<usize>> {
    let all = |bound: &Bound, slots: &BTreeSet<Slot>| slots.iter().all(|slot| bound.has(*slot));
    let placed = match &atom.kind {
        AtomKind::Test(shape) => bound.covers(shape),
        AtomKind::Unify(left, right) => {
            unify(left, right, bound);
            bound.covers(left) && bound.covers(right)
        }
        AtomKind::Read { target, base, steps } => {
            if let Root::Slot(slot) = base
                && !bound.has(*slot)
            {
                return None;
            }
            if !atom.negated {
                steps.iter().for_each(|step| bound.cover_all(step));
            }
            target.iter().for_each(|target| bound.cover_all(target));
            steps.iter().chain(target).all(|shape| bound.covers(shape))
        }
        AtomKind::Call { target, arguments, .. } => {
            if !arguments.iter().all(|argument| bound.covers(argument)) {
                return None;
            }
            target.iter().for_each(|target| bound.cover_all(target));
            target.iter().all(|target| bound.covers(target))
        }
        AtomKind::Collect { target, body, .. } => {
            let ready = all(bound, &body.free);
            bound.add(*target);
            ready
        }
        AtomKind::Template { target, parts } => {
            let ready = parts.iter().all(|part| match part {
                Piece::Text(_) => true,
                Piece::Value { body, .. } => all(bound, &body.free),
            });
            bound.add(*target);
            ready
        }
        AtomKind::Print(arguments) => arguments.iter().all(|(body, _)| all(bound, &body.free)),
        AtomKind::Case(keys) => keys.iter().all(|key| bound.covers(key)),
        AtomKind::Not(body) => all(bound, &body.free),
        AtomKind::Every { collection, body, .. } => bound.covers(collection) && all(bound, &body.free),
        AtomKind::With { replaced, body } => {
            let ready = replaced.iter().all(|(_, replacement)| match replacement {
                Replacement::Value(shape) => bound.covers(shape),
                Replacement::Function(_) => true,
            });
            if !ready {
                return None;
            }
            let (order, left) = arrangement(body, bound);
            // Only conditions stand in a `with` themselves; another one is in a closure of its own.
            return left.is_empty().then(|| order.into_iter().map(|(at, _)| at).collect());
        }
    };
    placed.then(Vec::new)
}

/// What equating two shapes binds. The same steps, in the same order, as `plan` makes code of.
pub(crate) fn unify(left: &Shape, right: &Shape, bound: &mut Bound) {
    let mut pairs = vec![(left.clone(), right.clone())];
    loop {
        let mut waiting = Vec::new();
        let mut moved = false;
        while let Some((left, right)) = pairs.pop() {
            match split(&left, &right) {
                Split::Into(mut parts) => {
                    moved = true;
                    parts.reverse();
                    pairs.append(&mut parts);
                }
                Split::Never => return,
                Split::Whole => {
                    if bound.covers(&left) {
                        bound.cover_all(&right);
                        moved = true;
                    } else if bound.covers(&right) {
                        bound.cover_all(&left);
                        moved = true;
                    } else {
                        waiting.push((left, right));
                    }
                }
            }
        }
        if waiting.is_empty() || !moved {
            return;
        }
        waiting.reverse();
        pairs = waiting;
        // Only what got bound meanwhile can move those that wait.
        let any = pairs.iter().any(|(left, right)| bound.covers(left) || bound.covers(right));
        if !any {
            return;
        }
    }
}

/// Two shapes taken apart.
pub(crate) enum Split {
    /// into pairs
    Into(Vec<(Shape, Shape)>),
    /// not: one is a slot, or they cannot be compared part by part
    Whole,
    /// they can never be equal
    Never,
}

pub(crate) fn split<'s>(left: &'s Shape, right: &'s Shape) -> Split {
    match (left, right) {
        (Shape::Array(a), Shape::Array(b)) => {
            if a.len() == b.len() {
                Split::Into(a.iter().cloned().zip(b.iter().cloned()).collect())
            } else {
                Split::Never
            }
        }
        (Shape::Object(a), Shape::Object(b)) => {
            let fixed =
                |entries: &[(Shape, Shape)]| entries.iter().all(|(key, _)| matches!(key, Shape::Constant(_)));
            if !fixed(a) || !fixed(b) {
                return Split::Whole;
            }
            if a.len() != b.len() {
                return Split::Never;
            }
            let by_key = |(key, value): &'s (Shape, Shape)| match key {
                Shape::Constant(key) => Some((key, value)),
                _ => None,
            };
            let mut others: BTreeMap<&Constant, &Shape> = BTreeMap::new();
            for (key, value) in b.iter().filter_map(by_key) {
                others.entry(key).or_insert(value);
            }
            let pair = |entry: &'s (Shape, Shape)| {
                let (key, value) = by_key(entry)?;
                others.get(key).map(|other| (value.clone(), (*other).clone()))
            };
            match a.iter().map(pair).collect() {
                Some(pairs) => Split::Into(pairs),
                None => Split::Never,
            }
        }
        (Shape::Array(items), Shape::Constant(constant))
        | (Shape::Constant(constant), Shape::Array(items)) => match constant {
            Constant::Array(others) if others.len() == items.len() => Split::Whole,
            _ => Split::Never,
        },
        (Shape::Object(entries), Shape::Constant(constant))
        | (Shape::Constant(constant), Shape::Object(entries)) => match constant {
            Constant::Object(others) if others.len() == entries.len() => Split::Whole,
            _ => Split::Never,
        },
        _ => Split::Whole,
    }
}
