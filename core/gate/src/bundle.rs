//! The rules of an estate at one commit, compiled and checked.
//!
//! ```text
//! tollgate.toml, *.rego, data, exceptions ──compile──> Bundle ── its digest names it in every decision
//! ```
//!
//! INVARIANT: what does not compile whole is no bundle. The one in force stays in force.

use std::fmt;
use std::sync::Arc;

use tollgate_budget::Budget;
use tollgate_manifest::{Limits, Mask, Position};
use tollgate_policy::{LoadError, LoadHint, PolicySet, Related, RuleFile};
use tollgate_vocabulary::{Digest, PolicyPlace, Timestamp};

use crate::config::{Config, CostConfig};
use crate::cost::CostRules;
use crate::exception::Exception;

/// Rules that the gate itself has about money: they can have modes and exceptions like those of the estate. What is about a
/// budget has its own settings.
const COST_RULES: &[&str] = &[
    "cost.gpu-grab",
    "cost.no-budget",
    "cost.peak",
    "cost.quote",
    "cost.replica-ratio",
    "cost.unbounded",
    "cost.unbounded-job",
    "cost.unpriced",
    "cost.unreadable",
];

/// Compiled rules with everything that decides how they are applied.
#[derive(Debug)]
pub struct Bundle {
    digest: Digest,
    config: Config,
    policies: PolicySet,
    exceptions: Vec<Exception>,
    cost: Option<CostRules>,
    hints: Vec<Problem>,
}

/// One thing wrong, or doubtful, in the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// path relative to the estate's root
    pub file: Arc<str>,
    /// from 1
    pub line: usize,
    /// in characters, from 1
    pub column: usize,
    /// where it ends on that line, if known
    pub end_column: Option<usize>,
    /// stable word for the kind of problem
    pub code: &'static str,
    /// what is wrong
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
    /// another place that it is about
    pub related: Option<Related>,
}

/// What the load gate says of rules, whether or not they make a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// what keeps them from loading
    pub errors: Vec<Problem>,
    /// what is doubtful
    pub hints: Vec<Problem>,
    /// how many rules there are, where they load
    pub rules: usize,
}

/// Why rules are no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// there is nothing to judge by
    #[error("there is no rule: no package below {} has `deny`, `warn` or `violation`", folders.join(", "))]
    NoRules {
        /// where rules were looked for
        folders: Vec<String>,
    },
    /// some of it is wrong; all that is wrong is listed
    #[error("the rules are wrong in {} place(s), the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Wrong(Vec<Problem>),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {} [{}]", self.file, self.line, self.column, self.message, self.code)
    }
}

impl Bundle {
    /// Compiles the rule files. `config_file` is `tollgate.toml`, where there is one; `only` narrows to packages.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place.
    pub fn compile(
        config_file: Option<&RuleFile>,
        files: &[RuleFile],
        only: &[Arc<str>],
    ) -> Result<Self, BundleError> {
        let config = match config_file {
            None => Config::default(),
            Some(file) => read_config(file).map_err(|problem| BundleError::Wrong(vec![*problem]))?,
        };
        let bundle = Self::load(config_file, config, files, only)
            .map_err(|examined| BundleError::Wrong(examined.errors))?;
        let has_budgets = bundle.cost.as_ref().is_some_and(|cost| !cost.budgets.is_empty());
        if bundle.policies.rules().is_empty() && !has_budgets {
            let mut folders: Vec<String> = files.iter().map(|file| format!("`{}`", file.root)).collect();
            folders.sort();
            folders.dedup();
            if folders.is_empty() {
                folders = bundle.config.rules.iter().map(|folder| format!("`{folder}`")).collect();
            }
            return Err(BundleError::NoRules { folders });
        }
        Ok(bundle)
    }

    /// What the load gate says of the rule files; that there is no rule among them is nothing wrong here.
    #[must_use]
    pub fn examine(config_file: Option<&RuleFile>, files: &[RuleFile], only: &[Arc<str>]) -> Examined {
        let config = match config_file.map(read_config) {
            None => Config::default(),
            Some(Ok(config)) => config,
            Some(Err(problem)) => return Examined { errors: vec![*problem], ..Examined::default() },
        };
        match Self::load(config_file, config, files, only) {
            Ok(bundle) => {
                let rules = bundle.policies.rules().len();
                Examined { errors: Vec::new(), hints: bundle.hints, rules }
            }
            Err(examined) => examined,
        }
    }

