//! Secret values become keyed tokens before anything sees them.
//!
//! ```text
//! value under Secret data, stringData, or an added path ──> masked:0123456789abcdef
//! annotation last-applied-configuration ──> its JSON, masked likewise
//! ```
//!
//! INVARIANT: equal secrets have equal tokens under one key, whether they stand in `data` as base64 or in
//! `stringData` as they are; nobody without the key can try a guess against a token.

mod path;

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tollgate_vocabulary::{Path, Step, Value};

use path::Pattern;
pub use path::{MaskPath, ParseMaskPathError};

use crate::{Limits, canonical, json};

/// The annotation in which `kubectl apply` keeps a whole object as JSON.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Objects that are kept within each other's annotations beyond which no one looks: the annotation is masked whole.
const NESTED: usize = 4;
/// Bytes of the HMAC that a token shows.
const TOKEN_BYTES: usize = 8;

/// What is masked, and the key of this installation.
#[derive(Clone)]
pub struct Mask {
    keyed: Hmac<Sha256>,
    paths: Vec<MaskPath>,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask").field("paths", &self.paths).finish_non_exhaustive()
    }
}

impl Mask {
    /// A mask for Secrets alone.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        // HMAC takes keys of any length, so `new_from_slice` cannot fail; `new` takes a block of 64 bytes, to which
        // RFC 2104 pads a shorter key with zeros: both are the same.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(key) {
            *to = from;
        }
        Self { keyed: Hmac::new(&block.into()), paths: Vec::new() }
    }

    /// The same, with paths that the estate adds.
    #[must_use]
    pub fn with_paths(mut self, paths: Vec<MaskPath>) -> Self {
        self.paths = paths;
        self
    }

    /// Masks an object, or all objects of a list.
    pub fn apply(&self, object: &mut Value) {
        self.apply_as(object, None);
    }

    /// Masks `object` and `oldObject` of an AdmissionRequest. They are Secrets if the request says so, even where
    /// they do not.
    pub fn apply_review(&self, request: &mut Value) {
        let word = |key: &str, inner: &str| request.get(key)?.get(inner)?.as_str().map(str::to_owned);
        let secret = ["kind", "requestKind"].iter().any(|key| word(key, "kind").as_deref() == Some("Secret"))
            || ["resource", "requestResource"]
                .iter()
                .any(|key| word(key, "resource").as_deref() == Some("secrets"));
        let kind = if secret { Some("Secret".to_owned()) } else { word("kind", "kind") };
        let Value::Object(request) = request else { return };
        for key in ["object", "oldObject"] {
            if let Some(object) = request.get_mut(key) {
                self.apply_as(object, kind.as_deref());
            }
        }
    }

    /// The token that stands for `secret`: `masked:` and the first 16 hex digits of its HMAC-SHA-256.
    #[must_use]
    pub fn token(&self, secret: &[u8]) -> String {
        use fmt::Write;
        let mut keyed = self.keyed.clone();
        keyed.update(secret);
        let digest = keyed.finalize().into_bytes();
        let mut token = String::from("masked:");
        for byte in digest.iter().take(TOKEN_BYTES) {
            // Writing to a String cannot fail.
            let _ = write!(token, "{byte:02x}");
        }
        token
    }

    /// Masks `object`, taken for a `kind` as well as for what it says itself; the paths of all values that were
    /// replaced.
    pub(crate) fn apply_as(&self, object: &mut Value, kind: Option<&str>) -> Vec<Path> {
        let mut walk = Walk { mask: self, path: Path::root(), hits: Vec::new() };
        walk.object(object, kind, NESTED);
        walk.hits
    }

    /// Whether a value at `path` of an object of that kind is masked, or holds something that is.
    pub(crate) fn touches(&self, kind: &str, secret: bool, path: &Path) -> bool {
        let steps = path.steps();
        let fixed = |keys: &[&str]| MaskPath::of_keys(keys).touches(steps);
        fixed(&["metadata", "annotations", LAST_APPLIED])
            || ((secret || kind == "Secret") && (fixed(&["data"]) || fixed(&["stringData"])))
            || self.paths.iter().any(|path| path.is_for(kind) && path.touches(steps))
    }
}

/// Base64 of the standard alphabet, as Go reads it: line breaks are passed over.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    if text.contains(['\n', '\r']) {
        STANDARD.decode(text.replace(['\n', '\r'], "")).ok()
    } else {
        STANDARD.decode(text).ok()
    }
}

struct Walk<'m> {
    mask: &'m Mask,
    path: Path,
    hits: Vec<Path>,
}

