use tollgate_rego_syntax::tree::Dialect;

use super::*;
use crate::{Document, Template};

/// A template with this Rego and these libraries, as `code` of that version.
fn read(version: &str, rego: &str, libs: &[&str]) -> Result<Template, Vec<String>> {
    let block = |text: &str| text.lines().map(|line| format!("            {line}\n")).collect::<String>();
    let libs: String = libs.iter().map(|lib| format!("        - |\n{}", block(lib))).collect();
    let text = format!(
        "apiVersion: templates.gatekeeper.sh/v1\nkind: ConstraintTemplate\nmetadata: {{name: kind}}\nspec:\n  \
         crd: {{spec: {{names: {{kind: Kind}}}}}}\n  targets:\n  - target: admission.k8s.gatekeeper.sh\n    \
         code:\n    - engine: Rego\n      source:\n        version: {version}\n        rego: |\n{}        libs:\n{libs}",
        block(rego)
    );
    let mut problems = Vec::new();
    let template = Template::read(&Document::written(&text)[0], &mut problems);
    let said = |problem: &Problem| {
        let (place, remedy) = (&problem.place, problem.remedy.clone().unwrap_or_default());
        format!("{}:{} {} {}; {remedy}", place.line, place.column, problem.code, problem.message)
    };
    template.ok_or_else(|| problems.iter().map(said).collect())
}

fn packages(template: &Template) -> Vec<String> {
    let path = |module: &Module| module.package.iter().map(|name| &*name.text).collect::<Vec<_>>().join("/");
    template.modules.iter().map(path).collect()
}

const VIOLATION: &str = "violation[{\"msg\": msg}] { msg := data.lib.words.message }";

#[test]
fn packages_and_what_refers_to_them_move_together() {
    let rego = format!(
        "package a.b\nimport data.lib.words as w\nimport data.lib.words.exempt\nimport future.keywords\n{VIOLATION}\nx := w.y"
    );
    let lib =
        "package lib.words\nmessage := \"m\" { data.inventory.cluster[_] }\nexempt := data[\"lib\"].other.x";
    let template = read("v0", &rego, &[lib, "package lib.other\nx := 1"]).unwrap();
    assert_eq!(
        packages(&template),
        ["gatekeeper.sh/Kind/template", "gatekeeper.sh/Kind/lib/words", "gatekeeper.sh/Kind/lib/other"]
    );
    let imports: Vec<String> = template.modules[0]
        .imports
        .iter()
        .map(|import| import.path.iter().map(|name| &*name.text).collect::<Vec<_>>().join("/"))
        .collect();
    assert_eq!(
        imports,
        ["data/gatekeeper.sh/Kind/lib/words", "data/gatekeeper.sh/Kind/lib/words/exempt", "future/keywords"]
    );
    let mut seen = Vec::new();
    for module in &template.modules {
        let mut module = module.clone();
        walk::references(&mut module, &mut |reference| {
            let walk::Reference::Data(_, steps) = reference else { panic!() };
            let text = |step: &Step| match step {
                Step::Name(name) => name.text.to_string(),
                Step::Term(term) => match &term.kind {
                    TermKind::String(text) => format!("\"{text}\""),
                    _ => "_".to_owned(),
                },
            };
            seen.push(steps.iter().map(text).collect::<Vec<_>>().join("/"));
        });
    }
    assert_eq!(
        seen,
        ["gatekeeper.sh/Kind/lib/words/message", "inventory/cluster/_", "gatekeeper.sh/Kind/\"lib\"/other/x"]
    );
}

