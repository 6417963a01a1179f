//! What the estate says of money, compiled: prices, node pools, budgets, limits.
//!
//! ```text
//! [cost] in tollgate.toml ──> prices.csv, prices.toml ──> PriceBook ─┐
//!                        └──> nodes.yaml ──> NodePools ──────────────┼─> CostRules, part of the bundle
//! kind: Budget among the rules ──> Budgets ──────────────────────────┘
//! ```
//! INVARIANT: everything that a figure follows from is a file of the bundle, or ships in the binary and is named by its
//! digest in every decision.

use std::sync::Arc;

use tollgate_budget::{Budget, Budgets};
use tollgate_estimate::{Estimator, GpuFractions, NodePools};
use tollgate_manifest::{Limits, Position};
use tollgate_policy::RuleFile;
use tollgate_price::{BookError, PriceBook, Row, read_csv, read_toml};
use tollgate_vocabulary::{Digest, Money, PolicyPlace, Ratio, Rounding, Timestamp};

use crate::bundle::Problem;
use crate::{CostConfig, CostLimits};

/// What parts of a GPU are parts of, and by whose price they are priced.
const WHOLE_GPU: &str = "nvidia.com/gpu";

/// Prices, pools, budgets and limits of an estate.
#[derive(Debug)]
pub struct CostRules {
    /// what things cost
    pub book: PriceBook,
    /// where pods can land
    pub pools: NodePools,
    /// which resources are parts of a GPU
    pub fractions: GpuFractions,
    /// who may spend what
    pub budgets: Budgets,
    /// what `[cost]` says
    pub config: CostConfig,
}

impl CostRules {
    /// Compiles them; nothing where the estate says nothing of money.
    pub(crate) fn compile(
        config: Option<&CostConfig>,
        files: &[RuleFile],
        budgets: Vec<Budget>,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        if config.is_none() && budgets.is_empty() {
            return None;
        }
        let config = config.cloned().unwrap_or_default();
        let before = problems.len();
        let book = read_book(&config, files, problems);
        let pools = config
            .nodes
            .as_ref()
            .map_or_else(|| Some(NodePools::default()), |path| read_pools(path, files, problems));
        let budgets = match Budgets::new(budgets, config.cost_centre_label.clone()) {
            Ok(budgets) => Some(budgets),
            Err(wrong) => {
                problems.extend(wrong.iter().map(|wrong| at_place(wrong.place(), wrong.to_string())));
                None
            }
        };
        let mut fractions = GpuFractions::default();
        for (resource, part) in &config.fractions {
            // That it is a part was checked where it was read.
            let _ = fractions.insert(resource, WHOLE_GPU, *part);
        }
        let rules = Self { book: book?, pools: pools?, fractions, budgets: budgets?, config };
        rules.one_currency(problems);
        (problems.len() == before).then_some(rules)
    }

    /// Prices that have all run out by `at`, each at its last row.
    pub(crate) fn expired(&self, at: Timestamp) -> Vec<Problem> {
        let first = self.config.prices.first();
        self.book.check_validity(at).iter().map(|error| of_book(error, first)).collect()
    }

    /// What estimates at a time.
    #[must_use]
    pub fn estimator(&self, at: Timestamp) -> Estimator<'_> {
        Estimator::new(&self.book, &self.pools, &self.fractions, at)
    }

    /// An amount of the book's currency.
    #[must_use]
    pub fn money(&self, amount: Ratio) -> Option<Money> {
        let one = Money::parse("1", self.book.currency()).ok()?;
        one.times(amount, Rounding::HalfUp).ok()
    }

    /// The limits on single changes.
    #[must_use]
    pub const fn limits(&self) -> &CostLimits {
        &self.config.limits
    }

    /// There is no rate between currencies here: a budget in another one than the prices could never be checked.
    fn one_currency(&self, problems: &mut Vec<Problem>) {
        let of_book = self.book.currency();
        for budget in self.budgets.iter().filter(|budget| budget.currency() != of_book) {
            let message =
                format!("budget `{}` is in {}, but prices are in {of_book}", budget.name, budget.currency());
            problems.push(at_place(&budget.place, message));
        }
    }
}

fn read_book(config: &CostConfig, files: &[RuleFile], problems: &mut Vec<Problem>) -> Option<PriceBook> {
    if config.prices.is_empty() {
        return Some(PriceBook::embedded());
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut errors: Vec<BookError> = Vec::new();
    let mut digests = Vec::new();
    for file in config.prices.iter().filter_map(|path| files.iter().find(|file| file.path == *path)) {
        let read = if file.path.ends_with(".toml") { read_toml } else { read_csv };
        match read(&file.path, &file.bytes) {
            Ok(read) => rows.extend(read),
            Err(wrong) => errors.extend(wrong),
        }
        digests.push(Digest::of(&file.bytes).to_string());
    }
    let digest = Digest::of(digests.join("\n").as_bytes());
    let book = if errors.is_empty() {
        PriceBook::new(rows, digest).map_err(|wrong| errors.extend(wrong)).ok()
    } else {
        None
    };
    problems.extend(errors.iter().map(|error| of_book(error, config.prices.first())));
    book
}

fn of_book(error: &BookError, first: Option<&Arc<str>>) -> Problem {
    let (file, line) = match &error.place {
        Some(place) => (Arc::clone(&place.file), place.line),
        None => (first.cloned().unwrap_or_default(), 1),
    };
    problem(&file, Position { line, column: 1, offset: 0 }, "price", error.message())
}

fn read_pools(path: &Arc<str>, files: &[RuleFile], problems: &mut Vec<Problem>) -> Option<NodePools> {
    let file = files.iter().find(|file| file.path == *path)?;
    let mut report = |position, message| problems.push(problem(path, position, "node-pools", message));
    let documents = match tollgate_manifest::read_documents(&file.bytes, &Limits::default()) {
        Ok(documents) => documents,
        Err(error) => {
            report(error.position, error.message);
            return None;
        }
    };
    let [(value, spans)] = documents.as_slice() else {
        report(Position { line: 1, column: 1, offset: 0 }, "node pools are one document".to_owned());
        return None;
    };
    match NodePools::read(value) {
        Ok(pools) => Some(pools),
        Err(errors) => {
            for error in errors {
                report(spans.locate(value, &error.path).span.start, error.to_string());
            }
            None
        }
    }
}

fn at_place(place: &PolicyPlace, message: String) -> Problem {
    let position = Position { line: place.line, column: place.column, offset: 0 };
    problem(&place.file, position, "budget", message)
}

fn problem(file: &Arc<str>, position: Position, code: &'static str, message: String) -> Problem {
    Problem {
        file: Arc::clone(file),
        line: position.line,
        column: position.column,
        end_column: None,
        code,
        message,
        remedy: None,
        related: None,
    }
}
