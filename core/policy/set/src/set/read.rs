//! The files of a set, read: modules, what their data documents make, and what is Gatekeeper's.

use tollgate_gatekeeper::Document;
use tollgate_rego_syntax::tree;
use tollgate_vocabulary::Value;

use super::constraint;
use crate::data;
use crate::load::LoadError;
use crate::module::{self, Module};
use crate::source::RuleFile;

/// All files, each path once, in order of their paths. INVARIANT: `trees` and `modules` are parallel.
pub(crate) struct Read {
    pub(crate) trees: Vec<tree::Module>,
    pub(crate) modules: Vec<Module>,
    /// what rules see as `data`
    pub(crate) data: Value,
    /// templates, constraints and suites
    pub(super) constraints: Vec<Document>,
}

impl Read {
    /// Reads files.
    ///
    /// # Errors
    /// All that does not read.
    pub(crate) fn of(files: &[RuleFile]) -> Result<Self, Vec<LoadError>> {
        let mut files: Vec<&RuleFile> = files.iter().collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        let (mut trees, mut modules, mut errors) = (Vec::new(), Vec::new(), Vec::new());
        for file in files.iter().filter(|file| data::has_extension(&file.path, &["rego"])) {
            match module::read(file) {
                Ok((tree, module)) => {
                    trees.push(tree);
                    modules.push(module);
                }
                Err(wrong) => errors.extend(wrong),
            }
        }
        let (constraints, files) = constraint::split(&files);
        let data = data::read(&files).unwrap_or_else(|wrong| {
            errors.extend(wrong);
            Value::Null
        });
        if errors.is_empty() { Ok(Self { trees, modules, data, constraints }) } else { Err(errors) }
    }
}
