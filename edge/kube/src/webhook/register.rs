//! Putting the configuration into the cluster, and taking it out again.
//!
//! INVARIANT: what exists is replaced or deleted only at the version that was seen to be ours; somebody who changes it
//! between makes us look again, not overwrite.

use kube::api::{DeleteParams, GetParams, PostParams, Preconditions};
use kube::core::Request;
use serde_json::Value;

use super::{INSTALLATION, NAME, SettingsError, WebhookSettings, configuration};
use crate::Cluster;
use crate::connect::why;

const CONFIGURATIONS: &str = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
const MANAGER: &str = "tollgate";
const ATTEMPTS: usize = 5;

/// What registering did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// there was none
    Created,
    /// ours was there and is as it should be now
    Replaced,
}

/// What unregistering did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unregistered {
    /// ours is gone
    Removed,
    /// there was none
    Absent,
    /// one of another installation is there, and stays
    Foreign {
        /// whose it is, as it says
        installation: Option<String>,
    },
}

/// What the cluster has under our name.
#[derive(Clone, Debug, PartialEq)]
pub enum WebhookState {
    /// nothing: no request is asked about
    Absent,
    /// a configuration
    Present {
        /// whose it is, as it says
        installation: Option<String>,
        /// the object, for a comparison with what it should be
        configuration: Value,
    },
}

/// Why the cluster could not be told.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// settings that cannot work
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// somebody else's is there
    #[error(
        "the cluster has a webhook `{NAME}` of another installation ({}); \
         remove it with `kubectl delete validatingwebhookconfiguration {NAME}` if that one is gone",
        .installation.as_deref().unwrap_or("it does not say which")
    )]
    Foreign {
        /// whose it is, as it says
        installation: Option<String>,
    },
    /// the API server refused, or did not answer
    #[error("cannot {doing} the webhook `{NAME}`: {why}")]
    Api {
        /// `read`, `create`, `replace` or `delete`
        doing: &'static str,
        /// what it said
        why: String,
    },
    /// somebody else changes it all the time
    #[error("the webhook `{NAME}` was changed by somebody else {ATTEMPTS} times in a row")]
    Contended,
}

impl Cluster {
    /// Makes the cluster's webhook what the settings say.
    ///
    /// # Errors
    /// Another installation's webhook, or what the API server said.
    pub async fn register(&self, settings: &WebhookSettings) -> Result<Registered, RegisterError> {
        let mut object = configuration(settings)?;
        let params = PostParams { field_manager: Some(MANAGER.to_owned()), ..PostParams::default() };
        for _ in 0..ATTEMPTS {
            let (result, doing, done) = match self.webhook_state().await? {
                WebhookState::Absent => {
                    if let Some(metadata) = object["metadata"].as_object_mut() {
                        metadata.remove("resourceVersion");
                    }
                    let request =
                        Request::new(CONFIGURATIONS).create(&params, object.to_string().into_bytes());
                    (self.send(request).await, "create", Registered::Created)
                }
                WebhookState::Present { installation, .. }
                    if installation.as_deref() != Some(&settings.installation) =>
                {
                    return Err(RegisterError::Foreign { installation });
                }
                WebhookState::Present { configuration, .. } => {
                    object["metadata"]["resourceVersion"] =
                        configuration["metadata"]["resourceVersion"].clone();
                    let request =
                        Request::new(CONFIGURATIONS).replace(NAME, &params, object.to_string().into_bytes());
                    (self.send(request).await, "replace", Registered::Replaced)
                }
            };
            match result {
                Ok(_) => return Ok(done),
                Err(error) if is_code(&error, &[404, 409]) => {}
                Err(error) => return Err(RegisterError::Api { doing, why: why(&error) }),
            }
        }
        Err(RegisterError::Contended)
    }

    /// Takes the webhook of this installation out of the cluster; leaves any other.
    ///
    /// # Errors
    /// What the API server said.
    pub async fn unregister(&self, installation: &str) -> Result<Unregistered, RegisterError> {
        for _ in 0..ATTEMPTS {
            let found = match self.webhook_state().await? {
                WebhookState::Absent => return Ok(Unregistered::Absent),
                WebhookState::Present { installation: other, .. }
                    if other.as_deref() != Some(installation) =>
                {
                    return Ok(Unregistered::Foreign { installation: other });
                }
                WebhookState::Present { configuration, .. } => configuration,
            };
            let text = |field: &str| found["metadata"][field].as_str().map(str::to_owned);
            let preconditions = Preconditions { uid: text("uid"), resource_version: text("resourceVersion") };
            let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::default() };
            match self.send(Request::new(CONFIGURATIONS).delete(NAME, &params)).await {
                Ok(_) => return Ok(Unregistered::Removed),
                Err(error) if is_code(&error, &[404, 409]) => {}
                Err(error) => return Err(RegisterError::Api { doing: "delete", why: why(&error) }),
            }
        }
        Err(RegisterError::Contended)
    }

    /// What the cluster has under our name.
    ///
    /// # Errors
    /// What the API server said.
    pub async fn webhook_state(&self) -> Result<WebhookState, RegisterError> {
        match self.send(Request::new(CONFIGURATIONS).get(NAME, &GetParams::default())).await {
            Ok(configuration) => Ok(WebhookState::Present {
                installation: configuration["metadata"]["annotations"][INSTALLATION]
                    .as_str()
                    .map(str::to_owned),
                configuration,
            }),
            Err(error) if is_code(&error, &[404]) => Ok(WebhookState::Absent),
            Err(error) => Err(RegisterError::Api { doing: "read", why: why(&error) }),
        }
    }

    async fn send(
        &self,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, kube::Error> {
        let request = request.map_err(kube::Error::BuildRequest)?;
        self.client.request::<Value>(request).await
    }
}

fn is_code(error: &kube::Error, codes: &[u16]) -> bool {
    matches!(error, kube::Error::Api(status) if codes.contains(&status.code))
}
