//! What softens a finding: an exception, and the mode of its rule.

use std::sync::Arc;

use tollgate_vocabulary::{Effect, ExceptionNote, Finding, Timestamp};

use crate::{Bundle, Mode, Subject};

/// An exception that covers a denial turns it into a note that names who answers for it.
pub(super) fn apply_exception(
    finding: Finding,
    bundle: &Bundle,
    subject: &Subject,
    time: Timestamp,
) -> Finding {
    let is_denial = finding.effect == Effect::Deny;
    let covers =
        |exception: &&crate::Exception| is_denial && exception.covers(&finding.rule, &subject.identity, time);
    match bundle.exceptions().iter().find(covers) {
        None => finding,
        Some(exception) => Finding {
            effect: Effect::Info,
            exception: Some(ExceptionNote {
                name: Arc::clone(&exception.name),
                owner: Arc::clone(&exception.owner),
                reason: Arc::clone(&exception.reason),
                expires: exception.expires,
            }),
            ..finding
        },
    }
}

/// What a rule may do: warn softens what would refuse, audit leaves only a note.
pub(super) fn apply_mode(finding: Finding, mode: Mode) -> Finding {
    let effect = match (mode, finding.effect) {
        (Mode::Enforce, effect) => effect,
        (Mode::Warn, Effect::Deny | Effect::Undecidable) => Effect::Warn,
        (Mode::Warn, effect) => effect,
        (Mode::Audit, _) => Effect::Info,
    };
    Finding { effect, ..finding }
}
