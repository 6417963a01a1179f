use tollgate_vocabulary::Path;

use super::*;
use crate::address::Reference;
use crate::configuration::Configuration;
use crate::{Foreign, PlanError};

const REAL: &str = include_str!("../../../../../corpus/cost/terraform/real.json");

fn error(text: &str) -> PlanError {
    Plan::read(text.as_bytes()).unwrap_err()
}

fn foreign(text: &str) -> Foreign {
    match error(text) {
        PlanError::NotAPlan(foreign) => foreign,
        other => panic!("{other}"),
    }
}

#[test]
fn a_real_plan_has_its_changes_with_their_actions_and_modules() {
    let plan = Plan::read(REAL.as_bytes()).unwrap();
    let found: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (&*change.address, change.action.words(), &*change.module, &*change.index))
        .collect();
    for wanted in [
        ("terraform_data.a[1]", "update", "", "[1]"),
        ("terraform_data.b[0]", "no-op", "", "[0]"),
        ("terraform_data.c", "create, delete", "", ""),
        ("terraform_data.d", "delete, create", "", ""),
        ("terraform_data.gone", "delete", "", ""),
        ("terraform_data.let_go", "forget", "", ""),
        ("terraform_data.new", "create", "", ""),
        (r#"module.m["y.z]"].terraform_data.inner"#, "update", "m", ""),
        (r#"module.m["x"].module.deep.terraform_data.leaf"#, "update", "m.deep", ""),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
    }
    assert!(plan.complete);
    assert!(REAL.contains("hunter2"));
    assert!(!format!("{plan:?}").contains("hunter2"));
}

#[test]
fn what_a_module_is_given_is_found_around_it() {
    let value =
        tollgate_manifest::json::read(REAL.as_bytes(), &tollgate_manifest::Limits::default()).unwrap();
    let configuration = Configuration::of(&value, |_| true);
    assert!(!format!("{configuration:?}").contains("hunter2"));
    let of = |module: &'static str, name: &str| {
        let written = configuration.written(module, "terraform_data", name).unwrap();
        let found = configuration.references(module, written, &Path::of_keys(&["input"]));
        let shown = |(module, reference): (&str, Reference<'_>)| {
            format!("{module}:{}.{}{}", reference.kind, reference.name, reference.index)
        };
        found.into_iter().map(shown).collect::<Vec<_>>()
    };
    // `terraform_data.c.id` and `terraform_data.c` both name it.
    assert_eq!(of("m.deep", "leaf"), [":terraform_data.c", ":terraform_data.c"]);
    assert!(of("", "c").contains(&":terraform_data.a[0]".to_owned()));
    assert!(of("", "c").contains(&":var.size".to_owned()));
}

