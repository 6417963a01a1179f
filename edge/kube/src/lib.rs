//! What the cluster is asked and told: its objects, and that it should ask us.
//!
//! ```text
//! kubeconfig ──> Cluster ──watch──> ObjectCache ──object, list──> a fact, or why there is none
//!                   │                   └────────subscribe──────> Events: seen, gone, listed anew
//!                   ├─────read──────> one object as it is stored now
//!                   └─────register, unregister──> ValidatingWebhookConfiguration `tollgate`
//! settings ──> configuration, manifests ──> plain objects for `install --export`
//! ```
//!
//! INVARIANTS: no answer is older than it says, and none is given once the watch may be broken. What disappears is told
//! of, whoever watched or not. Nothing is changed or deleted in the cluster but what carries the mark of this
//! installation. Secrets are never read.

mod cache;
mod connect;
mod event;
mod install;
mod json;
mod namespace;
mod prune;
mod read;
mod resource;
mod webhook;

pub use cache::{Freshness, Listing, Lookup, ObjectCache};
pub use connect::{Cluster, ConnectError};
pub use event::{Event, Events, GRAVES, Object};
pub use install::{InstallSettings, manifests};
pub use json::value_of;
pub use namespace::NamespaceCache;
pub use prune::prune;
pub use read::ReadError;
pub use resource::{Keep, NAMESPACES, Presence, Resource, Scope, WATCHED};
pub use webhook::{
    Endpoint, INSTALLATION, NAME, RegisterError, Registered, SettingsError, Unregistered, WebhookSettings,
    WebhookState, configuration,
};
