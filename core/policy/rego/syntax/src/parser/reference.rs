//! Steps into a term, and calls.

use crate::token::TokenKind;
use crate::tree::{Step, Term, TermKind};

use super::{Parsed, Parser};

impl Parser<'_> {
    /// Behind `head`, which begins at `start`: `.a`, `[b]` and `(c)` that follow without a space.
    pub(super) fn steps(&mut self, head: Term, start: u32) -> Parsed<Term> {
        let depth = self.depth;
        let mut term = head;
        loop {
            if self.steps_on(self.at) {
                if !steppable(&term) {
                    return self
                        .error(term.span, "this is no name and no collection, and cannot be stepped into");
                }
                let mut steps = Vec::new();
                while self.steps_on(self.at) {
                    steps.push(self.step()?);
                }
                term = Term { kind: TermKind::Ref { head: Box::new(term), steps }, span: self.since(start) };
            } else if self.calls_on() {
                if !matches!(term.kind, TermKind::Var(_) | TermKind::Ref { .. }) {
                    return self.error(term.span, "this is no function");
                }
                self.enter()?;
                self.bump();
                let arguments = self.list(TokenKind::CloseParenthesis, Vec::new())?;
                let empty_set =
                    arguments.is_empty() && matches!(&term.kind, TermKind::Var(name) if &**name == "set");
                let kind = if empty_set {
                    TermKind::Set(Vec::new())
                } else {
                    TermKind::Call { function: Box::new(term), arguments }
                };
                term = Term { kind, span: self.since(start) };
            } else {
                self.depth = depth;
                return Ok(term);
            }
        }
    }

    /// `.a` or `[b]`
    pub(super) fn step(&mut self) -> Parsed<Step> {
        if self.eat(TokenKind::Dot) {
            if !self.adjacent(self.at) {
                return Err(self.unexpected("expected a name right behind the `.`"));
            }
            return Ok(Step::Name(self.word("a name behind the `.`")?));
        }
        self.bump();
        let term = self.expression(true)?;
        self.expect(TokenKind::CloseBracket, "expected `]`")?;
        Ok(Step::Term(term))
    }
}

fn steppable(term: &Term) -> bool {
    !matches!(
        term.kind,
        TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::Template(_)
    )
}
