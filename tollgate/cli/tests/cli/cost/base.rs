//! `tollgate cost --base REF`: what a change makes dearer.

use std::process::Command;

use serde_json::json;

use super::{autoscaler, deployment, estate};
use crate::support::Folder;

/// An estate in a repository of its own, everything committed.
fn repository() -> Folder {
    let estate = estate();
    estate.file("deploy/api.yaml", deployment("api", 2));
    estate.file("deploy/autoscaler.yaml", autoscaler(4));
    estate.file("deploy/web.yaml", deployment("web", 1));
    estate.file("deploy/old.yaml", deployment("old", 1));
    git(&estate, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&estate);
    estate
}

fn commit(estate: &Folder) {
    git(estate, &["add", "--all"]);
    git(estate, &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "all"]);
}

fn git(estate: &Folder, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(estate.path()).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    assert!(command.status().expect("git runs").success(), "{arguments:?}");
}

/// Replicas, a maximum, a new object, one that is gone.
fn change(estate: &Folder) {
    estate.file("deploy/api.yaml", deployment("api", 3).replace("cpu: \"1\"", "cpu: \"2\""));
    estate.file("deploy/autoscaler.yaml", autoscaler(10));
    estate.file("deploy/new.yaml", deployment("new", 1));
    std::fs::remove_file(estate.path().join("deploy/old.yaml")).expect("removed");
}

#[test]
fn the_table_says_what_got_dearer_and_why() {
    let estate = repository();
    let same = estate.run(&["cost", "--base", "main", "deploy"]);
    let line = "584.00 EUR a month expected, 584.00 before: +0.00; 876.00 at worst, 876.00 before: +0.00\n";
    assert_eq!((same.code, same.out.as_str()), (0, line));
    change(&estate);
    let said = estate.run(&["cost", "--base", "main", "deploy"]);
    let wanted = "\
object               before   after   change  at worst  why
Deployment shop/api  292.00  657.00  +365.00  +1606.00  replicas 2 -> 3, at most 4 -> 10, each 146.00 -> 219.00
Deployment shop/new       -  146.00  +146.00   +146.00  new
Deployment shop/old  146.00       -  -146.00   -146.00  gone

949.00 EUR a month expected, 584.00 before: +365.00; 2482.00 at worst, 876.00 before: +1606.00
";
    assert_eq!((said.code, said.out.as_str()), (0, wanted), "{}", said.out);
    // A file alone: its autoscaler was and is beside it.
    let alone = estate.run(&["cost", "--base", "HEAD", "deploy/api.yaml"]);
    assert!(alone.out.contains("at most 4 -> 10") && !alone.out.contains("shop/new"), "{alone:#?}");
    let new = estate.run(&["cost", "--base", "HEAD", "deploy/new.yaml"]);
    assert!(
        new.code == 0 && new.out.contains("146.00 EUR a month expected, 0.00 before: +146.00"),
        "{new:#?}"
    );
}

#[test]
fn the_difference_for_programs_and_for_a_pull_request() {
    let estate = repository();
    change(&estate);
    let json = estate.run(&["cost", "--base", "main", "deploy", "-o", "json"]).json();
    let objects = json["objects"].as_array().expect("objects");
    assert_eq!(objects.len(), 3, "{json}");
    assert_eq!(
        (&objects[0]["change_month"], &objects[0]["change_worst_month"]),
        (&json!("365.000000000"), &json!("1606.000000000"))
    );
    assert_eq!(objects[0]["before"]["expected_month"], "292.000000000");
    assert_eq!(objects[0]["after"]["worst_month"], "2190.000000000");
    assert_eq!((&objects[1]["before"], &objects[2]["after"]), (&json!(null), &json!(null)));
    let total = json!({
        "expected_month": "584.000000000", "worst_month": "876.000000000", "peak_hour": "1.200000000",
    });
    assert_eq!(json["before"], total, "{json}");

    let markdown = estate.run(&["cost", "--base", "main", "deploy", "-o", "markdown"]).out;
    for word in [
        "<!-- tollgate-cost -->\n### +365.00 EUR a month\n",
        "949.00 a month expected, 584.00 before; 2482.00 at worst, 876.00 before",
        "| <code>Deployment shop/new</code> | - | 146.00 | **+146.00** | +146.00 | new |",
        "replicas 2 \u{2192} 3",
    ] {
        assert!(markdown.contains(word), "{word}: {markdown}");
    }
    commit(&estate);
    let same = estate.run(&["cost", "--base", "main", "deploy", "-o", "markdown"]).out;
    assert!(same.contains("Nothing costs more or less than before."), "{same}");
}

