//! `check --quote`: signs what each object costs, for admission to redeem once.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tollgate_flow::{Checked, Estate, sign_quote};
use tollgate_gate::quote::{ANNOTATION, Quote};
use tollgate_keys::Keyring;
use tollgate_ledger::Origin;

use crate::command::cost::document;
use crate::installation;
use crate::output::{Failure, write_file};
use crate::settings::Settings;

#[derive(Serialize)]
struct Row {
    object: String,
    expected_month: String,
    worst_month: String,
    expires: String,
    annotation: &'static str,
    quote: String,
}

/// Signs with the key of this installation, and writes all quotes as JSON. What is not allowed gets none.
pub(super) fn write(
    file: &Path,
    hours: u32,
    checked: &Checked,
    estate: &Estate,
    at: Timestamp,
    settings: &Settings,
) -> Result<(), Failure> {
    if checked.report.verdict != "allow" {
        say!("quotes: none, since it is not allowed");
        return Ok(());
    }
    let cost = estate.bundle.cost().ok_or("the estate has no prices, so nothing can be quoted")?;
    let config = estate.bundle.config();
    let origin: Origin = format!("tollgate.dev/{}", installation::name(config)).parse()?;
    let (keyring, made) = Keyring::open_or_create(&installation::data_dir(config, settings)?, &origin)?;
    if made {
        say!("keys: made in `{}`, readable by you alone; keep a copy", keyring.dir().display());
    }
    let expires = at.checked_add(SignedDuration::from_hours(i64::from(hours)))?;
    let mut rows = Vec::new();
    for subject in checked.costs.iter().filter(|subject| subject.own) {
        let quote = Quote::of(subject, cost.book.digest(), expires)
            .ok_or_else(|| format!("what `{}` costs is more than an amount can be", subject.object))?;
        rows.push(Row {
            object: quote.object.to_string(),
            expected_month: quote.expected.to_string(),
            worst_month: quote.worst.to_string(),
            expires: quote.expires.to_string(),
            annotation: ANNOTATION,
            quote: sign_quote(&quote, &origin, keyring.ledger())?,
        });
    }
    write_file(file, document(&rows)?.as_bytes())?;
    say!("quotes: {} in `{}`, signed by {}", rows.len(), file.display(), keyring.verifier());
    Ok(())
}
