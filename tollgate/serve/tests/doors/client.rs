//! A client that can misbehave: hyper for what is right, bare streams for what is not.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use http_body_util::BodyExt as _;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    pub(crate) config: Arc<ClientConfig>,
}

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: StatusCode,
    pub(crate) headers: HeaderMap<HeaderValue>,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// A client that trusts this authority.
    pub(crate) fn new(address: SocketAddr, authority: &str) -> Self {
        Self { address, config: Arc::new(config(authority, None)) }
    }

    /// The same with a certificate of its own: certificate and key in PEM.
    pub(crate) fn certified(address: SocketAddr, authority: &str, certificate: &str, key: &str) -> Self {
        Self { address, config: Arc::new(config(authority, Some((certificate, key)))) }
    }

    /// An open TLS stream.
    pub(crate) async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        TlsConnector::from(Arc::clone(&self.config)).connect(name, stream).await
    }

    /// A connection that many requests can be sent on.
    pub(crate) async fn keep(&self) -> SendRequest<Body> {
        let stream = self.connect().await.expect("connected");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("a connection");
        tokio::spawn(connection);
        sender
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("host", "localhost").body(Body::empty()).expect("a request"))
            .await
    }

    /// As the API server sends it.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(post(path, body)).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let mut sender = self.keep().await;
        send(&mut sender, request).await.expect("an answer")
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// The request that an API server makes.
pub(crate) fn post(path: &str, body: &str) -> Request<Body> {
    let request = Request::post(format!("{path}?timeout=10s"))
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, */*");
    request.body(Body::from(body.to_owned())).expect("a request")
}

pub(crate) async fn send(sender: &mut SendRequest<Body>, request: Request<Body>) -> hyper::Result<Answer> {
    let response = sender.send_request(request).await?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes().to_vec();
    Ok(Answer { code: parts.status, headers: parts.headers, body })
}

/// A request in the clear.
pub(crate) async fn plainly(address: SocketAddr, request: Request<Body>) -> Answer {
    let stream = TcpStream::connect(address).await.expect("connected");
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.expect("a connection");
    tokio::spawn(connection);
    send(&mut sender, request).await.expect("an answer")
}

fn config(authority: &str, own: Option<(&str, &str)>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authority.as_bytes()) {
        roots.add(certificate.expect("PEM")).expect("an authority");
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    match own {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = CertificateDer::pem_slice_iter(certificate.as_bytes()).map(|pem| pem.expect("PEM"));
            let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
            builder.with_client_auth_cert(chain.collect(), key).expect("a certificate")
        }
    }
}
