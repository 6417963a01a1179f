//! `tollgate test`: runs the rules' own tests, the rules named `test_...` beside them.
//!
//! ```text
//! rules ──> tests that match ──run──> results ──┬─> text, json, junit
//!                  └──watched──> tallies ──coverage──> text, json, lcov, threshold
//! ```

mod coverage;
mod render;
mod watch;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

use regex::Regex;
use tollgate_flow::Estate;
use tollgate_policy::{Coverage, Tallies, Test, TestOutcome, TestResult};

use super::{Rules, check};
use crate::exit::Exit;
use crate::output::{Failure, print, write_file};
use crate::problem;
use crate::settings::Settings;

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// Only tests whose `data.package.name` matches this regular expression
    #[arg(long, value_name = "REGEX")]
    run: Option<String>,
    /// Format, and file to write it to: text, json, junit, and with --coverage lcov; repeatable
    #[arg(short, long = "output", value_name = "FORMAT[=FILE]", default_value = "text")]
    output: Vec<Sink>,
    /// Tell which lines and conditions of the rules the tests reached
    #[arg(long)]
    coverage: bool,
    /// End with 1 where less than this share of lines is reached, in percent
    #[arg(long, value_name = "PERCENT", requires = "coverage", value_parser = percent)]
    threshold: Option<f64>,
    /// Tell how long each test took
    #[arg(long)]
    time: bool,
    /// Run again whenever a file changes, until interrupted
    #[arg(long)]
    watch: bool,
    /// An estate, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// for a person
    Text,
    /// for a program
    Json,
    /// for a build server
    Junit,
    /// coverage, for whoever shows it beside the source
    Lcov,
}

/// `FORMAT`, or `FORMAT=FILE`.
#[derive(Clone, Debug)]
struct Sink {
    format: Format,
    file: Option<PathBuf>,
}

impl FromStr for Sink {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file behind `=` has no name".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = match format {
            "text" => Format::Text,
            "json" => Format::Json,
            "junit" => Format::Junit,
            "lcov" => Format::Lcov,
            other => return Err(format!("`{other}` is not one of text, json, junit, lcov")),
        };
        Ok(Self { format, file })
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse() {
        Ok(share) if (0.0..=100.0).contains(&share) => Ok(share),
        _ => Err(format!("`{text}` is no number from 0 to 100")),
    }
}

/// A result, and how long it took in microseconds where that is told.
type Timed = (TestResult, Option<f64>);

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    crate::input::check_exist(std::slice::from_ref(&arguments.path))?;
    let lcov = arguments.output.iter().any(|sink| sink.format == Format::Lcov);
    if lcov && !arguments.coverage {
        return Err("lcov tells what tests reach: ask for it with `--coverage`".into());
    }
    let filter = arguments.run.as_deref().map(filter).transpose()?;
    if arguments.watch {
        return watch::run(arguments, filter.as_ref(), settings);
    }
    once(arguments, filter.as_ref(), settings)
}

fn filter(text: &str) -> Result<Regex, Failure> {
    Regex::new(text).map_err(|error| {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
        format!("`--run {text}` is no regular expression: {why}").into()
    })
}

/// Loads the rules and runs their tests once.
fn once(arguments: &Arguments, filter: Option<&Regex>, settings: &Settings) -> Result<Exit, Failure> {
    let estate = match check::estate(&arguments.rules, std::slice::from_ref(&arguments.path)) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    let mut tallies = Tallies::default();
    let results = results(arguments, filter, &estate, &mut tallies, settings)?;
    let coverage = arguments.coverage.then(|| estate.bundle.policies().coverage(&tallies));
    write(arguments, &results, coverage.as_ref(), settings)?;
    let (mut exit, below) =
        (exit(&results), coverage.as_ref().and_then(|coverage| below(arguments, coverage)));
    if let Some(why) = below {
        say!("error: {why}");
        exit = exit.and(Exit::Deny);
    }
    Ok(exit)
}

fn results(
    arguments: &Arguments,
    filter: Option<&Regex>,
    estate: &Estate,
    tallies: &mut Tallies,
    settings: &Settings,
) -> Result<Vec<Timed>, Failure> {
    let policies = estate.bundle.policies();
    if policies.tests().is_empty() {
        return Err("the rules have no tests: nothing was run".into());
    }
    let full = |test: &Test| format!("data.{}.{}", test.package, test.name);
    let wanted = |test: &&Test| filter.is_none_or(|filter| filter.is_match(&full(test)));
    let mut results = Vec::new();
    for test in policies.tests().iter().filter(wanted) {
        let begun = Instant::now();
        let result = policies.run_test(test, arguments.coverage.then_some(&mut *tallies), settings.verbose);
        let took = arguments.time.then(|| begun.elapsed().as_secs_f64() * 1e6);
        results.push((result, took));
    }
    match (&arguments.run, results.is_empty()) {
        (Some(text), true) => Err(format!("no test's name matches `{text}`: nothing was run").into()),
        _ => Ok(results),
    }
}

fn write(
    arguments: &Arguments,
    results: &[Timed],
    coverage: Option<&Coverage>,
    settings: &Settings,
) -> Result<(), Failure> {
    for sink in &arguments.output {
        let text = match (sink.format, coverage) {
            (Format::Text, None) => render::text(results, settings),
            (Format::Text, Some(coverage)) => {
                format!("{}\n{}", render::text(results, settings), coverage::text(coverage))
            }
            (Format::Json, Some(coverage)) => coverage::json(coverage),
            (Format::Lcov, coverage) => coverage.map(coverage::lcov).unwrap_or_default(),
            (Format::Json, None) => render::json(results),
            (Format::Junit, _) => render::junit(results),
        };
        match &sink.file {
            None => print(&text)?,
            Some(file) => write_file(file, text.as_bytes())?,
        }
    }
    let tells = |sink: &Sink| sink.file.is_none() && matches!(sink.format, Format::Text | Format::Junit);
    let silent = coverage.is_some() && !arguments.output.iter().any(tells);
    if silent && exit(results) != Exit::Allow {
        // Coverage alone does not say that tests failed.
        say!("{}", render::text(results, &Settings { quiet: true, ..settings.clone() }).trim_end());
    }
    Ok(())
}

/// Why too little was reached, where it was.
fn below(arguments: &Arguments, coverage: &Coverage) -> Option<String> {
    let threshold = arguments.threshold?;
    let share = coverage::share(coverage.line_counts());
    (share < threshold).then(|| format!("the tests reach {share:.1}% of the lines, less than {threshold}%"))
}

fn exit(results: &[Timed]) -> Exit {
    let of = |(result, _): &Timed| match result.outcome {
        TestOutcome::Passed | TestOutcome::Skipped => Exit::Allow,
        TestOutcome::Failed => Exit::Deny,
        TestOutcome::Error { .. } => Exit::Failure,
    };
    results.iter().map(of).fold(Exit::Allow, Exit::and)
}

fn name(result: &TestResult) -> String {
    format!("{}.{}", result.package, result.name)
}
