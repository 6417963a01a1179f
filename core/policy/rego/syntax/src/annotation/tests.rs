use super::{Subject, annotations};
use crate::parse;

fn found(text: &str) -> Vec<(String, Subject)> {
    let module = parse(text, None).unwrap();
    annotations(text, &module).into_iter().map(|annotation| (annotation.yaml, annotation.subject)).collect()
}

#[test]
fn a_block_stands_above_the_next_statement() {
    let text = "# METADATA\n# title: all\npackage a\n\n# METADATA\n# title: i\nimport data.b\n\n# METADATA\n# title: r\n\np := 1\n";
    assert_eq!(
        found(text),
        [
            ("title: all\n".to_owned(), Subject::Package),
            ("title: i\n".to_owned(), Subject::Import(0)),
            ("title: r\n".to_owned(), Subject::Rule(0)),
        ]
    );
}

#[test]
fn a_block_ends_at_the_first_line_that_is_no_comment() {
    let text = "package a\n# METADATA\n# custom:\n#   id: b\n#\n#c: 1\n\n# no part of it\np := 1";
    assert_eq!(found(text), [("custom:\n  id: b\n\nc: 1\n".to_owned(), Subject::Rule(0))]);
}

#[test]
fn a_second_block_right_below_begins_anew() {
    let text = "package a\n# METADATA\n# a: 1\n# METADATA\n# b: 2\np := 1";
    assert_eq!(
        found(text),
        [("a: 1\n".to_owned(), Subject::Rule(0)), ("b: 2\n".to_owned(), Subject::Rule(0))]
    );
}

#[test]
fn only_comments_at_the_left_edge_count() {
    let text = "package a # METADATA\n  # METADATA\n  # a: 1\np := 1 # METADATA\n# b: 2\n";
    assert_eq!(found(text), []);
    let text = "package a\n# METADATA\n# a: 1\n  # b: 2\n# c: 3\np := 1";
    assert_eq!(found(text), [("a: 1\n".to_owned(), Subject::Rule(0))]);
}

#[test]
fn a_block_with_nothing_below_it_says_so() {
    assert_eq!(found("package a\n# METADATA\n# a: 1"), [("a: 1\n".to_owned(), Subject::Nothing)]);
}

#[test]
fn chained_bodies_are_their_first_rule() {
    let text = "package a\np { x }\n# METADATA\n# a: 1\nq { x } { y }";
    assert_eq!(found(text), [("a: 1\n".to_owned(), Subject::Rule(1))]);
}

#[test]
fn lines_know_where_they_stand() {
    let text = "package a\r\n# METADATA\r\n# a: 1\r\n#b: 2\r\np := 1";
    let module = parse(text, None).unwrap();
    let [annotation] = annotations(text, &module).try_into().unwrap();
    assert_eq!(annotation.yaml, "a: 1\nb: 2\n");
    for (line, begins) in [(0, "a: 1\r\n"), (1, "b: 2\r\n"), (2, "\r\np := 1")] {
        let start = annotation.line_start(line) as usize;
        assert!(text[start..].starts_with(begins), "{:?}", &text[start..]);
    }
    assert_eq!(
        &text[annotation.span.start as usize..annotation.span.end as usize],
        "# METADATA\r\n# a: 1\r\n#b: 2"
    );
}
