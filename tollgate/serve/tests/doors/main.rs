//! The doors, over real TLS and real sockets, with a real gate behind them.

mod admission;
mod bounds;
mod callers;
mod client;
mod gate;
mod health;
mod pages;
mod rotation;
