//! Bad input of every kind: a clear error with its place, the right exit code, and what is good is still judged.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::support::{Folder, deployment};

#[track_caller]
fn unreadable(bytes: impl AsRef<[u8]>, words: &[&str]) {
    let estate = Folder::estate();
    estate.file("bad.yaml", bytes);
    estate.file("good.yaml", deployment("good", "{}"));
    let said = estate.run(&["check", "."]);
    said.is(2, words);
    assert!(said.out.contains("team-present"), "what can be read is judged all the same: {said:#?}");
    estate.run(&["read", "bad.yaml"]).is(2, words);
}

#[test]
fn what_is_not_yaml_is_refused_at_its_place() {
    unreadable("a: b: c\n", &["error: bad.yaml:1:5: "]);
    unreadable("{\"apiVersion\": \"v1\", \"kind\"", &["error: bad.yaml:1:"]);
}

#[test]
fn half_a_file_is_refused() {
    unreadable("apiVersion: v1\nkind: [ConfigMap\nmetadata: {}\n", &["error: bad.yaml:3:"]);
    unreadable("apiVersion: v1\nkind: \"ConfigMap\n", &["error: bad.yaml:"]);
}

#[test]
fn what_is_no_text_is_refused() {
    unreadable(b"\x7fELF\x02\x01\x01\0\0\0\0\0", &["error: bad.yaml:1:1: "]);
    unreadable(b"apiVersion: v1\nkind: \xff\n", &["error: bad.yaml:2:7: ", "UTF-8"]);
    unreadable(b"\xff\xfea\0:\0", &["UTF-16"]);
}

#[test]
fn tabs_for_indentation_are_refused() {
    unreadable("apiVersion: v1\nkind: A\nmetadata:\n\tname: x\n", &["error: bad.yaml:4:"]);
}

#[test]
fn a_thousand_levels_are_refused() {
    unreadable(format!("apiVersion: v1\nkind: A\nx: {}", "[".repeat(1_000)), &["bad.yaml:3:", "100 levels"]);
    unreadable(format!("{{\"a\":{}", "[".repeat(100_000)), &["100 levels"]);
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = String::from("apiVersion: v1\nkind: ConfigMap\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10)));
    }
    unreadable(bomb, &["bad.yaml:", "aliases"]);
}

#[test]
fn a_hundred_megabytes_are_refused_unread() {
    let estate = Folder::estate();
    let file = fs::File::create(estate.path().join("big.yaml")).expect("a file");
    file.set_len(100 << 20).expect("a sparse file");
    estate.file("good.yaml", deployment("good", "{team: a}"));
    let said = estate.run(&["check", "."]);
    said.is(2, &["big.yaml", "is larger than"]);
    assert!(said.out.contains("1 object"), "{said:#?}");
}

#[test]
fn ten_thousand_documents_are_read_and_more_are_refused() {
    let estate = Folder::estate();
    let map = |at: usize| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{at}}}\n---\n");
    estate.file("many.yaml", (0..10_000).map(map).collect::<String>());
    let said = estate.run(&["check", "many.yaml"]);
    said.is(0, &[]);
    assert!(said.out.contains("10000 objects"), "{said:#?}");
    estate.file("many.yaml", (0..10_001).map(map).collect::<String>());
    estate.run(&["check", "many.yaml"]).is(2, &["error: many.yaml:4", "10000"]);
}

#[test]
fn an_empty_file_or_folder_that_was_named_is_an_error() {
    let estate = Folder::estate();
    for empty in ["", "\n", "---\n", "# nothing\n", "\u{feff}"] {
        estate.file("empty.yaml", empty);
        estate.run(&["check", "empty.yaml"]).is(2, &["error: empty.yaml: there is no manifest in it"]);
        estate.run_with(&["check", "-"], empty).is(2, &["<stdin>"]);
    }
    fs::create_dir(estate.path().join("folder")).expect("a folder");
    fs::write(estate.path().join("folder/readme.md"), "x").expect("a file");
    estate.run(&["check", "folder"]).is(2, &["there is no manifest in `folder`"]);
    estate.file("good/good.yaml", deployment("good", "{team: a}"));
    let said = estate.run(&["check", "good", "folder"]);
    said.is(2, &["there is no manifest in `folder`"]);
    assert!(said.out.contains("allow: 1 object"), "{said:#?}");
    estate.run(&["check", "good"]).is(0, &[]);
}

#[test]
fn what_does_not_exist_is_said_to_be_missing() {
    let nowhere = Folder::empty();
    nowhere.run(&["check", "missing.yaml"]).is(2, &["`missing.yaml` does not exist"]);
    nowhere.run(&["read", "missing.yaml"]).is(2, &["`missing.yaml` does not exist"]);
    nowhere.run(&["up", "missing"]).is(2, &["`missing` does not exist"]);
}

