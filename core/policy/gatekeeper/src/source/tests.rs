use super::*;
use crate::Document;

/// Reads `text` below `rego:`, and where each of its lines stands.
fn places(written: &str) -> Vec<String> {
    let document = &Document::written(written)[0];
    let node = Node::root(document, "x").get("rego").unwrap();
    let text = node.text(&mut Vec::new()).unwrap();
    let source = Source::read(&node, text.clone(), Dialect::V0);
    (1..).zip(text.lines()).map(|(line, text)| format!("{} {text}", source.place(line, 1))).collect()
}

#[test]
fn lines_of_a_block_are_those_of_the_file() {
    let head = "apiVersion: v1\nkind: X\n";
    for (header, body) in [
        ("|", "    a\n\n      b\n    c\n"),
        ("|-", "    a\n\n      b\n    c\n"),
        ("|+", "    a\n\n      b\n    c\n\n\n"),
    ] {
        let seen = places(&format!("{head}rego: {header}\n{body}"));
        assert_eq!(&seen[..4], ["x.yaml:4:5 a", "x.yaml:5:5 ", "x.yaml:6:5   b", "x.yaml:7:5 c"], "{header}");
    }
}

#[test]
fn blank_lines_before_the_first_count() {
    let seen = places("apiVersion: v1\nkind: X\nrego: |\n\n\n  a\n  b\n");
    assert_eq!(seen, ["x.yaml:4:3 ", "x.yaml:5:3 ", "x.yaml:6:3 a", "x.yaml:7:3 b"]);
}

#[test]
fn an_indentation_that_the_header_gives_is_kept() {
    let seen = places("apiVersion: v1\nkind: X\nrego: |2\n    a\n  b\n");
    assert_eq!(seen, ["x.yaml:4:3   a", "x.yaml:5:3 b"]);
}

#[test]
fn text_that_is_not_written_line_by_line_stands_where_it_begins() {
    for (written, seen) in [
        ("rego: \"a\\n  b\"", ["x.yaml:3:7 a", "x.yaml:3:7   b"]),
        ("rego: 'a\n\n  b'", ["x.yaml:3:7 a", "x.yaml:3:7 b"]),
        ("rego: >\n  a\n\n  b\n", ["x.yaml:4:3 a", "x.yaml:4:3 b"]),
    ] {
        assert_eq!(places(&format!("apiVersion: v1\nkind: X\n{written}")), seen, "{written}");
    }
}

#[test]
fn a_byte_is_found_by_line_and_character() {
    let written = "apiVersion: v1\nkind: X\nrego: |\n  ab\n  \"ü\" c\n";
    let document = &Document::written(written)[0];
    let node = Node::root(document, "x").get("rego").unwrap();
    let text = node.text(&mut Vec::new()).unwrap();
    let source = Source::read(&node, text.clone(), Dialect::V0);
    let c = text.find('c').unwrap();
    assert_eq!(source.place_of(c).to_string(), "x.yaml:5:7");
    assert_eq!(source.span(c, c + 1).end_column, Some(8));
    assert_eq!(source.span(0, c).end_column, None);
    assert_eq!(source.place_of(1_000).to_string(), "x.yaml:6:3");
}
