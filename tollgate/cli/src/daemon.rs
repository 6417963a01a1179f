//! The running gate, as `up` and `serve` start it.
//!
//! ```text
//! estate ──> Gate (keys, store, bundle in force) ──> Server (addresses taken) ──> sweep ──> cluster told ──> serve
//!                                                                                                             │
//! SIGINT, SIGTERM ──> cluster told ──> no more connections ──> what is in flight is answered ──> writer ends
//! ```
//!
//! INVARIANT: what was acknowledged is in the store before it is answered, so a kill at any moment loses none of it.

mod address;
mod cluster;
mod example;
mod follow;
pub(crate) mod objects;
mod settle;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tollgate_flow::{Estate, Gate, Sweep, sweep};
use tollgate_serve::Server;

pub(crate) use address::Doors;
use cluster::Connected;
pub(crate) use cluster::TIMEOUT_SECONDS;
use objects::Objects;
use settle::{Settler, Settling};

use crate::installation;
use crate::output::{Failure, print};
use crate::settings::Settings;
use crate::trace;

/// A gate that has its keys, its store and its addresses.
pub(crate) struct Daemon {
    pub(crate) gate: Arc<Gate>,
    pub(crate) root: PathBuf,
    objects: Objects,
    cluster: Option<Connected>,
    settling: Option<Settling>,
    server: Server,
    doors: Doors,
    stop: [Signal; 2],
    runtime: Runtime,
}

impl Daemon {
    /// Opens the estate's data directory and takes the addresses.
    pub(crate) fn open(estate: Estate, doors: &Doors, settings: &Settings) -> Result<Self, Failure> {
        trace::start(settings.verbose);
        let root = estate.root.clone().ok_or("a gate needs an estate: a folder with a `tollgate.toml`")?;
        let data = installation::data_dir(estate.bundle.config(), settings)?;
        let objects = Objects::default();
        let gate = Gate::open(&tollgate_flow::Settings { data }, estate, objects.answerer())?;
        let gate = Arc::new(gate);
        if gate.made_keys() {
            let keys = gate.keyring().dir().display();
            say!("keys: made in `{keys}`, readable by you alone; keep a copy");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // From here on a signal waits until the gate can stop as it should.
        let stop = {
            let _in_runtime = runtime.enter();
            [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]
        };
        let server = runtime.block_on(Server::bind(doors.serve_settings()?, Arc::clone(&gate)))?;
        let mut daemon = Self {
            gate,
            root,
            objects,
            cluster: None,
            settling: None,
            server,
            doors: doors.clone(),
            stop,
            runtime,
        };
        daemon.connect()?;
        Ok(daemon)
    }

    /// Judges all that is there, and records what is new.
    pub(crate) fn sweep(&self) -> Result<Sweep, Failure> {
        Ok(sweep(&self.gate)?)
    }

    /// Watches the estate's files until the process ends.
    pub(crate) fn follow(&self, settings: &Settings) -> Result<(), Failure> {
        let follower = follow::Follower {
            gate: Arc::clone(&self.gate),
            root: self.root.clone(),
            settings: settings.clone(),
            knows_money: self.cluster.is_none() || self.settling.is_some(),
        };
        follower.start()
    }

    /// Where the gate is, for people and scripts: a line each, on standard output.
    pub(crate) fn announce(&self) -> Result<(), Failure> {
        let mut lines = format!("admission: {}\n", self.admission_url());
        if let Some(status) = self.server.status_addr() {
            lines.push_str(&format!("status: http://{status}/\n"));
        }
        print(&lines)
    }

    /// A request to try, and the command that sends it.
    pub(crate) fn try_it(&self) -> Result<Option<String>, Failure> {
        let Some(review) = example::write(&self.gate, &self.root)? else { return Ok(None) };
        let authority = self.gate.data().join("tls/ca.crt");
        let authority = match (self.doors.own_certificate(), self.server.ca_pem()?) {
            (true, Some(_)) => format!(" --cacert {}", quoted(&authority)),
            _ => String::new(),
        };
        let client = if self.doors.client_ca.is_some() { " --cert client.crt --key client.key" } else { "" };
        Ok(Some(format!(
            "curl -sS{authority}{client} -H 'Content-Type: application/json' --data-binary @{} {}",
            quoted(&review),
            self.admission_url()
        )))
    }

    /// Has the cluster ask, lets `announce` say so, and serves until SIGINT or SIGTERM. A gate that does not come to
    /// serve leaves no webhook behind.
    pub(crate) fn serve(self, announce: impl FnOnce(&Self) -> Result<(), Failure>) -> Result<(), Failure> {
        if let Some(cluster) = &self.cluster {
            self.runtime.block_on(cluster.register())?;
        }
        if let Err(failure) = announce(&self) {
            if let Some(cluster) = self.cluster {
                self.runtime.block_on(cluster.leave());
            }
            return Err(failure);
        }
        let Self { gate, server, cluster, settling, runtime, stop: [mut interrupt, mut terminate], .. } =
            self;
        let stop = async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            say!("stopping");
            if let Some(cluster) = cluster {
                cluster.leave().await;
            }
        };
        runtime.block_on(server.run(stop));
        drop(settling);
        gate.stop();
        runtime.shutdown_timeout(Duration::from_secs(1));
        Ok(())
    }

    fn admission_url(&self) -> String {
        self.doors.url(self.server.local_addr(), &self.server.admission_path())
    }

    fn connect(&mut self) -> Result<(), Failure> {
        let ca = self.server.ca_pem()?;
        let installation = self.gate.keyring().verifier().to_string();
        let target = cluster::Target {
            url: self.admission_url(),
            path: self.server.admission_path(),
            ca_pem: ca,
            installation,
        };
        let budgeted = self.gate.pinned().estate.bundle.cost().is_some();
        let connected = self.runtime.block_on(cluster::connect(&self.doors, target, budgeted))?;
        if let Some(connected) = connected {
            self.objects.of_cluster(connected.objects());
            if budgeted {
                let (cluster, cache) = (connected.cluster(), connected.objects());
                let settler = Settler { gate: Arc::clone(&self.gate), cluster, cache };
                self.settling = Some(settler.start(self.runtime.handle().clone())?);
            }
            self.cluster = Some(connected);
        }
        Ok(())
    }
}

/// A path for a shell.
fn quoted(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:@".contains(&byte);
    if text.bytes().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
