//! `tollgate cost`: figures, where they come from, what changed, and what is in none of them.

mod base;
mod plan;
mod shape;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Folder, repository};

/// Prices without an end, so that no test ends with them.
pub(crate) const PRICES: &str = "\
resource,class,unit,price,currency
cpu,,core-hour,0.1,EUR
memory,,GiB-hour,0.01,EUR
nvidia.com/gpu,,gpu-hour,2,EUR
load-balancer,,hour,0.01,EUR
";

/// An estate that says what things cost.
pub(crate) fn estate() -> Folder {
    let folder = Folder::estate();
    folder.file(
        "tollgate.toml",
        "[estate]\nname = \"test\"\n\n[cost]\nprices = [\"prices.csv\"]\ncost_centre_label = \"cc\"\n",
    );
    folder.file("prices.csv", PRICES);
    folder
}

/// A Deployment of pods that cost 0.2 EUR an hour each.
pub(crate) fn deployment(name: &str, replicas: i64) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: shop
  labels: {{cc: CC-1, team: web}}
spec:
  replicas: {replicas}
  strategy: {{type: Recreate}}
  template:
    spec:
      containers:
        - name: main
          resources:
            requests:
              cpu: \"1\"
              memory: 10Gi
"
    )
}

fn autoscaler(most: u32) -> String {
    format!(
        "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: api, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: api}}
  minReplicas: 2
  maxReplicas: {most}
"
    )
}

/// The folders of `cost-cases` in the test data; none, said loudly, where there is none.
fn cases() -> Vec<PathBuf> {
    let default = repository().join("../shared/data").display().to_string();
    let data = std::env::var("TOLLGATE_TEST_DATA").unwrap_or(default);
    let Ok(entries) = fs::read_dir(PathBuf::from(&data).join("cost-cases")) else {
        eprintln!("SKIPPED: no cost-cases in {data}");
        return Vec::new();
    };
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(cases.len() >= 38, "only {} cases", cases.len());
    cases
}

#[test]
fn every_case_comes_to_its_figures_without_an_estate() {
    for case in cases() {
        let file = |name: &str| case.join(name).display().to_string();
        let expected = fs::read_to_string(case.join("expected.json")).expect("what is expected");
        let said = Folder::empty().run(&[
            "cost",
            "--prices",
            &file("prices.csv"),
            "--nodes",
            &file("nodes.yaml"),
            "--at",
            "2026-06-01T00:00:00Z",
            "-o",
            "json",
            &file("objects.yaml"),
        ]);
        said.is(0, &[]);
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        assert_eq!(said.json(), expected, "{}", case.display());
    }
}

#[test]
fn every_case_comes_to_its_figures_in_an_estate_of_its_own() {
    for case in cases() {
        let folder = Folder::estate();
        let text = |name: &str| fs::read_to_string(case.join(name)).expect("a file of the case");
        folder
            .file("tollgate.toml", "[cost]\nprices = [\"money/prices.csv\"]\nnodes = \"money/nodes.yaml\"\n");
        // An estate whose prices have run out does not load, whenever that is.
        folder.file("money/prices.csv", text("prices.csv").replace(",2027-01-01,", ",,"));
        folder.file("money/nodes.yaml", text("nodes.yaml"));
        folder.file("deploy/objects.yaml", text("objects.yaml"));
        folder.file("deploy/other.yaml", deployment("other", 7));
        let said = folder.run(&["cost", "deploy/objects.yaml", "--at", "2026-06-01T00:00:00Z", "-o", "json"]);
        said.is(0, &[]);
        let expected: Value = serde_json::from_str(&text("expected.json")).expect("JSON");
        assert_eq!(said.json(), expected, "{}", case.display());
    }
}

#[test]
fn the_table_sums_by_object_namespace_and_cost_centre() {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 2));
    estate.file("deploy/web.yaml", deployment("web", 1).replace("cc: CC-1", "tier: front"));
    let said = estate.run(&["cost", "deploy"]);
    let wanted = "\
object               a month  at worst  an hour at its peak
Deployment shop/api   292.00    292.00                 0.40
Deployment shop/web   146.00    146.00                 0.20

namespace  a month  at worst  an hour at its peak
shop        438.00    438.00                 0.60

cost centre  a month  at worst  an hour at its peak
(none)        146.00    146.00                 0.20
CC-1          292.00    292.00                 0.40

