//! Ordered atoms as code.
//!
//! ```text
//! Lowered ──planner──> blocks of steps over numbered slots ──┐
//! Documents ──tree───> which rules make which document ──────┴──> Program
//! ```

mod block;
mod body;
mod mark;
mod matcher;
pub(crate) mod needed;
mod program;
pub(crate) mod sight;
pub(crate) mod step;
mod unify;

pub(crate) use program::{Definition, Document, Kind, Mark, Node, Plan, Query};
