//! A copy of the example estate, with rules of our own beside its own.

use std::fs;
use std::path::{Path, PathBuf};

/// Kinds that the example's rules say nothing about, so that tests stand on rules that they can see.
const RULES: &str = r#"package e2e

# METADATA
# title: A ConfigMap says nothing bad
# custom:
#   id: nothing-bad
#   remedy: take it out
deny contains {"msg": sprintf("key `%s` is bad", [key]), "path": sprintf("data.%s", [key])} if {
	input.kind == "ConfigMap"
	some key in ["bad", "worse"]
	input.data[key]
}

# METADATA
# title: A ConfigMap says nothing odd
# custom:
#   id: nothing-odd
warn contains "key `odd` is odd" if {
	input.kind == "ConfigMap"
	input.data.odd
}
"#;

const KEEP: &str = r#"package keep

# METADATA
# title: What is marked as kept is not deleted
# custom:
#   id: kept
#   operations: [DELETE]
deny contains sprintf("`%s` is kept", [input.request.name]) if {
	input.request.oldObject.metadata.labels.keep == "yes"
}
"#;

const EXEC: &str = r#"package exec

# METADATA
# title: Nobody works by hand in a kept pod
# custom:
#   id: hands-off
#   operations: [CONNECT]
#   subresources: [exec]
deny contains sprintf("no shell in `%s`", [input.request.name]) if {
	startswith(input.request.name, "kept-")
}
"#;

/// An estate in a folder of its own.
pub(crate) struct Estate {
    root: PathBuf,
}

impl Estate {
    /// Copies the example below `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let example = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/estate"));
        let estate = Self { root: folder.join("estate") };
        copy(example, &estate.root);
        estate.write("policy/e2e.rego", RULES);
        estate.write("policy/keep.rego", KEEP);
        estate.write("policy/exec.rego", EXEC);
        estate
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file of it, whole or not at all.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let unfinished = path.with_extension("unfinished");
        fs::write(&unfinished, text).expect("the estate can be written");
        fs::rename(&unfinished, &path).expect("a file can be renamed");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the example estate") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("its type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
