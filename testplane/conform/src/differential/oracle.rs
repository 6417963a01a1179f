//! OPA itself, asked one line at a time: the program that `testplane/build.sh oracle` builds.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::json;
use tollgate_vocabulary::{Map, Value};

use super::policy::Policy;
use crate::json::read as read_json;
use crate::verdict::{Answer, Problem, Verdict, canonical};

/// When every evaluation happens, in nanoseconds since 1970.
pub const NOW: i64 = 1_700_000_000_000_000_000;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OracleError {
    /// it was never built
    #[error("no `oracle` {0}; `testplane/build.sh oracle` builds it")]
    Missing(String),
    /// it does not run, or ended
    #[error("oracle")]
    Io(#[from] std::io::Error),
    /// it does not understand
    #[error("the oracle answered `{0}`")]
    Strange(String),
}

/// A running oracle.
#[derive(Debug)]
pub struct Oracle {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    /// The one in `$TOLLGATE_ORACLE_BIN`, else the newest in the cache of `testplane/build.sh`.
    ///
    /// # Errors
    /// Where it looked.
    pub fn find() -> Result<PathBuf, OracleError> {
        if let Some(named) = std::env::var_os("TOLLGATE_ORACLE_BIN") {
            let path = PathBuf::from(named).join("oracle");
            return if path.is_file() {
                Ok(path)
            } else {
                Err(OracleError::Missing(format!("at `{}` ($TOLLGATE_ORACLE_BIN)", path.display())))
            };
        }
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let cache = set("TOLLGATE_TESTPLANE")
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("tollgate/testplane")))
            .or_else(|| set("HOME").map(|home| home.join(".cache/tollgate/testplane")))
            .ok_or_else(|| OracleError::Missing("(neither HOME nor a cache folder is set)".to_owned()))?;
        let entries = cache.read_dir().into_iter().flatten().flatten();
        let built = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("oracle-"));
        let newest = built
            .map(|entry| entry.path().join("bin/oracle"))
            .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
            .max();
        newest
            .map(|(_, path)| path)
            .ok_or_else(|| OracleError::Missing(format!("below `{}`", cache.display())))
    }

    /// Starts it.
    ///
    /// # Errors
    /// It is missing or does not run.
    pub fn start() -> Result<Self, OracleError> {
        let mut child = Command::new(Self::find()?).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(asked), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(OracleError::Strange("nothing: its pipes are closed".to_owned()));
        };
        Ok(Self { child, asked, answers: BufReader::new(answers) })
    }

    /// What OPA makes of the policy.
    ///
    /// # Errors
    /// It ended, or answers something strange.
    pub fn ask(&mut self, policy: &Policy) -> Result<Verdict, OracleError> {
        let line = json!({
            "modules": policy.texts(), "query": policy.query, "data": policy.data, "inputs": policy.inputs,
            "strict": policy.strict, "v0": policy.v0, "now": NOW,
        });
        self.asked.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        read(&answer).ok_or(OracleError::Strange(answer))
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(line: &str) -> Option<Verdict> {
    let answer = read_json(line).ok()?;
    let problem = |value: &Value| {
        let text = |key| Some(value.get(key)?.as_str()?.to_owned());
        Some(Problem { code: text("code")?, message: text("message")?, place: None })
    };
    if let Some(problems) = answer.get("compile_error") {
        return Some(Verdict::Refused(problems.as_array()?.iter().map(problem).collect::<Option<_>>()?));
    }
    let answers = answer.get("answers")?.as_array()?.iter().map(|answer| match answer.get("result") {
        Some(rows) => Some(Answer::Result(rows.as_array()?.iter().map(row).collect())),
        None => problem(answer.get("error")?).map(Answer::Error),
    });
    Some(Verdict::Answers(answers.collect::<Option<_>>()?))
}

/// A row without the variables that OPA's compiler made.
fn row(row: &Value) -> String {
    let Value::Object(row) = row else { return canonical(row) };
    let mut kept = Map::default();
    for (name, value) in
        row.iter().filter(|(name, _)| !name.starts_with("__localq") && !name.starts_with('$'))
    {
        kept.insert(name.clone(), value.clone());
    }
    canonical(&Value::Object(kept))
}
