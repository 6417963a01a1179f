//! `data` documents: JSON and YAML files among the rules, merged into one object.
//!
//! ```text
//! policy/           root
//!   approved.json   ──> data
//!   teams/a.yaml    ──> data.teams       (the folder, never the file's name: as `opa eval -d policy` does)
//! ```
//! Two files that write one place are an error; objects merge.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Value};

use crate::document;
use crate::load::{LoadError, Place};
use crate::source::RuleFile;

/// The `data` of all documents among `files`.
pub(crate) fn read(files: &[&RuleFile]) -> Result<Value, Vec<LoadError>> {
    let (mut data, mut errors) = (Map::default(), Vec::new());
    for file in files {
        match contribution(file) {
            Ok(None) => {}
            Ok(Some(map)) => {
                if let Err(path) = merge(&mut data, map) {
                    let message = format!("`data.{}` is written by another file too", path.join("."));
                    errors.push(Place::start_of(&file.path).error("data-conflict", message));
                }
            }
            Err(error) => errors.push(*error),
        }
    }
    if errors.is_empty() { Ok(Value::Object(data)) } else { Err(errors) }
}

/// What `file` adds to `data`, below its folder's name. Exceptions and budgets are not data.
fn contribution(file: &RuleFile) -> Result<Option<Map>, Box<LoadError>> {
    let json = has_extension(&file.path, &["json"]);
    if !json && !has_extension(&file.path, &["yaml", "yml"]) {
        return Ok(None);
    }
    let place = Place::start_of(&file.path);
    let read =
        if json { document::json(&file.bytes).map(|value| vec![value]) } else { document::yaml(&file.bytes) };
    let mut documents = read.map_err(|error| {
        let place = Place { line: error.line, column: error.column, ..place.clone() };
        Box::new(place.error("data-syntax", error.message))
    })?;
    documents.retain(|document| !is_ours(document));
    let Some(value) = documents.pop() else { return Ok(None) };
    if !documents.is_empty() {
        return Err(Box::new(place.error("data-syntax", "holds several documents: `data` is one")));
    }
    let root = file.root.trim_end_matches('/');
    let below = match file.path.strip_prefix(root) {
        Some(below) => below.trim_start_matches('/'),
        None => &file.path,
    };
    let folders = below.rsplit_once('/').map_or("", |(folders, _)| folders);
    let value = folders.split('/').rev().filter(|folder| !folder.is_empty()).fold(value, |value, folder| {
        Value::Object([(Arc::<str>::from(folder), value)].into_iter().collect())
    });
    match value {
        Value::Object(map) => Ok(Some(map)),
        _ => Err(Box::new(
            place.error("data-shape", "is not an object: what stands at the root of `data` must be"),
        )),
    }
}

/// Whether the extension of `path` is one of `wanted`.
pub(crate) fn has_extension(path: &str, wanted: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, extension)| wanted.contains(&extension))
}

/// Whether it is one of the gate's own kinds: exceptions and budgets stand among the rules, and are no data.
fn is_ours(document: &Value) -> bool {
    let is = |key, test: fn(&str) -> bool| document.get(key).and_then(Value::as_str).is_some_and(test);
    is("kind", |kind| matches!(kind, "Exception" | "Budget"))
        && is("apiVersion", |version| version.starts_with("tollgate.dev/"))
}

/// Merges `from` into `into`; where both write one place, its path.
fn merge(into: &mut Map, from: Map) -> Result<(), Vec<Arc<str>>> {
    for (key, value) in from.iter() {
        match (into.get_mut(key), value) {
            (None, _) => {
                into.insert(key.clone(), value.clone());
            }
            (Some(Value::Object(there)), Value::Object(more)) => {
                merge(there, more.clone()).map_err(|mut path| {
                    path.insert(0, key.clone());
                    path
                })?;
            }
            (Some(_), _) => return Err(vec![key.clone()]),
        }
    }
    Ok(())
}
