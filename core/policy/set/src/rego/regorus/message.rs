//! regorus' error texts, taken apart.
//!
//! ```text
//! \n--> file:line:column\n  |\nline | source\n  |    ^\nerror: message
//! ```

use std::sync::Arc;

use tollgate_vocabulary::PolicyPlace;

use crate::load::{LoadError, Place};

/// The message alone, and the place that it names.
pub(crate) fn take_apart(text: &str) -> (String, Option<PolicyPlace>) {
    let place = text.split_once("--> ").and_then(|(_, rest)| place(rest.lines().next()?));
    let message = match text.rsplit_once("\nerror: ") {
        Some((_, message)) => message,
        None => text,
    };
    (message.trim().to_owned(), place)
}

/// The error of loading `path` that `text` tells.
pub(crate) fn load_error(path: &Arc<str>, code: &'static str, text: &str) -> LoadError {
    let (message, place) = take_apart(text);
    let place = match place {
        Some(place) => Place { file: place.file, line: place.line, column: place.column, end_column: None },
        None => Place::start_of(path),
    };
    place.error(code, message)
}

/// `file:line:column`
fn place(text: &str) -> Option<PolicyPlace> {
    let (rest, column) = text.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some(PolicyPlace { file: file.into(), line: line.parse().ok()?, column: column.trim().parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_and_its_place_are_found() {
        let text =
            "\n--> a/b.rego:4:14\n  |\n4 |   to_number(\"aa\")\n  |              ^\nerror: could not parse";
        let (message, place) = take_apart(text);
        assert_eq!(message, "could not parse");
        assert_eq!(place, Some(PolicyPlace { file: "a/b.rego".into(), line: 4, column: 14 }));
        assert_eq!(take_apart("plain"), ("plain".to_owned(), None));
    }
}