438.00 EUR a month expected, 438.00 at worst, 0.60 an hour at its peak
";
    assert_eq!((said.code, said.out.as_str()), (0, wanted), "{}", said.out);
    let quiet = estate.run(&["cost", "deploy", "-q"]);
    assert_eq!(quiet.out, wanted.lines().last().map(|line| format!("{line}\n")).unwrap_or_default());
}

#[test]
fn what_stands_in_another_file_of_the_estate_bears_on_the_figures() {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 2).replace("cc: CC-1, ", ""));
    estate.file("deploy/scale/autoscaler.yaml", autoscaler(6));
    estate.file(
        "namespaces/shop.yaml",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {cc: CC-9}}\n",
    );
    let api = "Deployment shop/api   292.00    876.00                 1.20\n";
    let centre = "CC-9          292.00    876.00                 1.20\n";
    for paths in [&["deploy/api.yaml"][..], &["deploy"], &["."]] {
        let said = estate.run(&[&["cost"][..], paths].concat());
        assert!(said.code == 0 && said.out.contains(api) && said.out.contains(centre), "{said:#?}");
    }
    let text = fs::read_to_string(estate.path().join("deploy/api.yaml")).expect("a file");
    let said = estate.run_with(&["cost", "-"], text);
    assert!(said.code == 0 && said.out.contains(api) && said.out.contains(centre), "{said:#?}");
    // The autoscaler's own file costs nothing, and is not counted again beside its target.
    assert_eq!(estate.run(&["cost", "deploy/scale"]).out, "nothing here costs anything\n");
}

#[test]
fn explain_names_fields_with_file_and_line_and_price_rows() {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 2));
    estate.file("deploy/autoscaler.yaml", autoscaler(6));
    for name in ["api", "shop/api", "deployment/api", "Deployment/shop/api", "Deployment shop/api"] {
        let said = estate.run(&["cost", "explain", name]);
        said.is(0, &[]);
        for word in [
            "Deployment shop/api: 292.00 EUR a month expected, 876.00 worst, 1.20 an hour at its peak",
            "spec.replicas (deploy/api.yaml:8)",
            "spec.maxReplicas of HorizontalPodAutoscaler shop/api (deploy/autoscaler.yaml:7)",
            "1 core x 0.1 EUR = 0.1 an hour",
            "spec.template.spec.containers[0].resources.requests.cpu (deploy/api.yaml:16)  price prices.csv:2",
            "(deploy/api.yaml:17)  price prices.csv:3",
            "2 x 0.2 EUR x 730 h = 292 a month",
        ] {
            assert!(said.out.contains(word), "{word}: {}", said.out);
        }
    }
    // Of the files that are named, the rest of the estate is named as from here.
    let said = estate.run(&["cost", "explain", "api", "deploy/api.yaml"]);
    assert!(said.out.contains("(deploy/autoscaler.yaml:7)"), "{said:#?}");
    estate
        .run(&["cost", "explain", "apo"])
        .is(2, &["there is no object `apo` among what was read; there are `Deployment shop/api`"]);
    let said = estate.run(&["cost", "explain", "HorizontalPodAutoscaler/api"]);
    assert_eq!((said.code, said.out.as_str()), (0, "HorizontalPodAutoscaler shop/api costs nothing\n"));
}

#[test]
fn a_field_of_the_node_pools_is_named_with_its_line() {
    let estate = estate();
    let pools = "pools:\n  - name: general\n    nodes: 3\n    maxNodes: 5\n";
    estate.file("nodes.yaml", pools);
    estate.file(
        "agent.yaml",
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: shop}\nspec:\n  template:\n    spec:\n      containers: [{name: a, resources: {requests: {cpu: 1, memory: 10Gi}}}]\n",
    );
    let said = estate.run(&["cost", "explain", "agent", "agent.yaml", "--nodes", "nodes.yaml"]);
    assert!(said.out.contains("(nodes.yaml:2)") || said.out.contains("(nodes.yaml:3)"), "{}", said.out);
    estate.file("tollgate.toml", "[cost]\nprices = [\"prices.csv\"]\nnodes = \"nodes.yaml\"\n");
    let of_estate = estate.run(&["cost", "explain", "agent", "agent.yaml"]);
    assert_eq!(of_estate.out, said.out);
    assert!(
        said.out.starts_with("DaemonSet shop/agent: 438.00 EUR a month expected, 730.00 worst"),
        "{}",
        said.out
    );
}

