//! The smallest parts of a file that mean something.
//!
//! Invariant: the tokens of a file stand in order, do not overlap, and end with one `End`.

use crate::tree::{Operator, Span};

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// whether a line ended between the token before and this one
    pub(crate) newline: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// the end of the file
    End,
    /// what is no token: the lexer said why
    Illegal,
    Name,
    /// a word that is a keyword in some generation
    Keyword(Keyword),
    Number,
    /// with its quotes
    String,
    /// with its backticks
    RawString,
    /// text of a template: from `$"` or `}` to `{`, or if `last` to the closing quote
    Template {
        raw: bool,
        last: bool,
    },
    Operator(Operator),
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Comma,
    Colon,
    Semicolon,
    Dot,
}

/// A word with a meaning of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Package,
    Import,
    As,
    Default,
    Else,
    Not,
    Some,
    With,
    Null,
    True,
    False,
    In,
    Every,
    Contains,
    If,
}

impl Keyword {
    /// The keyword that `word` is.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "package" => Self::Package,
            "import" => Self::Import,
            "as" => Self::As,
            "default" => Self::Default,
            "else" => Self::Else,
            "not" => Self::Not,
            "some" => Self::Some,
            "with" => Self::With,
            "null" => Self::Null,
            "true" => Self::True,
            "false" => Self::False,
            "in" => Self::In,
            "every" => Self::Every,
            "contains" => Self::Contains,
            "if" => Self::If,
            _ => return None,
        })
    }
}
