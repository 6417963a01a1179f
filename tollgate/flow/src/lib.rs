//! The loops that join core to the world, named as verbs.
//!
//! ```text
//! estate ──> Bundle ─┐
//! load ────> Change ─┼─ decide (gather, judge, again) ──> Judged ──> record ──> Recorded ──> answer
//! admit ───> Change ─┘                                              (settle, one transaction, receipt)
//! ```
//!
//! INVARIANT: an [`Answer`] that allows is made from a recorded decision, or from the proof that the change is a dry
//! run. There is no third way.

mod admit;
mod answer;
mod audit;
mod cause;
mod check;
mod decide;
mod estate;
mod fact;
mod gate;
mod load;
mod record;
mod report;
mod watch;

pub use admit::{Admission, Caller};
pub use answer::{Answer, Dry, Refusal};
pub use audit::{AuditError, Audited, audit};
pub use cause::chain;
pub use check::{Checked, check, check_change, checker};
pub use decide::decide;
pub use estate::{Estate, EstateError, RuleSources};
pub use fact::{ManifestFacts, Surroundings, autoscaled, object_name, owner, runtime_class};
pub use gate::{Answerer, Gate, GateError, Pinned, Settings, Step};
pub use load::{InFile, Manifests, Unreadable, load};
pub use record::{RecordError, Recorded, Recorder, decision_id};
pub use report::{FileFinding, report, subject_row};
pub use watch::{Sweep, SweepError, estate_walk, sweep};
