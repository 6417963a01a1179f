//! What is said of files that do not read: `errors.txt` beside the snapshot shows each as a reader sees it.

use std::fmt::Write as _;

use tollgate_rego_syntax::tree::Dialect;
use tollgate_rego_syntax::{LineIndex, SyntaxError, parse, parse_bytes, parse_query, parse_term};

/// The errors of a text, with the lines that they are about.
fn shown(text: &str, errors: &[SyntaxError]) -> String {
    let index = LineIndex::new(text);
    let mut shown = String::new();
    for error in errors {
        let (start, end) = (index.place(error.span.start), index.place(error.span.end));
        let line = index.line(start.line).unwrap_or_default();
        let width = if end.line == start.line { end.column - start.column } else { 1 }.max(1) as usize;
        let dialect = error.dialect.map_or("-", |dialect| if dialect == Dialect::V0 { "v0" } else { "v1" });
        writeln!(shown, "{}:{} ({dialect}) {error}", start.line, start.column).unwrap();
        writeln!(shown, "  | {}", line.replace('\t', " ")).unwrap();
        writeln!(shown, "  | {}{}", " ".repeat(start.column as usize - 1), "^".repeat(width)).unwrap();
        if let Some(hint) = &error.hint {
            writeln!(shown, "  = {hint}").unwrap();
        }
    }
    shown
}

fn wrong(text: &str, dialect: Option<Dialect>) -> String {
    let errors = parse(text, dialect).map(|module| panic!("reads: {text}: {module:?}")).unwrap_err();
    shown(text, &errors)
}

const FILES: [&str; 41] = [
    "",
    "allow if true",
    "package",
    "package a-b\np := 1",
    "package a\npackage b",
    "package a\n\nallow if input.x\n\ndeny {\n\tinput.y\n}\n\ndeny[msg] {\n\tmsg := \"no\"\n}",
    "package a\nimport rego.v1\n\nallow {\n\tinput.x\n}",
    "package a\np if {\n\tx == 1\n\ty = (2\n}\n\nq if x\n\nr := [1,\n\ns := 2",
    "package a\np if {\n\tx\n\nq := 1\n\nr := 2",
    "package a\np if {\n\tx := \"abc\n}\n\nq := 1 +\n\nr :=\n\ns := )",
    "package a\np if !x\n\nq if x == 'a'\n\nr if x && y\n\ns if x || y",
    "package a\np if x == 1 and y == 2\n\nq if { a or b }",
    "package a\np if {\n\tif x { y }\n}",
    "package a\np if {\n\tfor x in y { z }\n}",
    "package a\np if { x; }\n\nq if { x y }\n\nr if {\n}",
    "package a\np if { some x in y, z }\n\nq if { every x { y } }\n\nr if { not some x }\n\ns if { some x == 1 }",
    "package a\nimport foo.bar\nimport data.if\nimport data.x as input\nimport future.keywords.and\nimport rego.v2",
    "package a\nimport future.keywords\np if not x := 1\n\nq if not {a | b}\n\nr if a and b",
    "package a\ndefault p = input.x\n\ndefault q.r\n\ndefault f(x, x) := 1",
    "package a\np := 01\n\nq := 1.\n\nr := 1e\n\ns := 2x\n\nt := 1e99999",
    "package a\nin := 1\n\nif := 2\n\ntrue := 3\n\nf(x) contains 1 if true\n\nset() := 1",
    "package a\np := $\"{not x}\"\n\nq := $\"{x := 1}\"\n\nr := $\"{x",
    "package a\np := {\"a\": 1, \"b\" 2}\n\nq := {1, 2: 3}\n\nr := f(1, 2",
    "package a\np if x\nelse y",
    "package a\np contains 1 if x\nelse := 2\n\nq[x] := 1 if x := 1\nelse := 2",
    "package a\np if { x }}\n\nq := 1",
    "package a\np = x.y.\n\nq := x[1\n\nr := a[]\n\ns := \"a\".b\n\nt := (a.b).c",
    "package a\np\n\nq := 1",
    "package a\np := \"a\\xb\"\n\nq := \"\\u12\"\n\nr := \"\\n\t\"",
    "package a\np := 1 $ 2\n\nq := a\u{a0}b\n\nr := \u{feff}1\n\ns := ❤",
    "package a # \0",
    "package a\np if { x with 1 as 2 }\n\nq if { x with input }",
    "package a\np if { x := y := 1 }\n\nq if { (x := 1) }",
    "package a\np[1] { x }\n\nq contains 1 { x }\n\nr if y",
    "\u{feff}package a\np := )",
    "  package a\n  p :=\n  q := )\n  r := 1\n",
    "package a\np := [1, 2}\nq if {\n\tf(1]\n}\nr := 1 ]",
    "package a\np.if.q if {\n\tx\n} else {\n\ty\n}",
    "package a\nimport rego.v1\np.q",
    "package a\n# é\np := é",
    "package a\nf(x).y := 1\n\nf (x) := 2\n\nf() if",
];

#[test]
fn files_that_do_not_read_say_why() {
    let mut all = String::new();
    for text in FILES {
        writeln!(all, "{text}\n{}\n{}", "-".repeat(80), wrong(text, None)).unwrap();
    }
    insta::assert_snapshot!(all.replace('\0', "\\0"));
}

#[test]
fn a_v0_file_read_as_v1_says_so_once() {
    let text = "package a\nallow {\n\tx\n}\ndeny[msg] {\n\tmsg := 1\n}\nf(x) = y {\n\ty := x\n} else = z {\n\tz := 1\n}";
    parse(text, Some(Dialect::V0)).unwrap();
    insta::assert_snapshot!(wrong(text, Some(Dialect::V1)));
}

#[test]
fn a_v1_file_read_as_v0_names_what_to_import() {
    let text = "package a\nallow if {\n\tx\n}\ndeny contains 1 if {\n\tx in y\n}\nf(x) if {\n\ty\n}\np { x in xs }\nq { some x in xs }\nr := $\"a\"";
    insta::assert_snapshot!(wrong(text, Some(Dialect::V0)));
}

#[test]
fn a_broken_v0_file_is_read_as_v0() {
    let text = "package a\nallow {\n\tx ==\n}\ndeny[msg] {\n\tmsg := 1\n}";
    insta::assert_snapshot!(wrong(text, None));
}

#[test]
fn a_query_and_a_term_say_what_is_wrong() {
    let query = "x := 1; y := ";
    insta::assert_snapshot!(shown(query, &parse_query(query, None).unwrap_err()));
    let term = "x := 1";
    insta::assert_snapshot!(shown(term, &parse_term(term, None).unwrap_err()));
    let illegal = "x == !y";
    insta::assert_snapshot!(shown(illegal, &parse_query(illegal, None).unwrap_err()));
}

#[test]
fn bytes_that_are_no_text_say_where() {
    let errors = parse_bytes(b"package a\np := \"\xff\"", None).unwrap_err();
    assert_eq!((errors[0].span.start, errors[0].span.end), (16, 17));
    assert_eq!(errors[0].message, "the file is not UTF-8");
    assert_eq!(parse_bytes(b"package a\np := 1", None).unwrap().rules.len(), 1);
}

#[test]
fn places_stand_inside_of_the_file() {
    for text in FILES {
        for dialect in [None, Some(Dialect::V0), Some(Dialect::V1)] {
            for error in parse(text, dialect).err().into_iter().flatten() {
                let span = error.span.start as usize..error.span.end as usize;
                assert!(text.get(span).is_some(), "{text}: {error:?}");
            }
        }
    }
}
