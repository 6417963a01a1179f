//! URIs, taken apart as Go's `net/url` does.

use std::fmt::Write as _;

/// A URI's parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Uri {
    pub(crate) scheme: String,
    pub(crate) opaque: String,
    pub(crate) has_user: bool,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) raw_path: String,
    pub(crate) force_query: bool,
    pub(crate) raw_query: String,
    pub(crate) fragment: String,
    pub(crate) raw_fragment: String,
    pub(crate) omit_host: bool,
}

impl Uri {
    /// Its path as it is written in a request.
    pub(crate) fn escaped_path(&self) -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@[]%/".contains(&byte);
        if self.raw_path.is_empty() || !self.raw_path.bytes().all(is_plain) {
            return escaped(self.path.as_bytes());
        }
        self.raw_path.clone()
    }
}

/// Reads a URI.
pub(crate) fn read(text: &str) -> Uri {
    let mut uri = Uri::default();
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    (uri.fragment, uri.raw_fragment) = unescaped(fragment);
    let rest = match rest.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => {
            uri.scheme = scheme.to_ascii_lowercase();
            rest
        }
        _ => rest,
    };
    let mut rest = rest;
    if let Some(before) = rest.strip_suffix('?').filter(|before| !before.contains('?')) {
        uri.force_query = true;
        rest = before;
    } else if let Some((before, query)) = rest.split_once('?') {
        query.clone_into(&mut uri.raw_query);
        rest = before;
    }
    if !rest.starts_with('/') && !uri.scheme.is_empty() {
        rest.clone_into(&mut uri.opaque);
        return uri;
    }
    if let Some(after) =
        rest.strip_prefix("//").filter(|_| !uri.scheme.is_empty() || !rest.starts_with("///"))
    {
        let end = after.find('/').unwrap_or(after.len());
        let (authority, path) = after.split_at_checked(end).unwrap_or((after, ""));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        uri.has_user = authority.contains('@');
        uri.host = unescaped(host).0;
        rest = path;
    } else if !uri.scheme.is_empty() && rest.starts_with('/') {
        uri.omit_host = true;
    }
    (uri.path, uri.raw_path) = unescaped(rest);
    uri
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// What an escaped text stands for; and itself too, where it is not what escaping would give.
fn unescaped(text: &str) -> (String, String) {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let digit = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match digit(0).zip(digit(1)).filter(|_| *byte == b'%') {
            Some((high, low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            None => bytes.push(*byte),
        }
    }
    let plain = String::from_utf8_lossy(&bytes).into_owned();
    let raw = if escaped(&bytes) == text { String::new() } else { text.to_owned() };
    (plain, raw)
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(byte) {
            out.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_has_parts() {
        let uri = read("HTTPS://u:p@example.com:8443/a%20b?x=1#f");
        assert_eq!(
            (uri.scheme.as_str(), uri.host.as_str(), uri.has_user),
            ("https", "example.com:8443", true)
        );
        assert_eq!((uri.path.as_str(), uri.raw_path.as_str()), ("/a b", ""));
        assert_eq!((uri.raw_query.as_str(), uri.fragment.as_str()), ("x=1", "f"));
        assert_eq!(read("urn:a:b").opaque, "a:b");
        assert_eq!(read("spiffe://td/ns%2fx").raw_path, "/ns%2fx");
    }
}
