//! Reading price files.
//!
//! ```text
//! CSV ──csv──> records ─┬─ header of ours ─────> table ────┐
//!                       └─ header of OpenCost's ─> opencost ─┼─> field ──> Row
//! TOML ──toml──> [[price]] ──────────────────────────────────┤
//!            └─> [node.TYPE] ──node──> cpu, memory, gpu ─────┘
//! ```
//!
//! INVARIANTS: no rows come out of a file with an error; all errors of a file come out at once, up to a bound; a row
//! knows its line. Nothing here panics, whatever the bytes.

mod column;
mod csv;
mod errors;
mod field;
mod node;
mod opencost;
mod table;
mod toml;

pub use self::table::read_csv;
pub use self::toml::read_toml;
