//! `tollgate up`, registered with a cluster.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use tollgate_testplane::Cluster;

use crate::client::Client;
use crate::estate::Estate;
use crate::ledger::{Ledger, tollgate};
use crate::object::map;
use crate::process::Process;
use crate::wait::until;

/// A gate with an estate and a data directory, running or not.
pub(crate) struct Gate {
    process: Process,
    settings: Settings,
    admission: String,
}

/// How a gate is started.
pub(crate) struct Settings {
    /// its estate
    pub(crate) estate: Estate,
    /// keys and ledger
    pub(crate) data: PathBuf,
    /// more arguments
    pub(crate) arguments: Vec<String>,
    /// what it runs under: a program and its arguments, before its own
    pub(crate) under: Vec<String>,
    /// whether `data` is on a disk that only it sees
    pub(crate) own_disk: bool,
    /// the cluster
    pub(crate) kubeconfig: PathBuf,
}

impl Settings {
    /// The usual ones, everything below `folder`.
    pub(crate) fn new(cluster: &Cluster, folder: &Path) -> Self {
        Self {
            estate: Estate::new(folder),
            data: folder.join("data"),
            arguments: Vec::new(),
            under: Vec::new(),
            own_disk: false,
            kubeconfig: cluster.kubeconfig(),
        }
    }

    fn command(&self, listen: &str) -> Command {
        let gate = tollgate();
        let mut command = match self.under.split_first() {
            None => gate,
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(gate.get_program());
                command
            }
        };
        command.arg("up").arg(self.estate.root()).arg("--data").arg(&self.data);
        command.args(["--listen", listen, "--status", "127.0.0.1:0", "-v"]);
        command.arg("--kubeconfig").arg(&self.kubeconfig).args(&self.arguments);
        command
    }
}

impl Gate {
    /// Starts it on a free port, and waits until the cluster asks it.
    pub(crate) fn start(settings: Settings) -> Self {
        let mut process = Process::start(settings.command("127.0.0.1:0"));
        let admission = process.hear("admission: ");
        let gate = Self { process, settings, admission };
        gate.wait_until_asked();
        gate
    }

    /// Kills it where it runs, and starts it again on the same port with the same data.
    pub(crate) fn restart(&mut self) {
        self.process.kill();
        let before = self.admission.clone();
        self.process = Process::start(self.settings.command(&self.address()));
        self.admission = self.process.hear("admission: ");
        assert_eq!(self.admission, before, "the webhook still points here");
    }

    /// Starts it once more, under a script that it cannot start under, and waits for its end.
    pub(crate) fn fail_to_start(&mut self, under: Vec<String>) -> ExitStatus {
        self.process.kill();
        self.settings.under = under;
        self.process = Process::start(self.settings.command("127.0.0.1:0"));
        self.process.wait()
    }

    /// Waits until the API server refuses what only this gate would refuse; records nothing.
    pub(crate) fn wait_until_asked(&self) {
        let client = Client::of_cluster(&self.settings.kubeconfig);
        let path = "/api/v1/namespaces/default/configmaps?dryRun=All";
        until("the API server asks the gate", || {
            let answer = client.send("POST", path, &map("probe", "bad").to_string()).expect("an answer");
            if answer.text.contains("deny[nothing-bad]") { Ok(()) } else { Err(answer.text) }
        });
    }

    pub(crate) fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    pub(crate) fn terminate(&mut self) -> ExitStatus {
        self.process.terminate()
    }

    pub(crate) fn estate(&self) -> &Estate {
        &self.settings.estate
    }

    /// Its data directory, as everybody sees it.
    pub(crate) fn data(&self) -> PathBuf {
        let data = &self.settings.data;
        match data.strip_prefix("/") {
            Ok(below) if self.settings.own_disk => {
                PathBuf::from(format!("/proc/{}/root", self.process.id())).join(below)
            }
            _ => data.clone(),
        }
    }

    /// Its ledger. One on a disk that only the gate sees is read from where the gate is.
    pub(crate) fn ledger(&self) -> Ledger {
        let inside = self.settings.own_disk.then(|| self.process.id());
        Ledger { data: self.settings.data.clone(), inside }
    }

    /// `https://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address())
    }

    /// `/admit/<secret>`
    pub(crate) fn path(&self) -> String {
        let start = self.admission.find("/admit").expect("the path of the webhook");
        self.admission[start..].to_owned()
    }

    /// A client that asks the gate itself.
    pub(crate) fn client(&self) -> Client {
        Client::of_server(&self.url(), &self.data().join("tls/ca.crt"), "localhost")
    }

    fn address(&self) -> String {
        let rest = self.admission.strip_prefix("https://").expect("TLS");
        rest.split('/').next().expect("an address").to_owned()
    }
}
