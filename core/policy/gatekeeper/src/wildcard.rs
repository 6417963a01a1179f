//! Names with `*` at their ends (gatekeeper `pkg/wildcard`).

use std::fmt;
use std::sync::Arc;

/// `kube-*`, `*-system`, `*system*`, or a name that must be met exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wildcard(Arc<str>);

impl Wildcard {
    /// A pattern, where it is one: `^\*?[-:a-z0-9]*\*?$`, as the CRD of every constraint demands.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.strip_prefix('*').unwrap_or(text);
        let inner = inner.strip_suffix('*').unwrap_or(inner);
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-:".contains(&byte);
        inner.bytes().all(plain).then(|| Self(text.into()))
    }

    /// Whether `name` fits.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        match self.ends() {
            (Some(_), Some(_)) => name.contains(self.both()),
            (Some(suffix), None) => name.ends_with(suffix),
            (None, Some(prefix)) => name.starts_with(prefix),
            (None, None) => *self.0 == *name,
        }
    }

    /// Whether a name that the API server makes from `prefix` (`generateName`) fits: only a pattern that leaves the
    /// end open can.
    #[must_use]
    pub fn matches_generated(&self, prefix: &str) -> bool {
        match self.ends() {
            (Some(_), Some(_)) => prefix.contains(self.both()),
            (None, Some(start)) => prefix.starts_with(start),
            _ => false,
        }
    }

    /// Whether it is written as nothing, which fits every name in `match.name`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows a leading `*`, and what precedes a trailing one.
    fn ends(&self) -> (Option<&str>, Option<&str>) {
        (self.0.strip_prefix('*'), self.0.strip_suffix('*'))
    }

    /// What stands between two.
    fn both(&self) -> &str {
        let inner = self.0.strip_prefix('*').unwrap_or(&self.0);
        inner.strip_suffix('*').unwrap_or(inner)
    }
}

impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_as_gatekeeper_says() {
        for (pattern, name, fits) in [
            ("kube-system", "kube-system", true),
            ("kube-system", "kube-system-2", false),
            ("kube-*", "kube-system", true),
            ("kube-*", "my-kube-system", false),
            ("*-system", "kube-system", true),
            ("*-system", "kube-system-2", false),
            ("*kube*", "my-kube-system", true),
            ("*kube*", "my-system", false),
            ("*", "anything", true),
            ("**", "anything", true),
            ("", "anything", false),
            ("", "", true),
        ] {
            assert_eq!(Wildcard::parse(pattern).unwrap().matches(name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn a_generated_name_fits_only_where_the_end_is_open() {
        for (pattern, prefix, fits) in [
            ("pod-*", "pod-", true),
            ("pod-*", "web-", false),
            ("*pod*", "my-pod-", true),
            ("*-pod", "my-pod", false),
            ("pod-", "pod-", false),
            ("*", "pod-", true),
        ] {
            assert_eq!(
                Wildcard::parse(pattern).unwrap().matches_generated(prefix),
                fits,
                "{pattern} {prefix}"
            );
        }
    }

    #[test]
    fn a_star_within_a_name_is_no_pattern() {
        for bad in ["ku*be", "Kube-*", "a b", "***", "a.b", "ü"] {
            assert_eq!(Wildcard::parse(bad), None, "{bad}");
        }
    }
}
