//! `tollgate log`: looks at the ledger, and verifies it. Works beside a running gate.

mod show;
mod tail;
mod verify;

use std::path::PathBuf;

use clap::Subcommand;

use crate::exit::Exit;
use crate::installation;
use crate::output::Failure;
use crate::settings::Settings;

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the newest entries, a line each
    Tail {
        /// How many
        #[arg(short = 'n', long = "lines", value_name = "N", default_value_t = 10)]
        lines: u64,
        /// Go on as more come
        #[arg(short, long)]
        follow: bool,
        /// Format
        #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
        output: Format,
    },
    /// Print an entry: its body, the proof that the ledger holds it, and the signed checkpoint
    Show {
        /// Format
        #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
        output: Format,
        /// A decision (`d-0123456789abcdef`), or an index
        #[arg(value_name = "DECISION|INDEX")]
        entry: String,
    },
    /// Rebuild everything from the entries, and name the first thing wrong
    Verify {
        /// The log's verifier key, or a file that holds it [default: the one beside the ledger]
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
        /// A checkpoint that was kept elsewhere: the ledger must still hold all that it covers
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
    },
}

/// How entries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// for a person
    #[default]
    Text,
    /// for a program
    Json,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let data = installation::data_dir_here(settings)?;
    match &arguments.command {
        Command::Tail { lines, follow, output } => tail::run(&data, *lines, *follow, *output),
        Command::Show { output, entry } => show::run(&data, entry, *output),
        Command::Verify { key, checkpoint } => verify::run(&data, key.as_deref(), checkpoint.as_deref()),
    }
}
