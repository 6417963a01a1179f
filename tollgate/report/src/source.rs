//! Source texts that a renderer may quote: masked values are blanked before anybody sees a line.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_manifest::Span;

/// A stretch of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// file, as the user would recognise it
    pub file: Arc<str>,
    /// which stretch
    pub span: Span,
}

/// A file's text, fit to be shown.
#[derive(Clone, Debug, Default)]
pub struct Source(String);

/// Files by name.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<Arc<str>, Source>);

impl Source {
    /// The text of a file with every character of the masked stretches replaced by `*`; lines and columns stay.
    #[must_use]
    pub fn new(bytes: &[u8], masked: &[Span]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        if masked.is_empty() {
            return Self(text.into_owned());
        }
        let is_masked =
            |offset: usize| masked.iter().any(|span| (span.start.offset..span.end.offset).contains(&offset));
        let blank = |(offset, character): (usize, char)| {
            if is_masked(offset) && !character.is_whitespace() { '*' } else { character }
        };
        Self(text.char_indices().map(blank).collect())
    }

    /// The line of that number, counted from 1, without its end.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<&str> {
        self.0.split('\n').nth(number.checked_sub(1)?).map(|line| line.trim_end_matches('\r'))
    }
}

impl Sources {
    /// Keeps a file's text.
    pub fn insert(&mut self, file: Arc<str>, source: Source) {
        self.0.insert(file, source);
    }

    /// The line of that number in that file.
    #[must_use]
    pub fn line(&self, file: &str, number: usize) -> Option<&str> {
        self.0.get(file).and_then(|source| source.line(number))
    }
}

#[cfg(test)]
mod tests {
    use tollgate_manifest::Position;

    use super::*;

    #[test]
    fn a_masked_value_is_blanked_and_columns_stay() {
        let position = |offset| Position { line: 1, column: offset + 1, offset };
        let span = Span { start: position(3), end: position(6) };
        let source = Source::new("a: h\u{e9}y # x\nb: 1".as_bytes(), &[Span { end: position(7), ..span }]);
        assert_eq!(source.line(1), Some("a: *** # x"));
        assert_eq!(source.line(2), Some("b: 1"));
        assert_eq!(source.line(3), None);
    }
}
