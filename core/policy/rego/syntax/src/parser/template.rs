//! `$"text {term} text"`

use crate::error::SyntaxError;
use crate::token::TokenKind;
use crate::tree::{Literal, LiteralKind, Operator, TemplatePart, Term, TermKind};

use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn template(&mut self, raw: bool) -> Parsed<Term> {
        let start = self.peek().span.start;
        let mut parts = Vec::new();
        let mut opened = 2;
        loop {
            let token = self.peek();
            let TokenKind::Template { last, .. } = token.kind else {
                return Err(self.unexpected("expected `}` behind a template's term"));
            };
            let text = self.slice(token.span);
            let inner = text.get(opened..text.len().saturating_sub(1)).unwrap_or_default();
            opened = 1;
            if !inner.is_empty() {
                let text =
                    if raw { inner.replace("\\{", "{").into() } else { self.unescaped(inner, token.span)? };
                parts.push(TemplatePart::Text(text));
            }
            self.bump();
            if last {
                break;
            }
            let literal = self.literal()?;
            plain(&literal)?;
            parts.push(TemplatePart::Term(literal));
        }
        Ok(Term { kind: TermKind::Template(parts), span: self.since(start) })
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
        LiteralKind::Not(_) => "`not`",
        LiteralKind::Some(_) | LiteralKind::SomeIn { .. } => "`some`",
        LiteralKind::Every { .. } => "`every`",
    };
    Err(Box::new(SyntaxError::new(literal.span, format!("{wrong} has no place in a template: write a term"))))
}
