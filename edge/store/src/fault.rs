//! Faults on demand, for the tests of everything that must live through them. Each failure comes twice: "failed" and
//! "failed but persisted".

use std::sync::{Arc, Mutex};

/// What goes wrong next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// the next commit fails, nothing is kept
    CommitFails,
    /// the next commit keeps everything, and says that it failed
    CommitPersistsButFails,
    /// the next publishing stops after the tiles, before the checkpoint is signed
    PublishFailsBeforeCheckpoint,
    /// the next publishing stops after the checkpoint is recorded, before its file is written
    PublishFailsBeforeFile,
}

/// A place to put one fault at a time. Clones share it. None is there unless a test puts it.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Option<Fault>>>);

impl Faults {
    /// Makes the next step of the fault's kind go wrong, once.
    pub fn inject(&self, fault: Fault) {
        *self.lock() = Some(fault);
    }

    /// Takes the fault if it is this one.
    pub(crate) fn strikes(&self, fault: Fault) -> bool {
        let mut next = self.lock();
        let strikes = *next == Some(fault);
        if strikes {
            *next = None;
        }
        strikes
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Fault>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
