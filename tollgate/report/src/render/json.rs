//! The report as JSON: the frozen shape, two spaces of indentation, the order of its fields.

use super::inert;
use crate::Report;

pub(super) fn render(report: &Report) -> String {
    pretty(report)
}

/// Pretty JSON with a line end and with no character that acts on a terminal.
pub(super) fn pretty(value: &impl serde::Serialize) -> String {
    // Strings, numbers, structs and maps with string keys: nothing in them that JSON cannot say.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    inert::json(&text)
}
