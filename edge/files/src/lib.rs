//! What is on disk: finding files, reading them within limits, noticing that they changed.
//!
//! ```text
//! named paths ──walk──> Found ──read──> bytes ──> tollgate-manifest
//! tollgate.toml, rules folders ──rule_files──> RuleFile ──> tollgate-gate's bundle
//! the estate's root ──Watcher──> Event ──> judge again
//! ```
//!
//! INVARIANTS: what is found is sorted by the bytes of its path, so that no verdict hangs on the order of a folder.
//! Nothing that could hold a manifest is passed over in silence: it is found, listed with a reason, or an error.
//! No link leads out of the root, nothing but a regular file is read, and no file beyond its limit.

mod estate;
mod read;
mod walk;
mod watch;

pub use estate::{
    ESTATE_FILE, RULE_FILE_LIMIT, RuleFile, RuleFilesError, estate_root, named_files, policy_files,
    rule_files,
};
pub use read::{ReadFileError, read, read_stdin};
pub use walk::{Found, Ignored, Renderer, Skipped, Unrendered, Walk, WalkError, WalkOptions, walk};
pub use watch::{Event, WatchError, Watcher};
