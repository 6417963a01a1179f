//! Judges what holds still: a change, facts about the world, and the bundle in force.
//!
//! ```text
//! Subject ─┬─ refusals of reading ──────────────┐
//!          ├─ identity, provenance              │
//!          ├─ policy ── rules, modes, exceptions├──> findings, in one order
//!          ├─ cost, drift, anomaly              │
//!          └─ what the estate requires ─────────┘
//! ```
//!
//! INVARIANT: every judge is asked, also when an earlier one has denied: the report is complete.

mod cost;
mod policy;
mod soften;

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_vocabulary::{
    Digest, Effect, Fact, Finding, Judge, Origin, Path, Question, RuleId, Severity, Timestamp,
};

pub use cost::{Observation, SubjectCost, observe};

use crate::{Bundle, Change, Facts, Phase, Subject, Surface};

/// What judging came to.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is taken apart at once")]
pub enum Step {
    /// all that could be judged was
    Done(Judged),
    /// these must be learned first; in order, each once
    Need(Vec<Question>),
}

/// A judged change: what settling starts from.
#[must_use]
#[derive(Clone, Debug)]
pub struct Judged {
    /// when the change arrived
    pub at: Timestamp,
    /// whether it takes effect if it is allowed
    pub live: bool,
    /// whether nobody asks for it yet: files, whose money is counted over whole periods, whatever the day
    pub planned: bool,
    /// how many subjects it has
    pub subjects: usize,
    /// digest of the bundle it was judged under
    pub bundle: Digest,
    /// digest of the price book, where there is one
    pub prices: Option<Digest>,
    /// the facts that were read, in the order of their questions
    pub facts: Vec<(Question, Fact)>,
    /// what the domains derived
    pub evidence: Evidence,
    /// what the judges found
    pub findings: Vec<Finding>,
    /// what the change would take from contended state
    pub claims: Vec<Claim>,
    /// which judges had rules for this change
    pub judged: Vec<Judge>,
}

/// What the domains derived from change and facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// the digest of each subject's object
    pub objects: Vec<Digest>,
    /// what the subjects that cost anything cost, in order
    pub costs: Vec<SubjectCost>,
}

/// What a change would take from contended state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// one of the changes that a principal may make in a window of time
    Rate {
        /// who, as a keyed token
        principal: String,
        /// how many changes in a window
        changes: u64,
        /// the window's length in seconds
        window: i64,
    },
    /// money, on all budgets that cover an object
    Money {
        /// which subject asks, from 0
        subject: usize,
        /// what it would take
        claim: Box<tollgate_budget::Claim>,
        /// whether it is held if it fits. What only a controller of its own knows is not: what that makes pays for itself
        held: bool,
    },
    /// the one use of a quote
    Quote {
        /// which subject asks, from 0
        subject: usize,
        /// digest of its text
        quote: Digest,
        /// the incarnation that redeems it: key and UID of its hold
        by: Arc<str>,
        /// until when it holds
        expires: Timestamp,
    },
}

/// What came of judging one subject.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct OfSubject {
    need: Vec<Question>,
    read: Vec<Question>,
    findings: Vec<Finding>,
    judged: Vec<Judge>,
    cost: Option<SubjectCost>,
    claims: Vec<Claim>,
}

/// Judges `change`. Pure: no clock, no randomness, no order but that of its arguments.
#[must_use]
pub fn judge(change: &Change, facts: &Facts, bundle: &Bundle) -> Step {
    let subjects = (0..change.subjects.len()).map(|at| judge_subject(change, at, facts, bundle));
    join(change, subjects.collect(), facts, bundle)
}

