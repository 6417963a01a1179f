//! A file of manifests: all its objects, masked, each with its spans and its refusals.
//!
//! ```text
//! begins with `{` ──> json::stream ─┐
//!                                   ├─> document ──> items of lists ──> types of metadata ──> mask ──> Written
//! anything else ───> yaml::documents┘                                                         └─> Other
//! ```

use std::sync::Arc;

use tollgate_vocabulary::{Path, Step, Value};

use crate::doubt::{Doubt, Notes};
use crate::{Limits, Mask, Object, ReadError, Refusal, Span, SpanTree, Spans, json, metadata, yaml};

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// its objects, in order; those of a list stand for themselves
    pub objects: Vec<Written>,
    /// documents that are no Kubernetes objects; empty ones are passed over
    pub others: Vec<Other>,
}

/// An object, and how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// the object, masked
    pub object: Object,
    /// where its parts stand
    pub spans: SpanTree,
    /// the document it stands in, from 0
    pub document: usize,
    /// why it is denied before any judge sees it; the object is what kubectl would read
    pub refusals: Vec<Refusal>,
    /// stretches of the file that hold masked values: who shows a source line blanks them
    pub masked: Vec<Span>,
}

/// A document that is no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// which document, from 0
    pub document: usize,
    /// where it stands
    pub span: Span,
    /// what it lacks
    pub reason: OtherReason,
}

/// What a document lacks to be an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum OtherReason {
    /// text, a number or a list
    #[error("it is no object")]
    NotAnObject,
    /// `apiVersion`, or it is not text
    #[error("it has no apiVersion")]
    NoApiVersion,
    /// `kind`, or it is not text
    #[error("it has no kind")]
    NoKind,
}

/// Reads a file: YAML of any number of documents, or JSON where it begins with `{`, as kubectl tells them apart.
///
/// # Errors
/// What cannot be read at all, with its place; also a document that is no object in a file that holds objects, for
/// which kubectl refuses the file.
pub fn read(bytes: &[u8], mask: &Mask, limits: &Limits) -> Result<Reading, ReadError> {
    let text = limits.text(bytes)?;
    let mut file = File { mask, reading: Reading::default() };
    if text.trim_start().starts_with('{') {
        for (number, document) in json::stream(text, limits)?.into_iter().enumerate() {
            file.document(number, document.value, document.tree, document.notes)?;
        }
    } else {
        for document in yaml::documents(text, limits)? {
            file.document(document.number, document.value, document.tree, document.notes)?;
        }
    }
    file.finish()
}

/// Reads a file whose documents need not be manifests, such as data for rules: each as it is, unmasked.
///
/// # Errors
/// What cannot be read, or can be read in more than one way: nobody is there to be shown a refusal.
pub fn read_values(bytes: &[u8], limits: &Limits) -> Result<Vec<Value>, ReadError> {
    Ok(read_documents(bytes, limits)?.into_iter().map(|(value, _)| value).collect())
}

/// The same, each with where its parts stand.
///
/// # Errors
/// As for [`read_values`].
pub fn read_documents(bytes: &[u8], limits: &Limits) -> Result<Vec<(Value, SpanTree)>, ReadError> {
    let text = limits.text(bytes)?;
    let documents: Vec<(Value, SpanTree, Notes)> = if text.trim_start().starts_with(['{', '[']) {
        let documents = json::stream(text, limits)?.into_iter();
        documents.map(|document| (document.value, document.tree, document.notes)).collect()
    } else {
        let documents = yaml::documents(text, limits)?.into_iter();
        documents.map(|document| (document.value, document.tree, document.notes)).collect()
    };
    match documents.iter().find_map(|(.., notes)| notes.doubts.first()) {
        Some(doubt) => Err(ReadError::new(doubt.message.clone(), doubt.span.start)),
        None => Ok(documents.into_iter().map(|(value, tree, _)| (value, tree)).collect()),
    }
}

struct File<'m> {
    mask: &'m Mask,
    reading: Reading,
}

/// What an item of a list takes from the list around it.
struct Around {
    document: usize,
    /// `apiVersion` and `kind` of an item that has neither
    inherited: Option<(Value, Value)>,
    /// some value of `kind` was replaced by a later one: it may have been a Secret
    secret: bool,
}

