//! Conditions taken apart: each atom does one thing, with operands that are locals, constants or built from them.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego_builtin::Builtin;
use tollgate_rego_resolve::tree::{Collection, Path};
use tollgate_rego_syntax::tree::Span;

use crate::constant::Constant;

/// A local of a rule, or a value that lowering names.
pub(crate) type Slot = u32;

/// An operand: a value, or a pattern where some of its slots are not bound yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Constant(Constant),
    Slot(Slot),
    Array(Vec<Shape>),
    Set(Vec<Shape>),
    Object(Vec<(Shape, Shape)>),
}

/// One thing that must hold.
#[derive(Clone, Debug)]
pub(crate) struct Atom {
    pub(crate) kind: AtomKind,
    pub(crate) span: Span,
    /// the condition that it is part of: index into the rule's conditions; none in heads and patterns
    pub(crate) condition: Option<u32>,
    /// an operand of a negation: it binds nothing but its target
    pub(crate) negated: bool,
}

/// A condition as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) span: Span,
    pub(crate) role: Role,
}

/// What a condition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// it gives names to what others judge: `x := ..`, `some x in ..`
    Binds,
    /// it says what the rule is about: the kind, the operation, the name
    Selects,
    /// it wants a certain value
    Equals,
    /// it asks another rule or function, which may be why, or only make an exception
    Asks,
    /// anything else
    Judges,
}

#[derive(Clone, Debug)]
pub(crate) enum AtomKind {
    /// defined and not `false`
    Test(Shape),
    /// equal, binding what is not bound
    Unify(Shape, Shape),
    /// what stands at the steps below the base; without a target it must not be `false`
    Read { target: Option<Shape>, base: Root, steps: Vec<Shape> },
    /// the result of a call; without a target it must not be `false`
    Call { target: Option<Shape>, callee: Function, arguments: Vec<Shape> },
    /// a comprehension
    Collect { target: Slot, kind: Collection, key: Option<Shape>, value: Shape, body: Inner },
    /// the parts of a template, each a body with a slot
    Template { target: Slot, parts: Vec<Piece> },
    /// the body has no solution
    Not(Inner),
    /// the body has a solution for each part of the collection
    Every { collection: Shape, key: Option<Slot>, value: Slot, body: Inner },
    /// what each argument is, for whoever listens: all its values, each behind a body
    Print(Vec<(Inner, Shape)>),
    /// the case of a test begins that these name
    Case(Vec<Shape>),
    /// the body, with other documents and functions
    With { replaced: Vec<(Replaced, Replacement)>, body: Vec<Atom> },
}

/// A body within: its atoms, and the slots of others that it needs.
#[derive(Clone, Debug)]
pub(crate) struct Inner {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) free: BTreeSet<Slot>,
}

#[derive(Clone, Debug)]
pub(crate) enum Piece {
    Text(Arc<str>),
    Value { body: Inner, value: Slot },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Input,
    Data,
    Slot(Slot),
}

#[derive(Clone, Debug)]
pub(crate) enum Function {
    Builtin(&'static Builtin),
    Rule(Path),
}

#[derive(Clone, Debug)]
pub(crate) enum Replaced {
    Input(Vec<Arc<str>>),
    Data(Vec<Arc<str>>),
    Builtin(&'static Builtin),
    Function(Path),
}

#[derive(Clone, Debug)]
pub(crate) enum Replacement {
    Value(Shape),
    Function(Function),
}

impl Shape {
    /// Every slot in it.
    pub(crate) fn each_slot(&self, with: &mut impl FnMut(Slot)) {
        match self {
            Self::Constant(_) => {}
            Self::Slot(slot) => with(*slot),
            Self::Array(items) | Self::Set(items) => items.iter().for_each(|item| item.each_slot(with)),
            Self::Object(entries) => entries.iter().for_each(|(key, value)| {
                key.each_slot(with);
                value.each_slot(with);
            }),
        }
    }

    /// Every slot that matching it with a value would bind: not those in sets and keys.
    pub(crate) fn each_bindable(&self, with: &mut impl FnMut(Slot)) {
        match self {
            Self::Constant(_) | Self::Set(_) => {}
            Self::Slot(slot) => with(*slot),
            Self::Array(items) => items.iter().for_each(|item| item.each_bindable(with)),
            Self::Object(entries) => entries.iter().for_each(|(_, value)| value.each_bindable(with)),
        }
    }
}

impl Atom {
    /// Every slot that it names or needs, outside of what is within.
    pub(crate) fn each_slot(&self, with: &mut impl FnMut(Slot)) {
        match &self.kind {
            AtomKind::Test(shape) => shape.each_slot(with),
            AtomKind::Unify(a, b) => {
                a.each_slot(with);
                b.each_slot(with);
            }
            AtomKind::Read { target, base, steps } => {
                target.iter().for_each(|target| target.each_slot(with));
                if let Root::Slot(slot) = base {
                    with(*slot);
                }
                steps.iter().for_each(|step| step.each_slot(with));
            }
            AtomKind::Call { target, arguments, .. } => {
                target.iter().chain(arguments).for_each(|shape| shape.each_slot(with));
            }
            AtomKind::Collect { target, body, .. } => {
                with(*target);
                body.free.iter().for_each(|slot| with(*slot));
            }
            AtomKind::Template { target, parts } => {
                with(*target);
                for part in parts {
                    if let Piece::Value { body, .. } = part {
                        body.free.iter().for_each(|slot| with(*slot));
                    }
                }
            }
            AtomKind::Not(body) => body.free.iter().for_each(|slot| with(*slot)),
            AtomKind::Print(arguments) => {
                arguments.iter().flat_map(|(body, _)| &body.free).for_each(|slot| with(*slot));
            }
            AtomKind::Case(keys) => keys.iter().for_each(|key| key.each_slot(with)),
            AtomKind::Every { collection, body, .. } => {
                collection.each_slot(with);
                body.free.iter().for_each(|slot| with(*slot));
            }
            AtomKind::With { replaced, body } => {
                for (_, replacement) in replaced {
                    if let Replacement::Value(shape) = replacement {
                        shape.each_slot(with);
                    }
                }
                body.iter().for_each(|atom| atom.each_slot(with));
            }
        }
    }
}
