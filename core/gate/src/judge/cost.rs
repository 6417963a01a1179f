//! The judge `cost`: what a subject costs before and after, what of that nobody bounds or prices, and what it would take
//! from budgets.
//!
//! ```text
//! subject ──transition──> object before, object after, what stands around it
//!                            └─ estimate each ──> growth ─┬─> findings: unpriced, unbounded, too much at once
//!                                                         └─> claim on every budget that matches, for settling
//! ```
//! INVARIANT: what could not be learned or computed never makes a change cheaper: it is a finding that denies, or a
//! fact that is missing.

mod cover;
mod limit;
mod observe;
mod owner;
mod redeem;
mod transition;

use std::sync::Arc;

use tollgate_budget::{Claim, GrowthLimit, Matching, Uid, Unbounded};
use tollgate_estimate::Estimate;
use tollgate_price::Charge;
use tollgate_vocabulary::{Effect, Fact, Finding, Judge, Origin, Path, Question, RuleId, Severity, Value};

use super::soften::{apply_exception, apply_mode};
use crate::cost::CostRules;
use crate::{Bundle, Change, Facts, Subject, Surface};
use cover::Covered;
pub use observe::{Observation, observe};
use transition::{Step, Transition};

/// How long a claim is held before somebody looks whether what it was for came to be, in seconds. Longer than an API
/// server takes for any request.
const HELD: i64 = 90;

/// The window in which growth of one identity is counted, in seconds.
const WINDOW: i64 = 600;

/// What came of asking.
#[derive(Default)]
pub(super) struct Costed {
    /// whether money was judged
    pub(super) judged: bool,
    /// what must be learned first
    pub(super) need: Vec<Question>,
    /// what was read
    pub(super) read: Vec<Question>,
    /// what was found
    pub(super) findings: Vec<Finding>,
    /// what it costs
    pub(super) cost: Option<SubjectCost>,
    /// what it would take
    pub(super) claim: Option<Claim>,
    /// whether that is held
    pub(super) held: bool,
    /// the quote that it would redeem
    pub(super) redeems: Option<crate::Claim>,
}

/// What a subject costs: evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectCost {
    /// which subject, from 0
    pub subject: usize,
    /// what it is a cost of: the object itself, or what an autoscaler or a scale is about
    pub object: Arc<str>,
    /// whether it is the object itself
    pub own: bool,
    /// before the change; nothing where there was nothing
    pub before: Option<Charge>,
    /// after it
    pub after: Charge,
    /// what has no bound
    pub unbounded: Vec<Path>,
    /// what has no price
    pub unpriced: Vec<Arc<str>>,
    /// names of the budgets that cover it
    pub budgets: Vec<Arc<str>>,
}

pub(super) fn judge(bundle: &Bundle, change: &Change, subject: &Subject, facts: &Facts) -> Costed {
    let Some(rules) = bundle.cost() else { return Costed::default() };
    let mut asking =
        Asking { rules, change, subject, facts, costed: Costed { judged: true, ..Costed::default() } };
    asking.run();
    let mut costed = asking.costed;
    let soften = |finding: Finding| {
        let mode = bundle.config().mode(&finding.rule);
        apply_mode(apply_exception(finding, bundle, subject, change.at), mode)
    };
    costed.findings = costed.findings.into_iter().map(soften).collect();
    costed
}

struct Asking<'a> {
    rules: &'a CostRules,
    change: &'a Change,
    subject: &'a Subject,
    facts: &'a Facts,
    costed: Costed,
}

impl<'a> Asking<'a> {
    fn run(&mut self) {
        let transition = match Transition::of(self.subject, self.change.surface, self.facts) {
            Step::Free => return,
            Step::Need(question) => return self.costed.need.push(question),
            Step::Unknown(question, why) => return self.unknown(question, &why),
            Step::Costs(transition) => transition,
        };
        self.costed.read.extend(transition.read.clone());
        if owner::pays(self.change, &transition) {
            return;
        }
        let Some(around) = self.around(&transition) else { return };
        let estimated = self.estimated(&transition, around);
        let Some((before, after)) = estimated else { return };
        let Some(budgets) = self.budgets(&transition) else { return };
        self.open_ends(&transition, before.as_ref(), &after, &budgets);
        self.paid(&transition, before.as_ref(), &after, &budgets);
        self.claim(&transition, before.as_ref(), &after, &budgets);
    }

