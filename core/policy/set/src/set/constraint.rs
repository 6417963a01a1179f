//! Gatekeeper's templates and constraints among the rules: each constraint is a rule, called `Kind/name`.
//!
//! ```text
//! YAML with `gatekeeper.sh/` ──> ConstraintSet ──> rules behind all others
//! subject ──> Review ──judge──> outcomes, weighed by enforcementAction
//! ```
//! What templates see as `data.inventory` is the estate's own `data.inventory`, where it has one.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_gatekeeper::suite::Suite;
use tollgate_gatekeeper::{
    Action, Answer, AskError, Constraint, ConstraintSet, Document, Found, Library, Limits,
    NamespaceFact as Known, Origin, Place, Point, Problem, Review, Settings, Template,
};
use tollgate_manifest::{Limits as Reading, Mask};
use tollgate_vocabulary::{Map, Operation, PolicyPlace, RuleId, Severity, Value};

use crate::data::has_extension;
use crate::load::{LoadError, LoadHint};
use crate::outcome::{Judgement, Outcome, RuleError, Violation, Weight};
use crate::rule::{Head, Operations, Rule, Subresources};
use crate::source::RuleFile;
use crate::subject::{NamespaceFact, Subject, Surface, Transition};

/// What one constraint may take.
const LIMITS: Limits = Limits { steps: 4_000_000, memory: 256 << 20 };

/// The constraints of a set.
#[derive(Debug)]
pub(super) struct Constraints {
    set: ConstraintSet,
    /// the index of the first constraint's rule
    first: usize,
    /// each constraint's rule
    rules: Vec<Rule>,
}

/// Templates, constraints and suites, apart from the files that are data.
pub(super) fn split<'f>(files: &[&'f RuleFile]) -> (Vec<Document>, Vec<&'f RuleFile>) {
    let (mut documents, mut rest) = (Vec::new(), Vec::new());
    for file in files {
        let found = gatekeepers(file);
        if found.is_empty() {
            rest.push(*file);
        }
        documents.extend(found);
    }
    (documents, rest)
}

/// What of a file is Gatekeeper's; a file that cannot be read is left to whoever reads data, and refuses it.
fn gatekeepers(file: &RuleFile) -> Vec<Document> {
    let named = |bytes: &[u8]| bytes.windows(b"gatekeeper.sh/".len()).any(|part| part == b"gatekeeper.sh/");
    if !has_extension(&file.path, &["yaml", "yml"]) || !named(&file.bytes) {
        return Vec::new();
    }
    // Templates hold no Secrets, and their texts are shown by nobody: the key does not matter.
    let documents = Document::read(&file.path, &file.bytes, &Mask::new([0; 32]), &Reading::default());
    let takes = |document: &Document| Library::takes(document) || Suite::is_one(document);
    documents.unwrap_or_default().into_iter().filter(takes).collect()
}

type Loaded = Option<(ConstraintSet, Vec<LoadHint>)>;

/// The set of what was found, where anything was.
pub(super) fn load(documents: Vec<Document>) -> Result<Loaded, Vec<LoadError>> {
    if !documents.iter().any(Library::takes) {
        return Ok(None);
    }
    let (set, hints) = ConstraintSet::load(&documents).map_err(|problems| {
        let errors = problems.into_iter().filter(Problem::is_error);
        errors.map(load_error).collect::<Vec<_>>()
    })?;
    Ok(Some((set, hints.into_iter().map(load_hint).collect())))
}

fn load_error(problem: Problem) -> LoadError {
    let Place { file, line, column, end_column } = problem.place;
    let Problem { code, message, remedy, .. } = problem;
    LoadError { file, line, column, end_column, code, message, dialect: None, remedy, related: None }
}

fn load_hint(problem: Problem) -> LoadHint {
    let Place { file, line, column, end_column } = problem.place;
    let Problem { code, message, remedy, .. } = problem;
    LoadHint { file, line, column, end_column, code, rule: None, message, remedy, related: None }
}

impl Constraints {
    /// Puts the constraints' rules behind the others.
    pub(super) fn behind(set: ConstraintSet, rules: &mut Vec<Rule>) -> Self {
        let first = rules.len();
        let library = set.library();
        let own: Vec<Rule> = library
            .constraints
            .iter()
            .filter_map(|constraint| Some(rule(constraint, library.templates.get(&constraint.kind)?)))
            .collect();
        rules.extend(own.iter().cloned());
        Self { set, first, rules: own }
    }

