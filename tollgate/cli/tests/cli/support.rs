//! An estate in a temporary folder, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// A rule that every Deployment needs a label `team`.
pub(crate) const RULES: &str = r#"
package estate

# METADATA
# title: Every Deployment names its team
# custom:
#   id: team-present
#   remedy: add the label `team`
deny contains finding if {
	input.kind == "Deployment"
	not input.metadata.labels.team
	finding := {"msg": "label `team` is missing", "path": "metadata.labels.team"}
}
"#;

/// A rule that reads the Namespace object, which is undecidable where that is not known.
pub(crate) const NAMESPACE_RULE: &str = r#"
package namespaces

# METADATA
# title: Nothing runs in a closed namespace
# custom:
#   id: namespace-open
deny contains "the namespace is closed" if {
	input.kind == "Job"
	input.context.namespace.metadata.labels.closed == "true"
}
"#;

/// A folder that is deleted when the test ends.
pub(crate) struct Folder(TempDir);

/// How the program ended, and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// An estate with [`RULES`].
    pub(crate) fn estate() -> Self {
        let folder = Self::empty();
        folder.file("tollgate.toml", "[estate]\nname = \"test\"\n");
        folder.file("policy/estate.rego", RULES);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join(".data")
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, bytes).expect("a file");
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.program(Command::new(env!("CARGO_BIN_EXE_tollgate")), arguments)
    }

    /// Runs it so that modes bind it: root may read every file, unless it gives that capability away (util-linux).
    pub(crate) fn run_bound_by_modes(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new("setpriv");
        command.arg("--bounding-set=-dac_override,-dac_read_search").arg(env!("CARGO_BIN_EXE_tollgate"));
        Said::of(&mut self.program(command, arguments))
    }

    fn program(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.current_dir(self.path()).args(arguments).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("XDG_CONFIG_HOME", self.path().join(".config")).env("TOLLGATE_DATA", self.data());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::of(&mut self.command(arguments))
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Said {
        Said::of(self.command(arguments).write_stdin(stdin.as_ref()))
    }
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let code = output.status.code().expect("an exit code, not a signal");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }

    /// Ended with this code, and said each of these on standard error.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:#?}");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in {self:#?}");
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

pub(crate) fn deployment(name: &str, labels: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n  namespace: shop\n  labels: {labels}\n"
    )
}
