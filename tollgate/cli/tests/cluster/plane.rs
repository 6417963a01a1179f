//! Clusters with a gate: one for all tests that leave it as it is, or one for a single test.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;
use tempfile::TempDir;
use tollgate_testplane::{Cluster, Options, Ran};

use crate::client::Client;
use crate::gate::{Gate, Settings};
use crate::ledger::Ledger;

/// A cluster that asks a gate.
pub(crate) struct Plane {
    // ended before the cluster: fields drop in order
    pub(crate) gate: Gate,
    pub(crate) cluster: Cluster,
    pub(crate) client: Client,
    _folder: TempDir,
}

static SHARED: Mutex<Weak<Plane>> = Mutex::new(Weak::new());

/// The cluster that all tests share which leave its gate as it is; ended with the last of them.
pub(crate) fn shared() -> Option<Arc<Plane>> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(plane) = shared.upgrade() {
        return Some(plane);
    }
    let plane = Arc::new(alone(|_, _| ())?);
    *shared = Arc::downgrade(&plane);
    Some(plane)
}

/// A cluster for one test. `change` gets the settings of its gate and the folder for all that the test writes.
pub(crate) fn alone(change: impl FnOnce(&mut Settings, &Path)) -> Option<Plane> {
    alone_with(Options::default(), change)
}

/// The same with more flags and files of the API server.
pub(crate) fn alone_with(mut options: Options, change: impl FnOnce(&mut Settings, &Path)) -> Option<Plane> {
    let audit = "apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\n\
                 rules: [{level: Metadata, verbs: [create]}, {level: None}]\n";
    options.files.push(("audit.yaml".to_owned(), audit.to_owned()));
    for flag in ["--audit-policy-file={dir}/audit.yaml", "--audit-log-path={dir}/audit.log"] {
        options.apiserver_flags.push(flag.to_owned());
    }
    let cluster = tollgate_testplane::start_with(&options)?;
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = Settings::new(&cluster, folder.path());
    change(&mut settings, folder.path());
    let gate = Gate::start(settings);
    let client = Client::of_cluster(&cluster.kubeconfig());
    Some(Plane { gate, cluster, client, _folder: folder })
}

impl Plane {
    /// Makes a namespace.
    pub(crate) fn namespace(&self, name: &str) {
        self.cluster.kubectl(&["create", "namespace", name]).expect_success();
    }

    /// kubectl in a namespace.
    pub(crate) fn kubectl(&self, namespace: &str, arguments: &[&str]) -> Ran {
        self.cluster.kubectl(&[&["-n", namespace], arguments].concat())
    }

    /// kubectl with an object on standard input: `create -f -` and the like.
    pub(crate) fn send(&self, namespace: &str, arguments: &[&str], object: &Value) -> Ran {
        self.cluster
            .kubectl_stdin(&[&["-n", namespace], arguments, &["-f", "-"]].concat(), &object.to_string())
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.gate.ledger()
    }

    /// The annotations of the API server's audit log on creations that this names, our own without their prefix.
    pub(crate) fn audit(&self, uri: &str, name: &str) -> Vec<Value> {
        let log = std::fs::read_to_string(self.audit_log()).expect("an audit log");
        // The last line may be half written.
        let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        events
            .filter(|event| event["requestURI"].as_str().is_some_and(|at| at.contains(uri)))
            .filter(|event| event["objectRef"]["name"] == name)
            .map(|mut event| event["annotations"].take())
            .collect()
    }

    fn audit_log(&self) -> PathBuf {
        self.cluster.dir().join("audit.log")
    }
}
