//! One condition.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::{Body, Literal, LiteralKind, Operator, Term, TermKind, With};

use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        let start = self.peek().span.start;
        let kind = self.literal_kind()?;
        let mut with = Vec::new();
        while self.is_keyword(Keyword::With) && !matches!(kind, LiteralKind::Some(_)) {
            with.push(self.with()?);
        }
        Ok(Literal { kind, with, span: self.since(start) })
    }

    fn literal_kind(&mut self) -> Parsed<LiteralKind> {
        self.force_name();
        match self.kind() {
            TokenKind::Keyword(Keyword::Not) => {
                self.bump();
                if self.is_keyword(Keyword::Some) || self.is_keyword(Keyword::Every) {
                    return Err(self.unexpected("`not` stands before one term"));
                }
                self.negated()
            }
            TokenKind::Keyword(Keyword::Some) => self.some(),
            TokenKind::Keyword(Keyword::Every) => self.every(),
            _ => Ok(LiteralKind::Term(self.statement_term()?)),
        }
    }

    /// Behind `not`.
    fn negated(&mut self) -> Parsed<LiteralKind> {
        if !self.keywords.negation {
            return Ok(LiteralKind::Not(self.statement_term()?));
        }
        if self.is(TokenKind::OpenBrace) {
            return self.negated_body();
        }
        let term = self.statement_term()?;
        if matches!(term.kind, TermKind::Infix { operator: Operator::Assign, .. }) {
            let error = SyntaxError::new(term.span, "`not` cannot bind a name with `:=`");
            return Err(Box::new(error.hint("write `not { .. }`, whose names are its own")));
        }
        let span = term.span;
        let literals = vec![Literal { kind: LiteralKind::Term(term), with: Vec::new(), span }];
        Ok(LiteralKind::NotBody(Body { literals, span }))
    }

    /// `not { .. }`. A `|` that could be a comprehension's is refused, as by OPA.
    fn negated_body(&mut self) -> Parsed<LiteralKind> {
        let body = self.braces()?;
        if let Some(first) = body.literals.first()
            && let LiteralKind::Term(Term { kind: TermKind::Infix { operator: Operator::Or, .. }, span }) =
                &first.kind
            && span.start == first.span.start
        {
            let error = SyntaxError::new(body.span, "a `|` here may be a union or a comprehension's");
            return Err(Box::new(
                error.hint("write `not ({ .. })` for a comprehension, or the union in parentheses"),
            ));
        }
        Ok(LiteralKind::NotBody(body))
    }

    /// A term, or `a := b` or `a = b`.
    fn statement_term(&mut self) -> Parsed<Term> {
        let start = self.peek().span.start;
        let left = self.expression(true)?;
        let token = self.peek();
        let TokenKind::Operator(operator @ (Operator::Assign | Operator::Unify)) = token.kind else {
            return Ok(left);
        };
        self.bump();
        let right = self.expression(true)?;
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = TermKind::Infix { operator, operator_span: token.span, left, right };
        Ok(Term { kind, span: self.since(start) })
    }

    /// `with target as value`
    fn with(&mut self) -> Parsed<With> {
        let start = self.bump().span.start;
        if !self.is(TokenKind::Name) {
            return Err(self.unexpected("expected what `with` replaces: `input.a`, `data.b` or a function"));
        }
        let target = self.primary()?;
        if !matches!(target.kind, TermKind::Var(_) | TermKind::Ref { .. }) {
            return self.error(target.span, "`with` replaces `input.a`, `data.b` or a function");
        }
        self.expect(TokenKind::Keyword(Keyword::As), "expected `as`")?;
        let value = self.expression(true)?;
        Ok(With { target, value, span: self.since(start) })
    }

    /// `some x, y`, `some k, v in xs`
    fn some(&mut self) -> Parsed<LiteralKind> {
        self.bump();
        if let Some(end) = self.only_names() {
            let mut names = vec![self.name()];
            while self.at < end {
                self.bump();
                names.push(self.name());
            }
            return Ok(LiteralKind::Some(names));
        }
        let term = self.expression(true)?;
        match term.kind {
            TermKind::Membership { key, value, collection } => {
                let key = key.map(|key| *key);
                Ok(LiteralKind::SomeIn { key, value: *value, collection: *collection })
            }
            _ => {
                let message =
                    "`some` declares names: `some x`, `some x, y`, or goes through something: `some x in xs`";
                let mut error = SyntaxError::new(term.span, message);
                error.hint = self.advice(self.peek());
                Err(Box::new(error))
            }
        }
    }

    /// The token behind `x, y, z`, where that is all that `some` has.
    fn only_names(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            if self.token(at).kind != TokenKind::Name {
                return None;
            }
            at += 1;
            if self.token(at).kind != TokenKind::Comma {
                break;
            }
            at += 1;
        }
        let goes_on = match self.token(at).kind {
            TokenKind::Operator(_) => true,
            TokenKind::Keyword(Keyword::In) => !self.steps_on(at + 1),
            TokenKind::Dot | TokenKind::OpenBracket | TokenKind::OpenParenthesis => self.adjacent(at),
            _ => false,
        };
        (!goes_on).then_some(at)
    }

    /// `every k, v in xs { .. }`
    fn every(&mut self) -> Parsed<LiteralKind> {
        self.bump();
        let wanted = "expected a name: `every x in xs { .. }`";
        self.expect_name(wanted)?;
        let mut value = self.name();
        let mut key = None;
        if self.eat(TokenKind::Comma) {
            self.expect_name(wanted)?;
            key = Some(std::mem::replace(&mut value, self.name()));
        }
        self.force_name();
        self.expect(TokenKind::Keyword(Keyword::In), "expected `in`: `every x in xs { .. }`")?;
        let collection = self.related()?;
        if !self.is(TokenKind::OpenBrace) {
            return Err(self.unexpected("`every` needs a body: expected `{`"));
        }
        let body = self.braces()?;
        Ok(LiteralKind::Every { key, value, collection, body })
    }

    fn expect_name(&self, wanted: &str) -> Parsed<()> {
        if self.is(TokenKind::Name) { Ok(()) } else { Err(self.unexpected(wanted)) }
    }
}
