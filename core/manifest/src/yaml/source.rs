//! The text of a YAML file: which characters it may hold, where kubectl cuts it into documents, and where the
//! parser's markers stand in it.

use saphyr_parser::Marker;

use crate::{Position, ReadError};

/// Markers count characters; this is how many of them share one entry of the table to bytes.
const STRIDE: usize = 64;

/// One document as kubectl cuts it out of a file.
pub(super) struct Chunk<'t> {
    pub(super) text: &'t str,
    pub(super) start: Position,
    /// byte offset of each 64th character; empty where all are ASCII
    table: Vec<usize>,
}

/// Refuses characters that YAML 1.1 and 1.2 take differently: control characters, and line ends that only one of
/// them knows (a lone CR, NEL, LS, PS: a comment would end for the one and not for the other).
pub(super) fn check(text: &str) -> Result<(), ReadError> {
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let trouble = match character {
            '\t' | '\n' | ' '..='~' => continue,
            '\r' if rest.peek().is_some_and(|(_, next)| *next == '\n') => continue,
            '\r' => "a carriage return without a line feed ends a line for some YAML readers only",
            '\u{85}' | '\u{2028}' | '\u{2029}' => {
                "this line separator ends a line for some YAML readers only"
            }
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                "control characters cannot stand in YAML"
            }
            '\u{feff}' => "a byte order mark stands within the text",
            _ => continue,
        };
        let position = Position::after(text.get(..at).unwrap_or_default());
        return Err(
            ReadError::new(trouble, position).remedy("remove it, or write it as an escape in double quotes")
        );
    }
    Ok(())
}

/// Cuts `text` at its `---` lines as kubectl does, before any YAML is parsed (`YAMLReader` in
/// k8s.io/apimachinery/pkg/util/yaml): a line that begins with `---` and holds nothing else but a comment.
pub(super) fn cut(text: &str, start: Position) -> Result<Vec<Chunk<'_>>, ReadError> {
    let mut chunks = Vec::new();
    let (mut here, mut from) = (start, start);
    for line in text.split_inclusive('\n') {
        let next = here.past(line);
        if let Some(rest) = line.strip_prefix("---")
            && (rest.trim().is_empty() || rest.trim_start().starts_with('#'))
        {
            let plain = rest.trim_matches([' ', '\t', '\r', '\n']);
            if !plain.is_empty() && !rest.starts_with([' ', '\t']) {
                return Err(ReadError::new("kubectl ends a document here, YAML does not", here)
                    .remedy("write `---` alone on its line"));
            }
            if here.offset > from.offset {
                chunks.push(Chunk::new(text, start, from, here));
                from = next;
            }
        }
        here = next;
    }
    if here.offset > from.offset {
        chunks.push(Chunk::new(text, start, from, here));
    }
    Ok(chunks)
}

impl<'t> Chunk<'t> {
    /// The part `from..to` of `all`, which itself begins at `origin` of its file.
    fn new(all: &'t str, origin: Position, from: Position, to: Position) -> Self {
        let text = all.get(from.offset - origin.offset..to.offset - origin.offset).unwrap_or_default();
        let table = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(STRIDE).map(|(offset, _)| offset).collect()
        };
        Self { text, start: from, table }
    }

    /// Where a marker of the parser stands in the file.
    pub(super) fn position(&self, marker: &Marker) -> Position {
        let line = marker.line().max(1);
        let first = if line == 1 { self.start.column } else { 1 };
        Position {
            line: self.start.line + line - 1,
            column: first + marker.col(),
            offset: self.start.offset + self.offset(marker.index()),
        }
    }

    /// The text between two positions of the file.
    pub(super) fn slice(&self, from: Position, to: Position) -> &'t str {
        let from = from.offset.saturating_sub(self.start.offset);
        self.text.get(from..to.offset.saturating_sub(self.start.offset)).unwrap_or_default()
    }

    /// The text up to a position of the file.
    pub(super) fn before(&self, to: Position) -> &'t str {
        self.text.get(..to.offset.saturating_sub(self.start.offset)).unwrap_or_default()
    }

    /// The text from a position of the file on.
    pub(super) fn from(&self, from: Position) -> &'t str {
        self.text.get(from.offset.saturating_sub(self.start.offset)..).unwrap_or_default()
    }

    fn offset(&self, characters: usize) -> usize {
        if self.table.is_empty() {
            return characters.min(self.text.len());
        }
        let Some(base) = self.table.get(characters / STRIDE) else { return self.text.len() };
        let rest = self.text.get(*base..).unwrap_or_default();
        rest.char_indices().nth(characters % STRIDE).map_or(self.text.len(), |(offset, _)| base + offset)
    }
}
