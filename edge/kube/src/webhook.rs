//! The one webhook: how the API server is told to ask us, and to ask us no more.
//!
//! ```text
//! WebhookSettings ──configuration──> ValidatingWebhookConfiguration ──register──> API server
//!                                                                    <──unregister, webhook_state
//! ```
//!
//! INVARIANTS: one configuration, one webhook, one rule, so that no request is asked about twice. It fails closed. It
//! carries the mark of the installation that made it, and no other installation touches it.

mod register;
mod scope;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use serde_json::{Value, json};

pub use register::{RegisterError, Registered, Unregistered, WebhookState};
pub(crate) use scope::{conditions, exempt_namespaces};

/// The name of the ValidatingWebhookConfiguration, and of what else is installed.
pub const NAME: &str = "tollgate";

/// The annotation that says which installation an object belongs to.
pub const INSTALLATION: &str = "tollgate.dev/installation";

const WEBHOOK: &str = "gate.tollgate.dev";

/// What decides a webhook configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookSettings {
    /// which installation this is; any text that no other has
    pub installation: String,
    /// where we are asked
    pub endpoint: Endpoint,
    /// whom our certificate is signed by, as PEM; nothing where the running gate fills it in
    pub ca_pem: Option<String>,
    /// the namespace that we run in, where we run in the cluster
    pub own_namespace: Option<String>,
    /// how long the API server waits for us, 1 to 30 s
    pub timeout_seconds: u8,
}

/// Where we are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// outside of the cluster: an https URL without query or fragment
    Url(String),
    /// a Service in the cluster
    Service {
        /// its namespace
        namespace: String,
        /// its name
        name: String,
        /// with a leading slash
        path: String,
        /// of the Service, not of the pod
        port: u16,
    },
}

/// Settings that the API server would refuse, or that would not be safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// 0, or more than 30
    #[error("a webhook's timeout is 1 to 30 s, not {0} s")]
    Timeout(u8),
    /// not https, or with a query
    #[error("`{0}` is no webhook URL: it must start with `https://` and have no query or fragment")]
    Url(String),
    /// not a DNS label
    #[error("`{0}` is no name of a namespace")]
    Namespace(String),
    /// nothing to know our own webhook by
    #[error("the installation has no name")]
    NoInstallation,
}

/// The ValidatingWebhookConfiguration.
///
/// - `failurePolicy: Fail`: what nobody judged is not admitted.
/// - `sideEffects: NoneOnDryRun`: a decision is recorded, a dry run's is not.
/// - `matchPolicy: Equivalent`: the rule matches every version anyway; it says so for whoever narrows it.
/// - The rule is everything, subresources too (`*/*`): scale, exec and eviction are changes. What must never wait for
///   us is taken out by selector and conditions, see `scope`.
///
/// # Errors
/// Settings that cannot work.
pub fn configuration(settings: &WebhookSettings) -> Result<Value, SettingsError> {
    if !(1..=30).contains(&settings.timeout_seconds) {
        return Err(SettingsError::Timeout(settings.timeout_seconds));
    }
    if settings.installation.trim().is_empty() {
        return Err(SettingsError::NoInstallation);
    }
    if let Some(own) = settings.own_namespace.as_deref().filter(|own| !is_label(own)) {
        return Err(SettingsError::Namespace(own.to_owned()));
    }
    let mut client = match &settings.endpoint {
        Endpoint::Url(url) if !url.starts_with("https://") || url.contains(['?', '#']) => {
            return Err(SettingsError::Url(url.clone()));
        }
        Endpoint::Url(url) => json!({"url": url}),
        Endpoint::Service { namespace, name, path, port } => {
            json!({"service": {"namespace": namespace, "name": name, "path": path, "port": port}})
        }
    };
    if let Some(pem) = &settings.ca_pem {
        client["caBundle"] = base64::engine::general_purpose::STANDARD.encode(pem).into();
    }
    let exempt = exempt_namespaces(settings.own_namespace.as_deref());
    Ok(json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {
            "name": NAME,
            "labels": {"app.kubernetes.io/name": NAME, "app.kubernetes.io/managed-by": NAME},
            "annotations": {INSTALLATION: settings.installation},
        },
        "webhooks": [{
            "name": WEBHOOK,
            "admissionReviewVersions": ["v1"],
            "clientConfig": client,
            "failurePolicy": "Fail",
            "matchPolicy": "Equivalent",
            "sideEffects": "NoneOnDryRun",
            "timeoutSeconds": settings.timeout_seconds,
            "rules": [{
                "operations": ["CREATE", "UPDATE", "DELETE", "CONNECT"],
                "apiGroups": ["*"],
                "apiVersions": ["*"],
                "resources": ["*/*"],
                "scope": "*",
            }],
            "namespaceSelector": {"matchExpressions": [
                {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": exempt},
            ]},
            "matchConditions": conditions(&exempt),
        }],
    }))
}

/// RFC 1123, section 2.1, as the API server takes it; also keeps the name from meaning anything in a condition.
fn is_label(name: &str) -> bool {
    let within = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(within)
        && !name.starts_with('-')
        && !name.ends_with('-')
}
