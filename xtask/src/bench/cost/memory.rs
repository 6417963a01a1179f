//! A hundred thousand reservations of objects that exist: what a gate takes of memory and time to start on them.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::{estate, folder, reserve};
use crate::bench::admission::server::Server;
use crate::bench::workspace::{Bench, failed};
use crate::step::{self, Done};

const HOLDS: &str = "100000";

pub(super) fn run(bench: &Bench) -> Done {
    let (none, full) = (folder(bench, "none"), folder(bench, "full"));
    fs::create_dir_all(&none).map_err(failed(Path::new(&none)))?;
    reserve(&["fill", &full, HOLDS])?;
    for data in [&none, &full] {
        reserve(&["open", data])?;
    }
    for (data, what) in [(&none, "no holds"), (&full, "100,000 holds")] {
        let mut up = step::program(&bench.tollgate);
        up.arg("up").arg(estate()).arg("--data").arg(Path::new(data).join("gate"));
        up.args(["--listen", "127.0.0.1:0", "--status", "127.0.0.1:0"]);
        let started = Instant::now();
        let server = Server::tollgate(up)?;
        println!(
            "{what}: ready after {:.0} ms, memory {:.1} MiB, {:.1} MiB at its peak",
            started.elapsed().as_secs_f64() * 1e3,
            server.memory()?,
            server.peak_memory()?
        );
    }
    Ok(())
}
