//! x

mod case;
mod corpus;
mod data;
