//! A case as it is recorded.

use std::path::{Path, PathBuf};

use tollgate_vocabulary::Value;

use crate::json;

/// One recorded case.
#[derive(Clone, Debug)]
pub struct Case {
    /// its name
    pub note: String,
    /// the folder that it stands in, below the suite's
    pub folder: String,
    /// the file's path, as it was found
    pub file: PathBuf,
    /// what is asked
    pub query: String,
    /// the files' texts
    pub modules: Vec<String>,
    /// what stands below `data`
    pub data: Value,
    /// as JSON
    pub input: Option<Value>,
    /// as a term of Rego
    pub input_term: Option<String>,
    /// what must come out
    pub want: Want,
    /// whether builtins' errors are errors
    pub strict: bool,
    /// whether the order of what each variable is bound to tells nothing
    pub sort_bindings: bool,
    /// whether variables that the compiler made are left out
    pub ignore_generated: bool,
}

/// What must come out of a case.
#[derive(Clone, Debug)]
pub enum Want {
    /// these sets of bindings
    Result(Vec<Value>),
    /// an error of that code, if one is named, whose text contains that, if any is named
    Error {
        /// such as `eval_conflict_error`
        code: Option<String>,
        /// part of its message
        text: Option<String>,
    },
}

/// Why a suite cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// a file or folder
    #[error("`{0}`: {1}")]
    Io(PathBuf, std::io::Error),
    /// what is in it
    #[error("`{0}`: {1}")]
    Content(PathBuf, String),
    /// nothing is in it
    #[error("`{0}` holds no case: a folder of JSON files with `cases` is wanted")]
    Empty(PathBuf),
}

/// All cases below the folder, in order of their paths.
///
/// # Errors
/// It cannot be read, or holds none.
pub fn read(suite: &Path) -> Result<Vec<Case>, SuiteError> {
    let mut files = Vec::new();
    let mut folders = vec![suite.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error| SuiteError::Io(folder.clone(), error);
        for entry in folder.read_dir().map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| SuiteError::Io(file.clone(), error))?;
        let wrong = |what: String| SuiteError::Content(file.clone(), what);
        let content = json::read(&text).map_err(|error| wrong(error.to_string()))?;
        // An index or the like lies beside the cases.
        let Some(listed) = content.get("cases").and_then(Value::as_array) else { continue };
        for value in listed {
            let case = case(suite, &file, value)
                .ok_or_else(|| wrong("a case lacks a query or what is wanted".to_owned()))?;
            cases.push(case);
        }
    }
    if cases.is_empty() { Err(SuiteError::Empty(suite.to_owned())) } else { Ok(cases) }
}

fn case(suite: &Path, file: &Path, value: &Value) -> Option<Case> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
    let (code, message) = (text("want_error_code"), text("want_error"));
    let want = if code.is_some() || message.is_some() {
        Want::Error { code, text: message }
    } else {
        Want::Result(value.get("want_result")?.as_array()?.to_vec())
    };
    let modules = value.get("modules").and_then(Value::as_array).unwrap_or_default();
    let folder = file.parent().and_then(|folder| folder.strip_prefix(suite).ok()).unwrap_or(Path::new(""));
    Some(Case {
        note: text("note").unwrap_or_default(),
        folder: folder.display().to_string(),
        file: file.to_owned(),
        query: text("query")?,
        modules: modules.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        data: value
            .get("data")
            .cloned()
            .unwrap_or_else(|| Value::Object(tollgate_vocabulary::Map::default())),
        input: value.get("input").cloned(),
        input_term: text("input_term"),
        want,
        strict: flag("strict_error"),
        sort_bindings: flag("sort_bindings"),
        ignore_generated: flag("ignore_generated_vars"),
    })
}
