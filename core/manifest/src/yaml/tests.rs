use super::style;

#[test]
fn the_bounds_of_a_scalar_leave_out_what_stands_around_it() {
    for (source, quote, inside) in [
        ("\"a\\\"b\" # c", Some('"'), "\"a\\\"b\""),
        ("&x !!str 'it''s'  ", Some('\''), "'it''s'"),
        ("&x\n  # note\n  plain", None, "plain"),
        ("!!str \"\\\\\" # \"", Some('"'), "\"\\\\\""),
        ("&x", None, "&x"),
    ] {
        let (start, end) = style::bounds(source, quote);
        assert_eq!(&source[start..end], inside, "{source}");
    }
}

#[test]
fn escapes_that_kubectl_does_not_read_are_found() {
    assert_eq!(style::foreign_escape(r"a\\/b\n"), None);
    assert_eq!(style::foreign_escape(r"a\/b"), Some(r"\/"));
    assert_eq!(style::foreign_escape(r"a\\\/b"), Some(r"\/"));
    assert_eq!(style::foreign_escape(r"\u00e9\uD83D\uDE00"), Some(r"\u"));
}
