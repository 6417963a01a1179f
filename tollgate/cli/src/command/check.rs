//! `tollgate check`: judges manifests in files or on standard input, records nothing, settles read-only.
//!
//! ```text
//! -p, or the nearest tollgate.toml upward ──> bundle ─┐
//! PATH... ──> manifests ──> one change ───────────────┼─> verdicts ──folded──> one report ──> -o ...
//!        └──> AdmissionReviews ──> a change each ─────┘
//! ```

pub(super) mod facts;
mod quote;
mod review;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tollgate_files::estate_root;
use tollgate_flow::{Checked, Estate, EstateError, check, estate_walk};
use tollgate_vocabulary::Question;

use super::explain::why;
use super::{Rules, asked};
use crate::exit::Exit;
use crate::input::{self, Input, is_stdin};
use crate::output::{Failure, Sink, visible, write_report};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::{installation, problem};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// Format, and file to write it to: text, json, yaml, sarif, github, gitlab, junit, markdown, html; repeatable
    #[arg(short, long = "output", value_name = "FORMAT[=FILE]")]
    output: Vec<Sink>,
    /// The time that rules see, RFC 3339; the present if not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Where it is allowed, write signed quotes of what each object costs to this file, for admission to redeem
    #[arg(long, value_name = "FILE")]
    quote: Option<PathBuf>,
    /// For how many hours quotes hold
    #[arg(long, value_name = "HOURS", default_value_t = 24, requires = "quote")]
    quote_hours: u32,
    /// Manifests or AdmissionReviews: files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    input::check_exist(&arguments.paths)?;
    one_estate(&arguments.rules, &arguments.paths)?;
    let estate = match estate(&arguments.rules, &arguments.paths) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    problem::hints(estate.bundle.hints(), &estate.files, settings);
    let mask = installation::mask(&estate, settings);
    let at = arguments.at.unwrap_or_else(Timestamp::now);

    let input = input::read(&arguments.paths, &estate_walk(&estate), &mask)?;
    problem::unreadable(&input.manifests.unreadable);
    let readable = if input.manifests.unreadable.is_empty() { Exit::Allow } else { Exit::Failure };
    let checked = judge(&input, &estate, &mask, at)?;
    let Some(checked) = checked else {
        return match readable {
            Exit::Allow => Err(nothing(&arguments.paths).into()),
            _ => Ok(readable),
        };
    };
    if settings.verbose {
        printed(&input, &estate, &mask, at)?;
    }
    write_report(&checked.report, &checked.sources, &arguments.output, settings)?;
    if let Some(file) = &arguments.quote {
        quote::write(file, arguments.quote_hours, &checked, &estate, at, settings)?;
    }
    Ok(Exit::of_verdict(checked.report.verdict).and(readable))
}

/// Tells what rules print meanwhile.
fn printed(
    input: &Input,
    estate: &Estate,
    mask: &tollgate_manifest::Mask,
    at: Timestamp,
) -> Result<(), Failure> {
    for asking in asked::all(input, estate, mask, at)? {
        for note in estate.bundle.policies().printed(&asking.subject()) {
            say!("{}: printed: {}", visible(&asking.name), why::note_line(&note));
        }
    }
    Ok(())
}

/// Judges all that was read; nothing where there is nothing to judge.
fn judge(
    input: &Input,
    estate: &Estate,
    mask: &tollgate_manifest::Mask,
    at: Timestamp,
) -> Result<Option<Checked>, Failure> {
    let Input { manifests, reviews } = input;
    let count = manifests.objects.len() + reviews.len();
    let _progress = Progress::begin(format!("judging {count} objects"));
    let facts = facts::Facts::new(manifests, estate, mask, at);
    let answer = |question: &Question| facts.answer(question);
    let mut checked = None;
    if !(manifests.objects.is_empty() && manifests.findings.is_empty()) {
        checked = Some(check(manifests, &estate.bundle, &estate.files, &answer, at));
    }
    for review in reviews {
        let of_review = review::check(review, mask, estate, &answer, at)?;
        checked = Some(match checked {
            None => of_review,
            Some(checked) => review::join(checked, of_review),
        });
    }
    Ok(checked)
}

/// The estate to judge by: what `-p` names, or the nearest above the first path.
pub(crate) fn estate(rules: &Rules, paths: &[PathBuf]) -> Result<Estate, EstateError> {
    let only: Vec<Arc<str>> = rules.package.iter().map(|package| package.as_str().into()).collect();
    if !rules.policy.is_empty() {
        return Estate::of_rules(&rules.policy, &only);
    }
    let start = paths.iter().find(|path| !is_stdin(path));
    Estate::load(start.map_or(Path::new("."), PathBuf::as_path), &only)
}

/// Manifests of another estate must not be judged by this one's rules.
fn one_estate(rules: &Rules, paths: &[PathBuf]) -> Result<(), Failure> {
    if !rules.policy.is_empty() {
        return Ok(());
    }
    let mut roots = paths.iter().filter(|path| !is_stdin(path)).map(|path| (path, estate_root(path)));
    let Some((_, first)) = roots.next() else { return Ok(()) };
    match roots.find(|(_, root)| *root != first) {
        None => Ok(()),
        Some((path, _)) => Err(format!(
            "`{}` does not belong to the estate of the paths before it: check one estate at a time, or name rules with `-p`",
            path.display()
        )
        .into()),
    }
}

fn nothing(paths: &[PathBuf]) -> String {
    let named: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    format!("there is no manifest in {}: nothing was judged", named.join(", "))
}
