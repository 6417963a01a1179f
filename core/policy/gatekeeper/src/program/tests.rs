use super::*;
use crate::{Document, Inventory, Library, Origin};

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

/// What a kind finds in a request, with these parameters.
fn found(program: &Program, kind: &str, request: &str, parameters: &str, inventory: &Inventory) -> Found {
    let (request, parameters, inventory) = (value(request), value(parameters), inventory.to_value());
    let arena = Arena::new(1 << 20);
    let review = Review { request: &request, namespace: NamespaceFact::Absent, origin: Origin::Original };
    program.about(&review, &inventory, &arena, Settings::default()).unwrap().ask(kind, &parameters)
}

fn messages(program: &Program, kind: &str, request: &str, inventory: &Inventory) -> Vec<String> {
    let found = found(program, kind, request, "{}", inventory);
    assert_eq!(found.errors, []);
    found.violations.into_iter().map(|violation| violation.message).collect()
}

const SAYS: &str = "package anything\nimport data.lib.words\nviolation[{\"msg\": words.message, \"details\": input}] { input.review.a }";

#[test]
fn templates_with_libraries_of_one_name_do_not_see_each_other() {
    let one = template("One", SAYS, "package lib.words\nmessage := \"from one\"");
    let two = template("Two", SAYS, "package lib.words\nmessage := \"from two\"");
    let program = compiled(&[one, two].concat());
    let none = Inventory::default();
    assert_eq!(messages(&program, "One", "{a: b}", &none), ["from one"]);
    assert_eq!(messages(&program, "Two", "{a: b}", &none), ["from two"]);
    assert_eq!(messages(&program, "Two", "{}", &none), Vec::<String>::new());
    assert_eq!(messages(&program, "Three", "{a: b}", &none), Vec::<String>::new());
}

#[test]
fn details_are_what_the_template_says() {
    let program = compiled(&template("One", SAYS, "package lib.words\nmessage := \"m\""));
    let found = found(&program, "One", "{a: b}", "{repos: [c]}", &Inventory::default());
    let [violation] = <[Violation; 1]>::try_from(found.violations).unwrap();
    assert_eq!(violation.details.get("parameters"), Some(&value("{repos: [c]}")));
    assert_eq!(violation.details.get("review").and_then(|review| review.get("a")), Some(&"b".into()));
}

#[test]
fn templates_look_into_the_inventory() {
    let rego = "package a\nviolation[{\"msg\": name}] {\n  data.inventory.namespace[input.review.namespace][_].Pod[name]\n}";
    let program = compiled(&template("One", rego, "package lib.words\nx := 1"));
    let pods = Document::written(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: shop}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n",
    );
    let inventory = Inventory::of(pods.into_iter().map(|pod| pod.value)).unwrap();
    assert_eq!(messages(&program, "One", "{namespace: shop}", &inventory), ["a", "b"]);
    assert_eq!(messages(&program, "One", "{namespace: blog}", &inventory), Vec::<String>::new());
    assert_eq!(messages(&program, "One", "{namespace: shop}", &Inventory::default()), Vec::<String>::new());
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
    let found = found(&program, "One", "{}", "{}", &Inventory::default());
    assert!(matches!(found.errors[..], [AskError::Shape(_)]), "{found:?}");
}

#[test]
fn a_provider_outside_is_refused_with_the_reason() {
    let rego = "package a\nviolation[{\"msg\": msg}] {\n  msg := external_data({\"provider\": \"p\", \"keys\": []})\n}";
    let problems =
        Program::compile(library(&template("One", rego, "package lib.words\nx := 1")).templates.values());
    let said: Vec<_> = problems.unwrap_err().into_iter().map(|p| (p.place.to_string(), p.code)).collect();
    assert_eq!(said, [("x.yaml:11:16".to_owned(), "refused-builtin")]);
}

/// A program of one template with this Rego, asked about a request with this object.
fn about(rego: &str, object: &str, namespace: NamespaceFact<'_>, settings: Settings) -> Found {
    let program = compiled(&template("One", &format!("package a\n{rego}"), "package lib.words\nx := 1"));
    let request = value(&format!("{{operation: CREATE, namespace: shop, object: {object}}}"));
    let (arena, none) = (Arena::new(1 << 20), value("{}"));
    let review = Review { request: &request, namespace, origin: Origin::Original };
    program.about(&review, &none, &arena, settings).unwrap().ask("One", &none)
}

