//! Rules and files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_syntax::tree::{self as syntax, Module, Step};

use crate::document::{Documents, fixed, functions, path};
use crate::import::Imports;
use crate::problem::Problem;
use crate::recursion;
use crate::scope::Scopes;
use crate::term::{Resolver, Surroundings};
use crate::tree::{Base, Else, Leaf, LocalId, Origin, Path, Program, Rule, Term, TermKind};
use crate::visit::{self, Visitor};

/// How many steps the name of a package, a rule or what `with` replaces may have.
pub(crate) const STEPS: usize = 250;

/// Resolves all rules of `modules`. What comes back is whole only where there are no problems.
#[must_use]
pub fn resolve(modules: &[Module]) -> (Program, Vec<Problem>) {
    let long = long_names(modules);
    if !long.is_empty() {
        return (Program::default(), long);
    }
    let functions = functions(modules);
    let names = rule_names(modules);
    let none = BTreeSet::new();
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    for (file, module) in modules.iter().enumerate() {
        let package = path(module, &[]);
        let around = Surroundings {
            file,
            imports: Imports::of(module),
            rules: names.get(&package).unwrap_or(&none),
            package,
            functions: &functions,
        };
        for (at, written) in module.rules.iter().enumerate() {
            rules.push(rule(&around, module, at, written, &mut problems));
        }
    }
    flatten(&mut rules);
    let documents = Documents::of(&rules);
    conflicts(&rules, &documents, &mut problems);
    recursion::find(&rules, &documents, &mut problems);
    let packages = names.into_keys().collect();
    let files = modules.iter().map(|module| path(module, &[])).collect();
    (Program { rules, packages, files }, problems)
}

/// Resolves `body` as the only rule, complete and true, of a package of its own, beside `modules`.
/// Its locals that are no wildcards are what the query binds.
#[must_use]
pub fn query(modules: &[Module], body: &syntax::Body) -> (Rule, Vec<Problem>) {
    let functions = functions(modules);
    let none = BTreeSet::new();
    let mut problems = Vec::new();
    let around = Surroundings {
        file: modules.len(),
        imports: Imports::default(),
        rules: &none,
        package: Arc::from([]),
        functions: &functions,
    };
    let head = syntax::Head {
        path: Vec::new(),
        arguments: None,
        member: None,
        value: None,
        assigned: false,
        span: body.span,
    };
    let written = syntax::Rule {
        default: false,
        head,
        body: Some(body.clone()),
        otherwise: Vec::new(),
        span: body.span,
    };
    let module = Module {
        dialect: syntax::Dialect::V1,
        package: Vec::new(),
        package_span: body.span,
        imports: Vec::new(),
        rules: Vec::new(),
        comments: Vec::new(),
    };
    let rule = rule(&around, &module, 0, &written, &mut problems);
    (rule, problems)
}

/// Names of so many steps that whatever goes down them would not come back.
fn long_names(modules: &[Module]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, module) in modules.iter().enumerate() {
        if module.package.len() > STEPS {
            problems.push(long_name(file, module.package_span, "package"));
        }
        let long = module.rules.iter().filter(|rule| rule.head.path.len() > STEPS);
        problems.extend(long.map(|rule| long_name(file, rule.head.span, "rule")));
    }
    problems
}

/// That a name has too many steps.
pub(crate) fn long_name(file: usize, span: syntax::Span, what: &str) -> Problem {
    let message = format!("the name of this {what} has more than {STEPS} steps");
    Problem::new(file, span, "long-name", message).mended_by("use a shorter one")
}

fn rule_names(modules: &[Module]) -> BTreeMap<Path, BTreeSet<Arc<str>>> {
    let mut names: BTreeMap<Path, BTreeSet<Arc<str>>> = BTreeMap::new();
    for module in modules {
        let package = names.entry(path(module, &[])).or_default();
        for rule in &module.rules {
            if let Some(Step::Name(name)) = rule.head.path.first() {
                package.insert(name.text.clone());
            }
        }
    }
    names
}

fn rule(
    around: &Surroundings<'_>,
    module: &Module,
    at: usize,
    written: &syntax::Rule,
    problems: &mut Vec<Problem>,
) -> Rule {
    let head = &written.head;
    if let Some(Step::Name(name)) = head.path.first()
        && matches!(&*name.text, "input" | "data")
        && module.dialect == syntax::Dialect::V1
    {
        let message = format!("a rule cannot be called `{}`, which is a document", name.text);
        let problem = Problem::new(around.file, name.span, "shadowed-root", message);
        problems.push(problem.mended_by("give it another name"));
    }
    let mut resolver = Resolver { around, scopes: Scopes::default(), problems };
    resolver.scopes.open();
    let arguments = head
        .arguments
        .as_ref()
        .map(|patterns| patterns.iter().map(|pattern| resolver.pattern(pattern, Origin::Argument)).collect());
    let (fixed, rest) = fixed(&head.path);
    let mut in_head: Vec<&syntax::Term> = rest.iter().filter_map(step_term).collect();
    in_head.extend(head.member.iter().chain(&head.value));
    let (body, (keys, leaf)) = resolver.body(written.body.as_ref(), &in_head, |resolver| {
        let keys = rest.iter().map(|step| key(resolver, step)).collect();
        let leaf = match &head.member {
            Some(member) => Leaf::Member(resolver.term(member)),
            None => Leaf::Value(value(resolver, head.value.as_ref(), head.span)),
        };
        (keys, leaf)
    });
    let mut otherwise = Vec::new();
    for branch in &written.otherwise {
        let in_head: Vec<&syntax::Term> = branch.value.iter().collect();
        let (body, value) = resolver.body(branch.body.as_ref(), &in_head, |resolver| {
            value(resolver, branch.value.as_ref(), branch.span)
        });
        otherwise.push(Else { value, body, span: branch.span });
    }
    let rule = Rule {
        file: around.file,
        at,
        dialect: module.dialect,
        package: around.package.clone(),
        path: path(module, &fixed),
        keys,
        arguments,
        default: written.default,
        leaf,
        body,
        otherwise,
        locals: std::mem::take(&mut resolver.scopes.locals),
        span: written.span,
        head_span: head.span,
    };
    unused(&rule, problems);
    rule
}

