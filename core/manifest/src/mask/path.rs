//! Paths that an estate adds to what is masked.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use tollgate_vocabulary::Step;

/// Which values are masked: `spec.template.spec.containers[*].env[*].value`, or, for one kind alone,
/// `Deployment:spec.template.spec.containers[*].env[*].value`. `*` stands for any key, `[*]` for any item; a key that
/// is not plain is quoted: `metadata.annotations["example.com/token"]`. All values below the path are masked too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskPath {
    kind: Option<Arc<str>>,
    steps: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Key(Arc<str>),
    AnyKey,
    Index(usize),
    AnyIndex,
}

/// Why a text is no [`MaskPath`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("mask path `{text}` {trouble}, at character {column}")]
pub struct ParseMaskPathError {
    text: String,
    trouble: &'static str,
    column: usize,
}

impl MaskPath {
    /// A path for all kinds.
    pub(super) fn of_keys(keys: &[&str]) -> Self {
        Self { kind: None, steps: keys.iter().map(|key| Pattern::Key((*key).into())).collect() }
    }

    pub(super) fn is_for(&self, kind: &str) -> bool {
        self.kind.as_deref().is_none_or(|own| own == kind)
    }

    pub(super) fn steps(&self) -> &[Pattern] {
        &self.steps
    }

    /// Whether `path` leads to what this masks, below it, or to something that holds it.
    pub(super) fn touches(&self, path: &[Step]) -> bool {
        self.steps.iter().zip(path).all(|(pattern, step)| pattern.matches(step))
    }
}

impl Pattern {
    pub(super) fn matches(&self, step: &Step) -> bool {
        match (self, step) {
            (Self::Key(own), Step::Key(key)) => own == key,
            (Self::AnyKey, Step::Key(_)) | (Self::AnyIndex, Step::Index(_)) => true,
            (Self::Index(own), Step::Index(index)) => own == index,
            _ => false,
        }
    }
}

impl FromStr for MaskPath {
    type Err = ParseMaskPathError;

    fn from_str(text: &str) -> Result<Self, ParseMaskPathError> {
        let error = |rest: &str, trouble| {
            let before = text.len() - rest.len();
            let column = text.get(..before).map_or(0, |before| before.chars().count()) + 1;
            ParseMaskPathError { text: text.into(), trouble, column }
        };
        let (kind, mut rest) = match text.split_once(':') {
            Some((kind, rest)) if kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                if kind.is_empty() {
                    return Err(error(text, "has no kind before its colon"));
                }
                (Some(kind.into()), rest)
            }
            _ => (None, text),
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let here = rest;
            let pattern = if let Some(inside) = rest.strip_prefix('[') {
                let (inside, after) =
                    bracket(inside).ok_or_else(|| error(here, "has a bracket without its end"))?;
                rest = after;
                inside
                    .ok_or_else(|| error(here, "wants a number, `*` or a quoted key between its brackets"))?
            } else {
                if !steps.is_empty() {
                    rest = rest.strip_prefix('.').ok_or_else(|| error(here, "wants `.` or `[` here"))?;
                }
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (name, after) = rest.split_at(end);
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
                let pattern = match name {
                    "*" => Pattern::AnyKey,
                    name if !name.is_empty() && name.bytes().all(plain) => Pattern::Key(name.into()),
                    _ => {
                        return Err(error(
                            rest,
                            "wants a key of letters, digits, `_` and `-`, or one in [\"quotes\"]",
                        ));
                    }
                };
                rest = after;
                pattern
            };
            steps.push(pattern);
        }
        if steps.is_empty() { Err(error("", "names nothing")) } else { Ok(Self { kind, steps }) }
    }
}

/// What stands in a bracket (nothing where it is no pattern), and what follows.
fn bracket(inside: &str) -> Option<(Option<Pattern>, &str)> {
    if let Some(quoted) = inside.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return Some((Some(Pattern::Key(key.into())), after));
    }
    let (inside, after) = inside.split_once(']')?;
    let pattern = match inside {
        "*" => Some(Pattern::AnyIndex),
        number => number.parse().ok().map(Pattern::Index),
    };
    Some((pattern, after))
}

impl fmt::Display for MaskPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(kind) = &self.kind {
            write!(f, "{kind}:")?;
        }
        for (at, step) in self.steps.iter().enumerate() {
            let point = if at == 0 { "" } else { "." };
            match step {
                Pattern::AnyKey => write!(f, "{point}*")?,
                Pattern::AnyIndex => write!(f, "[*]")?,
                Pattern::Index(index) => write!(f, "[{index}]")?,
                Pattern::Key(key)
                    if key.contains(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')) =>
                {
                    write!(f, "[\"{key}\"]")?;
                }
                Pattern::Key(key) => write!(f, "{point}{key}")?,
            }
        }
        Ok(())
    }
}
