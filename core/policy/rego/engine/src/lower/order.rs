//! Atoms in an order in which each finds bound what it needs; who finds none is unsafe.
//!
//! As OPA does it: pass after pass, each atom that can be placed is, in the order written.

use std::collections::BTreeSet;

use super::atom::{Atom, AtomKind, Inner, Piece, Replacement, Root, Shape, Slot};
use crate::constant::Constant;

/// The slots that are bound.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bound(Vec<bool>);

impl Bound {
    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.0.get(slot as usize).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, slot: Slot) {
        let at = slot as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, false);
        }
        if let Some(bound) = self.0.get_mut(at) {
            *bound = true;
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
}

/// Puts `atoms` in order. What comes back are the atoms and slots that cannot be bound.
pub(crate) fn order(atoms: &mut Vec<Atom>, bound: &mut Bound) -> Vec<Unsafe> {
    let mut waiting = std::mem::take(atoms);
    let mut problems = Vec::new();
    loop {
        let before = atoms.len();
        let mut left = Vec::with_capacity(waiting.len());
        for mut atom in waiting {
            match place(&atom, bound) {
                Some(after) => {
                    if let AtomKind::With { body, .. } = &mut atom.kind {
                        problems.extend(order(body, &mut bound.clone()));
                    }
                    *bound = after;
                    atoms.push(atom);
                }
                None => left.push(atom),
            }
        }
        waiting = left;
        if waiting.is_empty() || atoms.len() == before {
            break;
        }
    }
    problems.extend(waiting.iter().flat_map(|atom| missing(atom, bound)));
    if problems.is_empty() {
        within(atoms, &mut problems);
    }
    problems
}

/// An atom that never finds its operands bound.
#[derive(Debug)]
pub(crate) struct Unsafe {
    pub(crate) span: tollgate_rego_syntax::tree::Span,
    pub(crate) slots: BTreeSet<Slot>,
}

fn missing(atom: &Atom, bound: &Bound) -> Vec<Unsafe> {
    if let AtomKind::With { body, .. } = &atom.kind {
        // What is missing may stand in a closure within.
        let within = order(&mut body.clone(), &mut bound.clone());
        if !within.is_empty() {
            return within;
        }
    }
    let mut slots = BTreeSet::new();
    atom.each_slot(&mut |slot| {
        if !bound.has(slot) {
            slots.insert(slot);
        }
    });
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
            // Ordered when it was placed, and what is within it.
            AtomKind::With { .. } => {}
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
pub(super) fn hoist(atoms: &mut Vec<Atom>, tail: usize, arguments: &Bound) {
    for from in tail..atoms.len() {
        let mut bound = arguments.clone();
        let mut to = from;
        for (at, atom) in atoms.iter().take(from).enumerate() {
            if atoms.get(from).and_then(|moved| place(moved, &bound)).is_some() {
                to = at;
                break;
            }
            if let Some(after) = place(atom, &bound) {
                bound = after;
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

/// What is bound after `atom`, where it can stand here.
fn place(atom: &Atom, bound: &Bound) -> Option<Bound> {
    let mut after = bound.clone();
    let all = |slots: &BTreeSet<Slot>| slots.iter().all(|slot| bound.has(*slot));
    match &atom.kind {
        AtomKind::Test(shape) => bound.covers(shape).then_some(after),
        AtomKind::Unify(left, right) => {
            unify(left, right, &mut after);
            (after.covers(left) && after.covers(right)).then_some(after)
        }
        AtomKind::Read { target, base, steps } => {
            if let Root::Slot(slot) = base
                && !bound.has(*slot)
            {
                return None;
            }
            if !atom.negated {
                steps.iter().for_each(|step| after.cover_all(step));
            }
            target.iter().for_each(|target| after.cover_all(target));
            steps.iter().chain(target).all(|shape| after.covers(shape)).then_some(after)
        }
        AtomKind::Call { target, arguments, .. } => {
            if !arguments.iter().all(|argument| bound.covers(argument)) {
                return None;
            }
            target.iter().for_each(|target| after.cover_all(target));
            target.iter().all(|target| after.covers(target)).then_some(after)
        }
        AtomKind::Collect { target, body, .. } => all(&body.free).then(|| {
            after.add(*target);
            after
        }),
        AtomKind::Template { target, parts } => {
            let ready = parts.iter().all(|part| match part {
                Piece::Text(_) => true,
                Piece::Value { body, .. } => all(&body.free),
            });
            ready.then(|| {
                after.add(*target);
                after
            })
        }
        AtomKind::Not(body) => all(&body.free).then_some(after),
        AtomKind::Print(arguments) => arguments.iter().all(|(body, _)| all(&body.free)).then_some(after),
        AtomKind::Case(keys) => keys.iter().all(|key| bound.covers(key)).then_some(after),
        AtomKind::Every { collection, body, .. } => {
            (bound.covers(collection) && all(&body.free)).then_some(after)
        }
        AtomKind::With { replaced, body } => {
            let ready = replaced.iter().all(|(_, replacement)| match replacement {
                Replacement::Value(shape) => bound.covers(shape),
                Replacement::Function(_) => true,
            });
            let mut inside = body.clone();
            (ready && order(&mut inside, &mut after).is_empty()).then_some(after)
        }
    }
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

pub(crate) fn split(left: &Shape, right: &Shape) -> Split {
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
            let pair = |(key, value): &(Shape, Shape)| {
                b.iter().find(|(other, _)| other == key).map(|(_, other)| (value.clone(), other.clone()))
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
