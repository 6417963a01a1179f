//! What Terraform plans cost.

use std::path::PathBuf;

use serde::Serialize;
use tollgate_terraform::{Coverage, Figures, Plan, PlanEstimate, ResourceEstimate, estimate};

use super::Format;
use super::json::{document, nine};
use super::sheet::Sheet;
use super::table::{cents, signed};
use crate::exit::Exit;
use crate::input::is_stdin;
use crate::output::{Failure, print, visible};

/// Bytes that a plan may have.
const LIMIT: u64 = 256 << 20;

/// A plan that was named.
pub(super) struct Named {
    shown: String,
    bytes: Vec<u8>,
}

/// Takes the plans out of what was named; the rest are manifests. What is given on standard input is taken for a plan
/// only where nothing else is named and it says so itself.
pub(super) fn split(paths: &[PathBuf]) -> Result<(Vec<Named>, Vec<PathBuf>), Failure> {
    let (mut plans, mut rest) = (Vec::new(), Vec::new());
    for path in paths {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if is_stdin(path) || !is_json || path.is_dir() {
            rest.push(path.clone());
            continue;
        }
        let bytes = tollgate_files::read(path, LIMIT)?;
        if looks_like_plan(&bytes) {
            plans.push(Named { shown: path.display().to_string(), bytes });
        } else {
            rest.push(path.clone());
        }
    }
    Ok((plans, rest))
}

/// What `terraform show -json` prints, of a plan or of a state.
fn looks_like_plan(bytes: &[u8]) -> bool {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    has(b"\"format_version\"") && (has(b"\"terraform_version\"") || has(b"\"resource_changes\""))
}

pub(super) fn run(plans: &[Named], sheet: &Sheet, format: Format) -> Result<Exit, Failure> {
    let mut exit = Exit::Allow;
    for named in plans {
        let plan = match Plan::read(&named.bytes) {
            Ok(plan) => plan,
            Err(error) => {
                say!("error: {}", visible(&format!("{}: {error}", named.shown)));
                exit = Exit::Failure;
                continue;
            }
        };
        let estimate = estimate(&plan, &sheet.book, sheet.at);
        print(&match format {
            Format::Text => text(&estimate),
            Format::Json => json(&estimate, sheet)?,
            Format::Markdown => markdown(&estimate, sheet),
        })?;
    }
    Ok(exit)
}

fn text(estimate: &PlanEstimate) -> String {
    let mut text = String::new();
    for resource in &estimate.resources {
        text.push_str(&format!(
            "{}: {} a month, {} before: {}\n",
            resource.address,
            cents(resource.after.expected_month),
            cents(resource.before.expected_month),
            signed(resource.delta.expected_month)
        ));
        for line in &resource.explanation {
            text.push_str(&format!("  {line}\n"));
        }
        for open in open_ends(resource) {
            text.push_str(&format!("  {open}\n"));
        }
    }
    for address in &estimate.deferred {
        text.push_str(&format!("{address}: put off by Terraform, in no figure\n"));
    }
    if !estimate.complete {
        text.push_str("the plan is not complete: applying it will plan more\n");
    }
    text.push_str(&format!(
        "{} {} a month expected, {} at worst, {} before: {}\n",
        cents(estimate.after.expected_month),
        estimate.after.expected_month.currency(),
        cents(estimate.after.worst_month),
        cents(estimate.before.expected_month),
        signed(estimate.delta.expected_month)
    ));
    text.lines().map(|line| format!("{}\n", visible(line))).collect()
}

fn open_ends(resource: &ResourceEstimate) -> Vec<String> {
    let mut told = Vec::new();
    if resource.coverage == Coverage::Unsupported {
        told.push(format!("unknown: nothing is known about the price of `{}`", resource.resource_type));
        return told;
    }
    told.extend(resource.unknown.iter().map(|path| format!("unknown: `{path}`")));
    told.extend(resource.unpriced.iter().map(|key| format!("unpriced: {key}")));
    told.extend(resource.unbounded.iter().map(|path| format!("unbounded: `{path}`")));
    told
}

fn markdown(estimate: &PlanEstimate, sheet: &Sheet) -> String {
    const ROWS: usize = 40;
    let mut text = format!(
        "<!-- tollgate-cost -->\n### {} {} a month\n\n| resource | before | after | change |\n|---|--:|--:|--:|\n",
        signed(estimate.delta.expected_month),
        sheet.book.currency()
    );
    for resource in estimate.resources.iter().take(ROWS) {
        text.push_str(&format!(
            "| {} | {} | {} | **{}** |\n",
            super::comment::code(&resource.address),
            cents(resource.before.expected_month),
            cents(resource.after.expected_month),
            signed(resource.delta.expected_month)
        ));
    }
    let left = estimate.resources.len().saturating_sub(ROWS);
    if left > 0 {
        text.push_str(&format!("\nAnd {left} more.\n"));
    }
    let open = estimate.resources.iter().filter(|resource| !resource.is_whole()).count();
    if open > 0 {
        text.push_str(&format!("\n{open} have a part that is unknown, unpriced or unbounded.\n"));
    }
    text
}

#[derive(Serialize)]
struct Document {
    currency: String,
    resources: Vec<Resource>,
    before: OfFigures,
    after: OfFigures,
    delta: OfFigures,
    complete: bool,
    deferred: Vec<String>,
}

#[derive(Serialize)]
struct Resource {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    provider: String,
    supported: bool,
    before: OfFigures,
    after: OfFigures,
    delta: OfFigures,
    unknown: Vec<String>,
    unpriced: Vec<String>,
    unbounded: Vec<String>,
    explanation: Vec<String>,
}

#[derive(Serialize)]
struct OfFigures {
    expected_month: String,
    worst_month: String,
    peak_hour: String,
}

fn json(estimate: &PlanEstimate, sheet: &Sheet) -> Result<String, Failure> {
    document(&Document {
        currency: sheet.book.currency().to_string(),
        resources: estimate.resources.iter().map(resource).collect(),
        before: figures(estimate.before),
        after: figures(estimate.after),
        delta: figures(estimate.delta),
        complete: estimate.complete,
        deferred: estimate.deferred.iter().map(ToString::to_string).collect(),
    })
}

fn resource(resource: &ResourceEstimate) -> Resource {
    let paths = |paths: &[tollgate_vocabulary::Path]| paths.iter().map(ToString::to_string).collect();
    Resource {
        address: resource.address.to_string(),
        kind: resource.resource_type.to_string(),
        provider: resource.provider.to_string(),
        supported: resource.coverage == Coverage::Supported,
        before: figures(resource.before),
        after: figures(resource.after),
        delta: figures(resource.delta),
        unknown: paths(&resource.unknown),
        unpriced: resource.unpriced.clone(),
        unbounded: paths(&resource.unbounded),
        explanation: resource.explanation.iter().map(ToString::to_string).collect(),
    }
}

fn figures(figures: Figures) -> OfFigures {
    OfFigures {
        expected_month: nine(figures.expected_month),
        worst_month: nine(figures.worst_month),
        peak_hour: nine(figures.peak_hour),
    }
}
