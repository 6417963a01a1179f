use super::*;
use crate::{Grade, Place};

fn template(kind: &str) -> String {
    let name = kind.to_lowercase();
    format!(
        "---\napiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {{name: {name}}}\nspec:\n  \
         crd: {{spec: {{names: {{kind: {kind}}}}}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    \
         rego: \"package a\\nviolation = {{1}}\"\n"
    )
}

fn constraint(kind: &str, name: &str) -> String {
    format!("---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: {kind}\nmetadata: {{name: {name}}}\n")
}

fn load(text: &str) -> Result<Library, Vec<Problem>> {
    Library::load(&Document::written(text)).map(|(library, _)| library)
}

fn only(text: &str) -> (&'static str, usize, String, String) {
    let [problem] = <[Problem; 1]>::try_from(load(text).unwrap_err()).unwrap();
    (problem.code, problem.place.line, problem.message, problem.remedy.unwrap_or_default())
}

#[test]
fn constraints_find_their_templates_whatever_the_order() {
    let parts = [constraint("Repos", "b"), template("Labels"), constraint("Repos", "a"), template("Repos")];
    let library = load(&parts.concat()).unwrap();
    assert_eq!(library.templates.keys().map(|kind| &**kind).collect::<Vec<_>>(), ["Labels", "Repos"]);
    let names: Vec<_> = library.constraints_of("Repos").map(|constraint| &*constraint.name).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(library.constraints_of("Labels").count(), 0);
}

#[test]
fn other_objects_are_passed_over() {
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n";
    assert_eq!(load(&[pod, &template("Repos")].concat()).unwrap().templates.len(), 1);
}

#[test]
fn a_constraint_without_template_is_named_with_the_kind_that_was_meant() {
    let text = [template("AllowedRepos"), constraint("AlowedRepos", "a")].concat();
    let said = only(&text);
    assert_eq!(
        (said.0, said.1, &*said.2, &*said.3),
        (
            "constraint-orphan",
            12,
            "there is no template for constraints of kind `AlowedRepos`",
            "did you mean `AllowedRepos`?"
        )
    );
    let (.., remedy) = only(&constraint("Repos", "a"));
    assert_eq!(remedy, "add a ConstraintTemplate with `kind: Repos`, or remove this constraint");
}

#[test]
fn two_templates_of_one_kind_are_refused() {
    let text = [template("Repos"), template("REPOS")].concat();
    let (code, line, message, _) = only(&text);
    assert_eq!((code, line), ("template-duplicate", 11));
    assert_eq!(message, "the template `REPOS` stands twice, first at x.yaml:2:1");
}

#[test]
fn two_constraints_of_one_name_are_refused_unless_their_kinds_differ() {
    let (repos, labels) = (template("Repos"), template("Labels"));
    let fine = [repos.clone(), labels, constraint("Repos", "a"), constraint("Labels", "a")];
    assert_eq!(load(&fine.concat()).unwrap().constraints.len(), 2);
    let twice = [repos, constraint("Repos", "a"), constraint("Repos", "a")].concat();
    let (code, line, message, _) = only(&twice);
    assert_eq!((code, line), ("constraint-duplicate", 15));
    assert_eq!(message, "the constraint `Repos/a` stands twice, first at x.yaml:11:1");
}

#[test]
fn constraints_of_a_refused_template_are_no_orphans() {
    let broken = template("Repos").replace("rego: \"package a\\nviolation = {1}\"", "code: []");
    let (code, ..) = only(&[broken, constraint("Repos", "a")].concat());
    assert_eq!(code, "template-no-rego");
}

#[test]
fn all_problems_are_told_in_the_order_of_their_places() {
    let text = [
        constraint("Nothing", "a"),
        template("Repos").replace("name: repos", "name: x"),
        constraint("Repos", "A"),
    ];
    let problems = load(&text.concat()).unwrap_err();
    let said: Vec<_> = problems.iter().map(|p| (p.place.line, p.code)).collect();
    assert_eq!(said, [(3, "constraint-orphan"), (8, "template-name")]);
}

#[test]
fn what_can_be_read_in_more_than_one_way_is_refused() {
    let text = template("Repos").replace("name: repos", "name: repos, labels: {on: x}");
    let problems = load(&text).unwrap_err();
    let place = Place { file: "x.yaml".into(), line: 4, column: 34, end_column: Some(36) };
    assert_eq!(
        problems.iter().map(|p| (p.grade, p.code, &p.place)).collect::<Vec<_>>(),
        [(Grade::Error, "ambiguous", &place)]
    );
}
