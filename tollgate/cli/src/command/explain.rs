//! `tollgate explain`: what a rule wants and where it stands, why it says what it says about a manifest, what a check of
//! the load gate looks for, or what a decision rested on.

mod check;
mod cost;
mod decision;
mod rule;
pub(super) mod why;

use std::path::PathBuf;

use jiff::Timestamp;
use tollgate_flow::{Estate, EstateError, estate_walk};

use super::check::estate;
use super::{Rules, asked};
use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::settings::Settings;
use crate::{input, installation, ledger, problem};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// The estate whose rules are meant, or any path in it
    #[arg(long, value_name = "PATH", default_value = ".")]
    estate: PathBuf,
    /// Say why the rule finds something, or nothing, in this manifest or AdmissionReview; `-` is standard input
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The time that rules see, RFC 3339; the present if not given
    #[arg(long, value_name = "TIME", requires = "input")]
    at: Option<Timestamp>,
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t, requires = "input")]
    output: Format,
    /// A rule's id, a check of the load gate, a decision (`d-0123456789abcdef`), or an index of the ledger
    #[arg(value_name = "RULE|CHECK|DECISION")]
    what: String,
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// for a person
    #[default]
    Text,
    /// for a program
    Json,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let what = arguments.what.as_str();
    if ledger::is_name(what) {
        let reader = ledger::open(&installation::data_dir_here(settings)?)?;
        let entry = ledger::find(reader.view(), what)?;
        print(&decision::told(&entry)?)?;
        return Ok(Exit::Allow);
    }
    if let Some(text) = rule::built_in(what) {
        print(&text)?;
        return Ok(Exit::Allow);
    }
    let loaded = estate(&arguments.rules, std::slice::from_ref(&arguments.estate));
    if let (Some(page), None) = (check::page(what), &arguments.input) {
        // A rule of the estate may have the name of a check. Rules that do not load are why one asks about a check.
        let own = loaded.as_ref().ok().and_then(|estate| {
            let rule = estate.bundle.policies().rules().iter().find(|rule| rule.id.as_str() == what)?;
            Some(rule::told(rule, estate))
        });
        print(own.as_deref().unwrap_or(page))?;
        return Ok(Exit::Allow);
    }
    if let (Some(text), None) = (cost::told(what, loaded.as_ref().ok()), &arguments.input) {
        print(&text)?;
        return Ok(Exit::Allow);
    }
    let estate = match loaded {
        Ok(estate) => estate,
        Err(EstateError::NoEstate(_)) => {
            return Err(format!(
                "which rules? Name their estate with `--estate PATH`, or start within it, to explain `{what}`"
            )
            .into());
        }
        Err(error) => return problem::report(error, settings),
    };
    let rules = estate.bundle.policies().rules();
    let Some(at) = rules.iter().position(|rule| rule.id.as_str() == what) else {
        return Err(unknown(what, &estate).into());
    };
    match (&arguments.input, rules.get(at)) {
        (Some(input), _) => explain_input(arguments, input, &estate, at, settings),
        (None, Some(found)) => {
            print(&rule::told(found, &estate))?;
            Ok(Exit::Allow)
        }
        (None, None) => Ok(Exit::Failure),
    }
}

/// That there is no such rule, or none whose conditions could be explained.
fn unknown(what: &str, estate: &Estate) -> String {
    if cost::told(what, Some(estate)).is_some() {
        return format!(
            "`{what}` is about money: `tollgate cost explain` shows how the figures of an object come about"
        );
    }
    let ids: Vec<&str> = estate.bundle.policies().rules().iter().map(|rule| rule.id.as_str()).collect();
    let budgets = estate.bundle.cost().into_iter().flat_map(|cost| cost.budgets.iter());
    let budgets: Vec<String> = budgets.map(|budget| format!("budget.{}", budget.name)).collect();
    let mut known = ids.clone();
    known.extend(cost::ids().map(|id| id as &str));
    known.extend(budgets.iter().map(|id| id as &str));
    let nearest = nearest(what, &known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("there is no rule `{what}`{nearest}; there are {}", ids.join(", "))
}

/// Why the rule says what it says about what stands in a file.
fn explain_input(
    arguments: &Arguments,
    file: &PathBuf,
    estate: &Estate,
    rule: usize,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let paths = std::slice::from_ref(file);
    input::check_exist(paths)?;
    let mask = installation::mask(estate, settings);
    let at = arguments.at.unwrap_or_else(Timestamp::now);
    let read = input::read(paths, &estate_walk(estate), &mask)?;
    problem::unreadable(&read.manifests.unreadable);
    if !read.manifests.unreadable.is_empty() {
        return Ok(Exit::Failure);
    }
    let asked = asked::all(&read, estate, &mask, at)?;
    if asked.is_empty() {
        return Err(format!("there is no manifest in `{}`: nothing can be explained", file.display()).into());
    }
    let mut answers = Vec::new();
    for asking in &asked {
        match estate.bundle.policies().explain(rule, &asking.subject()) {
            Some(explained) => answers.push((asking, explained)),
            None => {
                return Err(format!(
                    "`{}` is a constraint of Gatekeeper's: its template's conditions are not explained one by one",
                    arguments.what
                )
                .into());
            }
        }
    }
    print(&match arguments.output {
        Format::Text => why::text(&arguments.what, &answers),
        Format::Json => why::json(&arguments.what, &answers),
    })?;
    Ok(Exit::Allow)
}

/// The one of `known` that differs least, where it does not differ much.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let near = known.iter().map(|other| (distance(word, other), *other)).min()?;
    (near.0 <= 1 + word.len() / 4).then_some(near.1)
}

/// How many characters must be put in, taken out or exchanged to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, a) in a.chars().enumerate() {
        let mut next = vec![at + 1];
        for (((left, up), corner), b) in (0..).zip(row.iter().skip(1)).zip(&row).zip(&b) {
            let exchanged = corner + usize::from(a != *b);
            let shorter = (up + 1).min(next.get(left).copied().unwrap_or(usize::MAX - 1) + 1);
            next.push(exchanged.min(shorter));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
