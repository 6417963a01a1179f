use tollgate_rego_value::Val;

use crate::Error;
use crate::testing::{call, eval, fails};

fn s(text: &str) -> Val<'_> {
    Val::String(text)
}

/// The findings, each as field, kind and description.
fn findings(document: &str, schema: &str) -> Vec<String> {
    call("json.match_schema", &[s(document), s(schema)], |result| {
        let result = result.expect("a result").as_array().expect("a list");
        let list = result.get(1).and_then(|list| list.as_array()).expect("findings");
        assert_eq!(result.get(0), Some(Val::Bool(list.is_empty())));
        let text = |finding: &Val<'_>, name: &str| {
            let value = finding.as_object().and_then(|object| object.text(name));
            value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        list.iter()
            .map(|one| format!("{}|{}|{}", text(&one, "field"), text(&one, "type"), text(&one, "desc")))
            .collect()
    })
}

#[test]
fn documents_are_checked_in_the_words_of_opa() {
    for (document, schema, expected) in [
        (
            r#"{"a":{"b":[1,"x"]}}"#,
            r#"{"properties":{"a":{"properties":{"b":{"items":{"type":"number"}}}}},"required":["c"]}"#,
            vec![
                "(Root)|required|c is required",
                "a.b.1|invalid_type|Invalid type. Expected: number, given: string",
            ],
        ),
        (
            r#"{"a":7}"#,
            r#"{"properties":{"a":{"maximum":4.5,"multipleOf":2,"exclusiveMinimum":7}}}"#,
            vec![
                "a|multiple_of|Must be a multiple of 2",
                "a|number_lte|Must be less than or equal to 4.5",
                "a|number_gt|Must be greater than 7",
            ],
        ),
        (
            r#"{"a":"äbc"}"#,
            r#"{"properties":{"a":{"minLength":4,"pattern":"^x","enum":["y",1.0]}}}"#,
            vec![
                r#"a|enum|a must be one of the following: "y", 1"#,
                "a|string_gte|String length must be greater than or equal to 4",
                "a|pattern|Does not match pattern '^x'",
            ],
        ),
        (
            r#"{"a":[1,1.0]}"#,
            r#"{"properties":{"a":{"uniqueItems":true,"contains":{"type":"string"}}},"additionalProperties":false}"#,
            vec![
                "a|unique|array items[0,1] must be unique",
                "a|contains|At least one of the items must match",
                "a.0|invalid_type|Invalid type. Expected: string, given: integer",
            ],
        ),
        (
            r#"{"a":1}"#,
            r#"{"if":{"required":["a"]},"then":{"required":["b"]},"not":{"required":["a"]}}"#,
            vec![
                "(Root)|number_not|Must not validate the schema (not)",
                "(Root)|condition_then|Must validate \"then\" as \"if\" was valid",
                "(Root)|required|b is required",
            ],
        ),
        (r#"{"a":1.0}"#, r#"{"properties":{"a":{"type":"integer","const":1}}}"#, vec![]),
    ] {
        assert_eq!(findings(document, schema), expected, "{schema}");
    }
}

#[test]
fn of_failing_alternatives_the_nearest_is_told() {
    let schema = r#"{"anyOf":[{"required":["b"]},{"required":["a"],"properties":{"a":{"type":"string"}}}]}"#;
    assert_eq!(
        findings(r#"{"a":1}"#, schema),
        [
            "(Root)|number_any_of|Must validate at least one schema (anyOf)",
            "a|invalid_type|Invalid type. Expected: string, given: integer",
        ]
    );
}

#[test]
fn references_lead_within_the_schema() {
    let nested = r##"{"type":"object","properties":{"a":{"$ref":"#"}}}"##;
    assert_eq!(findings(r#"{"a":{"a":1}}"#, nested).len(), 1);
    for reference in ["#/definitions/x", "#foo"] {
        let schema = format!(
            r##"{{"definitions":{{"x":{{"$id":"#foo","type":"string"}}}},"properties":{{"a":{{"$ref":"{reference}"}}}}}}"##
        );
        assert_eq!(findings(r#"{"a":1}"#, &schema).len(), 1, "{reference}");
    }
    let named = r#"{"$id":"http://example.com/r.json","definitions":{"x":{"$id":"x.json","type":"string"}},"properties":{"a":{"$ref":"x.json"}}}"#;
    assert_eq!(findings(r#"{"a":1}"#, named).len(), 1);
    let out = [s("{}"), s(r#"{"$ref":"http://example.com/x"}"#)];
    assert_eq!(
        fails("json.match_schema", &out),
        "reference `http://example.com/x` leads out of the schema: nothing is fetched"
    );
}

#[test]
fn what_never_ends_is_stopped() {
    for schema in [r##"{"$ref":"#"}"##, r##"{"allOf":[{"$ref":"#"}]}"##, r##"{"not":{"$ref":"#"}}"##] {
        assert!(fails("json.match_schema", &[s("{}"), s(schema)]).contains("levels"), "{schema}");
    }
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(400), "}".repeat(400));
    assert!(fails("json.match_schema", &[s("[]"), s(&deep)]).contains("levels"));
    let wide = r##"{"allOf":[{"anyOf":[{"$ref":"#"},{"$ref":"#"}]},{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}]}"##;
    call("json.match_schema", &[s("{}"), s(wide)], |result| {
        assert!(matches!(result, Err(Error::Failed(_) | Error::Limit)));
    });
}

#[test]
fn schemas_are_checked_themselves() {
    for (schema, message) in [
        (
            r#"{"type":"foo"}"#,
            "has a primitive type that is NOT VALID -- given: /foo/ Expected valid values are:[array boolean integer number null object string]",
        ),
        (r#"{"minLength":-1}"#, "minLength must be greater than or equal to 0"),
        (r#"{"pattern":"("}"#, "pattern must be a valid regex"),
        (r#"{"required":["a","a"]}"#, "required items must be unique"),
        (
            r#"{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMinimum":1}"#,
            "Invalid type. Expected: boolean, given: exclusiveMinimum",
        ),
        ("{", "invalid JSON string"),
    ] {
        let expected = format!("[false, \"jsonschema: {message}\"]");
        assert_eq!(eval("json.verify_schema", &[s(schema)]), expected, "{schema}");
    }
    assert_eq!(eval("json.verify_schema", &[s("true")]), "[true, null]");
}

#[test]
fn formats_are_checked_where_they_are_known() {
    for (format, good, bad) in [
        ("date", "2020-02-29", "2021-02-29"),
        ("date-time", "2020-01-01T00:00:00Z", "2020-01-01 00:00"),
        ("email", "Joe <a@b.c>", "a@b@c"),
        ("hostname", "a-b.c", "-a.b"),
        ("ipv4", "1.2.3.4", "::1"),
        ("ipv6", "::1", "1.2.3.4"),
        ("uri", "http://x/y", "foo"),
        ("uri-reference", "foo", "%zz"),
        ("uri-template", "http://x/{a}", "http://x/{a"),
        ("uuid", "00000000-0000-4000-8000-00000000000A", "0"),
        ("regex", "a|b", "("),
        ("json-pointer", "/a~1", "/a~2"),
        ("relative-json-pointer", "1/a", "01/a"),
    ] {
        let schema = format!(r#"{{"properties":{{"a":{{"format":"{format}"}}}}}}"#);
        assert!(findings(&format!(r#"{{"a":"{good}"}}"#), &schema).is_empty(), "{format}");
        assert_eq!(
            findings(&format!(r#"{{"a":"{bad}"}}"#), &schema),
            [format!("a|format|Does not match format '{format}'")]
        );
    }
    assert!(findings(r#"{"a":"x"}"#, r#"{"properties":{"a":{"format":"unknown"}}}"#).is_empty());
}
