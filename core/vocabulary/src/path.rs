//! Where in an object something stands, independent of how the object was written.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// into the entry of an object
    Key(Arc<str>),
    /// into the item of a list, counted from 0
    Index(usize),
}

/// Steps from the root of an object. Written as `spec.template.spec.containers[0].image`; a key that is not made of
/// letters, digits, `_` and `-` is quoted: `metadata.labels["app.kubernetes.io/name"]`. The root is written as
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The root.
    #[must_use]
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A path of keys alone.
    #[must_use]
    pub fn of_keys(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| Step::Key((*key).into())).collect())
    }

    /// The path one step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// Goes one step further in place.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Takes the last step back.
    pub fn pop(&mut self) -> Option<Step> {
        self.0.pop()
    }

    /// The steps from the root on.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no path such as `spec.containers[0].image`")]
pub struct ParsePathError(String);

/// Reads what `Display` writes.
impl FromStr for Path {
    type Err = ParsePathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ParsePathError(text.to_owned());
        let mut path = Self::root();
        let mut rest = text;
        while !rest.is_empty() {
            let (step, after) = if let Some(quoted) = rest.strip_prefix("[\"") {
                let (key, after) = unquote(quoted).ok_or_else(bad)?;
                (Step::Key(key.into()), after.strip_prefix(']').ok_or_else(bad)?)
            } else if let Some(index) = rest.strip_prefix('[') {
                let (digits, after) = index.split_once(']').ok_or_else(bad)?;
                (Step::Index(digits.parse().map_err(|_| bad())?), after)
            } else {
                let plain = if path.is_root() { rest } else { rest.strip_prefix('.').ok_or_else(bad)? };
                let (key, after) = plain.split_at(plain.find(['.', '[']).unwrap_or(plain.len()));
                (Step::Key(Some(key).filter(|key| !key.is_empty()).ok_or_else(bad)?.into()), after)
            };
            path.push(step);
            rest = after;
        }
        Ok(path)
    }
}

/// A quoted key with Rust's escapes up to its closing quote, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next()? {
            '"' => return Some((key, rest.as_str())),
            '\\' => key.push(match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let (digits, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                    rest = after.chars();
                    char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
                }
                plain @ ('"' | '\\' | '\'') => plain,
                _ => return None,
            }),
            plain => key.push(plain),
        }
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |key: &str| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if plain(key) && at == 0 => write!(f, "{key}")?,
                Step::Key(key) if plain(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_quotes_only_keys_that_need_it() {
        let path = Path::of_keys(&["metadata", "labels", "app.kubernetes.io/name"]);
        assert_eq!(path.to_string(), r#"metadata.labels["app.kubernetes.io/name"]"#);
        let image =
            Path::of_keys(&["spec", "containers"]).join(Step::Index(0)).join(Step::Key("image".into()));
        assert_eq!(image.to_string(), "spec.containers[0].image");
        assert_eq!(Path::root().to_string(), "");
    }

    #[test]
    fn a_written_path_is_read_again() {
        for key in ["a", "a.b/c", "quote\"back\\slash", "\u{7}\n\u{301}", "", "]["] {
            let path = Path::of_keys(&["spec", key]).join(Step::Index(3)).join(Step::Key(key.into()));
            assert_eq!(path.to_string().parse(), Ok(path.clone()), "{path}");
        }
        for bad in ["a..b", "[x]", "a[1", "[\"a", ".a"] {
            assert!(bad.parse::<Path>().is_err(), "{bad}");
        }
    }
}
