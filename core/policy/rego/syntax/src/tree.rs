//! The tree of one file. Every node knows the bytes it stands on.

use std::sync::Arc;

/// Bytes of a file, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// first byte
    pub start: u32,
    /// the byte behind the last
    pub end: u32,
}

/// A generation of Rego.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// before OPA 1.0: `deny[msg] { .. }`
    V0,
    /// since OPA 1.0: `deny contains msg if { .. }`
    V1,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// as written
    pub text: Arc<str>,
    /// where
    pub span: Span,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// the generation it was read as
    pub dialect: Dialect,
    /// `package a.b["c"]`: `a`, `b`, `c`
    pub package: Vec<Name>,
    /// from `package` to the end of its path
    pub package_span: Span,
    /// in the order written, `rego.v1` and `future.keywords` among them
    pub imports: Vec<Import>,
    /// in the order written
    pub rules: Vec<Rule>,
    /// every comment, in the order written
    pub comments: Vec<Comment>,
}

/// `import data.a.b as c`
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// `data`, `a`, `b`; the first is `data`, `input`, `rego` or `future`
    pub path: Vec<Name>,
    /// `as c`
    pub alias: Option<Name>,
    /// from `import` to its end
    pub span: Span,
}

/// A comment, `#` left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// behind `#`, to the end of the line
    pub text: Arc<str>,
    /// with `#`
    pub span: Span,
    /// whether nothing but space stands before it on its line
    pub own_line: bool,
}

/// One definition: `default`, or a head with a body and what `else` adds. Chained bodies (`p { .. } { .. }`, v0) are
/// rules of their own with the same head.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// `default p := ..`
    pub default: bool,
    /// what it defines
    pub head: Head,
    /// none where nothing is written (`p := 1`, `p contains 1`)
    pub body: Option<Body>,
    /// `else := v if { .. }`, in order
    pub otherwise: Vec<Else>,
    /// all of it
    pub span: Span,
}

/// What a rule defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// `a.b[x].c`: the first is a name, always `Step::Name`
    pub path: Vec<Step>,
    /// `f(x, [y, _])`: a function's patterns
    pub arguments: Option<Vec<Term>>,
    /// `contains t`, and v0's `p[t] { .. }` without a value
    pub member: Option<Term>,
    /// `:= t` or `= t`; none means `true`
    pub value: Option<Term>,
    /// whether the value was written with `:=`
    pub assigned: bool,
    /// all of it
    pub span: Span,
}

/// `else := v if { .. }`
#[derive(Clone, Debug, PartialEq)]
pub struct Else {
    /// none means `true`
    pub value: Option<Term>,
    /// none where nothing is written
    pub body: Option<Body>,
    /// from `else` to its end
    pub span: Span,
}

/// Conditions that must all hold; at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// in the order written
    pub literals: Vec<Literal>,
    /// with braces, where there are any
    pub span: Span,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// what it is
    pub kind: LiteralKind,
    /// `with target as value`, in order
    pub with: Vec<With>,
    /// all of it
    pub span: Span,
}

/// What a condition is.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralKind {
    /// a term that must be defined and not `false`
    Term(Term),
    /// `not ..`: a term, or `not x in y`; what is negated is one condition
    Not(Term),
    /// `not { .. }`, and every `not` below `import future.keywords.not`: holds where the body has no solution; what is
    /// undefined in it is none. Names that the body declares are its own
    NotBody(Body),
    /// `some x, y`
    Some(Vec<Name>),
    /// `some v in xs`, `some k, v in xs`
    SomeIn {
        /// the pattern before the comma
        key: Option<Term>,
        /// the pattern
        value: Term,
        /// what is gone through
        collection: Term,
    },
    /// `every v in xs { .. }`, `every k, v in xs { .. }`
    Every {
        /// the name before the comma
        key: Option<Name>,
        /// the name
        value: Name,
        /// what is gone through
        collection: Term,
        /// what must hold for each
        body: Body,
    },
}

/// `with target as value`
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// `input.a`, `data.b`, or a function's name: a `Ref` or a `Var`
    pub target: Term,
    /// what stands there instead
    pub value: Term,
    /// all of it
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// what it is
    pub kind: TermKind,
    /// where; in parentheses: without them
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum TermKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// as written
    Number(Arc<str>),
    /// what the text says, escapes undone
    String(Arc<str>),
    /// `$"a {x} b"`
    Template(Vec<TemplatePart>),
    /// a name: a local, a rule of the package, an import, `input`, `data`, a builtin; `_` as `_`
    Var(Arc<str>),
    /// `head.a[b]`, at least one step; the head is any term that can be stepped into
    Ref {
        /// where it begins
        head: Box<Term>,
        /// what follows
        steps: Vec<Step>,
    },
    /// `f(x)`, `a.b.f(x)`: the function is a `Var` or a `Ref`
    Call {
        /// its name
        function: Box<Term>,
        /// what it is given
        arguments: Vec<Term>,
    },
    /// `a + b`, `a == b`, `a := b`, `a = b`, ..
    Infix {
        /// which
        operator: Operator,
        /// where the operator stands
        operator_span: Span,
        /// before it
        left: Box<Term>,
        /// behind it
        right: Box<Term>,
    },
    /// `v in xs`, `k, v in xs`
    Membership {
        /// before the comma
        key: Option<Box<Term>>,
        /// the member
        value: Box<Term>,
        /// what it may be in
        collection: Box<Term>,
    },
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{a, b}`, `set()`
    Set(Vec<Term>),
    /// `{k: v}`
    Object(Vec<(Term, Term)>),
    /// `[t | body]`
    ArrayComprehension(Box<Term>, Body),
    /// `{t | body}`
    SetComprehension(Box<Term>, Body),
    /// `{k: v | body}`
    ObjectComprehension(Box<Term>, Box<Term>, Body),
}

/// A step into a value, or of a rule's name.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`, and the first step of a rule's name
    Name(Name),
    /// `[term]`; `["name"]` too
    Term(Term),
}

/// A part of `$"a {x} b"`.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// text as it stands, escapes undone
    Text(Arc<str>),
    /// `{term}`, which may have `with`
    Term(Literal),
}

/// Between two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `:=`
    Assign,
    /// `=`
    Unify,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `&`
    And,
    /// `|`
    Or,
}

impl Operator {
    /// As written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Assign => ":=",
            Self::Unify => "=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::And => "&",
            Self::Or => "|",
        }
    }

    /// The builtin that it calls (`plus`, `lt`, ..); none for `:=` and `=`, which bind.
    #[must_use]
    pub const fn builtin(self) -> Option<&'static str> {
        match self {
            Self::Assign | Self::Unify => None,
            Self::Equal => Some("equal"),
            Self::NotEqual => Some("neq"),
            Self::Less => Some("lt"),
            Self::LessOrEqual => Some("lte"),
            Self::Greater => Some("gt"),
            Self::GreaterOrEqual => Some("gte"),
            Self::Plus => Some("plus"),
            Self::Minus => Some("minus"),
            Self::Times => Some("mul"),
            Self::Divide => Some("div"),
            Self::Remainder => Some("rem"),
            Self::And => Some("and"),
            Self::Or => Some("or"),
        }
    }
}
