//! The estate's own tests: rules whose name begins with `test_`. `todo_test_` ones are listed, not run.
//!
//! As `opa test` has it: every definition is a test of its own (a second of the same name is `test_x#01`), it passes
//! where it is `true`, and the values of `test_x[case]` are cases of one test. What decides is the machine that the gate
//! decides with; one that watches runs where somebody wants to know more.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego::{Answer, Arena, Input, Limits, Tally, Val, Watched, WrongKind};
use tollgate_vocabulary::PolicyPlace;

use crate::PolicySet;
use crate::told::{Note, Told};

/// One test, before it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// the rule's name, such as `test_label_is_required`
    pub name: Arc<str>,
    /// its package
    pub package: Arc<str>,
    /// where it stands
    pub place: PolicyPlace,
    pub(crate) entry: tollgate_rego::Entry,
    /// its rule, by its index among the resolved
    pub(crate) rule: usize,
    /// why it can never be `true`, where its head says so
    pub(crate) never: Option<&'static str>,
}

/// One test, and how it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// the rule's name, such as `test_label_is_required`
    pub name: Arc<str>,
    /// its package
    pub package: Arc<str>,
    /// where it stands
    pub place: PolicyPlace,
    /// how it went
    pub outcome: TestOutcome,
    /// the cases that its name goes on with, in order of their names
    pub cases: Vec<CaseResult>,
    /// of a test that failed the condition that it came to last
    pub failed_at: Option<Told>,
    /// what it was instead of `true`, where that is not only nothing
    pub instead: Option<String>,
    /// what was printed meanwhile
    pub notes: Vec<Note>,
}

/// One case of a test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseResult {
    /// its name; the parts of one that goes on further joined with `/`
    pub name: String,
    /// whether it was `true`
    pub passed: bool,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestOutcome {
    /// it is true
    Passed,
    /// it is not
    Failed,
    /// it could not be evaluated
    Error {
        /// what went wrong
        message: String,
        /// where
        place: Option<PolicyPlace>,
    },
    /// a `todo_test_`
    Skipped,
}

/// What the conditions and heads of a set came to in all that was run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    pub(crate) conditions: Vec<Tally>,
    pub(crate) heads: Vec<u64>,
}

impl PolicySet {
    /// The set's own tests, in order of file and line.
    #[must_use]
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// Runs the set's own tests (`test_` rules), in order of file and line.
    #[must_use]
    pub fn run_tests(&self) -> Vec<TestResult> {
        self.tests.iter().map(|test| self.run_test(test, None, false)).collect()
    }

    /// Runs a test. What conditions came to is added to `tallies`; what was printed is told where it failed or `listens`.
    #[must_use]
    pub fn run_test(&self, test: &Test, tallies: Option<&mut Tallies>, listens: bool) -> TestResult {
        let mut result = TestResult {
            name: test.name.clone(),
            package: test.package.clone(),
            place: test.place.clone(),
            outcome: TestOutcome::Skipped,
            cases: Vec::new(),
            failed_at: None,
            instead: None,
            notes: Vec::new(),
        };
        if test.name.rsplit('.').next().is_some_and(|name| name.starts_with("todo_")) {
            return result;
        }
        let limits = Limits::default();
        let arena = Arena::new(limits.memory);
        let input = Input { value: None, pending: &[], now: 0 };
        let answer = self.program.session(input, &arena, limits).ask(&test.entry);
        result.outcome = self.outcome(&answer);
        if result.outcome == TestOutcome::Failed {
            result.instead = test.never.map(str::to_owned).or_else(|| instead(&answer));
        }
        let passed = result.outcome == TestOutcome::Passed;
        if passed && tallies.is_none() && !listens && !test.entry.is_paired() {
            return result;
        }
        let again = Arena::new(limits.memory);
        let mut watching = self.program.watching(input, &again, limits, None, &[test.rule]);
        watching.ask(&test.entry);
        let seen = watching.seen();
        if test.entry.is_paired() && matches!(result.outcome, TestOutcome::Passed | TestOutcome::Failed) {
            result.cases = cases(&answer, &seen);
            let all = !result.cases.is_empty() && result.cases.iter().all(|case| case.passed);
            result.outcome = if all { TestOutcome::Passed } else { TestOutcome::Failed };
            result.instead = result.cases.is_empty().then(|| "it has no cases".to_owned());
        }
        if result.outcome != TestOutcome::Passed {
            result.failed_at = seen.furthest.as_ref().map(|attempt| self.told(attempt));
        }
        if listens || result.outcome != TestOutcome::Passed {
            result.notes = self.notes(&seen.notes);
        }
        if let Some(tallies) = tallies {
            tallies.add(&seen);
        }
        result
    }

