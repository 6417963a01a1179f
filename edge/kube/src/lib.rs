//! What the cluster is asked and told: its namespaces, and that it should ask us.
//!
//! ```text
//! kubeconfig ──> Cluster ──watch──> NamespaceCache ──lookup──> a fact, or why there is none
//!                   └─────register, unregister──> ValidatingWebhookConfiguration `tollgate`
//! settings ──> configuration, manifests ──> plain objects for `install --export`
//! ```
//!
//! INVARIANTS: no answer is older than it says, and none is given once the watch may be broken. Nothing is changed or
//! deleted in the cluster but what carries the mark of this installation.

mod connect;
mod install;
mod json;
mod namespace;
mod webhook;

pub use connect::{Cluster, ConnectError};
pub use install::{InstallSettings, manifests};
pub use json::value_of;
pub use namespace::{Freshness, Lookup, NamespaceCache};
pub use webhook::{
    Endpoint, INSTALLATION, NAME, RegisterError, Registered, SettingsError, Unregistered, WebhookSettings,
    WebhookState, configuration,
};
