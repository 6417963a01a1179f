//! `tollgate uninstall`: takes the webhook out of a cluster, first of all, and says what else there is to delete.

use std::path::PathBuf;

use tollgate_kube::{Cluster, NAME, Unregistered, WebhookState};

use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::settings::Settings;

/// Arguments of `uninstall`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The cluster
    #[arg(long, value_name = "FILE", required = true)]
    kubeconfig: PathBuf,
    /// Context of the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, _settings: &Settings) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told = runtime.block_on(remove(arguments))?;
    print(&format!(
        "{told}\nwhat `install --export` made is left; to delete it:\n  \
         kubectl delete namespace <namespace of the gate>\n  \
         kubectl delete clusterrolebinding,clusterrole {NAME}\n\
         the ledger and the keys are left too: they are evidence, and yours to keep\n"
    ))?;
    Ok(Exit::Allow)
}

/// Whoever asks to uninstall means the webhook that is there, whichever installation made it.
async fn remove(arguments: &Arguments) -> Result<String, Failure> {
    let cluster = Cluster::connect(&arguments.kubeconfig, arguments.context.as_deref()).await?;
    let place = cluster.url().to_owned();
    let installation = match cluster.webhook_state().await? {
        WebhookState::Absent => return Ok(format!("there is no webhook `{NAME}` in the cluster at {place}")),
        WebhookState::Present { installation: Some(installation), .. } => installation,
        WebhookState::Present { installation: None, .. } => {
            return Err(format!(
                "the webhook `{NAME}` does not say that Tollgate made it: look at it, then `kubectl delete validatingwebhookconfiguration {NAME}`"
            )
            .into());
        }
    };
    match cluster.unregister(&installation).await? {
        Unregistered::Removed | Unregistered::Absent => {
            Ok(format!("webhook `{NAME}` (installation {installation}) is out of the cluster at {place}"))
        }
        Unregistered::Foreign { .. } => {
            Err(format!("the webhook `{NAME}` was changed meanwhile: try again").into())
        }
    }
}
