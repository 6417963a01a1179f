//! Where the gate is asked, and how it and its callers prove who they are.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use tollgate_serve::{ServeSettings, Tls};

use crate::output::Failure;

/// Addresses, certificates, cluster.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Doors {
    /// Where to serve admission over TLS; port 0 takes any
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443")]
    pub(crate) listen: SocketAddr,
    /// Certificate in PEM, read again when it changes [default: the gate makes its own]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// The authority that verifies the given certificate, for the webhook's caBundle
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_ca: Option<PathBuf>,
    /// Only callers with a client certificate of this authority may ask
    #[arg(long, value_name = "FILE")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Name or address that the API server reaches this gate by, also in its own certificate; repeatable
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// Register as a webhook of this cluster; a graceful stop takes it out again
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME", requires = "kubeconfig")]
    pub(crate) context: Option<String>,
    /// Where to serve the status page, without TLS, on this machine only
    #[arg(skip)]
    pub(crate) status: Option<SocketAddr>,
    /// The namespace that this process runs in, where it is in the cluster that asks it
    #[arg(skip)]
    pub(crate) in_cluster: Option<String>,
    /// The installation that the cluster knows it as
    #[arg(skip)]
    pub(crate) installation: Option<String>,
}

impl Doors {
    /// Whether the gate makes its own certificate.
    pub(crate) const fn own_certificate(&self) -> bool {
        self.tls_cert.is_none()
    }

    /// What to open the server with.
    pub(crate) fn serve_settings(&self) -> Result<ServeSettings, Failure> {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Tls::Files {
                certificate: certificate.clone(),
                key: key.clone(),
                authority: self.tls_ca.clone(),
            },
            (None, None) => Tls::Own { names: self.names() },
            _ => return Err("`--tls-cert` and `--tls-key` go together".into()),
        };
        Ok(ServeSettings {
            client_ca: self.client_ca.clone(),
            status: self.status,
            ..ServeSettings::new(self.listen, tls)
        })
    }

    /// The URL of a path on this gate.
    pub(crate) fn url(&self, local: SocketAddr, path: &str) -> String {
        let host = match self.host.first() {
            Some(host) if host.contains(':') => format!("[{host}]"),
            Some(host) => host.clone(),
            None => match local.ip() {
                ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
                IpAddr::V6(ip) => format!("[{ip}]"),
                IpAddr::V4(ip) => ip.to_string(),
            },
        };
        format!("https://{host}:{}{path}", local.port())
    }

    fn names(&self) -> Vec<String> {
        let ip = self.listen.ip();
        let listened = Some(ip.to_string()).filter(|_| !ip.is_unspecified() && !ip.is_loopback());
        self.host.iter().cloned().chain(listened).collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        doors: Doors,
    }

    fn url(arguments: &[&str], local: &str) -> String {
        let line = Line::parse_from([&["x"], arguments].concat());
        line.doors.url(local.parse().expect("an address"), "/admit")
    }

    #[test]
    fn a_url_names_what_the_caller_can_reach() {
        assert_eq!(url(&[], "127.0.0.1:8443"), "https://127.0.0.1:8443/admit");
        assert_eq!(url(&[], "0.0.0.0:1"), "https://127.0.0.1:1/admit");
        assert_eq!(url(&[], "[::1]:1"), "https://[::1]:1/admit");
        assert_eq!(url(&["--host", "gate.example"], "0.0.0.0:1"), "https://gate.example:1/admit");
    }
}
