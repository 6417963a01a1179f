//! The judge `policy`: asks the estate's rules, then applies their modes and the exceptions.

use std::sync::Arc;

use tollgate_policy::{Head, NamespaceFact, Outcome, Rule, RuleError, Subject as Asked, Violation, Weight};
use tollgate_vocabulary::{Effect, Fact, Finding, Judge, Origin, Path, Question, Severity};

use super::soften::{apply_exception, apply_mode};
use crate::{Bundle, Change, Facts, Home, Mode, Subject, Surface};

const NO_NAMESPACE: &str = "the manifest names no namespace, so whoever applies it will choose one";

/// What came of asking.
pub(super) struct Answered {
    /// whether any rule was in scope
    pub(super) judged: bool,
    /// what must be learned first
    pub(super) need: Option<Question>,
    /// what was read
    pub(super) read: Option<Question>,
    /// what was found, in the order of the rules
    pub(super) findings: Vec<Finding>,
}

pub(super) fn judge(bundle: &Bundle, change: &Change, subject: &Subject, facts: &Facts) -> Answered {
    let time = change.at;
    let surface = match change.surface {
        Surface::Files => tollgate_policy::Surface::Files,
        Surface::Admission => tollgate_policy::Surface::Admission,
    };
    let question = match &subject.home {
        Home::Namespace(name) => Some(Question::Namespace(Arc::clone(name))),
        Home::Cluster | Home::Unknown => None,
    };
    let namespace = match (&subject.home, question.as_ref().map(|question| facts.answer(question))) {
        (Home::Unknown, _) => NamespaceFact::Unavailable(NO_NAMESPACE),
        (_, None | Some(Fact::Absent { .. })) => NamespaceFact::Absent,
        (_, Some(Fact::Known { value, .. })) => NamespaceFact::Known(value),
        (_, Some(Fact::Unavailable { why })) => NamespaceFact::Unavailable(why),
        (_, Some(Fact::NotGathered)) => NamespaceFact::Missing,
    };
    let judgement =
        bundle.policies().judge(&Asked { request: &subject.request, at: time, namespace, surface });

    let read = question.clone().filter(|_| judgement.read_namespace);
    let mut answered = Answered { judged: judgement.asked, need: None, read, findings: Vec::new() };
    for outcome in judgement.outcomes {
        let Some(rule) = bundle.policies().rules().get(outcome.rule) else { continue };
        if matches!(outcome.error, Some(RuleError::NeedsNamespace)) {
            answered.need.clone_from(&question);
        }
        let mode = bundle.config().mode(&rule.id);
        let own = match outcome.weight {
            Weight::Full => Mode::Enforce,
            Weight::Warn => Mode::Warn,
            Weight::Note => Mode::Audit,
        };
        let excuse = |finding| apply_exception(finding, bundle, subject, time);
        let findings = findings_of(outcome, rule, excuse);
        let softened = findings.into_iter().map(|finding| apply_mode(apply_mode(finding, own), mode));
        answered.findings.extend(softened);
    }
    answered
}

/// What an outcome says. Only what a rule wants to refuse can be excused; that it failed, or that a fact is missing,
/// cannot.
fn findings_of(outcome: Outcome, rule: &Rule, excuse: impl Fn(Finding) -> Finding) -> Vec<Finding> {
    let plain = |effect, message: String| Finding {
        rule: rule.id.clone(),
        origin: Origin::Judge(Judge::Policy),
        effect,
        severity: rule.severity,
        message,
        subject: 0,
        path: Path::root(),
        expected: None,
        found: None,
        remedy: rule.remedy.as_deref().map(str::to_owned),
        policy: Some(rule.place.clone()),
        exception: None,
    };
    let found = |violation: Violation| {
        let Violation { message, severity, path, expected, found, remedy, condition } = violation;
        let effect = if rule.head == Head::Warn { Effect::Warn } else { Effect::Deny };
        let base = plain(effect, message);
        excuse(Finding {
            severity: severity.unwrap_or(rule.severity),
            path: path.unwrap_or_default(),
            expected,
            found,
            remedy: remedy.or(base.remedy.clone()),
            policy: condition.or(base.policy.clone()),
            ..base
        })
    };
    let failed = |error: RuleError| match error {
        RuleError::NeedsNamespace | RuleError::NamespaceUnavailable(_) => {
            let missing = plain(Effect::Undecidable, error.to_string());
            Finding { path: Path::of_keys(&["metadata", "namespace"]), remedy: None, ..missing }
        }
        error => {
            let failed = plain(Effect::Deny, format!("the rule failed: {error}"));
            let place = match error {
                RuleError::Runtime { place: Some(place), .. } => place,
                _ => rule.place.clone(),
            };
            Finding { severity: Severity::High, policy: Some(place), remedy: None, ..failed }
        }
    };
    outcome.violations.into_iter().map(found).chain(outcome.error.map(failed)).collect()
}
