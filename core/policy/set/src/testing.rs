//! The estate's own tests: rules whose name begins with `test_`. `todo_test_` ones are listed, not run.

use std::sync::Arc;

use tollgate_vocabulary::{PolicyPlace, Value};

use crate::rego::{Answer, AskError, Engine};
use crate::source::InputForm;

/// One test, before it is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Test {
    pub(crate) name: Arc<str>,
    pub(crate) package: Arc<str>,
    pub(crate) place: PolicyPlace,
    pub(crate) query: String,
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
pub(crate) fn run<E: Engine>(engine: &E, test: &Test) -> TestResult {
    let error = |message: &str| TestOutcome::Error { message: message.to_owned(), place: None };
    let ask = || engine.ask(&mut engine.open(None)?, InputForm::Review, &test.query);
    let outcome = if test.name.starts_with("todo_") {
        TestOutcome::Skipped
    } else {
        match ask() {
            Ok(Answer::One(Value::Bool(false)) | Answer::Undefined) => TestOutcome::Failed,
            Ok(_) => TestOutcome::Passed,
            Err(AskError::Runtime { message, place }) => TestOutcome::Error { message, place },
            Err(AskError::Panicked(message)) => error(&format!("the engine panicked: {message}")),
            Err(AskError::TooDeep(_)) => error("its input is nested too deep"),
            Err(AskError::TimedOut) => error("took longer than one second"),
        }
    };
    TestResult { name: test.name.clone(), package: test.package.clone(), place: test.place.clone(), outcome }
}
