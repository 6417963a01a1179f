//! Why a walk ended.

use std::io;
use std::sync::Arc;

/// Why files could not be found. Every path is as the user would recognise it.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// nothing is there
    #[error("`{0}` does not exist")]
    Missing(Arc<str>),
    /// the system does not let it be read
    #[error("cannot read `{shown}`")]
    Unreadable {
        /// where
        shown: Arc<str>,
        /// what the system said
        source: io::Error,
    },
    /// a link to a folder that it lies in
    #[error("the link `{shown}` leads back to `{target}`, which it lies in")]
    Loop {
        /// the link
        shown: Arc<str>,
        /// where it leads
        target: String,
    },
    /// a link out of the folder that is walked
    #[error("the link `{shown}` leads out of `{root}`, to `{target}`")]
    Leaves {
        /// the link
        shown: Arc<str>,
        /// where it leads
        target: String,
        /// what it must not lead out of
        root: String,
    },
    /// a link to nothing
    #[error("the link `{0}` leads nowhere")]
    Dangling(Arc<str>),
    /// folders in folders in folders
    #[error("`{shown}` lies more than {limit} folders deep")]
    TooDeep {
        /// the folder
        shown: Arc<str>,
        /// what is allowed
        limit: usize,
    },
    /// more than anybody would look at
    #[error("more than {limit} files or folders, the last at `{shown}`")]
    TooMany {
        /// where the limit was passed
        shown: Arc<str>,
        /// what is allowed
        limit: usize,
    },
    /// an estate within the estate
    #[error("`{0}` lies below the estate's root: rules come from the root alone")]
    NestedEstate(Arc<str>),
}
