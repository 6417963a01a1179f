//! The loop that keeps one resource up to date: list, watch, renew; list again whenever in doubt.
//!
//! ```text
//! list ──resourceVersion──> watch ──10 s──> watch ──10 s──> ...
//!  │ ^                        │ 410 Gone, connection lost, silence
//!  │ └──────── pause ─────────┘
//!  └─ not served: none exist ──10 s──> list
//! ```
//!
//! A watch that was cut off without a word looks just like one on which nothing happens. So each is asked to end after
//! `renew_after`; that it does, in its time, is the word that all was said.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use kube::Client;
use kube::core::{Request, WatchEvent};
use serde_json::Value as Json;

use super::list::{all, for_length};
use super::trouble::{GRACE, in_time};
use super::{Decoder, Moment, Objects, Shared, State, Trouble, is_none_served};

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Runs until it is aborted.
pub(super) async fn run(client: Client, shared: Arc<Shared>) {
    let decoder = Decoder::new(shared.resource);
    let mut pause = FIRST_PAUSE;
    loop {
        // a long list is of the moment when it was asked for, not of that when its end arrives
        let asked = Moment::now();
        let listed = match all(&client, &shared.resource, &decoder, shared.freshness.renew_after).await {
            Err(trouble) if trouble.code() == Some(404) => {
                is_none_served(&client, &shared.resource).await.map(|()| None)
            }
            other => other.map(Some),
        };
        let trouble = match listed {
            Ok(Some((objects, mut version))) => {
                shared.listed(objects, asked);
                loop {
                    match watch(&client, &shared, &decoder, &version).await {
                        Ok(newer) => (version, pause) = (newer, FIRST_PAUSE),
                        Err(trouble) => break trouble,
                    }
                }
            }
            Ok(None) => {
                shared.none_exist(asked);
                pause = FIRST_PAUSE;
                tokio::time::sleep(shared.freshness.renew_after).await;
                continue;
            }
            Err(trouble) => trouble,
        };
        shared.change(|state| state.trouble(trouble.text()));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Follows the changes since `version` for one watch; the version that it ended at.
async fn watch(
    client: &Client,
    shared: &Shared,
    decoder: &Decoder,
    version: &str,
) -> Result<String, Trouble> {
    let length = shared.freshness.renew_after.max(Duration::from_secs(1));
    let mut version = version.to_owned();
    let request = Request::new(shared.resource.path()).watch(&for_length(length), &version)?;
    let start = Instant::now();
    let events = in_time(GRACE, client.request_events::<Json>(request)).await?;
    let mut events = pin!(events);
    loop {
        let left = length.saturating_sub(start.elapsed()) + GRACE;
        let Some(event) = in_time(left, events.try_next()).await? else { break };
        let newer = match &event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) | WatchEvent::Deleted(object) => {
                object.pointer("/metadata/resourceVersion").and_then(Json::as_str).map(str::to_owned)
            }
            WatchEvent::Bookmark(mark) => Some(mark.metadata.resource_version.clone()),
            WatchEvent::Error(_) => None,
        };
        apply(shared, decoder, event)?;
        version = newer.unwrap_or(version);
    }
    if start.elapsed() + Duration::from_millis(500) < length {
        return Err(Trouble::Text("the API server cut the watch off".to_owned()));
    }
    shared.change(State::confirm);
    Ok(version)
}

fn apply(shared: &Shared, decoder: &Decoder, event: WatchEvent<Json>) -> Result<(), Trouble> {
    match event {
        WatchEvent::Added(object) | WatchEvent::Modified(object) => {
            let (key, kept) = decoder.decode(object)?;
            shared.change(|state| state.put(key, kept));
        }
        WatchEvent::Deleted(object) => {
            let (key, uid) = decoder.identity(&object)?;
            shared.change(|state| state.remove(&key, &uid));
        }
        WatchEvent::Bookmark(_) => shared.change(State::confirm),
        WatchEvent::Error(status) => return Err(Trouble::Api(kube::Error::Api(status))),
    }
    Ok(())
}

impl Shared {
    fn listed(&self, objects: Objects, asked: Moment) {
        self.change(|state| state.replace(objects, asked));
        self.synced.send_replace(true);
    }

    /// The resource is not served. Subscribers hear of that once, not at each renewal.
    fn none_exist(&self, asked: Moment) {
        self.change(|state| match state.is_empty() {
            true => state.confirm_as_of(asked),
            false => state.replace(Objects::default(), asked),
        });
        self.synced.send_replace(true);
    }
}
