//! What people see.

use std::fs;

use axum::body::Body;
use hyper::Request;
use serde_json::{Value, json};
use tollgate_vocabulary::{Fact, Source, Timestamp};

use crate::client::{Answer, Client, plainly};
use crate::gate::{Running, deployment, recorded};

async fn page(gate: &Running, path: &str) -> Answer {
    let request = Request::get(path).header("host", format!("127.0.0.1:{}", gate.status.port()));
    plainly(gate.status, request.body(Body::empty()).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_decisions_with_their_proof_and_need_no_script() {
    let gate = Running::start().await;
    let answer = gate.admit(&deployment("u-1", "vision", &json!({}))).await;
    let id = answer["response"]["auditAnnotations"]["decision"].as_str().expect("an id").to_owned();
    for path in ["/", "/decisions", &format!("/decisions/{id}")] {
        let answer = page(&gate, path).await;
        assert_eq!(answer.code, 200, "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("a text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        let text = answer.text();
        for trace in ["<script", "javascript:", "http://", "https://", " style=", " onclick"] {
            assert!(!text.contains(trace), "{path} has {trace}");
        }
        assert!(
            text.contains("<html lang=\"en\">") && text.contains("vision") && text.contains("deny"),
            "{path}"
        );
        assert!(text.contains(&id));
    }
    let decision = page(&gate, &format!("/decisions/{id}")).await.text();
    for part in
        ["kim@example.org", "label `cost` is missing", "policy/doors.rego:", "Leaf hash", "log verify --data"]
    {
        assert!(decision.contains(part), "{part}");
    }
    assert_eq!(page(&gate, "/style.css").await.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(page(&gate, "/decisions/d-0000000000000000").await.code, 404);
    assert_eq!(page(&gate, "/decisions/nonsense").await.code, 404);
    assert_eq!(page(&gate, "/decisions?before=x").await.code, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_on_a_page_leads_to_the_published_root() {
    let gate = Running::start().await;
    let mut last = Value::Null;
    for at in 0..5 {
        last = gate.admit(&deployment(&format!("u-{at}"), "vision", &json!({}))).await;
    }
    let annotations = &last["response"]["auditAnnotations"];
    let (id, index) =
        (annotations["decision"].as_str().expect("an id"), annotations["index"].as_str().expect("one"));
    let index: u64 = index.parse().expect("a number");
    let mut note = None;
    for _ in 0..60 {
        let answer = gate.client.get("/log/checkpoint").await;
        let checkpoint = tollgate_ledger::Checkpoint::verify(&answer.body, gate.gate.verifier()).ok();
        note = checkpoint.filter(|checkpoint| checkpoint.size > index);
        if note.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let checkpoint = note.expect("a checkpoint covers the entry within a second or so");
    let text = page(&gate, &format!("/decisions/{id}")).await.text();
    let after = |title: &str| text.split(title).nth(1).expect(title).to_owned();
    let hashes = |text: &str| -> Vec<tollgate_vocabulary::Digest> {
        let codes = text.split("<code>").skip(1).map(|rest| rest.split("</code>").next().expect("an end"));
        codes.map(|hex| format!("sha256:{hex}").parse().expect("a hash")).collect()
    };
    let leaf = hashes(after("Leaf hash").split("</dd>").next().expect("a part"))[0];
    let list = after("Hashes that lead from the leaf to the root");
    let proof = hashes(list.split("</ol>").next().expect("a list"));
    let verified = tollgate_ledger::verify_inclusion(&leaf, index, checkpoint.size, &proof, &checkpoint.root);
    verified.expect("the proof verifies");
    assert!(text.contains(&checkpoint.root.hex()));
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_paged() {
    let gate = Running::start().await;
    for at in 0..60 {
        gate.admit(&deployment(&format!("u-{at}"), &format!("vision-{at}"), &json!({}))).await;
    }
    let first = page(&gate, "/decisions").await.text();
    assert!(first.contains("vision-59") && !first.contains("vision-5<"), "the newest first");
    let older =
        first.split("rel=\"next\" href=\"").nth(1).expect("a link").split('"').next().expect("an end");
    let second = page(&gate, older).await.text();
    assert!(second.contains("CREATE Deployment web/vision-0<") && !second.contains("vision-59"), "{second}");
    assert!(!second.contains("rel=\"next\""));
    assert_eq!(page(&gate, "/decisions?before=18446744073709551615").await.code, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_bundle_is_announced() {
    let gate = Running::start().await;
    gate.gate.set_broken(Some("policy/doors.rego:3:1: <not> a rule".to_owned()));
    let text = page(&gate, "/").await.text();
    assert!(
        text.contains("role=\"alert\"") && text.contains("policy/doors.rego:3:1: &lt;not&gt; a rule"),
        "{text}"
    );
    assert_eq!(gate.metric("tollgate_bundle_broken").await, Some(1.0));
    assert_eq!(gate.client.get("/readyz").await.code, 200, "the old bundle decides");
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_in_files_are_shown_with_their_line() {
    let gate = Running::start().await;
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: <api>\n  namespace: web\n  labels: {a: b}\n";
    fs::write(gate.estate.join("api.yaml"), manifest.replace("<api>", "storefront")).expect("written");
    let swept = std::sync::Arc::clone(&gate.gate);
    let sweep = tokio::task::spawn_blocking(move || tollgate_flow::sweep(&swept)).await.expect("swept");
    sweep.expect("swept");
    let text = page(&gate, "/").await.text();
    assert!(text.contains("api.yaml:6"), "{text}");
    assert!(text.contains("labels: {a: b}") && text.contains("label `cost` is missing"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_for_this_machine_under_its_own_name() {
    let gate = Running::with(|settings, _| settings.listen = "0.0.0.0:0".parse().expect("an address")).await;
    let rebound =
        Request::get("/").header("host", "evil.example:8443").body(Body::empty()).expect("a request");
    assert_eq!(plainly(gate.status, rebound).await.code, 421);
    for path in ["/admit", "/metrics", "/healthz", &gate.path] {
        assert_eq!(page(&gate, path).await.code, 404, "{path} is not served without TLS");
    }
    assert_eq!(page(&gate, "/").await.code, 200);
    let address = format!("127.0.0.1:{}", gate.address.port()).parse().expect("an address");
    let near = Client { address, ..gate.client.clone() };
    assert_eq!(near.get("/").await.code, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_serves_tiles_and_nothing_else() {
    let gate = Running::start().await;
    gate.admit(&deployment("u-1", "vision", &json!({}))).await;
    let mut answer = gate.client.get("/log/checkpoint").await;
    for _ in 0..60 {
        if answer.code == 200 && answer.text().contains("\n2\n") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        answer = gate.client.get("/log/checkpoint").await;
    }
    assert!(answer.text().starts_with("tollgate.dev/doors\n2\n"), "{}", answer.text());
    let tile = gate.client.get("/log/tile/0/000.p/2").await;
    assert_eq!((tile.code.as_u16(), tile.body.len()), (200, 64));
    for path in [
        "/log/tile/../../tollgate.db",
        "/log/tile/%2e%2e/%2e%2e/tollgate.db",
        "/log/tile/0/..%2f..%2f..%2ftollgate.db",
        "/log/../tollgate.db",
        "/log/",
        "/log/tile/",
        "/log/tile/0/000.p/3",
    ] {
        assert_eq!(gate.client.get(path).await.code, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_output_holds_a_secret_value() {
    let gate = Running::start().await;
    let reviews = recorded();
    let secret = reviews.iter().find(|(_, body)| body.contains("aHVudGVyMg=="));
    let Some((_, body)) = secret else { return };
    let mut outputs = vec![gate.client.post(&gate.path, body).await.text()];
    let broken = body.replace("aHVudGVyMg==\"", "aHVudGVyMg==\" oops");
    outputs.push(gate.client.post(&gate.path, &broken).await.text());
    outputs.push(gate.client.post(&gate.path, &body.replace("admission.k8s.io/v1", "v1")).await.text());
    let id =
        serde_json::from_str::<Value>(&outputs[0]).expect("JSON")["response"]["auditAnnotations"]["decision"]
            .clone();
    for path in ["/", "/decisions", &format!("/decisions/{}", id.as_str().expect("an id"))] {
        let answer = page(&gate, path).await;
        assert_eq!(answer.code, 200, "{path}");
        outputs.push(answer.text());
    }
    outputs.push(gate.client.get("/metrics").await.text());
    for output in &outputs {
        assert!(!output.contains("aHVudGVyMg") && !output.contains("hunter2"), "{output}");
    }
}

const BUDGET: &str = "apiVersion: tollgate.dev/v1
kind: Budget
metadata:
  name: web
spec:
  owner: web@example.org
  scope:
    namespaces: [web]
  amount: \"1000\"
  currency: USD
  peakPerHour: \"0.1\"
";

/// With a request of one core and one GiB, by the prices that ship: 0.035848 USD an hour.
fn sized(uid: &str, name: &str, replicas: u64) -> Value {
    let mut review = deployment(uid, name, &json!({"cost": "CC-1"}));
    review["request"]["object"]["spec"] = json!({
        "replicas": replicas,
        "strategy": {"type": "Recreate"},
        "template": {"spec": {"containers": [
            {"name": "a", "image": "x", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}},
        ]}},
    });
    review
}

#[tokio::test(flavor = "multi_thread")]
async fn budgets_are_bars_with_their_figures_beside_them() {
    let nothing = Fact::Absent { observed_at: Timestamp::UNIX_EPOCH, source: Source::Watch };
    let gate = Running::on(&[("policy/web.yaml", BUDGET)], nothing, |_, _| {}).await;
    let first = gate.admit(&sized("u-1", "vision", 2)).await;
    assert_eq!(first["response"]["allowed"], true, "{first}");
    let second = gate.admit(&sized("u-2", "another", 1)).await;
    let message = second["response"]["status"]["message"].as_str().expect("a message");
    assert!(message.contains("deny[budget.web]: budget `web` is passed in the dearest hour"), "{message}");

    let text = page(&gate, "/").await.text();
    for part in
        ["<svg class=\"bar\"", "aria-label=\"web: 0.", "web@example.org", "1000 USD", "0.0717 USD of 0.1 USD"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains(" style="), "the policy of the page allows none");
    let id = first["response"]["auditAnnotations"]["decision"].as_str().expect("an id");
    let decision = page(&gate, &format!("/decisions/{id}")).await.text();
    for part in ["What it costs", "apps/Deployment/web/vision", "52.34 USD", "0.07 USD"] {
        assert!(decision.contains(part), "{part}");
    }
    let label = "{budget=\"web\",currency=\"USD\"}";
    assert_eq!(gate.metric(&format!("tollgate_budget_amount{label}")).await, Some(1000.0));
    assert_eq!(gate.metric(&format!("tollgate_budget_holds{label}")).await, Some(1.0));
    assert_eq!(gate.metric(&format!("tollgate_budget_peak_per_hour{label}")).await, Some(0.071_696));
}
