//! `tollgate test`: runs the rules' own tests, the rules named `test_...` beside them.

mod render;

use std::path::PathBuf;

use tollgate_policy::{TestOutcome, TestResult};

use super::{Rules, check};
use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::problem;
use crate::settings::Settings;

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// Only tests whose `package.name` contains this
    #[arg(long, value_name = "SUBSTRING")]
    run: Option<String>,
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// An estate, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

/// How results are written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// for a person
    #[default]
    Text,
    /// for a program
    Json,
    /// for a build server
    Junit,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    crate::input::check_exist(std::slice::from_ref(&arguments.path))?;
    let estate = match check::estate(&arguments.rules, std::slice::from_ref(&arguments.path)) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    let mut results = estate.bundle.policies().run_tests();
    if results.is_empty() {
        return Err("the rules have no tests: nothing was run".into());
    }
    if let Some(part) = &arguments.run {
        results.retain(|result| name(result).contains(part.as_str()));
        if results.is_empty() {
            return Err(format!("no test's name contains `{part}`: nothing was run").into());
        }
    }
    print(&match arguments.output {
        Format::Text => render::text(&results, settings),
        Format::Json => render::json(&results),
        Format::Junit => render::junit(&results),
    })?;
    let bad = |result: &TestResult| matches!(result.outcome, TestOutcome::Failed | TestOutcome::Error { .. });
    Ok(if results.iter().any(bad) { Exit::Deny } else { Exit::Allow })
}

fn name(result: &TestResult) -> String {
    format!("{}.{}", result.package, result.name)
}
