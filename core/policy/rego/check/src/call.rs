//! Calls of builtins that are going away, and of methods that other languages have.
//!
//! That a function is unknown the resolver says; what to write instead is said here.

use std::collections::{BTreeMap, BTreeSet};

use tollgate_rego_builtin::all;
use tollgate_rego_resolve as resolve;
use tollgate_rego_resolve::tree::{Callee, Literal, Program, Replacement, Term, TermKind};
use tollgate_rego_syntax::tree::{Dialect, Span};
use tollgate_schema::did_you_mean;

use crate::code::Severity;
use crate::problem::Problem;
use crate::walk::{Visitor, walk_literal, walk_rule, walk_term};

/// Builtins that Rego is giving up, and what to write.
const DEPRECATED: [(&str, &str); 11] = [
    ("all", "write `every x in xs { x == true }`"),
    ("any", "write `true in xs`"),
    ("cast_array", "test with `is_array(x)`, or write `[item | some item in x]`"),
    ("cast_boolean", "test with `is_boolean(x)`"),
    ("cast_null", "test with `is_null(x)`"),
    ("cast_object", "test with `is_object(x)`"),
    ("cast_set", "test with `is_set(x)`, or write `{item | some item in x}`"),
    ("cast_string", "test with `is_string(x)`"),
    ("net.cidr_overlap", "write `net.cidr_contains(cidr, ip)`"),
    ("re_match", "write `regex.match(pattern, value)`"),
    ("set_diff", "write `a - b`"),
];

/// What people mean who write a method of another language, by its name.
const METHODS: [(&[&str], &str); 9] = [
    (
        &["hasOwnProperty", "has", "hasKey", "containsKey", "contains_key", "has_key"],
        "Rego has no methods: write `\"key\" in object.keys(object.get(parent, \"field\", {}))`, which also holds its own where the field is missing",
    ),
    (&["length", "size", "len"], "write `count(x)`"),
    (&["startsWith", "hasPrefix", "starts_with"], "write `startswith(x, \"prefix\")`"),
    (&["endsWith", "hasSuffix", "ends_with"], "write `endswith(x, \"suffix\")`"),
    (&["toLowerCase", "toLower", "lower"], "write `lower(x)`"),
    (&["toUpperCase", "toUpper", "upper"], "write `upper(x)`"),
    (&["matches", "match", "test"], "write `regex.match(pattern, value)`"),
    (
        &["includes", "contains", "indexOf", "index_of"],
        "write `value in xs`, or `contains(text, part)` for text",
    ),
    (&["keys"], "write `object.keys(x)`"),
];

/// How to say in Rego what an unknown function would be in another language.
#[must_use]
pub fn remedy(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next().unwrap_or(name);
    METHODS.iter().find(|(names, _)| names.contains(&last)).map(|(_, remedy)| *remedy)
}

/// What to write instead of a builtin that Rego is giving up.
pub(crate) fn deprecated(name: &str) -> Option<&'static str> {
    DEPRECATED.iter().find(|(known, _)| *known == name).map(|(_, remedy)| *remedy)
}

/// What the resolver found, with remedies for functions that are not defined.
pub(crate) fn mended(program: &Program, found: Vec<resolve::Problem>) -> Vec<Problem> {
    let mut unknown = Unknown { file: 0, names: BTreeMap::new() };
    for rule in &program.rules {
        unknown.file = rule.file;
        walk_rule(&mut unknown, rule);
    }
    let functions: BTreeSet<&str> = program
        .rules
        .iter()
        .filter(|rule| rule.arguments.is_some())
        .filter_map(|rule| rule.path.last().map(|name| &**name))
        .collect();
    let mend = |found: resolve::Problem| {
        let mut problem = Problem::new(found.file, found.span, found.code, found.message);
        // Whatever the resolver finds keeps rules from being compiled.
        problem.severity = Severity::Error;
        problem.remedy = found.remedy;
        let name = unknown.names.get(&(found.file, found.span)).copied();
        if let (None, Some(name)) = (&problem.remedy, name) {
            let known = all().map(|builtin| builtin.name).chain(functions.iter().copied());
            problem.remedy = remedy(name)
                .map(str::to_owned)
                .or_else(|| did_you_mean(name, known).map(|meant| format!("did you mean `{meant}`?")));
        }
        problem
    };
    found.into_iter().map(mend).collect()
}

/// Calls of functions that are not defined, by place.
struct Unknown<'p> {
    file: usize,
    names: BTreeMap<(usize, Span), &'p str>,
}

impl<'p> Visitor<'p> for Unknown<'p> {
    fn term(&mut self, term: &'p Term) {
        if let TermKind::Call { callee: Callee::Unknown(name), name_span, .. } = &term.kind {
            self.names.insert((self.file, *name_span), name);
        }
        walk_term(self, term);
    }
}

/// Calls of what is deprecated.
pub(crate) fn problems(program: &Program) -> Vec<Problem> {
    let mut problems = Vec::new();
    for rule in &program.rules {
        let mut calls = Calls { file: rule.file, dialect: rule.dialect, problems: &mut problems };
        walk_rule(&mut calls, rule);
    }
    problems
}

struct Calls<'p> {
    file: usize,
    dialect: Dialect,
    problems: &'p mut Vec<Problem>,
}

impl Calls<'_> {
    fn builtin(&mut self, builtin: &tollgate_rego_builtin::Builtin, span: Span) {
        let name = builtin.name;
        if let Some(remedy) = deprecated(name) {
            let message = format!("`{name}` is deprecated");
            let mut problem = Problem::new(self.file, span, "deprecated-builtin", message).mended_by(remedy);
            if self.dialect == Dialect::V1 {
                problem.message = format!("`{name}` is deprecated: OPA does not take it in Rego v1");
                problem.severity = Severity::Error;
            }
            self.problems.push(problem);
        }
    }
}

impl<'a> Visitor<'a> for Calls<'_> {
    fn literal(&mut self, literal: &'a Literal) {
        for with in &literal.with {
            if let Replacement::Builtin(builtin) = with.value {
                self.builtin(builtin, with.span);
            }
        }
        walk_literal(self, literal);
    }

    fn term(&mut self, term: &'a Term) {
        if let TermKind::Call { callee: Callee::Builtin(builtin), name_span, .. } = &term.kind {
            self.builtin(builtin, *name_span);
        }
        walk_term(self, term);
    }
}

#[cfg(test)]
mod tests;
