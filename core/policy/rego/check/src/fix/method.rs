//! Methods of other languages as Rego says them.
//!
//! `a.b.labels.hasOwnProperty("k")` asks whether there is a key, also where there are no labels at all. In Rego a reference
//! that leads nowhere is undefined, so the field is taken with a default: `"k" in object.keys(object.get(a.b, "labels", {}))`.

use tollgate_rego_syntax::tree::{
    Body, Dialect, Literal, LiteralKind, Module, Rule, Span, Step, TemplatePart, Term, TermKind,
};

use super::{Edit, bounds, slice};

/// What asks whether an object has a key.
const HAS: [&str; 4] = ["hasOwnProperty", "hasKey", "containsKey", "has"];

/// Methods without arguments, and with one, that are functions in Rego.
const WITHOUT: [(&str, &str); 7] = [
    ("length", "count"),
    ("size", "count"),
    ("len", "count"),
    ("toLowerCase", "lower"),
    ("toLower", "lower"),
    ("toUpperCase", "upper"),
    ("toUpper", "upper"),
];
const WITH_ONE: [(&str, &str); 4] = [
    ("startsWith", "startswith"),
    ("hasPrefix", "startswith"),
    ("endsWith", "endswith"),
    ("hasSuffix", "endswith"),
];

pub(super) fn edits(text: &str, module: &Module) -> Vec<Edit> {
    let mut methods = Methods { text, edits: Vec::new(), membership: false };
    module.rules.iter().for_each(|rule| methods.rule(rule));
    let needed = methods.membership && !has_membership(module);
    let mut edits = methods.edits;
    if needed {
        let at = line_end(text, module.package_span.end);
        edits.push(Edit {
            span: Span { start: at, end: at },
            text: "\n\nimport future.keywords.in".to_owned(),
        });
    }
    edits
}

/// Where the line ends that this byte is on: a comment may follow.
fn line_end(text: &str, at: u32) -> u32 {
    let rest = usize::try_from(at).ok().and_then(|at| text.get(at..)).unwrap_or_default();
    let length = rest.lines().next().map_or(0, str::len);
    at.saturating_add(u32::try_from(length).unwrap_or(0))
}

/// Whether `in` is a keyword in this file.
fn has_membership(module: &Module) -> bool {
    let imports = |names: &[&str]| {
        module
            .imports
            .iter()
            .any(|import| import.path.iter().map(|name| &*name.text).eq(names.iter().copied()))
    };
    module.dialect == Dialect::V1
        || imports(&["rego", "v1"])
        || imports(&["future", "keywords"])
        || imports(&["future", "keywords", "in"])
        || imports(&["future", "keywords", "every"])
}

struct Methods<'t> {
    text: &'t str,
    edits: Vec<Edit>,
    membership: bool,
}

impl<'t> Methods<'t> {
    fn rule(&mut self, rule: &Rule) {
        rule.head.member.iter().chain(&rule.head.value).for_each(|term| self.term(term, false));
        rule.body.iter().for_each(|body| self.body(body));
        for branch in &rule.otherwise {
            branch.value.iter().for_each(|term| self.term(term, false));
            branch.body.iter().for_each(|body| self.body(body));
        }
    }

    fn body(&mut self, body: &Body) {
        body.literals.iter().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Term(term) | LiteralKind::Not(term) => self.term(term, literal.with.is_empty()),
            LiteralKind::NotBody(body) => self.body(body),
            LiteralKind::Some(_) => {}
            LiteralKind::SomeIn { collection, .. } => self.term(collection, false),
            LiteralKind::Every { collection, body, .. } => {
                self.term(collection, false);
                self.body(body);
            }
        }
        literal.with.iter().for_each(|with| self.term(&with.value, false));
    }

    /// `alone` is a term that is a whole condition: it needs no parentheses.
    fn term(&mut self, term: &Term, alone: bool) {
        match &term.kind {
            TermKind::Call { function, arguments } => {
                if !self.call(term, function, arguments, alone) {
                    arguments.iter().for_each(|argument| self.term(argument, false));
                }
            }
            TermKind::Infix { left, right, .. } => {
                self.term(left, false);
                self.term(right, false);
            }
            TermKind::Membership { key, value, collection } => {
                key.iter().for_each(|key| self.term(key, false));
                self.term(value, false);
                self.term(collection, false);
            }
            TermKind::Ref { head, steps } => {
                self.term(head, false);
                for step in steps {
                    if let Step::Term(term) = step {
                        self.term(term, false);
                    }
                }
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter().for_each(|item| self.term(item, false))
            }
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.term(key, false);
                    self.term(value, false);
                }
            }
            TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
                self.term(value, false);
                self.body(body);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.term(key, false);
                self.term(value, false);
                self.body(body);
            }
            TermKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Term(literal) = part {
                        self.literal(literal);
                    }
                }
            }
            TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::Var(_) => {}
        }
    }

    /// Rewrites a method's call. Whether it is one.
    fn call(&mut self, term: &Term, function: &Term, arguments: &[Term], alone: bool) -> bool {
        let TermKind::Ref { head, steps } = &function.kind else { return false };
        let [before @ .., Step::Name(method)] = steps.as_slice() else { return false };
        let receiver = self.upto(function, method.span).trim_end();
        let renamed = |table: &[(&str, &'static str)]| {
            table.iter().find(|(known, _)| *known == &*method.text).map(|(_, function)| *function)
        };
        let new = match arguments {
            [] => renamed(&WITHOUT).map(|function| format!("{function}({receiver})")),
            [argument] => {
                let argument = slice(self.text, argument.span);
                if HAS.contains(&&*method.text) {
                    self.membership = true;
                    let keys = match before {
                        [] => receiver.to_owned(),
                        [.., last] => self.field(function, last),
                    };
                    let membership = format!("{argument} in object.keys({keys})");
                    Some(if alone { membership } else { format!("({membership})") })
                } else {
                    renamed(&WITH_ONE).map(|function| format!("{function}({receiver}, {argument})"))
                }
            }
            _ => None,
        };
        let is_known = !matches!(head.kind, TermKind::Call { .. });
        match new.filter(|_| is_known) {
            Some(new) => {
                self.edits.push(Edit { span: term.span, text: new });
                true
            }
            None => false,
        }
    }

    /// `object.get(a.b, "labels", {})` of `a.b.labels`, whose last step is `last`.
    fn field(&self, function: &Term, last: &Step) -> String {
        let (span, key) = match last {
            Step::Name(name) => (name.span, format!("{:?}", name.text)),
            Step::Term(term) => (term.span, slice(self.text, term.span).to_owned()),
        };
        format!("object.get({}, {key}, {{}})", self.upto(function, span))
    }

    /// The text of a reference up to the `.` or `[` before a step.
    fn upto(&self, function: &Term, step: Span) -> &'t str {
        let (start, end) = (bounds(function.span).0, bounds(step).0);
        let before = self.text.get(start..end).unwrap_or_default().trim_end();
        before.strip_suffix(['.', '[']).unwrap_or(before).trim_end()
    }
}
