//! A real API server for tests: etcd and kube-apiserver on loopback, gone when dropped.
//!
//! ```text
//! testplane/build.sh cluster ──> Programs ──> etcd <── kube-apiserver <── kubectl, or any client by kubeconfig
//! rcgen ──> Authority ──> server certificate, administrator, anybody else a test wants to be
//! ```
//!
//! No controllers run: no garbage collection, no default service accounts, no ReplicaSets, and a namespace that is
//! deleted stays. Every cluster has its own folder, ports and certificates, so tests may run side by side.
//!
//! ```no_run
//! let Some(cluster) = tollgate_testplane::start() else { return };
//! cluster.kubectl(&["create", "namespace", "shop"]).expect_success();
//! ```

mod authority;
mod cluster;
mod output;
mod process;
mod programs;

pub use authority::{Authority, Identity};
pub use cluster::{Cluster, Options, StartError};
pub use output::Ran;
pub use programs::{Programs, ProgramsError};

/// A cluster with default options, or nothing where its programs were never built: then the test is skipped, and
/// says so.
///
/// # Panics
/// Where the programs are missing and `CI=true`, or they do not start.
#[must_use]
pub fn start() -> Option<Cluster> {
    start_with(&Options::default())
}

/// The same with options.
///
/// # Panics
/// Where the programs are missing and `CI=true`, or they do not start.
#[must_use]
pub fn start_with(options: &Options) -> Option<Cluster> {
    let programs = match Programs::find() {
        Ok(programs) => programs,
        Err(error) if std::env::var_os("CI").is_some_and(|ci| ci == "true") => panic!("{error}"),
        Err(error) => {
            eprintln!("SKIPPED: no real API server: {error}");
            return None;
        }
    };
    match Cluster::start_with(&programs, options) {
        Ok(cluster) => Some(cluster),
        Err(error) => panic!("{error}"),
    }
}
