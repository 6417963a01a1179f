//! What METADATA says about each definition, looked up.
//!
//! INVARIANT: every block is looked at once when this is made, and none again for each of many rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Path, Program, Rule};

use crate::metadata::{Fields, Scope};
use crate::module::Module;

/// The blocks by what they are about; of those about one thing, what they say together.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// by file and number in it
    rules: BTreeMap<(usize, usize), Fields>,
    /// by package and name
    documents: BTreeMap<(Path, Vec<Arc<str>>), Fields>,
    /// the package's own, then those of the packages above
    around: BTreeMap<Path, Fields>,
}

impl Notes {
    /// Those of `modules`, the files that `resolved` comes from.
    pub(super) fn of(modules: &[Module], resolved: &Program) -> Self {
        let mut notes = Self::default();
        let mut packages: BTreeMap<Path, Fields> = BTreeMap::new();
        // In order of the files, whatever packages they are.
        let mut above: BTreeMap<Path, Vec<(usize, &Fields)>> = BTreeMap::new();
        let blocks = modules.iter().zip(&resolved.files).enumerate().flat_map(|(file, (module, package))| {
            module.annotations.iter().map(move |note| (file, package, note))
        });
        for (number, (file, package, note)) in blocks.enumerate() {
            match &note.scope {
                Scope::Rule(at) => add(notes.rules.entry((file, *at)).or_default(), &note.fields, true),
                Scope::Document(name) => {
                    let key = (package.clone(), name.clone());
                    add(notes.documents.entry(key).or_default(), &note.fields, true);
                }
                Scope::Package => add(packages.entry(package.clone()).or_default(), &note.fields, false),
                Scope::Subpackages => {
                    above.entry(package.clone()).or_default().push((number, &note.fields));
                }
            }
        }
        for package in &resolved.packages {
            let mut fields = packages.remove(package).unwrap_or_default();
            let starts = (0..=package.len()).filter_map(|length| above.get(package.get(..length)?));
            let mut outer: Vec<(usize, &Fields)> = starts.flatten().copied().collect();
            outer.sort_unstable_by_key(|(number, _)| *number);
            outer.iter().for_each(|(_, outer)| add(&mut fields, outer, false));
            notes.around.insert(package.clone(), fields);
        }
        notes
    }

    /// What is said about a definition: nearest first.
    pub(super) fn about(&self, rule: &Rule) -> Fields {
        let name = rule.path.get(rule.package.len()..).unwrap_or_default();
        let mut fields = Fields::default();
        if let Some(own) = self.rules.get(&(rule.file, rule.at)) {
            add(&mut fields, own, true);
        }
        if let Some(document) = self.documents.get(&(rule.package.clone(), name.to_vec())) {
            add(&mut fields, document, true);
        }
        if let Some(around) = self.around.get(&rule.package) {
            add(&mut fields, around, false);
        }
        fields
    }
}

fn add(fields: &mut Fields, outer: &Fields, names: bool) {
    *fields = std::mem::take(fields).within(outer, names);
}
