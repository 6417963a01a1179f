//! Tests run again whenever a file changes.

use regex::Regex;
use tollgate_files::{Event, Watcher, estate_root};

use super::{Arguments, once};
use crate::exit::Exit;
use crate::output::{Failure, chain, visible};
use crate::settings::Settings;

/// Runs until interrupted. What is wrong meanwhile is told, and waited for to be mended.
pub(super) fn run(
    arguments: &Arguments,
    filter: Option<&Regex>,
    settings: &Settings,
) -> Result<Exit, Failure> {
    let roots = match (arguments.rules.policy.as_slice(), estate_root(&arguments.path)) {
        ([], Some(root)) => vec![root],
        ([], None) => vec![arguments.path.clone()],
        (named, _) => named.to_vec(),
    };
    let mut watcher = Watcher::new(&roots)?;
    loop {
        let exit = once(arguments, filter, settings).unwrap_or_else(|error| {
            say!("error: {}", visible(&chain(error.as_ref())));
            Exit::Failure
        });
        let word = match exit {
            Exit::Allow => "all passed",
            Exit::Deny => "some failed",
            Exit::Failure | Exit::Undecidable => "could not be run",
        };
        say!("-- {word}; waiting for a change");
        loop {
            match watcher.events().recv() {
                Ok(Event::Changed) => break,
                Ok(Event::Degraded { why }) => say!("warning: {why}"),
                Ok(Event::Failed { why }) => {
                    say!("warning: the watch on the files failed, watching anew: {why}");
                    watcher = Watcher::new(&roots)?;
                    break;
                }
                Err(_) => return Ok(Exit::Failure),
            }
        }
    }
}
