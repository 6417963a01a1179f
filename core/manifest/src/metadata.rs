//! Metadata that kubectl cannot decode: what must be text and is something else.
//!
//! A number under `labels` is the common case (`port: 9797`): kubectl refuses it, Kustomize makes text of it.

use std::sync::Arc;

use tollgate_vocabulary::{Path, Step, Value};

use crate::doubt::Notes;
use crate::{ReadError, SpanTree, canonical};

/// Notes every value under `metadata` that must be text (`ObjectMeta` of apimachinery) and is not.
pub(crate) fn check(object: &Value, tree: &SpanTree, notes: &mut Notes) -> Result<(), ReadError> {
    let Some(metadata) = object.get("metadata") else { return Ok(()) };
    let mut checked = Checked { object, tree, notes, path: Path::of_keys(&["metadata"]) };
    match metadata {
        Value::Null => return Ok(()),
        Value::Object(_) => {}
        other => return checked.wrong(other, "an object"),
    }
    for key in ["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion"] {
        checked.at(Step::Key(key.into()), metadata.get(key), Checked::text)?;
    }
    for key in ["labels", "annotations"] {
        checked.at(Step::Key(key.into()), metadata.get(key), Checked::texts_by_key)?;
    }
    checked.at(Step::Key("finalizers".into()), metadata.get("finalizers"), Checked::texts)
}

struct Checked<'a> {
    object: &'a Value,
    tree: &'a SpanTree,
    notes: &'a mut Notes,
    path: Path,
}

impl<'a> Checked<'a> {
    fn at(
        &mut self,
        step: Step,
        value: Option<&'a Value>,
        check: fn(&mut Self, &'a Value) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(()) };
        self.path.push(step);
        check(self, value)?;
        self.path.pop();
        Ok(())
    }

    fn text(&mut self, value: &'a Value) -> Result<(), ReadError> {
        match value {
            Value::String(_) => Ok(()),
            other => self.wrong(other, "text"),
        }
    }

    fn texts_by_key(&mut self, value: &'a Value) -> Result<(), ReadError> {
        let Value::Object(map) = value else { return self.wrong(value, "an object of texts") };
        map.iter().try_for_each(|(key, value)| self.at(Step::Key(Arc::clone(key)), Some(value), Self::text))
    }

    fn texts(&mut self, value: &'a Value) -> Result<(), ReadError> {
        let Value::Array(items) = value else { return self.wrong(value, "a list of texts") };
        items.iter().enumerate().try_for_each(|(at, item)| self.at(Step::Index(at), Some(item), Self::text))
    }

    fn wrong(&mut self, value: &Value, wanted: &str) -> Result<(), ReadError> {
        let span = self.tree.locate(self.object, &self.path).span;
        self.notes.path = self.path.clone();
        let message = format!("`{}` must be {wanted}; kubectl refuses the object", self.path);
        let doubt = self.notes.doubt("reading.metadata-type", span, message).expected(wanted);
        let doubt = match value {
            Value::Bool(_) | Value::Number(_) => {
                let text = canonical::text(value);
                let remedy = format!("write \"{text}\"");
                doubt.found(text).remedy(remedy)
            }
            _ => doubt,
        };
        self.notes.note(doubt)
    }
}
