//! A comment on a pull request: what holds it up, in ten rows; the rest folded. The first line marks the comment, so
//! that the next run finds and replaces it.
//!
//! INVARIANT: fewer than 65,536 bytes, GitHub's limit for a comment. A stranger's text is entities wherever
//! punctuation could be read as markup, a link, a mention or a reference.

use tollgate_vocabulary::{Currency, Money};

use super::inert::visible;
use super::{Style, location, story, summary};
use crate::{CostRow, FindingRow, Report, SubjectRow};

const MARKER: &str = "<!-- tollgate -->";
const LIMIT: usize = 65_536;
/// What the frame around the rows needs at most.
const FRAME: usize = 4_096;
const ROWS: usize = 10;
/// Subjects whose cost is told.
const DEAREST: usize = 5;
/// Budgets told of one subject.
const BUDGETS: usize = 3;
/// Characters of one cell.
const CELL: usize = 400;
const HEAD: &str = "| | rule | where | what |\n|---|---|---|---|\n";

pub(super) fn render(report: &Report, style: &Style) -> String {
    let mut findings: Vec<_> = summary::shown(report, style).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(summary::weight(finding)));
    let mut text = format!("{MARKER}\n{}\n", heading(report));
    text.push_str(&money(report));
    let (first, folded) = findings.split_at(findings.len().min(ROWS));
    if !first.is_empty() {
        let rows = rows(report, first, LIMIT - FRAME - text.len());
        text.push_str(&format!("\n{HEAD}{rows}"));
    }
    if !folded.is_empty() {
        let rows = rows(report, folded, (LIMIT - FRAME).saturating_sub(text.len()));
        let more = summary::counted(folded.len(), "more finding");
        text.push_str(&format!("\n<details><summary>{more}</summary>\n\n{HEAD}{rows}\n</details>\n"));
    }
    text
}

fn heading(report: &Report) -> String {
    let sign = match report.verdict {
        "allow" => "✅",
        "deny" => "⛔",
        _ => "❔",
    };
    format!("### {sign} tollgate: {}\n\n{}", report.verdict, inline(&cut(&summary::rest(report))))
}

/// What it costs: the sum, and the dearest in a table.
fn money(report: &Report) -> String {
    let mut dear: Vec<(Money, &SubjectRow, &CostRow)> = report
        .subjects
        .iter()
        .filter_map(|subject| {
            let cost = subject.cost.as_ref()?;
            let currency = Currency::parse(&cost.currency).ok()?;
            Some((Money::parse(&cost.change_month, currency).ok()?, subject, cost))
        })
        .collect();
    let Some(currency) = dear.first().map(|(change, ..)| change.currency()) else { return String::new() };
    let sum = dear.iter().try_fold(Money::zero(currency), |sum, (change, ..)| sum.plus(*change));
    dear.sort_by_key(|(change, ..)| std::cmp::Reverse(change.units()));
    let mut text = match sum {
        Ok(sum) => {
            format!(
                "\n**{} {currency} a month** in {}",
                story::cents(&sum.to_exact_text()),
                summary::counted(dear.len(), "object")
            )
        }
        Err(_) => format!("\nWhat {} cost is too much for a sum", summary::counted(dear.len(), "object")),
    };
    text.push_str(
        "\n\n| what | a month | at worst | an hour at its peak | budgets |\n|---|--:|--:|--:|---|\n",
    );
    for (_, subject, cost) in dear.iter().take(DEAREST) {
        let budgets: Vec<String> = cost
            .budgets
            .iter()
            .take(BUDGETS)
            .map(|budget| {
                format!(
                    "{} {}% → {}%",
                    code(&budget.name),
                    inline(&budget.before_percent),
                    inline(&budget.after_percent)
                )
            })
            .collect();
        let amount = |amount: &str| inline(&story::cents(amount));
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            code(&location::name(subject)),
            amount(&cost.change_month),
            amount(&cost.worst_month),
            amount(&cost.peak_hour),
            budgets.join("<br>")
        ));
    }
    if dear.len() > DEAREST {
        text.push_str(&format!(
            "\n{} cost less: `tollgate cost` shows all.\n",
            summary::counted(dear.len() - DEAREST, "object")
        ));
    }
    text
}

/// As many rows as there is room for, and how many there was none for.
fn rows(report: &Report, findings: &[&FindingRow], room: usize) -> String {
    let mut rows = String::new();
    for (done, finding) in findings.iter().enumerate() {
        let row = row(report, finding);
        if rows.len() + row.len() > room {
            let left = summary::counted(findings.len() - done, "finding");
            rows.push_str(&format!("\n{left} too many for a comment: see the full report.\n"));
            break;
        }
        rows.push_str(&row);
    }
    rows
}

fn row(report: &Report, finding: &FindingRow) -> String {
    let place = location::of(report, finding)
        .map(|place| location::written(place.file, Some(place.line), place.column));
    let object = Some(location::object(report, finding)).filter(|object| !object.is_empty());
    let places: Vec<_> = place.into_iter().chain(object).map(|place| code(&place)).collect();
    let mut told = vec![prose(&finding.message)];
    told.extend(story::wanted(finding).map(|wanted| inline(&cut(&wanted))));
    told.extend(finding.remedy.as_deref().map(|remedy| format!("help: {}", prose(remedy))));
    if let Some(exception) = &finding.exception {
        let note = format!("excepted by {}: {}", exception.name, exception.reason);
        told.push(inline(&cut(&note)));
    }
    let rule = code(&finding.rule);
    format!("| **{}** | {rule} | {} | {} |\n", finding.effect, places.join("<br>"), told.join("<br>"))
}

/// A message with what stands between backticks as code.
fn prose(text: &str) -> String {
    let text = cut(text);
    let parts: Vec<_> = text.split('`').collect();
    if parts.len() % 2 == 0 {
        return inline(&text);
    }
    let part = |(at, part): (usize, &&str)| match (at % 2, part.is_empty()) {
        (0, _) => inline(part),
        (_, true) => inline("``"),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", inline(&cut(text)))
}

/// Text that Markdown shows as it is: entities are never read as structure (CommonMark 2.5). A zero-width space behind
/// `@` and `#` keeps GitHub, which looks for them after parsing, from mentioning and referring.
fn inline(text: &str) -> String {
    let mut inline = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '@' | '#' => inline.push_str(&format!("&#{};&#8203;", u32::from(character))),
            '.' if ends_with_www(&inline) => inline.push_str("&#46;"),
            ',' | '.' | '/' | '-' | '%' | ';' | '?' | '"' | '\'' | '=' => inline.push(character),
            _ if character.is_ascii_punctuation() => inline.push_str(&format!("&#{};", u32::from(character))),
            _ => inline.push(character),
        }
    }
    inline
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
