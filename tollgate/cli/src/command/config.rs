//! `tollgate config show`: this user's settings, and where each came from.

use std::fmt::Write as _;

use clap::Subcommand;

use crate::exit::Exit;
use crate::output::{Failure, Sink, print};
use crate::settings::{Origin, Settings};

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the settings that hold now
    Show {
        /// Say where each value came from
        #[arg(long)]
        origin: bool,
    },
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let Command::Show { origin } = &arguments.command;
    let data = match &settings.data.value {
        Some(data) => data.display().to_string(),
        None => settings
            .data_dir("<estate>")
            .map_or_else(|| "nowhere: there is no home folder".to_owned(), |data| data.display().to_string()),
    };
    let output: Vec<String> = settings.output.value.iter().map(Sink::to_string).collect();
    let rows: [(&str, String, &Origin); 3] = [
        ("color", settings.color.value.to_string(), &settings.color.origin),
        ("data", data, &settings.data.origin),
        ("output", output.join(","), &settings.output.origin),
    ];
    let mut text = String::new();
    for (name, value, from) in rows {
        let _ = match origin {
            true => writeln!(text, "{name} = {value}  ({from})"),
            false => writeln!(text, "{name} = {value}"),
        };
    }
    if *origin && let Some(file) = &settings.file {
        let there = if file.is_file() { "" } else { " (does not exist)" };
        let _ = writeln!(
            text,
            "# the user's file is {}{there}; rules come from an estate's tollgate.toml alone",
            file.display()
        );
    }
    print(&text)?;
    Ok(Exit::Allow)
}