    /// The fact about what stands around the object; nothing where it must be learned first, or cannot be.
    fn around(&mut self, transition: &Transition<'a>) -> Option<Option<&'a Value>> {
        // What costs nothing by its kind has nothing around it that bears on its cost.
        if !tollgate_estimate::may_cost(&transition.after) {
            return None;
        }
        let question = Question::Around(transition.name.clone());
        let facts = self.facts;
        let known = match facts.answer(&question) {
            Fact::NotGathered => {
                self.costed.need.push(question);
                return None;
            }
            Fact::Unavailable { why } => {
                self.unknown(question, why);
                return None;
            }
            Fact::Absent { .. } => None,
            Fact::Known { value, .. } => Some(&**value),
        };
        self.costed.read.push(question);
        Some(known)
    }

    fn estimated(
        &mut self,
        transition: &Transition<'a>,
        known: Option<&'a Value>,
    ) -> Option<(Option<Estimate>, Estimate)> {
        let rules = self.rules;
        let estimator = rules.estimator(self.change.at);
        let with_owner = self.change.surface == Surface::Files;
        let around = transition.around(known, with_owner);
        let after = match estimator.estimate(&transition.after, &around.after) {
            Ok(None) => return None,
            Ok(Some(after)) => after,
            Err(error) => {
                let path = transition.path(&error.field.path);
                self.costed.findings.push(Finding {
                    path,
                    ..self.finding("cost.unreadable", format!("what it costs cannot be computed: {error}"))
                });
                return None;
            }
        };
        // What was there before was judged when it came: where it cannot be computed, all of the new counts as growth.
        let before = transition.before.as_ref();
        let before = before.and_then(|before| estimator.estimate(before, &around.before).ok().flatten());
        Some((before, after))
    }

    /// The budgets that cover it; nothing where something must be learned first, or cannot be.
    fn budgets(&mut self, transition: &Transition<'a>) -> Option<Vec<Arc<str>>> {
        let Covered { matching, question } =
            cover::budgets(self.rules, &transition.after, &transition.name, &self.subject.home, self.facts);
        match matching {
            Matching::Budgets(budgets) => {
                self.costed.read.extend(question);
                Some(budgets)
            }
            Matching::NeedsNamespace => {
                self.costed.need.extend(question);
                None
            }
            Matching::Unavailable { why, .. } => {
                match question {
                    Some(question) => self.unknown(question, &why),
                    None => self.undecidable("cost.unknown", &why),
                }
                None
            }
        }
    }
}

impl Asking<'_> {
    /// What of it has no price or no bound, as far as this change may bring it.
    fn open_ends(
        &mut self,
        transition: &Transition<'_>,
        before: Option<&Estimate>,
        after: &Estimate,
        budgets: &[Arc<str>],
    ) {
        // What nobody can price or bound cannot be seen to grow: only what cannot have grown was judged when it came.
        let before = before.filter(|_| !transition.may_grow());
        let had = |what: &Arc<str>| before.is_some_and(|before| before.unpriced.contains(what));
        for what in after.unpriced.iter().filter(|what| !had(what)) {
            let message = format!("`{what}` has no price, so nobody can say what this costs");
            self.costed.findings.push(Finding {
                path: transition.path(&Path::root()),
                expected: Some(format!("a row for `{what}` in the price book")),
                remedy: Some(format!("add a row for `{what}` to {}", self.book())),
                ..self.finding("cost.unpriced", message)
            });
        }
        if after.capped.is_none() {
            // What was capped before is open only now.
            let open = before.filter(|before| before.capped.is_none());
            let had = |path: &Path| open.is_some_and(|open| open.unbounded.contains(path));
            for path in after.unbounded.iter().filter(|path| !had(path)) {
                self.unbounded(transition, path, budgets);
            }
            let was_open = open.is_some_and(|open| open.unknown.is_some());
            if let Some(why) = after.unknown.as_ref().filter(|_| !was_open) {
                self.unknown_pods(transition, why, budgets);
            }
        }
    }

    /// What this change does too much of, and whether anybody pays for it.
    fn paid(
        &mut self,
        transition: &Transition<'_>,
        before: Option<&Estimate>,
        after: &Estimate,
        budgets: &[Arc<str>],
    ) {
        let findings = limit::findings(self.rules, transition, before, after);
        self.costed.findings.extend(findings);
        let shrinks = before.is_some_and(|before| after.charge.within(&before.charge) == Ok(true));
        if budgets.is_empty() && !after.charge.is_zero() && !(shrinks && transition.same_payer) {
            let effect = self.rules.config.without_budget;
            let message = format!("no budget covers {} `{}`", transition.name.kind, transition.name.name);
            self.costed.findings.push(Finding {
                effect,
                path: transition.path(&Path::root()),
                remedy: Some(
                    "write a Budget whose scope matches it, or set `without_budget` in `[cost]`".to_owned(),
                ),
                ..self.finding("cost.no-budget", message)
            });
        }
    }

