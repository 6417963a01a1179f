//! What `install --export` prints: the gate in a cluster, as plain objects in the order to apply them.
//!
//! ```text
//! InstallSettings ──manifests──> Namespace, account, rights, data, Service, Deployment ── and last the webhook
//! ```
//!
//! The webhook comes last: from then on the cluster waits for us. The rights are to read what is watched, [`WATCHED`] and
//! nothing else, so no Secrets and no ConfigMaps; and to keep the one webhook configuration (creating one cannot be
//! limited to a name, so whoever applies this creates it). One replica, replaced and not rolled, since one data
//! directory has one writer; while it is away, changes are refused.

use serde_json::{Value, json};

use crate::WATCHED;
use crate::webhook::{Endpoint, INSTALLATION, NAME, SettingsError, WebhookSettings, configuration};

const PORT: u16 = 8443;
const DATA: &str = "/var/lib/tollgate";

/// What decides an installation in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallSettings {
    /// which installation this is; any text that no other has
    pub installation: String,
    /// the namespace to run in, made by these manifests
    pub namespace: String,
    /// the image, best by digest; its entry point is `tollgate`
    pub image: String,
    /// what to start: `serve` and its arguments, without `--data` and `--listen`
    pub arguments: Vec<String>,
    /// the path that the API server asks at
    pub path: String,
    /// whom the gate's certificate is signed by, as PEM; nothing where the running gate fills it in
    pub ca_pem: Option<String>,
    /// how long the API server waits, 1 to 30 s
    pub timeout_seconds: u8,
    /// size of the volume for the ledger (`10Gi`); nothing: an empty directory that is lost with the pod
    pub volume: Option<String>,
}

/// The objects, in the order to apply them.
///
/// # Errors
/// Settings that cannot work.
pub fn manifests(settings: &InstallSettings) -> Result<Vec<Value>, SettingsError> {
    let webhook = configuration(&WebhookSettings {
        installation: settings.installation.clone(),
        endpoint: Endpoint::Service {
            namespace: settings.namespace.clone(),
            name: NAME.to_owned(),
            path: settings.path.clone(),
            port: 443,
        },
        ca_pem: settings.ca_pem.clone(),
        own_namespace: Some(settings.namespace.clone()),
        timeout_seconds: settings.timeout_seconds,
    })?;
    let mut objects = vec![
        object(settings, "v1", "Namespace", false, &json!({})),
        object(settings, "v1", "ServiceAccount", true, &json!({})),
        object(settings, "rbac.authorization.k8s.io/v1", "ClusterRole", false, &rights()),
        object(settings, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", false, &binding(settings)),
    ];
    if let Some(size) = &settings.volume {
        let spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}});
        objects.push(object(settings, "v1", "PersistentVolumeClaim", true, &json!({"spec": spec})));
    }
    objects.push(object(settings, "v1", "Service", true, &service()));
    objects.push(object(settings, "apps/v1", "Deployment", true, &json!({"spec": deployment(settings)})));
    objects.push(webhook);
    Ok(objects)
}

fn object(settings: &InstallSettings, version: &str, kind: &str, namespaced: bool, rest: &Value) -> Value {
    let mut object = json!({
        "apiVersion": version,
        "kind": kind,
        "metadata": {
            "name": NAME,
            "labels": {"app.kubernetes.io/name": NAME},
            "annotations": {INSTALLATION: settings.installation},
        },
    });
    if kind == "Namespace" {
        object["metadata"]["name"] = settings.namespace.clone().into();
        object["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] = "restricted".into();
    }
    if namespaced {
        object["metadata"]["namespace"] = settings.namespace.clone().into();
    }
    for (field, value) in rest.as_object().into_iter().flatten() {
        object[field] = value.clone();
    }
    object
}

/// One rule for each API group of what is watched, and one for the webhook.
fn rights() -> Value {
    let mut rules: Vec<Value> = Vec::new();
    for group in WATCHED.chunk_by(|one, next| one.group == next.group) {
        let resources: Vec<&str> = group.iter().map(|resource| resource.plural).collect();
        let groups: Vec<&str> = group.iter().take(1).map(|resource| resource.group).collect();
        rules.push(json!({"apiGroups": groups, "resources": resources, "verbs": ["get", "list", "watch"]}));
    }
    rules.push(json!({
        "apiGroups": ["admissionregistration.k8s.io"],
        "resources": ["validatingwebhookconfigurations"],
        "resourceNames": [NAME],
        "verbs": ["get", "update", "delete"],
    }));
    json!({"rules": rules})
}

fn binding(settings: &InstallSettings) -> Value {
    json!({
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": settings.namespace}],
    })
}

fn service() -> Value {
    json!({"spec": {
        "selector": {"app.kubernetes.io/name": NAME},
        "ports": [{"name": "https", "port": 443, "targetPort": "https"}],
    }})
}

fn deployment(settings: &InstallSettings) -> Value {
    let data = match &settings.volume {
        Some(_) => json!({"name": "data", "persistentVolumeClaim": {"claimName": NAME}}),
        None => json!({"name": "data", "emptyDir": {}}),
    };
    let labels = json!({"app.kubernetes.io/name": NAME});
    json!({
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {
                "serviceAccountName": NAME,
                // what the cluster waits for must not be pushed out by what waits
                "priorityClassName": "system-cluster-critical",
                "securityContext": {
                    "runAsNonRoot": true, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [container(settings)],
                "volumes": [data, {"name": "tmp", "emptyDir": {}}],
            },
        },
    })
}

fn container(settings: &InstallSettings) -> Value {
    let mut arguments = settings.arguments.clone();
    arguments.extend([
        "--data".to_owned(),
        DATA.to_owned(),
        "--listen".to_owned(),
        format!("0.0.0.0:{PORT}"),
    ]);
    let probe = |path: &str| json!({"httpGet": {"path": path, "port": "https", "scheme": "HTTPS"}});
    json!({
        "name": NAME,
        "image": settings.image,
        "args": arguments,
        "ports": [{"name": "https", "containerPort": PORT}],
        "readinessProbe": probe("/readyz"),
        "livenessProbe": probe("/healthz"),
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "data", "mountPath": DATA}, {"name": "tmp", "mountPath": "/tmp"}],
    })
}
