//! Wall clock, CPU time and peak resident memory of one program, as the kernel counted them.
//!
//! The program is the only child of this process, so that `RUSAGE_CHILDREN` is its alone. Its standard output goes
//! nowhere; its exit code is a figure like the others.

use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde_json::{Value, json};

use crate::LoadError;

pub(crate) fn measure(program: &str, arguments: &[&str]) -> Result<Value, LoadError> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let status = command.status().map_err(LoadError::io(format!("could not run `{program}`")))?;
    let wall = started.elapsed();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = used.user_time().num_microseconds() + used.system_time().num_microseconds();
    Ok(json!({
        "exit": status.code(),
        "wall_us": wall.as_secs_f64() * 1e6,
        "cpu_us": cpu,
        "peak_kib": used.max_rss(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_a_figure() {
        let figures = measure("sh", &["-c", "exit 3"]).unwrap();
        assert_eq!(figures["exit"], 3);
        assert!(figures["peak_kib"].as_i64().unwrap() > 0);
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let error = measure("/nowhere/tool", &[]).unwrap_err();
        assert_eq!(error.to_string(), "could not run `/nowhere/tool`");
    }
}
