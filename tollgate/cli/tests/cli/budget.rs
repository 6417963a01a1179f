//! `tollgate budget`: what is held, as a gate has recorded it, and what is wrong with budgets.

use std::process::Command;

use serde_json::{Value, json};

use crate::cost::{deployment, estate};
use crate::support::{Folder, Said};
use crate::up::Running;

const BUDGET: &str = "\
apiVersion: tollgate.dev/v1
kind: Budget
metadata: {name: shop}
spec:
  owner: web@example.com
  scope: {namespaces: [shop]}
  amount: \"1000\"
  currency: EUR
  peakPerHour: \"1\"
  timeZone: Europe/Berlin
";

fn with_budget(text: &str) -> Folder {
    let estate = estate();
    estate.file("policy/budget.yaml", text);
    estate
}

/// A request for a Deployment, as the API server sends it.
fn review(uid: u32, replicas: i64) -> Value {
    let object = Folder::empty();
    object.file("api.yaml", deployment("api", replicas));
    let read = object.run(&["read", "api.yaml"]).json();
    json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": format!("6c4e7f1a-0000-4000-8000-{uid:012}"), "operation": "CREATE",
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
            "name": "api", "namespace": "shop", "userInfo": {"username": "jane"},
            "object": read["object"],
        },
    })
}

