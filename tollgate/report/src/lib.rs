//! The report: one shape for what a person or a program is told, and everything that is rendered from it.
//!
//! ```text
//! Verdict + places ──(flow)──> Report ──┬─> text, with source lines and carets
//!                                       ├─> json (frozen), yaml
//!                                       └─> sarif, github, gitlab, junit, markdown, html
//! ```
//!
//! Schema `tollgate/report/v1`, frozen. Verdicts name places as object and path; here, outside every digest, file,
//! line and column are added. A renderer adds nothing that the report does not say, but for source lines.

mod render;
mod source;

use serde::Serialize;

pub use render::{Format, Style, UnknownFormat, render};
pub use source::{Place, Source, Sources};

/// Schema of the report.
pub const SCHEMA: &str = "tollgate/report/v1";

/// What was judged and found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// `allow`, `deny` or `undecidable`
    pub verdict: &'static str,
    /// digest of the bundle judged under
    pub bundle: String,
    /// by judge: `judged` or `not judged`
    pub judges: Judges,
    /// what was judged
    pub subjects: Vec<SubjectRow>,
    /// what was found
    pub findings: Vec<FindingRow>,
    /// what was not judged, and why
    pub skipped: Vec<SkippedRow>,
}

/// By judge, in their order: `judged` or `not judged`.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "the six judges")]
pub struct Judges {
    pub identity: &'static str,
    pub provenance: &'static str,
    pub policy: &'static str,
    pub cost: &'static str,
    pub drift: &'static str,
    pub anomaly: &'static str,
}

/// One thing that was judged.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubjectRow {
    /// file, as the user would recognise it
    pub file: Option<String>,
    /// line where the object begins
    pub line: Option<usize>,
    /// `group/version`
    pub api_version: String,
    /// kind
    pub kind: String,
    /// namespace, where it names one
    pub namespace: Option<String>,
    /// name, or the prefix it will be made from and `*`
    pub name: Option<String>,
    /// `CREATE`, `UPDATE`, `DELETE`, `CONNECT`
    pub operation: &'static str,
    /// `allow`, `deny` or `undecidable`
    pub verdict: &'static str,
    /// what it costs, where the estate has prices and it costs anything
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostRow>,
}

/// What a subject costs. Amounts are decimal numbers as text, rounded half up to nine digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CostRow {
    /// ISO 4217
    pub currency: String,
    /// as written, in a month of 730 hours
    pub expected_month: String,
    /// as far as it may grow, in a month of 730 hours
    pub worst_month: String,
    /// its dearest hour
    pub peak_hour: String,
    /// what the change adds to the expected month; negative where it takes away
    pub change_month: String,
    /// the budgets that cover it, and what the whole change does to them
    pub budgets: Vec<BudgetRow>,
    /// paths of what has no bound, which no figure holds
    pub unbounded: Vec<String>,
    /// what has no price, which no figure holds
    pub unpriced: Vec<String>,
}

/// What a subject does to a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetRow {
    /// its name
    pub name: String,
    /// percent of it that is spoken for before
    pub before_percent: String,
    /// and after
    pub after_percent: String,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingRow {
    /// rule id
    pub rule: String,
    /// a judge's word, `reading` or `gate`
    pub judge: &'static str,
    /// `deny`, `undecidable`, `warn` or `info`
    pub effect: &'static str,
    /// `info`, `low`, `medium`, `high` or `critical`
    pub severity: &'static str,
    /// what is wrong
    pub message: String,
    /// index into `subjects`; null where a whole file is concerned
    pub subject: Option<usize>,
    /// path in the object
    pub path: String,
    /// file
    pub file: Option<String>,
    /// from 1
    pub line: Option<usize>,
    /// in characters, from 1
    pub column: Option<usize>,
    /// line of the end
    pub end_line: Option<usize>,
    /// column just behind the last character
    pub end_column: Option<usize>,
    /// what the rule wants
    pub expected: Option<String>,
    /// what stands there
    pub found: Option<String>,
    /// how to mend it
    pub remedy: Option<String>,
    /// where the rule stands
    pub policy: Option<PolicyRow>,
    /// the exception that softened it
    pub exception: Option<ExceptionRow>,
}

/// Where a rule stands.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyRow {
    /// relative to the estate's root
    pub file: String,
    /// from 1
    pub line: usize,
    /// from 1
    pub column: usize,
}

/// An exception that softened a finding.
#[derive(Clone, Debug, Serialize)]
pub struct ExceptionRow {
    /// its name
    pub name: String,
    /// who answers for it
    pub owner: String,
    /// why
    pub reason: String,
    /// until when, RFC 3339
    pub expires: String,
}

/// What was not judged.
#[derive(Clone, Debug, Serialize)]
pub struct SkippedRow {
    /// file or folder
    pub file: String,
    /// why
    pub reason: String,
}
