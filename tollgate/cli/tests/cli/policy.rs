//! `tollgate policy`: rules looked at and mended by themselves.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use crate::support::{Folder, deployment, repository};

/// An import that nothing names: a warning that can be mended.
const UNUSED: &str = "package a\n\nimport data.nothing\n\ndeny contains \"x\" if input.kind == \"Pod\"\n";

/// What `UNUSED` becomes.
const USED: &str = "package a\n\n\ndeny contains \"x\" if input.kind == \"Pod\"\n";

fn corpus(name: &str) -> String {
    fs::read_to_string(repository().join("corpus/policy").join(name)).expect("a file of the corpus")
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn check_shows_each_place_that_is_wrong_with_what_mends_it() {
    let folder = Folder::empty();
    folder.file("rules/has.rego", corpus("has-own-property.rego"));
    let said = folder.run(&["policy", "check", "rules"]);
    said.is(1, &[]);
    for words in [
        "error[undefined-function]: ",
        " --> rules/has.rego:5:6\n",
        "5 |  not input.request.object.metadata.labels.hasOwnProperty(\"finops.apexlogic.com/cost-center\")\n",
        "  |      ^^^^^^^",
        "= help: Rego has no methods",
        "= help: docs/reference/checks/undefined-function.md, or `tollgate explain undefined-function`\n",
        "rules/has.rego:13:6\n",
        "rules/has.rego:19:2\n",
        "error[duplicate-condition]: ",
        "rules/has.rego:11:2\n",
        "rules/has.rego:10:2\n",
        "4 errors, no warning in 1 file\n  = help: `tollgate policy fix` knows 5 rewrites for `rules/has.rego`\n",
    ] {
        assert!(said.out.contains(words), "`{words}` is not in {}", said.out);
    }
    assert!(said.err.is_empty(), "{said:#?}");
}

#[test]
fn rules_that_are_right_are_told_so() {
    let estate = Folder::estate();
    let said = estate.run(&["policy", "check"]);
    assert_eq!((said.code, &*said.out), (0, "no error, no warning in 1 file\n"));
    for path in ["examples/estate", "corpus/policy/realistic-object", "corpus/policy/finops-v0"] {
        let path = repository().join(path).display().to_string();
        let said = estate.run(&["policy", "check", &path]);
        assert_eq!(said.code, 0, "{said:#?}");
    }
}

#[test]
fn warnings_change_the_code_only_where_that_is_wanted() {
    let folder = Folder::empty();
    folder.file("a.rego", UNUSED);
    let said = folder.run(&["policy", "check", "a.rego"]);
    said.is(0, &[]);
    assert!(said.out.contains("warning[unused-import]") && said.out.contains("a.rego:3:1"), "{said:#?}");
    assert!(said.out.contains("no error, 1 warning in 1 file\n"), "{said:#?}");
    folder.run(&["policy", "check", "--deny-warnings", "a.rego"]).is(1, &[]);
    let quiet = folder.run(&["policy", "check", "-q", "a.rego"]).out;
    assert!(quiet.starts_with("no error, 1 warning in 1 file\n"), "{quiet}");
}

#[test]
fn programs_read_what_check_finds() {
    let folder = Folder::empty();
    folder.file("has.rego", corpus("has-own-property.rego"));
    let json = folder.run(&["policy", "check", "-o", "json"]).json();
    assert_eq!((&json["schema"], &json["errors"]), (&"tollgate/policy-check/v1".into(), &4.into()));
    let double = &json["problems"][1];
    assert_eq!((&double["code"], &double["line"]), (&"duplicate-condition".into(), &11.into()));
    assert_eq!(double["related"]["line"], 10);
    assert_eq!(double["page"], "docs/reference/checks/duplicate-condition.md");
    let sarif = folder.run(&["policy", "check", "-o", "sarif"]).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    assert_eq!(results[0]["ruleId"], "undefined-function");
    assert_eq!(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 5);
}

#[test]
fn an_estate_is_checked_whole_with_what_its_configuration_says() {
    let estate = Folder::estate();
    estate.file("tollgate.toml", "[rule.nothing]\nmode = \"warn\"\n");
    let said = estate.run(&["policy", "check", "policy"]);
    said.is(1, &[]);
    assert!(said.out.contains("error[unknown-rule]") && said.out.contains("tollgate.toml:1:7"), "{said:#?}");
    estate.file("tollgate.toml", "");
    estate.file("elsewhere/b.rego", "package b\ndeny contains \"x\" if nothing(input)\n");
    estate.run(&["policy", "check", "policy"]).is(0, &[]);
    for paths in [&["elsewhere"][..], &["policy", "elsewhere"]] {
        let said = estate.run(&[&["policy", "check"], paths].concat());
        assert!(said.code == 1 && said.out.contains("elsewhere/b.rego:2:"), "{said:#?}");
    }
}

#[test]
fn the_gate_refuses_rules_that_the_check_refuses() {
    let estate = Folder::estate();
    estate.file("policy/has.rego", corpus("has-own-property.rego"));
    estate.file("api.yaml", deployment("api", "{team: a}"));
    estate.run(&["check", "api.yaml"]).is(
        2,
        &[
            "error[undefined-function]",
            "policy/has.rego:5:6",
            "^^^",
            "= help: ",
            "wrong in 4 places",
            "`tollgate policy fix` knows 5",
        ],
    );
    estate.file("policy/has.rego", UNUSED);
    estate.run(&["check", "api.yaml"]).is(0, &["hint[unused-import]", "policy/has.rego:3:1"]);
}

#[test]
fn fix_writes_the_rewrite_and_looks_again() {
    let folder = Folder::empty();
    let path = folder.file("rules/has.rego", corpus("has-own-property.rego"));
    mode(&path, 0o640);
    let dry = folder.run(&["policy", "fix", "--dry-run", "rules"]);
    dry.is(1, &[]);
    assert!(dry.out.starts_with("--- rules/has.rego\n+++ rules/has.rego\n@@ "), "{dry:#?}");
    assert!(dry.out.contains("\n+import future.keywords.in\n"), "{dry:#?}");
    assert_eq!(folder.run(&["policy", "fix", "--diff", "rules"]).out, dry.out);
    assert_eq!(text(&path), corpus("has-own-property.rego"), "nothing is written");

    let said = folder.run(&["policy", "fix", "rules"]);
    said.is(0, &[]);
    assert_eq!(said.out, "mended rules/has.rego in 5 places\nno error, no warning in 1 file\n");
    assert_eq!(text(&path), corpus("has-own-property/mended.rego"));
    assert_eq!(fs::metadata(&path).expect("metadata").permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path().join("rules")).expect("a folder").count(), 1, "nothing is left");

    let said = folder.run(&["policy", "fix", "rules"]);
    assert_eq!((said.code, said.out.lines().next()), (0, Some("nothing that can be mended without asking")));
    assert_eq!(folder.run(&["policy", "fix", "--dry-run", "rules"]).code, 0);

    let said = folder.run(&["policy", "fix", "--v1", "rules"]);
    said.is(0, &[]);
    assert!(text(&path).contains("deny contains msg if {"), "{}", text(&path));
}

