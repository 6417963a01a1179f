//! `tollgate explain`: what a rule wants and where it stands, what a check of the load gate looks for, or what a decision
//! rested on.

mod check;
mod decision;
mod rule;

use std::path::PathBuf;

use tollgate_flow::EstateError;

use super::Rules;
use super::check::estate;
use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::settings::Settings;
use crate::{installation, ledger, problem};

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    rules: Rules,
    /// The estate whose rules are meant, or any path in it
    #[arg(long, value_name = "PATH", default_value = ".")]
    estate: PathBuf,
    /// A rule's id, a check of the load gate, a decision (`d-0123456789abcdef`), or an index of the ledger
    #[arg(value_name = "RULE|CHECK|DECISION")]
    what: String,
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
    if let Some(page) = check::page(what) {
        // A rule of the estate may have the name of a check. Rules that do not load are why one asks about a check.
        let own = loaded.as_ref().ok().and_then(|estate| {
            let rule = estate.bundle.policies().rules().iter().find(|rule| rule.id.as_str() == what)?;
            Some(rule::told(rule, estate))
        });
        print(own.as_deref().unwrap_or(page))?;
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
    let Some(found) = rules.iter().find(|rule| rule.id.as_str() == what) else {
        let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        return Err(format!("there is no rule `{what}`; there are {}", ids.join(", ")).into());
    };
    print(&rule::told(found, &estate))?;
    Ok(Exit::Allow)
}
