//! A place in a document that is being read: a value, and the path to it for whoever must complain about it.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Path, Step, Value};

use crate::problem::{Place, Problem};
use crate::{Document, spelling};

/// A value of a document and the way to it.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub(crate) document: &'a Document,
    pub(crate) value: &'a Value,
    pub(crate) path: Path,
    /// the code of problems with its shape
    code: &'static str,
}

impl<'a> Node<'a> {
    /// The whole object; values of the wrong shape are problems of that code.
    pub(crate) fn root(document: &'a Document, code: &'static str) -> Self {
        Self { document, value: &document.value, path: Path::root(), code }
    }

    /// The value under a key, unless it is missing or null.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let path = self.path.join(Step::Key(key.into()));
        Some(Self { document: self.document, value, path, code: self.code })
    }

    /// The value below keys, unless one of them is missing or null.
    pub(crate) fn below(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    pub(crate) fn place(&self) -> Place {
        self.document.place(&self.path)
    }

    /// What is wrong with this value.
    pub(crate) fn error(&self, message: impl Into<String>) -> Problem {
        self.place().error(self.code, message)
    }

    /// That something stands in its place which does not belong there.
    pub(crate) fn wants(&self, wanted: &str) -> Problem {
        self.error(format!("`{}` must be {wanted}, not {}", self.path, kind(self.value)))
    }

    /// That there is no value under a key.
    pub(crate) fn lacks(&self, key: &str) -> Problem {
        self.error(format!("`{}` is missing", self.path.join(Step::Key(key.into()))))
    }

    pub(crate) fn text(&self, problems: &mut Vec<Problem>) -> Option<Arc<str>> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            _ => {
                problems.push(self.wants("text"));
                None
            }
        }
    }

    /// The items of a list; where it is none, that is a problem.
    pub(crate) fn items(&self, problems: &mut Vec<Problem>) -> Vec<Self> {
        let Value::Array(items) = self.value else {
            problems.push(self.wants("a list"));
            return Vec::new();
        };
        let node = |(at, value)| Self {
            document: self.document,
            value,
            path: self.path.join(Step::Index(at)),
            code: self.code,
        };
        items.iter().enumerate().map(node).collect()
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, problems: &mut Vec<Problem>) -> Vec<Arc<str>> {
        self.items(problems).iter().filter_map(|item| item.text(problems)).collect()
    }

    pub(crate) fn object(&self, problems: &mut Vec<Problem>) -> Option<&'a Map> {
        match self.value {
            Value::Object(map) => Some(map),
            _ => {
                problems.push(self.wants("an object"));
                None
            }
        }
    }

    /// Names each entry whose key nobody knows, and the key that was meant.
    pub(crate) fn unknown_fields(&self, known: &[&str], code: &'static str) -> Vec<Problem> {
        let Value::Object(map) = self.value else { return Vec::new() };
        let unknown = map.iter().filter(|(key, _)| !known.contains(&&***key));
        unknown
            .map(|(key, _)| {
                let path = self.path.join(Step::Key(key.clone()));
                let place = self.document.key_place(&path);
                place.error(code, format!("unknown field `{path}`")).mended_by(spelling::remedy(key, known))
            })
            .collect()
    }
}

/// What a value is, in words.
pub(crate) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
