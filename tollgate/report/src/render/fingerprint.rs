//! Names for findings that stay when lines move, so that a forge knows an old finding again.

use std::collections::BTreeMap;

use tollgate_vocabulary::Digest;

use super::location;
use crate::{FindingRow, Report};

/// Hands out fingerprints that are unique in a report.
#[derive(Default)]
pub(super) struct Fingerprints(BTreeMap<Digest, usize>);

impl Fingerprints {
    /// SHA-256 over rule, file, object, path and message, each with its length, and how often that came before.
    pub(super) fn of(&mut self, report: &Report, finding: &FindingRow) -> String {
        let file = finding.file.as_deref().unwrap_or_default();
        let object = location::object(report, finding);
        let parts = [finding.rule.as_str(), file, &object, &finding.path, &finding.message];
        let text: String = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
        let digest = Digest::of(text.as_bytes());
        let before = self.0.entry(digest).or_default();
        *before += 1;
        match *before {
            1 => digest.hex(),
            again => format!("{}-{again}", digest.hex()),
        }
    }
}
