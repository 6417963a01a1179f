//! Arrays, sets, objects and comprehensions.
//!
//! `[a | b]` may be a comprehension or an array of one set. It is a comprehension if what follows `|` reads as conditions
//! up to the closing bracket; only where that fails at a comma it is a list. What was found is kept for each bracket, so
//! that brackets in brackets are not tried again and again.

use crate::token::{Token, TokenKind};
use crate::tree::{Body, Operator, Term, TermKind};

use super::{Parsed, Parser};

const BAR: TokenKind = TokenKind::Operator(Operator::Or);

impl Parser<'_> {
    /// `[a, b]`, `[a | ..]`
    pub(super) fn array(&mut self) -> Parsed<Term> {
        let open = self.at;
        let start = self.bump().span.start;
        let kind = self.array_kind(open)?;
        self.expect(TokenKind::CloseBracket, "expected `]`")?;
        Ok(Term { kind, span: self.since(start) })
    }

    fn array_kind(&mut self, open: usize) -> Parsed<TermKind> {
        if self.is(TokenKind::CloseBracket) {
            return Ok(TermKind::Array(Vec::new()));
        }
        let comma = self.eat(TokenKind::Comma);
        let start = self.peek().span.start;
        let head = self.primary()?;
        if self.is(BAR)
            && !comma
            && let Some(body) = self.comprehension(open, TokenKind::CloseBracket)?
        {
            return Ok(TermKind::ArrayComprehension(Box::new(head), body));
        }
        let first = self.expression_from(head, start, false)?;
        Ok(TermKind::Array(self.items(TokenKind::CloseBracket, vec![first])?))
    }

    /// `{}`, `{a, b}`, `{a | ..}`, `{k: v}`, `{k: v | ..}`
    pub(super) fn set_or_object(&mut self) -> Parsed<Term> {
        let open = self.at;
        let start = self.bump().span.start;
        let kind = self.set_or_object_kind(open)?;
        self.expect(TokenKind::CloseBrace, "expected `}`")?;
        Ok(Term { kind, span: self.since(start) })
    }

    fn set_or_object_kind(&mut self, open: usize) -> Parsed<TermKind> {
        if self.is(TokenKind::CloseBrace) {
            return Ok(TermKind::Object(Vec::new()));
        }
        let comma = self.eat(TokenKind::Comma);
        let start = self.peek().span.start;
        let head = self.primary()?;
        if self.is(BAR)
            && !comma
            && let Some(body) = self.comprehension(open, TokenKind::CloseBrace)?
        {
            return Ok(TermKind::SetComprehension(Box::new(head), body));
        }
        let first = self.expression_from(head, start, false)?;
        if self.is(TokenKind::Colon) {
            return self.object_kind(open, first, comma);
        }
        Ok(TermKind::Set(self.items(TokenKind::CloseBrace, vec![first])?))
    }

    fn object_kind(&mut self, open: usize, key: Term, comma: bool) -> Parsed<TermKind> {
        self.bump();
        let start = self.peek().span.start;
        let head = self.primary()?;
        if self.is(BAR)
            && !comma
            && let Some(body) = self.comprehension(open, TokenKind::CloseBrace)?
        {
            return Ok(TermKind::ObjectComprehension(Box::new(key), Box::new(head), body));
        }
        let value = self.expression_from(head, start, false)?;
        let mut pairs = vec![(key, value)];
        while self.another(TokenKind::CloseBrace)? {
            let key = self.expression(false)?;
            self.expect(TokenKind::Colon, "expected `:` and a value")?;
            let value = self.expression(false)?;
            pairs.push((key, value));
        }
        Ok(TermKind::Object(pairs))
    }

    /// At `|`: the conditions of a comprehension, or none and still at `|` where it is an operator.
    fn comprehension(&mut self, open: usize, close: TokenKind) -> Parsed<Option<Body>> {
        if self.lists.contains(&open) {
            return Ok(None);
        }
        let mark = self.mark();
        self.bump();
        match self.comprehended(close) {
            Ok(body) => Ok(Some(body)),
            Err(_) if self.is(TokenKind::Comma) => {
                self.lists.insert(open);
                self.back(mark);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Terms with commas between them, up to and with `close`, behind the opening bracket.
    pub(super) fn list(&mut self, close: TokenKind, mut items: Vec<Term>) -> Parsed<Vec<Term>> {
        if !self.is(close) {
            items.push(self.expression(false)?);
            items = self.items(close, items)?;
        }
        self.bump();
        Ok(items)
    }

    /// The terms behind the first, up to `close`, which stays.
    fn items(&mut self, close: TokenKind, mut items: Vec<Term>) -> Parsed<Vec<Term>> {
        while self.another(close)? {
            items.push(self.expression(false)?);
        }
        Ok(items)
    }

    /// Behind a term of a list: whether another one follows. A comma may stand behind the last.
    fn another(&mut self, close: TokenKind) -> Parsed<bool> {
        if self.is(close) {
            return Ok(false);
        }
        let Token { .. } = self.expect(
            TokenKind::Comma,
            match close {
                TokenKind::CloseBrace => "expected `,` or `}`",
                TokenKind::CloseBracket => "expected `,` or `]`",
                _ => "expected `,` or `)`",
            },
        )?;
        Ok(!self.is(close))
    }
}
