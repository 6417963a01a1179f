use super::*;
use crate::Document;
use crate::node::Node;

/// A schema and a value, both written in YAML.
fn schema(text: &str) -> Schema {
    let (schema, problems) = read(text);
    assert_eq!(problems, Vec::<String>::new(), "{text}");
    schema
}

fn read(text: &str) -> (Schema, Vec<String>) {
    let written = format!("apiVersion: v1\nkind: X\nschema: {text}\n");
    let [document] = <[Document; 1]>::try_from(Document::written(&written)).unwrap();
    let mut problems = Vec::new();
    let node = Node::root(&document, "x").get("schema").unwrap();
    let schema = Schema::read(&node, &mut problems);
    let said = problems.iter().map(|problem| match &problem.remedy {
        Some(remedy) => format!("{}; {remedy}", problem.message),
        None => problem.message.clone(),
    });
    (schema, said.collect())
}

fn value(text: &str) -> Value {
    Document::value_of(&format!("apiVersion: v1\nkind: X\nvalue: {text}\n")).get("value").unwrap().clone()
}

fn errors(schema: &Schema, text: &str) -> Vec<String> {
    schema.validate(&value(text)).iter().map(|error| format!("{} {}", error.path, error.message)).collect()
}

#[test]
fn values_are_held_against_type_and_bounds() {
    for (written, text, wrong) in [
        ("{type: string}", "a", None),
        ("{type: string}", "1", Some("must be a string, not a number")),
        ("{type: string}", "null", Some("must be a string, not null")),
        ("{type: string, nullable: true}", "null", None),
        ("{type: integer}", "3", None),
        ("{type: integer}", "-3", None),
        ("{type: integer}", "3.5", Some("must be an integer, not a number")),
        ("{type: number}", "3.5", None),
        ("{type: boolean}", "'true'", Some("must be a boolean, not text")),
        ("{type: array}", "{}", Some("must be an array, not an object")),
        ("{type: object}", "[]", Some("must be an object, not a list")),
        ("{x-kubernetes-int-or-string: true}", "8080", None),
        ("{x-kubernetes-int-or-string: true}", "http", None),
        (
            "{x-kubernetes-int-or-string: true}",
            "true",
            Some("must be an integer or a string, not a truth value"),
        ),
        ("{type: number, minimum: 2, maximum: 4}", "1", Some("must be at least 2")),
        ("{type: number, minimum: 2, maximum: 4}", "4", None),
        ("{type: number, maximum: 4, exclusiveMaximum: true}", "4", Some("must be less than 4")),
        ("{type: number, minimum: 4, exclusiveMinimum: true}", "4", Some("must be greater than 4")),
        ("{type: integer, multipleOf: 5}", "12", Some("must be a multiple of 5")),
        ("{type: string, minLength: 2}", "ü", Some("has 1 characters, fewer than 2")),
        ("{type: string, maxLength: 2}", "abc", Some("has 3 characters, more than 2")),
        ("{type: string, pattern: '^CC-[0-9]+$'}", "CC-1", None),
        ("{type: string, pattern: '^CC-[0-9]+$'}", "CC", Some("is `CC`, which does not match `^CC-[0-9]+$`")),
        ("{type: string, enum: [a, b]}", "c", Some("is `\"c\"`, not one of `\"a\"` and `\"b\"`")),
        ("{type: number, enum: [1, 2]}", "1.0", None),
        ("{type: array, items: {type: string}, maxItems: 1}", "[a, b]", Some("has 2 items, more than 1")),
        ("{type: array, items: {type: string}, uniqueItems: true}", "[a, b, a]", Some("holds `\"a\"` twice")),
        ("{type: string, format: date-time}", "'2026-11-28T00:00:00Z'", None),
        ("{type: string, format: date-time}", "today", Some("is `today`, not date-time")),
        ("{type: string, format: ipv4}", "10.0.0.1", None),
        ("{type: string, format: ipv4}", "10.0.0", Some("is `10.0.0`, not ipv4")),
        ("{anyOf: [{type: string}, {type: integer}]}", "1", None),
        ("{anyOf: [{type: string}, {type: integer}]}", "[]", Some("fits none of the schemas under `anyOf`")),
        (
            "{oneOf: [{type: integer}, {type: number}]}",
            "1",
            Some("fits 2 of the schemas under `oneOf`, not one"),
        ),
        ("{oneOf: [{type: string}]}", "1", Some("fits none of the schemas under `oneOf`")),
        ("{allOf: [{minimum: 2}, {maximum: 4}]}", "5", Some("must be at most 4")),
        ("{not: {type: string}}", "a", Some("fits the schema under `not`")),
        ("{not: {type: string}}", "1", None),
    ] {
        let wrong: Vec<String> = wrong.iter().map(|wrong| format!(" {wrong}")).collect();
        assert_eq!(errors(&schema(written), text), wrong, "{written} {text}");
    }
}

