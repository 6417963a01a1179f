//! The `tollgate` binary: one file per subcommand under `command/`.
//!
//! Results go to standard output, everything else to standard error. How a command ended is its [`exit::Exit`].

/// Says something on standard error. Nobody listening, or a full disk behind it, is no reason to end: `eprintln!`
/// would panic.
macro_rules! say {
    ($($argument:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr().lock(), $($argument)*);
    }};
}

mod command;
mod daemon;
mod exit;
mod input;
mod installation;
mod ledger;
mod output;
mod problem;
mod progress;
mod settings;
mod trace;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = command::Arguments::parse();
    match command::run(arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::failure(&failure);
            exit::Exit::Failure.into()
        }
    }
}