#[test]
fn wrong_input_is_told_with_its_place() {
    let pool = "pools:\n  - name: a\n    nodes: 5\n    maxNodes: 2\n";
    let csv = "resource,class,unit,price,currency,valid_from,valid_until\n";
    let row = "cpu,,core-hour,0.1,EUR,,\n";
    let object = deployment("api", 1);
    let cases: [(&str, &str, &[&str], &[&str]); 16] = [
        (
            "p.csv",
            &format!("{csv}cpu,,core-hour,-1,EUR,,\nmemory,,lots,x,EUR,,\n"),
            &["--prices", "p.csv"],
            &[
                "error: p.csv:2: price: `-1` is negative",
                "error: p.csv:3: unit: `lots`",
                "error: p.csv:3: price: `x`",
            ],
        ),
        (
            "p.csv",
            &format!("{csv}{row}cpu,,core-hour,0.2,EUR,,\n"),
            &["--prices", "p.csv"],
            &["error: p.csv:3: cpu: contradicts p.csv:2"],
        ),
        (
            "p.csv",
            &format!("{csv}{row}memory,,GiB-hour,0.01,USD,,\n"),
            &["--prices", "p.csv"],
            &["is in USD, but p.csv:2 is in EUR"],
        ),
        (
            "p.csv",
            &format!("{csv}cpu,,core-hour,1,XYZW,,\n"),
            &["--prices", "p.csv"],
            &["error: p.csv:2: currency: "],
        ),
        ("p.csv", "", &["--prices", "p.csv"], &["error: p.csv:1: there are no prices"]),
        ("p.csv", "a,b\n1,2\n", &["--prices", "p.csv"], &["error: p.csv:1: resource: the column is missing"]),
        (
            "p.toml",
            "[[price]]\nresource = \"cpu\"\n",
            &["--prices", "p.toml"],
            &["error: p.toml:1: unit: is missing"],
        ),
        ("p.csv", row, &["--prices", "none.csv"], &["`none.csv` does not exist"]),
        ("n.yaml", pool, &["--nodes", "n.yaml"], &["error: n.yaml:4: `pools[0].maxNodes`: 2 nodes at most"]),
        ("n.yaml", "a: [", &["--nodes", "n.yaml"], &["n.yaml:2:1: not YAML"]),
        (
            "n.yaml",
            "pools: []\n---\npools: []\n",
            &["--nodes", "n.yaml"],
            &["n.yaml: node pools are one document"],
        ),
        (
            "api.yaml",
            &object.replace("replicas: 1", "replicas: -3"),
            &["api.yaml"],
            &["error: api.yaml:8: `spec.replicas`: `-3` is less than nothing"],
        ),
        (
            "api.yaml",
            &object.replace("cpu: \"1\"", "cpu: lots"),
            &["api.yaml"],
            &["error: api.yaml:16: ", "`lots` is no quantity"],
        ),
        (
            "api.yaml",
            &object.replace("  labels: ", "  annotations: {tollgate.dev/cost-cap: 10 EUR}\n  labels: "),
            &["api.yaml"],
            &["error: api.yaml:6: `metadata.annotations[\"tollgate.dev/cost-cap\"]`"],
        ),
        (
            "api.yaml",
            &object.replace("replicas: 1", "replicas: 2147483647").replace("cpu: \"1\"", "cpu: \"1e18\""),
            &["api.yaml"],
            &["more than an amount can be"],
        ),
        ("api.yaml", "apiVersion: v1\nkind: [\n", &["api.yaml"], &["error: api.yaml:3:1: not YAML"]),
    ];
    for (file, bytes, arguments, words) in cases {
        let estate = estate();
        estate.file("good.yaml", deployment("good", 1));
        estate.file(file, bytes);
        let named: &[&str] = if arguments.len() > 1 { &["good.yaml"] } else { &[] };
        let said = estate.run(&[&["cost"][..], arguments, named].concat());
        said.is(2, words);
        assert!(!said.out.contains("Deployment shop/api"), "{said:#?}");
    }
    let folder = Folder::empty();
    folder.run(&["cost"]).is(2, &["name the manifests or plans to estimate"]);
    folder.run(&["cost", "none"]).is(2, &["`none` does not exist"]);
    folder.run(&["cost", "."]).is(2, &["there is no manifest in `.`"]);
    folder.run(&["cost", ".", "--at", "yesterday"]).is(2, &["--at"]);
    folder.run(&["cost", ".", "-o", "xml"]).is(2, &["`xml` is not one of text, json, markdown"]);
}

