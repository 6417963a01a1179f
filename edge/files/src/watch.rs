//! Noticing that something below a folder changed.
//!
//! ```text
//! inotify, FSEvents ... ──> notice ──> settle (100 ms of quiet) ──> Event ──> mpsc channel
//! (or, where the system has no watches left, polling each 500 ms)
//! ```
//!
//! INVARIANTS: folders are watched, not files, so that a save that renames over the file and a file in a new folder
//! are noticed. An event never says what changed: whoever gets it looks again at everything. What the watch cannot
//! notice any more is an event too.

mod settle;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher as _};

const POLL: Duration = Duration::from_millis(500);

/// What a watch has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// something changed; look again
    Changed,
    /// changes are noticed later than they should be
    Degraded {
        /// the reason
        why: Arc<str>,
    },
    /// changes may not be noticed any more; look again, and watch anew
    Failed {
        /// the reason
        why: Arc<str>,
    },
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// nothing is there
    #[error("cannot watch `{0}`: it does not exist")]
    Missing(String),
    /// not even polling works
    #[error("cannot watch `{path}`")]
    Unwatchable {
        /// what was to be watched
        path: String,
        /// what the system said
        source: notify::Error,
    },
    /// no thread for it
    #[error("cannot start a thread to watch")]
    NoThread(#[source] std::io::Error),
}

/// A watch on folders (or single files), until it is dropped.
pub struct Watcher {
    events: Receiver<Event>,
    // dropping it closes the channel of raw events, which ends the thread
    _source: Box<dyn notify::Watcher + Send>,
}

pub(crate) type Raw = notify::Result<notify::Event>;

impl Watcher {
    /// Starts to watch everything below `roots`.
    ///
    /// # Errors
    /// A root that does not exist or cannot be watched.
    pub fn new<P: AsRef<Path>>(roots: &[P]) -> Result<Self, WatchError> {
        let roots: Vec<PathBuf> = roots.iter().map(|root| root.as_ref().to_path_buf()).collect();
        if let Some(root) = roots.iter().find(|root| !root.exists()) {
            return Err(WatchError::Missing(root.display().to_string()));
        }
        let (raw, notices) = mpsc::channel();
        let (tell, events) = mpsc::channel();
        let source = open(&roots, &raw, &tell)?;
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || settle::settle(&roots, &notices, &tell))
            .map_err(WatchError::NoThread)?;
        Ok(Self { events, _source: source })
    }

    /// What the watch says: to wait on, with or without a limit of time.
    #[must_use]
    pub const fn events(&self) -> &Receiver<Event> {
        &self.events
    }
}

/// The system's own watch; polling where it has none (left).
fn open(
    roots: &[PathBuf],
    raw: &Sender<Raw>,
    tell: &Sender<Event>,
) -> Result<Box<dyn notify::Watcher + Send>, WatchError> {
    match RecommendedWatcher::new(raw.clone(), Config::default())
        .map(Box::new)
        .and_then(|watcher| on(watcher, roots))
    {
        Ok(watcher) => return Ok(watcher),
        Err(error) => {
            let why = format!("watching by polling each {} ms: {error}", POLL.as_millis()).into();
            let _ = tell.send(Event::Degraded { why });
        }
    }
    poll(roots, raw)
}

fn poll(roots: &[PathBuf], raw: &Sender<Raw>) -> Result<Box<dyn notify::Watcher + Send>, WatchError> {
    // its times of change are whole seconds: without the contents, a second save within one would be lost
    let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
    PollWatcher::new(raw.clone(), config).map(Box::new).and_then(|watcher| on(watcher, roots)).map_err(
        |source| WatchError::Unwatchable {
            path: roots.iter().map(|root| root.display().to_string()).collect::<Vec<_>>().join("`, `"),
            source,
        },
    )
}

fn on<W: notify::Watcher + Send + 'static>(
    mut watcher: Box<W>,
    roots: &[PathBuf],
) -> notify::Result<Box<dyn notify::Watcher + Send>> {
    for root in roots {
        watcher.watch(root, RecursiveMode::Recursive)?;
    }
    Ok(watcher)
}

/// Whether an event may have changed what a walk of the roots finds. Our own reading must not count.
pub(crate) fn matters(event: &notify::Event, roots: &[PathBuf]) -> bool {
    let seen = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    };
    seen && (event.need_rescan()
        || event.paths.is_empty()
        || !event.paths.iter().all(|path| is_hidden(path, roots)))
}

/// Whether a path lies in a dot-folder below the roots (`.git`). Names that start with two dots count: a mounted
/// ConfigMap changes by nothing but the link `..data`.
fn is_hidden(path: &Path, roots: &[PathBuf]) -> bool {
    let below = roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
    let hidden = |name: &OsStr| {
        let name = name.as_encoded_bytes();
        name.starts_with(b".") && !name.starts_with(b"..") && name.len() > 1
    };
    below.iter().any(hidden)
}