impl File<'_> {
    fn document(
        &mut self,
        number: usize,
        value: Value,
        tree: SpanTree,
        notes: Notes,
    ) -> Result<(), ReadError> {
        let kind = [Step::Key("kind".into())];
        let secret = notes.shadowed.iter().any(|(path, _)| path.steps().ends_with(&kind));
        let around = Around { document: number, inherited: None, secret };
        self.object(value, tree, notes, &around)
    }

    fn object(
        &mut self,
        mut value: Value,
        tree: SpanTree,
        mut notes: Notes,
        around: &Around,
    ) -> Result<(), ReadError> {
        let reason = match &mut value {
            Value::Object(map) => {
                if let Some((version, kind)) = &around.inherited
                    && map.get("apiVersion").is_none()
                    && map.get("kind").is_none()
                {
                    return self.with_kind(value, tree, notes, around, version.clone(), kind.clone());
                }
                let has = |key| map.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
                match (has("apiVersion"), has("kind")) {
                    (false, _) => Some(OtherReason::NoApiVersion),
                    (_, false) => Some(OtherReason::NoKind),
                    (true, true) => None,
                }
            }
            _ => Some(OtherReason::NotAnObject),
        };
        if let Some(reason) = reason {
            self.reading.others.push(Other { document: around.document, span: tree.span, reason });
            return Ok(());
        }
        if value.get("items").is_some_and(|items| matches!(items, Value::Array(_))) {
            return self.list(value, tree, notes, around);
        }
        metadata::check(&value, &tree, &mut notes)?;
        self.written(value, tree, notes, around);
        Ok(())
    }

    fn with_kind(
        &mut self,
        value: Value,
        tree: SpanTree,
        notes: Notes,
        around: &Around,
        version: Value,
        kind: Value,
    ) -> Result<(), ReadError> {
        let (Value::Object(mut map), Spans::Object(mut below)) = (value, tree.below) else { return Ok(()) };
        for (key, value) in [("apiVersion", version), ("kind", kind)] {
            map.insert(Arc::from(key), value);
            // What is not written stands where the object begins.
            let span = Span { start: tree.span.start, end: tree.span.start };
            let at = map.position(key).unwrap_or_default().min(below.len());
            below.insert(at, (span, SpanTree { span, below: Spans::Leaf }));
        }
        let tree = SpanTree { span: tree.span, below: Spans::Object(below) };
        self.object(Value::Object(map), tree, notes, around)
    }

    /// The items of a list. kubectl takes every object with a list of `items` for one, whatever its kind is called.
    fn list(&mut self, value: Value, tree: SpanTree, notes: Notes, around: &Around) -> Result<(), ReadError> {
        let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (version, kind) = (word("apiVersion"), word("kind"));
        let item_kind = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
        let inherited = item_kind.map(|kind| (Value::from(version), Value::from(kind)));
        let (Value::Object(mut map), Spans::Object(mut below)) = (value, tree.below) else { return Ok(()) };
        let Some(at) = map.position("items").filter(|at| *at < below.len()) else { return Ok(()) };
        let (Some(Value::Array(items)), Spans::Array(trees)) =
            (map.remove("items"), below.swap_remove(at).1.below)
        else {
            return Ok(());
        };
        if let (true, Some(doubt)) = (items.is_empty(), notes.doubts.first()) {
            return Err(ReadError::new(doubt.message.clone(), doubt.span.start));
        }
        let parts = share(notes, items.len());
        let around = Around { document: around.document, inherited, secret: around.secret };
        for ((item, tree), notes) in items.into_iter().zip(trees).zip(parts) {
            self.object(item, tree, notes, &around)?;
        }
        Ok(())
    }

    fn written(&mut self, mut value: Value, tree: SpanTree, notes: Notes, around: &Around) {
        let hits = self.mask.apply_as(&mut value, around.secret.then_some("Secret"));
        let object = Object::of_masked(value);
        let touches = |path: &Path| self.mask.touches(&object.identity.kind, around.secret, path);
        let shadowed = notes.shadowed.iter().filter(|(path, _)| touches(path)).map(|(_, span)| *span);
        let mut masked: Vec<Span> =
            hits.iter().map(|path| tree.locate(&object.value, path).span).chain(shadowed).collect();
        masked.sort_unstable();
        masked.dedup();
        let refusals = notes
            .doubts
            .into_iter()
            .map(|doubt| {
                let masked = touches(&doubt.path);
                Refusal::of(doubt, masked)
            })
            .collect();
        self.reading.objects.push(Written {
            object,
            spans: tree,
            document: around.document,
            refusals,
            masked,
        });
    }

    fn finish(self) -> Result<Reading, ReadError> {
        let stray = self.reading.others.iter().find(|other| other.reason == OtherReason::NotAnObject);
        match stray {
            Some(other) if !self.reading.objects.is_empty() => {
                let message = "this document is no object, so kubectl refuses the whole file";
                Err(ReadError::new(message, other.span.start))
            }
            _ => Ok(self.reading),
        }
    }
}

/// Gives each item of a list what was noted in it. What was noted outside of all goes to the first as well, and one
/// of it to every other: none of them may pass.
fn share(notes: Notes, items: usize) -> Vec<Notes> {
    let mut parts: Vec<Notes> = (0..items).map(|_| Notes::default()).collect();
    let mut told = false;
    for doubt in notes.doubts {
        match within(&doubt.path) {
            Some((at, path)) => {
                if let Some(part) = parts.get_mut(at) {
                    part.doubts.push(Doubt { path, ..doubt });
                }
            }
            None => {
                let doubt = Doubt { path: Path::root(), ..doubt };
                if !std::mem::replace(&mut told, true) {
                    parts.iter_mut().skip(1).for_each(|part| part.doubts.push(doubt.clone()));
                }
                if let Some(first) = parts.first_mut() {
                    first.doubts.push(doubt);
                }
            }
        }
    }
    for (path, span) in notes.shadowed {
        // Outside of all items nobody knows what it held: at the root it is always masked.
        let (at, path) = within(&path).unwrap_or_default();
        if let Some(part) = parts.get_mut(at) {
            part.shadowed.push((path, span));
        }
    }
    parts
}

/// The item that a path of the list leads into, and the path in it.
fn within(path: &Path) -> Option<(usize, Path)> {
    match path.steps() {
        [Step::Key(key), Step::Index(at), rest @ ..] if &**key == "items" => {
            Some((*at, Path::from(rest.to_vec())))
        }
        _ => None,
    }
}
