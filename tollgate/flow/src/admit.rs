//! Admits or refuses what an API server asks for.
//!
//! ```text
//! body ──decode, mask──> Change ──decide──> Judged ──record──> Answer
//!                          ^                   │
//!                          └─── superseded ────┘  the rules changed meanwhile: judge again
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_gate::{Phase, Review, ReviewError};
use tollgate_manifest::Limits;
use tollgate_vocabulary::Authentication;

use crate::answer::{Answer, Dry, Refusal};
use crate::decide::{DecideError, decide};
use crate::gate::{Gate, Step, now};
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
        let started = Instant::now();
        let at = now();
        let pinned = self.pinned();
        let review = Review::decode(body, &pinned.mask, limits)?;
        let decoded = Instant::now();
        let uid = Arc::clone(&review.uid);
        let mut admission = Admission {
            uid,
            answer: Answer::Refused(Refusal::RulesChanged),
            dry_run: review.dry_run.is_some(),
            title: review.subject().title(),
            steps: vec![(Step::Decode, decoded - started)],
        };
        for _ in 0..AGAIN {
            let (answer, steps) = self.judge_and_record(review.clone(), caller, at, deadline);
            admission.steps.extend(steps);
            match answer {
                Err(Again) => {}
                Ok(answer) => {
                    admission.answer = answer;
                    break;
                }
            }
        }
        Ok(admission)
    }

    fn judge_and_record(
        &self,
        review: Review,
        caller: &Caller,
        at: tollgate_vocabulary::Timestamp,
        deadline: Instant,
    ) -> (Result<Answer, Again>, Vec<(Step, Duration)>) {
        let started = Instant::now();
        let bundle = Arc::clone(&self.pinned().estate.bundle);
        let request = (Arc::clone(&review.uid), review.body);
        let change = review.into_change(caller.clone(), at);
        let judged = decide(&change, &bundle, &|question| self.answer(question));
        let judging = (Step::Judge, started.elapsed());
        let judged = match judged {
            Ok(judged) => judged,
            Err(error @ DecideError::TimedOut(_)) => {
                return (Ok(Answer::Refused(Refusal::RuleTimedOut(error.to_string()))), vec![judging]);
            }
        };
        if let Phase::Dry(proof) = &change.phase {
            let dry = self.recorder.read_state(|state| Dry::settle(proof, &judged, state));
            return (dry.map(Answer::Dry).map_err(|_| Again), vec![judging]);
        }
        let recording = Instant::now();
        let recorded = self.recorder.record(ToRecord {
            request: Some(request),
            deadline: Some(deadline),
            ..ToRecord::new(change, judged)
        });
        let steps = vec![judging, (Step::Record, recording.elapsed())];
        let answer = match recorded {
            Ok(recorded) => Ok(Answer::Recorded(recorded)),
            Err(RecordError::Superseded) => Err(Again),
            Err(error) => Ok(Answer::Refused(error.into())),
        };
        (answer, steps)
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
            RecordError::StoreDown(why) => Self::StoreDown(why),
            RecordError::Stopped => Self::Stopping,
        }
    }
}
