//! What manifests cost as a comment on a pull request. The first line marks it, so that the next run finds and replaces
//! it.
//!
//! INVARIANT: fewer than 65,536 bytes, GitHub's limit; a stranger's text is code, with nothing in it that could end it.

use tollgate_flow::{CostDifference, CostLine, Costs, InFile};

use super::figure::{cents, month, name, signed, why};
use super::gap::{Gap, gaps, summary};
use super::text::dearest_first;
use crate::output::Failure;

const MARKER: &str = "<!-- tollgate-cost -->";
/// Bytes up to which rows are added; what follows them is short.
const ENOUGH: usize = 60_000;
/// Rows of one table.
const ROWS: usize = 40;
/// Characters of one cell.
const CELL: usize = 200;

/// A comment in the making.
pub(super) struct Comment(String);

pub(super) fn render(costs: &Costs, objects: &[InFile]) -> Result<String, Failure> {
    let total = costs.total()?;
    let mut comment = Comment::new(&format!("{} {} a month expected", cents(total.expected), costs.currency));
    comment.line(&format!(
        "{} at worst, {} an hour at its peak{}",
        cents(total.worst),
        cents(total.peak),
        summary(costs)
    ));
    let lines = dearest_first(costs);
    let row = |line: &&CostLine| {
        let estimate = &line.estimate;
        format!(
            "| {} | {} | {} | {} |",
            code(&name(&line.identity)),
            cents(estimate.expected_month()),
            cents(estimate.worst_month()),
            cents(estimate.peak_hour())
        )
    };
    comment.rows(
        "| object | a month | at worst | an hour at its peak |\n|---|--:|--:|--:|",
        lines.iter().map(row),
    );
    comment.gaps(&lines, objects);
    Ok(comment.0)
}

pub(super) fn difference(
    difference: &CostDifference<'_>,
    is: &Costs,
    objects: &[InFile],
) -> Result<String, Failure> {
    let (before, after) = (difference.before, difference.after);
    let change = after.expected.minus(before.expected)?;
    let mut comment = Comment::new(&format!("{} {} a month", signed(change), is.currency));
    comment.line(&format!(
        "{} a month expected, {} before; {} at worst, {} before{}",
        cents(after.expected),
        cents(before.expected),
        cents(after.worst),
        cents(before.worst),
        summary(is)
    ));
    if difference.changed.is_empty() {
        comment.line("Nothing costs more or less than before.");
    }
    let row = |changed: &tollgate_flow::Changed<'_>| {
        format!(
            "| {} | {} | {} | **{}** | {} | {} |",
            code(&changed.after.or(changed.before).map(|line| name(&line.identity)).unwrap_or_default()),
            month(changed.before),
            month(changed.after),
            signed(changed.expected),
            signed(changed.worst),
            why(changed).replace("->", "\u{2192}")
        )
    };
    comment.rows(
        "| object | before | after | change | at worst | why |\n|---|--:|--:|--:|--:|---|",
        difference.changed.iter().map(row),
    );
    let lines: Vec<&CostLine> = difference.changed.iter().filter_map(|changed| changed.after).collect();
    comment.gaps(&lines, objects);
    let failed =
        |identity| format!("- not compared: {} cannot be estimated on both sides", code(&name(identity)));
    comment.rows("", difference.failed.iter().map(failed));
    Ok(comment.0)
}

impl Comment {
    pub(super) fn new(head: &str) -> Self {
        Self(format!("{MARKER}\n### {head}\n"))
    }

    /// A paragraph.
    pub(super) fn line(&mut self, text: &str) {
        self.0.push_str(&format!("\n{text}\n"));
    }

    /// Rows below their head, as many as fit; nothing where there are none.
    pub(super) fn rows(&mut self, head: &str, rows: impl ExactSizeIterator<Item = String>) {
        let mut left = rows.len();
        if left == 0 {
            return;
        }
        self.0.push('\n');
        if !head.is_empty() {
            self.0.push_str(&format!("{head}\n"));
        }
        for row in rows.take(ROWS) {
            if self.0.len() + row.len() > ENOUGH {
                break;
            }
            self.0.push_str(&format!("{row}\n"));
            left -= 1;
        }
        if left > 0 {
            self.line(&format!("And {left} more: `tollgate cost` shows all."));
        }
    }

    /// What is in no figure.
    fn gaps(&mut self, lines: &[&CostLine], objects: &[InFile]) {
        let row = |gap: &Gap| {
            let Gap { word, name, what, why, cap, place } = gap;
            let mut told = format!("- {word}: {}", code(name));
            let what: Vec<String> = what.iter().map(|what| format!(" {}", code(what))).collect();
            told.push_str(&what.join(","));
            why.iter().for_each(|why| told.push_str(&format!(": {}", code(why))));
            cap.iter().for_each(|cap| told.push_str(&format!(", capped at {cap} a month")));
            format!("{told} ({})", code(place))
        };
        self.rows("", gaps(lines, objects).iter().map(row));
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A stranger's text as code: entities, so that nothing in it is markup, a mention or a link.
pub(super) fn code(text: &str) -> String {
    let mut told = String::from("<code>");
    let mut last = ['\0'; 3];
    for character in text.chars().take(CELL) {
        match character {
            '@' | '#' => told.push_str(&format!("&#{};&#8203;", u32::from(character))),
            '.' if last.iter().all(|before| matches!(before, 'w' | 'W')) => told.push_str("&#46;"),
            '/' | '-' | '.' | '*' => told.push(character),
            _ if character.is_control() => told.push('\u{fffd}'),
            _ if character.is_ascii_punctuation() => told.push_str(&format!("&#{};", u32::from(character))),
            _ => told.push(character),
        }
        last = [last[1], last[2], character];
    }
    if text.chars().nth(CELL).is_some() {
        told.push('\u{2026}');
    }
    told.push_str("</code>");
    told
}

#[cfg(test)]
mod tests {
    use super::{Comment, code};

    #[test]
    fn a_name_is_never_markup() {
        let told = code("a|b](http://x) @everyone #1 <script>\u{7}` WwW.example.com");
        for bad in ["|", "](", "<script", "@e", " #1", "`", "\u{7}", "WwW."] {
            assert!(!told.trim_start_matches("<code>").contains(bad), "{bad}: {told}");
        }
    }

    #[test]
    fn a_comment_stays_below_the_limit_of_its_host() {
        let mut comment = Comment::new("1.00 EUR a month");
        let name = code(&"@".repeat(300));
        for _ in 0..4 {
            comment.rows("| object |\n|---|", (0..40).map(|_| format!("| {name} |")));
        }
        let text = comment.into_text();
        assert!(text.len() < 65_536 && text.contains("And 40 more"), "{}", text.len());
    }
}
