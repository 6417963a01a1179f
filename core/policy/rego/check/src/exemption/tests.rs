//! Checks turned down.

use super::*;
use crate::code::Severity;
use crate::gate::{Files, check};

fn allowed(text: &str) -> Allowed {
    let modules = [tollgate_rego_syntax::parse(text, None).unwrap_or_else(|errors| panic!("{errors:?}"))];
    let (program, found) = tollgate_rego_resolve::resolve(&modules);
    check(&Files { texts: &[text], modules: &modules, data: None }, &program, found)
}

fn said(text: &str) -> Vec<(&'static str, String)> {
    allowed(text).problems.into_iter().map(|problem| (problem.code, problem.message)).collect()
}

#[test]
fn an_exemption_above_or_behind_turns_a_check_down() {
    for text in [
        "package p\nr if {\n\tinput.a == 1\n\t# tollgate:allow duplicate-condition kept for the reader\n\tinput.a == 1\n}\n",
        "package p\nr if {\n\tinput.a == 1\n\tinput.a == 1 # tollgate:allow duplicate-condition: kept for the reader\n}\n",
        "package p\n# tollgate:allow always-matches a freeze is on\n# METADATA\n# title: Freeze\n\ndeny contains \"x\"\n",
    ] {
        let allowed = allowed(text);
        assert_eq!(allowed.problems, [], "{text}");
        let [(_, reason)] = allowed.exempted.as_slice() else { panic!("{text}") };
        assert!(["kept for the reader", "a freeze is on"].contains(&&**reason), "{reason}");
    }
}

#[test]
fn an_exemption_above_the_package_is_for_the_file() {
    let rules = "r if {\n\tinput.a\n\tinput.a\n}\ns if {\n\tinput.b\n\tinput.b\n}\n";
    let file =
        allowed(&format!("# tollgate:allow duplicate-condition made by a program\npackage p\n{rules}"));
    assert_eq!((file.problems.len(), file.exempted.len()), (0, 2));
    let none = said("# tollgate:allow duplicate-condition made by a program\npackage p\nr if input.a\n");
    assert_eq!(none.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["unneeded-exemption"]);
}

#[test]
fn an_exemption_speaks_for_its_own_check_and_line() {
    let text = "package p\nr if {\n\tinput.a == 1\n\t# tollgate:allow contradiction wrong check\n\tinput.a == 1\n}\n";
    let codes: Vec<&str> = said(text).iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["unneeded-exemption", "duplicate-condition"]);
    let text = "package p\nr if {\n\t# tollgate:allow duplicate-condition wrong line\n\tinput.a == 1\n\tinput.a == 1\n}\n";
    assert_eq!(said(text).len(), 2);
}

#[test]
fn an_exemption_says_which_check_and_why() {
    for (comment, message) in [
        ("# tollgate:allow", "this exemption names no check"),
        ("# tollgate:allow duplicate-conditon because", "there is no check `duplicate-conditon`"),
        ("# tollgate:allow duplicate-condition", "this exemption from `duplicate-condition` gives no reason"),
        (
            "# tollgate:allow recursion because",
            "`recursion` cannot be turned down: without it the file has no meaning",
        ),
    ] {
        let allowed = allowed(&format!("package p\nr if {{\n\t{comment}\n\tinput.a == 1\n}}\n"));
        let [problem] = allowed.problems.as_slice() else { panic!("{comment}: {:?}", allowed.problems) };
        assert_eq!((problem.code, &*problem.message), ("unknown-exemption", message));
        assert_eq!(problem.severity, Severity::Warning);
    }
    let meant = allowed("package p\nr if input.a # tollgate:allow duplicate-conditon because\n");
    assert_eq!(meant.problems[0].remedy.as_deref(), Some("did you mean `duplicate-condition`?"));
}

#[test]
fn a_twice_given_exemption_is_unneeded_once() {
    let text = "package p\nr if {\n\tinput.a == 1\n\t# tollgate:allow duplicate-condition one\n\tinput.a == 1 # tollgate:allow duplicate-condition two\n}\n";
    let codes: Vec<&str> = said(text).iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["unneeded-exemption"]);
}

#[test]
fn other_comments_are_comments() {
    assert_eq!(said("package p\n# allow tollgate:allow things\nr if input.a\n"), []);
}
