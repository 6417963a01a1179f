use super::*;

fn error(text: &str) -> (String, usize, usize) {
    let error = read(text.as_bytes(), &Limits::default()).unwrap_err();
    (error.message, error.position.line, error.position.column)
}

#[test]
fn values_are_read_and_numbers_keep_their_text() {
    let text = r#" {"b": [1.0, 1E400, -0, true, null], "a": "x\u00e9\ud83d\ude00\/\n"} "#;
    let value = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(crate::canonical::text(&value), "{\"a\":\"xé😀/\\n\",\"b\":[1.0,1E400,0,true,null]}");
}

#[test]
fn what_is_no_json_is_refused_at_its_place() {
    for (text, line, column) in [
        ("", 1, 1),
        ("{\n \"a\" 1}", 2, 6),
        ("{\"a\":1,}", 1, 8),
        ("[1,]", 1, 4),
        ("[1 2]", 1, 4),
        ("[01]", 1, 2),
        ("[+1]", 1, 2),
        ("[1.]", 1, 2),
        ("[NaN]", 1, 2),
        ("tru", 1, 1),
        ("{} {}", 1, 4),
        ("\"é\u{1}\"", 1, 3),
        ("\"\\x\"", 1, 2),
        ("\"\\ud800\"", 1, 2),
        ("\"\\ude00\\ud83d\"", 1, 2),
        ("\"abc", 1, 5),
        ("{", 1, 2),
        ("{'a':1}", 1, 2),
        ("// c\n{}", 1, 1),
    ] {
        let (message, at_line, at_column) = error(text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {message}");
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_at_its_second_place() {
    let (message, line, column) = error("{\"a\": {\"k\": 1,\n \"k\": 2}}");
    assert_eq!((message.contains("`k` stands twice"), line, column), (true, 2, 2));
}

#[test]
fn depth_is_limited_before_the_stack_is() {
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(read(deep(100).as_bytes(), &Limits::default()).is_ok());
    assert_eq!(error(&deep(101)).0, "deeper than 100 levels");
    let no_limit = Limits { depth: usize::MAX, ..Limits::default() };
    assert!(read(deep(1_000_000).as_bytes(), &no_limit).is_err());
}

#[test]
fn spans_hold_the_text_of_their_values() {
    let text = "{\n  \"é\": [\"x\", 12],\n  \"b\": {}}";
    let (value, tree) = read_with_spans(text.as_bytes(), &Limits::default()).unwrap();
    let path = tollgate_vocabulary::Path::of_keys(&["é"]).join(tollgate_vocabulary::Step::Index(1));
    let found = tree.locate(&value, &path);
    let span = found.span;
    assert!(found.exact);
    assert_eq!(&text[span.start.offset..span.end.offset], "12");
    assert_eq!((span.start.line, span.start.column), (2, 14));
}