    /// What becomes of something without a bound: the hardest of the budgets that cover it says so.
    fn effect_of_unbounded(&self, budgets: &[Arc<str>]) -> Effect {
        let covering = self.rules.budgets.iter().filter(|budget| budgets.contains(&budget.name));
        let effect = covering.map(|budget| effect_of(budget.unbounded)).max();
        effect.unwrap_or(self.rules.config.without_budget)
    }

    /// A custom resource that makes pods in a way that only its controller knows.
    fn unknown_pods(&mut self, transition: &Transition<'_>, why: &str, budgets: &[Arc<str>]) {
        let finding = Finding {
            effect: self.effect_of_unbounded(budgets),
            path: transition.path(&Path::root()),
            remedy: Some("declare a cap a month: annotation `tollgate.dev/cost-cap`".to_owned()),
            ..self.finding("cost.unbounded", format!("nobody can say what this costs: {why}"))
        };
        self.costed.findings.push(finding);
    }

    /// Something that costs as much as it likes.
    fn unbounded(&mut self, transition: &Transition<'_>, path: &Path, budgets: &[Arc<str>]) {
        let effect = self.effect_of_unbounded(budgets);
        let runs = matches!(&*transition.name.kind, "Job" | "CronJob" | "ScaledJob");
        let (rule, message, remedy) = if runs {
            (
                "cost.unbounded-job",
                format!("nothing ends this run, so its cost has no bound: `{path}`"),
                "set `activeDeadlineSeconds`, or declare a cap: annotation `tollgate.dev/cost-cap`",
            )
        } else {
            (
                "cost.unbounded",
                format!("what this costs has no bound: `{path}`"),
                "bound it here, or declare a cap a month: annotation `tollgate.dev/cost-cap`",
            )
        };
        self.costed.findings.push(Finding {
            effect,
            path: transition.path(path),
            remedy: Some(remedy.to_owned()),
            ..self.finding(rule, message)
        });
    }

    fn claim(
        &mut self,
        transition: &Transition<'_>,
        before: Option<&Estimate>,
        after: &Estimate,
        budgets: &[Arc<str>],
    ) {
        let charge = after.charge;
        let cost = SubjectCost {
            subject: 0,
            object: transition.name.to_string().into(),
            own: transition.own,
            before: before.map(|before| before.charge),
            after: charge,
            unbounded: after.unbounded.clone(),
            unpriced: after.unpriced.clone(),
            budgets: budgets.to_vec(),
        };
        self.costed.cost = Some(cost.clone());
        // Nothing is asked for where nothing changes: neither what it costs nor who pays for it.
        if transition.same_payer && before.is_some_and(|before| before.charge == charge) {
            return;
        }
        let limits = self.rules.limits();
        self.costed.claim = Some(Claim {
            key: transition.key.clone(),
            uid: transition.uid.as_deref().map(Uid::new),
            charge,
            budgets: budgets.to_vec(),
            principal: Arc::clone(&self.change.actor_token),
            expires_after: HELD,
            // Files ask for nothing: whoever checks them adds nothing to anything.
            growth: (self.change.surface == Surface::Admission).then(|| GrowthLimit {
                per_hour: limits.growth.and_then(|limit| self.rules.money(limit)),
                objects: limits.objects,
                window: WINDOW,
            }),
        });
        self.costed.held = !tollgate_estimate::is_custom(&transition.after);
        if transition.own && self.change.surface == Surface::Admission {
            self.redeem(&transition.after, &cost);
        }
    }

    fn book(&self) -> String {
        match self.rules.config.prices.first() {
            Some(path) => format!("`{path}`"),
            None => "a price book of your own: `prices` in `[cost]`".to_owned(),
        }
    }

    fn unknown(&mut self, question: Question, why: &str) {
        self.costed.read.push(question);
        self.undecidable("cost.unknown", why);
    }

    fn undecidable(&mut self, rule: &str, why: &str) {
        let message = format!("what this costs cannot be known: {why}");
        let finding = Finding { effect: Effect::Undecidable, ..self.finding(rule, message) };
        self.costed.findings.push(finding);
    }

    fn finding(&self, rule: &str, message: String) -> Finding {
        finding(rule, message)
    }
}

/// A denial of the judge, about the whole object.
fn finding(rule: &str, message: String) -> Finding {
    Finding {
        rule: RuleId::new(rule),
        origin: Origin::Judge(Judge::Cost),
        effect: Effect::Deny,
        severity: Severity::High,
        message,
        subject: 0,
        path: Path::root(),
        expected: None,
        found: None,
        remedy: None,
        policy: None,
        exception: None,
    }
}

const fn effect_of(unbounded: Unbounded) -> Effect {
    match unbounded {
        Unbounded::Deny => Effect::Deny,
        Unbounded::Warn => Effect::Warn,
        Unbounded::Allow => Effect::Info,
    }
}
