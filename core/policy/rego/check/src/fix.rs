//! What can be mended without asking: methods of other languages, what is written twice or for nothing, `re_match`, v0 as
//! v1.
//!
//! INVARIANT: edits do not overlap, and are sorted by place.

mod method;
mod modern;

use tollgate_rego_syntax::tree::{Module, Span};

use crate::problem::Problem;

pub use modern::modernized;

/// Text that takes the place of other text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// what goes; nothing for a place between two bytes
    pub span: Span,
    /// what comes
    pub text: String,
}

/// What can be mended of the `problems` of one file.
#[must_use]
pub fn fixes(text: &str, module: &Module, problems: &[Problem]) -> Vec<Edit> {
    let mut edits = method::edits(text, module);
    for problem in problems {
        match problem.code {
            "duplicate-condition" | "unused-import" | "unneeded-exemption" => {
                edits.extend(taken_out(text, problem.span));
            }
            "deprecated-builtin" if slice(text, problem.span) == "re_match" => {
                edits.push(Edit { span: problem.span, text: "regex.match".to_owned() });
            }
            _ => {}
        }
    }
    in_order(edits)
}

/// The text with these edits made.
#[must_use]
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        let (start, end) = bounds(edit.span);
        mended.push_str(text.get(from..start).unwrap_or_default());
        mended.push_str(&edit.text);
        from = end;
    }
    mended.push_str(text.get(from..).unwrap_or_default());
    mended
}

/// Sorted, and without those that overlap an earlier one.
fn in_order(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort();
    edits.dedup();
    let mut end = 0;
    edits.retain(|edit| {
        let apart = edit.span.start >= end;
        end = end.max(edit.span.end);
        apart
    });
    edits
}

/// What stands at a place with what separates it from the rest: its line, where it has one of its own, or a semicolon.
fn taken_out(text: &str, span: Span) -> Option<Edit> {
    let (start, end) = bounds(span);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let blank = |text: &str| text.chars().all(|letter| matches!(letter, ' ' | '\t' | '\r'));
    let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line_end = after.find('\n').unwrap_or(after.len());
    let (indent, rest) = (before.get(line_start..)?, after.get(..line_end)?);
    let (from, upto) = if blank(indent) && blank(rest) {
        (line_start, end.saturating_add(line_end).saturating_add(1).min(text.len()))
    } else if let Some(behind) = rest.trim_start().strip_prefix(';') {
        (
            start,
            text.len()
                .saturating_sub(after.len())
                .saturating_add(rest.len().saturating_sub(behind.trim_start().len())),
        )
    } else if let Some(kept) = before.trim_end().strip_suffix(';') {
        (kept.trim_end().len(), end)
    } else {
        (start, end)
    };
    Some(Edit {
        span: Span { start: u32::try_from(from).ok()?, end: u32::try_from(upto).ok()? },
        text: String::new(),
    })
}

fn bounds(span: Span) -> (usize, usize) {
    (usize::try_from(span.start).unwrap_or(usize::MAX), usize::try_from(span.end).unwrap_or(usize::MAX))
}

fn slice(text: &str, span: Span) -> &str {
    let (start, end) = bounds(span);
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
