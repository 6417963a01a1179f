//! By which prices and pools: what the flags name, else the estate's, else the built-in book.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tollgate_estimate::{GpuFractions, NodePools};
use tollgate_files::{WalkOptions, estate_root};
use tollgate_flow::{Estate, estate_walk};
use tollgate_manifest::{Limits, Mask, read_documents};
use tollgate_price::{BookError, PriceBook, read_csv, read_toml};
use tollgate_vocabulary::Digest;

use super::What;
use crate::output::{Failure, chain, visible};
use crate::settings::Settings;
use crate::{installation, problem};

/// Bytes that a file of prices or pools may have.
const LIMIT: u64 = 64 << 20;

/// Prices, pools and how manifests are found.
pub(super) struct Sheet {
    pub(super) book: PriceBook,
    pub(super) pools: NodePools,
    pub(super) fractions: GpuFractions,
    pub(super) cost_centre: Option<Arc<str>>,
    pub(super) at: Timestamp,
    pub(super) mask: Mask,
    pub(super) walk: WalkOptions,
    /// where node pools are written
    pub(super) nodes: Option<Arc<str>>,
}

/// Reads what the arguments mean; nothing where it was said already what is wrong.
pub(super) fn read(what: &What, settings: &Settings) -> Result<Option<Sheet>, Failure> {
    if what.paths.is_empty() {
        return Err("name the manifests or plans to estimate: files, folders, or `-`".into());
    }
    crate::input::check_exist(&what.paths)?;
    let at = what.at.unwrap_or_else(Timestamp::now);
    let first = what.paths.iter().find(|path| !crate::input::is_stdin(path));
    let root = estate_root(first.map_or(Path::new("."), |path| path));
    // An estate whose rules do not load has prices nonetheless, but nobody would know whether they are those meant.
    let estate = match root.filter(|_| what.prices.is_empty() || what.nodes.is_none()) {
        None => None,
        Some(root) => match Estate::load(&root, &[]) {
            Ok(estate) => Some(estate),
            Err(error) => {
                problem::report(error, settings)?;
                return Ok(None);
            }
        },
    };
    let rules = estate.as_ref().and_then(|estate| estate.bundle.cost());
    let Some(book) = book(what, rules.map(|rules| &rules.book), at, settings)? else { return Ok(None) };
    let pools = match &what.nodes {
        Some(path) => match pools(path)? {
            Some(pools) => pools,
            None => return Ok(None),
        },
        None => rules.map(|rules| rules.pools.clone()).unwrap_or_default(),
    };
    let of_estate = || rules.and_then(|rules| rules.config.nodes.clone());
    Ok(Some(Sheet {
        book,
        pools,
        fractions: rules.map(|rules| rules.fractions.clone()).unwrap_or_default(),
        cost_centre: rules.and_then(|rules| rules.config.cost_centre_label.clone()),
        at,
        mask: match &estate {
            Some(estate) => installation::mask(estate, settings),
            None => installation::mask_of(&tollgate_gate::Config::default(), settings),
        },
        walk: estate.as_ref().map(estate_walk).unwrap_or_default(),
        nodes: what.nodes.as_ref().map(|path| path.display().to_string().into()).or_else(of_estate),
    }))
}

fn book(
    what: &What,
    of_estate: Option<&PriceBook>,
    at: Timestamp,
    settings: &Settings,
) -> Result<Option<PriceBook>, Failure> {
    if what.prices.is_empty() {
        return Ok(Some(of_estate.cloned().unwrap_or_else(|| built_in(at, settings))));
    }
    let (mut rows, mut errors, mut digests) = (Vec::new(), Vec::new(), Vec::new());
    for path in &what.prices {
        let bytes = tollgate_files::read(path, LIMIT)?;
        let shown: Arc<str> = path.display().to_string().into();
        let is_toml = path.extension().is_some_and(|extension| extension == "toml");
        match if is_toml { read_toml(&shown, &bytes) } else { read_csv(&shown, &bytes) } {
            Ok(read) => rows.extend(read),
            Err(wrong) => errors.extend(wrong),
        }
        digests.push(Digest::of(&bytes).to_string());
    }
    if errors.is_empty() {
        match PriceBook::new(rows, Digest::of(digests.join("\n").as_bytes())) {
            Ok(book) => {
                for expired in book.check_validity(at) {
                    say!("warning: {}", visible(&expired.to_string()));
                }
                return Ok(Some(book));
            }
            Err(wrong) => errors = wrong,
        }
    }
    tell(&errors);
    Ok(None)
}

/// The book that ships in the program, and how old it is.
fn built_in(at: Timestamp, settings: &Settings) -> PriceBook {
    if !settings.quiet {
        let (date, age) = (PriceBook::embedded_date(), PriceBook::embedded_age(at));
        say!("prices: built in, of {date} ({age} days old); name your own with `--prices` or `[cost]`");
    }
    PriceBook::embedded()
}

fn tell(errors: &[BookError]) {
    for error in errors {
        say!("error: {}", visible(&error.to_string()));
    }
}

fn pools(path: &Path) -> Result<Option<NodePools>, Failure> {
    let bytes = tollgate_files::read(path, LIMIT)?;
    let shown = path.display();
    let documents = read_documents(&bytes, &Limits::default()).map_err(|error| {
        format!("{shown}:{}:{}: {}", error.position.line, error.position.column, chain(&error))
    })?;
    let [(value, spans)] = documents.as_slice() else {
        return Err(format!("{shown}: node pools are one document").into());
    };
    match NodePools::read(value) {
        Ok(pools) => Ok(Some(pools)),
        Err(errors) => {
            for error in errors {
                let line = spans.locate(value, &error.path).span.start.line;
                say!("error: {}", visible(&format!("{shown}:{line}: {error}")));
            }
            Ok(None)
        }
    }
}
