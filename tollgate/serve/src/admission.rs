//! One admission request over HTTP.
//!
//! ```text
//! head ──> caller (403) ──> content type (415), timeout (400), length (413) ──> body ──> place in flight (429)
//!      ──> Gate::admit on a thread ──> Answer ──encode──> AdmissionReview
//! ```
//!
//! Before the body is read, HTTP's own codes answer; from then on everything with a UID is answered by a review.

mod answer;
mod body;
mod deadline;
mod refusal;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tollgate_flow::{Admission, Answer, Caller};
use tollgate_gate::ReviewError;
use tollgate_manifest::Limits;

use crate::caller::Peer;
use crate::door::Door;
use body::BodyError;
use refusal::Refused;

/// How much longer than its deadline an answer is waited for: the gate itself says that it came too late, and knows
/// whether anything was recorded.
const GRACE: Duration = Duration::from_millis(100);

/// Why there is no review to answer.
#[derive(Debug, thiserror::Error)]
enum Rejected {
    #[error(transparent)]
    Caller(#[from] crate::caller::Forged),
    #[error("the body must be `application/json`")]
    ContentType,
    #[error("`{0}` is no duration such as `10s`")]
    Timeout(String),
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error(transparent)]
    NotAReview(#[from] ReviewError),
}

/// Answers `POST /admit` and `POST /admit/<secret>`.
pub(crate) async fn admit(State(door): State<Arc<Door>>, request: Request) -> Response {
    let arrived = Instant::now();
    let (code, content_type, bytes) = match answer(&door, request, arrived).await {
        Ok(review) => (StatusCode::OK, "application/json", review),
        Err(rejected) => {
            rejected.count(&door);
            (rejected.status(), "text/plain; charset=utf-8", format!("{rejected}\n").into_bytes())
        }
    };
    door.metrics.admitted(arrived.elapsed());
    let mut response = (code, Body::from(bytes)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

async fn answer(door: &Arc<Door>, request: Request, arrived: Instant) -> Result<Vec<u8>, Rejected> {
    let caller = caller(door, &request)?;
    if !is_json(&request) {
        return Err(Rejected::ContentType);
    }
    let time = deadline::of(request.uri().query()).map_err(Rejected::Timeout)?;
    let deadline = arrived + time;
    let body = body::read(door, request, deadline).await?;

    let Ok(place) = Arc::clone(&door.in_flight).try_acquire_owned() else {
        return refuse(door, &body, Refused::Crowded);
    };
    let (gate, body) = (Arc::clone(&door.gate), Arc::new(body));
    let (judged, limits) = (Arc::clone(&body), Limits { bytes: door.bounds.body, ..Limits::default() });
    let admitting = tokio::task::spawn_blocking(move || {
        // Held until the gate is done, also when nobody waits for it any more.
        let _place = place;
        gate.admit(&judged.bytes, &caller, &limits, deadline)
    });
    match tokio::time::timeout_at((deadline + GRACE).into(), admitting).await {
        Ok(Ok(Ok(admission))) => Ok(encode(door, &admission)),
        Ok(Ok(Err(error))) => match body::uid(&body.bytes) {
            Some(_) => refuse(door, &body, Refused::NotAReview(error)),
            None => Err(error.into()),
        },
        Ok(Err(_)) => refuse(door, &body, Refused::Failed),
        Err(_) => refuse(door, &body, Refused::NoAnswer),
    }
}

fn caller(door: &Door, request: &Request) -> Result<Caller, Rejected> {
    let peer = request.extensions().get::<Peer>().ok_or(crate::caller::Forged::Open)?;
    let secret = request.uri().path().strip_prefix("/admit/");
    Ok(door.callers.authenticate(peer, secret)?)
}

fn is_json(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn encode(door: &Door, admission: &Admission) -> Vec<u8> {
    for (step, took) in &admission.steps {
        door.metrics.step(step.word(), *took);
    }
    match &admission.answer {
        Answer::Refused(refusal) => {
            let refused = Refused::ByGate(refusal.clone());
            door.metrics.refused(refused.word());
            answer::refused(&admission.uid, &refused)
        }
        answered @ (Answer::Recorded(_) | Answer::Dry(_)) => {
            if let Some(verdict) = answered.verdict() {
                door.metrics.decided(verdict.ruling.word(), matches!(answered, Answer::Dry(_)));
            }
            answer::decided(admission)
        }
    }
}

/// A refusal as a review where the body has a UID; without one, HTTP has to say it.
fn refuse(door: &Door, body: &body::Read, refused: Refused) -> Result<Vec<u8>, Rejected> {
    match body::uid(&body.bytes) {
        Some(uid) => {
            door.metrics.refused(refused.word());
            Ok(answer::refused(&uid, &refused))
        }
        None => Err(Rejected::Body(BodyError::NoUid(refused))),
    }
}

impl Rejected {
    fn status(&self) -> StatusCode {
        match self {
            Self::Caller(_) => StatusCode::FORBIDDEN,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Timeout(_) | Self::NotAReview(_) => StatusCode::BAD_REQUEST,
            Self::Body(error) => error.status(),
        }
    }

    fn count(&self, door: &Door) {
        match self {
            Self::Caller(forged) => {
                door.metrics.caller_refused();
                tracing::warn!(%forged, "an admission was asked for by a caller that proved nothing");
            }
            Self::ContentType | Self::Timeout(_) | Self::NotAReview(_) => {
                door.metrics.refused("not-a-review")
            }
            Self::Body(error) => door.metrics.refused(error.word()),
        }
    }
}
