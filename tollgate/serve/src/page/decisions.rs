//! All entries of the ledger, newest first, a page at a time.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use tollgate_ledger::Kind;

use super::layout;
use super::ledger::{self, Row};
use crate::door::Door;

/// Entries on a page.
const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    before: Option<u64>,
}

/// `GET /decisions[?before=INDEX]`
pub(super) async fn show(State(door): State<Arc<Door>>, Query(asked): Query<Asked>) -> Response {
    let rows = match super::read(&door, move |reader| ledger::rows(reader, asked.before, PAGE)).await {
        Ok(rows) => rows,
        Err(response) => return *response,
    };
    let older = rows.rows.last().map(|row| row.index).filter(|index| *index > 0);
    let newer =
        rows.rows.first().map(|row| row.index.saturating_add(PAGE + 1)).filter(|_| asked.before.is_some());
    let caption = match (rows.rows.last(), rows.rows.first()) {
        (Some(oldest), Some(newest)) => {
            format!("Entries {} to {} of {}", oldest.index, newest.index, rows.size)
        }
        _ => format!("No entries here; the ledger has {}", rows.size),
    };
    let content = html! {
        (table(&rows.rows, &caption))
        nav aria-label="Paging" {
            @if asked.before.is_some() { a href="/decisions" { "Newest" } }
            @if let Some(before) = newer.filter(|before| *before < rows.size) {
                a rel="prev" href={ "/decisions?before=" (before) } { "Newer" }
            }
            @if let Some(before) = older { a rel="next" href={ "/decisions?before=" (before) } { "Older" } }
        }
    };
    layout::page("Decisions", &content)
}

/// Entries as a table.
pub(super) fn table(rows: &[Row], caption: &str) -> Markup {
    html! {
        table {
            caption { (caption) }
            thead {
                tr {
                    th scope="col" { "Entry" }
                    th scope="col" { "Decision" }
                    th scope="col" { "Verdict" }
                    th scope="col" { "What" }
                    th scope="col" { "Who" }
                    th scope="col" { "When" }
                }
            }
            tbody { @for row in rows { (line(row)) } }
        }
    }
}

fn line(row: &Row) -> Markup {
    html! {
        tr {
            td.number { (row.index) }
            td { a href={ "/decisions/" (row.id()) } { code { (row.id()) } } }
            @match &row.told {
                Some(told) => {
                    td { (layout::badge(told.verdict.ruling.word())) }
                    td { (what(&told.subjects)) }
                    td { (told.actor) }
                    td { time datetime=(told.at) { (told.at) } }
                }
                None => {
                    td { (row.kind) }
                    td colspan="3" {
                        @if row.redacted { "The body was deleted." }
                        @else if row.kind == Kind::Decision { "The body cannot be read." }
                    }
                }
            }
        }
    }
}

fn what(subjects: &[String]) -> Markup {
    html! {
        @match subjects {
            [] => "nothing",
            [one] => (one),
            [first, rest @ ..] => { (first) " and " (rest.len()) " more" }
        }
    }
}
