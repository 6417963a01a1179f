//! The subcommands. Verbs for the daily loop, nouns for what is stored.

mod asked;
mod budget;
mod check;
mod completions;
mod config;
mod cost;
mod doctor;
mod explain;
mod init;
mod install;
mod log;
mod man;
mod policy;
mod read;
mod reference;
mod serve;
mod test;
mod uninstall;
mod up;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit::Exit;
use crate::output::{Color, Failure};
use crate::settings::Settings;

/// One gate between Git and production.
#[derive(Debug, Parser)]
#[command(name = "tollgate", version, about, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: Global,
}

/// What every command knows.
#[derive(Clone, Debug, Args)]
pub(crate) struct Global {
    /// When to colour [default: auto] [env: TOLLGATE_COLOR]
    #[arg(long, global = true, value_enum)]
    pub(crate) color: Option<Color>,
    /// Where keys and ledger are kept [default: below the user's data folder, by the estate's name] [env: TOLLGATE_DATA]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Only what is denied, and the last line
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Notes and skipped files too
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a new estate: tollgate.toml, a first rule and its test
    Init(init::Arguments),
    /// Judge manifests; record nothing
    Check(check::Arguments),
    /// Say what a rule wants, what a check looks for, or what a decision rested on
    Explain(explain::Arguments),
    /// Say what manifests or Terraform plans cost, and what a change makes dearer
    Cost(cost::Arguments),
    /// Look at budgets: what is spent, what is held, and whether that is so
    Budget(budget::Arguments),
    /// Run the rules' own tests
    Test(test::Arguments),
    /// Look at rules themselves: what is wrong with them, mend it, and what they cost
    Policy(policy::Arguments),
    /// Print manifests exactly as the gate reads them
    Read(read::Arguments),
    /// Look at the ledger, and verify it
    Log(log::Arguments),
    /// Run the whole gate on this machine
    Up(up::Arguments),
    /// Run the gate as a service: no report, no watch on the files
    Serve(serve::Arguments),
    /// Print what a cluster needs to run the gate
    Install(install::Arguments),
    /// Take the webhook out of a cluster
    Uninstall(uninstall::Arguments),
    /// Find out what is wrong with an installation
    Doctor(doctor::Arguments),
    /// Show this user's settings
    Config(config::Arguments),
    /// Print a shell's completions
    Completions(completions::Arguments),
    /// Write man pages
    Man(man::Arguments),
    /// Print all commands as Markdown
    #[command(hide = true)]
    Reference,
}

/// Which rules to judge by.
#[derive(Clone, Debug, Args)]
pub(crate) struct Rules {
    /// Folder or file of rules; no estate is looked for then; repeatable
    #[arg(short, long = "policy", value_name = "DIR_OR_FILE")]
    pub(crate) policy: Vec<PathBuf>,
    /// Ask only this Rego package; repeatable
    #[arg(long = "package", value_name = "PACKAGE")]
    pub(crate) package: Vec<String>,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  allowed, or no difference
  1  denied, or a difference
  2  usage, configuration, unreadable input, or an internal error
  3  undecidable: something needed could not be learned; treat as a denial";

/// Runs a command.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let settings = Settings::settle(&arguments.global)?;
    match arguments.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Check(arguments) => check::run(&arguments, &settings),
        Command::Explain(arguments) => explain::run(&arguments, &settings),
        Command::Cost(arguments) => cost::run(&arguments, &settings),
        Command::Budget(arguments) => budget::run(&arguments, &settings),
        Command::Test(arguments) => test::run(&arguments, &settings),
        Command::Policy(arguments) => policy::run(&arguments, &settings),
        Command::Read(arguments) => read::run(&arguments, &settings),
        Command::Log(arguments) => log::run(&arguments, &settings),
        Command::Up(arguments) => up::run(&arguments, &settings),
        Command::Serve(arguments) => serve::run(&arguments, &settings),
        Command::Install(arguments) => install::run(&arguments, &settings),
        Command::Uninstall(arguments) => uninstall::run(&arguments, &settings),
        Command::Doctor(arguments) => doctor::run(&arguments, &settings),
        Command::Config(arguments) => config::run(&arguments, &settings),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Reference => reference::run(),
    }
}
