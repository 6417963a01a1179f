//! What can be read in more than one way.
//!
//! While a document is read, its doubts are collected with the path from the document's root. Only when the whole
//! object is known, and with it what of it is secret, does a doubt become a [`Refusal`](crate::Refusal): a value that
//! is masked in the object is masked in the text of the refusal as well.

use std::sync::Arc;

use tollgate_vocabulary::{Map, Path, Step, Value};

use crate::{ReadError, Span, SpanTree};

/// Doubts in one file beyond which it is not read on.
const MOST: usize = 10_000;

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    pub(crate) rule: &'static str,
    pub(crate) path: Path,
    pub(crate) span: Span,
    /// what is wrong, without any value
    pub(crate) message: String,
    pub(crate) expected: Option<String>,
    pub(crate) found: Option<String>,
    pub(crate) remedy: Option<String>,
}

/// Where reading stands, and what it has met on its way.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) path: Path,
    pub(crate) doubts: Vec<Doubt>,
    /// values that a later one with the same key replaced: not in the object, but still in the file
    pub(crate) shadowed: Vec<(Path, Span)>,
}

/// One entry of an object as it was met.
pub(crate) struct Entry {
    pub(crate) key: Arc<str>,
    pub(crate) key_span: Span,
    pub(crate) value: Value,
    pub(crate) tree: SpanTree,
    /// came in by a merge key: another entry with its key is no duplicate
    pub(crate) merged: bool,
}

impl Doubt {
    pub(crate) fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub(crate) fn found(mut self, text: impl Into<String>) -> Self {
        self.found = Some(text.into());
        self
    }

    pub(crate) fn remedy(mut self, text: impl Into<String>) -> Self {
        self.remedy = Some(text.into());
        self
    }
}

impl Notes {
    /// A doubt at the present path.
    pub(crate) fn doubt(&self, rule: &'static str, span: Span, message: impl Into<String>) -> Doubt {
        let (path, message) = (self.path.clone(), message.into());
        Doubt { rule, path, span, message, expected: None, found: None, remedy: None }
    }

    /// Keeps a doubt.
    ///
    /// # Errors
    /// There are too many.
    pub(crate) fn note(&mut self, doubt: Doubt) -> Result<(), ReadError> {
        if self.doubts.len() >= MOST {
            let message = format!("more than {MOST} places can be read in more than one way");
            return Err(ReadError::new(message, doubt.span.start));
        }
        self.doubts.push(doubt);
        Ok(())
    }

    /// An object of the entries that were met, in their order: the last of each key stands.
    ///
    /// # Errors
    /// There are too many doubts.
    pub(crate) fn object(
        &mut self,
        mut entries: Vec<Entry>,
    ) -> Result<(Map, Vec<(Span, SpanTree)>), ReadError> {
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        for entry in entries {
            match kept.last_mut() {
                Some(last) if last.key == entry.key => {
                    if !last.merged && !entry.merged {
                        self.duplicate(last, &entry)?;
                    }
                    self.path.push(Step::Key(entry.key.clone()));
                    self.shadowed.push((self.path.clone(), last.tree.span));
                    self.path.pop();
                    *last = entry;
                }
                _ => kept.push(entry),
            }
        }
        let mut values = Vec::with_capacity(kept.len());
        let mut trees = Vec::with_capacity(kept.len());
        for entry in kept {
            values.push((entry.key, entry.value));
            trees.push((entry.key_span, entry.tree));
        }
        // No key stands twice in `values`, so this cannot fail; an empty object would deny, not allow.
        Ok((Map::from_entries(values).unwrap_or_default(), trees))
    }

    fn duplicate(&mut self, first: &Entry, second: &Entry) -> Result<(), ReadError> {
        self.path.push(Step::Key(second.key.clone()));
        let line = first.key_span.start.line;
        let doubt = self
            .doubt(
                "reading.duplicate-key",
                second.key_span,
                format!(
                    "key `{}` stands twice, first on line {line}; the last one wins silently",
                    second.key
                ),
            )
            .expected("each key once")
            .remedy(format!("keep one of the two `{}`", second.key));
        self.path.pop();
        self.note(doubt)
    }
}
