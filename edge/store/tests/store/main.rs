//! The store as its users see it: the contract of all drivers, opening and publishing, kills, tampering.

mod contract;
mod kill;
mod open;
mod support;
mod tamper;
