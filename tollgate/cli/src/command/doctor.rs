//! `tollgate doctor`: looks at everything that an installation needs, and says how to mend what is wrong.
//!
//! Exit code 1 if anything is wrong. It writes nothing but what `--fix` names.

mod cluster;
mod data;

use std::path::PathBuf;

use crate::exit::Exit;
use crate::installation;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `doctor`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Look at this cluster's webhook too
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME", requires = "kubeconfig")]
    context: Option<String>,
    /// Take a webhook out of the cluster that nobody answers
    #[arg(long, requires = "kubeconfig")]
    fix: bool,
}

/// One thing that was looked at.
struct Check {
    what: &'static str,
    outcome: Outcome,
}

enum Outcome {
    Good(String),
    /// worth knowing, nothing to mend
    Note(String),
    Bad {
        why: String,
        help: String,
    },
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let data = match installation::data_dir_here(settings) {
        Ok(data) => Some(data),
        Err(error) if arguments.kubeconfig.is_none() => return Err(error),
        Err(_) => None,
    };
    let mut checks = data.as_deref().map(data::checks).unwrap_or_default();
    if let Some(kubeconfig) = &arguments.kubeconfig {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        checks.extend(runtime.block_on(cluster::checks(
            kubeconfig,
            arguments.context.as_deref(),
            arguments.fix,
        )));
    }
    print(&checks.iter().map(line).collect::<String>())?;
    let bad = checks.iter().any(|check| matches!(check.outcome, Outcome::Bad { .. }));
    Ok(if bad { Exit::Deny } else { Exit::Allow })
}

fn line(check: &Check) -> String {
    let (word, told, help) = match &check.outcome {
        Outcome::Good(told) => ("ok", told, None),
        Outcome::Note(told) => ("note", told, None),
        Outcome::Bad { why, help } => ("WRONG", why, Some(help)),
    };
    let help = help.map(|help| format!("{:>22}help: {}\n", "", visible(help))).unwrap_or_default();
    format!("{word:<6} {:<14} {}\n{help}", check.what, visible(told))
}
