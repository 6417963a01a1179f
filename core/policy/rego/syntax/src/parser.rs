//! Tokens to a tree, as OPA 1.22 reads them.
//!
//! ```text
//! parse ──> module ──> rule ──> body ──> literal ──> term
//!              │                   ^                  │
//!          recover: behind an      └─comprehension────┘
//!          error, at the next rule
//! ```
//! A statement is read until its first error; the next one is looked for behind it. A failed attempt leaves nothing: what
//! was tried is an error value until somebody records it. Depth is counted, so that nothing here nor in what walks the
//! tree recurses more than `MAX_DEPTH` deep.

mod body;
mod collection;
mod head;
mod import;
mod literal;
mod module;
mod number;
mod operator;
mod read;
mod recover;
mod reference;
mod rule;
mod strict;
mod template;
mod term;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use read::{parse, parse_bytes, parse_query, parse_term};

use crate::error::SyntaxError;
use crate::token::{Keyword, Token, TokenKind};
use crate::tree::{Dialect, Operator, Span};

/// How deep terms and bodies may nest in each other, and how many operators may follow each other.
pub const MAX_DEPTH: u32 = 250;

/// What an attempt gives.
type Parsed<T> = Result<T, Box<SyntaxError>>;

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    /// the token that is next
    at: usize,
    depth: u32,
    dialect: Dialect,
    keywords: Keywords,
    /// whether what v1 demands of rules is demanded
    strict: bool,
    /// a keyword that is a name where it stands: `if.a`
    forced: Option<usize>,
    /// brackets where `|` turned out not to be a comprehension's
    lists: BTreeSet<usize>,
    names: BTreeMap<&'t str, Arc<str>>,
    /// whether a rule has `if` or `contains`, or the file imports `rego.v1`
    modern: bool,
    /// what v1 demands and v0 does not
    demands: Vec<SyntaxError>,
    errors: Vec<SyntaxError>,
}

/// Keywords that v0 does not have unless they are imported.
#[derive(Clone, Copy, Debug, Default)]
struct Keywords {
    /// `in`
    membership: bool,
    /// `every`
    every: bool,
    /// `contains`
    contains: bool,
    /// `if`
    condition: bool,
    /// `not` takes a body
    negation: bool,
}

impl Keywords {
    /// Those of v1.
    const ALL: Self =
        Self { membership: true, every: true, contains: true, condition: true, negation: false };

    fn has(self, keyword: Keyword) -> bool {
        match keyword {
            Keyword::In => self.membership,
            Keyword::Every => self.every,
            Keyword::Contains => self.contains,
            Keyword::If => self.condition,
            _ => true,
        }
    }
}

