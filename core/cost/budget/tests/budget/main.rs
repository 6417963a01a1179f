//! Budgets from outside: reading, matching, months, the life of holds, and the whole beside a naive model and a cluster.

mod calendar;
mod cluster;
mod estate;
mod growth;
mod life;
mod limits;
mod matching;
mod model;
mod reading;
mod roll;
mod rows;
