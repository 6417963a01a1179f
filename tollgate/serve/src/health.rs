//! Whether the process lives, whether it can decide, and its metrics. Open to whoever can connect.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tollgate_flow::Standing;
use tollgate_store::Store;

use crate::caller::Peer;
use crate::door::Door;
use crate::metrics::Now;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: a bundle is in force and decisions can be recorded; else 503 and why not.
pub(crate) async fn readyz(State(door): State<Arc<Door>>) -> Response {
    match unready(&door).await {
        None => (StatusCode::OK, "ok\n").into_response(),
        Some(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response(),
    }
}

/// `GET /metrics`. What budgets hold is told to this machine and to callers with a certificate alone.
pub(crate) async fn metrics(State(door): State<Arc<Door>>, request: Request) -> Response {
    let trusted = request
        .extensions()
        .get::<Peer>()
        .is_some_and(|peer| peer.address.ip().is_loopback() || peer.certificate.is_some());
    let now = Now {
        bundle_broken: door.gate.broken().is_some(),
        certificate_broken: door.certificates.broken().is_some(),
        ledger_size: ledger_size(&door).await.ok(),
        standing: if trusted { standing(&door).await.unwrap_or_default() } else { Vec::new() },
    };
    ([(header::CONTENT_TYPE, OPEN_METRICS)], door.metrics.text(&now)).into_response()
}

/// How budgets stand; on a thread that may wait for the writer.
pub(crate) async fn standing(door: &Door) -> Result<Vec<Standing>, String> {
    let gate = Arc::clone(&door.gate);
    tokio::task::spawn_blocking(move || gate.standing())
        .await
        .map_err(|_| "adding them up failed".to_owned())?
}

async fn unready(door: &Door) -> Option<String> {
    let gate = Arc::clone(&door.gate);
    // The writer is asked, and waited for.
    match tokio::task::spawn_blocking(move || gate.down()).await {
        Ok(None) => {}
        Ok(Some(why)) => return Some(format!("decisions cannot be recorded: {why}")),
        Err(_) => return Some("the writer could not be asked".to_owned()),
    }
    let read = ledger_size(door).await;
    read.err().map(|why| format!("the store cannot be read: {why}"))
}

async fn ledger_size(door: &Door) -> Result<u64, String> {
    let _page = door.pages.acquire().await.map_err(|_| "the server is stopping".to_owned())?;
    let dir = door.gate.data().to_owned();
    let read = move || {
        let reader = Store::open_read_only(&dir).map_err(|error| error.to_string())?;
        reader.view().size().map_err(|error| error.to_string())
    };
    tokio::task::spawn_blocking(read).await.map_err(|_| "reading it failed".to_owned())?
}
