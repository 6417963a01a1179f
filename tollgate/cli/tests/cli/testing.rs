//! `tollgate test`: results, cases, what failed and why, coverage, watching.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::Folder;

const TESTS: &str = r#"package estate

test_denied if {
	count(deny) == 1 with input as {"kind": "Deployment", "metadata": {}}
}

test_wrong if {
	want := 2
	print("denied", deny, input.none)
	count(deny) == want with input as {"kind": "Deployment", "metadata": {}}
}

test_kinds[case.kind] if {
	some case in [{"kind": "Deployment", "n": 1}, {"kind": "Job", "n": 1}]
	count(deny) == case.n with input as {"kind": case.kind, "metadata": {}}
}

todo_test_more if false
"#;

fn estate() -> Folder {
    let estate = Folder::estate();
    estate.file("policy/estate_test.rego", TESTS);
    estate
}

#[test]
fn a_failed_test_tells_the_condition_its_values_and_what_was_printed() {
    let said = estate().run(&["test"]);
    let wanted = "\
ok    estate.test_denied
FAIL  estate.test_wrong  policy/estate_test.rego:7:1
      policy/estate_test.rego:10: count(deny) == want with input as {\"kind\": \"Deployment\", \"metadata\": {}}
        deny is {{\"msg\": \"label `team` is missing\", \"path\": \"metadata.labels.team\"}}
        count(deny) is 1
        want is 2
      printed: policy/estate_test.rego:9: denied set() <undefined>
FAIL  estate.test_kinds  policy/estate_test.rego:13:1
      FAIL  test_kinds/Job
      policy/estate_test.rego:15: count(deny) == case.n with input as {\"kind\": case.kind, \"metadata\": {}}
        case is {\"kind\": \"Job\", \"n\": 1}
        case.kind is \"Job\"
        deny is set()
        count(deny) is 0
        case.n is 1
todo  estate.todo_test_more  policy/estate_test.rego:18:1
2 passed, 2 failed, 1 to do
";
    assert_eq!((said.code, said.out.as_str()), (1, wanted), "{}", said.out);
}

#[test]
fn tests_are_chosen_by_a_regular_expression_over_their_whole_names() {
    let estate = estate();
    let said = estate.run(&["test", "--run", r"^data\.estate\.test_den.*d$"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "ok    estate.test_denied\n1 passed, 0 failed\n"),
        "{said:#?}"
    );
    estate
        .run(&["test", "--run", "den(ied"])
        .is(2, &["`--run den(ied` is no regular expression", "unclosed group"]);
    estate.run(&["test", "--run", "other"]).is(2, &["no test's name matches `other`"]);
}

#[test]
fn verbose_shows_cases_that_pass_and_what_passing_tests_print() {
    let estate = Folder::estate();
    estate.file("policy/a_test.rego", "package a\n\ntest_x[n] if {\n\tsome n in [1, 2]\n\tprint(n)\n}\n");
    let said = estate.run(&["test", "-v"]);
    assert_eq!(said.code, 0, "{said:#?}");
    for line in ["ok    test_x/1", "ok    test_x/2", "printed: policy/a_test.rego:5: 1", "2 passed, 0 failed"]
    {
        assert!(said.out.contains(line), "{line}: {}", said.out);
    }
    assert!(!estate.run(&["test"]).out.contains("printed"));
}

#[test]
fn a_test_that_cannot_be_evaluated_ends_with_2() {
    let estate = Folder::estate();
    estate.file("policy/a_test.rego", "package a\n\ntest_x if {\n\ty := 0\n\t1 / y == 1\n}\n");
    let said = estate.run(&["test"]);
    assert_eq!(said.code, 2, "{said:#?}");
    assert!(said.out.contains("ERROR a.test_x") && said.out.contains("divide by zero"), "{}", said.out);
}

#[test]
fn coverage_is_told_as_a_table_as_json_and_as_lcov() {
    let estate = estate();
    let said = estate.run(&["test", "--coverage", "--run", "denied"]);
    assert_eq!(said.code, 0, "{said:#?}");
    for line in [
        "file                           lines        conditions  not reached",
        "policy/estate.rego       4/4  100.0%       3/5   60.0%",
        "  policy/estate.rego:10:2: never failed",
        "all                      4/4  100.0%       3/5   60.0%",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
    let json = estate.run(&["test", "--coverage", "--run", "denied", "-o", "json"]).json();
    let file = &json["files"]["policy/estate.rego"];
    assert_eq!(file["covered"], serde_json::json!([{"start": {"row": 9}, "end": {"row": 12}}]), "{json}");
    assert_eq!((&file["coverage"], &json["condition_coverage"]), (&100.0.into(), &60.0.into()));
    let lcov = estate.run(&["test", "--coverage", "--run", "denied", "-o", "lcov"]).out;
    let wanted = "\
TN:
SF:policy/estate.rego
BRDA:10,0,0,1
BRDA:10,0,1,0
BRDA:11,1,0,1
BRDA:11,1,1,0
BRDA:12,2,0,1
BRF:5
BRH:3
DA:9,1
DA:10,1
DA:11,1
DA:12,1
LF:4
LH:4
end_of_record
";
    assert_eq!(lcov, wanted);
}

#[test]
fn what_no_test_reaches_is_named_and_may_be_too_much() {
    let estate = estate();
    estate
        .file("policy/other.rego", "package other\n\ndeny contains \"x\" if {\n\tinput.kind == \"Job\"\n}\n");
    let run = ["test", "--coverage", "--run", "denied", "--threshold"];
    let below = estate.run(&[&run[..], &["80"]].concat());
    below.is(1, &["the tests reach 66.7% of the lines, less than 80%"]);
    assert!(
        below.out.contains("policy/other.rego        0/2    0.0%       0/2    0.0%  3-4"),
        "{}",
        below.out
    );
    assert_eq!(estate.run(&[&run[..], &["60"]].concat()).code, 0);
    estate.run(&["test", "--threshold", "60"]).is(2, &["--coverage"]);
    estate.run(&["test", "--coverage", "--threshold", "101"]).is(2, &["no number from 0 to 100"]);
    estate.run(&["test", "-o", "lcov"]).is(2, &["--coverage"]);
    estate.run(&["test", "-o", "xml"]).is(2, &["`xml` is not one of text, json, junit, lcov"]);
}

#[test]
fn formats_go_to_files_too() {
    let estate = estate();
    let said =
        estate.run(&["test", "--coverage", "-o", "text", "-o", "lcov=cov.info", "-o", "junit=tests.xml"]);
    assert_eq!(said.code, 1, "{said:#?}");
    let read = |name: &str| std::fs::read_to_string(estate.path().join(name)).expect("it is written");
    assert!(read("cov.info").starts_with("TN:\nSF:policy/estate.rego\n"));
    assert!(read("tests.xml").contains("failures=\"2\""));
    let said = estate.run(&["test", "--coverage", "-o", "json"]);
    said.is(1, &["FAIL  estate.test_wrong"]);
}

#[test]
fn watching_runs_again_when_a_file_changes() {
    let estate = Folder::estate();
    let tests = |want: u8| {
        format!("package estate\n\ntest_x if {{\n\tcount(deny) == {want} with input as {{}}\n}}\n")
    };
    estate.file("policy/estate_test.rego", tests(1));
    let mut child = Command::new(env!("CARGO_BIN_EXE_tollgate"))
        .args(["test", "--watch"])
        .current_dir(estate.path())
        .env_clear()
        .env("XDG_CONFIG_HOME", estate.path().join(".config"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut wait = |word: &str| {
        let found = lines.any(|line| line.contains(word));
        assert!(found, "it ended without saying `{word}`");
    };
    wait("some failed; waiting");
    estate.file("policy/estate_test.rego", tests(0));
    wait("all passed; waiting");
    estate.file("policy/estate_test.rego", "package estate\n\ntest_x if {\n");
    wait("could not be run; waiting");
    child.kill().expect("it runs still");
    child.wait().expect("it ends");
}
