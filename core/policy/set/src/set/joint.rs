//! Rules that are always asked together, asked in one go.
//!
//! ```text
//! rules of one package, scope and need ──> (generated) together0[7] := d004 ──> rule 7: its answer
//! ```
//! Helpers that many rules use are then evaluated once. It is the fast way to the same answers and never the only
//! one: where it fails, each rule is asked alone, so that an error is one rule's and silences no other.
//! The generated names stand in the rules' own package: regorus goes through all files for each name of another.
//!
//! INVARIANT: of the rules of one joint either all are asked about a subject or none; a generated name stands in no file
//! and no data document, and in no package that any rule reads as a whole.

use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_vocabulary::Value;

use super::Asked;
use crate::load::Dialect;
use crate::rego::Source;
use crate::rego::module::Module;
use crate::rule::Rule;
use crate::source::InputForm;

/// Some rules, and what asks all of them.
#[derive(Clone, Debug)]
pub(super) struct Joint {
    pub(super) query: String,
    pub(super) form: InputForm,
    pub(super) rules: Vec<usize>,
}

/// The joints of `rules`, and the modules that make them.
pub(super) fn joints(rules: &[(Rule, Asked)], modules: &[Module], data: &Value) -> (Vec<Joint>, Vec<Source>) {
    let mut groups: Vec<(&(Rule, Asked), Vec<usize>)> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        match groups.iter_mut().find(|(first, _)| together(first, rule)) {
            Some((_, members)) => members.push(at),
            None => groups.push((rule, vec![at])),
        }
    }
    let data = canonical::text(data);
    let taken =
        |name: &String| data.contains(&**name) || modules.iter().any(|module| module.text.contains(&**name));
    let mut names = (0..).map(|number| format!("together{number}")).filter(|name| !taken(name));
    let (mut joints, mut sources) = (Vec::new(), Vec::new());
    for ((first, asked), members) in groups {
        if members.len() < 2 || read_whole(&first.package, modules) {
            continue;
        }
        let Some(name) = names.next() else { break };
        let mut text = format!("package {}\n\n", first.package);
        let local = format!("data.{}.", first.package);
        for at in &members {
            let query = rules.get(*at).map_or("", |(_, asked)| &*asked.query);
            text.push_str(&format!("{name}[{at}] := {}\n", query.strip_prefix(&local).unwrap_or(query)));
        }
        sources.push(Source { path: format!("({name})").into(), text, dialect: Dialect::V1 });
        joints.push(Joint { query: format!("{local}{name}"), form: asked.form, rules: members });
    }
    (joints, sources)
}

/// Whether two rules are asked about the same subjects in the same form.
fn together((a, asked_a): &(Rule, Asked), (b, asked_b): &(Rule, Asked)) -> bool {
    asked_a.form == asked_b.form
        && a.package == b.package
        && a.operations == b.operations
        && a.subresources == b.subresources
        && a.deleting == b.deleting
        && a.reads_namespace == b.reads_namespace
}

/// Whether anything reads all of `package`, where it could see what is generated.
fn read_whole(package: &str, modules: &[Module]) -> bool {
    let Some(of) = modules.iter().find(|module| *module.package_text() == *package) else { return true };
    let whole = |path: &[Arc<str>]| match path {
        [root, below @ ..] => &**root == "data" && of.package.starts_with(below),
        [] => false,
    };
    let mut definitions = modules.iter().flat_map(|module| &module.definitions);
    definitions.any(|definition| definition.references.iter().any(|reference| whole(&reference.path)))
}
