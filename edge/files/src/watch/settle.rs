//! Many notices become one event: after 100 ms of quiet, or after a second without any.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::{Event, Raw, matters};

const QUIET: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs until the watch or whoever listens is gone.
pub(super) fn settle(roots: &[PathBuf], notices: &Receiver<Raw>, tell: &Sender<Event>) {
    while let Ok(first) = notices.recv() {
        let mut failed = None;
        let mut changed = note(first, roots, &mut failed);
        if !changed && failed.is_none() {
            continue;
        }
        let patience = Instant::now() + PATIENCE;
        let mut quiet = Instant::now() + QUIET;
        let mut gone = false;
        loop {
            let left = quiet.min(patience).saturating_duration_since(Instant::now());
            match notices.recv_timeout(left) {
                Ok(notice) => {
                    // what does not matter must not put the event off
                    if note(notice, roots, &mut failed) {
                        changed = true;
                        quiet = Instant::now() + QUIET;
                    }
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    gone = true;
                    break;
                }
            }
            if Instant::now() >= patience {
                break;
            }
        }
        for root in roots {
            if failed.is_none() && !root.exists() {
                failed = Some(format!("`{}` is gone", root.display()));
            }
        }
        let events = changed.then_some(Event::Changed).into_iter();
        for event in events.chain(failed.map(|why| Event::Failed { why: why.into() })) {
            if tell.send(event).is_err() {
                return;
            }
        }
        if gone {
            return;
        }
    }
}

/// Whether a notice is a change; an error is put into `failed`, the first one standing.
fn note(notice: Raw, roots: &[PathBuf], failed: &mut Option<String>) -> bool {
    match notice {
        Ok(event) => matters(&event, roots),
        Err(error) => {
            failed.get_or_insert_with(|| error.to_string());
            false
        }
    }
}
