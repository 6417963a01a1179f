//! One decision: what was asked, what was found, what it rested on, and the proof that it stands in the ledger.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use tollgate_gate::decision::Told;
use tollgate_vocabulary::{Judge, Value};

use super::ledger::{self, Proved};
use super::{cost, layout};
use crate::door::Door;

/// Subjects shown; the entry's body has all.
const SUBJECTS: usize = 200;

/// `GET /decisions/d-...`
pub(super) async fn show(State(door): State<Arc<Door>>, Path(id): Path<String>) -> Response {
    let Some(prefix) = prefix_of(&id) else {
        return layout::error(StatusCode::NOT_FOUND, "a decision is called `d-` and 16 hex digits");
    };
    let found = match super::read(&door, move |reader| ledger::proved(reader, &prefix)).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    if found.is_empty() {
        return layout::error(StatusCode::NOT_FOUND, "there is no such decision in the ledger");
    }
    let data = door.gate.data().display().to_string();
    let key = door.gate.verifier().to_string();
    let content = html! { @for proved in &found { (one(proved, &data, &key)) } };
    layout::page(&id, &content)
}

/// The bytes that a leaf hash begins with: `d-` and an even number of hex digits, from 8 to 64.
fn prefix_of(id: &str) -> Option<Vec<u8>> {
    let hex = id.strip_prefix("d-")?;
    let right = (8..=64).contains(&hex.len()) && hex.len().is_multiple_of(2);
    if !right || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

fn one(proved: &Proved, data: &str, key: &str) -> Markup {
    let row = &proved.row;
    html! {
        article {
            @match &row.told {
                Some(told) => (told_of(told)),
                None => p {
                    (row.kind)
                    @if row.redacted { ". The body was deleted; a tombstone entry says so." }
                },
            }
            (proof(proved, data, key))
        }
    }
}

fn told_of(told: &Told) -> Markup {
    let authentication = told.value.get("actor").and_then(|actor| actor.get("authentication"));
    let verdict = &told.verdict;
    html! {
        dl {
            dt { "Verdict" } dd { (layout::badge(verdict.ruling.word())) }
            dt { "Who" }
            dd { (told.actor) @if let Some(word) = authentication.and_then(Value::as_str) { " (" (word) ")" } }
            dt { "When" } dd { time datetime=(told.at) { (told.at) } }
            dt { "Phase" } dd { (told.phase) }
            dt { "Bundle" } dd { code { (told.bundle) } }
            dt { "Change" } dd { code { (told.change) } }
        }
        h2 { "Subjects" }
        ul {
            @for (subject, ruling) in told.subjects.iter().zip(&verdict.subjects).take(SUBJECTS) {
                li { (layout::badge(ruling.word())) " " (subject) }
            }
            @if told.subjects.len() > SUBJECTS { li { "and " (told.subjects.len() - SUBJECTS) " more" } }
        }
        h2 { "Findings" }
        @if verdict.findings.is_empty() { p { "Nothing was found." } }
        ul.findings {
            @for finding in &verdict.findings {
                (layout::finding(finding, told.subjects.get(finding.subject).map(String::as_str)))
            }
        }
        (cost::table(told))
        (facts(told))
        table {
            caption { "Judges" }
            thead { tr { th scope="col" { "Judge" } th scope="col" { "Said" } } }
            tbody {
                @for judge in Judge::ALL {
                    tr {
                        th scope="row" { (judge.word()) }
                        td { @if verdict.judged.contains(&judge) { "judged" } @else { "not judged" } }
                    }
                }
            }
        }
    }
}

fn facts(told: &Told) -> Markup {
    let facts = told.value.get("facts").and_then(Value::as_array).unwrap_or_default();
    html! {
        @if !facts.is_empty() {
            table {
                caption { "Facts that were read" }
                thead {
                    tr {
                        th scope="col" { "Question" }
                        th scope="col" { "Answer" }
                        th scope="col" { "Source" }
                        th scope="col" { "Observed" }
                        th scope="col" { "Value's digest, or why there is none" }
                    }
                }
                tbody {
                    @for fact in facts {
                        @let text = |key: &str| fact.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                        tr {
                            td { code { (text("question")) } }
                            td { (text("answer")) }
                            td { (text("source")) }
                            td { (text("observed_at")) }
                            td { code { (text("value")) } (text("why")) }
                        }
                    }
                }
            }
        }
    }
}

fn proof(proved: &Proved, data: &str, key: &str) -> Markup {
    let row = &proved.row;
    html! {
        h2 { "Proof" }
        dl {
            dt { "Entry" } dd { (row.index) }
            dt { "Entry's bytes" } dd { code { (proved.entry) } }
            dt { "Leaf hash" } dd { code { (row.leaf.hex()) } }
            dt { "Root" } dd { code { (proved.root.hex()) } " of " (proved.size) " entries" }
        }
        h3 { "Hashes that lead from the leaf to the root" }
        @if proved.proof.is_empty() { p { "None: the leaf is the root." } }
        ol { @for hash in &proved.proof { li { code { (hash.hex()) } } } }
        h3 { "Signed checkpoint" }
        @match &proved.checkpoint {
            Some(note) => pre { (note) },
            None => p { "No checkpoint covers this entry yet; one follows within a second." },
        }
        h3 { "Verify it offline" }
        p {
            "The leaf hash is SHA-256 of a zero byte and the entry's bytes; with the hashes above it gives the root "
            "(RFC 6962), and the checkpoint signs that root. Whoever asked has a signed receipt in the API server's "
            "audit log. On a copy of the data directory:"
        }
        pre {
            "tollgate log show " (row.id()) " --data " (data) "\n"
            "tollgate log verify --data " (data) " --key '" (key) "'"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::prefix_of;

    #[test]
    fn an_id_is_hex_after_its_prefix() {
        assert_eq!(prefix_of("d-00ff00ff00ff00ff"), Some(vec![0, 255, 0, 255, 0, 255, 0, 255]));
        for wrong in [
            "",
            "d-",
            "d-00",
            "00ff00ff",
            "d-00ff00f",
            "d-zzzzzzzz",
            "d-\u{e9}\u{e9}\u{e9}\u{e9}",
            "d-+1+1+1+1",
        ] {
            assert_eq!(prefix_of(wrong), None, "{wrong}");
        }
        assert_eq!(prefix_of(&format!("d-{}", "0".repeat(66))), None);
    }
}
