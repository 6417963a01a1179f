//! Code: steps in blocks. A step that fails ends its block, and whoever goes through something tries the next part.

use std::sync::Arc;

use tollgate_rego_builtin::Builtin;
use tollgate_rego_resolve::tree::Collection;
use tollgate_rego_syntax::tree::Span;

use crate::lower::atom::Slot;

/// Steps that must all succeed.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// in order
    pub(crate) steps: Box<[Step]>,
    /// the condition that begins with each step, if one does; [`NO_MARK`] if none. Only tracing looks at them
    pub(crate) marks: Box<[u32]>,
}

/// No condition begins.
pub(crate) const NO_MARK: u32 = u32::MAX;

impl Block {
    /// A block of steps with which no condition begins.
    pub(crate) fn of(steps: Vec<Step>) -> Self {
        let marks = vec![NO_MARK; steps.len()].into_boxed_slice();
        Self { steps: steps.into_boxed_slice(), marks }
    }
}

/// A value at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    /// a slot of the frame
    Slot(Slot),
    /// a constant of the program
    Constant(u32),
    /// all of `input`
    Input,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// not `false`
    Truthy(Operand),
    /// put it there
    Copy { from: Operand, to: Slot },
    /// the same value
    Equal(Operand, Operand),
    /// compared
    Compare(Comparison, Operand, Operand),
    /// fixed keys below `from`, one after the other
    Path { from: Operand, keys: Box<[Arc<str>]>, to: Slot },
    /// something that is not `false` stands below fixed keys of `from`
    Has { from: Operand, keys: Box<[Arc<str>]> },
    /// nothing, or `false`, stands there
    Lacks { from: Operand, keys: Box<[Arc<str>]> },
    /// one key below `from`
    Get { from: Operand, key: Operand, to: Slot },
    /// a list of so many items
    ArrayOf(Operand, usize),
    /// an object of so many entries
    ObjectOf(Operand, usize),
    /// a list, set or object
    Collection(Operand),
    /// what is built from operands
    Build { what: Built, to: Slot },
    /// a builtin's result; without a place for it, it must not be `false`
    Builtin { builtin: &'static Builtin, arguments: Box<[Operand]>, to: Option<Slot>, at: Span },
    /// a regular expression of the program, found in a string
    Matches { pattern: u32, text: Operand, at: Span },
    /// `object.get` with fixed keys
    GetOr { from: Operand, keys: Box<[Arc<str>]>, otherwise: Operand, to: Slot, at: Span },
    /// a function's result; without a place for it, it must not be `false`
    Call { document: usize, arguments: Box<[Operand]>, to: Option<Slot>, at: Span },
    /// a virtual document
    Document { document: usize, to: Slot },
    /// what stands at a path below `data`
    Data { keys: Box<[Operand]>, to: Slot },
    /// each part of a collection in turn
    Scan { from: Operand, key: Option<Slot>, value: Option<Slot>, rest: Block },
    /// each key below a path of `data` in turn
    ScanData { keys: Box<[Operand]>, key: Slot, rest: Block },
    /// the relation `walk`
    Walk { from: Operand, path: Slot, value: Slot, rest: Block },
    /// the block has no solution
    Not(Block),
    /// all solutions of the block
    Collect { kind: Collection, block: Block, to: Slot },
    /// text and values in a row; a block without solution gives `<undefined>`
    Template { parts: Box<[Part]>, to: Slot },
    /// the block, with other documents and functions
    With { replaced: Box<[Replaced]>, block: Block },
    /// the rest, with the documents and functions from before
    Without(Block),
    /// for whoever listens: all values of each argument, in a row
    Print(Box<[Block]>, Span),
    /// for whoever watches: the case of a test begins
    Case(Operand),
    /// that is all: there is a solution
    Found,
    /// one more for the collection
    Add(Operand),
    /// one more entry for the collection
    AddEntry(Operand, Operand),
    /// the rule's value
    Return(Operand),
    /// it cannot succeed
    Fail,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// What is built.
#[derive(Clone, Debug)]
pub(crate) enum Built {
    Array(Box<[Operand]>),
    Set(Box<[Operand]>),
    Object(Box<[(Operand, Operand)]>),
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Text(Arc<str>),
    Value { block: Block, slot: Slot },
}

/// What `with` replaces.
#[derive(Clone, Debug)]
pub(crate) enum Replaced {
    Input(Box<[Arc<str>]>, Operand),
    Data(Box<[Arc<str>]>, Operand),
    Function(Called, Instead),
}

/// A function by what it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Called {
    Builtin(&'static Builtin),
    Document(usize),
}

/// What stands for a function.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instead {
    Value(Operand),
    Function(Called),
}
