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

const SCHEMA: &str = r#"
type Query { a(x: Int!, e: E, i: In): A n: N u: U s: String! l: [Int!]! }
type A implements N { id: ID! s: String }
type B implements N { id: ID! s: Int! }
interface N { id: ID! }
union U = A | B
enum E { X Y }
input In { r: Int! d: Int! = 3 }
type Subscription { x: Int y: Int }
directive @q(z: Int!) on FIELD
"#;

fn issue(query: &str) -> Option<String> {
    let args = [Val::String(query), Val::String(SCHEMA)];
    let valid = eval("graphql.is_valid", &args);
    if valid == "true" {
        assert!(eval("graphql.parse_and_verify", &args).starts_with("[true, {"));
        return None;
    }
    assert_eq!(eval("graphql.parse_and_verify", &args), "[false, {}, {}]");
    Some(fails("graphql.parse", &args))
}

#[test]
fn queries_that_fit_their_schema_are_valid() {
    for query in [
        "{ s l }",
        "{ a(x: 1, e: X, i: {r: 2}) { id ...F } } fragment F on A { s }",
        "query Q($v: Int = 3, $t: Boolean!) { a(x: $v) { id @include(if: $t) } }",
        "{ u { __typename ... on A { t: s } ... on B { id } } n { ... on B { s } } }",
        "{ __schema { types { name fields { name } } } __type(name: \"A\") { kind } }",
        "subscription { x }",
        "{ s @q(z: 1) }",
    ] {
        assert_eq!(issue(query), None, "{query}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (query, message) in [
        (
            "{ a { id } }",
            r#"Field "a" argument "x" of type "Int!" is required, but it was not provided in GraphQL string at location 1:3"#,
        ),
        (
            "{ s }\nquery R { s }",
            "This anonymous operation must be the only defined operation in GraphQL string at location 1:1",
        ),
        (
            "{ a(x: 1, i: {d: 1}) { id } }",
            r#"Field "In.r" of required type "Int!" was not provided in GraphQL string at location 1:14"#,
        ),
        (
            "query Q($v: Int) { a(x: $v) { id } }",
            r#"Variable "$v" of type "Int" used in position expecting type "Int!" in GraphQL string at location 1:25"#,
        ),
        (
            "{ ...F } fragment F on Query { ...F s }",
            r#"Cannot spread fragment "F" within itself in GraphQL string at location 1:35"#,
        ),
        (
            "{ x: s x: l }",
            r#"Fields "x" conflict because "s" and "l" are different fields. Use different aliases on the fields to fetch both if this was intentional in GraphQL string at location 1:8"#,
        ),
        (
            "{ n { ... on Query { s } } }",
            r#"Fragment cannot be spread here as objects of type "N" can never be of type "Query" in GraphQL string at location 1:11"#,
        ),
        (
            "subscription { x y }",
            "Anonymous Subscription must select only one top level field\n in GraphQL string at location 1:18",
        ),
        ("{ s @nope }", r#"Unknown directive "@nope" in GraphQL string at location 1:6"#),
    ] {
        let message = message.replace("field\n in", "field in");
        assert_eq!(issue(query), Some(message), "{query}");
    }
}

#[test]
fn schemas_are_checked() {
    let valid = |text| eval("graphql.schema_is_valid", &[Val::String(text)]) == "true";
    assert!(valid("type Query { a: Int } extend type Query { b(x: I): Int } input I { i: I }"));
    for text in [
        "type A { a: Nope }",
        "type A { a: Int a: Int }",
        "type A implements B { x: Int } interface B { y: Int }",
        "input I { i: J! } input J { i: I! }",
        "union U = A | A type A { x: Int }",
        "enum E { true }",
        "type A { x: Int @deprecated(foo: 1) }",
        "scalar Int",
        "schema { query: Nope }",
    ] {
        assert!(!valid(text), "{text}");
    }
}
