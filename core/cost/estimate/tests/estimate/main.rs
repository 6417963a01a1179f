//! Estimates held against cases that others computed, against our own corpus, against a second implementation, and
//! against whatever a stranger may write.

mod case;
mod corpus;
mod data;
mod explain;
mod hostile;
mod second;
