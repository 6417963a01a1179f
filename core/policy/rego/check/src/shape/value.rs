//! Constants that a field does not take: another than its known ones, a kind that is spelled wrong.

use std::sync::Arc;

use tollgate_rego_resolve::tree::{Callee, Literal, LiteralKind, Term, TermKind};
use tollgate_schema::{Type as Schema, did_you_mean, kinds, named};

use super::Scope;
use super::place::{Cursor, Found, Step};
use crate::problem::Problem;

/// How many values a remedy lists.
const LISTED: usize = 12;

impl Scope<'_, '_> {
    /// Looks at a comparison with constant strings.
    pub(super) fn values(&mut self, literal: &Literal) {
        let literal = match &literal.kind {
            LiteralKind::Not(inner) => inner,
            _ => literal,
        };
        let (a, b) = match &literal.kind {
            LiteralKind::Unify(a, b) => (a, b),
            LiteralKind::Term(Term {
                kind: TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. },
                ..
            }) if matches!(builtin.name, "equal" | "neq" | "internal.member_2") => {
                let [a, b] = arguments.as_slice() else { return };
                (a, b)
            }
            _ => return,
        };
        for (value, constant) in [(a, b), (b, a)] {
            match &constant.kind {
                TermKind::String(text) => self.value(value, text, constant),
                TermKind::Array(items) | TermKind::Set(items) => {
                    for item in items {
                        if let TermKind::String(text) = &item.kind {
                            self.value(value, text, item);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn value(&mut self, field: &Term, text: &Arc<str>, constant: &Term) {
        let Some(origin) = self.origin(field).filter(|origin| origin.is_value()) else { return };
        let Some(name) = origin.places.first().and_then(|place| place.steps.last()).and_then(Step::name)
        else {
            return;
        };
        if is_kind(origin.only().unwrap_or_default()) {
            if named(text).next().is_none()
                && let Some(meant) = did_you_mean(text, kinds().map(|kind| kind.kind))
            {
                let message = format!("no built-in kind is called `{text}`");
                self.odd(constant, message, format!("did you mean `{meant}`?"));
            }
            return;
        }
        let mut takes: Vec<&'static str> = Vec::new();
        for place in &origin.places {
            for found in place.look(&self.facts, self.review) {
                match found {
                    Found::Type(Cursor::Type(Schema::String(values))) if !values.is_empty() => {
                        takes.extend(&**values)
                    }
                    Found::Missing { .. } => {}
                    _ => return,
                }
            }
        }
        if takes.is_empty() || takes.contains(&&**text) {
            return;
        }
        takes.sort_unstable();
        takes.dedup();
        let remedy = match did_you_mean(text, takes.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if takes.len() <= LISTED => format!("it takes `{}`", takes.join("`, `")),
            None => return,
        };
        self.odd(constant, format!("`{name}` never is `{text}`"), remedy);
    }

    fn odd(&mut self, constant: &Term, message: String, remedy: String) {
        let problem = Problem::new(self.file, constant.span, "unknown-value", message).mended_by(remedy);
        self.shapes.problems.insert(problem);
    }
}

/// Whether a place is the kind of the object.
fn is_kind(steps: &[Step]) -> bool {
    let names: Option<Vec<&str>> = steps.iter().map(Step::name).collect();
    matches!(
        names.as_deref(),
        Some(["request" | "review", "kind" | "requestKind" | "object" | "oldObject", "kind"] | ["kind"])
    )
}
