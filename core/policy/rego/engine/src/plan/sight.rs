//! What whoever watches an evaluation wants to know of the plan: conditions and heads as they are written, and which
//! part of which condition each mark begins.
//!
//! INVARIANT: [`super::Plan::sights`] and [`super::Plan::marks`] are parallel.

use std::sync::Arc;

use tollgate_rego_syntax::tree::Span;

use crate::lower::atom::Slot;

/// A condition of a program, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// index of its file
    pub file: usize,
    /// where it stands
    pub span: Span,
    /// its rule, by its index among the resolved
    pub rule: usize,
    /// whether it only gives a name to something (`x := ..`, `some x in ..`) or prints: it is not there to fail
    pub binds: bool,
}

/// The head of a rule, or what stands before the body of an `else`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// index of its file
    pub file: usize,
    /// where it stands
    pub span: Span,
    /// its rule, by its index among the resolved
    pub rule: usize,
}

/// What a mark begins.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// the condition, by its number among the program's; none in heads and patterns
    pub(crate) condition: Option<u32>,
    /// the condition begins here
    pub(crate) first: bool,
    /// what follows it here follows the condition
    pub(crate) last: bool,
    /// it stands in a block of its own within the condition: its failing is not the condition's
    pub(crate) within: bool,
    /// the term that is worked out
    pub(crate) term: Term,
    /// where its value is put
    pub(crate) value: Option<Slot>,
    /// the names that it uses, and where their values are
    pub(crate) uses: Box<[(Arc<str>, Slot)]>,
}

/// A term, as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// a variable, by its name
    Name(Arc<str>),
    /// what stands there, in the file of its condition
    At(Span),
}
