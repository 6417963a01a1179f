//! Data documents and METADATA as values, read by the one reader that reads everything.

use tollgate_manifest::Limits;
use tollgate_vocabulary::Value;

/// What does not read, and where: lines and columns from 1.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

/// The value that a JSON text is.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, Unreadable> {
    tollgate_manifest::json::read(bytes, &Limits::default()).map_err(|error| Unreadable {
        line: error.position.line,
        column: error.position.column,
        message: error.message,
    })
}

/// The documents that a YAML text holds.
pub(crate) fn yaml(bytes: &[u8]) -> Result<Vec<Value>, Unreadable> {
    interim::yaml(bytes)
}

mod interim {
    use std::sync::Arc;

    use saphyr_parser::{Event, Parser, ScalarStyle};
    use tollgate_vocabulary::{Map, Number, Value};

    use super::Unreadable;

    enum Open {
        Array(Vec<Value>),
        Object(Vec<(Arc<str>, Value)>, Option<Arc<str>>),
    }

    pub(super) fn yaml(bytes: &[u8]) -> Result<Vec<Value>, Unreadable> {
        let wrong = |line, message: &str| Unreadable { line, column: 1, message: message.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| wrong(1, "is not UTF-8"))?;
        let (mut stack, mut documents): (Vec<Open>, Vec<Value>) = (Vec::new(), Vec::new());
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| Unreadable {
                line: error.marker().line(),
                column: error.marker().col() + 1,
                message: error.info().to_owned(),
            })?;
            let line = span.start.line();
            let value = match event {
                Event::Scalar(text, style, ..) => scalar(&text, style),
                Event::SequenceStart(..) => {
                    stack.push(Open::Array(Vec::new()));
                    continue;
                }
                Event::MappingStart(..) => {
                    stack.push(Open::Object(Vec::new(), None));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                    Some(Open::Array(items)) => Value::Array(items),
                    Some(Open::Object(entries, _)) => Value::Object(
                        Map::from_entries(entries).map_err(|twice| wrong(line, &twice.to_string()))?,
                    ),
                    None => return Err(wrong(line, "is not balanced")),
                },
                Event::Alias(_) => return Err(wrong(line, "aliases are not read here")),
                _ => continue,
            };
            match stack.last_mut() {
                None => documents.push(value),
                Some(Open::Array(items)) => items.push(value),
                Some(Open::Object(entries, key)) => match (key.take(), value) {
                    (Some(key), value) => entries.push((key, value)),
                    (None, Value::String(text)) => *key = Some(text),
                    (None, Value::Number(number)) => *key = Some(number.as_str().into()),
                    (None, _) => return Err(wrong(line, "a key is not a text")),
                },
            }
        }
        Ok(documents)
    }

    fn scalar(text: &str, style: ScalarStyle) -> Value {
        match text {
            _ if style != ScalarStyle::Plain => Value::from(text),
            "" | "~" | "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            text => Number::parse(text).map_or_else(|| Value::from(text), Value::Number),
        }
    }
}
