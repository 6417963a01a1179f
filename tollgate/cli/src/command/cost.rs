//! `tollgate cost`: what manifests and Terraform plans cost, as they are written. No verdict, and no estate needed.
//!
//! ```text
//! --prices, --nodes, else [cost] of the nearest tollgate.toml, else the built-in book ──> Sheet ─┐
//! PATH... ──> manifests, plans; the rest of the estate beside ───────────────────────────────────┼─> lines ──> table, JSON
//! --base REF ──> the same paths at that commit ──> what got dearer, what cheaper ────────────────┘
//! ```

mod base;
mod comment;
mod explain;
mod figure;
mod gap;
mod json;
mod manifest;
mod plan;
mod sheet;
mod table;
mod text;

use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;
use tollgate_flow::{Costs, InFile, cost};

use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;
pub(super) use json::{document, nine};
use sheet::Sheet;

/// Arguments of `cost`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    what: What,
    /// Format: text, json, markdown
    #[arg(short, long = "output", value_name = "FORMAT", default_value = "text")]
    output: Format,
    /// Show what changed since this commit: a branch, a tag, `HEAD~1`
    #[arg(long, value_name = "REF")]
    base: Option<String>,
}

/// What to estimate, and by which prices.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct What {
    /// Price book: CSV, TOML, or OpenCost's CSV; the estate's where it is not given; repeatable
    #[arg(long, value_name = "FILE")]
    prices: Vec<PathBuf>,
    /// Node pools: YAML; the estate's where it is not given
    #[arg(long, value_name = "FILE")]
    nodes: Option<PathBuf>,
    /// When it would be paid, RFC 3339; the present if not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Manifests or Terraform plans (`terraform show -json`): files, folders, or `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show how a figure comes about: each number with its field and its price row
    Explain(explain::Arguments),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Markdown,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "markdown" => Ok(Self::Markdown),
            other => Err(format!("`{other}` is not one of text, json, markdown")),
        }
    }
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    if let Some(Action::Explain(arguments)) = &arguments.action {
        return explain::run(arguments, settings);
    }
    let what = &arguments.what;
    let Some(sheet) = sheet::read(what, settings)? else { return Ok(Exit::Failure) };
    let named = plan::split(&what.paths)?;
    if !named.plans.is_empty() {
        named.alone()?;
        if arguments.base.is_some() {
            return Err("a Terraform plan holds its own base: leave out `--base`".into());
        }
        return plan::run(&named.plans, &sheet, arguments.output, settings);
    }
    if arguments.base.is_some() {
        base::check(&named.paths)?;
    }
    let read = manifest::read(&named.paths, named.stdin, &sheet)?;
    let objects = &read.named;
    if objects.is_empty() && read.exit != Exit::Allow {
        return Ok(read.exit);
    }
    let costs = sheet.cost(objects, &read.beside);
    let exit = read.exit.and(tell_errors(&costs, objects));
    let text = match &arguments.base {
        None => match arguments.output {
            Format::Text => text::render(&costs, objects, settings)?,
            Format::Json => json::render(&costs)?,
            Format::Markdown => comment::render(&costs, objects)?,
        },
        Some(name) => {
            let before = base::read(name, &named.paths, &sheet)?;
            let was = sheet.cost(&before.named, &before.beside);
            let difference = costs.since(&was)?;
            match arguments.output {
                Format::Text => text::difference(&difference, &costs, objects, settings)?,
                Format::Json => json::difference(&difference, costs.currency)?,
                Format::Markdown => comment::difference(&difference, &costs, objects)?,
            }
        }
    };
    print(&text)?;
    Ok(exit)
}

impl Sheet {
    /// What objects cost by this sheet.
    fn cost(&self, objects: &[InFile], beside: &[InFile]) -> Costs {
        cost(objects, beside, &self.estimator(), self.cost_centre.as_deref())
    }

    /// What estimates by this sheet.
    fn estimator(&self) -> tollgate_estimate::Estimator<'_> {
        tollgate_estimate::Estimator::new(&self.book, &self.pools, &self.fractions, self.at)
    }
}

/// Objects that cannot be estimated, each with its place.
fn tell_errors(costs: &Costs, objects: &[InFile]) -> Exit {
    for failed in &costs.errors {
        let Some(object) = objects.get(failed.object) else { continue };
        let place = place_of(object, &failed.error.field.path);
        say!("error: {}", visible(&format!("{place}: {}", failed.error)));
    }
    if costs.errors.is_empty() { Exit::Allow } else { Exit::Failure }
}

/// `deploy/api.yaml:22` of a path in an object.
fn place_of(object: &InFile, path: &tollgate_vocabulary::Path) -> String {
    let located = object.written.spans.locate(&object.written.object.value, path);
    format!("{}:{}", object.file, located.span.start.line)
}
