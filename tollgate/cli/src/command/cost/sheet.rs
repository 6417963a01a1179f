//! By which prices and pools: what the flags name, else the estate's, else the built-in book.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tollgate_estimate::{GpuFractions, NodePools};
use tollgate_files::{WalkOptions, estate_root};
use tollgate_flow::{Estate, estate_walk};
use tollgate_manifest::{Limits, Mask, ReadError, SpanTree, read_documents};
use tollgate_price::{BookError, PriceBook, read_csv, read_toml};
use tollgate_vocabulary::{Digest, Value};

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
    /// the estate's root, where an estate says prices or pools
    pub(super) root: Option<PathBuf>,
    /// where node pools are written
    pub(super) nodes: Option<PoolFile>,
}

/// Node pools as they are written.
pub(super) struct PoolFile {
    shown: Arc<str>,
    value: Value,
    spans: SpanTree,
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
    let by_estate = what.prices.is_empty() || what.nodes.is_none();
    if by_estate {
        one_estate(&what.paths, root.as_deref())?;
    }
    // An estate whose rules do not load has prices nonetheless, but nobody would know whether they are those meant.
    let estate = match root.filter(|_| by_estate) {
        None => None,
        Some(root) => match Estate::load(&root, &[]) {
            Ok(estate) => Some(estate),
            Err(error) => {
                problem::report(error, settings)?;
                say!("  = help: `--prices` and `--nodes` together estimate without the estate's rules");
                return Ok(None);
            }
        },
    };
    let rules = estate.as_ref().and_then(|estate| estate.bundle.cost());
    let Some(book) = book(what, rules.map(|rules| &rules.book), at, settings)? else { return Ok(None) };
    let (pools, nodes) = match &what.nodes {
        None => {
            let file = rules.and_then(|rules| rules.config.nodes.as_ref());
            let pools = rules.map(|rules| rules.pools.clone()).unwrap_or_default();
            (pools, file.zip(estate.as_ref()).and_then(|(file, estate)| PoolFile::of_estate(file, estate)))
        }
        Some(path) => match pools(path)? {
            Some((pools, file)) => (pools, Some(file)),
            None => return Ok(None),
        },
    };
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
        root: estate.and_then(|estate| estate.root),
        nodes,
    }))
}

/// Manifests of another estate cost what that one's prices say.
fn one_estate(paths: &[PathBuf], root: Option<&Path>) -> Result<(), Failure> {
    let mut files = paths.iter().filter(|path| !crate::input::is_stdin(path));
    match files.find(|path| estate_root(path).as_deref() != root) {
        None => Ok(()),
        Some(path) => Err(format!(
            "`{}` does not belong to the estate of the paths before it: estimate one estate at a time, or name both \
             `--prices` and `--nodes`",
            path.display()
        )
        .into()),
    }
}

fn book(
    what: &What,
    of_estate: Option<&PriceBook>,
    at: Timestamp,
    settings: &Settings,
) -> Result<Option<PriceBook>, Failure> {
    if what.prices.is_empty() {
        let book = of_estate.cloned().unwrap_or_else(|| built_in(at, settings));
        warn_of_expired(&book, at);
        return Ok(Some(book));
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
                warn_of_expired(&book, at);
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

/// What these priced has no price any more.
fn warn_of_expired(book: &PriceBook, at: Timestamp) {
    for expired in book.check_validity(at) {
        say!("warning: {}", visible(&expired.to_string()));
    }
}

fn tell(errors: &[BookError]) {
    for error in errors {
        say!("error: {}", visible(&error.to_string()));
    }
}

fn pools(path: &Path) -> Result<Option<(NodePools, PoolFile)>, Failure> {
    let bytes = tollgate_files::read(path, LIMIT)?;
    let shown = path.display();
    let file = PoolFile::read(shown.to_string().into(), &bytes).map_err(|error| {
        format!("{shown}:{}:{}: {}", error.position.line, error.position.column, chain(&error))
    })?;
    let Some(file) = file else { return Err(format!("{shown}: node pools are one document").into()) };
    match NodePools::read(&file.value) {
        Ok(pools) => Ok(Some((pools, file))),
        Err(errors) => {
            for error in errors {
                say!("error: {}", visible(&format!("{}: {error}", file.place_of(&error.path))));
            }
            Ok(None)
        }
    }
}

impl PoolFile {
    /// Nothing where there is not one document.
    fn read(shown: Arc<str>, bytes: &[u8]) -> Result<Option<Self>, ReadError> {
        let mut documents = read_documents(bytes, &Limits::default())?;
        let one = documents.pop().filter(|_| documents.is_empty());
        Ok(one.map(|(value, spans)| Self { shown, value, spans }))
    }

    /// The file of the estate, which has read it already.
    fn of_estate(path: &Arc<str>, estate: &Estate) -> Option<Self> {
        let file = estate.files.iter().find(|file| file.path == *path)?;
        Self::read(Arc::clone(path), &file.bytes).ok()?
    }

    /// `prices/nodes.yaml:7` of a path in it.
    pub(super) fn place_of(&self, path: &tollgate_vocabulary::Path) -> String {
        let line = self.spans.locate(&self.value, path).span.start.line;
        format!("{}:{line}", self.shown)
    }
}