#[test]
fn every_place_that_does_not_fit_is_named() {
    let schema = schema(
        "{type: object, required: [name], properties: {name: {type: string}, ports: {type: array, items: {type: integer}}, \
         labels: {type: object, additionalProperties: {type: string}}}}",
    );
    assert_eq!(
        errors(&schema, "{ports: [1, x, 2, z], labels: {a: b, c: 3}}"),
        [
            " lacks `name`, which is required",
            "labels.c must be a string, not a number",
            "ports[1] must be an integer, not text",
            "ports[3] must be an integer, not text",
        ]
    );
}

#[test]
fn a_field_that_nobody_knows_is_named_with_the_one_that_was_meant() {
    let written = "{type: object, properties: {labels: {type: array, items: {type: object, properties: {key: {type: string}}}}}}";
    let known = schema(written);
    let wrong = known.validate(&value("{label: [], labels: [{kye: a}]}"));
    let said: Vec<_> =
        wrong.iter().map(|error| (error.path.to_string(), error.unknown, error.remedy.as_deref())).collect();
    assert_eq!(
        said,
        [
            ("label".to_owned(), true, Some("did you mean `labels`?")),
            ("labels[0].kye".to_owned(), true, Some("did you mean `key`?"))
        ]
    );
    assert_eq!(errors(&known.legacy(), "{label: [], labels: [{kye: a}]}"), Vec::<String>::new());
}

#[test]
fn unknown_fields_stand_where_the_schema_keeps_them() {
    for open in [
        "{type: object, x-kubernetes-preserve-unknown-fields: true}",
        "{type: object, additionalProperties: true}",
        "{type: object, additionalProperties: {type: integer}}",
    ] {
        assert_eq!(errors(&schema(open), "{any: 1}"), Vec::<String>::new(), "{open}");
    }
    let closed = "any is a field that the template's schema does not have";
    for open in ["{type: object}", "{type: object, additionalProperties: false}"] {
        assert_eq!(errors(&schema(open), "{any: 1}"), [closed], "{open}");
    }
}

#[test]
fn defaults_are_put_in_where_the_parent_is_there() {
    let schema = schema(
        "{type: object, properties: {mode: {type: string, default: strict}, limit: {type: object, properties: \
         {cpu: {type: string, default: 1}}}, ports: {type: array, items: {type: object, properties: \
         {protocol: {type: string, default: TCP}}}}, extra: {type: object, additionalProperties: \
         {type: object, properties: {live: {type: boolean, default: true}}}}}}"
            .replace("default: 1}", "default: '1'}")
            .as_str(),
    );
    for (text, filled) in [
        ("{}", "{mode: strict}"),
        ("{mode: null}", "{mode: strict}"),
        ("{mode: lax, limit: {}}", "{mode: lax, limit: {cpu: '1'}}"),
        ("{ports: [{}, {protocol: UDP}]}", "{mode: strict, ports: [{protocol: TCP}, {protocol: UDP}]}"),
        ("{extra: {a: {}, b: {live: false}}}", "{mode: strict, extra: {a: {live: true}, b: {live: false}}}"),
    ] {
        let mut given = value(text);
        schema.fill(&mut given);
        assert_eq!(given, value(filled).clone(), "{text}");
    }
}

#[test]
fn a_default_below_a_missing_parent_makes_no_parent_unless_the_parent_has_one() {
    let inner = "{type: object, DEFAULT properties: {cpu: {type: string, default: '1'}}}";
    for (default, filled) in [("", "{}"), ("default: {},", "{limit: {cpu: '1'}}")] {
        let schema = schema(&format!(
            "{{type: object, properties: {{limit: {}}}}}",
            inner.replace("DEFAULT", default)
        ));
        let mut given = value("{}");
        schema.fill(&mut given);
        assert_eq!(given, value(filled), "{default}");
    }
}

#[test]
fn what_is_wrong_with_a_schema_is_named() {
    for (text, said) in [
        ("{type: objekt}", "`objekt` is no type of a schema; did you mean `object`?"),
        ("{type: object, propertees: {}}", "unknown field `schema.propertees`; did you mean `properties`?"),
        ("{type: object, properties: []}", "`schema.properties` must be an object, not a list"),
        ("{type: string, pattern: '('}", "`(` is no regular expression: unclosed group"),
        (
            "{type: string, default: 1}",
            "the default does not fit its own schema: must be a string, not a number",
        ),
        (
            "{type: string, maxLength: -1}",
            "`schema.maxLength` must be a whole number, not negative, not a number",
        ),
        ("{type: string, nullable: 1}", "`schema.nullable` must be true or false, not a number"),
        ("[]", "`schema` must be an object, not a list"),
    ] {
        assert_eq!(read(text).1, [said], "{text}");
    }
}
