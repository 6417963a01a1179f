//! What Terraform plans cost.

mod json;

use std::path::{Path, PathBuf};

use tollgate_files::read_stdin;
use tollgate_manifest::Limits;
use tollgate_terraform::{Coverage, Figures, Plan, PlanError, PlanEstimate, ResourceEstimate, estimate};

use super::Format;
use super::comment::{Comment, code};
use super::figure::{cents, signed};
use super::sheet::Sheet;
use super::table::Table;
use crate::exit::Exit;
use crate::input::{STDIN, is_stdin};
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Bytes that a plan may have.
const LIMIT: u64 = 256 << 20;

/// What is said of a resource that Terraform put off.
const DEFERRED: &str = "put off by Terraform, in no figure";

/// What is named on the command line.
pub(super) struct Named {
    /// plans
    pub(super) plans: Vec<File>,
    /// manifests
    pub(super) paths: Vec<PathBuf>,
    /// standard input, where that is all that is named and no plan
    pub(super) stdin: Option<Vec<u8>>,
}

/// A plan that was named.
pub(super) struct File {
    shown: String,
    bytes: Vec<u8>,
}

/// Takes the plans out of what was named; the rest are manifests. What is given on standard input is taken for a plan
/// only where nothing else is named and it says so itself.
pub(super) fn split(named: &[PathBuf]) -> Result<Named, Failure> {
    let (mut plans, mut paths) = (Vec::new(), Vec::new());
    if let [path] = named
        && is_stdin(path)
    {
        let bytes = read_stdin(Limits::default().bytes as u64)?;
        return Ok(if looks_like_plan(&bytes) {
            plans.push(File { shown: STDIN.to_owned(), bytes });
            Named { plans, paths, stdin: None }
        } else {
            Named { plans, paths: named.to_vec(), stdin: Some(bytes) }
        });
    }
    for path in named {
        if is_stdin(path) || !may_be_plan(path) {
            paths.push(path.clone());
            continue;
        }
        let bytes = tollgate_files::read(path, LIMIT)?;
        if looks_like_plan(&bytes) {
            plans.push(File { shown: path.display().to_string(), bytes });
        } else {
            paths.push(path.clone());
        }
    }
    Ok(Named { plans, paths, stdin: None })
}

fn may_be_plan(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && !path.is_dir()
}

/// What `terraform show -json` prints, of a plan or of a state.
fn looks_like_plan(bytes: &[u8]) -> bool {
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    bytes.trim_ascii_start().starts_with(b"{")
        && has(b"\"format_version\"")
        && (has(b"\"terraform_version\"") || has(b"\"resource_changes\""))
}

impl Named {
    /// That plans are not named together with manifests.
    pub(super) fn alone(&self) -> Result<(), Failure> {
        match self.paths.first() {
            None => Ok(()),
            Some(path) => {
                Err(format!("a Terraform plan is estimated alone: name it without `{}`", path.display())
                    .into())
            }
        }
    }
}

pub(super) fn run(
    plans: &[File],
    sheet: &Sheet,
    format: Format,
    settings: &Settings,
) -> Result<Exit, Failure> {
    if plans.len() > 1 && format != Format::Text {
        return Err("several plans have one document each: name one plan with `-o`".into());
    }
    let mut exit = Exit::Allow;
    for file in plans {
        let Some(estimate) = file.estimate(sheet) else {
            exit = Exit::Failure;
            continue;
        };
        let head = if plans.len() > 1 { format!("{}:\n", visible(&file.shown)) } else { String::new() };
        print(&match format {
            Format::Text => format!("{head}{}", text(&estimate, settings)),
            Format::Json => json::render(&estimate, sheet.book.currency())?,
            Format::Markdown => markdown(&estimate),
        })?;
    }
    Ok(exit)
}

/// How the figures of a resource come about, in every plan that has it.
pub(super) fn explain(address: &str, plans: &[File], sheet: &Sheet) -> Result<Exit, Failure> {
    let mut exit = Exit::Allow;
    let mut found = false;
    for file in plans {
        let Some(estimate) = file.estimate(sheet) else {
            exit = Exit::Failure;
            continue;
        };
        for resource in estimate.resources.iter().filter(|resource| &*resource.address == address) {
            found = true;
            let mut text = format!(
                "{}: {} {} a month expected, {} before: {}\n",
                visible(address),
                cents(resource.after.expected_month),
                sheet.book.currency(),
                cents(resource.before.expected_month),
                signed(resource.delta.expected_month)
            );
            for line in &resource.explanation {
                text.push_str(&format!("  {}\n", visible(&line.to_string())));
            }
            print(&text)?;
        }
    }
    if found || exit != Exit::Allow {
        return Ok(exit);
    }
    Err(format!("no plan holds a resource `{address}` that costs anything").into())
}

