//! Conditions one after the other.

use crate::token::TokenKind;
use crate::tree::{Body, Literal};

use super::{Parsed, Parser};

impl Parser<'_> {
    /// `{ .. }`
    pub(super) fn braces(&mut self) -> Parsed<Body> {
        let start = self.expect(TokenKind::OpenBrace, "expected `{`")?.span.start;
        self.enter()?;
        let literals = self.conditions(TokenKind::CloseBrace)?;
        self.leave();
        self.bump();
        Ok(Body { literals, span: self.since(start) })
    }

    /// What stands behind the `|` of a comprehension, up to its closing bracket.
    pub(super) fn comprehended(&mut self, close: TokenKind) -> Parsed<Body> {
        let start = self.peek().span.start;
        self.enter()?;
        let literals = self.conditions(close)?;
        self.leave();
        Ok(Body { literals, span: self.since(start) })
    }

    /// At least one condition, separated by `;` or line ends, up to `end`, which stays.
    pub(super) fn conditions(&mut self, end: TokenKind) -> Parsed<Vec<Literal>> {
        if self.is(end) {
            return self.error(self.peek().span, "a body needs at least one condition");
        }
        let mut literals = Vec::new();
        loop {
            literals.push(self.literal()?);
            if self.eat(TokenKind::Semicolon) {
                continue;
            }
            if self.is(end) {
                return Ok(literals);
            }
            if !self.peek().newline || self.is(TokenKind::End) {
                return Err(self.unexpected(match end {
                    TokenKind::CloseBrace => "expected a line end, `;` or `}`",
                    TokenKind::CloseBracket => "expected a line end, `;` or `]`",
                    _ => "expected a line end or `;`",
                }));
            }
        }
    }
}