impl Walk<'_> {
    fn object(&mut self, object: &mut Value, hint: Option<&str>, nested: usize) {
        let own: Arc<str> = object.get("kind").and_then(Value::as_str).or(hint).unwrap_or_default().into();
        let secret = &*own == "Secret" || hint == Some("Secret");
        self.items(object, &own, hint, nested);
        if secret {
            self.below(object, "data", true);
            self.below(object, "stringData", false);
        }
        let mask = self.mask;
        for path in mask.paths.iter().filter(|path| path.is_for(&own)) {
            self.pattern(object, path.steps());
        }
        self.last_applied(object, if secret { Some("Secret") } else { hint }, nested);
    }

    /// The objects of a list.
    fn items(&mut self, object: &mut Value, own: &str, hint: Option<&str>, nested: usize) {
        let Value::Object(map) = object else { return };
        let Some(Value::Array(items)) = map.get_mut("items") else { return };
        let item_kind = own.strip_suffix("List").filter(|kind| !kind.is_empty()).or(hint).map(str::to_owned);
        self.path.push(Step::Key("items".into()));
        for (at, item) in items.iter_mut().enumerate() {
            self.path.push(Step::Index(at));
            self.object(item, item_kind.as_deref(), nested);
            self.path.pop();
        }
        self.path.pop();
    }

    fn below(&mut self, object: &mut Value, key: &str, base64: bool) {
        let Value::Object(map) = object else { return };
        if let Some(value) = map.get_mut(key) {
            self.path.push(Step::Key(key.into()));
            self.leaves(value, base64);
            self.path.pop();
        }
    }

    fn pattern(&mut self, value: &mut Value, steps: &[Pattern]) {
        let Some((first, rest)) = steps.split_first() else { return self.leaves(value, false) };
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter_mut() {
                    let step = Step::Key(key.clone());
                    if first.matches(&step) {
                        self.path.push(step);
                        self.pattern(value, rest);
                        self.path.pop();
                    }
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    let step = Step::Index(at);
                    if first.matches(&step) {
                        self.path.push(step);
                        self.pattern(item, rest);
                        self.path.pop();
                    }
                }
            }
            _ => {}
        }
    }

    /// Masks every scalar but null.
    fn leaves(&mut self, value: &mut Value, base64: bool) {
        let token = match value {
            Value::Null => return,
            Value::Bool(truth) => self.mask.token(if *truth { b"true" } else { b"false" }),
            Value::Number(number) => self.mask.token(number.as_str().as_bytes()),
            Value::String(text) => match if base64 { decode_base64(text) } else { None } {
                Some(decoded) => self.mask.token(&decoded),
                None => self.mask.token(text.as_bytes()),
            },
            Value::Array(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.path.push(Step::Index(at));
                    self.leaves(item, base64);
                    self.path.pop();
                }
                return;
            }
            Value::Object(map) => {
                for (key, value) in map.iter_mut() {
                    self.path.push(Step::Key(key.clone()));
                    self.leaves(value, base64);
                    self.path.pop();
                }
                return;
            }
        };
        *value = Value::from(token);
        self.hits.push(self.path.clone());
    }

    /// The whole object that stands as JSON in an annotation.
    fn last_applied(&mut self, object: &mut Value, hint: Option<&str>, nested: usize) {
        let annotation = match object {
            Value::Object(map) => map
                .get_mut("metadata")
                .and_then(
                    |metadata| {
                        if let Value::Object(map) = metadata { map.get_mut("annotations") } else { None }
                    },
                )
                .and_then(|all| if let Value::Object(map) = all { map.get_mut(LAST_APPLIED) } else { None }),
            _ => None,
        };
        let Some(annotation) = annotation else { return };
        let steps = ["metadata", "annotations", LAST_APPLIED];
        for step in steps {
            self.path.push(Step::Key(step.into()));
        }
        let inner = match (&*annotation, nested.checked_sub(1)) {
            (Value::String(text), Some(nested)) => json::read(text.as_bytes(), &Limits::default())
                .ok()
                .filter(|inner| matches!(inner, Value::Object(_)))
                .map(|inner| (inner, nested)),
            _ => None,
        };
        match inner {
            None => self.leaves(annotation, false),
            Some((mut inner, nested)) => {
                let mut walk = Walk { mask: self.mask, path: Path::root(), hits: Vec::new() };
                walk.object(&mut inner, hint, nested);
                if !walk.hits.is_empty() {
                    *annotation = Value::from(canonical::text(&inner));
                    self.hits.push(self.path.clone());
                }
            }
        }
        for _ in steps {
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests;
