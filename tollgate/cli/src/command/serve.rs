//! `tollgate serve`: the gate as a service. As `up`, without the first report and without a watch on the files: a new
//! estate comes with a new start.

use std::net::SocketAddr;
use std::path::PathBuf;

use tollgate_flow::Estate;

use crate::daemon::{Daemon, Doors};
use crate::exit::Exit;
use crate::output::Failure;
use crate::problem;
use crate::settings::Settings;

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    doors: Doors,
    /// Where to serve the status page, without TLS, on this machine only [default: with admission, over TLS]
    #[arg(long, value_name = "ADDR")]
    status: Option<SocketAddr>,
    /// Run as a pod of this namespace: reach the cluster by the pod's service account
    #[arg(long, value_name = "NAMESPACE", conflicts_with = "kubeconfig")]
    in_cluster: Option<String>,
    /// The installation that the cluster knows this gate as [default: its ledger's public key]
    #[arg(long, value_name = "NAME")]
    installation: Option<String>,
    /// The estate: a folder with a `tollgate.toml`, or any path in it
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    crate::input::check_exist(std::slice::from_ref(&arguments.path))?;
    let estate = match Estate::load(&arguments.path, &[]) {
        Ok(estate) => estate,
        Err(error) => return problem::report(error, settings),
    };
    problem::hints(estate.bundle.hints(), &estate.files, settings);
    let mut doors = Doors {
        status: arguments.status,
        in_cluster: arguments.in_cluster.clone(),
        installation: arguments.installation.clone(),
        ..arguments.doors.clone()
    };
    if let Some(namespace) = &arguments.in_cluster {
        doors.host.push(format!("{}.{namespace}.svc", tollgate_kube::NAME));
    }
    let daemon = Daemon::open(estate, &doors, settings)?;
    let swept = daemon.sweep()?;
    problem::unreadable(&swept.unreadable);
    daemon.serve(Daemon::announce)?;
    Ok(Exit::Allow)
}
