//! What manifests cost as a comment on a pull request. The first line marks it, so that the next run finds and replaces
//! it.
//!
//! INVARIANT: fewer than 65,536 bytes, GitHub's limit; a stranger's text is code, with nothing in it that could end it.

use tollgate_flow::{Changed, Costs};

use super::table::{cents, name, signed, why};
use crate::output::Failure;

const MARKER: &str = "<!-- tollgate-cost -->";
const ROWS: usize = 40;
/// Characters of one cell.
const CELL: usize = 200;

pub(super) fn render(costs: &Costs) -> Result<String, Failure> {
    let total = costs.total()?;
    let mut text = format!(
        "{MARKER}\n### {} {} a month expected\n\n{} at worst, {} an hour at its peak\n",
        cents(total.expected),
        costs.currency,
        cents(total.worst),
        cents(total.peak)
    );
    let mut lines: Vec<_> = costs.lines.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.estimate.expected_month().units()));
    text.push_str("\n| object | a month | at worst | an hour at its peak |\n|---|--:|--:|--:|\n");
    for line in lines.iter().take(ROWS) {
        let estimate = &line.estimate;
        text.push_str(&format!(
            "| {} | {} | {} | {} |\n",
            code(&name(line)),
            cents(estimate.expected_month()),
            cents(estimate.worst_month()),
            cents(estimate.peak_hour())
        ));
    }
    text.push_str(&more(lines.len()));
    Ok(text)
}

pub(super) fn difference(was: &Costs, is: &Costs, changed: &[Changed<'_>]) -> Result<String, Failure> {
    let (before, after) = (was.total()?, is.total()?);
    let change = after.expected.minus(before.expected)?;
    let mut text = format!(
        "{MARKER}\n### {} {} a month\n\n{} a month expected, {} before; {} at worst, {} before\n",
        signed(change),
        is.currency,
        cents(after.expected),
        cents(before.expected),
        cents(after.worst),
        cents(before.worst)
    );
    if changed.is_empty() {
        text.push_str("\nNothing costs more or less than before.\n");
        return Ok(text);
    }
    text.push_str("\n| object | before | after | change | why |\n|---|--:|--:|--:|---|\n");
    for changed in changed.iter().take(ROWS) {
        let month = |line: Option<&tollgate_flow::CostLine>| {
            line.map_or_else(|| "\u{2013}".to_owned(), |line| cents(line.estimate.expected_month()))
        };
        text.push_str(&format!(
            "| {} | {} | {} | **{}** | {} |\n",
            code(&changed.after.or(changed.before).map(name).unwrap_or_default()),
            month(changed.before),
            month(changed.after),
            signed(changed.expected),
            why(changed).replace("->", "\u{2192}")
        ));
    }
    text.push_str(&more(changed.len()));
    Ok(text)
}

fn more(rows: usize) -> String {
    match rows.saturating_sub(ROWS) {
        0 => String::new(),
        left => format!("\nAnd {left} more: `tollgate cost` shows all.\n"),
    }
}

/// A stranger's text as code: entities, so that nothing in it is markup, a mention or a link.
pub(super) fn code(text: &str) -> String {
    let mut told = String::from("<code>");
    for character in text.chars().take(CELL) {
        match character {
            '@' | '#' => told.push_str(&format!("&#{};&#8203;", u32::from(character))),
            '/' | '-' | '.' | '*' => told.push(character),
            _ if character.is_control() => told.push('\u{fffd}'),
            _ if character.is_ascii_punctuation() => told.push_str(&format!("&#{};", u32::from(character))),
            _ => told.push(character),
        }
    }
    told.push_str("</code>");
    told
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_name_is_never_markup() {
        let told = code("a|b](http://x) @everyone #1 <script>\u{7}`");
        for bad in ["|", "](", "<script", "@e", "#1", "`", "\u{7}"] {
            assert!(!told.trim_start_matches("<code>").contains(bad), "{bad}: {told}");
        }
    }
}
