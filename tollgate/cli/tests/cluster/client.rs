//! A client of an API server, or of the gate itself: raw requests, raw answers.

use std::path::Path;

use kube::Config;
use kube::client::Body;
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Blocks; may be used by many threads.
pub(crate) struct Client {
    runtime: Runtime,
    client: kube::Client,
}

/// What a server said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) text: String,
}

impl Client {
    /// A client of the cluster that a kubeconfig names.
    pub(crate) fn of_cluster(kubeconfig: &Path) -> Self {
        Self::of(Kubeconfig::read_from(kubeconfig).expect("a kubeconfig"))
    }

    /// An anonymous client of any server. `name` is the one that its certificate must have.
    pub(crate) fn of_server(url: &str, authority: &Path, name: &str) -> Self {
        let kubeconfig = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "it",
            "clusters": [{"name": "it", "cluster": {
                "server": url, "certificate-authority": authority, "tls-server-name": name,
            }}],
            "users": [{"name": "it", "user": {}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        });
        Self::of(Kubeconfig::from_yaml(&kubeconfig.to_string()).expect("a kubeconfig"))
    }

    fn of(kubeconfig: Kubeconfig) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let client = runtime.block_on(async {
            let options = KubeConfigOptions::default();
            let mut config =
                Config::from_custom_kubeconfig(kubeconfig, &options).await.expect("a configuration");
            // A refusal is an answer.
            config.default_retry = false;
            kube::Client::try_from(config).expect("a client")
        });
        Self { runtime, client }
    }

    /// One request. An error is one of the connection.
    pub(crate) fn send(&self, method: &str, path: &str, body: &str) -> Result<Answer, kube::Error> {
        self.runtime.block_on(async {
            let content = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
            let request = http::Request::builder().method(method).uri(path).header("content-type", content);
            let request = request.body(Body::from(body.as_bytes().to_vec())).expect("a request");
            let answer = self.client.send(request).await?;
            let code = answer.status().as_u16();
            let bytes = answer.into_body().collect_bytes().await?;
            Ok(Answer { code, text: String::from_utf8_lossy(&bytes).into_owned() })
        })
    }

    /// Creates a ConfigMap.
    pub(crate) fn create_map(&self, namespace: &str, map: &Value) -> Answer {
        let path = format!("/api/v1/namespaces/{namespace}/configmaps");
        self.send("POST", &path, &map.to_string()).expect("the API server answers")
    }

    /// The names of all ConfigMaps of a namespace.
    pub(crate) fn maps(&self, namespace: &str) -> Vec<String> {
        let path = format!("/api/v1/namespaces/{namespace}/configmaps");
        let list = self.send("GET", &path, "").expect("the API server answers").json();
        let items = list["items"].as_array().expect("a list").iter();
        items.map(|item| item["metadata"]["name"].as_str().expect("a name").to_owned()).collect()
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn created(&self) -> bool {
        self.code == 201
    }
}
