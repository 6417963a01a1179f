//! JUnit XML: a test case for each subject and for each file that no subject came of. A denial is a failure, what
//! could not be decided an error; a warning is written down and fails nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::inert::{visible, visible_lines};
use super::{location, story, summary};
use crate::{FindingRow, Report};

pub(super) fn render(report: &Report) -> String {
    let cases = cases(report);
    let count = |outcome| cases.iter().filter(|case| case.outcome() == outcome).count();
    let totals = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.len() + report.skipped.len(),
        count(Outcome::Failure),
        count(Outcome::Error),
        report.skipped.len(),
    );
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tollgate\" {totals}>\n  \
         <testsuite name=\"tollgate\" {totals}>\n    <properties>\n      \
         <property name=\"verdict\" value=\"{}\"/>\n      <property name=\"bundle\" value=\"{}\"/>\n    \
         </properties>\n",
        report.verdict,
        escaped(&report.bundle),
    );
    for case in &cases {
        case.write(report, &mut xml);
    }
    for row in &report.skipped {
        let (file, reason) = (escaped(&row.file), escaped(&row.reason));
        let _ = writeln!(
            xml,
            "    <testcase classname=\"{file}\" name=\"skipped\">\n      <skipped message=\"{reason}\"/>\n    \
             </testcase>"
        );
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

struct Case<'a> {
    file: Option<&'a str>,
    name: String,
    findings: Vec<&'a FindingRow>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Pass,
    Failure,
    Error,
}

fn cases(report: &Report) -> Vec<Case<'_>> {
    let mut by_subject: BTreeMap<usize, Vec<&FindingRow>> = BTreeMap::new();
    let mut by_file: BTreeMap<Option<&str>, Vec<&FindingRow>> = BTreeMap::new();
    for finding in summary::concerning(report) {
        match finding.subject {
            Some(subject) => by_subject.entry(subject).or_default().push(finding),
            None => by_file.entry(finding.file.as_deref()).or_default().push(finding),
        }
    }
    let subjects = report.subjects.iter().enumerate().map(|(index, subject)| Case {
        file: subject.file.as_deref(),
        name: location::name(subject),
        findings: by_subject.remove(&index).unwrap_or_default(),
    });
    let mut cases: Vec<_> = subjects.collect();
    let files =
        by_file.into_iter().map(|(file, findings)| Case { file, name: "reading".to_owned(), findings });
    cases.extend(files);
    cases
}

impl Case<'_> {
    fn outcome(&self) -> Outcome {
        let any = |effect| self.findings.iter().any(|finding| finding.effect == effect);
        match (any("deny"), any("undecidable")) {
            (true, _) => Outcome::Failure,
            (false, true) => Outcome::Error,
            (false, false) => Outcome::Pass,
        }
    }

    fn write(&self, report: &Report, xml: &mut String) {
        let file = self.file.map(|file| format!(" file=\"{}\"", escaped(file))).unwrap_or_default();
        let class = escaped(self.file.unwrap_or("tollgate"));
        let _ = write!(xml, "    <testcase classname=\"{class}\" name=\"{}\"{file}", escaped(&self.name));
        let Some(worst) = self.findings.first() else {
            xml.push_str("/>\n");
            return;
        };
        let text: Vec<_> = self.findings.iter().map(|finding| told(report, finding)).collect();
        let text = escaped_lines(&text.join("\n\n"));
        let (message, rule) = (escaped(&worst.message), escaped(&worst.rule));
        let _ = match self.outcome() {
            Outcome::Failure => {
                write!(xml, ">\n      <failure message=\"{message}\" type=\"{rule}\">{text}</failure>")
            }
            Outcome::Error => {
                write!(xml, ">\n      <error message=\"{message}\" type=\"{rule}\">{text}</error>")
            }
            Outcome::Pass => write!(xml, ">\n      <system-out>{text}</system-out>"),
        };
        xml.push_str("\n    </testcase>\n");
    }
}

fn told(report: &Report, finding: &FindingRow) -> String {
    let place = location::of(report, finding).map(|place| {
        format!("{}: ", visible(&location::written(place.file, Some(place.line), place.column)))
    });
    let lines = story::lines(report, finding).join("\n  ");
    format!("{}{}: {lines}", place.unwrap_or_default(), story::title(finding))
}

/// Text that is inert in XML 1.0, in attributes and between tags.
fn escaped(text: &str) -> String {
    markup(&visible(text))
}

fn escaped_lines(text: &str) -> String {
    markup(&visible_lines(text))
}

fn markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}
