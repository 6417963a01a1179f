//! The ledger as `tollgate log` shows it.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// The binary under test.
pub(crate) fn tollgate() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tollgate"));
    for name in ["TOLLGATE_DATA", "TOLLGATE_COLOR", "TOLLGATE_OUTPUT"] {
        command.env_remove(name);
    }
    command
}

/// A data directory.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    pub(crate) data: PathBuf,
    /// the process whose mounts it is among
    pub(crate) inside: Option<u32>,
}

/// A recorded decision.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) index: u64,
    pub(crate) id: String,
    pub(crate) verdict: String,
    pub(crate) phase: String,
    pub(crate) actor: String,
    pub(crate) subject: String,
}

impl Ledger {
    /// All decisions on changes of a cluster, oldest first.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        let text = |row: &Value, field: &str| row[field].as_str().expect(field).to_owned();
        self.entries()
            .into_iter()
            .filter(|row| row["kind"] == "decision")
            .map(|row| Decision {
                index: row["index"].as_u64().expect("an index"),
                id: text(&row, "id"),
                verdict: text(&row, "verdict"),
                phase: text(&row, "phase"),
                actor: text(&row, "actor"),
                subject: row["subjects"][0].as_str().expect("a subject").to_owned(),
            })
            .collect()
    }

    /// The kinds of all entries, oldest first.
    pub(crate) fn kinds(&self) -> Vec<String> {
        self.entries().iter().map(|row| row["kind"].as_str().expect("a kind").to_owned()).collect()
    }

    fn entries(&self) -> Vec<Value> {
        let output = self.run(&["log", "tail", "-n", "1000000", "-o", "json"]);
        assert!(output.status.success(), "{output:?}");
        let lines = String::from_utf8(output.stdout).expect("text");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The decisions on subjects whose title holds this.
    pub(crate) fn about(&self, what: &str) -> Vec<Decision> {
        self.decisions().into_iter().filter(|decision| decision.subject.contains(what)).collect()
    }

    /// The body of an entry.
    pub(crate) fn body(&self, id: &str) -> Value {
        let output = self.run(&["log", "show", "-o", "json", id]);
        assert!(output.status.success(), "{output:?}");
        let mut shown: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        shown["body"]["value"].take()
    }

    /// `tollgate log verify` finds nothing wrong.
    #[track_caller]
    pub(crate) fn verify(&self) {
        let output = self.run(&["log", "verify"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }

    /// Every one of these has a decision that allowed it.
    #[track_caller]
    pub(crate) fn allowed_all<'a>(&self, titles: impl IntoIterator<Item = &'a str>) {
        let decisions = self.decisions();
        let allowed: std::collections::BTreeSet<&str> = decisions
            .iter()
            .filter(|decision| decision.verdict == "allow" && decision.phase == "live")
            .map(|decision| decision.subject.as_str())
            .collect();
        let lost: Vec<&str> = titles.into_iter().filter(|title| !allowed.contains(title)).collect();
        assert!(lost.is_empty(), "in the cluster, but not in the ledger: {lost:?}");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let tollgate = tollgate();
        let mut command = match self.inside {
            None => tollgate,
            Some(process) => {
                let mut command = Command::new("nsenter");
                command.args([
                    "--target",
                    &process.to_string(),
                    "--user",
                    "--preserve-credentials",
                    "--mount",
                ]);
                command.arg(tollgate.get_program());
                command
            }
        };
        command.args(arguments).arg("--data").arg(&self.data).output().expect("tollgate runs")
    }
}
