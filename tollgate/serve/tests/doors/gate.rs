//! A gate on a small estate, and a server before it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tollgate_flow::{Estate, Gate, Settings};
use tollgate_serve::{ServeSettings, Server, Tls};
use tollgate_vocabulary::Fact;

use crate::client::Client;

const CONFIG: &str = "[estate]\nname = \"doors\"\n";

const RULES: &str = r#"package doors

import rego.v1

# METADATA
# title: Deployments name their cost centre
# custom:
#   id: cost-centre
#   remedy: add the label `cost`
deny contains finding if {
	input.kind == "Deployment"
	not input.metadata.labels.cost
	finding := {"msg": "label `cost` is missing", "path": "metadata.labels"}
}

# METADATA
# title: Names are long
# custom:
#   id: name-length
warn contains "the name is short" if {
	count(input.metadata.name) < 5
}
"#;

/// A running server.
pub(crate) struct Running {
    pub(crate) client: Client,
    pub(crate) address: SocketAddr,
    pub(crate) status: SocketAddr,
    /// the path with the secret
    pub(crate) path: String,
    pub(crate) gate: Arc<Gate>,
    pub(crate) estate: PathBuf,
    pub(crate) data: PathBuf,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    _folder: TempDir,
}

impl Running {
    /// On loopback, with certificates of its own.
    pub(crate) async fn start() -> Self {
        Self::with(|_, _| {}).await
    }

    /// With other settings; they are told the folder that everything is in.
    pub(crate) async fn with(change: impl FnOnce(&mut ServeSettings, &Path)) -> Self {
        Self::on(&[], Fact::Unavailable { why: "nobody to ask".into() }, change).await
    }

    /// On an estate with these files more, where every question has this answer.
    pub(crate) async fn on(
        files: &[(&str, &str)],
        answer: Fact,
        change: impl FnOnce(&mut ServeSettings, &Path),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (estate, data) = (folder.path().join("estate"), folder.path().join("data"));
        fs::create_dir_all(estate.join("policy")).expect("made");
        fs::write(estate.join("tollgate.toml"), CONFIG).expect("written");
        fs::write(estate.join("policy/doors.rego"), RULES).expect("written");
        for (path, text) in files {
            fs::write(estate.join(path), text).expect("written");
        }

        let (at, settings) = (estate.clone(), Settings { data: data.clone() });
        let open = move || {
            let estate = Estate::load(&at, &[]).expect("the rules compile");
            Gate::open(&settings, estate, Box::new(move |_| answer.clone())).expect("the gate opens")
        };
        let gate = Arc::new(tokio::task::spawn_blocking(open).await.expect("opened"));

        let mut settings =
            ServeSettings::new("127.0.0.1:0".parse().expect("an address"), Tls::Own { names: vec![] });
        settings.status = Some("127.0.0.1:0".parse().expect("an address"));
        change(&mut settings, folder.path());
        let server = Server::bind(settings, Arc::clone(&gate)).await.expect("bound");
        let (address, status) = (server.local_addr(), server.status_addr().expect("a status address"));
        let path = format!("/admit/{}", gate.keyring().path_secret());
        let authority = server.ca_pem().expect("readable").expect("our own authority");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.run(async move {
            let _ = stopped.await;
        }));
        let client = Client::new(address, &authority);
        let stop = Some(stop);
        Self { client, address, status, path, gate, estate, data, stop, serving, _folder: folder }
    }

    /// Asks for an admission, and reads the review.
    pub(crate) async fn admit(&self, review: &Value) -> Value {
        let answer = self.client.post(&self.path, &review.to_string()).await;
        assert_eq!(answer.code, 200, "{}", answer.text());
        answer.json()
    }

    /// How many decisions stand in the ledger.
    pub(crate) fn decisions(&self) -> u64 {
        let reader = tollgate_store::Store::open_read_only(&self.data).expect("readable");
        let size = reader.view().size().expect("readable");
        let entries = reader.view().entries(0..size).expect("readable");
        entries.iter().filter(|entry| entry.kind() == tollgate_ledger::Kind::Decision).count() as u64
    }

    /// A metric's value; none where there is no such line.
    pub(crate) async fn metric(&self, line: &str) -> Option<f64> {
        let text = self.client.get("/metrics").await.text();
        let found = text.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        found.map(|value| value.parse().expect("a number"))
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&mut self) {
        let _ = self.stop.take().expect("stopped once").send(());
    }

    /// Waits until the server has stopped.
    pub(crate) async fn stopped(self) {
        self.serving.await.expect("it ends in order");
    }
}

/// A review that asks to create a Deployment.
pub(crate) fn deployment(uid: &str, name: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": uid,
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "requestKind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "requestResource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "name": name,
            "namespace": "web",
            "operation": "CREATE",
            "userInfo": {"username": "kim@example.org", "groups": ["system:authenticated"]},
            "object": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "metadata": {"name": name, "namespace": "web", "labels": labels},
                "spec": {"replicas": 1}
            },
            "oldObject": null,
            "dryRun": false,
            "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"}
        }
    })
}

/// The recorded reviews, by file name; none where they are not there.
pub(crate) fn recorded() -> Vec<(String, String)> {
    let fallback = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into();
    let folder = std::env::var_os("TOLLGATE_TEST_DATA").unwrap_or(fallback);
    let folder = Path::new(&folder).join("admission-reviews");
    let Ok(files) = fs::read_dir(&folder) else {
        eprintln!("SKIPPED: no test data at {}", folder.display());
        return Vec::new();
    };
    let paths = files.map(|file| file.expect("a file").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    paths.sort();
    let read = |path: PathBuf| (path.display().to_string(), fs::read_to_string(&path).expect("readable"));
    paths.into_iter().map(read).collect()
}
