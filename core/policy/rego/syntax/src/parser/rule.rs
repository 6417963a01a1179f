//! Rules: `default`, heads with bodies, chained bodies, `else`.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::{Body, Else, Head, Rule, Span, Step, Term, TermKind};

use super::head::Defined;
use super::{Parsed, Parser};

impl Parser<'_> {
    /// One statement's rules: one, or as many as it has chained bodies.
    pub(super) fn rules(&mut self, rules: &mut Vec<Rule>) -> Parsed<()> {
        let start = self.peek().span.start;
        if self.is_keyword(Keyword::Default) && !self.force_name() {
            let rule = self.default_rule(start)?;
            rules.push(rule);
            return Ok(());
        }
        let Defined { mut head, contains, apart } = self.head()?;
        let condition = self.is_keyword(Keyword::If);
        let braces = self.is(TokenKind::OpenBrace);
        let brief = !condition && !contains && head.value.is_none() && head.arguments.is_none();
        if brief && head.path.len() == 2 {
            set_of_old(&mut head);
        }
        // Before the body is read: one that is broken must not hide which generation its rule is of.
        let bodied = condition || braces;
        if bodied {
            self.demand_of_rule(&head, bodied, condition, contains);
        }
        let body = if condition {
            self.bump();
            Some(self.condition()?)
        } else if braces {
            Some(self.braces()?)
        } else {
            self.complete_without_body(&head, contains, apart)?;
            self.demand_of_rule(&head, bodied, condition, contains);
            None
        };
        let mut rule = Rule { default: false, head, body, otherwise: Vec::new(), span: Span::default() };
        if bodied && self.is_keyword(Keyword::Else) && !self.force_name() {
            self.accepts_else(&rule.head)?;
            rule.otherwise = self.otherwise()?;
        }
        rule.span = self.since(start);
        let head = rule.head.clone();
        let closed = !rule.otherwise.is_empty();
        rules.push(rule);
        while bodied && self.is(TokenKind::OpenBrace) {
            if closed {
                return Err(self.unexpected("expected `else` or the next rule"));
            }
            let start = self.peek().span.start;
            let body = Some(self.braces()?);
            let span = self.since(start);
            self.demand_of_rule(&head, true, condition, contains);
            rules.push(Rule { default: false, head: head.clone(), body, otherwise: Vec::new(), span });
        }
        Ok(())
    }

    /// `default p := 1`
    fn default_rule(&mut self, start: u32) -> Parsed<Rule> {
        self.bump();
        let Defined { head, .. } = self.head()?;
        let incomplete = head.path.len() == 2 && head.arguments.is_none();
        if head.value.is_none() && (incomplete || head.member.is_some()) {
            let error = SyntaxError::new(head.span, "a default needs a value");
            return Err(Box::new(error.hint("write `:=` and a value")));
        }
        if let Some(span) = head.value.as_ref().and_then(super::strict::not_constant) {
            let error = SyntaxError::new(span, "a default must not depend on anything");
            return Err(Box::new(error.hint("write a plain value")));
        }
        super::strict::default_arguments(head.arguments.as_deref().unwrap_or_default())?;
        Ok(Rule { default: true, head, body: None, otherwise: Vec::new(), span: self.since(start) })
    }

    /// Behind `if`: a condition, or braces with several. Braces that read as a term that is no set are one condition.
    fn condition(&mut self) -> Parsed<Body> {
        let start = self.peek().span.start;
        if !self.is(TokenKind::OpenBrace) {
            let literals = vec![self.literal()?];
            return Ok(Body { literals, span: self.since(start) });
        }
        let mark = self.mark();
        if let Ok(literal) = self.literal()
            && !matches!(&literal.kind, crate::tree::LiteralKind::Term(Term { kind: TermKind::Set(_), .. }))
        {
            return Ok(Body { literals: vec![literal], span: self.since(start) });
        }
        self.back(mark);
        self.braces()
    }

    fn accepts_else(&self, head: &Head) -> Parsed<()> {
        let span = self.peek().span;
        if head.member.is_some() {
            return self.error(span, "`else` has no place behind a rule that collects members");
        }
        let computed =
            head.path.iter().any(|step| matches!(step, Step::Term(term) if super::strict::has_name(term)));
        if computed {
            return self.error(span, "`else` has no place behind a rule with a variable in its name");
        }
        Ok(())
    }

    /// `else := v if { .. }`, as often as it stands there.
    fn otherwise(&mut self) -> Parsed<Vec<Else>> {
        let mut all = Vec::new();
        while self.is_keyword(Keyword::Else) && !self.force_name() {
            let start = self.bump().span.start;
            let mut value = None;
            if self.is_binding() {
                self.bump();
                value = Some(self.expression(true)?);
            } else if !self.is_keyword(Keyword::If) && !self.is(TokenKind::OpenBrace) {
                return Err(self.unexpected("expected a value or a body behind `else`"));
            }
            let condition = self.is_keyword(Keyword::If);
            let body = if condition {
                self.bump();
                Some(self.else_condition()?)
            } else if self.is(TokenKind::OpenBrace) {
                Some(self.braces()?)
            } else {
                None
            };
            let last = body.is_none();
            let span = self.since(start);
            if !last && !condition {
                self.demand_if(Span { start, end: start + 4 });
            }
            all.push(Else { value, body, span });
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// Unlike a rule's, braces here are always a body.
    fn else_condition(&mut self) -> Parsed<Body> {
        if self.is(TokenKind::OpenBrace) {
            return self.braces();
        }
        let start = self.peek().span.start;
        let literals = vec![self.literal()?];
        Ok(Body { literals, span: self.since(start) })
    }
}

/// v0's `p[x]` without a value is a member of the set `p`; so is `p.x`.
fn set_of_old(head: &mut Head) {
    let member = match head.path.pop() {
        Some(Step::Term(term)) => term,
        Some(Step::Name(name)) => Term { kind: TermKind::String(name.text), span: name.span },
        None => return,
    };
    head.member = Some(member);
}
