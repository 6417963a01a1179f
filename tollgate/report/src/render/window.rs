//! A source line, cut to what can be shown, and the mark in it.

use super::inert::visible_line;
use crate::FindingRow;

/// The part of a source line that is shown, and the marked bytes in it. Lines may be as long as a file: only what
/// stands around the mark is kept.
pub(super) struct Window {
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// characters before it that are not kept
    skipped: usize,
}

impl Window {
    /// Characters that are kept before the mark, and from its begin.
    const BEFORE: usize = 2_000;
    const AFTER: usize = 400;

    pub(super) fn of(line: &str, finding: &FindingRow) -> Self {
        let first = finding.column.unwrap_or(1).saturating_sub(1);
        let one_line = finding.end_line.is_none_or(|end| Some(end) == finding.line);
        let last =
            finding.end_column.filter(|_| one_line).map_or(usize::MAX, |column| column.saturating_sub(1));
        let skipped = first.saturating_sub(Self::BEFORE);
        let kept: String = line.chars().skip(skipped).take(Self::BEFORE + Self::AFTER).collect();
        let text = visible_line(kept.trim_end());
        let byte = |column: usize| {
            let in_window = column.saturating_sub(skipped);
            text.char_indices().nth(in_window).map_or(text.len(), |(offset, _)| offset)
        };
        let start = byte(first);
        let end = byte(last.max(first)).max(start);
        Self { start, end, text, skipped }
    }

    /// Whether the text begins where its line begins.
    pub(super) const fn is_whole(&self) -> bool {
        self.skipped == 0
    }

    /// What the mark stands under.
    pub(super) fn marked(&self) -> &str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }
}
