//! Reservations that stay, and what a gate that opens on them takes of time and memory.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::request::Template;
use crate::{Done, clients, estate};

/// Clients that ask at once.
const CLIENTS: usize = 64;
/// Objects that are shown to the gate at once.
const SHOWN: usize = 1000;

/// Reserves, and shows every object as one that exists.
pub(crate) fn run(data: &Path, count: u64) -> Done {
    estate::anew(data)?;
    let gate = estate::open(data)?;
    let template = Template::read()?;
    let allowed = Mutex::new(Vec::new());
    let hear = |number| allowed.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    let seen = clients::run(&gate, CLIENTS, count, |_| 3, hear)?;
    let allowed = allowed.into_inner().unwrap_or_else(PoisonError::into_inner);
    let started = Instant::now();
    for numbers in allowed.chunks(SHOWN) {
        let existing =
            numbers.iter().map(|number| template.existing(*number, 3)).collect::<Done<Vec<_>>>()?;
        let reconciled = gate.seen(&existing)?;
        if reconciled.moved != existing.len() {
            return Err(format!("{reconciled:?} of {}", existing.len()).into());
        }
    }
    println!(
        "{} reserved in {:.1} s ({:.0} a second), shown to exist in {:.1} s ({:.0} a second)",
        allowed.len(),
        seen.wall.as_secs_f64(),
        seen.per_second(),
        started.elapsed().as_secs_f64(),
        allowed.len() as f64 / started.elapsed().as_secs_f64()
    );
    gate.stop();
    Ok(())
}

/// Opens the gate on what was filled.
pub(crate) fn open(data: &Path) -> Done {
    let before = resident()?;
    let started = Instant::now();
    let gate = estate::open(data)?;
    let wall = started.elapsed();
    let after = resident()?;
    let holds = gate.standing()?.first().map_or(0, |standing| standing.holds);
    println!(
        "{holds} holds: opened in {:.0} ms, resident {:.1} MiB before and {:.1} MiB after",
        wall.as_secs_f64() * 1e3,
        before,
        after
    );
    gate.stop();
    Ok(())
}

/// Memory of this process in MiB.
fn resident() -> Done<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(kib / 1024.0)
}