/// Judges the subject at index `at`. Subjects do not see one another, so a shell may judge them on many threads.
pub fn judge_subject(change: &Change, at: usize, facts: &Facts, bundle: &Bundle) -> OfSubject {
    let Some(subject) = change.subjects.get(at) else { return OfSubject::default() };
    let mut of_subject = OfSubject { findings: subject.refusals.clone(), ..OfSubject::default() };
    for judge in Judge::ALL {
        // A judge without a crate of its own has no rules yet, so it has none for this change.
        if judge == Judge::Policy {
            let answered = policy::judge(bundle, change, subject, facts);
            of_subject.need.extend(answered.need);
            of_subject.read.extend(answered.read);
            of_subject.findings.extend(answered.findings);
            if answered.judged {
                of_subject.judged.push(judge);
            }
        }
        if judge == Judge::Cost {
            let costed = cost::judge(bundle, change, subject, facts);
            of_subject.need.extend(costed.need);
            of_subject.read.extend(costed.read);
            of_subject.findings.extend(costed.findings);
            of_subject.cost = costed.cost.map(|cost| SubjectCost { subject: at, ..cost });
            let held = costed.held;
            let money = costed.claim.map(|claim| Claim::Money { subject: at, claim: Box::new(claim), held });
            of_subject.claims = money.into_iter().chain(costed.redeems).collect();
            if costed.judged {
                of_subject.judged.push(judge);
            }
        }
    }
    of_subject.findings.extend(unmet(bundle, &of_subject.judged));
    for finding in &mut of_subject.findings {
        finding.subject = at;
    }
    of_subject
}

/// Joins what came of each subject, in order.
#[must_use]
pub fn join(change: &Change, subjects: Vec<OfSubject>, facts: &Facts, bundle: &Bundle) -> Step {
    let (mut need, mut read, mut judged) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut findings, mut costs, mut claims) = (Vec::new(), Vec::new(), rates(change, bundle));
    for subject in subjects {
        need.extend(subject.need);
        read.extend(subject.read);
        judged.extend(subject.judged);
        findings.extend(subject.findings);
        costs.extend(subject.cost);
        claims.extend(subject.claims);
    }
    once(&mut costs, &mut claims);
    if !need.is_empty() {
        return Step::Need(need.into_iter().collect());
    }
    let fact = |question: Question| (question.clone(), facts.answer(&question).clone());
    Step::Done(Judged {
        at: change.at,
        live: matches!(change.phase, Phase::Live),
        planned: change.surface == Surface::Files,
        subjects: change.subjects.len(),
        bundle: bundle.digest(),
        prices: bundle.cost().map(|cost| cost.book.digest()),
        facts: read.into_iter().map(fact).collect(),
        evidence: Evidence { objects: change.subjects.iter().map(Subject::object_digest).collect(), costs },
        findings,
        claims,
        judged: judged.into_iter().collect(),
    })
}

/// An autoscaler that comes together with what it scales says nothing of its own about its cost: what it scales was
/// estimated with it.
fn once(costs: &mut Vec<SubjectCost>, claims: &mut Vec<Claim>) {
    let own: BTreeSet<Arc<str>> =
        costs.iter().filter(|cost| cost.own).map(|cost| Arc::clone(&cost.object)).collect();
    let told_twice = |cost: &SubjectCost| !cost.own && own.contains(&cost.object);
    let twice: BTreeSet<usize> =
        costs.iter().filter(|cost| told_twice(cost)).map(|cost| cost.subject).collect();
    costs.retain(|cost| !twice.contains(&cost.subject));
    claims.retain(|claim| !matches!(claim, Claim::Money { subject, .. } if twice.contains(subject)));
}

/// Judges that the estate requires and that had no rule for this subject.
fn unmet(bundle: &Bundle, judged: &[Judge]) -> impl Iterator<Item = Finding> {
    bundle.config().require.iter().filter(|judge| !judged.contains(judge)).map(|judge| Finding {
        rule: RuleId::new(format!("gate.require.{}", judge.word())),
        origin: Origin::Gate,
        effect: Effect::Deny,
        severity: Severity::High,
        message: format!("`{}` must judge every change and has no rule for this one", judge.word()),
        subject: 0,
        path: Path::root(),
        expected: Some(format!("a rule of `{}` in scope", judge.word())),
        found: Some("not judged".to_owned()),
        remedy: Some("add a rule that covers this operation, or take the judge out of `require`".to_owned()),
        policy: None,
        exception: None,
    })
}

fn rates(change: &Change, bundle: &Bundle) -> Vec<Claim> {
    let live = matches!(change.phase, Phase::Live);
    bundle
        .config()
        .rate
        .iter()
        .filter(|_| live)
        .map(|rate| Claim::Rate {
            principal: change.actor_token.to_string(),
            changes: rate.changes,
            window: rate.window,
        })
        .collect()
}
