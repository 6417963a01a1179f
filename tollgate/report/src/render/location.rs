//! Where a finding is shown.

use crate::{FindingRow, Report, SubjectRow};

/// A stretch of a file that a forge can point at.
pub(super) struct Location<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) end_line: Option<usize>,
    /// just behind the last character
    pub(super) end_column: Option<usize>,
}

/// The finding's own place; else where its subject begins; else where its rule stands.
pub(super) fn of<'a>(report: &'a Report, finding: &'a FindingRow) -> Option<Location<'a>> {
    let begins = |file, line: Option<usize>| Location {
        file,
        line: line.unwrap_or(1),
        column: None,
        end_line: None,
        end_column: None,
    };
    if let Some(file) = finding.file.as_deref() {
        let Some(line) = finding.line else { return Some(begins(file, None)) };
        let FindingRow { column, end_line, end_column, .. } = *finding;
        return Some(Location { file, line, column, end_line, end_column });
    }
    let subject = subject(report, finding);
    if let Some((file, subject)) = subject.and_then(|subject| Some((subject.file.as_deref()?, subject))) {
        return Some(begins(file, subject.line));
    }
    finding.policy.as_ref().map(|policy| Location {
        column: Some(policy.column),
        ..begins(policy.file.as_str(), Some(policy.line))
    })
}

/// The subject of a finding.
pub(super) fn subject<'a>(report: &'a Report, finding: &FindingRow) -> Option<&'a SubjectRow> {
    report.subjects.get(finding.subject?)
}

/// `Deployment shop/api`
pub(super) fn name(subject: &SubjectRow) -> String {
    let name = subject.name.as_deref().unwrap_or("(no name)");
    match &subject.namespace {
        Some(namespace) => format!("{} {namespace}/{name}", subject.kind),
        None => format!("{} {name}", subject.kind),
    }
}

/// `Deployment shop/api spec.replicas`, as much of it as there is; empty where a file is concerned.
pub(super) fn object(report: &Report, finding: &FindingRow) -> String {
    let name = subject(report, finding).map(name);
    let path = Some(finding.path.clone()).filter(|path| !path.is_empty());
    name.into_iter().chain(path).collect::<Vec<_>>().join(" ")
}

/// `deploy/api.yaml:7:35`, as much of it as there is.
pub(super) fn written(file: &str, line: Option<usize>, column: Option<usize>) -> String {
    let number = |number: Option<usize>| number.map(|number| format!(":{number}")).unwrap_or_default();
    format!("{file}{}{}", number(line), number(line.and(column)))
}

/// The file as a forge names it: without `./` in front.
pub(super) fn relative(file: &str) -> &str {
    file.strip_prefix("./").unwrap_or(file)
}
