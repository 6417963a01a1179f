//! Why a request gets no verdict, as a Kubernetes status.

use tollgate_flow::Refusal;
use tollgate_gate::ReviewError;

/// Why a request with a UID gets no verdict.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    /// the gate refused
    #[error("{0}")]
    ByGate(Refusal),
    /// the body cannot be read as a review
    #[error("{0}")]
    NotAReview(ReviewError),
    /// the gate did not answer in time
    #[error("no decision within the deadline; it may be recorded all the same")]
    NoAnswer,
    /// too many at once
    #[error("too many admissions are in flight")]
    Crowded,
    /// the gate panicked
    #[error("the gate failed while it decided; its log says where")]
    Failed,
}

impl Refused {
    /// The HTTP code of the status.
    pub(super) const fn code(&self) -> u16 {
        match self {
            Self::ByGate(Refusal::Busy) | Self::Crowded => 429,
            Self::ByGate(Refusal::Late) | Self::NoAnswer => 504,
            Self::ByGate(Refusal::AnotherBody(_)) | Self::NotAReview(_) => 400,
            Self::ByGate(_) => 503,
            Self::Failed => 500,
        }
    }

    /// The reason of the status (meta/v1 `StatusReason`).
    pub(super) const fn reason(&self) -> &'static str {
        match self.code() {
            400 => "BadRequest",
            429 => "TooManyRequests",
            503 => "ServiceUnavailable",
            504 => "Timeout",
            _ => "InternalError",
        }
    }

    /// Seconds after which asking again may help.
    pub(super) const fn retry(&self) -> Option<u32> {
        match self {
            Self::ByGate(Refusal::Busy | Refusal::RulesChanged) | Self::Crowded => Some(1),
            _ => None,
        }
    }

    /// The word that metrics use.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::ByGate(Refusal::Late) => "late",
            Self::ByGate(Refusal::Busy) | Self::Crowded => "busy",
            Self::ByGate(Refusal::StoreDown(_)) => "store-down",
            Self::ByGate(Refusal::RulesChanged) => "rules-changed",
            Self::ByGate(Refusal::AnotherBody(_)) => "another-body",
            Self::ByGate(Refusal::Stopping) => "stopping",
            Self::NotAReview(_) => "not-a-review",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
        }
    }
}