    fn outcome(&self, answer: &Answer<'_>) -> TestOutcome {
        if let Some(wrong) = answer.wrong.first() {
            let message = match &wrong.what {
                WrongKind::Runtime(message) => message.clone(),
                WrongKind::Limit => "reached the limit on steps or memory".to_owned(),
                WrongKind::Depth => "reached the limit on depth".to_owned(),
                WrongKind::Pending(_) => "reads what is not known yet".to_owned(),
            };
            let place = wrong.place.and_then(|(file, span)| self.place(file, span));
            return TestOutcome::Error { message, place };
        }
        match answer.given.as_slice() {
            [Val::Bool(true)] => TestOutcome::Passed,
            _ => TestOutcome::Failed,
        }
    }
}

/// What a test that is not `true` is.
fn instead(answer: &Answer<'_>) -> Option<String> {
    let value = answer.given.first()?;
    Some(format!("it is {}, not `true`", crate::told::shown(value)))
}

/// The cases of a test: those that have a value, and those that began and have none.
fn cases(answer: &Answer<'_>, seen: &Watched<'_>) -> Vec<CaseResult> {
    let mut cases: BTreeMap<String, bool> = BTreeMap::new();
    for began in &seen.cases {
        cases.insert(case_name(began), false);
    }
    for pair in answer.given.chunks_exact(2) {
        let [keys, value] = pair else { continue };
        gather(&case_name(keys), value, &mut cases);
    }
    cases.into_iter().map(|(name, passed)| CaseResult { name, passed }).collect()
}

/// A case whose value is an object has cases of its own.
fn gather(name: &str, value: &Val<'_>, cases: &mut BTreeMap<String, bool>) {
    match value.as_object().filter(|object| !object.is_empty()) {
        Some(object) => {
            cases.remove(name);
            for (key, value) in object.iter() {
                cases.insert(format!("{name}/{}", key_text(&key)), matches!(value, Val::Bool(true)));
            }
        }
        None => {
            cases.insert(name.to_owned(), matches!(value, Val::Bool(true)));
        }
    }
}

fn case_name(keys: &Val<'_>) -> String {
    let keys = keys.as_array().map(|keys| keys.iter().map(|key| key_text(&key)).collect::<Vec<_>>());
    keys.unwrap_or_default().join("/")
}

fn key_text(key: &Val<'_>) -> String {
    match key {
        Val::String(text) => (*text).to_owned(),
        other => crate::told::shown(other),
    }
}

impl Tallies {
    fn add(&mut self, seen: &Watched<'_>) {
        if self.conditions.is_empty() && self.heads.is_empty() {
            self.conditions = vec![Tally::default(); seen.conditions.len()];
            self.heads = vec![0; seen.heads.len()];
        }
        for (sum, more) in self.conditions.iter_mut().zip(&seen.conditions) {
            sum.reached = sum.reached.saturating_add(more.reached);
            sum.held = sum.held.saturating_add(more.held);
            sum.failed = sum.failed.saturating_add(more.failed);
        }
        for (sum, more) in self.heads.iter_mut().zip(&seen.heads) {
            *sum = sum.saturating_add(*more);
        }
    }
}
