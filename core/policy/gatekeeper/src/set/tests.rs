use super::*;
use crate::{NamespaceFact, Origin};

/// A template of this kind with this body of `violation`.
fn template(kind: &str, body: &str) -> String {
    let name = kind.to_lowercase();
    format!(
        "---\napiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {{name: {name}}}\nspec:\n  \
         crd: {{spec: {{names: {{kind: {kind}}}}}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    \
         operations: [CREATE, DELETE]\n    rego: |\n      package a\n      violation[{{\"msg\": msg}}] {{ {body} }}\n"
    )
}

fn constraint(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
    )
}

fn set(parts: &[String]) -> ConstraintSet {
    ConstraintSet::load(&Document::written(&parts.concat()))
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
        .0
}

fn value(text: &str) -> Value {
    Document::value_of(&format!("{{apiVersion: v1, kind: X, value: {text}}}")).get("value").unwrap().clone()
}

fn request(operation: &str) -> Value {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}}";
    let (object, old) = if operation == "DELETE" { ("null", pod) } else { (pod, "null") };
    value(&format!("{{operation: {operation}, namespace: shop, object: {object}, oldObject: {old}}}"))
}

/// Each constraint that is asked, with what it does and says.
fn judged(set: &ConstraintSet, operation: &str, namespace: NamespaceFact<'_>, point: Point) -> Vec<String> {
    let request = request(operation);
    let review = Review { request: &request, namespace, origin: Origin::Original };
    let line = |judged: Judged<'_>| {
        let actions: Vec<&str> = judged.actions.iter().map(|action| action.word()).collect();
        let said = match judged.answer {
            Answer::Found(found) => {
                let messages = found.violations.into_iter().map(|violation| violation.message);
                messages.chain(found.errors.iter().map(|error| format!("failed: {error}"))).collect()
            }
            Answer::NeedsNamespace(name) => vec![format!("needs {name}")],
            Answer::Unclear(why) => vec![format!("unclear: {why}")],
        };
        format!(
            "{}/{} {}: {}",
            judged.constraint.kind,
            judged.constraint.name,
            actions.join("+"),
            said.join(", ")
        )
    };
    set.judge(&review, &value("{}"), point, Settings::default()).into_iter().map(line).collect()
}

const SAYS_NAME: &str = "msg := input.review.object.metadata.name";

#[test]
fn constraints_that_are_enforced_and_match_are_asked_in_order() {
    let set = set(&[
        template("Named", SAYS_NAME),
        constraint("Named", "b", "{enforcementAction: warn}"),
        constraint("Named", "a", "{match: {namespaces: [shop]}}"),
        constraint("Named", "c", "{match: {namespaces: [blog]}}"),
        constraint(
            "Named",
            "d",
            "{enforcementAction: scoped, scopedEnforcementActions: [{action: deny, enforcementPoints: [{name: audit.gatekeeper.sh}]}]}",
        ),
        template("Quiet", "msg := input.review.nothing"),
        constraint("Quiet", "a", "{}"),
    ]);
    let absent = NamespaceFact::Absent;
    let asked = ["Named/a deny: web", "Named/b warn: web", "Quiet/a deny: "];
    assert_eq!(judged(&set, "CREATE", absent, Point::Validation), asked);
    assert_eq!(judged(&set, "DELETE", absent, Point::Validation), asked);
    assert_eq!(
        judged(&set, "CREATE", absent, Point::Audit),
        ["Named/a deny: web", "Named/b warn: web", "Named/d deny: web", "Quiet/a deny: "]
    );
}

#[test]
fn operations_of_a_template_count_at_admission_alone() {
    let set = set(&[template("Named", SAYS_NAME), constraint("Named", "a", "{}")]);
    let absent = NamespaceFact::Absent;
    assert_eq!(judged(&set, "UPDATE", absent, Point::Validation), Vec::<String>::new());
    assert_eq!(judged(&set, "UPDATE", absent, Point::Gator), ["Named/a deny: web"]);
    assert_eq!(judged(&set, "PATCH", absent, Point::Validation), ["Named/a deny: web"]);
}