/// Where an attempt began.
#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, tokens: &'t [Token], dialect: Dialect) -> Self {
        let strict = dialect == Dialect::V1;
        Self {
            text,
            tokens,
            at: 0,
            depth: 0,
            dialect,
            keywords: if strict { Keywords::ALL } else { Keywords::default() },
            strict,
            forced: None,
            lists: BTreeSet::new(),
            names: BTreeMap::new(),
            modern: false,
            demands: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The next token. Behind the last one there is another `End`.
    fn peek(&self) -> Token {
        self.token(self.at)
    }

    fn token(&self, at: usize) -> Token {
        let end = self.tokens.last().copied();
        let end = end.unwrap_or(Token { kind: TokenKind::End, span: Span::default(), newline: true });
        let token = self.tokens.get(at).copied().unwrap_or(end);
        let name = match token.kind {
            TokenKind::Keyword(keyword) => self.forced == Some(at) || !self.keywords.has(keyword),
            _ => false,
        };
        if name { Token { kind: TokenKind::Name, ..token } } else { token }
    }

    fn kind(&self) -> TokenKind {
        self.peek().kind
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    fn is_keyword(&self, keyword: Keyword) -> bool {
        self.is(TokenKind::Keyword(keyword))
    }

    /// Whether the next token is `=` or `:=`.
    fn is_binding(&self) -> bool {
        matches!(self.kind(), TokenKind::Operator(Operator::Assign | Operator::Unify))
    }

    /// Steps over the next token.
    fn bump(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.bump();
        }
        found
    }

    fn expect(&mut self, kind: TokenKind, message: &str) -> Parsed<Token> {
        if self.is(kind) { Ok(self.bump()) } else { Err(self.unexpected(message)) }
    }

    /// Whether no space stands before the token at `at`.
    fn adjacent(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|at| self.token(at).span.end);
        before == Some(self.token(at).span.start)
    }

    /// Whether the next token goes on with the term before it: `.` or `[` without a space.
    fn steps_on(&self, at: usize) -> bool {
        matches!(self.token(at).kind, TokenKind::Dot | TokenKind::OpenBracket) && self.adjacent(at)
    }

    /// Whether the next token calls the term before it: `(` without a space.
    fn calls_on(&self) -> bool {
        self.is(TokenKind::OpenParenthesis) && self.adjacent(self.at)
    }

    /// A keyword with `.` or `[` right behind it is a name: takes it as one.
    fn force_name(&mut self) -> bool {
        let found = matches!(self.kind(), TokenKind::Keyword(_)) && self.steps_on(self.at + 1);
        if found {
            self.forced = Some(self.at);
        }
        found
    }

    /// The end of the token before.
    fn end(&self) -> u32 {
        self.at.checked_sub(1).map_or(0, |at| self.token(at).span.end)
    }

    /// From `start` to the token before.
    fn since(&self, start: u32) -> Span {
        Span { start, end: self.end().max(start) }
    }

    fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// One copy of each text in a file.
    fn intern(&mut self, text: &'t str) -> Arc<str> {
        self.names.entry(text).or_insert_with(|| Arc::from(text)).clone()
    }

    fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    fn back(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }

    /// One level deeper. Whoever enters, leaves; on an error nobody need, for whoever catches it goes `back`.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep");
            let error = SyntaxError::new(self.peek().span, message).hint("split it into several rules");
            return Err(Box::new(error));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The next token is not what is needed here.
    fn unexpected(&self, wanted: &str) -> Box<SyntaxError> {
        let token = self.peek();
        let found = match token.kind {
            TokenKind::End => "the file ends here".to_owned(),
            TokenKind::String | TokenKind::RawString | TokenKind::Template { .. } => {
                "text stands here".to_owned()
            }
            TokenKind::Keyword(_) => format!("the keyword `{}` stands here", self.slice(token.span)),
            _ => format!("`{}` stands here", self.slice(token.span)),
        };
        let mut error = SyntaxError::new(token.span, format!("{wanted}, but {found}"));
        error.hint = self.advice(token);
        Box::new(error)
    }

    fn error<T>(&self, span: Span, message: impl Into<String>) -> Parsed<T> {
        Err(Box::new(SyntaxError::new(span, message.into())))
    }

    /// How to mend what stands where it has no meaning: a keyword of v1 in a v0 file, an operator of other languages.
    fn advice(&self, token: Token) -> Option<String> {
        let before = self.at.checked_sub(1).map(|at| self.token(at).kind);
        let twice = before == Some(token.kind) && self.adjacent(self.at);
        let word = self.slice(token.span);
        let hint = match (token.kind, word) {
            (TokenKind::Name, "if" | "in" | "every" | "contains") => {
                format!(
                    "`{word}` is no keyword in Rego v0: `import rego.v1`, or `import future.keywords.{word}`"
                )
            }
            (TokenKind::Operator(Operator::And), _) if twice => ALL.to_owned(),
            (TokenKind::Operator(Operator::Or), _) if twice => ANY.to_owned(),
            (TokenKind::Name, "and") => ALL.to_owned(),
            (TokenKind::Name, "or") => ANY.to_owned(),
            _ => return None,
        };
        Some(hint)
    }
}

const ALL: &str = "write each condition on a line of its own: a body holds where all of them do";
const ANY: &str = "write a rule for each alternative: one of them is enough";
