use tollgate_rego_value::Val;

use crate::testing::{eval, fails};

fn query(text: &str) -> String {
    eval("graphql.parse_query", &[Val::String(text)])
}

fn schema(text: &str) -> String {
    eval("graphql.parse_schema", &[Val::String(text)])
}

#[test]
fn queries_are_trees() {
    assert_eq!(
        query("{ a: b(x: 1) { ...F ... on T { c } } }"),
        r#"{"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "a", "Arguments": [{"Name": "x", "Value": {"ExpectedTypeHasDefault": false, "Kind": 1, "Raw": "1"}}], "Name": "b", "SelectionSet": [{"Name": "F"}, {"SelectionSet": [{"Alias": "c", "Name": "c"}], "TypeCondition": "T"}]}]}]}"#
    );
    let variables = query("query Q($a: [Int!]! = [1]) { a }");
    assert!(variables.contains(
        r#""Type": {"Elem": {"NamedType": "Int", "NonNull": true}, "NamedType": "", "NonNull": true}"#
    ));
    assert!(variables.contains(r#""Used": false, "Variable": "a""#));
    let comments = query("# first\n{ a }");
    assert!(comments.contains(r##""Comment": {"List": [{"Value": "# first"}]}"##), "{comments}");
}

#[test]
fn schemas_are_trees() {
    assert_eq!(
        schema("\"\"\"\n  The root\n    of all\n\"\"\" type Q implements A & B { f(x: Int = 3): S! @d }"),
        r#"{"Definitions": [{"BuiltIn": false, "Description": "The root\n  of all", "Fields": [{"Arguments": [{"DefaultValue": {"ExpectedTypeHasDefault": false, "Kind": 1, "Raw": "3"}, "Description": "", "Name": "x", "Type": {"NamedType": "Int", "NonNull": false}}], "Description": "", "Directives": [{"Location": "", "Name": "d"}], "Name": "f", "Type": {"NamedType": "S", "NonNull": true}}], "Interfaces": ["A", "B"], "Kind": "OBJECT", "Name": "Q"}]}"#
    );
    assert_eq!(
        schema("directive @d repeatable on FIELD | QUERY"),
        r#"{"Directives": [{"Description": "", "IsRepeatable": true, "Locations": ["FIELD", "QUERY"], "Name": "d"}]}"#
    );
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    for (text, message) in [
        ("type Hello {}", "expected at least one definition, found } in GraphQL string at location 1:13"),
        ("extend type Hello", "Unexpected <EOF> in GraphQL string at location 1:18"),
        ("union U = A || B", "Expected Name, found | in GraphQL string at location 1:14"),
        ("\n  \"D\" extend type T { f: S }", "Unexpected String \"D\" in GraphQL string at location 2:4"),
        ("directive @d on NOWHERE", "Unexpected Name \"NOWHERE\" in GraphQL string at location 1:17"),
        ("type T { f: ? }", "Expected Name, found <Invalid> in GraphQL string at location 1:13"),
    ] {
        assert_eq!(fails("graphql.parse_schema", &[Val::String(text)]), message, "{text}");
    }
    for (text, message) in [
        ("foo", "Unexpected Name \"foo\" in GraphQL string at location 1:1"),
        ("query ($a: I = $b) { a }", "Unexpected $ in GraphQL string at location 1:16"),
    ] {
        assert_eq!(fails("graphql.parse_query", &[Val::String(text)]), message, "{text}");
    }
    let deep = "{a".repeat(10_000);
    assert!(fails("graphql.parse_query", &[Val::String(&deep)]).contains("levels"));
    let lists = format!("{{a(x:{}", "[".repeat(10_000));
    assert!(fails("graphql.parse_query", &[Val::String(&lists)]).contains("levels"));
}
