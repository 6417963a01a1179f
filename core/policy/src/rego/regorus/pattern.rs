//! `regex.match` with each pattern compiled once and its automaton kept.
//!
//! The builtin hands out a copy of the compiled pattern for each call, and with it an automaton that starts from
//! nothing: most of the time of a set with regular expressions. INVARIANT: whatever is not a plain answer (no string,
//! no pattern, too large a pattern) is an error here, after which the builtin itself is asked and says what is wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::regorus::{Engine, Value};
use regex::{Regex, RegexBuilder};

/// How large a compiled pattern may be: the builtin's own limit.
const LARGEST: usize = 100 * 1024;

/// How many patterns are kept.
const MOST: usize = 256;

/// The compiled patterns of one set.
type Compiled = Mutex<BTreeMap<Arc<str>, Arc<Regex>>>;

#[derive(Debug, thiserror::Error)]
#[error("no plain answer")]
struct Unsure;

/// Puts it in the place of `interpreter`'s builtin; whether that worked.
pub(super) fn install(interpreter: &mut Engine) -> bool {
    let compiled = Arc::new(Compiled::default());
    let matches = move |arguments: Vec<Value>| match &*arguments {
        [Value::String(pattern), Value::String(text)] => {
            Ok(Value::Bool(compile(&compiled, pattern).ok_or(Unsure)?.is_match(text)))
        }
        _ => Err(Unsure.into()),
    };
    interpreter.add_extension("regex.match".to_owned(), 2, Box::new(matches)).is_ok()
}

fn compile(compiled: &Compiled, pattern: &Arc<str>) -> Option<Arc<Regex>> {
    let mut compiled = compiled.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(pattern) {
        return Some(known.clone());
    }
    let new = Arc::new(RegexBuilder::new(pattern).size_limit(LARGEST).build().ok()?);
    if compiled.len() >= MOST {
        compiled.clear();
    }
    compiled.insert(pattern.clone(), new.clone());
    Some(new)
}
