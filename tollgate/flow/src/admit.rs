//! Admits or refuses what an API server asks for.
//!
//! ```text
//! body ──decode, mask──> Change ──decide──> Judged ──record──> Answer
//!   ^                                        │
//!   └───────────── superseded ───────────────┘  the rules changed meanwhile: mask and judge again
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_gate::{Change, Judged, Phase, Review, ReviewError};
use tollgate_manifest::Limits;
use tollgate_vocabulary::Authentication;

use crate::answer::{Answer, Dry, Refusal};
use crate::decide::decide;
use crate::gate::{Gate, Pinned, Step, now};
use crate::record::{RecordError, ToRecord};

/// How often a change is judged again because the rules changed while it was judged.
const AGAIN: usize = 3;

/// How the caller was authenticated.
pub type Caller = Authentication;

/// What came of a request.
#[derive(Debug)]
pub struct Admission {
    /// the request's UID, to be repeated in the response
    pub uid: Arc<str>,
    /// what is answered
    pub answer: Answer,
    /// whether it asked for a dry run
    pub dry_run: bool,
    /// what was asked for, for people: `Deployment ml/vision`
    pub title: String,
    /// how long each step took
    pub steps: Vec<(Step, Duration)>,
}

impl Gate {
    /// Decides on an AdmissionReview. Blocks until the decision is recorded or the deadline has passed.
    ///
    /// # Errors
    /// The body is no review.
    pub fn admit(
        &self,
        body: &[u8],
        caller: &Caller,
        limits: &Limits,
        deadline: Instant,
    ) -> Result<Admission, ReviewError> {
        let at = now();
        let mut steps = Vec::new();
        let mut attempt = 0;
        loop {
            attempt += 1;
            // One bundle from the first byte to the entry: what it masks is masked before anything else happens.
            let pinned = self.pinned();
            let started = Instant::now();
            let review = Review::decode(body, &pinned.mask, limits)?;
            steps.push((Step::Decode, started.elapsed()));
            let (uid, dry_run) = (Arc::clone(&review.uid), review.dry_run.is_some());
            let title = review.subject().title();
            let request = Some((Arc::clone(&review.uid), review.body));
            let change = review.into_change(caller.clone(), at);
            let to_record = |judged, change| ToRecord {
                request,
                deadline: Some(deadline),
                ..ToRecord::new(change, judged, Arc::clone(&pinned.estate.bundle))
            };
            let answer = match self.judge_and_record(&pinned, change, to_record, &mut steps) {
                Err(Again) if attempt < AGAIN => continue,
                Err(Again) => Answer::Refused(Refusal::RulesChanged),
                Ok(answer) => answer,
            };
            return Ok(Admission { uid, answer, dry_run, title, steps });
        }
    }

    fn judge_and_record(
        &self,
        pinned: &Pinned,
        change: Change,
        to_record: impl FnOnce(Judged, Change) -> ToRecord,
        steps: &mut Vec<(Step, Duration)>,
    ) -> Result<Answer, Again> {
        let started = Instant::now();
        let judged = decide(&change, &pinned.estate.bundle, &|question| self.answer(question));
        steps.push((Step::Judge, started.elapsed()));
        if let Phase::Dry(proof) = &change.phase {
            let dry =
                self.recorder.read_state(|state| Dry::settle(proof, &judged, state, &pinned.estate.bundle));
            return dry.map(Answer::Dry).map_err(|_| Again);
        }
        let started = Instant::now();
        let recorded = self.recorder.record(to_record(judged, change));
        steps.push((Step::Record, started.elapsed()));
        match recorded {
            Ok(recorded) => Ok(Answer::Recorded(recorded)),
            Err(RecordError::Superseded) => Err(Again),
            Err(error) => Ok(Answer::Refused(error.into())),
        }
    }
}

/// The rules changed while it was judged.
struct Again;

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Late => Self::Late,
            RecordError::Superseded => Self::RulesChanged,
            RecordError::Busy => Self::Busy,
            RecordError::AnotherBody(uid) => Self::AnotherBody(uid),
            RecordError::StoreDown(why) | RecordError::Orphaned(why) => Self::StoreDown(why),
            RecordError::Stopped => Self::Stopping,
        }
    }
}
