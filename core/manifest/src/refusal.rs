//! What an object is denied for before any judge sees it.

use tollgate_vocabulary::{Effect, Finding, Origin, Path, RuleId, Severity};

use crate::Span;
use crate::doubt::Doubt;

/// One place that can be read in more than one way. Its texts never hold a value that is masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `reading.duplicate-key`, `reading.ambiguous-scalar` and so on
    pub rule: RuleId,
    /// what is wrong
    pub message: String,
    /// where in the object
    pub path: Path,
    /// where in the file
    pub span: Span,
    /// what should stand there
    pub expected: Option<String>,
    /// what stands there
    pub found: Option<String>,
    /// what mends it
    pub remedy: Option<String>,
}

impl Refusal {
    /// The finding that denies the subject; its span stays outside of all that is digested.
    #[must_use]
    pub fn into_finding(self, subject: usize) -> Finding {
        Finding {
            rule: self.rule,
            origin: Origin::Reading,
            effect: Effect::Deny,
            severity: Severity::High,
            message: self.message,
            subject,
            path: self.path,
            expected: self.expected,
            found: self.found,
            remedy: self.remedy,
            policy: None,
            exception: None,
        }
    }

    /// The refusal of a doubt; where its value is masked, the texts that hold the value are left out.
    pub(crate) fn of(doubt: Doubt, masked: bool) -> Self {
        let shown = |text: Option<String>| text.filter(|_| !masked);
        let remedy = if masked { Some("write the value in quotes".to_owned()) } else { doubt.remedy };
        Self {
            rule: RuleId::new(doubt.rule),
            message: doubt.message,
            path: doubt.path,
            span: doubt.span,
            expected: shown(doubt.expected),
            found: shown(doubt.found),
            remedy,
        }
    }
}