/// Names that `some x` and `every x in ..` declare, and that stand nowhere else.
fn unused(rule: &Rule, problems: &mut Vec<Problem>) {
    let mut seen = Seen::default();
    visit::rule(rule, &mut seen);
    for (local, id) in rule.locals.iter().zip(0..) {
        let declared = matches!(local.origin, Origin::Declared | Origin::Every);
        if declared && &*local.name != "_" && !seen.0.contains(&LocalId(id)) {
            let name = &local.name;
            let message = format!("`{name}` is declared, and not used");
            let problem = Problem::new(rule.file, local.span, "unused-declaration", message);
            let remedy = match local.origin {
                Origin::Every => format!("write `_` for `{name}`"),
                _ => format!("remove `{name}`"),
            };
            problems.push(problem.mended_by(remedy));
        }
    }
}

/// The locals that stand in terms.
#[derive(Default)]
struct Seen(BTreeSet<LocalId>);

impl Visitor for Seen {
    fn term(&mut self, term: &Term) {
        if let TermKind::Local(local) | TermKind::Ref { base: Base::Local(local), .. } = &term.kind {
            self.0.insert(*local);
        }
    }
}

/// Beside `p[x] := ..` a rule `p.q := ..` is an entry of the same document, and no document of its own: where it does
/// not hold, nothing stands at `q`.
fn flatten(rules: &mut [Rule]) {
    let is_keyed = |rule: &&Rule| !rule.keys.is_empty() && rule.arguments.is_none();
    let keyed: BTreeSet<Path> = rules.iter().filter(is_keyed).map(|rule| rule.path.clone()).collect();
    for rule in rules {
        if rule.arguments.is_some() || rule.default || !rule.otherwise.is_empty() {
            continue;
        }
        let shorter = rule.package.len() + 1..rule.path.len();
        let above = shorter.filter_map(|length| rule.path.get(..length)).find(|path| keyed.contains(*path));
        let Some(above) = above.map(Path::from) else { continue };
        let below = rule.path.iter().skip(above.len());
        let key = |name: &Arc<str>| Term { kind: TermKind::String(name.clone()), span: rule.head_span };
        rule.keys = below.map(key).chain(rule.keys.iter().cloned()).collect();
        rule.path = above;
    }
}

fn step_term(step: &Step) -> Option<&syntax::Term> {
    match step {
        Step::Name(_) => None,
        Step::Term(term) => Some(term),
    }
}

fn key(resolver: &mut Resolver<'_>, step: &Step) -> Term {
    match step {
        Step::Name(name) => Term { kind: TermKind::String(name.text.clone()), span: name.span },
        Step::Term(term) => resolver.term(term),
    }
}

fn value(resolver: &mut Resolver<'_>, value: Option<&syntax::Term>, span: syntax::Span) -> Term {
    match value {
        Some(value) => resolver.term(value),
        None => Term { kind: TermKind::Bool(true), span },
    }
}

/// Rules of one document that do not go together.
fn conflicts(rules: &[Rule], documents: &Documents, problems: &mut Vec<Problem>) {
    let mut here = documents.rules.iter().filter_map(|at| rules.get(*at));
    if let Some(first) = here.next() {
        let name = written(&first.path);
        let mut default = first.default;
        for other in here {
            let problem = |message: String| Problem::new(other.file, other.head_span, "conflict", message);
            match (&first.arguments, &other.arguments) {
                (Some(a), Some(b)) if a.len() != b.len() => {
                    let message =
                        format!("`{name}` takes {} arguments elsewhere, and {} here", a.len(), b.len());
                    problems.push(problem(message));
                }
                (None, Some(_)) | (Some(_), None) => {
                    problems.push(problem(format!("`{name}` is a function and a rule")));
                }
                _ if kind(first) != kind(other) => {
                    problems.push(problem(format!(
                        "`{name}` is {} elsewhere, and {} here",
                        kind(first).word(),
                        kind(other).word()
                    )));
                }
                _ if other.default && default => {
                    let message = format!("`{name}` has a default already");
                    problems.push(Problem::new(other.file, other.head_span, "conflict", message));
                }
                _ => {}
            }
            default |= other.default;
        }
        // A complete rule is a value of its own: nothing can stand below it.
        if kind(first) != Kind::Object && first.keys.is_empty() {
            for below in documents.below.values() {
                let mut reported = false;
                below.all(&mut |at| {
                    if let (false, Some(rule)) = (reported, rules.get(at)) {
                        reported = true;
                        let message =
                            format!("`{}` stands below `{name}`, which is a rule", written(&rule.path));
                        problems.push(Problem::new(rule.file, rule.head_span, "conflict", message));
                    }
                });
            }
        }
    }
    documents.below.values().for_each(|below| conflicts(rules, below, problems));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Complete,
    Set,
    Object,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Complete => "one value",
            Self::Set => "a set",
            Self::Object => "an object",
        }
    }
}

fn kind(rule: &Rule) -> Kind {
    match (&rule.leaf, rule.keys.is_empty()) {
        (_, false) => Kind::Object,
        (Leaf::Member(_), true) => Kind::Set,
        (Leaf::Value(_), true) => Kind::Complete,
    }
}

fn written(path: &[Arc<str>]) -> String {
    path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}
