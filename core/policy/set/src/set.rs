//! A compiled set of rules: what loads, what is asked, what it answers.
//!
//! ```text
//! compile: files ──> modules + data ──check──> rules (one for each id) ──split──> engine
//! judge:   subject ──scope──> rules asked ──engine, together or else one by one──> outcomes in the rules' order
//! ```
//! INVARIANT: `rules` and `asked` are parallel, in order of file and line.

mod assemble;
mod joint;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tollgate_vocabulary::Value;

use crate::load::{LoadError, LoadHint};
use crate::outcome::{Outcome, RuleError, TimedOut};
use crate::rego::check::{check, said};
use crate::rego::graph::Graph;
use crate::rego::regorus::{RegorusEngine, Session, builtin, parse};
use crate::rego::{Answer, AskError, Engine};
use crate::rule::Rule;
use crate::source::{InputForm, Options, RuleFile};
use crate::subject::{NamespaceFact, Subject, Transition};
use crate::testing::{self, Test, TestResult};
use crate::{data, violation};
use joint::Joint;

/// A compiled set of rules. Shared by all threads.
pub struct PolicySet {
    rules: Vec<Rule>,
    asked: Vec<Asked>,
    joints: Vec<Joint>,
    hints: Vec<LoadHint>,
    tests: Vec<Test>,
    data: Value,
    engine: RegorusEngine,
}

/// How a rule is asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) query: String,
    pub(crate) form: InputForm,
}

/// Compiles `files` into a set.
///
/// # Errors
/// Everything that is wrong with the files of the first stage that finds something (reading, parsing, checking,
/// compiling), in order of file and line.
pub fn compile(files: &[RuleFile], options: &Options) -> Result<PolicySet, Vec<LoadError>> {
    let mut files: Vec<&RuleFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    let (mut modules, mut errors) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| data::has_extension(&file.path, &["rego"])) {
        match parse(file) {
            Ok(module) => modules.push(module),
            Err(wrong) => errors.extend(wrong.into_iter().map(said)),
        }
    }
    let data = data::read(&files).unwrap_or_else(|wrong| {
        errors.extend(wrong);
        Value::Null
    });
    let sorted = |mut errors: Vec<LoadError>| {
        errors.sort();
        errors.dedup();
        errors
    };
    if !errors.is_empty() {
        return Err(sorted(errors));
    }
    let graph = Graph::of(&modules);
    let errors = check(&modules, &graph, &data, builtin);
    if !errors.is_empty() {
        return Err(sorted(errors));
    }
    let mut assembled = assemble::assemble(&modules, &graph, options).map_err(sorted)?;
    let (joints, generated) = joint::joints(&assembled.rules, &modules, &data);
    assembled.sources.extend(generated);
    let engine = RegorusEngine::load(&assembled.sources, &data).map_err(sorted)?;
    let (rules, asked) = assembled.rules.into_iter().unzip();
    Ok(PolicySet { rules, asked, joints, hints: assembled.hints, tests: assembled.tests, data, engine })
}

impl PolicySet {
    /// All rules, in order of file and line.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What is odd about the set. Never changes a verdict.
    #[must_use]
    pub fn hints(&self) -> &[LoadHint] {
        &self.hints
    }

    /// The `data` that its documents make.
    #[must_use]
    pub const fn data(&self) -> &Value {
        &self.data
    }

    /// Whether any rule is asked about `subject`.
    #[must_use]
    pub fn in_scope(&self, subject: &Subject<'_>) -> bool {
        let transition = Transition::of(subject.request);
        self.rules.iter().any(|rule| transition.asks(rule))
    }

    /// Asks every rule whose scope `subject` is in, in the rules' order.
    ///
    /// # Errors
    /// The first rule that took longer than a second: then there is no answer at all.
    pub fn judge(&self, subject: &Subject<'_>) -> Result<Vec<Outcome>, TimedOut> {
        let transition = Transition::of(subject.request);
        let needs = |rule: &Rule| match subject.namespace {
            NamespaceFact::Missing if rule.reads_namespace => Some(RuleError::NeedsNamespace),
            NamespaceFact::Unavailable(why) if rule.reads_namespace => {
                Some(RuleError::NamespaceUnavailable(why.to_owned()))
            }
            _ => None,
        };
        let mut session = None;
        let asks = |rule: &Rule| transition.asks(rule) && needs(rule).is_none();
        let mut answers = self.ask_together(&mut session, subject, asks);
        let mut outcomes = Vec::new();
        for (at, (rule, asked)) in self.rules.iter().zip(&self.asked).enumerate() {
            if !transition.asks(rule) {
                continue;
            }
            let result = match (needs(rule), answers.remove(&at)) {
                (Some(error), _) => Err(error),
                (None, Some(answer)) => violation::read(rule, answer),
                (None, None) => self.ask(&mut session, subject, rule, asked)?,
            };
            outcomes.push(Outcome { rule: at, result });
        }
        Ok(outcomes)
    }

    /// The answers of the rules that could be asked together.
    fn ask_together(
        &self,
        session: &mut Option<Session>,
        subject: &Subject<'_>,
        asks: impl Fn(&Rule) -> bool,
    ) -> BTreeMap<usize, Answer> {
        let mut answers = BTreeMap::new();
        for joint in &self.joints {
            let first = joint.rules.first().and_then(|first| self.rules.get(*first));
            if !first.is_some_and(&asks) {
                continue;
            }
            let Ok(open) = self.session(session, subject) else { break };
            if let Some(mut found) = self.engine.ask_together(open, joint.form, &joint.query) {
                answers.extend(
                    joint.rules.iter().map(|at| (*at, found.remove(at).unwrap_or(Answer::Undefined))),
                );
            }
        }
        answers
    }

    fn ask(
        &self,
        session: &mut Option<Session>,
        subject: &Subject<'_>,
        rule: &Rule,
        asked: &Asked,
    ) -> Result<Result<Vec<crate::Violation>, RuleError>, TimedOut> {
        let answer = self
            .session(session, subject)
            .and_then(|session| self.engine.ask(session, asked.form, &asked.query));
        Ok(match answer {
            Ok(answer) => violation::read(rule, answer),
            Err(AskError::TimedOut) => return Err(TimedOut { rule: rule.id.clone() }),
            Err(AskError::Runtime { message, place }) => Err(RuleError::Runtime { message, place }),
            Err(AskError::Panicked(message)) => Err(RuleError::Panicked(message)),
            Err(AskError::TooDeep(limit)) => Err(RuleError::TooDeep(limit)),
        })
    }

    /// The session that is open already, or a new one.
    fn session<'s>(
        &self,
        session: &'s mut Option<Session>,
        subject: &Subject<'_>,
    ) -> Result<&'s mut Session, AskError> {
        let open = match session.take() {
            Some(open) => open,
            None => self.engine.open(Some(subject))?,
        };
        Ok(session.insert(open))
    }

    /// Runs the set's own tests (`test_` rules), in order of file and line.
    #[must_use]
    pub fn run_tests(&self) -> Vec<TestResult> {
        self.tests.iter().map(|test| testing::run(&self.engine, test)).collect()
    }
}

impl std::fmt::Debug for PolicySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PolicySet")
            .field("rules", &self.rules)
            .field("hints", &self.hints)
            .finish_non_exhaustive()
    }
}
