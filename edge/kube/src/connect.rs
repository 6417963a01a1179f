//! Reaching the API server that a kubeconfig names.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

/// How long an API server may take to say what version it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// A cluster that answered.
#[derive(Clone)]
pub struct Cluster {
    pub(crate) client: Client,
    url: String,
    version: String,
}

/// Why a cluster cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// the kubeconfig is not there or does not parse
    #[error("cannot read kubeconfig `{path}`")]
    Unreadable {
        /// the file
        path: String,
        /// what is wrong
        source: Box<KubeconfigError>,
    },
    /// no such context
    #[error("kubeconfig `{path}` has no context `{context}`; it has {}", listed(.known))]
    NoContext {
        /// the file
        path: String,
        /// what was asked for
        context: String,
        /// what there is
        known: Vec<String>,
    },
    /// its context cannot be used
    #[error("kubeconfig `{path}` cannot be used")]
    Unusable {
        /// the file
        path: String,
        /// what is wrong
        source: Box<dyn Error + Send + Sync>,
    },
    /// this is no pod, or has no service account
    #[error("this process has no service account of a cluster")]
    NotInCluster(#[source] Box<dyn Error + Send + Sync>),
    /// nothing that is an API server, or one that refuses us
    #[error("the API server at {url} does not answer: {why}")]
    Unreachable {
        /// where it should be
        url: String,
        /// what happened
        why: String,
    },
}

impl Cluster {
    /// Reads a kubeconfig, connects to the cluster of `context` (else of its current context), and asks for its
    /// version.
    ///
    /// # Errors
    /// Which of these failed, and why.
    pub async fn connect(kubeconfig: &Path, context: Option<&str>) -> Result<Self, ConnectError> {
        let path = kubeconfig.display().to_string();
        let file = Kubeconfig::read_from(kubeconfig)
            .map_err(|source| ConnectError::Unreadable { path: path.clone(), source: Box::new(source) })?;
        let known: Vec<String> = file.contexts.iter().map(|known| known.name.clone()).collect();
        let wanted = context.map(str::to_owned).or_else(|| file.current_context.clone()).unwrap_or_default();
        if !known.contains(&wanted) {
            return Err(ConnectError::NoContext { path, context: wanted, known });
        }
        let options = KubeConfigOptions { context: Some(wanted), ..KubeConfigOptions::default() };
        let config = Config::from_custom_kubeconfig(file, &options)
            .await
            .map_err(|source| ConnectError::Unusable { path: path.clone(), source: Box::new(source) })?;
        let url = url_of(&config);
        let client = Client::try_from(at_once(config))
            .map_err(|source| ConnectError::Unusable { path, source: Box::new(source) })?;
        Self::greet(client, url).await
    }

    /// The cluster that this process runs in, by its pod's service account.
    ///
    /// # Errors
    /// Where this is no pod, or the API server does not answer.
    pub async fn in_cluster() -> Result<Self, ConnectError> {
        let config = Config::incluster().map_err(|source| ConnectError::NotInCluster(Box::new(source)))?;
        let url = url_of(&config);
        let client = Client::try_from(at_once(config))
            .map_err(|source| ConnectError::NotInCluster(Box::new(source)))?;
        Self::greet(client, url).await
    }

    async fn greet(client: Client, url: String) -> Result<Self, ConnectError> {
        match tokio::time::timeout(PATIENCE, client.apiserver_version()).await {
            Ok(Ok(info)) => Ok(Self { client, url, version: info.git_version }),
            Ok(Err(error)) => Err(ConnectError::Unreachable { url, why: why(&error) }),
            Err(_) => Err(ConnectError::Unreachable {
                url,
                why: format!("no answer within {} s", PATIENCE.as_secs()),
            }),
        }
    }

    /// Where the API server is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it calls itself (`v1.36.2`).
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// Answers are answers: an API server that says 503 is not asked again behind the caller's back, for minutes.
fn at_once(mut config: Config) -> Config {
    config.default_retry = false;
    config
}

/// What an error of the client library means to a person: the API server's own words, else the whole chain.
pub(crate) fn why(error: &kube::Error) -> String {
    if let kube::Error::Api(status) = error {
        return status.message.clone();
    }
    let mut text = String::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        let own = error.to_string();
        // each of the libraries between repeats its source's words
        if !text.contains(&own) {
            text = if own.contains(&text) { own } else { format!("{text}: {own}") };
        }
        next = error.source();
    }
    text
}

fn url_of(config: &Config) -> String {
    config.cluster_url.to_string().trim_end_matches('/').to_owned()
}

fn listed(known: &[String]) -> String {
    if known.is_empty() { "none".to_owned() } else { format!("`{}`", known.join("`, `")) }
}