#[test]
fn references_are_found_wherever_they_stand() {
    let rego = "package a
import rego.v1
violation contains {\"msg\": data.lib.a} if { not data.lib.b }
f(x) := data.lib.c if { every y in data.lib.d { y == data.lib.e } } else := data.lib.f
g := [data.lib.g | some z in data.lib.h; z[data.lib.i]]
h := {data.lib.j: data.lib.k | data.lib.l} | {data.lib.m | true}
i if { data.lib.n(data.lib.o) with input as data.lib.p with data.inventory as data.lib.q }
j := $\"{data.lib.r}\"
k[data.lib.s] := {data.lib.t, data.lib.u in [data.lib.v]}
l contains data.lib.w if data.inventory[data.lib.x]
";
    let template = read("v1", rego, &[]).unwrap();
    let mut letters = String::new();
    walk::references(&mut template.modules[0].clone(), &mut |reference| {
        let walk::Reference::Data(_, steps) = reference else { panic!() };
        if let [Step::Name(root), _, _, Step::Name(last), ..] = &steps[..] {
            assert_eq!(&*root.text, ROOT);
            letters.push_str(&last.text);
        }
    });
    let mut sorted: Vec<char> = letters.chars().collect();
    sorted.sort_unstable();
    assert_eq!(sorted, ('a'..='x').collect::<Vec<_>>(), "{letters}");
}

#[test]
fn what_gatekeeper_refuses_is_refused_with_its_place_in_the_template() {
    for (version, rego, libs, said) in [
        (
            "v0",
            "package a\ndeny[msg] { msg := 1 }",
            &[][..],
            "13:13 template-no-violation the template has no rule `violation`, so it can never object; write `violation[{\"msg\": msg}] { .. }`",
        ),
        (
            "v1",
            "package a",
            &[],
            "13:13 template-no-violation the template has no rule `violation`, so it can never object; write `violation contains {\"msg\": msg} if { .. }`",
        ),
        (
            "v0",
            "package a\nviolation[{\"msg\": msg}] { msg := data.other.x }",
            &[],
            "14:46 template-data a template cannot read `data.other.x`; read only what is below `data.inventory` and `data.lib`",
        ),
        (
            "v0",
            "package a\nviolation[{\"msg\": msg}] { msg := data[input.x] }",
            &[],
            "14:46 template-data a template cannot read `data[input.x]`; read only what is below `data.inventory` and `data.lib`",
        ),
        (
            "v0",
            "package a\nviolation[{\"msg\": msg}] { walk(data, msg) }",
            &[],
            "14:44 template-data a template cannot read `data`; read only what is below `data.inventory` and `data.lib`",
        ),
        (
            "v0",
            "package a\nimport data.kubernetes.x\nviolation[{\"msg\": x}] { true }",
            &[],
            "14:13 template-import a template cannot import `data.kubernetes.x`; import only what is below `data.lib`",
        ),
        (
            "v0",
            "package a\nviolation[{\"msg\": x}] { x := 1 }",
            &["package words\ny := 1"],
            "17:13 template-lib-package the package of a library is below `lib`, not `words`; write `package lib.words`",
        ),
    ] {
        assert_eq!(read(version, rego, libs).unwrap_err(), [said]);
    }
}

#[test]
fn errors_of_syntax_stand_at_their_line_of_the_template() {
    let errors = read("v0", "package a\n\nviolation[{\"msg\": msg}] { msg := }", &[]).unwrap_err();
    assert!(
        errors.iter().all(|error| error.starts_with("15:") && error.contains(" rego-syntax ")),
        "{errors:?}"
    );
    assert!(!errors.is_empty());
    // The same text in the other generation.
    let old = "package a\nviolation[{\"msg\": msg}] { msg := 1 }";
    assert!(read("v0", old, &[]).is_ok());
    let errors = read("v1", old, &[]).unwrap_err();
    assert!(errors[0].starts_with("14:"), "{errors:?}");
}

#[test]
fn dialects_are_those_that_the_template_says() {
    let modules = |version| {
        let rego = if version == "v0" {
            "package a\nviolation[x] { x := 1 }"
        } else {
            "package a\nviolation contains 1"
        };
        read(version, rego, &["package lib.x\ny := 1"]).unwrap().modules
    };
    assert!(modules("v0").iter().all(|module| module.dialect == Dialect::V0));
    assert!(modules("v1").iter().all(|module| module.dialect == Dialect::V1));
}
