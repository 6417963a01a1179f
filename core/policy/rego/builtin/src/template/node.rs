//! A template read.

use std::collections::BTreeMap;

/// All templates of a text, by name; the text itself is the one named `template`.
pub(super) type Templates = BTreeMap<String, Vec<Node>>;

/// A piece of a template.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Text(String),
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template { line: usize, name: String, data: Option<Pipe> },
    Break,
    Continue,
}

/// A condition, and what is done where it holds and where not.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which is given what the one before it gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Pipe {
    pub(super) line: usize,
    /// the variables that it sets
    pub(super) variables: Vec<String>,
    /// whether they are there already
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Operand>>,
}

/// A part of a command.
#[derive(Clone, Debug)]
pub(super) enum Operand {
    Dot,
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// names below the dot
    Field(Vec<String>),
    /// a variable, and names below it
    Variable(String, Vec<String>),
    Function(String),
    /// a pipeline in parentheses, and names below it
    Pipe(Box<Pipe>, Vec<String>),
}
