//! The first page: what is in force, what stands in the estate, what was decided last.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use tollgate_flow::Checked;
use tollgate_report::{FindingRow, SkippedRow};
use tollgate_vocabulary::Effect;

use super::{budgets, decisions, layout, ledger};
use crate::door::Door;
use crate::health;

/// Decisions shown here.
const LAST: u64 = 10;

/// Findings shown here; `tollgate check` shows all.
const FINDINGS: usize = 200;

/// `GET /`
pub(super) async fn show(State(door): State<Arc<Door>>) -> Response {
    let rows = match super::read(&door, |reader| ledger::rows(reader, None, LAST)).await {
        Ok(rows) => rows,
        Err(response) => return *response,
    };
    let standing = health::standing(&door).await;
    let pinned = door.gate.pinned();
    let bundle = &pinned.estate.bundle;
    let name = bundle.config().name.as_deref().unwrap_or("estate");
    let content = html! {
        @if let Some(why) = door.gate.broken() {
            section.alert role="alert" {
                h2 { "The rules on disk are not in force" }
                p { "They do not compile. The bundle below stays in force until they do." }
                pre { (why) }
            }
        }
        dl {
            dt { "Ledger" } dd { code { (door.gate.origin()) } ", " (rows.size) " entries" }
            dt { "Bundle in force" }
            dd { code { (bundle.digest()) } ", " (bundle.policies().rules().len()) " rules" }
            dt { "Ledger key" } dd { code { (door.gate.verifier()) } }
        }
        (budgets::section(standing))
        (sweep(door.gate.latest().as_deref()))
        h2 { "Last decisions" }
        (decisions::table(&rows.rows, "The newest entries of the ledger"))
        p { a href="/decisions" { "All entries" } }
    };
    layout::page(name, &content)
}

fn sweep(checked: Option<&Checked>) -> Markup {
    let Some(checked) = checked else {
        return html! { h2 { "The estate's files" } p { "They have not been judged yet." } };
    };
    let report = &checked.report;
    let count = |word: &str| report.subjects.iter().filter(|subject| subject.verdict == word).count();
    // What refuses stands first, else in the order of the report.
    let mut findings: Vec<&FindingRow> = report.findings.iter().collect();
    findings.sort_by_key(|row| Reverse(Effect::from_word(row.effect)));
    let left = findings.len().saturating_sub(FINDINGS);
    html! {
        h2 { "The estate's files" }
        table {
            caption { "Objects by verdict, in the latest sweep" }
            thead { tr { th scope="col" { "Verdict" } th scope="col" { "Objects" } } }
            tbody {
                @for word in ["deny", "undecidable", "allow"] {
                    tr { th scope="row" { (layout::badge(word)) } td.number { (count(word)) } }
                }
            }
        }
        @if findings.is_empty() {
            p { "Nothing was found." }
        } @else {
            h3 { "Findings" }
            ul.findings { @for row in findings.into_iter().take(FINDINGS) { (finding(row, checked)) } }
            @if left > 0 { p { "And " (left) " more: run " code { "tollgate check" } "." } }
        }
        (skipped(&report.skipped))
    }
}

fn finding(row: &FindingRow, checked: &Checked) -> Markup {
    let subject = row.subject.and_then(|at| checked.report.subjects.get(at));
    let quoted = row.file.as_deref().zip(row.line);
    let quoted = quoted.and_then(|(file, line)| Some((line, checked.sources.line(file, line)?)));
    html! {
        li.finding {
            p {
                (layout::badge(row.effect)) " " code { (row.rule) } " " (row.message)
                @if let Some(subject) = subject {
                    " \u{b7} " (subject.kind) " " (subject.name.as_deref().unwrap_or("*"))
                }
            }
            @if let Some(file) = &row.file {
                p.place {
                    code {
                        (file)
                        @if let Some(line) = row.line { ":" (line) }
                        @if let Some(column) = row.column { ":" (column) }
                    }
                }
            }
            @if let Some((line, text)) = quoted {
                pre { span.line-number { (line) " | " } (text) }
            }
            dl {
                @if let Some(expected) = &row.expected { dt { "Expected" } dd { code { (expected) } } }
                @if let Some(found) = &row.found { dt { "Found" } dd { code { (found) } } }
                @if let Some(remedy) = &row.remedy { dt { "Remedy" } dd { (remedy) } }
                @if let Some(place) = &row.policy {
                    dt { "Policy" } dd { code { (place.file) ":" (place.line) ":" (place.column) } }
                }
                @if let Some(note) = &row.exception {
                    dt { "Exception" }
                    dd { (note.name) ", granted by " (note.owner) " until " (note.expires) ": " (note.reason) }
                }
            }
        }
    }
}

fn skipped(rows: &[SkippedRow]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    html! {
        details {
            summary { (rows.len()) " files or parts were not judged" }
            ul { @for row in rows.iter().take(FINDINGS) { li { code { (row.file) } ": " (row.reason) } } }
        }
    }
}
