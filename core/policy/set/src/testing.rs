//! The estate's own tests: rules whose name begins with `test_`. `todo_test_` ones are listed, not run.

use std::sync::Arc;

use tollgate_rego::{Arena, Entry, Input, Limits, Program, Val, WrongKind};
use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::PolicyPlace;

/// One test, before it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) name: Arc<str>,
    pub(crate) package: Arc<str>,
    pub(crate) place: PolicyPlace,
    pub(crate) entry: Entry,
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

/// Runs `test`.
pub(crate) fn run(
    program: &Program,
    test: &Test,
    place: impl Fn(usize, Span) -> Option<PolicyPlace>,
) -> TestResult {
    let outcome =
        if test.name.starts_with("todo_") { TestOutcome::Skipped } else { outcome(program, test, place) };
    TestResult { name: test.name.clone(), package: test.package.clone(), place: test.place.clone(), outcome }
}

fn outcome(
    program: &Program,
    test: &Test,
    place: impl Fn(usize, Span) -> Option<PolicyPlace>,
) -> TestOutcome {
    let limits = Limits::default();
    let arena = Arena::new(limits.memory);
    let input = Input { value: None, pending: &[], now: 0 };
    let answer = program.session(input, &arena, limits).ask(&test.entry);
    if let Some(wrong) = answer.wrong.into_iter().next() {
        let at = wrong.place.and_then(|(file, span)| place(file, span));
        let message = match wrong.what {
            WrongKind::Runtime(message) => message,
            WrongKind::Limit => "reached the limit on steps or memory".to_owned(),
            WrongKind::Depth => "reached the limit on depth".to_owned(),
            WrongKind::Pending(_) => "reads what is not known yet".to_owned(),
        };
        return TestOutcome::Error { message, place: at };
    }
    match answer.given.first() {
        None | Some(Val::Bool(false)) => TestOutcome::Failed,
        Some(_) => TestOutcome::Passed,
    }
}
