use super::*;
use crate::{Grade, Library};

/// A template whose `spec` is this, indented by two.
fn written(version: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: templates.gatekeeper.sh/{version}\nkind: ConstraintTemplate\nmetadata:\n  name: {name}\nspec:\n{spec}"
    )
}

/// Reads a template. `package a` alone on its line stands for a module with a rule `violation`.
fn read(text: &str) -> (Option<Template>, Vec<Problem>) {
    let text = text.replace("rego: package a", "rego: \"package a\\nviolation = {1}\"");
    let [document] = <[Document; 1]>::try_from(Document::written(&text)).unwrap();
    let mut problems = Vec::new();
    let template = Template::read(&document, &mut problems);
    (template, problems)
}

fn good(text: &str) -> Template {
    let (template, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    template.unwrap()
}

/// Code, line, column, message and remedy of the only problem.
fn wrong(text: &str) -> (&'static str, usize, usize, String, String) {
    let (template, problems) = read(text);
    assert!(template.is_none(), "{text}");
    let [problem] = <[Problem; 1]>::try_from(problems).unwrap();
    (
        problem.code,
        problem.place.line,
        problem.place.column,
        problem.message,
        problem.remedy.unwrap_or_default(),
    )
}

const NAMES: &str = "  crd: {spec: {names: {kind: AllowedRepos}}}\n";
const TARGETS: &str = "  targets:\n  - target: admission.k8s.gatekeeper.sh\n";

fn with_target(target: &str) -> String {
    written("v1", "allowedrepos", &format!("{NAMES}{TARGETS}{target}"))
}

#[test]
fn rego_stands_under_rego_or_under_code() {
    let plain = good(&with_target(
        "    rego: |\n      package a\n      violation = {1}\n    libs:\n    - |\n      package lib.b\n",
    ));
    assert_eq!((&*plain.kind, &*plain.name, plain.has_cel), ("AllowedRepos", "allowedrepos", false));
    assert_eq!((&*plain.rego.text, plain.rego.dialect), ("package a\nviolation = {1}\n", Dialect::V0));
    assert_eq!(plain.libs.iter().map(|lib| &*lib.text).collect::<Vec<_>>(), ["package lib.b\n"]);
    assert_eq!(plain.libs[0].place(1, 1).to_string(), "x.yaml:14:7");

    let code = good(&with_target(
        "    code:\n    - engine: K8sNativeValidation\n      source: {validations: []}\n    - engine: Rego\n      source:\n        version: v1\n        rego: |\n          package a\n          violation = {1}\n        libs: [package lib.b]\n",
    ));
    assert_eq!(
        (code.rego.dialect, code.has_cel, &*code.rego.path),
        (Dialect::V1, true, "spec.targets[0].code[1].source.rego")
    );
    assert_eq!(code.libs[0].dialect, Dialect::V1);
}

#[test]
fn rego_without_version_is_of_the_old_generation() {
    for (version, dialect) in
        [("", Dialect::V0), ("version: v0, ", Dialect::V0), ("version: v1, ", Dialect::V1)]
    {
        let code = format!("    code: [{{engine: Rego, source: {{{version}rego: package a}}}}]\n");
        assert_eq!(good(&with_target(&code)).rego.dialect, dialect, "{version}");
    }
}

#[test]
fn rego_stands_over_code_where_both_are_written() {
    let both = with_target(
        "    rego: package a\n    code: [{engine: Rego, source: {version: v1, rego: package b}}]\n",
    );
    assert_eq!(
        (&*good(&both).rego.text, good(&both).rego.dialect),
        ("package a\nviolation = {1}", Dialect::V0)
    );
}

#[test]
fn a_template_without_rego_is_refused_with_the_reason() {
    let cel = with_target("    code: [{engine: K8sNativeValidation, source: {}}]\n");
    let said = (
        "template-cel",
        8,
        5,
        "the template has CEL only, which is not evaluated".to_owned(),
        "add the same rule as Rego: `code` with `engine: Rego`".to_owned(),
    );
    assert_eq!(wrong(&cel), said);
    let (code, _, _, message, _) = wrong(&with_target("    libs: []\n"));
    assert_eq!((code, &*message), ("template-no-rego", "the template has no Rego"));
}

#[test]
fn what_is_missing_or_misspelt_is_named_with_its_place() {
    let rego = "    rego: package a\n";
    let spec = |names: &str, target: &str| written("v1", "allowedrepos", &format!("{names}{target}"));
    let code = |code: &str| with_target(&format!("    code: [{code}]\n"));
    for (text, said) in [
        (
            written("v1", "allowed", &format!("{NAMES}{TARGETS}{rego}")),
            (
                "template-name",
                4,
                9,
                "the template's name `allowed` is not its kind `AllowedRepos` in lower case",
                "write `name: allowedrepos`",
            ),
        ),
        (
            written("v2", "allowedrepos", ""),
            (
                "template-version",
                1,
                13,
                "`templates.gatekeeper.sh/v2` is no version of ConstraintTemplate",
                "write `apiVersion: templates.gatekeeper.sh/v1`",
            ),
        ),
        (
            spec("  crd: {spec: {names: {}}}\n", &format!("{TARGETS}{rego}")),
            ("template-shape", 6, 23, "`spec.crd.spec.names.kind` is missing", ""),
        ),
        (spec(NAMES, "  x: z\n"), ("template-shape", 6, 3, "`spec.targets` is missing", "")),
        (
            spec(NAMES, "  targets: []\n"),
            ("template-shape", 7, 12, "a template has one target, this one has 0", ""),
        ),
        (
            spec(NAMES, "  targets: [{target: x, rego: z}]\n"),
            ("template-target", 7, 22, "`x` is no target", "write `admission.k8s.gatekeeper.sh`"),
        ),
        (
            with_target("    rego: package a\n    operations: [CREAT]\n"),
            ("template-shape", 10, 18, "`CREAT` is no operation", "did you mean `CREATE`?"),
        ),
        (
            with_target("    rego: [1]\n"),
            ("template-shape", 9, 11, "`spec.targets[0].rego` must be text, not a list", ""),
        ),
        (
            code("{engine: rego, source: {rego: package a}}, {engine: Rego, source: {rego: package a}}"),
            ("template-engine", 9, 21, "`rego` is no engine", "did you mean `Rego`?"),
        ),
        (
            code("{engine: Rego, source: {version: v2, rego: package a}}"),
            ("template-rego-version", 9, 45, "`v2` is no version of Rego", "write `v0` or `v1`"),
        ),
        (
            code("{engine: Rego, source: {version: v1}}"),
            ("template-shape", 9, 35, "`spec.targets[0].code[0].source.rego` is missing", ""),
        ),
    ] {
        let (code, line, column, message, remedy) = wrong(&text);
        assert_eq!((code, line, column, &*message, &*remedy), said, "{text}");
    }
}

#[test]
fn operations_narrow_what_is_asked_at_admission() {
    for (written, create, delete) in [
        ("", true, true),
        ("    operations: []\n", true, true),
        ("    operations: ['*']\n", true, true),
        ("    operations: [CREATE, UPDATE]\n", true, false),
        ("    operations: [DELETE]\n", false, true),
    ] {
        let template = good(&with_target(&format!("    rego: package a\n{written}")));
        let asked = |operation| template.operations.contains(operation);
        assert_eq!((asked(Operation::Create), asked(Operation::Delete)), (create, delete), "{written}");
    }
}

#[test]
fn old_versions_take_every_parameter_where_nothing_else_is_said() {
    let spec = |validation: &str| {
        format!("  crd: {{spec: {{names: {{kind: A}}{validation}}}}}\n{TARGETS}    rego: package a\n")
    };
    let object = Document::value_of("{apiVersion: v1, kind: X}");
    let takes = |version: &str, validation: &str| {
        good(&written(version, "a", &spec(validation)))
            .schema
            .map(|schema| schema.validate(&object).is_empty())
    };
    let schema = ", validation: {openAPIV3Schema: {type: object}}";
    for (version, validation, takes_any) in [
        ("v1", "", None),
        ("v1beta1", "", Some(true)),
        ("v1alpha1", "", Some(true)),
        ("v1", schema, Some(false)),
        ("v1beta1", schema, Some(true)),
        ("v1beta1", ", validation: {legacySchema: false, openAPIV3Schema: {type: object}}", Some(false)),
        ("v1", ", validation: {legacySchema: true, openAPIV3Schema: {type: object}}", Some(true)),
        ("v1", ", validation: {legacySchema: true}", Some(true)),
    ] {
        assert_eq!(takes(version, validation), takes_any, "{version} {validation}");
    }
}

#[test]
fn a_field_of_the_schema_that_nobody_knows_is_a_hint() {
    let text = written(
        "v1",
        "a",
        &format!(
            "  crd:\n    spec:\n      names: {{kind: A}}\n      validation:\n        openAPIV3Schema: {{type: object, propertys: {{}}}}\n{TARGETS}    rego: package a\n"
        ),
    );
    let (template, problems) = read(&text);
    assert!(template.is_some());
    let said: Vec<_> = problems.iter().map(|p| (p.grade, p.code, p.remedy.as_deref())).collect();
    assert_eq!(said, [(Grade::Hint, "template-schema-keyword", Some("did you mean `properties`?"))]);
    let documents = Document::written(&text.replace("package a", "\"package a\\nviolation = {1}\""));
    assert_eq!(Library::load(&documents).unwrap().1, problems);
}
