//! Loads an estate's rules from disk into a bundle.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tollgate_gate::{Bundle, BundleError, Config, CostConfig, Examined, Problem, RuleFile};
use tollgate_ledger::VerifierKey;

/// A bundle and where it came from.
#[derive(Debug)]
pub struct Estate {
    /// the folder that `tollgate.toml` stands in; none where rules were named on the command line
    pub root: Option<PathBuf>,
    /// the compiled rules
    pub bundle: Arc<Bundle>,
    /// all rule files, for quoting them
    pub files: Vec<RuleFile>,
}

/// The files that rules are compiled from, and where they were found.
#[derive(Clone, Debug)]
pub struct RuleSources {
    /// the folder that `tollgate.toml` stands in; none where rules were named on the command line
    pub root: Option<PathBuf>,
    /// `tollgate.toml`
    pub config: Option<RuleFile>,
    /// rules, data documents and exceptions
    pub files: Vec<RuleFile>,
}

/// Why there are no rules to judge by.
#[derive(Debug, thiserror::Error)]
pub enum EstateError {
    /// nowhere upward is a `tollgate.toml`, and no `-p` was given
    #[error("no rules: there is no `tollgate.toml` in `{}` or above it, and no `-p` names rules", .0.display())]
    NoEstate(PathBuf),
    /// files could not be read
    #[error("the rules could not be read")]
    Files(#[source] tollgate_files::RuleFilesError),
    /// the rules do not compile
    #[error("the rules are no bundle")]
    Bundle {
        /// what is wrong
        #[source]
        source: BundleError,
        /// the files, for quoting them
        files: Vec<RuleFile>,
    },
}

impl Estate {
    /// Loads the estate that `start` lies in.
    ///
    /// # Errors
    /// See [`EstateError`].
    pub fn load(start: &Path, only: &[Arc<str>]) -> Result<Self, EstateError> {
        RuleSources::of_estate(start)?.compile(only)
    }

    /// Loads rules that were named one by one, without any estate.
    ///
    /// # Errors
    /// See [`EstateError`].
    pub fn of_rules(named: &[PathBuf], only: &[Arc<str>]) -> Result<Self, EstateError> {
        RuleSources::named(named)?.compile(only)
    }
}

impl RuleSources {
    /// Reads the rules of the estate that `start` lies in.
    ///
    /// # Errors
    /// There is no estate, or a file that cannot be read.
    pub fn of_estate(start: &Path) -> Result<Self, EstateError> {
        let root =
            tollgate_files::estate_root(start).ok_or_else(|| EstateError::NoEstate(start.to_owned()))?;
        let read =
            |folders: &[Arc<str>]| tollgate_files::rule_files(&root, folders).map_err(EstateError::Files);
        // What `tollgate.toml` itself says is read first: it names the folders. If it is wrong, compiling says so.
        let config = read(&[])?.iter().find_map(|file| said(&file.bytes));
        let folders = config.as_ref().map(|config| config.rules.clone()).unwrap_or_default();
        let money: Vec<&Arc<str>> =
            config.iter().filter_map(|config| config.cost.as_ref()).flat_map(CostConfig::files).collect();
        let money = tollgate_files::named_files(&root, &money).map_err(EstateError::Files)?;
        let is_config = |file: &tollgate_files::RuleFile| &*file.path == tollgate_files::ESTATE_FILE;
        let (config, files): (Vec<_>, Vec<_>) = read(&folders)?.into_iter().partition(is_config);
        let config = config.into_iter().next().map(rule_file);
        let mut files: Vec<RuleFile> = files.into_iter().chain(money).map(rule_file).collect();
        // A file in a rules folder may be named beside.
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Self { root: Some(root), config, files })
    }

    /// Reads rules that were named one by one, without any estate.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn named(named: &[PathBuf]) -> Result<Self, EstateError> {
        let files = tollgate_files::policy_files(named).map_err(EstateError::Files)?;
        Ok(Self { root: None, config: None, files: files.into_iter().map(rule_file).collect() })
    }

    /// What the load gate says of them.
    #[must_use]
    pub fn examine(&self) -> Examined {
        Bundle::examine(self.config.as_ref(), &self.files, &[])
    }

    /// Where a file of these is on disk.
    #[must_use]
    pub fn on_disk(&self, file: &str) -> PathBuf {
        self.root.as_ref().map_or_else(|| PathBuf::from(file), |root| root.join(file))
    }

    fn compile(self, only: &[Arc<str>]) -> Result<Estate, EstateError> {
        let Self { root, config, mut files } = self;
        let compiled = Bundle::compile(config.as_ref(), &files, only).and_then(|bundle| {
            let mut wrong = bundle.expired(crate::gate::now());
            wrong.extend(config.iter().flat_map(|file| bad_keys(&bundle, file)));
            if wrong.is_empty() { Ok(bundle) } else { Err(BundleError::Wrong(wrong)) }
        });
        match compiled {
            Ok(bundle) => {
                files.extend(config);
                Ok(Estate { root, bundle: Arc::new(bundle), files })
            }
            Err(source) => {
                files.extend(config);
                Err(EstateError::Bundle { source, files })
            }
        }
    }
}

impl EstateError {
    /// The places that are wrong, where it is the rules themselves.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Bundle { source: BundleError::Wrong(problems), .. } => problems,
            _ => &[],
        }
    }
}

/// Keys that may sign quotes and are none.
fn bad_keys(bundle: &Bundle, config: &RuleFile) -> Vec<Problem> {
    let keys = bundle.cost().map(|cost| cost.config.quote_keys.clone()).unwrap_or_default();
    let text = String::from_utf8_lossy(&config.bytes).into_owned();
    let problem = |key: Arc<str>| {
        let error = key.parse::<VerifierKey>().err()?;
        let before = text.find(&*key).and_then(|at| text.get(..at)).unwrap_or_default();
        Some(Problem {
            file: Arc::clone(&config.path),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
            end_column: None,
            code: "config",
            message: format!("`{key}` is no key that signs quotes: {error}"),
            remedy: Some("a verifier key stands in `keys/ledger.pub` of an installation".to_owned()),
            related: None,
        })
    };
    keys.into_iter().filter_map(problem).collect()
}

fn said(config: &[u8]) -> Option<Config> {
    Config::parse(&String::from_utf8_lossy(config)).ok()
}

fn rule_file(file: tollgate_files::RuleFile) -> RuleFile {
    RuleFile { root: file.root, path: file.path, bytes: file.bytes.into() }
}