#[test]
fn what_is_no_plan_says_what_it_is() {
    for (text, wanted) in [
        ("PK\u{3}\u{4}....", Foreign::PlanFile),
        (
            r#"{"version": 4, "terraform_version": "1.11.4", "serial": 10, "lineage": "x", "resources": []}"#,
            Foreign::State,
        ),
        (r#"{"format_version": "1.0", "values": {"root_module": {}}}"#, Foreign::ShownState),
        (r#"{"format_version": "1.0"}"#, Foreign::ShownState),
        ("{\"@level\":\"info\"}\n{\"@level\":\"info\"}", Foreign::Log),
        (r#"{"format_version": "1.0", "provider_schemas": {}}"#, Foreign::Schemas),
        (r#"{"format_version": "1.0", "valid": true, "diagnostics": []}"#, Foreign::Validation),
        (r#"{"resource": {"aws_instance": {}}}"#, Foreign::Configuration),
        ("resource \"aws_instance\" \"web\" {}", Foreign::Text),
        ("\nTerraform will perform the following actions:", Foreign::Text),
        (r#"{"apiVersion": "v1", "kind": "Pod"}"#, Foreign::Kubernetes),
        (r#"{"AWSTemplateFormatVersion": "2010-09-09"}"#, Foreign::CloudFormation),
        (r#"{"version": "0.2", "currency": "USD", "projects": []}"#, Foreign::Infracost),
        ("[]", Foreign::Other),
        ("{}", Foreign::Other),
        ("null", Foreign::Other),
    ] {
        assert_eq!(foreign(text), wanted, "{text}");
    }
    assert_eq!(
        error(r#"{"version": 4, "serial": 1, "lineage": "x"}"#).to_string(),
        "this is a state, not a plan: `terraform plan -out PLAN`, then `terraform show -json PLAN`"
    );
}

#[test]
fn a_format_that_is_not_read_is_named() {
    let of = |version: &str| {
        error(&format!(r#"{{"format_version": {version}, "resource_changes": []}}"#)).to_string()
    };
    assert_eq!(
        of(r#""0.2""#),
        "format_version `0.2` is not read, only 1.x: Terraform before 1.1 wrote it; plan with a newer one"
    );
    assert_eq!(of(r#""2.0""#), "format_version `2.0` is not read, only 1.x: it is newer than this program");
    assert_eq!(of("1.2"), "format_version `` is not read, only 1.x: the plan should name one such as `1.2`");
    assert_eq!(of(r#""10.0""#), "format_version `10.0` is not read, only 1.x: it is newer than this program");
    assert!(Plan::read(br#"{"format_version": "1.99", "planned_values": {}, "unheard_of": 1}"#).is_ok());
    assert_eq!(
        error(r#"{"format_version": "1.2", "errored": true, "planned_values": {}}"#),
        PlanError::Errored
    );
}

#[test]
fn a_part_of_another_shape_is_named_with_its_line() {
    let of = |changes: &str| {
        error(&format!("{{\"format_version\": \"1.2\",\n\"resource_changes\": {changes}}}")).to_string()
    };
    assert_eq!(of("{}"), "line 2: `resource_changes` should be a list");
    assert_eq!(of("[\n{}]"), "line 3: `resource_changes[0].address` should be text");
    assert_eq!(of("[{\"address\": \"a.b\"}]"), "line 2: `resource_changes[0].type` should be text");
    let change =
        |change: &str| of(&format!("[{{\"address\": \"a.b\", \"type\": \"a\",\n\"change\": {change}}}]"));
    assert_eq!(change("1"), "line 3: `resource_changes[0].change` should be an object");
    assert_eq!(
        change("{}"),
        "line 3: `resource_changes[0].change.actions` should be actions such as [\"create\"]"
    );
    assert_eq!(
        change("{\"actions\": [\"explode\"]}"),
        "line 3: `resource_changes[0].change.actions` should be actions such as [\"create\"]"
    );
    assert_eq!(
        change("{\"actions\": [\"create\"], \"after\": \"x\"}"),
        "line 3: `resource_changes[0].change.after` should be an object or null"
    );
    assert_eq!(
        error("{\"format_version\": \"1.2\",\n \"resource_changes\" 1}").to_string(),
        "line 2, column 21: `:` should stand here, behind the key"
    );
}

#[test]
fn a_plan_may_come_from_powershell() {
    let with_mark = [b"\xef\xbb\xbf", REAL.as_bytes()].concat();
    assert!(Plan::read(&with_mark).is_ok());
    let utf16: Vec<u8> =
        [0xfeff_u16].into_iter().chain(REAL.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        Plan::read(&utf16).unwrap_err().to_string(),
        "line 1, column 1: the input is UTF-16: save it as UTF-8"
    );
}

#[test]
fn data_sources_are_no_changes() {
    let text = r#"{"format_version": "1.2", "resource_changes": [{"address": "data.aws_ami.x", "mode": "data",
        "type": "aws_ami", "change": {"actions": ["read"]}}]}"#;
    assert!(Plan::read(text.as_bytes()).unwrap().changes.is_empty());
}
