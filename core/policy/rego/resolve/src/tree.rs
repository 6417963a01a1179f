//! The tree of all files, with every name resolved.

use std::sync::Arc;

use tollgate_rego_builtin::Builtin;
use tollgate_rego_syntax::tree::{Dialect, Span};

/// A path below `data`.
pub type Path = Arc<[Arc<str>]>;

/// A local of a rule: index into [`Rule::locals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// All rules of all files.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// every definition, in order of file and place
    pub rules: Vec<Rule>,
    /// every package, also those without rules
    pub packages: Vec<Path>,
    /// the package of each file
    pub files: Vec<Path>,
}

/// One definition.
#[derive(Clone, Debug)]
pub struct Rule {
    /// index of its file
    pub file: usize,
    /// index among the rules of its file
    pub at: usize,
    /// the generation its file is written in
    pub dialect: Dialect,
    /// its package
    pub package: Path,
    /// the package and the fixed part of its name: `p`, or `p.q` of `p.q[x]`
    pub path: Path,
    /// the rest of its name: `[x]`
    pub keys: Vec<Term>,
    /// a function's patterns
    pub arguments: Option<Vec<Term>>,
    /// `default p := ..`
    pub default: bool,
    /// what it gives
    pub leaf: Leaf,
    /// its conditions; none where nothing is written
    pub body: Body,
    /// what `else` adds
    pub otherwise: Vec<Else>,
    /// its locals
    pub locals: Vec<Local>,
    /// all of it
    pub span: Span,
    /// its head
    pub head_span: Span,
}

/// What a rule gives.
#[derive(Clone, Debug)]
pub enum Leaf {
    /// `p := v`
    Value(Term),
    /// `p contains v`
    Member(Term),
}

/// A local of a rule.
#[derive(Clone, Debug)]
pub struct Local {
    /// its name; `_` for each `_`
    pub name: Arc<str>,
    /// where it is first named
    pub span: Span,
    /// how it came to be
    pub origin: Origin,
    /// the scope that owns it: 0 for arguments, then in order of opening
    pub scope: u32,
}

/// How a local came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// an argument, or in an argument's pattern
    Argument,
    /// `x := ..`
    Assigned,
    /// `some x`, `some x in ..`
    Declared,
    /// `every x in ..`
    Every,
    /// only named
    Implicit,
    /// `_`
    Wildcard,
}

/// `else := v if { .. }`
#[derive(Clone, Debug)]
pub struct Else {
    /// what it gives
    pub value: Term,
    /// its conditions
    pub body: Body,
    /// all of it
    pub span: Span,
}

/// Conditions that must all hold.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// in the order written; `some x` is left out
    pub literals: Vec<Literal>,
    /// all of it
    pub span: Span,
    /// the scopes opened by it, its own among them: from .. up to but not including
    pub scopes: (u32, u32),
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Literal {
    /// what it is
    pub kind: LiteralKind,
    /// what is replaced while it is evaluated
    pub with: Vec<With>,
    /// all of it
    pub span: Span,
}

/// What a condition is.
#[derive(Clone, Debug)]
pub enum LiteralKind {
    /// must be defined and not `false`
    Term(Term),
    /// `a := b`: the names on the left are new
    Assign(Term, Term),
    /// `a = b`
    Unify(Term, Term),
    /// `not`, of a condition that binds nothing
    Not(Box<Literal>),
    /// `not { .. }`
    NotBody(Body),
    /// `some k, v in xs`
    SomeIn {
        /// the pattern before the comma
        key: Option<Term>,
        /// the pattern
        value: Term,
        /// what is gone through
        collection: Term,
    },
    /// `every k, v in xs { .. }`
    Every {
        /// before the comma
        key: Option<LocalId>,
        /// each
        value: LocalId,
        /// what is gone through
        collection: Term,
        /// what must hold
        body: Body,
    },
}

/// `with target as value`
#[derive(Clone, Debug)]
pub struct With {
    /// what is replaced
    pub target: Target,
    /// by what
    pub value: Replacement,
    /// all of it
    pub span: Span,
}

/// What `with` replaces.
#[derive(Clone, Debug)]
pub enum Target {
    /// `input`, or below
    Input(Vec<Arc<str>>),
    /// `data` below
    Data(Vec<Arc<str>>),
    /// a builtin
    Builtin(&'static Builtin),
    /// a function of some package
    Function(Path),
}

/// What `with` puts there.
#[derive(Clone, Debug)]
pub enum Replacement {
    /// a value
    Term(Term),
    /// a function for a function
    Builtin(&'static Builtin),
    /// a function for a function
    Function(Path),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Term {
    /// what it is
    pub kind: TermKind,
    /// where
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum TermKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// as written
    Number(Arc<str>),
    /// its text
    String(Arc<str>),
    /// `$"a {x} b"`
    Template(Vec<TemplatePart>),
    /// a local
    Local(LocalId),
    /// `base[step][step]`; no steps only for `input` and `data` themselves
    Ref {
        /// where it begins
        base: Base,
        /// what is stepped into: `.a` is the string `a`
        steps: Vec<Term>,
    },
    /// `f(x)`, and operators
    Call {
        /// what is called
        callee: Callee,
        /// what it is given
        arguments: Vec<Term>,
        /// where its name or sign stands
        name_span: Span,
    },
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{a, b}`
    Set(Vec<Term>),
    /// `{k: v}`
    Object(Vec<(Term, Term)>),
    /// `[t | body]`, `{t | body}`, `{k: v | body}`
    Comprehension {
        /// which
        kind: Collection,
        /// before `:`
        key: Option<Box<Term>>,
        /// each
        value: Box<Term>,
        /// its conditions
        body: Body,
    },
}

/// Where a reference begins.
#[derive(Clone, Debug)]
pub enum Base {
    /// `input`
    Input,
    /// `data`
    Data,
    /// a local
    Local(LocalId),
    /// any term
    Term(Box<Term>),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// a builtin
    Builtin(&'static Builtin),
    /// a function that exists
    Function(Path),
    /// a name that is no function's: only where there are problems
    Unknown(Arc<str>),
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// `[t | body]`
    Array,
    /// `{t | body}`
    Set,
    /// `{k: v | body}`
    Object,
}

/// A part of `$"a {x} b"`.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// text
    Text(Arc<str>),
    /// a term; undefined prints as `<undefined>`
    Term(Box<Literal>),
}