/// Asks the gate as its own example does (`try: curl ...`); nothing, said loudly, where there is no curl.
fn ask(estate: &Folder, example: &str, review: &Value) -> Option<Value> {
    let body = estate.file("review.json", review.to_string());
    let authority = example.split("--cacert ").nth(1)?.split_whitespace().next()?.trim_matches('\'');
    let url = example.split_whitespace().find(|word| word.contains("https://"))?.trim_matches('\'');
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--cacert", authority, "-H", "content-type: application/json"]);
    curl.arg("--data-binary").arg(format!("@{}", body.display())).arg(url);
    let Ok(output) = curl.output() else {
        eprintln!("SKIPPED: there is no curl");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

#[test]
fn what_a_gate_holds_is_listed_beside_it_and_after_it() {
    let estate = with_budget(BUDGET);
    estate.file("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map, namespace: shop}\n");
    let gate = Running::start(&estate, &[]);
    let example = gate.says("try: curl ");
    let Some(allowed) = ask(&estate, &example, &review(1, 2)) else { return };
    assert_eq!(allowed["response"]["allowed"], true, "{allowed}");
    let denied = ask(&estate, &example, &review(2, 9)).expect("an answer");
    assert_eq!(denied["response"]["allowed"], false, "{denied}");
    let message = denied["response"]["status"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("budget.shop") && message.contains("budget `shop` is passed"), "{denied}");

    let held = |said: &Said| {
        let rows = said.json();
        assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
        let row = &rows[0];
        for (key, wanted) in [
            ("name", json!("shop")),
            ("owner", json!("web@example.com")),
            ("currency", json!("EUR")),
            ("holds", json!(1)),
            ("peak_hour", json!({"used": "0.400000000", "limit": "1.000000000"})),
            ("gpus", json!({"used": "0", "limit": null})),
        ] {
            assert_eq!(row[key], wanted, "{key}: {row}");
        }
        assert_eq!(row["expected"]["limit"], "1000.000000000", "{row}");
        assert_ne!(row["held"], "0.000000000", "{row}");
    };
    let beside = estate.run(&["budget", "ls", "-o", "json"]);
    held(&beside);
    assert_eq!(gate.stop(), Some(0));
    held(&estate.run(&["budget", "ls", "-o", "json"]));
    let text = estate.run(&["budget", "ls"]);
    assert!(text.code == 0 && text.out.lines().count() == 2, "{text:#?}");
    for word in ["budget ", "used", "owner", "1000 EUR", "web@example.com"] {
        assert!(text.out.contains(word), "{word}: {}", text.out);
    }

    let shown = estate.run(&["budget", "show", "shop"]);
    shown.is(0, &[]);
    for word in [
        "budget shop (web@example.com), policy/budget.yaml:7\n",
        "-01 00:00 (Europe/Berlin)\n",
        "peak hour  0.40 of 1.00 (40.0 %)\n",
        "GPUs       0, no limit\n",
        "thresholds warned of above 80 %, denied above 100 %\n",
        "one object holds money on it\n",
        "apps/deployments/shop/api: 292.00 a month, 292.00 at worst, 0.40 an hour (asked for, not seen yet)\n",
    ] {
        assert!(shown.out.contains(word), "{word}: {}", shown.out);
    }
    let json = estate.run(&["budget", "show", "shop", "-o", "json"]).json();
    assert_eq!((&json["name"], &json["place"]), (&json!("shop"), &json!("policy/budget.yaml:7")), "{json}");
    let object = &json["objects"][0];
    assert_eq!(
        (&object["expected_month"], &object["observed"]),
        (&json!("292.000000000"), &json!(false)),
        "{json}"
    );
    estate.run(&["budget", "show", "none"]).is(2, &["there is no budget `none`; there are `shop`"]);
}

#[test]
fn before_a_gate_has_run_nothing_is_held() {
    let estate = with_budget(BUDGET);
    let said = estate.run(&["budget", "ls"]);
    said.is(0, &["no gate has run on ", "nothing is held"]);
    assert!(said.out.contains("shop    0.0 %   0.00  0.00  1000 EUR"), "{}", said.out);
    assert_eq!(estate.run(&["budget", "ls", "-q"]).err, "");
    let shown = estate.run(&["budget", "show", "shop"]);
    assert!(shown.code == 0 && shown.out.ends_with("nothing holds money on it\n"), "{shown:#?}");
}

#[test]
fn budgets_that_mean_nothing_are_told_with_their_place() {
    let other = BUDGET.replace("{name: shop}", "{name: other}").replace("EUR", "USD");
    let both = |second: &str| format!("{BUDGET}---\n{second}");
    let cases: [(String, &[&str]); 10] = [
        (BUDGET.replace("  owner: web@example.com\n", ""), &["policy/budget.yaml:", "`owner`"]),
        (BUDGET.replace("owner:", "ownr:"), &["policy/budget.yaml:5:", "`ownr` means nothing here"]),
        (BUDGET.replace("\"1000\"", "\"-5\""), &["policy/budget.yaml:7:", "`-5` is less than nothing"]),
        (BUDGET.replace("\"1000\"", "plenty"), &["policy/budget.yaml:7:", "`plenty` is no amount"]),
        (BUDGET.replace("currency: EUR", "currency: euros"), &["policy/budget.yaml:8:", "euros"]),
        (
            BUDGET.replace("currency: EUR", "currency: USD"),
            &["budget `shop` is in USD, but prices are in EUR"],
        ),
        (both(&other), &["budget `other` is in USD, but `shop` is in EUR"]),
        (both(BUDGET), &["budget `shop` stands twice"]),
        (BUDGET.replace("Europe/Berlin", "Europe/Nowhere"), &["`Europe/Nowhere` is no zone"]),
        (
            BUDGET.replace("{namespaces: [shop]}", "{}"),
            &["policy/budget.yaml:6:", "a scope has at least one of"],
        ),
    ];
    for (text, words) in cases {
        let estate = with_budget(&text);
        let said = estate.run(&["budget", "ls"]);
        said.is(2, words);
        said.is(2, &["the rules are wrong in"]);
        assert_eq!(said.out, "", "{said:#?}");
    }
}

#[test]
fn where_there_are_no_budgets_it_is_said() {
    estate().run(&["budget", "ls"]).is(2, &["this estate has no budgets"]);
    Folder::empty().run(&["budget", "ls"]).is(2, &["no rules: there is no `tollgate.toml`"]);
    Folder::empty().run(&["budget", "ls", "none"]).is(2, &["`none` does not exist"]);
    with_budget(BUDGET).run(&["budget", "reconcile"]).is(2, &["--kubeconfig"]);
}

#[test]
fn rules_about_money_explain_themselves() {
    let estate = with_budget(BUDGET);
    for (rule, words) in [
        ("cost.crowded", &["on their way"][..]),
        ("cost.fan-out", &["no limit is set (`objects` in `[cost.limits]`)"]),
        ("cost.gpu-grab", &["`gpus` in `[cost.limits]`"]),
        ("cost.growth", &["no limit is set (`growth` in `[cost.limits]`)"]),
        ("cost.no-budget", &["what has no budget is denied", "mode         enforce"]),
        ("cost.peak", &["no limit is set (`peak_per_hour` in `[cost.limits]`)"]),
        ("cost.quote", &["tollgate check --quote"]),
        ("cost.replica-ratio", &["lower the autoscaler's maximum"]),
        ("cost.unbounded", &["budget `shop` denies it", "tollgate.dev/cost-cap"]),
        ("cost.unbounded-job", &["activeDeadlineSeconds"]),
        ("cost.unknown", &["no exception covers it"]),
        ("cost.unpriced", &["`prices.csv`, 4 prices in EUR", "modes and exceptions apply to it"]),
        ("cost.unreadable", &["mend the field"]),
        (
            "budget.shop",
            &["1000 EUR a calendar month (Europe/Berlin)", "policy/budget.yaml:7:", "warn above 80 %"],
        ),
    ] {
        let said = estate.run(&["explain", rule]);
        said.is(0, &[]);
        for word in words.iter().chain(&["\nremedy: "]) {
            assert!(said.out.contains(word), "{word}: {}", said.out);
        }
        let alone = Folder::empty().run(&["explain", rule]);
        assert!(alone.code == 0 && alone.out.contains("\nremedy: "), "{alone:#?}");
    }
    estate.run(&["explain", "cost.unpricd"]).is(2, &["did you mean `cost.unpriced`?"]);
    estate.run(&["explain", "budget.shp"]).is(2, &["did you mean `budget.shop`?"]);
    estate.file("api.yaml", deployment("api", 1));
    estate
        .run(&["explain", "cost.peak", "--input", "api.yaml"])
        .is(2, &["`cost.peak` is about money: `tollgate cost explain`"]);
}
