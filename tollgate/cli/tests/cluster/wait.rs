//! Waiting for what will come.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `try_once` has its value; in vain, says what it said last.
#[track_caller]
pub(crate) fn until<T, E: Display>(what: &str, mut try_once: impl FnMut() -> Result<T, E>) -> T {
    let start = Instant::now();
    loop {
        match try_once() {
            Ok(value) => return value,
            Err(why) => assert!(start.elapsed() < PATIENCE, "{what}: still not so after {PATIENCE:?}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until it is so.
#[track_caller]
pub(crate) fn until_true(what: &str, mut is_so: impl FnMut() -> bool) {
    until(what, || if is_so() { Ok(()) } else { Err("no") });
}