    fn load(
        config_file: Option<&RuleFile>,
        config: Config,
        files: &[RuleFile],
        only: &[Arc<str>],
    ) -> Result<Self, Examined> {
        let mut errors = Vec::new();
        let Own { exceptions, budgets } = read_own(files, &mut errors);
        let cost = CostRules::compile(config.cost.as_ref(), files, budgets, &mut errors);
        // Files that money is read from are no data for rules.
        let money: Vec<&Arc<str>> = config.cost.iter().flat_map(CostConfig::files).collect();
        let rules: Vec<RuleFile> =
            files.iter().filter(|file| !money.contains(&&file.path)).cloned().collect();
        let policies = match tollgate_policy::load(&rules, &config.options(only)) {
            Ok(policies) => policies,
            Err(refused) => {
                errors.extend(refused.errors.into_iter().map(of_error));
                let hints = refused.hints.iter().map(of_hint).collect();
                return Err(Examined { errors, hints, rules: 0 });
            }
        };
        let bundle = Self {
            digest: digest(config_file.into_iter().chain(files)),
            hints: policies.hints().iter().map(of_hint).collect(),
            config,
            policies,
            exceptions,
            cost,
        };
        if only.is_empty() {
            errors.extend(bundle.names_of_nothing(config_file));
        }
        if errors.is_empty() { Ok(bundle) } else { Err(Examined { errors, hints: bundle.hints, rules: 0 }) }
    }

    /// SHA-256 over path, length and bytes of every rule file, sorted by path.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// What `tollgate.toml` says.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The compiled policies.
    #[must_use]
    pub const fn policies(&self) -> &PolicySet {
        &self.policies
    }

    /// The exceptions, expired ones too.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Prices, budgets and limits; nothing where the estate says nothing of money.
    #[must_use]
    pub const fn cost(&self) -> Option<&CostRules> {
        self.cost.as_ref()
    }

    /// Prices that have run out by `at`: what they priced would have no price. A bundle does not know the time, so whoever
    /// loads it asks.
    #[must_use]
    pub fn expired(&self, at: Timestamp) -> Vec<Problem> {
        self.cost.as_ref().map(|cost| cost.expired(at)).unwrap_or_default()
    }

    /// What is doubtful but not wrong.
    #[must_use]
    pub fn hints(&self) -> &[Problem] {
        &self.hints
    }

    /// Modes and exceptions that name a rule which does not exist: they would silently do nothing.
    fn names_of_nothing(&self, config_file: Option<&RuleFile>) -> Vec<Problem> {
        let exists = |id: &tollgate_vocabulary::RuleId| {
            self.policies.rules().iter().any(|rule| rule.id == *id)
                || (self.cost.is_some() && COST_RULES.contains(&id.as_str()))
        };
        let modes = self.config.moded().filter(|id| !exists(id)).map(|id| {
            let message = format!("a mode is set for rule `{id}`, which does not exist");
            (place_of_mode(config_file, id.as_str()), message)
        });
        let exceptions = self.exceptions.iter().filter(|exception| !exists(&exception.rule));
        let exceptions = exceptions.map(|exception| {
            let (name, rule) = (&exception.name, &exception.rule);
            let message = format!("exception `{name}` is for rule `{rule}`, which does not exist");
            (exception.place.clone(), message)
        });
        modes
            .chain(exceptions)
            .map(|(place, message)| Problem {
                file: place.file,
                line: place.line,
                column: place.column,
                end_column: None,
                code: "unknown-rule",
                message,
                remedy: None,
                related: None,
            })
            .collect()
    }
}

/// Where `tollgate.toml` sets the mode of a rule: at its name, as far as that is written in one piece.
fn place_of_mode(config_file: Option<&RuleFile>, id: &str) -> PolicyPlace {
    let (file, bytes) = match config_file {
        Some(file) => (Arc::clone(&file.path), &*file.bytes),
        None => (Arc::from("tollgate.toml"), &[][..]),
    };
    let at = bytes.windows(id.len().max(1)).position(|window| window == id.as_bytes());
    let (line, column) = line_and_column(bytes, at.unwrap_or(0));
    PolicyPlace { file, line, column }
}

