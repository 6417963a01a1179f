//! What others script and what is shown to strangers: the JSON, the comment.

use serde_json::{Value, json};

use super::{deployment, estate};

/// A load balancer that has no bound, and a container that asks for what has no price.
const GAPS: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer}
---
apiVersion: batch/v1
kind: Job
metadata: {generateName: run-, namespace: shop, annotations: {tollgate.dev/cost-cap: \"10\"}}
spec:
  template:
    spec:
      containers: [{name: a, resources: {requests: {cpu: 1, memory: 10Gi}, limits: {amd.com/gpu: 1}}}]
";

#[test]
fn the_json_has_one_shape() {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 2));
    estate.file("deploy/gaps.yaml", GAPS);
    let said = estate.run(&["cost", "deploy", "-o", "json"]);
    assert_eq!(said.code, 0, "{said:#?}");
    let wanted = json!({
        "currency": "EUR",
        "objects": [
            {
                "kind": "Deployment", "namespace": "shop", "name": "api",
                "expected_month": "292.000000000", "worst_month": "292.000000000",
                "peak_hour": "0.400000000", "unbounded": [], "unpriced": [],
            },
            {
                "kind": "Service", "namespace": "shop", "name": "web",
                "expected_month": "7.300000000", "worst_month": "7.300000000",
                "peak_hour": "0.010000000", "unbounded": ["spec.type"], "unpriced": [],
            },
            {
                "kind": "Job", "namespace": "shop", "name": "run-*",
                "expected_month": "0.000000000", "worst_month": "10.000000000",
                "peak_hour": "0.200000000", "unbounded": ["spec.activeDeadlineSeconds"],
                "unpriced": ["amd.com/gpu"], "capped_month": "10.000000000",
            },
        ],
        "total": {
            "expected_month": "299.300000000", "worst_month": "309.300000000",
            "peak_hour": "0.610000000",
        },
    });
    assert_eq!(said.json(), wanted, "{}", said.out);
    // The order of keys is that in which people read.
    let keys =
        ["currency", "objects", "kind", "namespace", "name", "expected_month", "worst_month", "peak_hour"];
    let places: Vec<_> =
        keys.iter().map(|key| said.out.find(&format!("\"{key}\"")).expect("a key")).collect();
    assert!(places.is_sorted(), "{}", said.out);
}

#[test]
fn what_is_in_no_figure_is_told_in_every_format() {
    let estate = estate();
    estate.file("gaps.yaml", GAPS);
    estate.file("bad.yaml", deployment("bad", -1));
    let text = estate.run(&["cost", "gaps.yaml", "bad.yaml"]);
    assert_eq!(text.code, 2, "{text:#?}");
    let end = "; in no figure: 1 without a bound, 1 without a price, 1 in error\n";
    for word in [
        "unbounded: Service shop/web `spec.type` (gaps.yaml:4)\n",
        "unbounded: Job shop/run-* `spec.activeDeadlineSeconds`, capped at 10.00 a month (gaps.yaml:9)\n",
        "unpriced: Job shop/run-* `amd.com/gpu` (gaps.yaml:6)\n",
        end,
    ] {
        assert!(text.out.contains(word), "{word}: {}", text.out);
    }
    let quiet = estate.run(&["cost", "gaps.yaml", "bad.yaml", "-q"]);
    assert!(quiet.out.lines().count() == 1 && quiet.out.ends_with(end), "{quiet:#?}");
    let markdown = estate.run(&["cost", "gaps.yaml", "bad.yaml", "-o", "markdown"]).out;
    for word in [
        "<!-- tollgate-cost -->\n### 7.30 EUR a month expected\n",
        "| <code>Job shop/run-*</code> | 0.00 | 10.00 | 0.20 |\n",
        "- unbounded: <code>Service shop/web</code> <code>spec.type</code>",
        "- unpriced: <code>Job shop/run-*</code> <code>amd.com/gpu</code>",
        end,
    ] {
        assert!(markdown.contains(word), "{word}: {markdown}");
    }
}

#[test]
fn a_strangers_text_acts_on_no_terminal_and_on_no_page() {
    let estate = estate();
    let hostile = "a|b](http://x) @everyone #1 <script>\\e[31m\\u0007`";
    let text = deployment("NAME", 1).replace("name: NAME", &format!("name: \"{hostile}\""));
    estate.file("api.yaml", text.replace("cpu: \"1\"", "\"w|`d.io/x\": 1"));
    for format in ["text", "markdown", "json"] {
        let said = estate.run(&["cost", "api.yaml", "-o", format]);
        let controls: Vec<char> = said.out.chars().filter(|c| c.is_control() && *c != '\n').collect();
        assert!(said.code == 0 && controls.is_empty(), "{format}: {said:#?}");
    }
    let markdown = estate.run(&["cost", "api.yaml", "-o", "markdown"]).out;
    for bad in ["](", "<script", "@e", " #1", "`", "w|"] {
        assert!(!markdown.contains(bad), "{bad}: {markdown}");
    }
    let explained = estate.run(&["cost", "explain", "api", "."]);
    assert_eq!(explained.code, 2, "{explained:#?}");
    assert!(!explained.err.chars().any(|c| c.is_control() && c != '\n'), "{explained:#?}");
}

#[test]
fn a_comment_is_never_longer_than_its_host_takes() {
    let estate = estate();
    let long = format!("@{}", "#".repeat(240));
    let many: Vec<String> =
        (0..200).map(|at| deployment(&format!("\"{long}{at}\""), -i64::from(at % 2 == 0) + 1)).collect();
    estate.file("many.yaml", many.join("---\n").replace("cpu:", "amd.com/gpu:"));
    let said = estate.run(&["cost", "many.yaml", "-o", "markdown"]);
    assert!(said.code == 0 && said.out.len() < 65_536, "{}", said.out.len());
    assert!(said.out.contains("more: `tollgate cost` shows all."), "{}", said.out);
    let all = estate.run(&["cost", "many.yaml", "-o", "json"]).json();
    assert_eq!(all["objects"].as_array().map(Vec::len), Some(200));
    assert!(all["objects"].as_array().into_iter().flatten().all(|object| object["kind"] != Value::Null));
}
