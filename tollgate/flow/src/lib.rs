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
mod cost;
mod decide;
mod estate;
mod fact;
mod gate;
mod load;
mod money;
mod quote;
mod reconcile;
mod record;
mod report;
mod watch;

pub use admit::{Admission, Caller};
pub use answer::{Answer, Dry, Refusal};
pub use audit::{AuditError, Audited, audit};
pub use cause::chain;
pub use check::{Checked, check, check_change, checker};
pub use cost::{Changed, CostDifference, CostError, CostLine, Costs, Sum, cost};
pub use decide::decide;
pub use estate::{Estate, EstateError, RuleSources};
pub use fact::{ManifestFacts, object_name};
pub use gate::{Answerer, Gate, GateError, Pinned, Settings, Step};
pub use load::{InFile, Manifests, Unreadable, load};
pub use money::cost_rows;
pub use quote::sign_quote;
pub use reconcile::{Difference, Existing, Reconciled, differences, hold_key};
pub use record::{Kept, RecordError, Recorded, Recorder, Sighting, decision_id};
pub use report::{FileFinding, report, subject_row};
pub use tollgate_budget::{Amount, Standing, Use};
pub use watch::{Sweep, SweepError, estate_walk, sweep};
