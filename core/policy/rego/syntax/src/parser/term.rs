//! A term without operators outside of brackets.

use crate::token::{Keyword, Token, TokenKind};
use crate::tree::{Operator, Span, Term, TermKind};

use super::{Parsed, Parser};

impl Parser<'_> {
    /// A value, a name, or something in brackets, and the steps into it.
    pub(super) fn primary(&mut self) -> Parsed<Term> {
        self.enter()?;
        let token = self.peek();
        let term = match token.kind {
            TokenKind::Operator(Operator::Minus) => self.negative(token),
            TokenKind::OpenParenthesis => self.parenthesized(token.span.start),
            TokenKind::OpenBracket => self.array().and_then(|term| self.steps(term, token.span.start)),
            TokenKind::OpenBrace => self.set_or_object().and_then(|term| self.steps(term, token.span.start)),
            TokenKind::Template { raw, .. } => {
                self.template(raw).and_then(|term| self.not_stepped_into(term))
            }
            TokenKind::Name | TokenKind::Keyword(Keyword::Contains) => {
                let term = self.var();
                self.steps(term, token.span.start)
            }
            _ => self.scalar(token).and_then(|term| self.not_stepped_into(term)),
        }?;
        self.leave();
        Ok(term)
    }

    fn scalar(&mut self, token: Token) -> Parsed<Term> {
        let kind = match token.kind {
            TokenKind::Keyword(Keyword::Null) => TermKind::Null,
            TokenKind::Keyword(Keyword::True) => TermKind::Bool(true),
            TokenKind::Keyword(Keyword::False) => TermKind::Bool(false),
            TokenKind::String | TokenKind::RawString => TermKind::String(self.string_text()?),
            TokenKind::Number | TokenKind::Dot => return self.number(token.span.start),
            _ => return Err(self.unexpected("expected a term")),
        };
        self.bump();
        Ok(Term { kind, span: token.span })
    }

    fn var(&mut self) -> Term {
        let name = self.name();
        Term { kind: TermKind::Var(name.text), span: name.span }
    }

    /// `-1`, or `-x`, which is `0 - x`.
    fn negative(&mut self, minus: Token) -> Parsed<Term> {
        let start = minus.span.start;
        let next = self.token(self.at + 1);
        if !matches!(next.kind, TokenKind::Name | TokenKind::Keyword(Keyword::Contains)) {
            let term = self.number(start)?;
            return self.not_stepped_into(term);
        }
        self.bump();
        let var = self.var();
        let right = Box::new(self.steps(var, next.span.start)?);
        let left = Box::new(Term { kind: TermKind::Number(self.intern("0")), span: minus.span });
        let kind = TermKind::Infix { operator: Operator::Minus, operator_span: minus.span, left, right };
        Ok(Term { kind, span: self.since(start) })
    }

    /// `( term )`
    fn parenthesized(&mut self, start: u32) -> Parsed<Term> {
        self.bump();
        let term = self.expression(true)?;
        self.expect(TokenKind::CloseParenthesis, "expected `)`")?;
        if !self.steps_on(self.at) && !self.calls_on() {
            return Ok(term);
        }
        if matches!(term.kind, TermKind::Ref { .. }) {
            return self.error(term.span, "a reference in parentheses cannot be stepped into");
        }
        self.steps(term, start)
    }

    /// What cannot have steps behind it.
    fn not_stepped_into(&self, term: Term) -> Parsed<Term> {
        if self.steps_on(self.at) {
            return self.error(term.span, "this is no name and no collection, and cannot be stepped into");
        }
        if self.calls_on() {
            return self.error(term.span, "this is no function");
        }
        Ok(term)
    }

    /// What the next token, a string, says.
    pub(super) fn string_text(&mut self) -> Parsed<std::sync::Arc<str>> {
        let token = self.peek();
        let quoted = self.slice(token.span);
        let inner = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        if token.kind == TokenKind::RawString || !inner.contains('\\') {
            return Ok(self.intern(inner));
        }
        self.unescaped(inner, token.span)
    }

    /// Text with its escapes undone.
    pub(super) fn unescaped(&self, inner: &str, span: Span) -> Parsed<std::sync::Arc<str>> {
        match crate::lexer::unescape(inner) {
            Some(text) => Ok(text.into()),
            None => self.error(
                span,
                "text with an escape must not have a control character: write it as an escape too",
            ),
        }
    }
}
