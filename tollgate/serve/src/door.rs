//! What all requests of a server share.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tollgate_flow::Gate;

use crate::caller::Callers;
use crate::metrics::Metrics;
use crate::settings::Bounds;
use crate::tls::Certificates;

/// What all requests of a server share.
pub(crate) struct Door {
    pub(crate) gate: Arc<Gate>,
    pub(crate) callers: Callers,
    pub(crate) metrics: Metrics,
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) bounds: Bounds,
    /// one for each admission
    pub(crate) in_flight: Arc<Semaphore>,
    /// one for each KiB of a body
    pub(crate) bodies: Arc<Semaphore>,
    /// one for each page being made
    pub(crate) pages: Semaphore,
    /// names that this server goes by, besides loopback's
    pub(crate) names: Vec<String>,
}

impl Door {
    /// Whether a `Host` header names this server. A page on loopback answers to no other name: else a site in the
    /// user's browser could have its own name point here, and read it.
    pub(crate) fn is_called(&self, host: &str) -> bool {
        let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, _)) => address,
            None => host.rsplit_once(':').map_or(host, |(name, _)| name),
        };
        name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok()
            || self.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}
