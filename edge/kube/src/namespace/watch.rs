//! The loop that keeps the namespaces: list, watch, renew; list again whenever in doubt.
//!
//! ```text
//! list ──resourceVersion──> watch ──10 s──> watch ──10 s──> ...
//!   ^                         │ 410 Gone, connection lost, silence
//!   └──────── pause ──────────┘
//! ```
//!
//! A watch that was cut off without a word looks just like one on which nothing happens. So each is asked to end after
//! `renew_after`; that it does, in its time, is the word that all was said.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use kube::Client;
use kube::api::{ListParams, WatchParams};
use kube::core::{Request, WatchEvent};
use serde_json::Value as Json;
use tokio::time::timeout;
use tollgate_vocabulary::Value;

use super::{Shared, State};
use crate::connect::why;
use crate::json::value_of;

const NAMESPACES: &str = "/api/v1/namespaces";
const PAGE: u32 = 500;
const GRACE: Duration = Duration::from_secs(5);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

type Objects = BTreeMap<Arc<str>, Arc<Value>>;

/// What ended a watch.
enum Trouble {
    Api(kube::Error),
    Silence,
    Text(String),
}

/// Runs until it is aborted.
pub(super) async fn run(client: Client, shared: Arc<Shared>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let trouble = match list(&client, &shared.freshness.renew_after).await {
            Ok((objects, mut version)) => {
                pause = FIRST_PAUSE;
                shared.change(|state| {
                    state.objects = objects;
                    state.confirm();
                });
                shared.synced.send_replace(true);
                loop {
                    match watch(&client, &shared, &version).await {
                        Ok(newer) => version = newer,
                        Err(trouble) => break trouble,
                    }
                }
            }
            Err(trouble) => trouble,
        };
        let text = trouble.text();
        shared.change(|state| state.trouble = Some(text.into()));
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// All namespaces and the version they are of: as a stream where the server can, else in pages.
async fn list(client: &Client, patience: &Duration) -> Result<(Objects, String), Trouble> {
    match stream(client, *patience).await {
        Err(Trouble::Api(kube::Error::Api(status))) if matches!(status.code, 400 | 422) => {
            pages(client).await
        }
        other => other,
    }
}

async fn stream(client: &Client, patience: Duration) -> Result<(Objects, String), Trouble> {
    let params = WatchParams { send_initial_events: true, ..of(patience) };
    let request =
        Request::new(NAMESPACES).watch(&params, "").map_err(|error| Trouble::Text(error.to_string()))?;
    let events = in_time(GRACE, client.request_events::<Json>(request)).await?;
    let mut events = pin!(events);
    let mut objects = Objects::new();
    while let Some(event) = in_time(patience + GRACE, events.try_next()).await? {
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => keep(&mut objects, object)?,
            WatchEvent::Deleted(object) => drop(objects.remove(name_of(&object)?)),
            WatchEvent::Error(status) => return Err(Trouble::Api(kube::Error::Api(status))),
            WatchEvent::Bookmark(mark) => {
                if mark.metadata.annotations.get("k8s.io/initial-events-end").is_some_and(|end| end == "true")
                {
                    return Ok((objects, mark.metadata.resource_version));
                }
            }
        }
    }
    Err(Trouble::Text("the API server ended its list of namespaces early".to_owned()))
}

async fn pages(client: &Client) -> Result<(Objects, String), Trouble> {
    let mut objects = Objects::new();
    let mut params = ListParams::default().limit(PAGE);
    loop {
        let request =
            Request::new(NAMESPACES).list(&params).map_err(|error| Trouble::Text(error.to_string()))?;
        let mut page: Json = in_time(GRACE * 2, client.request(request)).await?;
        if let Some(Json::Array(items)) = page.get_mut("items").map(Json::take) {
            for item in items {
                keep(&mut objects, item)?;
            }
        }
        let text = |name: &str| page.pointer(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let more = text("/metadata/continue");
        if more.is_empty() {
            return Ok((objects, text("/metadata/resourceVersion")));
        }
        params = params.continue_token(&more);
    }
}

/// Follows the changes since `version` for one watch; the version that it ended at.
async fn watch(client: &Client, shared: &Shared, version: &str) -> Result<String, Trouble> {
    let length = shared.freshness.renew_after.max(Duration::from_secs(1));
    let mut version = version.to_owned();
    let request = Request::new(NAMESPACES)
        .watch(&of(length), &version)
        .map_err(|error| Trouble::Text(error.to_string()))?;
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
        shared.try_change(|state| apply(state, event))?;
        version = newer.unwrap_or(version);
    }
    if start.elapsed() + Duration::from_millis(500) < length {
        return Err(Trouble::Text("the API server cut the watch off".to_owned()));
    }
    shared.change(State::confirm);
    Ok(version)
}

fn apply(state: &mut State, event: WatchEvent<Json>) -> Result<(), Trouble> {
    match event {
        WatchEvent::Added(object) | WatchEvent::Modified(object) => keep(&mut state.objects, object)?,
        WatchEvent::Deleted(object) => drop(state.objects.remove(name_of(&object)?)),
        WatchEvent::Bookmark(_) => {}
        WatchEvent::Error(status) => return Err(Trouble::Api(kube::Error::Api(status))),
    }
    state.confirm();
    Ok(())
}

/// Keeps an object as rules see it: with its kind (the items of a list have none), without who wrote which field.
fn keep(objects: &mut Objects, mut object: Json) -> Result<(), Trouble> {
    let name: Arc<str> = name_of(&object)?.into();
    if let Some(metadata) = object.get_mut("metadata").and_then(Json::as_object_mut) {
        metadata.remove("managedFields");
    }
    if let Some(fields) = object.as_object_mut() {
        fields.insert("apiVersion".to_owned(), "v1".into());
        fields.insert("kind".to_owned(), "Namespace".into());
    }
    objects.insert(name, Arc::new(value_of(&object)));
    Ok(())
}

fn name_of(object: &Json) -> Result<&str, Trouble> {
    let name = object.pointer("/metadata/name").and_then(Json::as_str);
    name.ok_or_else(|| Trouble::Text("the API server sent a namespace without a name".to_owned()))
}

fn of(length: Duration) -> WatchParams {
    let seconds = u32::try_from(length.as_secs()).unwrap_or(u32::MAX).max(1);
    WatchParams { bookmarks: true, timeout: Some(seconds), ..WatchParams::default() }
}

async fn in_time<T>(patience: Duration, work: impl Future<Output = kube::Result<T>>) -> Result<T, Trouble> {
    timeout(patience, work).await.map_err(|_| Trouble::Silence)?.map_err(Trouble::Api)
}

impl Trouble {
    fn text(&self) -> String {
        match self {
            Self::Api(error) => why(error),
            Self::Silence => "the API server does not answer".to_owned(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn try_change(&self, change: impl FnOnce(&mut State) -> Result<(), Trouble>) -> Result<(), Trouble> {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}
