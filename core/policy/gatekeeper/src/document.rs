//! One object of a file, with its text and the place of each of its parts.

use std::sync::Arc;

use tollgate_manifest::{Limits, Mask, Refusal, SpanTree};
use tollgate_vocabulary::{Path, Value};

use crate::problem::{Place, Problem};

/// A template, a constraint, a suite, or an object that they are asked about, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// path as the caller named it
    pub file: Arc<str>,
    /// the whole file
    pub text: Arc<str>,
    /// the object, masked
    pub value: Arc<Value>,
    /// where its parts stand
    pub spans: SpanTree,
    /// what of it can be read in more than one way
    pub refusals: Vec<Refusal>,
}

impl Document {
    /// The objects of a file, in order; documents that are no objects are passed over.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub fn read(file: &str, bytes: &[u8], mask: &Mask, limits: &Limits) -> Result<Vec<Self>, Problem> {
        let file: Arc<str> = file.into();
        let reading = tollgate_manifest::read(bytes, mask, limits).map_err(|error| {
            let place = Place {
                file: file.clone(),
                line: error.position.line,
                column: error.position.column,
                end_column: None,
            };
            place.error("syntax", error.message).mended_if(error.remedy)
        })?;
        let text: Arc<str> = String::from_utf8_lossy(bytes).into();
        let objects = reading.objects.into_iter().map(|written| Self {
            file: file.clone(),
            text: text.clone(),
            value: written.object.value,
            spans: written.spans,
            refusals: written.refusals,
        });
        Ok(objects.collect())
    }

    /// Where a path of the object leads; where it is not all there, the nearest parent that is.
    #[must_use]
    pub fn place(&self, path: &Path) -> Place {
        self.place_of(self.spans.locate(&self.value, path).span)
    }

    /// Where the key stands that a path ends with, else the value.
    #[must_use]
    pub fn key_place(&self, path: &Path) -> Place {
        let located = self.spans.locate(&self.value, path);
        self.place_of(located.key.unwrap_or(located.span))
    }

    /// `apiVersion` as group and version, and `kind`.
    #[must_use]
    pub fn kind(&self) -> (&str, &str, &str) {
        let word = |key| self.value.get(key).and_then(Value::as_str).unwrap_or_default();
        let version = word("apiVersion");
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        (group, version, word("kind"))
    }

    /// What can be read in more than one way, as errors.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = Problem> + '_ {
        self.refusals.iter().map(|refusal| {
            let place = self.place_of(refusal.span);
            place.error("ambiguous", refusal.message.clone()).mended_if(refusal.remedy.clone())
        })
    }

    fn place_of(&self, span: tollgate_manifest::Span) -> Place {
        let (start, end) = (span.start, span.end);
        let end_column = (end.line == start.line && end.column > start.column).then_some(end.column);
        Place { file: self.file.clone(), line: start.line, column: start.column, end_column }
    }
}

#[cfg(test)]
impl Document {
    /// The objects of a text, as the file `x.yaml`.
    pub(crate) fn written(text: &str) -> Vec<Self> {
        Self::read("x.yaml", text.as_bytes(), &Mask::new([0; 32]), &Limits::default()).unwrap()
    }

    /// The value of the only object of a YAML text, though it begins with a brace.
    pub(crate) fn value_of(text: &str) -> Value {
        let [document] = <[Self; 1]>::try_from(Self::written(&format!("#\n{text}"))).unwrap();
        Arc::unwrap_or_clone(document.value)
    }
}
