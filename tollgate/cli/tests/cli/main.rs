//! The binary as people and scripts use it: what goes in, what comes out, how it ends.

mod admission_review;
mod bad_input;
mod budget;
mod commands;
mod corpus;
mod cost;
mod estate;
mod exit_code;
mod explain;
mod ledger;
mod policy;
mod profile;
mod reading;
mod secret;
mod support;
mod testing;
mod up;
