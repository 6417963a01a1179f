//! What rules read of `input`: the bare object or a review, the Namespace object, what is not offered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Program, Term, TermKind};
use tollgate_rego_resolve::visit::{self, Visitor};
use tollgate_rego_resolve::{Documents, Needs};

use crate::load::{LoadError, LoadHint, Place};
use crate::source::{InputForm, PackageOptions};

/// What stands beside the object or the request in both forms, and `kind`, `apiVersion`, which both have.
const BOTH: [&str; 5] = ["context", "principal", "evidence", "kind", "apiVersion"];

/// What each rule reads of `input` itself, and which rules it needs.
pub(crate) struct Reads {
    of: Vec<Vec<InputPath>>,
    needs: Needs,
    /// whether each, or what it needs, may read the Namespace object
    namespace: Vec<bool>,
}

/// A path of `input` that a rule reads.
#[derive(Clone, Debug)]
pub(crate) struct InputPath {
    /// as far as it is fixed
    steps: Vec<Arc<str>>,
    /// whether it goes on in a way that only evaluation knows, or stops at `input` itself
    open: bool,
    place: Place,
}

impl Reads {
    pub(crate) fn of(
        program: &Program,
        place: impl Fn(usize, tollgate_rego_syntax::tree::Span) -> Place,
    ) -> Self {
        let documents = Documents::of(&program.rules);
        let of = program.rules.iter().map(|rule| {
            let mut paths = Paths { file: rule.file, place: &place, found: Vec::new() };
            visit::rule(rule, &mut paths);
            paths.found
        });
        let (of, needs) = (of.collect::<Vec<_>>(), Needs::of(&program.rules, &documents));
        let namespace = reaching(&needs, |rule| {
            of.get(rule).is_some_and(|paths: &Vec<InputPath>| paths.iter().any(InputPath::reads_namespace))
        });
        Self { of, needs, namespace }
    }

    /// All that rules and what they need read.
    pub(crate) fn reach(&self, rules: impl IntoIterator<Item = usize>) -> Vec<&InputPath> {
        let mut waiting: Vec<usize> = rules.into_iter().collect();
        let (mut seen, mut paths) = (BTreeSet::new(), Vec::new());
        while let Some(rule) = waiting.pop() {
            if seen.insert(rule) {
                paths.extend(self.of.get(rule).into_iter().flatten());
                waiting.extend(self.needs.at(rule));
            }
        }
        paths
    }

    /// Whether any of `rules`, or what they need, may read the Namespace object.
    pub(crate) fn reads_namespace(&self, rules: &[usize]) -> bool {
        rules.iter().any(|rule| self.namespace.get(*rule).copied().unwrap_or_default())
    }

    /// Parts of `input` that no judge fills: they would be undefined, and a rule that reads them would never hold.
    pub(crate) fn not_offered(&self) -> Vec<LoadError> {
        self.of.iter().flatten().filter_map(InputPath::not_offered).collect()
    }
}

struct Paths<'a, P> {
    file: usize,
    place: &'a P,
    found: Vec<InputPath>,
}

impl<P: Fn(usize, tollgate_rego_syntax::tree::Span) -> Place> Visitor for Paths<'_, P> {
    fn term(&mut self, term: &Term) {
        if let TermKind::Ref { base: Base::Input, steps } = &term.kind {
            let fixed = steps.iter().map_while(|step| match &step.kind {
                TermKind::String(text) => Some(text.clone()),
                _ => None,
            });
            let fixed: Vec<Arc<str>> = fixed.collect();
            let open = fixed.len() < steps.len() || fixed.is_empty();
            self.found.push(InputPath { steps: fixed, open, place: (self.place)(self.file, term.span) });
        }
    }
}

impl InputPath {
    /// Whether it may read `input.context.namespace`.
    fn reads_namespace(&self) -> bool {
        let mut steps = self.steps.iter();
        matches!(
            (steps.next().map(|step| &**step), steps.next().map(|step| &**step)),
            (None, _) | (Some("context"), None | Some("namespace"))
        )
    }

    fn not_offered(&self) -> Option<LoadError> {
        let path: Vec<&str> = self.steps.iter().map(|key| &**key).collect();
        let (what, offered) = match *path.as_slice() {
            [what @ ("principal" | "evidence"), ..] => (what.to_owned(), "the request's own `userInfo`"),
            ["context", what, ..] if !["namespace", "at"].contains(&what) => {
                (format!("context.{what}"), "`input.context.namespace` and `input.context.at`")
            }
            _ => return None,
        };
        let message = format!("`input.{what}` is not offered: a rule that reads it would never hold");
        Some(self.place.error("not-offered", message).mended_by(format!("what there is: {offered}")))
    }
}

/// For each number whether it needs one that `is` says, however far.
fn reaching(needs: &Needs, is: impl Fn(usize) -> bool) -> Vec<bool> {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    for number in 0..needs.len() {
        for needed in needs.at(number) {
            if let Some(by) = needed_by.get_mut(*needed) {
                by.push(number);
            }
        }
    }
    let mut reaching = vec![false; needs.len()];
    let mut waiting: Vec<usize> = (0..needs.len()).filter(|number| is(*number)).collect();
    while let Some(number) = waiting.pop() {
        if let Some(place) = reaching.get_mut(number).filter(|reaches| !**reaches) {
            *place = true;
            waiting.extend(needed_by.get(number).into_iter().flatten());
        }
    }
    reaching
}

/// The form that a package reads.
pub(crate) fn form(
    package: &Arc<str>,
    paths: &[&InputPath],
    options: &BTreeMap<Arc<str>, PackageOptions>,
) -> Result<InputForm, Box<LoadError>> {
    if let Some(form) = options.get(package).and_then(|options| options.input) {
        return Ok(form);
    }
    let first = |wanted: &dyn Fn(&str) -> bool| {
        let read = paths.iter().filter(|path| path.steps.first().is_some_and(|first| wanted(first)));
        read.map(|path| &path.place).min()
    };
    let review = first(&|step| step == "request");
    let object = first(&|step| step != "request" && !BOTH.contains(&step));
    match (object, review) {
        (Some(object), Some(review)) => {
            let (file, line, column) = (&review.file, review.line, review.column);
            let message = format!(
                "package `{package}` reads the bare object here, and a review (`input.request`) at {file}:{line}:{column}"
            );
            let remedy = "read one of them; `[package.\"..\"] input = \"review\"` in tollgate.toml settles what cannot be seen";
            Err(Box::new(object.error("mixed-input", message).mended_by(remedy)))
        }
        (None, Some(_)) => Ok(InputForm::Review),
        _ => Ok(InputForm::Object),
    }
}

/// What is odd about what a package reads.
pub(crate) fn hint(package: &Arc<str>, paths: &[&InputPath]) -> Option<LoadHint> {
    let gatekeeper = |path: &&&InputPath| {
        !path.open && path.steps.first().is_some_and(|first| matches!(&**first, "review" | "parameters"))
    };
    let place = paths.iter().filter(gatekeeper).map(|path| &path.place).min()?;
    let message = format!(
        "package `{package}` reads Gatekeeper's `input.review` or `input.parameters`, which are not there"
    );
    Some(place.hint("gatekeeper-input", None, message))
}
