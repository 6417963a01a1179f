//! The cluster that asks this gate: told when it comes, and when it goes.
//!
//! A gate that `--kubeconfig` registered takes its webhook out when it stops gracefully. One that runs in the cluster
//! leaves it: while its pod is replaced, changes are refused, not waved through.

use std::sync::Arc;
use std::time::Duration;

use tollgate_kube::{
    Cluster, Endpoint, Freshness, NAME, NAMESPACES, ObjectCache, Registered, Unregistered, WATCHED,
    WebhookSettings,
};

use super::Doors;
use crate::output::{Failure, chain};

/// How long the cluster may take to be left.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the API server waits for an answer, in seconds. The gate itself gives up a second earlier.
pub(crate) const TIMEOUT_SECONDS: u8 = 10;

/// A cluster that this gate learns from, and will be asked by.
pub(super) struct Connected {
    cluster: Cluster,
    objects: Arc<ObjectCache>,
    settings: WebhookSettings,
    leaves: bool,
}

/// Where the cluster reaches this gate.
pub(super) struct Target {
    pub(super) url: String,
    pub(super) path: String,
    pub(super) ca_pem: Option<String>,
    pub(super) installation: String,
}

/// Connects to the cluster that the arguments name, if they name one. It asks nothing before [`Connected::register`].
///
/// What bears on cost is watched only where the estate says something of money (`budgeted`).
pub(super) async fn connect(
    doors: &Doors,
    target: Target,
    budgeted: bool,
) -> Result<Option<Connected>, Failure> {
    let (cluster, endpoint) = match (&doors.kubeconfig, &doors.in_cluster) {
        (Some(kubeconfig), _) => {
            let cluster = Cluster::connect(kubeconfig, doors.context.as_deref()).await?;
            (cluster, Endpoint::Url(target.url))
        }
        (None, Some(namespace)) => {
            let endpoint = Endpoint::Service {
                namespace: namespace.clone(),
                name: NAME.to_owned(),
                path: target.path,
                port: 443,
            };
            (Cluster::in_cluster().await?, endpoint)
        }
        (None, None) => return Ok(None),
    };
    let watched = if budgeted { &WATCHED[..] } else { &[NAMESPACES][..] };
    let objects = Arc::new(cluster.watch(watched, Freshness::default()));
    if !objects.synced(PATIENCE).await {
        let troubles = objects.troubles();
        for (resource, why) in &troubles {
            say!("warning: {resource} are not known yet, what reads them is undecidable: {why}");
        }
        if troubles.is_empty() {
            say!("warning: not all is known of the cluster yet, what reads it is undecidable");
        }
    }
    let installation = doors.installation.clone().unwrap_or(target.installation);
    let settings = WebhookSettings {
        installation,
        endpoint,
        ca_pem: target.ca_pem,
        own_namespace: doors.in_cluster.clone(),
        timeout_seconds: TIMEOUT_SECONDS,
    };
    let leaves = doors.kubeconfig.is_some();
    Ok(Some(Connected { cluster, objects, settings, leaves }))
}

impl Connected {
    /// What is known of the cluster's objects.
    pub(super) fn objects(&self) -> Arc<ObjectCache> {
        Arc::clone(&self.objects)
    }

    /// The cluster itself, for reading what a watch cannot say.
    pub(super) fn cluster(&self) -> Cluster {
        self.cluster.clone()
    }

    /// From now on the cluster asks this gate, and refuses what it cannot ask about.
    pub(super) async fn register(&self) -> Result<(), Failure> {
        let done = match self.cluster.register(&self.settings).await? {
            Registered::Created => "registered",
            Registered::Replaced => "registered anew",
        };
        say!("webhook: `{NAME}` {done} with {} ({})", self.cluster.url(), self.cluster.version());
        Ok(())
    }

    /// Takes the webhook out, where it came with this process.
    pub(super) async fn leave(self) {
        if !self.leaves {
            return;
        }
        let why = match tokio::time::timeout(PATIENCE, self.cluster.unregister(&self.settings.installation))
            .await
        {
            Ok(Ok(Unregistered::Removed)) => return say!("webhook: removed"),
            Ok(Ok(Unregistered::Absent)) => return say!("webhook: was gone already"),
            Ok(Ok(Unregistered::Foreign { .. })) => "it is another installation's by now".to_owned(),
            Ok(Err(error)) => chain(&error),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        say!(
            "warning: the webhook could not be removed, so the cluster refuses changes until a gate runs again: {why}\n  \
             = help: kubectl delete validatingwebhookconfiguration {NAME}"
        );
    }
}
