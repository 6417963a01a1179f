//! `tollgate log show`: an entry, opened, with the proof that the ledger holds it.
//!
//! The proof is checked before it is printed. Salts are printed only as JSON: whoever has them can open the entry's
//! commitments to anybody.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tollgate_flow::decision_id;
use tollgate_ledger::{Checkpoint, Sealed, verify_inclusion};
use tollgate_store::{StoredEntry, View};
use tollgate_vocabulary::Digest;

use super::Format;
use crate::exit::Exit;
use crate::ledger;
use crate::output::{Failure, print, visible};

struct Proof {
    size: u64,
    root: Digest,
    hashes: Vec<Digest>,
    /// the newest signed checkpoint, where it covers the entry
    checkpoint: Option<String>,
}

pub(super) fn run(data: &Path, name: &str, format: Format) -> Result<Exit, Failure> {
    let reader = ledger::open(data)?;
    let entry = ledger::find(reader.view(), name)?;
    let proof = prove(reader.view(), &entry)?;
    print(&match format {
        Format::Text => text(&entry, &proof)?,
        Format::Json => format!("{}\n", json(&entry, &proof)),
    })?;
    Ok(Exit::Allow)
}

/// The proof that leads to the newest checkpoint, or to the tree of now where none covers the entry yet.
fn prove(view: View<'_>, entry: &StoredEntry) -> Result<Proof, Failure> {
    let covering = view.newest_checkpoint()?.and_then(|note| {
        let checkpoint = Checkpoint::unverified(note.as_bytes()).ok()?;
        (entry.index < checkpoint.size).then_some((checkpoint.size, note))
    });
    let (size, checkpoint) = match covering {
        Some((size, note)) => (size, Some(note)),
        None => (view.size()?, None),
    };
    let (hashes, root) = (view.inclusion_proof(entry.index, size)?, view.root_at(size)?);
    verify_inclusion(&entry.leaf, entry.index, size, &hashes, &root)
        .map_err(|error| format!("the proof does not verify, run `tollgate log verify`: {error}"))?;
    Ok(Proof { size, root, hashes, checkpoint })
}

fn text(entry: &StoredEntry, proof: &Proof) -> Result<String, Failure> {
    let mut text = format!("{}: entry {}, {}\n", decision_id(&entry.leaf), entry.index, entry.kind());
    let _ = writeln!(text, "leaf {}\n", entry.leaf);
    match &entry.body {
        None => text.push_str("its body was deleted\n"),
        Some(body) => {
            let body: Value = serde_json::from_slice(&body.bytes)?;
            let pretty = serde_json::to_string_pretty(&body)?;
            text.extend(pretty.lines().map(|line| format!("{}\n", visible(line))));
        }
    }
    let _ = writeln!(
        text,
        "\ninclusion proof in the tree of {} entries (checked), lowest hash first:",
        proof.size
    );
    for hash in &proof.hashes {
        let _ = writeln!(text, "  {hash}");
    }
    let _ = writeln!(text, "  root {}", proof.root);
    match &proof.checkpoint {
        Some(note) => {
            text.push_str("\ncheckpoint:\n");
            text.extend(note.lines().map(|line| {
                if line.is_empty() { "\n".to_owned() } else { format!("  {}\n", visible(line)) }
            }));
        }
        None => {
            text.push_str("\nno checkpoint covers it yet; one follows within a second while a gate runs\n")
        }
    }
    Ok(text)
}

fn json(entry: &StoredEntry, proof: &Proof) -> Value {
    let sealed = |sealed: &Sealed| {
        let bytes = serde_json::from_slice::<Value>(&sealed.bytes).unwrap_or(Value::Null);
        json!({"salt": hex(&sealed.salt.0), "text": String::from_utf8_lossy(&sealed.bytes), "value": bytes})
    };
    json!({
        "index": entry.index,
        "id": decision_id(&entry.leaf),
        "kind": entry.kind().word(),
        "leaf": entry.leaf.to_string(),
        "entry": hex(&entry.entry.encode()),
        "effects": sealed(&entry.effects),
        "body": entry.body.as_ref().map(sealed),
        "proof": {
            "size": proof.size,
            "root": proof.root.to_string(),
            "hashes": proof.hashes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
        "checkpoint": proof.checkpoint,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
