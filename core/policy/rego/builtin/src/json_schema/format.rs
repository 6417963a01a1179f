//! What the keyword `format` asks of a string. A format that is not known asks nothing.

use std::net::IpAddr;

use regex::Regex;

use crate::time::is_of_layout;

/// Whether `text` has a format.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "date" => is_of_layout("2006-01-02", text),
        "time" => ["15:04:05Z07:00", "15:04:05"].iter().any(|layout| is_of_layout(layout, text)),
        "date-time" => ["15:04:05", "15:04:05Z07:00", "2006-01-02", "2006-01-02T15:04:05Z07:00"]
            .iter()
            .any(|layout| is_of_layout(layout, text)),
        "hostname" => is_hostname(text),
        "email" | "idn-email" => is_mailbox(text),
        "ipv4" => text.parse::<IpAddr>().is_ok() && text.contains('.'),
        "ipv6" => text.parse::<IpAddr>().is_ok() && text.contains(':'),
        "uri" | "iri" => is_uri(text) && has_scheme(text),
        "uri-reference" | "iri-reference" => is_uri(text),
        "uri-template" => is_uri(text) && is_balanced(text),
        "uuid" => is_uuid(text),
        "regex" => Regex::new(text).is_ok(),
        "json-pointer" => is_pointer(text),
        "relative-json-pointer" => is_relative_pointer(text),
        _ => true,
    }
}

fn is_hostname(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    text.len() < 256
        && text.split('.').all(|label| {
            label.len() <= 63
                && label.starts_with(alphanumeric)
                && label.ends_with(alphanumeric)
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

/// An address, with a name before it or without (RFC 5322), but for comments.
fn is_mailbox(text: &str) -> bool {
    let text = text.trim();
    let address = match text.strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((_, address)) => address,
        None => text,
    };
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || !c.is_ascii())
    };
    let quoted = local.len() > 1 && local.starts_with('"') && local.ends_with('"');
    let literal = domain.starts_with('[') && domain.ends_with(']');
    (quoted || local.split('.').all(atom)) && (literal || domain.split('.').all(atom))
}

fn is_uri(text: &str) -> bool {
    // As far as Go asks: no control characters, whole escapes, no colon in a first segment that is no scheme.
    let controls = text.chars().any(|c| c.is_ascii_control());
    let escapes = text.split('%').skip(1).all(|after| {
        after.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    let colon = first.contains(':') && !has_scheme(text);
    let blank_in_host = host(text).contains(' ');
    escapes && !(controls || colon || blank_in_host || text.contains('\\'))
}

fn host(text: &str) -> &str {
    let Some((_, after)) = text.split_once("//") else { return "" };
    after.split(['/', '?', '#']).next().unwrap_or_default()
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

fn is_balanced(text: &str) -> bool {
    let mut open = false;
    for c in text.chars() {
        match c {
            '{' if open => return false,
            '{' => open = true,
            '}' => open = false,
            _ => {}
        }
    }
    !open
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_pointer(text: &str) -> bool {
    let escapes = text.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes
}

fn is_relative_pointer(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let Some((number, rest)) = text.split_at_checked(end) else { return false };
    !number.is_empty() && (number == "0" || !number.starts_with('0')) && (rest == "#" || is_pointer(rest))
}
