//! What all pages have: head, navigation, the look of a verdict and of a finding.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use tollgate_vocabulary::Finding;

/// A whole page.
pub(super) fn page(title: &str, content: &Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " \u{b7} Tollgate" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#content" { "Skip to content" }
                header {
                    p.brand { "Tollgate" }
                    nav aria-label="Pages" {
                        a href="/" { "Now" }
                        a href="/decisions" { "Decisions" }
                        a href="/log/checkpoint" { "Checkpoint" }
                    }
                }
                main #content { h1 { (title) } (content) }
            }
        }
    };
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], markup.into_string()).into_response()
}

/// A page that says what is wrong.
pub(super) fn error(status: StatusCode, why: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    let mut response = page(title, &html! { p { (why) } });
    *response.status_mut() = status;
    response
}

/// A verdict or an effect: the word, and a sign; never colour alone.
pub(super) fn badge(word: &str) -> Markup {
    let sign = match word {
        "allow" => "\u{2713}",
        "deny" => "\u{2715}",
        "undecidable" => "?",
        "warn" => "!",
        _ => "i",
    };
    html! { span.badge.(word) { span aria-hidden="true" { (sign) " " } (word) } }
}

/// One finding of a decision.
pub(super) fn finding(finding: &Finding, subject: Option<&str>) -> Markup {
    html! {
        li.finding {
            p {
                (badge(finding.effect.word())) " " code { (finding.rule) } " "
                (finding.message)
            }
            dl {
                @if let Some(subject) = subject { dt { "Subject" } dd { (subject) } }
                @if !finding.path.is_root() { dt { "Path" } dd { code { (finding.path) } } }
                @if let Some(expected) = &finding.expected { dt { "Expected" } dd { code { (expected) } } }
                @if let Some(found) = &finding.found { dt { "Found" } dd { code { (found) } } }
                @if let Some(remedy) = &finding.remedy { dt { "Remedy" } dd { (remedy) } }
                @if let Some(place) = &finding.policy {
                    dt { "Policy" } dd { code { (place.file) ":" (place.line) ":" (place.column) } }
                }
                @if let Some(note) = &finding.exception {
                    dt { "Exception" }
                    dd { (note.name) ", granted by " (note.owner) " until " (note.expires) ": " (note.reason) }
                }
            }
        }
    }
}
