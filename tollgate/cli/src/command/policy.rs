//! `tollgate policy`: looks at rules themselves.

mod profile;

use crate::exit::Exit;
use crate::output::Failure;
use crate::settings::Settings;

/// Arguments of `policy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Show what each rule costs over given manifests
    Profile(profile::Arguments),
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    match &arguments.action {
        Action::Profile(arguments) => profile::run(arguments, settings),
    }
}
