//! Bytes to lines and columns.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

/// A place as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// from 1
    pub line: u32,
    /// from 1, in characters; a tab is one, a byte order mark none
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    /// sorted; the first is 0
    starts: Cow<'t, [u32]>,
}

impl<'t> LineIndex<'t> {
    /// Looks through `text` once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let ends = text.bytes().zip(1_u32..).filter(|(byte, _)| *byte == b'\n');
        let starts: Vec<u32> = std::iter::once(0).chain(ends.map(|(_, next)| next)).collect();
        Self { text, starts: Cow::Owned(starts) }
    }

    /// The same of a `text` that was looked through before.
    #[must_use]
    pub const fn again(text: &'t str, starts: &'t [u32]) -> Self {
        Self { text, starts: Cow::Borrowed(starts) }
    }

    /// Where the lines begin, to be kept beside the text.
    #[must_use]
    pub fn into_starts(self) -> Vec<u32> {
        self.starts.into_owned()
    }

    /// The place of the character that the byte at `offset` belongs to; behind the text, the place behind its last
    /// character. Looks through one line.
    #[must_use]
    pub fn place(&self, offset: u32) -> Place {
        let offset = offset.min(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.as_bytes().get(start as usize..offset as usize).unwrap_or_default();
        let mark = if start == 0 && before.starts_with("\u{feff}".as_bytes()) { 1 } else { 0 };
        // A byte that goes on with a character is 10xxxxxx.
        let characters = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count() - mark;
        let inside = self.text.as_bytes().get(offset as usize).is_some_and(|byte| byte & 0xc0 == 0x80);
        let column = if inside { characters } else { characters + 1 };
        let cut = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place { line: cut(line), column: cut(column) }
    }

    /// The text of a line, from 1, without its end.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<&'t str> {
        let at = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(at)? as usize;
        let end = self.starts.get(at + 1).map_or(self.text.len(), |next| *next as usize);
        let text = self.text.get(start..end)?;
        Some(text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text)))
    }
}
