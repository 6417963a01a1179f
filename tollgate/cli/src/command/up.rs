//! `tollgate up`: the whole gate on one machine, with embedded storage.
//!
//! Judges all that is there, says where it is asked, serves admission and the status page, and judges again whenever a
//! file changes.

use std::net::SocketAddr;
use std::path::PathBuf;

use tollgate_flow::Estate;

use crate::daemon::{Daemon, Doors};
use crate::exit::Exit;
use crate::output::{Failure, print, write_report};
use crate::problem;
use crate::progress::Progress;
use crate::settings::Settings;

/// Arguments of `up`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    doors: Doors,
    /// Where to serve the status page, without TLS, on this machine only; port 0 takes any
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8480")]
    status: SocketAddr,
    /// The estate: a folder with a `tollgate.toml`, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    crate::input::check_exist(std::slice::from_ref(&arguments.path))?;
    let estate = match Estate::load(&arguments.path, &[]) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    problem::hints(estate.bundle.hints(), &estate.files, settings);
    let doors = Doors { status: Some(arguments.status), ..arguments.doors.clone() };
    let daemon = Daemon::open(estate, &doors, settings)?;
    let progress = Progress::begin("judging the estate".to_owned());
    let swept = daemon.sweep()?;
    drop(progress);
    problem::unreadable(&swept.unreadable);
    write_report(&swept.checked.report, &swept.checked.sources, &[], settings)?;
    if let Some(recorded) = &swept.recorded {
        say!("recorded: {} (entry {})", recorded.id(), recorded.index());
    }
    daemon.follow(settings)?;
    daemon.serve(|daemon| {
        print("\n")?;
        daemon.announce()?;
        if let Some(command) = daemon.try_it()? {
            print(&format!("try: {command}\n"))?;
        }
        say!("data: {}; stop with Ctrl-C", daemon.gate.data().display());
        Ok(())
    })?;
    Ok(Exit::Allow)
}
