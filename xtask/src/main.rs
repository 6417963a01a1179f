//! Checks, tests and benches of this repository.
fn main() {}
