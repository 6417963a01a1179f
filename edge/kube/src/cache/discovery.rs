//! Whether a resource that answers 404 is there at all.
//!
//! ```text
//! list: 404 ──> /apis ── group not in it ─────────────> none are served, none exist
//!                 └────> /apis/GROUP/VERSION of each ── not among its resources ──> the same
//!                                                    └─ there it is ──> trouble: nobody can say what exists
//! ```
//!
//! A 404 alone proves nothing: the resource may be served in another version by now, with all its objects.

use kube::Client;
use serde_json::Value as Json;

use super::Trouble;
use super::trouble::{GRACE, in_time};
use crate::Resource;
use crate::resource::Presence;

/// Well where the API server serves no version of the resource, so that none of its objects exist.
pub(crate) async fn is_none_served(client: &Client, resource: &Resource) -> Result<(), Trouble> {
    if resource.presence == Presence::Always {
        return Err(Trouble::Text(format!("the API server does not serve {resource}")));
    }
    let groups = get(client, "/apis", "APIGroupList").await?;
    let group = array(&groups, "groups").iter().find(|group| text(group, "name") == resource.group);
    let Some(group) = group else { return Ok(()) };
    for version in array(group, "versions") {
        let version = text(version, "groupVersion");
        let served = get(client, &format!("/apis/{version}"), "APIResourceList").await?;
        if array(&served, "resources").iter().any(|served| text(served, "name") == resource.plural) {
            let ours = resource.api_version();
            let what =
                format!("the API server serves {resource} as `{version}`, and answers 404 to `{ours}`");
            return Err(Trouble::Text(what));
        }
    }
    Ok(())
}

async fn get(client: &Client, path: &str, kind: &str) -> Result<Json, Trouble> {
    let request = http::Request::get(path).body(Vec::new());
    let request = request.map_err(|error| Trouble::Text(error.to_string()))?;
    let answer: Json = in_time(GRACE, client.request(request)).await?;
    if text(&answer, "kind") == kind {
        Ok(answer)
    } else {
        Err(Trouble::Text(format!("what answers at `{path}` is no API server")))
    }
}

fn text<'a>(value: &'a Json, field: &str) -> &'a str {
    value.get(field).and_then(Json::as_str).unwrap_or_default()
}

fn array<'a>(value: &'a Json, field: &str) -> &'a [Json] {
    value.get(field).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}
