//! `regex.match` with each pattern compiled once and its automaton kept: those that stand in the files
//! when the set is loaded, and others (from data, or put together) once for each session.
//!
//! The builtin hands out a copy of the compiled pattern for each call, and with it an automaton that starts from
//! nothing: two fifths of the instructions of the realistic rules. INVARIANT: whatever is not a plain answer (no
//! string, no pattern, too large a pattern) is an error here, after which the builtin itself says what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::regorus::{Engine, Value};
use regex::{Regex, RegexBuilder};

use crate::rego::Source;

/// How large a compiled pattern may be: the builtin's own limit.
const LARGEST: usize = 100 * 1024;

/// How many patterns a session keeps that stand in no file.
const MOST: usize = 256;

/// Compiled patterns, by their text.
type Compiled = BTreeMap<Arc<str>, Regex>;

#[derive(Debug, thiserror::Error)]
#[error("no plain answer")]
struct Unsure;

/// Puts it in the place of `interpreter`'s builtin; whether that worked.
pub(super) fn install(interpreter: &mut Engine, sources: &[Source]) -> bool {
    let patterns = sources.iter().flat_map(|source| written(&source.text));
    let known = patterns.filter_map(|pattern| Some((pattern.into(), compile(pattern)?)));
    let known: Arc<Compiled> = Arc::new(known.collect());
    let mut others = Compiled::new();
    let matches = move |arguments: Vec<Value>| match &*arguments {
        [Value::String(pattern), Value::String(text)] => {
            if let Some(known) = known.get(pattern).or_else(|| others.get(pattern)) {
                return Ok(Value::Bool(known.is_match(text)));
            }
            let new = compile(pattern).ok_or(Unsure)?;
            let found = new.is_match(text);
            if others.len() < MOST {
                others.insert(pattern.clone(), new);
            }
            Ok(Value::Bool(found))
        }
        _ => Err(Unsure.into()),
    };
    interpreter.add_extension("regex.match".to_owned(), 2, Box::new(matches)).is_ok()
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(LARGEST).build().ok()
}

/// What looks like a pattern: a plain literal that is matched against or is given a name. Too many cost memory alone.
fn written(text: &str) -> impl Iterator<Item = &str> {
    let after = ["regex.match(", ":="].into_iter().flat_map(|before| text.split(before).skip(1));
    after.filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '`' | '"'))?;
        let (literal, _) = rest.get(1..)?.split_once(quote)?;
        (quote == '`' || !literal.contains('\\')).then_some(literal)
    })
}