#[test]
fn fix_tells_what_it_cannot_mend() {
    let folder = Folder::empty();
    folder.file("a.rego", format!("{UNUSED}\ndeny contains \"y\" if unheard(input)\n"));
    let said = folder.run(&["policy", "fix", "."]);
    said.is(1, &[]);
    assert!(said.out.starts_with("mended a.rego in one place\n"), "{said:#?}");
    assert!(said.out.contains("undefined-function") && said.out.ends_with("1 error, no warning in 1 file\n"));
}

#[test]
fn fix_writes_only_what_was_named() {
    let estate = Folder::estate();
    let one = estate.file("policy/a.rego", UNUSED);
    let other = estate.file("policy/b.rego", UNUSED.replace("package a", "package b"));
    let kept = text(&other);
    estate.run(&["policy", "fix", "policy/a.rego"]).is(0, &[]);
    assert_eq!((text(&one), text(&other)), (USED.to_owned(), kept));
    estate.run(&["policy", "fix", "."]).is(0, &[]);
    assert!(!text(&other).contains("import"));
}

#[test]
fn a_link_is_followed_only_where_it_stays_below() {
    let folder = Folder::empty();
    let outside = folder.file("outside/a.rego", UNUSED);
    folder.file("rules/b.rego", "package b\n\ndeny contains \"x\" if input.kind == \"Pod\"\n");
    symlink(&outside, folder.path().join("rules/a.rego")).expect("a link");
    folder.run(&["policy", "fix", "rules"]);
    assert_eq!(text(&outside), UNUSED, "what lies elsewhere is not written");
}

#[test]
fn wrong_input_is_told_apart() {
    let folder = Folder::empty();
    for command in ["check", "fix"] {
        folder.run(&["policy", command, "nowhere"]).is(2, &["`nowhere`"]);
    }
    folder.file("empty/readme.md", "no rule");
    folder.run(&["policy", "check", "empty"]).is(2, &["there is no Rego file", "`empty`"]);
    folder.run(&["policy", "fix", "empty"]).is(2, &["there is no Rego file", "`empty`"]);
    folder.run(&["policy", "fix"]).is(2, &["PATH"]);

    let latin = folder.file("latin/a.rego", b"package a\n\n# Gr\xfc\xdfe\n");
    let said = folder.run(&["policy", "check", "latin"]);
    assert!(
        said.code == 1 && said.out.contains("latin/a.rego:3:5") && said.out.contains("UTF-8"),
        "{said:#?}"
    );
    folder.run(&["policy", "fix", "latin"]).is(1, &[]);
    assert_eq!(fs::read(latin).expect("a file"), b"package a\n\n# Gr\xfc\xdfe\n");

    let shut = folder.file("shut/a.rego", UNUSED);
    mode(&shut, 0o000);
    folder.run_bound_by_modes(&["policy", "check", "shut"]).is(2, &["shut/a.rego"]);

    let fixed = folder.file("fixed/a.rego", UNUSED);
    folder.file("fixed/b.rego", UNUSED.replace("package a", "package b"));
    mode(&fixed, 0o444);
    folder.run(&["policy", "fix", "fixed"]).is(2, &["`fixed/a.rego` is read-only", "nothing was written"]);
    assert_eq!(text(&fixed), UNUSED);
    assert!(text(&folder.path().join("fixed/b.rego")).contains("import"), "all or nothing");
}

#[test]
fn explain_prints_the_page_of_a_check() {
    let folder = Folder::empty();
    let page =
        fs::read_to_string(repository().join("docs/reference/checks/never-matches.md")).expect("a page");
    let said = folder.run(&["explain", "never-matches"]);
    assert_eq!((said.code, said.out), (0, page.clone()));
    let estate = Folder::estate();
    estate.file("policy/bad.rego", "package bad\ndeny contains \"x\" if nothing(input)\n");
    assert_eq!(estate.run(&["explain", "never-matches"]).out, page, "rules that do not load hide no page");
    estate.file(
        "policy/bad.rego",
        "package b\n# METADATA\n# title: Ours\n# custom:\n#   id: never-matches\ndeny contains \"x\" if input.kind == \"Pod\"\n",
    );
    assert!(estate.run(&["explain", "never-matches"]).out.starts_with("never-matches: Ours"));
}