    /// Asks every constraint that matches.
    pub(super) fn judge(&self, subject: &Subject<'_>, data: &Value, judgement: &mut Judgement) {
        let transition = Transition::of(subject.request);
        let none = Value::Object(Map::default());
        let inventory = data.get("inventory").unwrap_or(&none);
        // As Gatekeeper has it: templates are written for errors of builtins to be undefined.
        let settings = Settings {
            strict: false,
            limits: LIMITS,
            now: i64::try_from(subject.at.as_nanosecond()).unwrap_or(i64::MAX),
        };
        for judged in self.set.judge(&review(subject), inventory, point(subject), settings) {
            let library = self.set.library();
            let Some(at) =
                library.constraints.iter().position(|other| std::ptr::eq(other, judged.constraint))
            else {
                continue;
            };
            let Some(rule) = self.rules.get(at).filter(|rule| transition.asks(rule)) else { continue };
            judgement.asked = true;
            judgement.read_namespace |= rule.reads_namespace;
            let (violations, error) = said(judged.answer, subject);
            if !violations.is_empty() || error.is_some() {
                let weight = weight(&judged.actions);
                judgement.outcomes.push(Outcome { rule: self.first + at, violations, error, weight });
            }
        }
    }

    /// Whether any constraint is asked.
    pub(super) fn in_scope(&self, subject: &Subject<'_>, data: &Value) -> bool {
        let mut judgement = Judgement::default();
        self.judge(subject, data, &mut judgement);
        judgement.asked
    }
}

fn rule(constraint: &Constraint, template: &Template) -> Rule {
    let Place { file, line, column, .. } = constraint.place.clone();
    let operations = match &template.operations {
        tollgate_gatekeeper::Operations::All => Operations::default(),
        tollgate_gatekeeper::Operations::Some(some) => some.iter().copied().collect(),
    };
    let names_namespace =
        |text: &str| ["namespaceObject", "_unstable"].into_iter().any(|word| text.contains(word));
    Rule {
        id: RuleId::new(format!("{}/{}", constraint.kind, constraint.name)),
        package: "gatekeeper".into(),
        head: Head::Violation,
        title: template.title.clone(),
        description: template.description.clone(),
        severity: Severity::default(),
        remedy: None,
        place: PolicyPlace { file, line, column },
        operations,
        subresources: Subresources::None,
        deleting: operations.contains(Operation::Delete),
        reads_namespace: constraint.criteria.namespace_selector.is_some()
            || template.sources().any(|source| names_namespace(&source.text)),
    }
}

fn review<'a>(subject: &Subject<'a>) -> Review<'a> {
    let namespace = match subject.namespace {
        NamespaceFact::Known(value) => Known::Known(value),
        NamespaceFact::Absent => Known::Absent,
        NamespaceFact::Missing | NamespaceFact::Unavailable(_) => Known::Missing,
    };
    Review { request: subject.request, namespace, origin: Origin::Original }
}

const fn point(subject: &Subject<'_>) -> Point {
    match subject.surface {
        Surface::Admission => Point::Validation,
        Surface::Files => Point::Gator,
    }
}

/// The hardest of the actions.
fn weight(actions: &BTreeSet<Action>) -> Weight {
    let weights = actions.iter().map(|action| match action {
        Action::Deny => Weight::Full,
        Action::Warn => Weight::Warn,
        Action::Dryrun => Weight::Note,
    });
    weights.max().unwrap_or_default()
}

fn said(answer: Answer, subject: &Subject<'_>) -> (Vec<Violation>, Option<RuleError>) {
    let needs_namespace = || match subject.namespace {
        NamespaceFact::Unavailable(why) => RuleError::NamespaceUnavailable(why.to_owned()),
        _ => RuleError::NeedsNamespace,
    };
    match answer {
        Answer::NeedsNamespace(_) => (Vec::new(), Some(needs_namespace())),
        Answer::Unclear(why) => {
            (Vec::new(), Some(RuleError::Runtime { message: why.to_string(), place: None }))
        }
        Answer::Found(Found { violations, errors }) => {
            // Who must be asked first is asked before anything else is said.
            let needs = errors.contains(&AskError::NeedsNamespace);
            let first = errors.into_iter().next();
            let error = if needs { Some(needs_namespace()) } else { first.map(rule_error) };
            (violations.into_iter().map(violation).collect(), error)
        }
    }
}

fn violation(found: tollgate_gatekeeper::Violation) -> Violation {
    Violation {
        message: found.message,
        severity: None,
        path: found.path,
        expected: None,
        found: None,
        remedy: None,
        condition: found.condition.map(policy_place),
    }
}

fn rule_error(error: AskError) -> RuleError {
    match error {
        AskError::Runtime { message, place } => {
            RuleError::Runtime { message, place: place.map(policy_place) }
        }
        AskError::Limit(what) => RuleError::Limit(what),
        AskError::NeedsNamespace => RuleError::NeedsNamespace,
        AskError::Shape(shape) => RuleError::Shape(shape.to_string()),
        AskError::Review(error) => RuleError::Runtime { message: error.to_string(), place: None },
    }
}

fn policy_place(place: Place) -> PolicyPlace {
    let (file, line, column): (Arc<str>, usize, usize) = (place.file, place.line, place.column);
    PolicyPlace { file, line, column }
}