const PODS: &str =
    "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: x}, {name: b, image: z}]}}";

#[test]
fn a_violation_points_into_the_object_and_at_its_condition() {
    let rego = "violation[{\"msg\": c.name}] {\n  c := input.review.object.spec.containers[_]\n  c.image == \"z\"\n}";
    let found = about(rego, PODS, NamespaceFact::Absent, Settings::default());
    let [violation] = <[Violation; 1]>::try_from(found.violations).unwrap();
    assert_eq!(violation.path.map(|path| path.to_string()).as_deref(), Some("spec.containers[1].image"));
    assert_eq!(violation.condition.map(|place| place.to_string()).as_deref(), Some("x.yaml:12:9"));
}

#[test]
fn what_two_places_say_alike_is_one_violation_at_the_first() {
    let rego =
        "violation[{\"msg\": \"image\"}] {\n  input.review.object.spec.containers[_].image != \"w\"\n}";
    let found = about(rego, PODS, NamespaceFact::Absent, Settings::default());
    let [violation] = <[Violation; 1]>::try_from(found.violations).unwrap();
    assert_eq!(violation.path.map(|path| path.to_string()).as_deref(), Some("spec.containers[0].image"));
}

#[test]
fn a_set_written_as_one_value_is_read_by_its_members() {
    let rego = "violation = {{\"msg\": m} | m := input.review.object.spec.containers[_].name}";
    let found = about(rego, PODS, NamespaceFact::Absent, Settings::default());
    assert_eq!(found.errors, []);
    let messages: Vec<_> = found.violations.iter().map(|violation| &*violation.message).collect();
    assert_eq!(messages, ["a", "b"]);
}

#[test]
fn errors_of_builtins_are_undefined_unless_asked_for() {
    let rego = "violation[{\"msg\": \"fits\"}] { true }\nviolation[{\"msg\": \"n\"}] {\n  to_number(input.review.object.kind) > 1\n}";
    let found = about(rego, PODS, NamespaceFact::Absent, Settings::default());
    assert_eq!((found.violations.len(), found.errors), (1, vec![]));
    let strict = Settings { strict: true, ..Settings::default() };
    let found = about(rego, PODS, NamespaceFact::Absent, strict);
    assert_eq!(found.violations.len(), 1);
    let [AskError::Runtime { place: Some(place), .. }] = &found.errors[..] else {
        panic!("{:?}", found.errors)
    };
    assert_eq!(place.line, 12);
}

#[test]
fn a_namespace_that_is_read_is_asked_for() {
    let reads = "violation[{\"msg\": team}] { team := input.review.namespaceObject.metadata.labels.team }";
    let old = "violation[{\"msg\": team}] { team := input.review._unstable.namespace.metadata.labels.team }";
    let not = "violation[{\"msg\": name}] { name := input.review.namespace }";
    let shop = value("{metadata: {name: shop, labels: {team: x}}}");
    for (rego, message) in [(reads, "x"), (old, "x"), (not, "shop")] {
        let ask = |namespace| about(rego, PODS, namespace, Settings::default());
        let missing = ask(NamespaceFact::Missing);
        let needed = if rego == not { vec![] } else { vec![AskError::NeedsNamespace] };
        assert_eq!(missing.errors, needed, "{rego}");
        let known = ask(NamespaceFact::Known(&shop));
        assert_eq!(known.violations.iter().map(|v| &*v.message).collect::<Vec<_>>(), [message], "{rego}");
        assert_eq!(known.errors, [], "{rego}");
    }
}

#[test]
fn a_limit_that_is_reached_is_the_constraints_error() {
    let rego = "violation[{\"msg\": \"m\"}] { count([x | x := numbers.range(1, 100000)[_]]) > 0 }";
    let few = Settings { limits: Limits { steps: 1_000, ..Limits::default() }, ..Settings::default() };
    let found = about(rego, PODS, NamespaceFact::Absent, few);
    assert_eq!(found, Found { violations: vec![], errors: vec![AskError::Limit("steps and memory")] });
}