#[test]
fn byte_order_marks_and_windows_line_ends_leave_the_places_right() {
    let estate = Folder::estate();
    let text = format!("\u{feff}{}", deployment("api", "{}").replace('\n', "\r\n"));
    estate.file("api.yaml", text);
    let said = estate.run(&["check", "api.yaml", "-o", "json"]);
    said.is(1, &[]);
    assert_eq!(said.json()["findings"][0]["line"], 6, "{said:#?}");
}

#[test]
fn unknown_api_versions_are_judged_like_any_other() {
    let estate = Folder::estate();
    estate.file("new.yaml", "apiVersion: example.dev/v9alpha1\nkind: Widget\nmetadata: {name: w}\n");
    estate.run(&["check", "new.yaml"]).is(0, &[]);
    estate.file("old.yaml", deployment("api", "{}").replace("apps/v1", "extensions/v1beta1"));
    estate.run(&["check", "old.yaml"]).is(1, &[]);
}

#[test]
fn a_loop_of_links_is_refused() {
    let estate = Folder::estate();
    estate.file("a/good.yaml", deployment("good", "{team: a}"));
    symlink("..", estate.path().join("a/loop")).expect("a link");
    estate.run(&["check", "."]).is(2, &["a/loop", "leads back"]);
    estate.run(&["read", "."]).is(2, &["a/loop"]);
}

#[test]
fn a_link_out_of_the_estate_is_refused() {
    let (estate, other) = (Folder::estate(), Folder::empty());
    other.file("secret.yaml", deployment("x", "{}"));
    symlink(other.path(), estate.path().join("out")).expect("a link");
    estate.run(&["check", "."]).is(2, &["out", "leads out of"]);
}

#[test]
fn what_may_not_be_read_is_an_error_and_the_rest_is_judged() {
    let estate = Folder::estate();
    let path = estate.file("closed.yaml", deployment("closed", "{}"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("a mode");
    estate.file("good.yaml", deployment("good", "{}"));
    let is_root = fs::read(&path).is_ok();
    let run = if is_root { Folder::run_bound_by_modes } else { Folder::run };
    let said = run(&estate, &["check", "."]);
    said.is(2, &["closed.yaml", "ermission denied"]);
    assert!(said.out.contains("team-present"), "{said:#?}");
}

#[test]
fn rules_that_are_no_bundle_are_an_error() {
    let estate = Folder::estate();
    estate.file("good.yaml", deployment("good", "{team: a}"));
    estate.file("policy/estate.rego", "package estate\n\nx := 1\n");
    estate.run(&["check", "."]).is(2, &["there is no rule"]);
    estate.file("policy/estate.rego", "package estate\n\ndeny contains msg if {\n");
    estate.run(&["check", "."]).is(2, &["policy/estate.rego:", "error["]);
    estate.file(
        "policy/estate.rego",
        "package estate\n\ndeny contains \"x\" if {\n\tundefined_function(1)\n}\n",
    );
    estate.run(&["check", "."]).is(2, &["policy/estate.rego:4:", "undefined_function"]);
}

#[test]
fn settings_of_an_estate_that_mean_nothing_are_an_error_with_their_place() {
    let estate = Folder::estate();
    estate.file("good.yaml", deployment("good", "{team: a}"));
    estate.file("tollgate.toml", "[estate]\nname = \"test\"\nrequier = [\"policy\"]\n");
    estate.run(&["check", "."]).is(2, &["tollgate.toml:3:1", "requier"]);
    estate.run(&["read", "."]).is(2, &["tollgate.toml:3", "requier"]);
}

#[test]
fn an_estate_within_an_estate_is_an_error() {
    let estate = Folder::estate();
    estate.file("team/tollgate.toml", "[estate]\n");
    estate.file("team/good.yaml", deployment("good", "{team: a}"));
    estate.run(&["check", "."]).is(2, &["team/tollgate.toml", "rules come from the root alone"]);
}

#[test]
fn templates_are_undecidable_until_rendered() {
    let estate = Folder::estate();
    estate.file("chart/Chart.yaml", "name: x\n");
    estate.file("chart/templates/a.yaml", "kind: {{ .Values.kind }}\n");
    let said = estate.run(&["check", "."]);
    assert_eq!(said.code, 3, "{said:#?}");
    assert!(said.out.contains("render first"), "{said:#?}");
    estate.file("templates/a.yaml", "kind: {{ .Values.kind }}\n");
    assert_eq!(estate.run(&["check", "templates"]).code, 3);
}