#[test]
fn an_estate_whose_rules_are_wrong_is_no_price_book_and_no_hindrance() {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 1));
    estate.file("nodes.yaml", "pools: []\n");
    estate.file("policy/estate.rego", "package estate\n\ndeny contains msg if {\n");
    let help = "`--prices` and `--nodes` together estimate without the estate's rules";
    estate.run(&["cost", "deploy"]).is(2, &["policy/estate.rego:", help]);
    let said = estate.run(&["cost", "deploy", "--prices", "prices.csv", "--nodes", "nodes.yaml", "-q"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "146.00 EUR a month expected, 146.00 at worst, 0.20 an hour at its peak\n")
    );
}

#[test]
fn manifests_of_two_estates_are_not_priced_by_one_of_them() {
    let folder = Folder::empty();
    for name in ["one", "two"] {
        folder.file(&format!("{name}/tollgate.toml"), "[cost]\nprices = [\"prices.csv\"]\n");
        folder.file(&format!("{name}/policy/estate.rego"), crate::support::RULES);
        folder.file(&format!("{name}/prices.csv"), PRICES);
        folder.file(&format!("{name}/api.yaml"), deployment(name, 1));
    }
    folder
        .run(&["cost", "one/api.yaml", "two/api.yaml"])
        .is(2, &["`two/api.yaml` does not belong to the estate"]);
    folder.file("nodes.yaml", "pools: []\n");
    let prices = ["--prices", "one/prices.csv", "--nodes", "nodes.yaml"];
    let both = folder.run(&[&["cost", "one/api.yaml", "two/api.yaml", "-q"][..], &prices].concat());
    assert!(both.code == 0 && both.out.starts_with("292.00 EUR"), "{both:#?}");
}

#[test]
fn without_an_estate_the_built_in_prices_say_how_old_they_are() {
    let folder = Folder::empty();
    folder.file("api.yaml", deployment("api", 1));
    let said = folder.run(&["cost", "api.yaml"]);
    said.is(0, &["prices: built in, of 20", "days old"]);
    assert!(said.out.contains(" USD a month expected"), "{said:#?}");
    assert_eq!(folder.run(&["cost", "api.yaml", "-q"]).err, "");
}

#[test]
fn prices_that_have_run_out_are_said_and_leave_a_gap() {
    let folder = Folder::empty();
    folder.file("api.yaml", deployment("api", 1));
    let csv = "resource,class,unit,price,currency,valid_until\n";
    folder.file("p.csv", format!("{csv}cpu,,core-hour,0.1,EUR,\nmemory,,GiB-hour,1,EUR,2025-06-01\n"));
    let said = folder.run(&["cost", "api.yaml", "--prices", "p.csv"]);
    said.is(
        0,
        &["warning: p.csv:3: memory: has no price any more, the last held until 2025-06-01T00:00:00Z"],
    );
    assert!(said.out.contains("unpriced: Deployment shop/api `memory` (api.yaml:1)"), "{said:#?}");
    assert!(said.out.ends_with("an hour at its peak; in no figure: 1 without a price\n"), "{said:#?}");
    let then = folder.run(&["cost", "api.yaml", "--prices", "p.csv", "--at", "2025-01-01T00:00:00Z"]);
    assert!(then.code == 0 && then.err.is_empty() && !then.out.contains("unpriced"), "{then:#?}");
}

#[test]
fn what_another_program_makes_is_not_passed_over_in_silence() {
    let folder = Folder::empty();
    folder.file("prices.csv", PRICES);
    folder.file("k/api.yaml", deployment("api", 1));
    folder.file("k/kus/kustomization.yaml", "resources: [a.yaml]\n");
    folder.file("k/kus/a.yaml", deployment("a", 9));
    folder.file("k/t.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .x }}}\n");
    let said = folder.run(&["cost", "k", "--prices", "prices.csv"]);
    said.is(
        2,
        &[
            "k/kus: Kustomize makes",
            "kustomize build k/kus | tollgate cost -",
            "k/t.yaml: this is a template",
        ],
    );
    assert!(said.out.contains("146.00 EUR a month expected"), "what can be read is estimated: {said:#?}");
    folder.file("dup.yaml", deployment("dup", 1).replace("replicas: 1", "replicas: 1\n  replicas: 2"));
    let said = folder.run(&["cost", "dup.yaml", "--prices", "prices.csv"]);
    said.is(0, &["warning: dup.yaml:9:3: key `replicas` stands twice", "[reading.duplicate-key]"]);
}
