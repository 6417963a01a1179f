//! What v1 demands of rules, and what defaults must not be.

use crate::error::SyntaxError;
use crate::tree::{Head, Span, Step, TemplatePart, Term, TermKind};

use super::{Parsed, Parser};

impl Parser<'_> {
    /// What v1 demands of a rule: `if` before its body, `contains` before its member, and something that it says.
    pub(super) fn demand_of_rule(&mut self, head: &Head, bodied: bool, condition: bool, contains: bool) {
        self.modern |= condition || contains;
        let name = name(head);
        let unnamed = head.member.is_some() && !contains;
        let unconditional = bodied && !condition;
        if unnamed {
            let (message, hint) = if unconditional {
                (
                    format!("`{name}` collects members under a condition, which needs `contains` and `if`"),
                    " if {",
                )
            } else {
                (format!("`{name}` collects members, which needs `contains`"), "")
            };
            let hint = format!("write `{name} contains ..{hint}`");
            self.demands.push(SyntaxError::new(head.span, message).hint(hint));
        } else if unconditional {
            self.demand_if(head.span);
        }
        let bare = head.value.is_none() && head.member.is_none() && head.arguments.is_none();
        if !bodied && bare {
            let message = format!("`{name}` has neither a value nor a body");
            let hint = "write `:=` and a value, or `if` and a body";
            self.demands.push(SyntaxError::new(head.span, message).hint(hint));
        }
    }

    pub(super) fn demand_if(&mut self, span: Span) {
        let error = SyntaxError::new(span, "a body needs `if` before it");
        self.demands.push(error.hint("write `if` before the `{`"));
    }
}

fn name(head: &Head) -> String {
    let mut text = String::new();
    for step in &head.path {
        if let Step::Name(name) = step {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(&name.text);
        }
    }
    text
}

/// Where `term` has something that is no constant; comprehensions may have names of their own.
pub(super) fn not_constant(term: &Term) -> Option<Span> {
    match &term.kind {
        TermKind::Null
        | TermKind::Bool(_)
        | TermKind::Number(_)
        | TermKind::String(_)
        | TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => None,
        TermKind::Array(items) | TermKind::Set(items) => items.iter().find_map(not_constant),
        TermKind::Object(pairs) => {
            pairs.iter().find_map(|(key, value)| not_constant(key).or_else(|| not_constant(value)))
        }
        TermKind::Template(parts) => parts.iter().find_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Term(literal) => match &literal.kind {
                crate::tree::LiteralKind::Term(term) if literal.with.is_empty() => not_constant(term),
                _ => Some(literal.span),
            },
        }),
        TermKind::Var(_)
        | TermKind::Ref { .. }
        | TermKind::Call { .. }
        | TermKind::Infix { .. }
        | TermKind::Membership { .. } => Some(term.span),
    }
}

/// Whether a rule's name with `term` in it is not the same for every input.
pub(super) fn has_name(term: &Term) -> bool {
    not_constant(term).is_some()
}

/// The arguments of a default are names, no two the same.
pub(super) fn default_arguments(arguments: &[Term]) -> Parsed<()> {
    let mut seen = std::collections::BTreeSet::new();
    for argument in arguments {
        let TermKind::Var(name) = &argument.kind else {
            let error = SyntaxError::new(argument.span, "an argument of a default is a name");
            return Err(Box::new(error));
        };
        if matches!(&**name, "data" | "input") {
            let message = format!("`{name}` is reserved: choose another name for the argument");
            return Err(Box::new(SyntaxError::new(argument.span, message)));
        }
        if &**name != "_" && !seen.insert(name.clone()) {
            let message = format!("`{name}` stands twice among the arguments of a default");
            return Err(Box::new(SyntaxError::new(argument.span, message)));
        }
    }
    Ok(())
}
