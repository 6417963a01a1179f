use super::*;
use crate::{Document, Inventory, Library};

/// A template of this kind with this Rego and this library, in blocks.
fn template(kind: &str, rego: &str, lib: &str) -> String {
    let block = |text: &str| text.lines().map(|line| format!("      {line}\n")).collect::<String>();
    let name = kind.to_lowercase();
    format!(
        "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {{name: {name}}}\nspec:\n  \
         crd: {{spec: {{names: {{kind: {kind}}}}}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    \
         rego: |\n{}    libs:\n    - |\n{}---\n",
        block(rego),
        block(lib)
    )
}

fn library(text: &str) -> Library {
    Library::load(&Document::written(text)).unwrap().0
}

fn compiled(text: &str) -> Program {
    Program::compile(library(text).templates.values()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn value(text: &str) -> Value {
    Document::value_of(&format!("{{apiVersion: v1, kind: X, value: {text}}}")).get("value").unwrap().clone()
}

/// The messages that a kind finds.
fn messages(
    program: &Program,
    kind: &str,
    review: &str,
    inventory: &Inventory,
) -> Result<Vec<String>, AskError> {
    let found = program.violations(
        kind,
        &Part::Document(&value(review)),
        &value("{}"),
        &inventory.to_value(),
        &Settings::default(),
    )?;
    Ok(found.into_iter().map(|violation| violation.message).collect())
}

const SAYS: &str = "package anything\nimport data.lib.words\nviolation[{\"msg\": words.message, \"details\": input}] { input.review.a }";

#[test]
fn templates_with_libraries_of_one_name_do_not_see_each_other() {
    let one = template("One", SAYS, "package lib.words\nmessage := \"from one\"");
    let two = template("Two", SAYS, "package lib.words\nmessage := \"from two\"");
    let program = compiled(&[one, two].concat());
    let none = Inventory::default();
    assert_eq!(messages(&program, "One", "{a: b}", &none).unwrap(), ["from one"]);
    assert_eq!(messages(&program, "Two", "{a: b}", &none).unwrap(), ["from two"]);
    assert_eq!(messages(&program, "Two", "{}", &none).unwrap(), Vec::<String>::new());
    assert_eq!(messages(&program, "Three", "{a: b}", &none).unwrap(), Vec::<String>::new());
}

#[test]
fn details_are_what_the_template_says() {
    let program = compiled(&template("One", SAYS, "package lib.words\nmessage := \"m\""));
    let (review, parameters) = (value("{a: b}"), value("{repos: [c]}"));
    let found = program
        .violations("One", &Part::Document(&review), &parameters, &value("{}"), &Settings::default())
        .unwrap();
    let input = value("{review: {a: b}, parameters: {repos: [c]}}");
    assert_eq!(found.iter().map(|violation| &violation.details).collect::<Vec<_>>(), [&input]);
}

#[test]
fn templates_look_into_the_inventory() {
    let rego = "package a\nviolation[{\"msg\": name}] {\n  data.inventory.namespace[input.review.namespace][_].Pod[name]\n}";
    let program = compiled(&template("One", rego, "package lib.words\nx := 1"));
    let pods = Document::written(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n",
    );
    let inventory = Inventory::of(pods.into_iter().map(|pod| pod.value)).unwrap();
    assert_eq!(messages(&program, "One", "{namespace: shop}", &inventory).unwrap(), ["a", "b"]);
    assert_eq!(messages(&program, "One", "{namespace: blog}", &inventory).unwrap(), Vec::<String>::new());
    assert_eq!(
        messages(&program, "One", "{namespace: shop}", &Inventory::default()).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn what_the_compiler_finds_stands_at_its_line_of_the_template() {
    let rego = "package a\nviolation[{\"msg\": msg}] {\n  msg := input.x.hasOwnProperty(\"y\")\n}";
    let templates = library(&template("One", rego, "package lib.words\nx := nothing(1)")).templates;
    let problems = Program::compile(templates.values()).unwrap_err();
    let said: Vec<_> = problems.iter().map(|p| (p.place.to_string(), p.code)).collect();
    assert_eq!(
        said,
        [
            ("x.yaml:11:16".to_owned(), "undefined-function"),
            ("x.yaml:16:12".to_owned(), "undefined-function")
        ]
    );
}

#[test]
fn an_answer_that_gatekeeper_would_lose_is_an_error() {
    let program =
        compiled(&template("One", "package a\nviolation[\"text\"] { true }", "package lib.words\nx := 1"));
    let error = messages(&program, "One", "{}", &Inventory::default()).unwrap_err();
    assert!(matches!(error, AskError::Shape(_)), "{error}");
}

#[test]
fn a_provider_outside_is_refused_with_the_reason() {
    let rego = "package a\nviolation[{\"msg\": msg}] {\n  msg := external_data({\"provider\": \"p\", \"keys\": []})\n}";
    let problems =
        Program::compile(library(&template("One", rego, "package lib.words\nx := 1")).templates.values());
    let said: Vec<_> = problems.unwrap_err().into_iter().map(|p| (p.place.to_string(), p.code)).collect();
    assert_eq!(said, [("x.yaml:11:16".to_owned(), "refused-builtin")]);
}
