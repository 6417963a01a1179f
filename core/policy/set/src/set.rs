//! A compiled set of rules: what loads, what is asked, what it answers.
//!
//! ```text
//! compile: files ──> modules + data ──resolve, check──> rules (one for each id) ──> program
//! judge:   subject ──scope──> rules asked, each on its own ──> outcomes of those that have something to say
//! ```
//! INVARIANT: `rules` and `asked` are parallel, in order of file and line; behind them stand the rules of constraints, by
//! kind and name, which are asked by Gatekeeper's ways.

mod assemble;
mod constraint;
mod explain;
mod index;
mod judge;
mod note;
mod read;
mod refusal;

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego::{Entry, Program};
use tollgate_rego_check::Files;
use tollgate_rego_syntax::LineIndex;
use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::{PolicyPlace, Value};

use crate::load::{LoadError, LoadHint, Place, Refused};
use crate::module;
use crate::rule::Rule;
use crate::source::{BuiltinErrors, InputForm, Options, RuleFile};
use crate::subject::{Subject, Transition};
use crate::testing::Test;
use assemble::Assembly;
use constraint::Constraints;
pub use explain::{Alone, Body, Condition, Explained};
use index::Index;
pub(crate) use read::Read;

/// A compiled set of rules. Shared by all threads.
pub struct PolicySet {
    rules: Vec<Rule>,
    asked: Vec<Asked>,
    hints: Vec<LoadHint>,
    pub(crate) tests: Vec<Test>,
    /// the rules that are tests, by their index among the resolved
    pub(crate) test_rules: BTreeSet<usize>,
    pub(crate) program: Program,
    /// Gatekeeper's, whose rules stand behind all others
    constraints: Option<Constraints>,
    index: Index,
    /// path and text of each file and where its lines begin, for places
    pub(crate) files: Vec<(Arc<str>, Arc<str>, Vec<u32>)>,
}

/// How a rule is asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) entry: Entry,
    pub(crate) form: InputForm,
    pub(crate) builtin_errors: BuiltinErrors,
    /// its bodies, by their index among the resolved rules
    pub(crate) rules: Vec<usize>,
}

/// Compiles `files` into a set.
///
/// # Errors
/// As [`load`], without what is odd.
pub fn compile(files: &[RuleFile], options: &Options) -> Result<PolicySet, Vec<LoadError>> {
    load(files, options).map_err(|refused| refused.errors)
}

/// Compiles `files` into a set: the load gate.
///
/// # Errors
/// Everything that is wrong with the files of the first stage that finds something (reading, checking, assembling),
/// in order of file and line.
pub fn load(files: &[RuleFile], options: &Options) -> Result<PolicySet, Refused> {
    let Read { trees, modules, data, constraints } = Read::of(files)?;
    let lines: Vec<LineIndex<'_>> = modules.iter().map(|module| LineIndex::new(&module.text)).collect();
    let place = |file: usize, span: Span| match (modules.get(file), lines.get(file)) {
        (Some(module), Some(lines)) => module::place(&module.path, lines, span),
        _ => Place::start_of(&"".into()),
    };
    let (resolved, found) = tollgate_rego_resolve::resolve(&trees);
    let texts: Vec<&str> = modules.iter().map(|module| &*module.text).collect();
    let read = Files { texts: &texts, modules: &trees, data: Some(&data) };
    let found = tollgate_rego_check::check(&read, &resolved, found).problems;
    let (mut errors, mut hints) = refusal::of(&trees, found, &place);
    errors.extend(refusal::conflicts(&resolved, &data, &place));
    let constraints = constraint::load(constraints).unwrap_or_else(|wrong| {
        errors.extend(wrong);
        None
    });
    let constraints = constraints.map(|(set, odd)| {
        hints.extend(odd);
        set
    });
    let refused = |errors: Vec<LoadError>| Refused { hints: hints.clone(), ..Refused::from(errors) };
    if !errors.is_empty() {
        return Err(refused(errors));
    }
    let program = Program::of(&resolved, data)
        .map_err(|problems| refused(refusal::of_plan(&trees, problems, &place)))?;
    let assembly = Assembly { modules: &modules, resolved: &resolved, program: &program, options, place };
    let mut assembled = assembly.assemble().map_err(&refused)?;
    assembled.hints.extend(hints);
    assembled.hints.sort();
    let starts: Vec<Vec<u32>> = lines.into_iter().map(LineIndex::into_starts).collect();
    let (mut rules, asked): (Vec<Rule>, Vec<Asked>) = assembled.rules.into_iter().unzip();
    let constraints = constraints.map(|set| Constraints::behind(set, &mut rules));
    let files =
        modules.into_iter().zip(starts).map(|(module, starts)| (module.path, module.text, starts)).collect();
    let index = Index::of(&rules, &asked, &program);
    Ok(PolicySet {
        rules,
        asked,
        hints: assembled.hints,
        tests: assembled.tests,
        test_rules: assembled.test_rules,
        program,
        constraints,
        index,
        files,
    })
}

impl PolicySet {
    /// All rules, in order of file and line; behind them the constraints, by kind and name.
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
        self.program.data()
    }

    /// Whether any rule is asked about `subject`.
    #[must_use]
    pub fn in_scope(&self, subject: &Subject<'_>) -> bool {
        let transition = Transition::of(subject.request);
        let constraints = self.constraints.as_ref();
        self.rules.iter().take(self.asked.len()).any(|rule| transition.asks(rule))
            || constraints.is_some_and(|constraints| constraints.in_scope(subject, self.data()))
    }

    /// Where something stands in the rules.
    pub(crate) fn place(&self, file: usize, span: Span) -> Option<PolicyPlace> {
        let (path, text, starts) = self.files.get(file)?;
        let Place { file, line, column, .. } = module::place(path, &LineIndex::again(text, starts), span);
        Some(PolicyPlace { file, line, column })
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
