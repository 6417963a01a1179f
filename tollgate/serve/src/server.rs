//! Listens, and serves each connection.
//!
//! ```text
//! listen ──accept──> place among connections ──> TLS handshake ──> HTTP/1.1 ──> Router
//! status ──accept──────────────────────────────> HTTP/1.1 (loopback) ─────────> Router of pages only
//! stop ──> no more is accepted; what is in flight is answered, for at most `Bounds::stop`
//! ```

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tollgate_flow::Gate;

use crate::caller::{Callers, Peer, subject_of};
use crate::connection::{Activity, Watched};
use crate::door::Door;
use crate::metrics::Metrics;
use crate::tls::Certificates;
use crate::{ServeSettings, Tls, TlsError, admission, health, page};

/// Bytes of a request's head.
const HEAD: usize = 32 << 10;

/// Pages made at once: they read the store.
const PAGES: usize = 4;

/// A server that has its addresses.
#[derive(Debug)]
pub struct Server {
    door: Arc<Door>,
    listener: TcpListener,
    status: Option<TcpListener>,
    local: SocketAddr,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// an address cannot be listened on
    #[error("cannot listen on {address}")]
    Listen {
        /// which
        address: SocketAddr,
        /// why
        source: io::Error,
    },
    /// pages without TLS, open to others
    #[error("the status address {0} is not loopback: pages without TLS are for this machine only")]
    NotLoopback(SocketAddr),
    /// its certificates
    #[error("there is no certificate to serve with")]
    Tls(#[from] TlsError),
}

impl Server {
    /// Takes the addresses, and reads or makes the certificates.
    ///
    /// # Errors
    /// See [`ServeError`].
    pub async fn bind(settings: ServeSettings, gate: Arc<Gate>) -> Result<Self, ServeError> {
        if let Some(status) = settings.status.filter(|status| !status.ip().is_loopback()) {
            return Err(ServeError::NotLoopback(status));
        }
        let certificates = Certificates::open(&settings.tls, settings.client_ca.as_deref(), gate.data())?;
        let (listener, local) = listen(settings.listen).await?;
        let status = match settings.status {
            Some(address) => Some(listen(address).await?.0),
            None => None,
        };
        let callers = Callers {
            certificates: settings.client_ca.is_some(),
            loopback: local.ip().is_loopback(),
            secret: gate.keyring().path_secret(),
        };
        let names = match settings.tls {
            Tls::Own { names } => names,
            Tls::Files { .. } => Vec::new(),
        };
        let bounds = settings.bounds;
        let door = Door {
            gate,
            callers,
            metrics: Metrics::new(),
            certificates: Arc::new(certificates),
            in_flight: Arc::new(Semaphore::new(bounds.in_flight)),
            bodies: Arc::new(Semaphore::new(bounds.bodies.div_ceil(1024))),
            pages: Semaphore::new(PAGES),
            names,
            bounds,
        };
        Ok(Self { door: Arc::new(door), listener, status, local })
    }

    /// The address that TLS is served on.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// The address that pages are served on without TLS.
    #[must_use]
    pub fn status_addr(&self) -> Option<SocketAddr> {
        self.status.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The certificate that the webhook's `caBundle` must hold; none for one of a public authority.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn ca_pem(&self) -> Result<Option<String>, TlsError> {
        self.door.certificates.authority()
    }

    /// The path that admissions are asked for at.
    #[must_use]
    pub fn admission_path(&self) -> String {
        if self.door.callers.certificates {
            "/admit".to_owned()
        } else {
            format!("/admit/{}", self.door.callers.secret)
        }
    }

    /// Serves until `stop` comes; then answers what is in flight.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self { door, listener, status, .. } = self;
        let connections = Arc::new(Semaphore::new(door.bounds.connections));
        let graceful = GracefulShutdown::new();
        let full = full_router(&door);
        let pages = page::router(&door).with_state(Arc::clone(&door));
        {
            let tls = accept(&listener, &connections, |stream, address, place| {
                let (door, watcher, router) = (Arc::clone(&door), graceful.watcher(), full.clone());
                tokio::spawn(async move {
                    serve_tls(stream, address, &door, watcher, router).await;
                    drop(place);
                });
            });
            let plain = async {
                let Some(status) = &status else { return std::future::pending().await };
                accept(status, &connections, |stream, address, place| {
                    let (door, watcher, router) = (Arc::clone(&door), graceful.watcher(), pages.clone());
                    tokio::spawn(async move {
                        let peer = Peer { address, certificate: None };
                        serve(stream, peer, &door, watcher, router).await;
                        drop(place);
                    });
                })
                .await;
            };
            tokio::select! {
                () = tls => {}
                () = plain => {}
                () = reload(&door) => {}
                () = stop => {}
            }
        }
        drop((listener, status));
        tracing::info!("stopping: no more connections are taken");
        if tokio::time::timeout(door.bounds.stop, graceful.shutdown()).await.is_err() {
            tracing::warn!("some connections were cut: they did not end in time");
        }
    }
}

fn full_router(door: &Arc<Door>) -> Router {
    page::router(door)
        .route("/admit", post(admission::admit))
        .route("/admit/{secret}", post(admission::admit))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .with_state(Arc::clone(door))
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}

/// Accepts for ever. A connection waits in the kernel until there is place for it.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
    mut serve: impl FnMut(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit),
) {
    loop {
        let Ok(place) = Arc::clone(connections).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, address)) => {
                // An answer is one small write: without this it waits for the other side's delayed ACK.
                let _ = stream.set_nodelay(true);
                serve(stream, address, place);
            }
            Err(error) => {
                // Out of descriptors, or the other side went away: neither is helped by asking at once again.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve_tls(
    stream: TcpStream,
    address: SocketAddr,
    door: &Arc<Door>,
    watcher: Watcher,
    router: Router,
) {
    let acceptor = TlsAcceptor::from(door.certificates.current());
    let stream = match tokio::time::timeout(door.bounds.head, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            if is_of_certificate(&error) {
                door.metrics.caller_refused();
                tracing::warn!(%address, %error, "a client certificate was refused");
            }
            return;
        }
        Err(_) => return,
    };
    let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
    let certificate = certificate.and_then(|certificate| subject_of(certificate));
    serve(stream, Peer { address, certificate }, door, watcher, router).await;
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    door: &Arc<Door>,
    watcher: Watcher,
    router: Router,
) {
    let activity = Activity::new(door.bounds.head, door.bounds.idle);
    let stream = TokioIo::new(Watched::new(stream, activity.clone()));
    let inner = TowerToHyperService::new(router);
    let answering = activity.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        let answering = answering.answering();
        request.extensions_mut().insert(peer.clone());
        let answer = inner.call(request);
        async move {
            let answer = answer.await;
            drop(answering);
            answer
        }
    });
    // hyper's own time for heads would run in idle connections too: see `connection`.
    let connection =
        http1::Builder::new().header_read_timeout(None).max_buf_size(HEAD).serve_connection(stream, service);
    let connection = watcher.watch(connection);
    door.metrics.connections.inc();
    tokio::select! {
        _ = connection => {}
        () = activity.expired() => {}
    }
    door.metrics.connections.dec();
}

/// Looks at the certificate files for ever.
async fn reload(door: &Door) {
    loop {
        tokio::time::sleep(door.bounds.reload).await;
        let certificates = Arc::clone(&door.certificates);
        let _ = tokio::task::spawn_blocking(move || certificates.reload()).await;
    }
}

/// Whether a handshake failed for the client's certificate.
fn is_of_certificate(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(cause, Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented))
}
