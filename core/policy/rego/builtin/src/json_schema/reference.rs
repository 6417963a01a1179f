//! References within a schema: what they are relative to, and where they lead.

use tollgate_rego_value::Val;

/// What stands under a JSON pointer (RFC 6901) in a fragment.
pub(super) fn at<'a>(root: Val<'a>, pointer: &str) -> Result<Val<'a>, String> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(format!("reference `#{pointer}` is no JSON pointer and names nothing in the schema"));
    }
    let mut value = root;
    for step in pointer.split('/').skip(1) {
        let step = percent_decoded(step).replace("~1", "/").replace("~0", "~");
        let inner = match value.as_object() {
            Some(object) => object.text(&step),
            None => value.as_array().and_then(|items| items.get(step.parse().ok()?)),
        };
        value = inner.ok_or_else(|| format!("Object has no key '{step}'"))?;
    }
    Ok(value)
}

fn percent_decoded(text: &str) -> String {
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
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A reference that is relative to `base`.
pub(super) fn join(base: &str, reference: &str) -> String {
    let (document, _) = base.split_once('#').unwrap_or((base, ""));
    if reference.starts_with('#') {
        return format!("{document}{reference}");
    }
    let absolute = reference.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '#', '?']));
    if absolute || document.is_empty() {
        return reference.to_owned();
    }
    if let Some(path) = reference.strip_prefix('/') {
        let host = document.find("://").map_or(0, |at| at + 3);
        let end = document.get(host..).and_then(|rest| rest.find('/')).map_or(document.len(), |at| host + at);
        return format!("{}/{path}", document.get(..end).unwrap_or_default());
    }
    let end = document.rfind('/').map_or(0, |at| at + 1);
    format!("{}{reference}", document.get(..end).unwrap_or_default())
}
