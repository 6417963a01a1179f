//! `tollgate policy profile`: how often each rule is asked about given manifests, what it says, and what that costs.
//!
//! Each rule is asked alone, sharing nothing with others, so that its figures are its own. Steps are counted by the
//! engine, and are the same on every machine; times are measured here.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;
use tollgate_flow::{Estate, estate_walk};

use crate::command::asked::{self, Asking};
use crate::command::{Rules, check};
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;
use crate::{input, installation, problem};

/// Arguments of `policy profile`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// Ask everything this often, and show the least and the mean time
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,
    /// The time that rules see, RFC 3339; the present if not given
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// Manifests or AdmissionReviews: files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// How the figures are written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// for a person
    #[default]
    Text,
    /// for a program
    Json,
}

/// The figures of one rule over all objects.
struct Figures {
    rule: String,
    asked: usize,
    matched: usize,
    erred: usize,
    /// of one round
    steps: u64,
    /// the least that one round took
    least: Duration,
    /// what all rounds took
    all: Duration,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    input::check_exist(&arguments.paths)?;
    let estate = match check::estate(&arguments.rules, &arguments.paths) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    let mask = installation::mask(&estate, settings);
    let at = arguments.at.unwrap_or_else(Timestamp::now);
    let read = input::read(&arguments.paths, &estate_walk(&estate), &mask)?;
    problem::unreadable(&read.manifests.unreadable);
    let asked = asked::all(&read, &estate, &mask, at)?;
    if asked.is_empty() {
        return Err("there is no manifest in what was named: nothing was asked".into());
    }
    let mut figures: Vec<Figures> = (0..estate.bundle.policies().rules().len())
        .map(|at| figures(at, &asked, &estate, arguments))
        .collect();
    figures.sort_by(|a, b| b.steps.cmp(&a.steps).then_with(|| a.rule.cmp(&b.rule)));
    print(&match arguments.output {
        Format::Text => text(&figures, arguments.rounds, asked.len()),
        Format::Json => json(&figures, arguments.rounds, asked.len()),
    })?;
    Ok(if read.manifests.unreadable.is_empty() { Exit::Allow } else { Exit::Failure })
}

fn figures(at: usize, asked: &[Asking<'_>], estate: &Estate, arguments: &Arguments) -> Figures {
    let policies = estate.bundle.policies();
    let rule = policies.rules().get(at).map(|rule| rule.id.to_string()).unwrap_or_default();
    let (least, all) = (Duration::MAX, Duration::ZERO);
    let mut figures = Figures { rule, asked: 0, matched: 0, erred: 0, steps: 0, least, all };
    for round in 0..arguments.rounds {
        let begun = Instant::now();
        let answers = asked.iter().filter_map(|asking| policies.ask_alone(at, &asking.subject()));
        let (mut count, mut matched, mut erred, mut steps) = (0, 0, 0, 0_u64);
        for answer in answers {
            count += 1;
            matched += usize::from(answer.found > 0);
            erred += usize::from(answer.error.is_some());
            steps = steps.saturating_add(answer.steps);
        }
        let took = begun.elapsed();
        figures.least = figures.least.min(took);
        figures.all += took;
        if round == 0 {
            (figures.asked, figures.matched, figures.erred, figures.steps) = (count, matched, erred, steps);
        }
    }
    figures
}

fn text(figures: &[Figures], rounds: u32, objects: usize) -> String {
    let width = figures.iter().map(|figures| figures.rule.chars().count()).max().unwrap_or_default().max(4);
    let mut text = format!(
        "{:<width$} {:>7} {:>7} {:>7} {:>12} {:>10} {:>10}\n",
        "rule", "asked", "matched", "erred", "steps", "least", "mean"
    );
    for figures in figures {
        let _ = writeln!(
            text,
            "{:<width$} {:>7} {:>7} {:>7} {:>12} {:>10} {:>10}",
            visible(&figures.rule),
            figures.asked,
            figures.matched,
            figures.erred,
            figures.steps,
            micros(figures.least),
            micros(figures.all / rounds)
        );
    }
    let _ = writeln!(
        text,
        "{objects} objects, each rule asked alone; steps and times of one round over all objects, of {rounds} rounds"
    );
    text
}

fn micros(duration: Duration) -> String {
    format!("{:.1} µs", duration.as_secs_f64() * 1e6)
}

fn json(figures: &[Figures], rounds: u32, objects: usize) -> String {
    let rules: Vec<_> = figures
        .iter()
        .map(|figures| {
            json!({
                "rule": figures.rule, "asked": figures.asked, "matched": figures.matched, "erred": figures.erred,
                "steps": figures.steps,
                "least_ns": u64::try_from(figures.least.as_nanos()).unwrap_or(u64::MAX),
                "mean_ns": u64::try_from((figures.all / rounds).as_nanos()).unwrap_or(u64::MAX),
            })
        })
        .collect();
    format!(
        "{}\n",
        json!({"schema": "tollgate/profile/v1", "rounds": rounds, "objects": objects, "rules": rules})
    )
}
