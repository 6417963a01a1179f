//! What is reserved, through the real writer and the real store.

mod cluster;
mod desk;
mod estate;
mod interleaving;
mod model;
