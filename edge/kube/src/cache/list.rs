//! All objects of a resource and the version that they are of: as a stream where the server can, else in pages.
//!
//! Neither names a version to start from, so both are reads of what is so now, not of what some replica remembers.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use kube::Client;
use kube::api::{ListParams, WatchParams};
use kube::core::{Request, WatchEvent};
use serde_json::Value as Json;

use super::trouble::{GRACE, in_time};
use super::{Decoder, Objects, Trouble};
use crate::Resource;

const PAGE: u32 = 500;

/// How long a whole list may take; the watch that carries it would otherwise end in the middle of a long one.
const LONGEST: Duration = Duration::from_secs(300);

/// All objects, and the version to watch from. `patience` is how long the server may be silent in between.
pub(super) async fn all(
    client: &Client,
    resource: &Resource,
    decoder: &Decoder,
    patience: Duration,
) -> Result<(Objects, String), Trouble> {
    match stream(client, resource, decoder, patience).await {
        Err(trouble) if matches!(trouble.code(), Some(400 | 422)) => pages(client, resource, decoder).await,
        other => other,
    }
}

async fn stream(
    client: &Client,
    resource: &Resource,
    decoder: &Decoder,
    patience: Duration,
) -> Result<(Objects, String), Trouble> {
    let params = WatchParams { send_initial_events: true, ..for_length(LONGEST) };
    let request = Request::new(resource.path()).watch(&params, "")?;
    let events = in_time(GRACE, client.request_events::<Json>(request)).await?;
    let mut events = pin!(events);
    let mut objects = Objects::default();
    while let Some(event) = in_time(patience + GRACE, events.try_next()).await? {
        match event {
            WatchEvent::Added(object) | WatchEvent::Modified(object) => {
                let (key, kept) = decoder.decode(object)?;
                objects.insert(key, kept);
            }
            WatchEvent::Deleted(object) => drop(objects.remove(&decoder.identity(&object)?.0)),
            WatchEvent::Error(status) => return Err(Trouble::Api(kube::Error::Api(status))),
            WatchEvent::Bookmark(mark) => {
                if mark.metadata.annotations.get("k8s.io/initial-events-end").is_some_and(|end| end == "true")
                {
                    return Ok((objects, mark.metadata.resource_version));
                }
            }
        }
    }
    Err(Trouble::Text(format!("the API server ended its list of {resource} early")))
}

async fn pages(
    client: &Client,
    resource: &Resource,
    decoder: &Decoder,
) -> Result<(Objects, String), Trouble> {
    let mut objects = Objects::default();
    let mut params = ListParams::default().limit(PAGE);
    loop {
        let request = Request::new(resource.path()).list(&params)?;
        let mut page: Json = in_time(GRACE * 2, client.request(request)).await?;
        if let Some(Json::Array(items)) = page.get_mut("items").map(Json::take) {
            for item in items {
                let (key, kept) = decoder.decode(item)?;
                objects.insert(key, kept);
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

/// A watch that the server ends after so many seconds.
pub(super) fn for_length(length: Duration) -> WatchParams {
    let seconds = u32::try_from(length.as_secs()).unwrap_or(u32::MAX).max(1);
    WatchParams { bookmarks: true, timeout: Some(seconds), ..WatchParams::default() }
}