impl File {
    /// What the plan costs; nothing where it was said what is wrong with it.
    fn estimate(&self, sheet: &Sheet) -> Option<PlanEstimate> {
        match Plan::read(&self.bytes) {
            Ok(plan) => Some(estimate(&plan, &sheet.book, sheet.at)),
            Err(PlanError::Json { error }) => {
                let at = error.position;
                let place = format!("{}:{}:{}", self.shown, at.line, at.column);
                say!("error: {}", visible(&format!("{place}: {}", error.message)));
                None
            }
            Err(error) => {
                say!("error: {}", visible(&format!("{}: {error}", self.shown)));
                None
            }
        }
    }
}

fn text(estimate: &PlanEstimate, settings: &Settings) -> String {
    let mut text = String::new();
    if !settings.quiet {
        let mut table = Table::new(&["resource", "before", "after", "change", "in no figure"], 3);
        for resource in estimate.resources.iter().filter(|resource| is_worth_a_row(resource)) {
            table.push(vec![
                resource.address.to_string(),
                cents(resource.before.expected_month),
                cents(resource.after.expected_month),
                signed(resource.delta.expected_month),
                lacks(resource).join(", "),
            ]);
        }
        text.push_str(&table.to_text());
        for address in &estimate.deferred {
            text.push_str(&format!("{}: {DEFERRED}\n", visible(address)));
        }
        notes(estimate).iter().for_each(|note| text.push_str(&format!("{note}\n")));
    }
    text.push_str(&format!(
        "{} {} a month expected, {} at worst, {} before: {}{}\n",
        cents(estimate.after.expected_month),
        estimate.after.expected_month.currency(),
        cents(estimate.after.worst_month),
        cents(estimate.before.expected_month),
        signed(estimate.delta.expected_month),
        summary(estimate)
    ));
    text
}

fn markdown(estimate: &PlanEstimate) -> String {
    let delta = estimate.delta.expected_month;
    let mut comment = Comment::new(&format!("{} {} a month", signed(delta), delta.currency()));
    comment.line(&format!(
        "{} a month expected, {} before; {} at worst, {} before{}",
        cents(estimate.after.expected_month),
        cents(estimate.before.expected_month),
        cents(estimate.after.worst_month),
        cents(estimate.before.worst_month),
        summary(estimate)
    ));
    let worth: Vec<&ResourceEstimate> =
        estimate.resources.iter().filter(|resource| is_worth_a_row(resource)).collect();
    let row = |resource: &&ResourceEstimate| {
        let lacks: Vec<String> = lacks(resource).iter().map(|what| code(what)).collect();
        format!(
            "| {} | {} | {} | **{}** | {} |",
            code(&resource.address),
            cents(resource.before.expected_month),
            cents(resource.after.expected_month),
            signed(resource.delta.expected_month),
            lacks.join(", ")
        )
    };
    comment.rows(
        "| resource | before | after | change | in no figure |\n|---|--:|--:|--:|---|",
        worth.iter().map(row),
    );
    let deferred = estimate.deferred.iter();
    comment.rows("", deferred.map(|address| format!("- {}: {DEFERRED}", code(address))));
    notes(estimate).iter().for_each(|note| comment.line(note));
    comment.into_text()
}

/// Whether anything is to be said of a resource: its figures change, or something is in none of them.
fn is_worth_a_row(resource: &ResourceEstimate) -> bool {
    let months = |figures: &Figures| (figures.expected_month, figures.worst_month);
    months(&resource.before) != months(&resource.after) || !resource.is_whole()
}

/// What of a resource is in no figure.
fn lacks(resource: &ResourceEstimate) -> Vec<String> {
    if resource.coverage == Coverage::Unsupported {
        return vec![format!("no price is known for `{}`", resource.resource_type)];
    }
    let unknown = resource.unknown.iter().map(|path| format!("unknown `{path}`"));
    let unpriced = resource.unpriced.iter().map(|key| format!("unpriced {key}"));
    let unbounded = resource.unbounded.iter().map(|path| format!("unbounded `{path}`"));
    unknown.chain(unpriced).chain(unbounded).collect()
}

/// What is to be said of the plan as a whole.
fn notes(estimate: &PlanEstimate) -> Vec<String> {
    let same = estimate.resources.iter().filter(|resource| !is_worth_a_row(resource)).count();
    let mut notes = Vec::new();
    if same > 0 {
        notes.push(format!("{same} more cost what they cost before"));
    }
    if !estimate.complete {
        notes.push("the plan is not complete: applying it will plan more".to_owned());
    }
    notes
}

/// How many resources have something that is in no figure, as the end of a sentence; nothing where none has.
fn summary(estimate: &PlanEstimate) -> String {
    match estimate.resources.iter().filter(|resource| !resource.is_whole()).count() {
        0 => String::new(),
        1 => "; a part of one resource is in no figure".to_owned(),
        many => format!("; parts of {many} resources are in no figure"),
    }
}
