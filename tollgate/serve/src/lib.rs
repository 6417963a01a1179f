//! The gate's doors over HTTP: admission, the status page, the public log, health and metrics. It decides nothing.
//!
//! ```text
//! API server ──TLS──> connection ──> caller ──> body ──> Gate::admit (blocking, bounded) ──> AdmissionReview
//! browser ─TLS, or plain on loopback─> page <── the store, read-only          /log ──> tiles and checkpoint as files
//! ```
//!
//! - Whoever asks for an admission has proved to be the API server before a byte of the body is read.
//! - Everything that a stranger can send is bounded: connections, head, body, time, and admissions at once.
//! - An `allowed: true` is encoded from a [`tollgate_flow::Answer`] that allows, and from nothing else.
//! - Pages show what the ledger holds, and that was masked at the door.

mod admission;
mod caller;
mod connection;
mod door;
mod health;
mod metrics;
mod page;
mod server;
mod settings;
mod tls;

pub use server::{ServeError, Server};
pub use settings::{Bounds, ServeSettings};
pub use tls::{Tls, TlsError};
