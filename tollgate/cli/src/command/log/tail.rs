//! `tollgate log tail`: the newest entries, a line each.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use tollgate_flow::decision_id;
use tollgate_gate::decision::read;
use tollgate_ledger::Kind;
use tollgate_store::StoredEntry;

use super::Format;
use crate::exit::Exit;
use crate::ledger;
use crate::output::{Failure, print, visible};

/// How often a followed ledger is looked at.
const POLL: Duration = Duration::from_millis(300);

/// Entries read at once.
const STEP: u64 = 1_000;

pub(super) fn run(data: &Path, lines: u64, follow: bool, format: Format) -> Result<Exit, Failure> {
    let mut reader = ledger::open(data)?;
    let mut next = reader.view().size()?.saturating_sub(lines);
    loop {
        let size = reader.view().size()?;
        while next < size {
            let end = (next + STEP).min(size);
            let entries = reader.view().entries(next..end)?;
            print(&entries.iter().map(|entry| line(entry, format)).collect::<String>())?;
            next = end;
        }
        if !follow {
            return Ok(Exit::Allow);
        }
        sleep(POLL);
        reader.refresh()?;
    }
}

fn line(entry: &StoredEntry, format: Format) -> String {
    let id = decision_id(&entry.leaf);
    let body = entry.body.as_ref().map(|body| body.bytes.as_slice());
    let told = body.filter(|_| entry.kind() == Kind::Decision).and_then(|body| read(body).ok());
    if format == Format::Json {
        let mut row = json!({
            "index": entry.index, "id": id, "leaf": entry.leaf.to_string(), "kind": entry.kind().word(),
            "redacted": body.is_none(),
        });
        if let Some(told) = told {
            row["at"] = told.at.to_string().into();
            row["verdict"] = told.verdict.ruling.word().into();
            row["actor"] = told.actor.into();
            row["phase"] = told.phase.into();
            row["subjects"] = told.subjects.into();
        }
        return format!("{row}\n");
    }
    let what = match told {
        None if body.is_none() => format!("{} (body deleted)", entry.kind()),
        None => entry.kind().to_string(),
        Some(told) => {
            let subject = told.subjects.first().map(String::as_str).unwrap_or_default();
            let more = match told.subjects.len() {
                0 | 1 => String::new(),
                several => format!(" and {} more", several - 1),
            };
            let ruling = told.verdict.ruling.word();
            format!("{}  {ruling:<11}  {subject}{more}  by {} ({})", told.at, told.actor, told.phase)
        }
    };
    format!("{:>6}  {id}  {}\n", entry.index, visible(&what))
}
