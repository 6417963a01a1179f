//! Rego: what is written, what is wrong with it, and who evaluates it.
//!
//! ```text
//! files ──parse──> Module ──check──> Graph ──split──> Source ──load──> Engine ──open──> Session ──ask──> Answer
//! ```
//!
//! Everything but parsing and evaluating works on [`module::Module`], which knows no engine. An engine is two things:
//! a parser into that, and [`Engine`]. What it answers about one rule binds; asked about many together it may give up.

pub(crate) mod check;
pub(crate) mod graph;
pub(crate) mod input;
pub(crate) mod module;
pub(crate) mod regorus;
pub(crate) mod split;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{PolicyPlace, Value};

use crate::load::{Dialect, LoadError};
use crate::source::InputForm;
use crate::subject::Subject;

/// Evaluates compiled rules. Shared by all threads; what changes while judging lives in the session.
pub(crate) trait Engine: Send + Sync + Sized {
    /// What one thread needs to judge one subject.
    type Session;

    /// Compiles checked modules and their data.
    fn load(sources: &[Source], data: &Value) -> Result<Self, Vec<LoadError>>;

    /// Makes ready to ask about `subject`, or about nothing at all (tests bring their own input).
    fn open(&self, subject: Option<&Subject<'_>>) -> Result<Self::Session, AskError>;

    /// The value of the rule at `query` (`data.package.rule`) for the session's subject in the given form.
    fn ask(&self, session: &mut Self::Session, form: InputForm, query: &str) -> Result<Answer, AskError>;

    /// The answers of many rules at once, by number: the object at `query`. Nothing where anything at all goes wrong.
    fn ask_together(
        &self,
        session: &mut Self::Session,
        form: InputForm,
        query: &str,
    ) -> Option<BTreeMap<usize, Answer>>;
}

/// A module as it is given to an engine.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// path relative to the estate
    pub(crate) path: Arc<str>,
    /// its text, heads split
    pub(crate) text: String,
    /// the generation that it is written in
    pub(crate) dialect: Dialect,
}

/// The value of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// it has none
    Undefined,
    /// it is complete
    One(Value),
    /// it is a set
    Set(Vec<Value>),
}

/// Why a rule has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AskError {
    /// an error in the rules
    Runtime { message: String, place: Option<PolicyPlace> },
    /// the engine panicked
    Panicked(String),
    /// the subject is nested too deep to be asked about
    TooDeep(usize),
    /// its wall-clock limit is over
    TimedOut,
}
