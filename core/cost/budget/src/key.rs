//! The name of a hold: whose it is, written as one text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// `cluster/group/resource/namespace/name`. Parts may be empty; a `/` or `%` in one is written `%2F` or `%25`, so that
/// no two objects have one key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldKey(Arc<str>);

/// The object that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder<'a> {
    /// the cluster; empty for the installation's own
    pub cluster: Cow<'a, str>,
    /// API group; empty for the core group
    pub group: Cow<'a, str>,
    /// plural, such as `deployments`
    pub resource: Cow<'a, str>,
    /// namespace; empty where it lies in none
    pub namespace: Cow<'a, str>,
    /// name
    pub name: Cow<'a, str>,
}

/// A text that is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key of a hold such as `/apps/deployments/shop/api`")]
pub struct ParseHoldKeyError(String);

impl HoldKey {
    /// The key of an object's hold.
    #[must_use]
    pub fn new(holder: &Holder<'_>) -> Self {
        let Holder { cluster, group, resource, namespace, name } = holder;
        Self([cluster, group, resource, namespace, name].map(|part| escape(part)).join("/").into())
    }

    /// Whose it is.
    #[must_use]
    pub fn holder(&self) -> Holder<'_> {
        let mut parts = self.0.split('/').map(|part| unescape(part).unwrap_or_default());
        let mut next = || parts.next().unwrap_or_default();
        Holder { cluster: next(), group: next(), resource: next(), namespace: next(), name: next() }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn escape(part: &str) -> Cow<'_, str> {
    if part.contains(['/', '%']) {
        Cow::Owned(part.replace('%', "%25").replace('/', "%2F"))
    } else {
        Cow::Borrowed(part)
    }
}

fn unescape(part: &str) -> Option<Cow<'_, str>> {
    let mut pieces = part.split('%');
    let first = pieces.next()?;
    if first.len() == part.len() {
        return Some(Cow::Borrowed(part));
    }
    let mut whole = first.to_owned();
    for piece in pieces {
        let (plain, rest) = match piece.strip_prefix("25") {
            Some(rest) => ('%', rest),
            None => ('/', piece.strip_prefix("2F")?),
        };
        whole.push(plain);
        whole.push_str(rest);
    }
    Some(Cow::Owned(whole))
}

/// Reads what `Display` writes.
impl FromStr for HoldKey {
    type Err = ParseHoldKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = text.split('/').count() == 5 && text.split('/').all(|part| unescape(part).is_some());
        if good { Ok(Self(text.into())) } else { Err(ParseHoldKeyError(text.to_owned())) }
    }
}

impl fmt::Display for HoldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HoldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder<'a>(parts: [&'a str; 5]) -> Holder<'a> {
        let [cluster, group, resource, namespace, name] = parts.map(Cow::Borrowed);
        Holder { cluster, group, resource, namespace, name }
    }

    #[test]
    fn a_key_tells_whose_it_is() {
        let key = HoldKey::new(&holder(["", "apps", "deployments", "shop", "api"]));
        assert_eq!(key.to_string(), "/apps/deployments/shop/api");
        assert_eq!(key.holder(), holder(["", "apps", "deployments", "shop", "api"]));
    }

    #[test]
    fn no_two_objects_have_one_key() {
        let names = [
            ["a/b", "", "", "", "c"],
            ["a", "b", "", "", "c"],
            ["a%2Fb", "", "", "", "c"],
            ["%", "/", "%/", "", "25"],
        ];
        let mut keys: Vec<HoldKey> = names.iter().map(|parts| HoldKey::new(&holder(*parts))).collect();
        for (key, parts) in keys.iter().zip(names) {
            assert_eq!(key.holder(), holder(parts));
            assert_eq!(key.as_str().parse(), Ok(key.clone()));
        }
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), names.len());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for bad in ["", "a/b/c/d", "a/b/c/d/e/f", "a/b/c/d/%", "%2f/b/c/d/e"] {
            assert_eq!(bad.parse::<HoldKey>(), Err(ParseHoldKeyError(bad.to_owned())));
        }
    }
}
