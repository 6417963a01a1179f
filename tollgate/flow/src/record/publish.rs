//! Publishes tiles and checkpoints behind the writer's back, so that no answer waits for them.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tollgate_ledger::SigningKey;
use tollgate_store::{Publisher, Store};

use crate::cause::chain;

/// Tiles and checkpoint follow the entries within this time.
const EVERY: Duration = Duration::from_millis(500);

/// A thread that publishes. It holds the data directory as long as it lives.
pub(super) struct Publishing {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Publishing {
    /// Starts publishing what `store` commits.
    pub(super) fn start(store: &Store, key: SigningKey) -> Result<Self, String> {
        let publisher = store.publisher().map_err(|error| chain(&error))?;
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("publisher".to_owned())
            .spawn(move || run(publisher, &key, &stopped))
            .map_err(|error| format!("no thread for the publisher: {error}"))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Publishing {
    /// Publishes once more, and ends.
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(mut publisher: Publisher, key: &SigningKey, stopped: &Receiver<()>) {
    let mut told = None;
    loop {
        let last = !matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout));
        match publisher.publish(key) {
            Ok(_) => told = None,
            Err(error) => {
                let why = chain(&error);
                if told.as_ref() != Some(&why) {
                    tracing::error!(%why, "tiles and checkpoint could not be published");
                    told = Some(why);
                }
            }
        }
        if last {
            return;
        }
    }
}
