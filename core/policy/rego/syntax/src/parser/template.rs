//! `$"text {term} text"`

use crate::error::SyntaxError;
use crate::token::TokenKind;
use crate::tree::{Dialect, Literal, LiteralKind, Operator, TemplatePart, Term, TermKind};

use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn template(&mut self, raw: bool) -> Parsed<Term> {
        let start = self.peek().span.start;
        if self.dialect == Dialect::V0 {
            return Err(self.no_templates());
        }
        let mut parts = Vec::new();
        while !self.text_part(raw, &mut parts)? {
            let literal = self.literal()?;
            plain(&literal)?;
            parts.push(TemplatePart::Term(literal));
        }
        Ok(Term { kind: TermKind::Template(parts), span: self.since(start) })
    }

    fn no_templates(&self) -> Box<SyntaxError> {
        Box::new(SyntaxError::new(self.peek().span, "templates came with Rego v1").hint("use `sprintf`"))
    }

    /// The text up to a term's `{`, or to the end; whether it was the last.
    fn text_part(&mut self, raw: bool, parts: &mut Vec<TemplatePart>) -> Parsed<bool> {
        let token = self.peek();
        let TokenKind::Template { last, .. } = token.kind else {
            return Err(self.unexpected("expected `}` behind a template's term"));
        };
        let text = self.slice(token.span);
        let opened = if text.starts_with('$') { 2 } else { 1 };
        let inner = text.get(opened..text.len().saturating_sub(1)).unwrap_or_default();
        if !inner.is_empty() {
            let text =
                if raw { inner.replace("\\{", "{").into() } else { self.unescaped(inner, token.span)? };
            parts.push(TemplatePart::Text(text));
        }
        self.bump();
        Ok(last)
    }
}

/// What stands in a template's braces is a term, which may have `with`.
fn plain(literal: &Literal) -> Parsed<()> {
    let wrong = match &literal.kind {
        LiteralKind::Term(Term { kind: TermKind::Infix { operator, .. }, .. }) => match operator {
            Operator::Assign => "`:=`",
            Operator::Unify => "`=`",
            _ => return Ok(()),
        },
        LiteralKind::Term(_) => return Ok(()),
        LiteralKind::Not(_) | LiteralKind::NotBody(_) => "`not`",
        LiteralKind::Some(_) | LiteralKind::SomeIn { .. } => "`some`",
        LiteralKind::Every { .. } => "`every`",
    };
    Err(Box::new(SyntaxError::new(literal.span, format!("{wrong} has no place in a template: write a term"))))
}
