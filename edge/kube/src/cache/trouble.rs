//! What ends a list or a watch, and the patience with an API server that says nothing.

use std::time::Duration;

use tokio::time::timeout;

use crate::connect::why;

/// How long an API server may take beyond what it was asked to take.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// What ended a list or a watch.
#[derive(Debug)]
pub(crate) enum Trouble {
    Api(kube::Error),
    Silence,
    Text(String),
}

impl Trouble {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Api(error) => why(error),
            Self::Silence => "the API server does not answer".to_owned(),
            Self::Text(text) => text.clone(),
        }
    }

    /// The HTTP status that the API server refused with.
    pub(crate) const fn code(&self) -> Option<u16> {
        match self {
            Self::Api(kube::Error::Api(status)) => Some(status.code),
            _ => None,
        }
    }
}

impl From<kube::core::request::Error> for Trouble {
    fn from(error: kube::core::request::Error) -> Self {
        Self::Text(error.to_string())
    }
}

pub(crate) async fn in_time<T>(
    patience: Duration,
    work: impl Future<Output = kube::Result<T>>,
) -> Result<T, Trouble> {
    timeout(patience, work).await.map_err(|_| Trouble::Silence)?.map_err(Trouble::Api)
}