#[test]
fn a_namespace_is_asked_for_by_those_who_read_it() {
    let set = set(&[
        template("Named", SAYS_NAME),
        constraint("Named", "a", "{}"),
        constraint("Named", "b", "{match: {namespaceSelector: {matchLabels: {team: x}}}}"),
        template("Team", "msg := input.review.namespaceObject.metadata.labels.team"),
        constraint("Team", "a", "{}"),
    ]);
    let point = Point::Validation;
    assert_eq!(
        judged(&set, "CREATE", NamespaceFact::Missing, point),
        [
            "Named/a deny: web",
            "Named/b deny: needs shop",
            "Team/a deny: failed: the template reads the Namespace object, which is not known yet"
        ]
    );
    let shop = value("{metadata: {name: shop, labels: {team: x}}}");
    assert_eq!(
        judged(&set, "CREATE", NamespaceFact::Known(&shop), point),
        ["Named/a deny: web", "Named/b deny: web", "Team/a deny: x"]
    );
    assert_eq!(
        judged(&set, "CREATE", NamespaceFact::Absent, point),
        [
            "Named/a deny: web",
            "Named/b deny: unclear: `namespaceSelector` reads the Namespace of `shop`, and there is no such Namespace",
            "Team/a deny: "
        ]
    );
}

#[test]
fn the_error_of_one_silences_no_other() {
    let broken = "msg := broken\n      }\n      broken = x { x := [1, 2][_]";
    let set = set(&[
        template("Broken", broken),
        constraint("Broken", "a", "{}"),
        template("Named", SAYS_NAME),
        constraint("Named", "a", "{}"),
    ]);
    let said = judged(&set, "CREATE", NamespaceFact::Absent, Point::Validation);
    assert!(said[0].starts_with("Broken/a deny: failed: "), "{said:?}");
    assert_eq!(said[1..], ["Named/a deny: web"]);
}

#[test]
fn what_the_compiler_finds_refuses_the_set() {
    let documents = Document::written(&template("Named", "msg := nothing(1)"));
    let problems = ConstraintSet::load(&documents).unwrap_err();
    assert_eq!(
        problems.iter().map(|p| (p.place.line, p.code)).collect::<Vec<_>>(),
        [(12, "undefined-function")]
    );
}

#[test]
fn the_index_by_kind_leaves_out_only_what_cannot_match() {
    let kinds = [
        ("pods", "[{apiGroups: [''], kinds: [Pod]}]"),
        ("services", "[{apiGroups: [''], kinds: [Service]}]"),
        ("both", "[{kinds: [Service]}, {kinds: [Pod, Pod]}]"),
        ("all", "[{apiGroups: [''], kinds: ['*']}]"),
        ("unsaid", "[{apiGroups: ['']}]"),
        ("other", "[{apiGroups: [apps], kinds: [Pod]}]"),
    ];
    let mut parts = vec![template("Named", SAYS_NAME)];
    parts.extend(
        kinds.map(|(name, kinds)| constraint("Named", name, &format!("{{match: {{kinds: {kinds}}}}}"))),
    );
    let asked = judged(&set(&parts), "CREATE", NamespaceFact::Absent, Point::Gator);
    let names: Vec<&str> = asked.iter().map(|line| line.split([' ', '/']).nth(1).unwrap()).collect();
    assert_eq!(names, ["all", "both", "pods", "unsaid"]);
}

#[test]
fn a_request_without_objects_is_an_error_of_all_that_look_at_them() {
    let set = set(&[
        template("Named", SAYS_NAME),
        constraint("Named", "a", "{match: {kinds: [{kinds: [Pod]}]}}"),
        constraint("Named", "b", "{}"),
    ]);
    let request = value("{operation: CREATE}");
    let review = Review { request: &request, namespace: NamespaceFact::Absent, origin: Origin::Original };
    let answers: Vec<Answer> = set
        .judge(&review, &value("{}"), Point::Validation, Settings::default())
        .into_iter()
        .map(|judged| judged.answer)
        .collect();
    let unclear = Answer::Unclear(crate::ReviewError::NoObject.into());
    assert_eq!(answers, [unclear, Answer::Found(Found::default())]);
}
