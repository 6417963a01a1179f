//! Terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_builtin::Builtin;
use tollgate_rego_resolve::tree::{Callee, Collection, TemplatePart, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use super::unify::constant;
use super::{Known, Rules};
use crate::kind::{Key, Type};

impl Rules<'_, '_> {
    /// What a term's value may be. Its parts are looked at, and what is wrong in them reported.
    pub(super) fn term(&mut self, term: &Term) -> Type {
        match &term.kind {
            TermKind::Null => Type::Null,
            TermKind::Bool(_) => Type::Boolean,
            TermKind::Number(_) => Type::Number,
            TermKind::String(_) => Type::String,
            TermKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Term(literal) = part {
                        self.literal(literal);
                    }
                }
                Type::String
            }
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref { base, steps } => {
                let of = self.reference(base, steps);
                self.infer.given.get(&(self.file, term.span)).cloned().unwrap_or(of)
            }
            TermKind::Call { callee, arguments, name_span } => {
                self.call(callee, arguments, *name_span, term.span)
            }
            TermKind::Array(items) => {
                let items = items.iter().map(|item| self.term(item)).collect();
                Type::array(items, None)
            }
            TermKind::Set(items) => {
                let item = items.iter().map(|item| self.term(item)).reduce(Type::or);
                Type::set(item)
            }
            TermKind::Object(entries) => self.object(entries),
            TermKind::Comprehension { kind, key, value, body } => {
                self.body(body);
                let key = key.as_ref().map(|key| self.term(key).closed());
                let value = self.term(value).closed();
                match kind {
                    Collection::Array => Type::array(Vec::new(), Some(value)),
                    Collection::Set => Type::set(Some(value)),
                    Collection::Object => {
                        Type::object(BTreeMap::new(), Some((key.unwrap_or(Type::Any), value)))
                    }
                }
            }
        }
    }

    fn object(&mut self, entries: &[(Term, Term)]) -> Type {
        let mut fields: BTreeMap<Key, Type> = BTreeMap::new();
        let mut rest: Option<(Type, Type)> = None;
        for (key, value) in entries {
            let of = self.term(value);
            match constant(key) {
                Some(key) => _ = fields.insert(key, of),
                None => {
                    let key = self.term(key);
                    rest = Some(match rest.take() {
                        None => (key, of),
                        Some((keys, values)) => (keys.or(key), values.or(of)),
                    });
                }
            }
        }
        Type::object(fields, rest)
    }

    fn call(&mut self, callee: &Callee, arguments: &[Term], name_span: Span, span: Span) -> Type {
        match callee {
            Callee::Builtin(builtin) => self.builtin(builtin, arguments, span),
            Callee::Function(path) => {
                let known = self.infer.graph.group(path).and_then(|group| self.infer.known.get(&group));
                match known {
                    Some(Known::Function { takes, gives }) if self.relaxed == 0 => {
                        let (takes, gives) = (takes.clone(), gives.clone());
                        let given: Vec<Type> = arguments.iter().map(|argument| self.term(argument)).collect();
                        self.arguments(&super::written(path), arguments, &given, &takes, name_span);
                        gives
                    }
                    _ => self.anything(arguments),
                }
            }
            Callee::Unknown(_) => self.anything(arguments),
        }
    }

    fn anything(&mut self, arguments: &[Term]) -> Type {
        for argument in arguments {
            self.term(argument);
            self.release(argument);
        }
        Type::Any
    }

    fn builtin(&mut self, builtin: &'static Builtin, arguments: &[Term], span: Span) -> Type {
        let given: Vec<Type> = arguments.iter().map(|argument| self.term(argument)).collect();
        match (builtin.name, arguments) {
            ("internal.member_2", [value, collection]) => {
                self.member(None, (value, &given), collection, span);
            }
            ("internal.member_3", [key, value, collection]) => {
                self.member(Some(key), (value, &given), collection, span);
            }
            _ if arguments.len() == builtin.parameters.len() => {
                let takes: Vec<Type> = builtin.parameters.iter().map(|(_, of)| Type::from(of)).collect();
                self.arguments(builtin.name, arguments, &given, &takes, span);
            }
            _ => {}
        }
        Type::from(&builtin.result)
    }

    fn arguments(&mut self, name: &str, arguments: &[Term], given: &[Type], takes: &[Type], span: Span) {
        for (at, ((argument, given), takes)) in arguments.iter().zip(given).zip(takes).enumerate() {
            let fits = given.is_open() || given.meets(takes);
            if !(fits && self.bind(argument, given, takes)) {
                let place = at.saturating_add(1);
                let shown = self.shown(given);
                let message = match operator(name) {
                    Some(sign) => format!("`{sign}` takes {takes}, and is given {shown}"),
                    None => format!("argument {place} of `{name}` must be {takes}, and is {shown}"),
                };
                let span = if argument.span.start == argument.span.end { span } else { argument.span };
                let remedy = conversion(given, takes).map(str::to_owned);
                self.wrong(span, message, remedy);
                return;
            }
        }
    }

    fn member(
        &mut self,
        key: Option<&Term>,
        (value, given): (&Term, &[Type]),
        collection: &Term,
        span: Span,
    ) {
        let Some(of) = given.last() else { return };
        let (Some(keys), Some(values)) = (of.keys(), of.values()) else { return };
        let sought = key.map(|key| (key, keys)).into_iter().chain([(value, values)]);
        let given = given.iter().rev().skip(1).rev();
        let sought: Vec<(&Term, Type)> = sought.collect();
        for ((term, of), given) in sought.into_iter().zip(given) {
            let fits = given.is_open() || given.meets(&of);
            if !(fits && self.bind(term, given, &of)) {
                let what = if collection.span == span { "it" } else { "the collection" };
                let (given, of) = (self.shown(given), self.shown(&of));
                self.wrong(span, format!("{given} can never be in {what}: its members are {of}"), None);
                return;
            }
        }
    }
}

/// The sign of an operator's builtin.
fn operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "plus" => "+",
        "minus" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "and" => "&",
        "or" => "|",
        _ => return None,
    })
}

/// How to make one of the other.
const fn conversion(given: &Type, takes: &Type) -> Option<&'static str> {
    match (given, takes) {
        (Type::String, Type::Number) => Some("write `to_number(x)`"),
        (Type::Number | Type::Boolean, Type::String) => Some("write `sprintf(\"%v\", [x])`"),
        (Type::Array(_), Type::Set(_)) => Some("write `{item | some item in x}` to make a set of an array"),
        (Type::Set(_), Type::Array(_)) => Some("write `[item | some item in x]` to make an array of a set"),
        _ => None,
    }
}

/// `a`, `b` for people.
pub(super) fn list(names: &[Arc<str>]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
