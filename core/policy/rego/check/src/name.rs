//! Names: imports and locals that nothing uses, and those that hide something.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_builtin::lookup;
use tollgate_rego_resolve::tree::{
    Base, Callee, Literal, LiteralKind, LocalId, Origin, Path, Program, Rule, Term, TermKind,
};
use tollgate_rego_syntax::tree::{self as syntax, Module, Span, Step};

use crate::call;
use crate::problem::{Problem, Related};
use crate::walk::{Visitor, walk_rule, walk_term};

/// Builtins that are called by their signs; nobody misses their names.
const SIGNS: [&str; 15] = [
    "and", "assign", "div", "eq", "equal", "gt", "gte", "lt", "lte", "minus", "mul", "neq", "or", "plus",
    "rem",
];

/// Whatever is wrong with names.
pub(crate) fn problems(modules: &[Module], program: &Program) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, module) in modules.iter().enumerate() {
        imports(file, module, &mut problems);
    }
    let rules = Names::of(program);
    let mut seen: BTreeSet<&Path> = BTreeSet::new();
    for rule in &program.rules {
        if seen.insert(&rule.path) {
            problems.extend(shadowing_rule(rule, modules));
        }
        let imports = modules.get(rule.file).map(|module| &*module.imports).unwrap_or_default();
        locals(rule, &rules, imports, &mut problems);
    }
    problems
}

/// Where the rules of each package are first named.
struct Names<'p>(BTreeMap<(&'p Path, &'p str), (usize, Span)>);

impl<'p> Names<'p> {
    fn of(program: &'p Program) -> Self {
        let mut names = BTreeMap::new();
        for rule in &program.rules {
            if let Some(name) = rule.path.get(rule.package.len()) {
                names.entry((&rule.package, &**name)).or_insert((rule.file, rule.head_span));
            }
        }
        Self(names)
    }
}

fn imports(file: usize, module: &Module, problems: &mut Vec<Problem>) {
    let named: Vec<(&syntax::Import, &syntax::Name)> = module
        .imports
        .iter()
        .filter(|import| import.path.first().is_some_and(|root| matches!(&*root.text, "data" | "input")))
        .filter_map(|import| Some((import, import.alias.as_ref().or(import.path.last())?)))
        .collect();
    if named.is_empty() {
        return;
    }
    let mut used = BTreeSet::new();
    module.rules.iter().for_each(|rule| used_in_rule(rule, &mut used));
    for (import, name) in named {
        if !used.contains(&*name.text) && &*name.text != "input" && &*name.text != "data" {
            let message = format!("nothing in this file uses the import `{}`", name.text);
            problems.push(Problem::new(file, import.span, "unused-import", message).mended_by("take it out"));
        }
    }
}

/// Every name that a rule uses as a variable.
fn used_in_rule<'m>(rule: &'m syntax::Rule, used: &mut BTreeSet<&'m str>) {
    let mut names = syntax_names::Used(used);
    rule.head.path.iter().for_each(|step| names.step(step));
    rule.head.arguments.iter().flatten().for_each(|term| names.term(term));
    rule.head.member.iter().chain(&rule.head.value).for_each(|term| names.term(term));
    rule.body.iter().for_each(|body| names.body(body));
    for branch in &rule.otherwise {
        branch.value.iter().for_each(|term| names.term(term));
        branch.body.iter().for_each(|body| names.body(body));
    }
}

mod syntax_names;

fn shadowing_rule(rule: &Rule, modules: &[Module]) -> Option<Problem> {
    let name = rule.path.get(rule.package.len())?;
    if !hides_builtin(name) {
        return None;
    }
    let span = match modules.get(rule.file)?.rules.get(rule.at)?.head.path.first() {
        Some(Step::Name(name)) => name.span,
        _ => rule.head_span,
    };
    let what = if rule.arguments.is_some() { "function" } else { "rule" };
    let message = format!("the {what} `{name}` hides the builtin function of that name in its whole package");
    Some(Problem::new(rule.file, span, "shadowed-builtin", message).mended_by("give it another name"))
}

