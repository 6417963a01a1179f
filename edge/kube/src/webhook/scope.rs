//! What the API server never asks us about, and why.
//!
//! The webhook fails closed, so whatever it matches stands still while we are down. A cluster whose housekeeping stands
//! still cannot start us again: that is how admission webhooks have taken clusters down (leases that cannot be renewed,
//! nodes that cannot register, an API server that waits in its own start for a webhook which runs behind it). So what
//! keeps already admitted things running is taken out; what people and controllers ask for anew is not.
//!
//! | never asked about | because |
//! |---|---|
//! | our own namespace, kube-system: what is in them, and they themselves | we and the control plane must be able to start |
//! | the API server's own writes (`system:apiserver`) | its start waits for them (bootstrap roles, default namespaces) |
//! | kubelets (`system:nodes`) | heartbeats, pod status, mirror pods, tokens: the node authorizer already binds them to their own node |
//! | nodes and their status | cloud and node controllers taint and heal them; exec by way of `nodes/proxy` is asked about |
//! | leases | leader election makes two calls in ten seconds; delaying them topples controllers |
//! | events | many, worthless to judge, and written by everything that fails |
//! | token and access reviews | questions, not changes; asking about them would ask about our own caller |
//! | status, endpoints, bindings by the control plane | bookkeeping about what is admitted; without it Services lose running pods |
//!
//! Subresources are asked about like everything else (the rule is `*/*`), but for the two of bookkeeping. So whatever
//! changes what something costs is asked about, whoever does it, the autoscalers of the control plane too:
//!
//! | asked about | comes as |
//! |---|---|
//! | `*/scale`, by people, HorizontalPodAutoscalers and KEDA | UPDATE of a `Scale`: the new count, without the object |
//! | `pods/resize`, by people and VerticalPodAutoscalers | UPDATE of the whole Pod |
//! | `pods/ephemeralcontainers` | UPDATE of the whole Pod; the API server refuses resources in these, so it costs nothing |
//! | `pods/eviction`, `pods/exec` and the like | CREATE or CONNECT of something that has no cost |
//!
//! Each exemption is a condition of its own, so that the API server's audit and metrics name it. Three of them trust a user name;
//! these are names that only the cluster's own certificate authority or token issuer gives out, and whoever has those
//! needs no gap.

use serde_json::{Value, json};

/// Writers of bookkeeping: the control plane's own, as single users or as service accounts of kube-system.
const CONTROL_PLANE: &str = "(request.userInfo.username in ['system:kube-controller-manager', \
    'system:kube-scheduler', 'system:cloud-controller-manager'] || \
    request.userInfo.username.startsWith('system:serviceaccount:kube-system:'))";

const BOOKKEEPING: &str = "((has(request.subResource) && request.subResource in ['status', 'binding']) || \
    (request.resource.group == '' && request.resource.resource in ['endpoints', 'bindings']) || \
    (request.resource.group == 'discovery.k8s.io' && request.resource.resource == 'endpointslices'))";

/// The namespaces that are never asked about.
pub(crate) fn exempt_namespaces(own: Option<&str>) -> Vec<&str> {
    let mut exempt = vec!["kube-system"];
    exempt.extend(own.filter(|own| *own != "kube-system"));
    exempt
}

/// The match conditions: a request is asked about only where all of them hold.
pub(crate) fn conditions(exempt: &[&str]) -> Value {
    let subresource = |name: &str| format!("(has(request.subResource) && request.subResource == '{name}')");
    let namespaces = exempt.join("', '");
    let conditions = [
        ("not-the-api-server", "request.userInfo.username != 'system:apiserver'".to_owned()),
        (
            "not-a-kubelet",
            "!(has(request.userInfo.groups) && 'system:nodes' in request.userInfo.groups && \
             request.userInfo.username.startsWith('system:node:'))"
                .to_owned(),
        ),
        (
            "not-a-node",
            format!(
                "!(request.resource.group == '' && request.resource.resource == 'nodes' && \
                 (!has(request.subResource) || request.subResource == '' || {}))",
                subresource("status")
            ),
        ),
        ("not-a-lease", "request.resource.group != 'coordination.k8s.io'".to_owned()),
        (
            "not-an-event",
            "!(request.resource.group in ['', 'events.k8s.io'] && request.resource.resource == 'events')"
                .to_owned(),
        ),
        (
            "not-a-review",
            "!(request.resource.group in ['authentication.k8s.io', 'authorization.k8s.io'])".to_owned(),
        ),
        (
            "not-an-exempt-namespace",
            format!(
                "!(request.resource.group == '' && request.resource.resource == 'namespaces' && \
                 has(request.name) && request.name in ['{namespaces}'])"
            ),
        ),
        ("not-bookkeeping", format!("!({CONTROL_PLANE} && {BOOKKEEPING})")),
    ];
    conditions.iter().map(|(name, expression)| json!({"name": name, "expression": expression})).collect()
}