#[test]
fn a_mistake_is_no_saving() {
    let estate = repository();
    estate.file("deploy/api.yaml", deployment("api", -3));
    let said = estate.run(&["cost", "--base", "main", "deploy"]);
    said.is(2, &["deploy/api.yaml:8: `spec.replicas`: `-3` is less than nothing"]);
    for word in [
        "not compared: Deployment shop/api cannot be estimated on both sides\n",
        "292.00 EUR a month expected, 292.00 before: +0.00",
        "; in no figure: 1 in error\n",
    ] {
        assert!(said.out.contains(word) && !said.out.contains("gone"), "{word}: {said:#?}");
    }
    let json = estate.run(&["cost", "--base", "main", "deploy", "-o", "json"]).json();
    assert_eq!(json["not_compared"], json!(["Deployment shop/api"]), "{json}");
    let markdown = estate.run(&["cost", "--base", "main", "deploy", "-o", "markdown"]).out;
    assert!(markdown.contains("- not compared: <code>Deployment shop/api</code>"), "{markdown}");
}

#[test]
fn objects_of_one_name_and_of_none_add_up() {
    let estate = repository();
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-, namespace: shop}\nspec:\n  activeDeadlineSeconds: HOURS\n  template:\n    spec:\n      containers: [{name: a, resources: {requests: {cpu: 1, memory: 10Gi}}}]\n";
    let twice = [deployment("web", 1), deployment("web", 1)].join("---\n");
    estate.file("deploy/web.yaml", &twice);
    estate.file("deploy/job.yaml", job.replace("HOURS", "36000"));
    commit(&estate);
    estate.file("deploy/web.yaml", twice.replacen("replicas: 1", "replicas: 3", 1));
    estate.file("deploy/job.yaml", job.replace("HOURS", "72000"));
    let said = estate.run(&["cost", "--base", "main", "deploy"]);
    for word in
        ["Deployment shop/web  146.00  438.00  +292.00", "Job shop/run-*         2.00    4.00    +2.00"]
    {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    assert!(said.out.contains(": +294.00; "), "{}", said.out);
}

#[test]
fn what_has_no_other_commit_is_an_error() {
    let estate = repository();
    estate.run(&["cost", "--base", "nope", "deploy"]).is(2, &["`nope` names no commit here"]);
    estate.run(&["cost", "--base", "--exec=x", "deploy"]).is(2, &[]);
    estate
        .run_with(&["cost", "--base", "main", "-"], deployment("api", 1))
        .is(2, &["standard input has no other commit"]);
    let outside = super::estate();
    outside.file("api.yaml", deployment("api", 1));
    outside.run(&["cost", "--base", "main", "api.yaml"]).is(2, &["`api.yaml` is in no Git repository"]);
}

#[test]
fn what_another_program_made_before_is_not_gone_now() {
    let estate = repository();
    estate.file("deploy/kus/kustomization.yaml", "resources: [a.yaml]\n");
    estate.file("deploy/kus/a.yaml", deployment("a", 9));
    commit(&estate);
    let said = estate.run(&["cost", "--base", "main", "deploy"]);
    said.is(2, &["deploy/kus: Kustomize makes"]);
    assert!(!said.out.contains("gone") && said.out.contains(": +0.00; "), "{said:#?}");
}
