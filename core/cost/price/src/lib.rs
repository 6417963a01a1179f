//! Price books: what a unit of a resource costs, by which row of which file, from when until when.
//!
//! ```text
//! prices.csv, prices.toml, OpenCost CSV ──read──> rows ──PriceBook::new──> PriceBook ──find(Asked)──> Price
//!                                                   └── overlaps, contradictions: errors with file and line
//! ```
//!
//! INVARIANTS: a book has one currency; no two rows of it answer the same question at the same time with two prices;
//! every price can name its row. What has no row has no price, which is never zero.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unreachable
    )
)]

mod book;
mod charge;
mod embedded;
mod error;
mod price;
mod read;
mod row;
mod unit;

pub use book::{Asked, PriceBook};
pub use charge::{Charge, Cost, MONTH_HOURS};
pub use error::{BookError, Problem};
pub use price::Price;
pub use read::{read_csv, read_toml};
pub use row::{Key, Purchase, Row, RowPlace};
pub use unit::Unit;
