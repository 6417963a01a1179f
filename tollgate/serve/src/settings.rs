//! What a server is opened with, and how much it takes from strangers.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::Tls;

/// What a server is opened with.
#[derive(Clone, Debug)]
pub struct ServeSettings {
    /// where admission, pages, health and metrics are served, over TLS
    pub listen: SocketAddr,
    /// its certificate
    pub tls: Tls,
    /// the authority whose client certificates may ask for admissions; where it is set, nobody else may
    pub client_ca: Option<PathBuf>,
    /// where the pages are served besides, without TLS; must be loopback
    pub status: Option<SocketAddr>,
    /// how much is taken
    pub bounds: Bounds,
}

/// How much is taken from strangers.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// connections at once; the next one waits
    pub connections: usize,
    /// admissions at once; the next one is refused with 429
    pub in_flight: usize,
    /// bytes of one body. The API server sends at most 3 MiB of object, twice for an update.
    pub body: usize,
    /// bytes of all bodies at once; what does not fit is refused with 429
    pub bodies: usize,
    /// time for a TLS handshake, and for the head of a request once it has begun
    pub head: Duration,
    /// time that a connection may lie idle. Longer than the 90 s after which the API server lets go of its own.
    pub idle: Duration,
    /// time for what is in flight when the server stops
    pub stop: Duration,
    /// how often certificate files are looked at
    pub reload: Duration,
}

impl ServeSettings {
    /// Settings with the usual bounds, no client authority and no second address.
    #[must_use]
    pub fn new(listen: SocketAddr, tls: Tls) -> Self {
        Self { listen, tls, client_ca: None, status: None, bounds: Bounds::default() }
    }
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 1024,
            in_flight: 256,
            body: 6 << 20,
            bodies: 96 << 20,
            head: Duration::from_secs(5),
            idle: Duration::from_secs(120),
            stop: Duration::from_secs(5),
            reload: Duration::from_secs(1),
        }
    }
}
