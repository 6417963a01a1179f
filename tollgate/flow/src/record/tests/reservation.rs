//! What is reserved, through the real writer and the real store.
//!
//! ```text
//! AdmissionReview ──decode, judge, record──> store <──sight── what a watch says exists, what a read found
//!                                              └──> balances: as a naive model has them, whatever happens between
//! ```

mod check;
mod cluster;
mod desk;
mod estate;
mod figure;
mod gate;
mod interleaving;
mod life;
mod model;
mod race;
mod world;