#[test]
fn errors_name_rules_as_the_template_does() {
    let rego = "violation[{\"msg\": m}] { m := broken }\nbroken = x { x := [1, 2][_] }";
    let found = about(rego, PODS, NamespaceFact::Absent, Settings::default());
    let said: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 1);
    assert!(!said[0].contains("gatekeeper.sh") && said[0].contains("broken"), "{said:?}");
}

/// The place of the only violation: `p` is the path that it points at.
fn pointed_at(rego: &str, object: &str) -> String {
    let found = about(rego, object, NamespaceFact::Absent, Settings::default());
    assert_eq!(found.errors, [], "{rego}");
    let [violation] =
        <[Violation; 1]>::try_from(found.violations).unwrap_or_else(|all| panic!("{rego}: {all:?}"));
    violation.path.map(|path| path.to_string()).unwrap_or_default()
}

const LIMITS: &str = "{kind: Pod, metadata: {labels: {a: b, c: d}}, spec: {containers: [{name: x, image: good/x, limits: \
                      {cpu: 2, memory: 9}}, {name: z, image: bad, securityContext: {privileged: true}}]}}";

#[test]
fn a_member_of_a_helpers_set_comes_from_what_was_read_for_it() {
    let rego = "violation[{\"msg\": m}] { general[{\"msg\": m, \"field\": \"memory\"}] }
general[{\"msg\": m, \"field\": f}] { c := input.review.object.spec.containers[_]; c.limits.cpu > 1; m := c.name; f := \"cpu\" }
general[{\"msg\": m, \"field\": f}] { c := input.review.object.spec.containers[_]; c.limits.memory > 1; m := c.name; f := \"memory\" }";
    let rego = rego.replace('\n', "\n      ");
    assert_eq!(pointed_at(&rego, LIMITS), "spec.containers[0].limits.memory");
    assert_eq!(
        pointed_at(&rego.replace("\"memory\"}] }", "\"cpu\"}] }"), LIMITS),
        "spec.containers[0].limits.cpu"
    );
}

#[test]
fn conditions_are_to_blame_by_what_they_are_for() {
    for (rego, path) in [
        // An exemption looks at less than what it exempts from, wherever it is written.
        (
            "violation[{\"msg\": c.name}] { c := input.review.object.spec.containers[_]; c.securityContext.privileged == true; not exempt(c) }
exempt(c) { c.image == \"good/x\" }",
            "spec.containers[1].securityContext.privileged",
        ),
        // A function that goes on looking when it has its value: what it read until then.
        (
            "violation[{\"msg\": \"m\"}] { any_bad(input.review.object.spec.containers) }
any_bad(cs) { cs[_].image == \"good/x\" }",
            "spec.containers[0].image",
        ),
        // What is missing of all that is there comes from no part of it.
        (
            "violation[{\"msg\": \"m\"}] { there := {l | input.review.object.metadata.labels[l]}; missing := {\"team\"} - there; count(missing) > 0 }",
            "metadata.labels",
        ),
        // What is too much of it comes from the part that it is.
        (
            "violation[{\"msg\": \"m\"}] { there := {v | v := input.review.object.metadata.labels[_]}; count(there - {\"b\"}) > 0 }",
            "metadata.labels.c",
        ),
        // A key is a place of its own.
        (
            "violation[{\"msg\": \"m\"}] { input.review.object.metadata.labels[key]; startswith(key, \"c\") }",
            "metadata.labels.c",
        ),
        // What stands for what is missing.
        (
            "violation[{\"msg\": \"m\"}] { v := object.get(input.review.object.spec.containers[1], \"tag\", \"\"); empty(v) }
empty(v) { v == \"\" }",
            "spec.containers[1].tag",
        ),
    ] {
        let rego = rego.replace('\n', "\n      ");
        assert_eq!(pointed_at(&rego, LIMITS), path, "{rego}");
    }
}

#[test]
fn bodies_of_one_rule_have_reasons_of_their_own() {
    let rego =
        "violation[{\"msg\": \"first\"}] { c := input.review.object.spec.containers[_]; c.image == \"none\" }
violation[{\"msg\": \"second\"}] { c := input.review.object.spec; c.containers[1].image == \"bad\" }";
    assert_eq!(pointed_at(&rego.replace('\n', "\n      "), LIMITS), "spec.containers[1].image");
}
