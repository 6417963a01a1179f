//! The pages: what the gate does now, what it decided, and the public log. Read-only, without JavaScript.
//!
//! ```text
//! GET /                      the bundle in force, the last sweep, the last decisions
//! GET /decisions[?before=N]  all entries, newest first
//! GET /decisions/d-...       one decision, with its proof
//! GET /log/checkpoint        C2SP tlog-tiles, as files: no page, open to all
//! GET /log/tile/...
//! ```
//!
//! On loopback pages are open to this machine, under loopback's names. Elsewhere they want a client certificate: who
//! asked for what is not for everybody who can connect.

mod budgets;
mod cost;
mod decision;
mod decisions;
mod layout;
mod ledger;
mod log;
mod now;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::caller::Peer;
use crate::door::Door;
use ledger::LedgerError;

const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The router of pages and of the log.
pub(crate) fn router(door: &Arc<Door>) -> Router<Arc<Door>> {
    Router::new()
        .route("/", get(now::show))
        .route("/decisions", get(decisions::show))
        .route("/decisions/{id}", get(decision::show))
        .layer(from_fn_with_state(Arc::clone(door), guard))
        .route("/style.css", get(style))
        .route("/log/checkpoint", get(log::checkpoint))
        .route("/log/tile/{*path}", get(log::tile))
}

/// Lets those in who may read pages, and sets the headers that every page has.
async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    let near = peer.is_some_and(|peer| peer.address.ip().is_loopback());
    let certified = peer.is_some_and(|peer| peer.certificate.is_some());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let mut response = if certified || (near && door.is_called(host)) {
        next.run(request).await
    } else if near {
        let why = "this server does not go by that name: ask for it as localhost";
        layout::error(StatusCode::MISDIRECTED_REQUEST, why)
    } else {
        let why =
            "pages are for this machine (the status address), or for a client certificate (`--client-ca`)";
        layout::error(StatusCode::FORBIDDEN, why)
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("page/style.css")).into_response()
}

/// Reads the store on a thread, a few pages at once.
async fn read<T: Send + 'static>(
    door: &Door,
    read: impl FnOnce(&tollgate_store::Reader) -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, Box<Response>> {
    let failed = |why: &str| Box::new(layout::error(StatusCode::SERVICE_UNAVAILABLE, why));
    let _page = door.pages.acquire().await.map_err(|_| failed("the server is stopping"))?;
    let dir = door.gate.data().to_owned();
    let reading = move || {
        let reader = tollgate_store::Store::open_read_only(&dir).map_err(LedgerError::Open)?;
        read(&reader)
    };
    match tokio::task::spawn_blocking(reading).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a page could not read the store");
            Err(failed(&error.to_string()))
        }
        Err(_) => Err(failed("reading the store failed")),
    }
}
