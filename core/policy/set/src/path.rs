//! The `path` that a violation names, read from its text or its list of steps.

use std::sync::Arc;

use tollgate_vocabulary::{Path, Step, Value};

/// The path that `value` names: a text such as `spec.containers[0].image` or `metadata.labels["app/name"]`, or a list
/// of keys and indices. Nothing where it names none.
pub(crate) fn read(value: &Value) -> Option<Path> {
    match value {
        Value::String(text) => parse(text),
        Value::Array(steps) => steps.iter().map(step).collect::<Option<Vec<_>>>().map(Path::from),
        _ => None,
    }
}

fn step(value: &Value) -> Option<Step> {
    match value {
        Value::String(key) => Some(Step::Key(key.clone())),
        Value::Number(number) => number.as_str().parse().ok().map(Step::Index),
        _ => None,
    }
}

fn parse(text: &str) -> Option<Path> {
    let mut steps = Vec::new();
    let mut rest = text.strip_prefix("$.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(bracketed) => bracket(bracketed)?,
            None => {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                if key.is_empty() {
                    return None;
                }
                (Step::Key(key.into()), after)
            }
        };
        steps.push(step);
        rest = match after.strip_prefix('.') {
            Some("") => return None,
            Some(next) => next,
            None => after,
        };
    }
    Some(Path::from(steps))
}

/// What stands in brackets, and what follows them: `0]`, `"a.b/c"]`, `'a'].rest`.
fn bracket(text: &str) -> Option<(Step, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    let Some(quote) = quote else {
        let (inner, after) = text.split_once(']')?;
        let step = match inner.parse() {
            Ok(index) => Step::Index(index),
            Err(_) if inner.is_empty() => return None,
            Err(_) => Step::Key(inner.into()),
        };
        return Some((step, after));
    };
    let mut key = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => key.push(chars.next()?.1),
            end if end == quote => {
                let after = text.get(at + 1..)?.strip_prefix(']')?;
                return Some((Step::Key(Arc::from(key)), after));
            }
            other => key.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_back_as_it_is_written() {
        for text in
            ["", "spec.containers[0].image", r#"metadata.labels["app.kubernetes.io/name"].x"#, "a[1][2]"]
        {
            assert_eq!(parse(text).map(|path| path.to_string()).as_deref(), Some(text));
        }
        assert_eq!(parse("$.spec['x.y']").map(|path| path.to_string()).as_deref(), Some(r#"spec["x.y"]"#));
    }

    #[test]
    fn what_is_no_path_is_none() {
        for text in ["a..b", "a.", "[", "a[", "a[]", r#"a["x]"#] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(read(&Value::from(vec![Value::Null])), None);
    }

    #[test]
    fn a_list_of_steps_is_a_path() {
        let steps = Value::Array(vec!["spec".into(), 2u64.into(), "a.b".into()]);
        assert_eq!(read(&steps).map(|path| path.to_string()).as_deref(), Some(r#"spec[2]["a.b"]"#));
    }
}
