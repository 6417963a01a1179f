//! The cluster: is our webhook there, and does anybody answer where it points? A webhook that nobody answers fails
//! closed: the cluster refuses every change that it matches.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tollgate_kube::{Cluster, NAME, Unregistered, WebhookState};

use super::{Check, Outcome};
use crate::output::chain;

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn checks(kubeconfig: &Path, context: Option<&str>, fix: bool) -> Vec<Check> {
    let cluster = match Cluster::connect(kubeconfig, context).await {
        Ok(cluster) => cluster,
        Err(error) => {
            let help = "name another with `--kubeconfig` and `--context`".to_owned();
            return vec![Check { what: "cluster", outcome: Outcome::Bad { why: chain(&error), help } }];
        }
    };
    let told = format!("{} ({})", cluster.url(), cluster.version());
    let webhook = webhook(&cluster, fix).await;
    vec![Check { what: "cluster", outcome: Outcome::Good(told) }, Check { what: "webhook", outcome: webhook }]
}

async fn webhook(cluster: &Cluster, fix: bool) -> Outcome {
    let (installation, configuration) = match cluster.webhook_state().await {
        Err(error) => {
            let help = "this needs the right to get validatingwebhookconfigurations".to_owned();
            return Outcome::Bad { why: chain(&error), help };
        }
        Ok(WebhookState::Absent) => {
            return Outcome::Note(format!(
                "there is no webhook `{NAME}`: nothing is asked about, everything is admitted"
            ));
        }
        Ok(WebhookState::Present { installation, configuration }) => (installation, configuration),
    };
    let client = &configuration["webhooks"][0]["clientConfig"];
    let Some(url) = client["url"].as_str() else {
        let service =
            format!("{}/{}", word(&client["service"]["namespace"]), word(&client["service"]["name"]));
        return Outcome::Note(format!(
            "points to Service {service}; look with `kubectl get endpointslices -n {}`",
            word(&client["service"]["namespace"])
        ));
    };
    let authority = url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let Err(why) = connect(authority).await else {
        return Outcome::Good(format!("`{NAME}` points to {authority}, and somebody listens there"));
    };
    let why = format!(
        "`{NAME}` points to {authority}, where nobody answers ({why}): the cluster refuses every change that it matches"
    );
    if !fix {
        let help = format!(
            "start the gate again, or take the webhook out: `tollgate doctor --fix --kubeconfig ...`, or `kubectl delete validatingwebhookconfiguration {NAME}`"
        );
        return Outcome::Bad { why, help };
    }
    match cluster.unregister(installation.as_deref().unwrap_or_default()).await {
        Ok(Unregistered::Removed | Unregistered::Absent) => Outcome::Note(format!(
            "`{NAME}` pointed to {authority}, where nobody answered; it is taken out: nothing is judged any more"
        )),
        Ok(Unregistered::Foreign { .. }) => Outcome::Bad {
            why: format!("{why}; it does not say that Tollgate made it, so it stays"),
            help: format!("kubectl delete validatingwebhookconfiguration {NAME}"),
        },
        Err(error) => Outcome::Bad {
            why: chain(&error),
            help: format!("kubectl delete validatingwebhookconfiguration {NAME}"),
        },
    }
}

async fn connect(authority: &str) -> Result<(), String> {
    let address = if authority.rsplit(']').next().unwrap_or(authority).contains(':') {
        authority.to_owned()
    } else {
        format!("{authority}:443")
    };
    match tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect(&address)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
