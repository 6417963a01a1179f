//! The body of a request: bounded in bytes and time, and together with all others in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::refusal::Refused;
use crate::door::Door;

const KIB: usize = 1024;

/// A UID is a UUID; what is much longer is none, and is not repeated.
const UID_LENGTH: usize = 128;

/// A body, and its place among all bodies in memory.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) bytes: Bytes,
    _place: OwnedSemaphorePermit,
}

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the body is longer than the limit of {0} bytes")]
    TooLong(usize),
    #[error("the body did not come in time")]
    Slow,
    #[error("the body was cut short")]
    Cut,
    #[error("too many admissions are in flight: ask again")]
    Crowded,
    /// what a review would have said, had the request a UID
    #[error("{0}")]
    NoUid(Refused),
}

/// Reads the body of `request`, by `deadline`.
pub(super) async fn read(door: &Door, request: Request, deadline: Instant) -> Result<Read, BodyError> {
    let limit = door.bounds.body;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let claimed = length.and_then(|value| value.parse::<usize>().ok());
    if claimed.is_some_and(|length| length > limit) {
        return Err(BodyError::TooLong(limit));
    }
    let needed = claimed.unwrap_or(limit).div_ceil(KIB).max(1);
    let place = Arc::clone(&door.bodies)
        .try_acquire_many_owned(u32::try_from(needed).unwrap_or(u32::MAX))
        .map_err(|_| BodyError::Crowded)?;
    let reading = Limited::new(request.into_body(), limit).collect();
    // A body that takes all the time there is leaves none to judge it.
    let by = deadline - (deadline.saturating_duration_since(Instant::now()) / 4).min(Duration::from_secs(1));
    let read = tokio::time::timeout_at(by.into(), reading).await.map_err(|_| BodyError::Slow)?;
    let body = read.map_err(|error| {
        if error.is::<LengthLimitError>() { BodyError::TooLong(limit) } else { BodyError::Cut }
    })?;
    Ok(Read { bytes: body.to_bytes(), _place: place })
}

/// The UID of a request, for a body that the gate cannot read or has no time for. Never used to decide anything.
pub(super) fn uid(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Peeked {
        request: PeekedRequest,
    }
    #[derive(Deserialize)]
    struct PeekedRequest {
        uid: String,
    }
    let uid = serde_json::from_slice::<Peeked>(bytes).ok()?.request.uid;
    (!uid.is_empty() && uid.len() <= UID_LENGTH).then_some(uid)
}

impl BodyError {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Cut => StatusCode::BAD_REQUEST,
            Self::Crowded => StatusCode::TOO_MANY_REQUESTS,
            Self::NoUid(refused) => {
                StatusCode::from_u16(refused.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "too-long",
            Self::Slow => "slow",
            Self::Cut => "cut",
            Self::Crowded => "busy",
            Self::NoUid(refused) => refused.word(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_is_found_in_what_the_gate_cannot_read() {
        let deep = format!(r#"{{"x":{}{},"request":{{"uid":"u-1"}}}}"#, "[".repeat(5000), "]".repeat(5000));
        assert_eq!(uid(deep.as_bytes()).as_deref(), Some("u-1"));
        assert_eq!(uid(br#"{"request":{"uid":"u-1","object":3}}"#).as_deref(), Some("u-1"));
        for none in [r#"{"request":{"uid":""}}"#, r#"{"request":{"uid":3}}"#, "{}", "[]", "", "x"] {
            assert_eq!(uid(none.as_bytes()), None, "{none}");
        }
        assert_eq!(uid(format!(r#"{{"request":{{"uid":"{}"}}}}"#, "u".repeat(500)).as_bytes()), None);
    }
}
