//! A finding told in plain lines, for programs that show one text.

use super::inert::visible;
use super::location;
use crate::{FindingRow, Report};

/// Message; what was wanted; which object; how to mend it. Each on a line of its own, nothing in them acts.
pub(super) fn lines(report: &Report, finding: &FindingRow) -> Vec<String> {
    let object = Some(location::object(report, finding)).filter(|object| !object.is_empty());
    let more = [
        wanted(finding),
        object.map(|object| format!("in {object}")),
        finding.remedy.as_ref().map(|remedy| format!("help: {remedy}")),
        Some(format!("help: tollgate explain {}", finding.rule)),
    ];
    std::iter::once(finding.message.clone())
        .chain(more.into_iter().flatten())
        .map(|line| visible(&line))
        .collect()
}

/// `deny[cost-centre-format]`
pub(super) fn title(finding: &FindingRow) -> String {
    format!("{}[{}]", finding.effect, visible(&finding.rule))
}

/// What the rule wants and what stands there.
pub(super) fn wanted(finding: &FindingRow) -> Option<String> {
    match (&finding.expected, &finding.found) {
        (Some(expected), Some(found)) => Some(format!("expected {expected}, found {found}")),
        (Some(expected), None) => Some(format!("expected {expected}")),
        (None, Some(found)) => Some(format!("found {found}")),
        (None, None) => None,
    }
}