fn hides_builtin(name: &str) -> bool {
    // What Rego is giving up nobody misses.
    !SIGNS.contains(&name) && call::deprecated(name).is_none() && lookup(name).is_some()
}

fn locals(rule: &Rule, rules: &Names<'_>, imports: &[syntax::Import], problems: &mut Vec<Problem>) {
    let mut uses = Uses { reads: vec![0; rule.locals.len()], called: BTreeSet::new() };
    walk_rule(&mut uses, rule);
    for (local, reads) in rule.locals.iter().zip(&uses.reads) {
        let name = &local.name;
        if local.origin == Origin::Wildcard || name.starts_with('_') {
            continue;
        }
        let declared = matches!(local.origin, Origin::Assigned | Origin::Declared | Origin::Every);
        if declared && *reads == 0 && !uses.called.contains(&**name) && local.origin != Origin::Every {
            let message = format!("nothing reads `{name}`");
            let problem = Problem::new(rule.file, local.span, "unused-variable", message);
            problems.push(problem.mended_by(format!("take it out, or call it `_` or `_{name}`")));
        }
        if !(declared || local.origin == Origin::Argument) {
            continue;
        }
        if hides_builtin(name) {
            let message = format!("the local `{name}` hides the builtin function of that name");
            let problem = Problem::new(rule.file, local.span, "shadowed-builtin", message);
            problems.push(problem.mended_by("give it another name"));
        } else if let Some((file, span)) = rules.0.get(&(&rule.package, &**name)) {
            let message = format!("the local `{name}` hides the rule of that name");
            let mut problem = Problem::new(rule.file, local.span, "shadowed-rule", message);
            problem.related = Some(Related { file: *file, span: *span, message: "the rule".to_owned() });
            problems.push(problem.mended_by("give one of them another name"));
        } else if let Some(import) = imports.iter().find(|import| imported(import) == Some(name)) {
            let message = format!("the local `{name}` hides the import of that name");
            let problem = Problem::new(rule.file, local.span, "shadowed-rule", message);
            problems
                .push(problem.beside(import.span, "the import").mended_by("give one of them another name"));
        }
    }
}

fn imported(import: &syntax::Import) -> Option<&Arc<str>> {
    match &*import.path.first()?.text {
        "data" | "input" => import.alias.as_ref().or(import.path.last()).map(|name| &name.text),
        _ => None,
    }
}

/// How often each local is read, outside of the patterns that bring it in.
struct Uses<'a> {
    reads: Vec<usize>,
    /// names that calls of unknown functions begin with: `labels` of `labels.has(..)`
    called: BTreeSet<&'a str>,
}

impl Uses<'_> {
    fn read(&mut self, local: LocalId) {
        if let Some(reads) = self.reads.get_mut(local.0 as usize) {
            *reads = reads.saturating_add(1);
        }
    }

    fn unread(&mut self, pattern: &Term) {
        match &pattern.kind {
            TermKind::Local(local) => {
                if let Some(reads) = self.reads.get_mut(local.0 as usize) {
                    *reads = reads.saturating_sub(1);
                }
            }
            TermKind::Array(items) => items.iter().for_each(|item| self.unread(item)),
            TermKind::Object(entries) => entries.iter().for_each(|(_, value)| self.unread(value)),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Uses<'a> {
    fn literal(&mut self, literal: &'a Literal) {
        crate::walk::walk_literal(self, literal);
        match &literal.kind {
            LiteralKind::Assign(pattern, _) => self.unread(pattern),
            LiteralKind::SomeIn { key, value, .. } => {
                key.iter().chain([value]).for_each(|term| self.unread(term))
            }
            _ => {}
        }
    }

    fn term(&mut self, term: &'a Term) {
        match &term.kind {
            TermKind::Local(local) | TermKind::Ref { base: Base::Local(local), .. } => self.read(*local),
            TermKind::Call { callee: Callee::Unknown(name), .. } => {
                self.called.extend(name.split('.').next());
            }
            _ => {}
        }
        walk_term(self, term);
    }
}

#[cfg(test)]
mod tests;
