//! What names a file brings in by `import`.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_syntax::tree::{Import, Module};

/// The names that a file imports.
#[derive(Debug, Default)]
pub(crate) struct Imports(BTreeMap<Arc<str>, Imported>);

/// What a name stands for: whether it begins at `input`, and the path below.
type Imported = (bool, Vec<Arc<str>>);

impl Imports {
    pub(crate) fn of(module: &Module) -> Self {
        Self(module.imports.iter().filter_map(entry).collect())
    }

    /// What `name` stands for: whether it begins at `input` (else at `data`), and the path below.
    pub(crate) fn get(&self, name: &str) -> Option<(bool, &[Arc<str>])> {
        self.0.get(name).map(|(input, path)| (*input, &**path))
    }
}

fn entry(import: &Import) -> Option<(Arc<str>, Imported)> {
    let [root, below @ ..] = import.path.as_slice() else { return None };
    let input = match &*root.text {
        "input" => true,
        "data" => false,
        _ => return None,
    };
    let name = import.alias.as_ref().or(below.last()).unwrap_or(root);
    Some((name.text.clone(), (input, below.iter().map(|step| step.text.clone()).collect())))
}