fn read_config(file: &RuleFile) -> Result<Config, Box<Problem>> {
    let problem = |offset: usize, end: Option<usize>, message: String| {
        let (line, column) = line_and_column(&file.bytes, offset);
        Box::new(Problem {
            file: Arc::clone(&file.path),
            line,
            column,
            end_column: end.map(|end| column + end.saturating_sub(offset)),
            code: "config",
            message,
            remedy: None,
            related: None,
        })
    };
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|error| problem(error.valid_up_to(), None, "this is not UTF-8".to_owned()))?;
    Config::parse(text).map_err(|error| {
        let span = error.span.unwrap_or(0..0);
        problem(span.start, Some(span.end), error.message)
    })
}

/// What stands among the rules in the gate's own kinds.
#[derive(Default)]
struct Own {
    exceptions: Vec<Exception>,
    budgets: Vec<Budget>,
}

/// Exceptions and budgets stand in the YAML files among the rules; what is neither there is data.
fn read_own(files: &[RuleFile], problems: &mut Vec<Problem>) -> Own {
    let mut own = Own::default();
    let yaml = |file: &&RuleFile| file.path.ends_with(".yaml") || file.path.ends_with(".yml");
    for file in files.iter().filter(yaml) {
        // Secrets have no place among rules; the key that would mask them does not matter.
        let mask = Mask::new([0; 32]);
        // A file that does not read is reported by the policies, which read it as data.
        let Ok(reading) = tollgate_manifest::read(&file.bytes, &mask, &Limits::default()) else { continue };
        for written in &reading.objects {
            let identity = &written.object.identity;
            let (code, read) = if Exception::is_one(identity) {
                let read =
                    Exception::read(&file.path, written).map(|exception| own.exceptions.push(exception));
                ("exception", read.map_err(|wrong| (wrong.path, wrong.message)))
            } else if Budget::is_one(identity) {
                let read = Budget::read(&file.path, written).map(|budget| own.budgets.push(budget));
                ("budget", read.map_err(|wrong| (wrong.path, wrong.message)))
            } else {
                continue;
            };
            let mut report = |position: Position, message: String, remedy: Option<String>| {
                problems.push(Problem {
                    file: Arc::clone(&file.path),
                    line: position.line,
                    column: position.column,
                    end_column: None,
                    code,
                    message,
                    remedy,
                    related: None,
                });
            };
            for refusal in &written.refusals {
                report(refusal.span.start, refusal.message.clone(), refusal.remedy.clone());
            }
            if let Err((path, message)) = read {
                let located = written.spans.locate(&written.object.value, &path);
                report(located.span.start, message, None);
            }
        }
    }
    own
}

fn of_error(error: LoadError) -> Problem {
    Problem {
        file: error.file,
        line: error.line,
        column: error.column,
        end_column: error.end_column,
        code: error.code,
        message: error.message,
        remedy: error.remedy,
        related: error.related,
    }
}

fn of_hint(hint: &LoadHint) -> Problem {
    Problem {
        file: Arc::clone(&hint.file),
        line: hint.line,
        column: hint.column,
        end_column: hint.end_column,
        code: hint.code,
        message: hint.message.clone(),
        remedy: hint.remedy.clone(),
        related: hint.related.clone(),
    }
}

fn digest<'a>(files: impl Iterator<Item = &'a RuleFile>) -> Digest {
    let mut files: Vec<&RuleFile> = files.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let lengths: Vec<_> = files
        .iter()
        .map(|file| ((file.path.len() as u64).to_be_bytes(), (file.bytes.len() as u64).to_be_bytes()))
        .collect();
    let parts: Vec<&[u8]> = files
        .iter()
        .zip(&lengths)
        .flat_map(|(file, (path, bytes))| [&path[..], file.path.as_bytes(), &bytes[..], &file.bytes])
        .collect();
    Digest::of_parts(&parts)
}

fn line_and_column(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = bytes.get(..offset.min(bytes.len())).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1;
    (line, column)
}
