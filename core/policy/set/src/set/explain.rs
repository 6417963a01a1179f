//! One rule asked about one subject, alone: why it found something or did not, and what asking it takes.

use tollgate_rego::{Arena, Outcome, Wrong, WrongKind};
use tollgate_vocabulary::PolicyPlace;

use super::judge::{LIMITS, known, object, pending};
use super::{Asked, PolicySet};
use crate::outcome::{RuleError, Violation};
use crate::source::BuiltinErrors;
use crate::subject::{NamespaceFact, Subject, Transition};
use crate::told::{Note, Told};
use crate::violation;

/// Why a rule found something in a subject, or did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// whether it is asked about such a subject at all
    pub asked: bool,
    /// its bodies, in order of file and line
    pub bodies: Vec<Body>,
    /// what it found
    pub violations: Vec<Violation>,
    /// why it could not say all
    pub error: Option<RuleError>,
    /// what was printed meanwhile
    pub notes: Vec<Note>,
}

/// One body of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// where its head stands
    pub place: PolicyPlace,
    /// its head as it is written, in one line
    pub head: String,
    /// how often it gave something
    pub given: u64,
    /// its conditions, in the order written
    pub conditions: Vec<Condition>,
}

/// One condition of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// where it stands
    pub place: PolicyPlace,
    /// it as it is written, in one line
    pub text: String,
    /// how often it was reached
    pub reached: u64,
    /// how often it held
    pub held: u64,
    /// how often it failed
    pub failed: u64,
    /// a few attempts at it, those that failed first
    pub attempts: Vec<Told>,
}

/// What a rule answered that was asked alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alone {
    /// how much it found
    pub found: usize,
    /// why it could not say all
    pub error: Option<RuleError>,
    /// how many steps it took
    pub steps: u64,
}

impl PolicySet {
    /// Explains what the rule with that index says about `subject`.
    #[must_use]
    pub fn explain(&self, rule: usize, subject: &Subject<'_>) -> Option<Explained> {
        let (rule, asked) = (self.rules.get(rule)?, self.asked.get(rule)?);
        let arena = Arena::new(LIMITS.memory);
        let waiting = pending();
        let input = known(subject, asked.form, &waiting, &arena);
        let shown = object(subject.request);
        let mut watching = self.program.watching(input, &arena, LIMITS, shown, &asked.rules);
        let answer = watching.ask(&asked.entry);
        let seen = watching.seen();
        let mut error = self.first_error(asked, &answer.wrong, subject);
        let mut violations = Vec::new();
        for value in &answer.given {
            let read = value.to_document().map_err(|_| RuleError::Limit("depth"));
            match read.and_then(|value| violation::read(rule, &value)) {
                Ok(found) => violations.extend(found),
                Err(shape) => error = error.or(Some(shape)),
            }
        }
        violations.sort();
        violations.dedup();
        let asks = Transition::of(subject.request).asks(rule);
        let bodies = asked.rules.iter().filter_map(|body| self.body(*body, &seen)).collect();
        Some(Explained { asked: asks, bodies, violations, error, notes: self.notes(&seen.notes) })
    }

    fn body(&self, rule: usize, seen: &tollgate_rego::Watched<'_>) -> Option<Body> {
        let heads = || self.program.heads().iter().zip(&seen.heads).filter(|(head, _)| head.rule == rule);
        let (head, _) = heads().next()?;
        let mut conditions = Vec::new();
        for (at, condition) in self.program.conditions().iter().enumerate() {
            if condition.rule != rule {
                continue;
            }
            let tally = seen.conditions.get(at).copied().unwrap_or_default();
            let of_it = seen.attempts.iter().filter(|attempt| attempt.condition as usize == at);
            let mut attempts: Vec<_> = of_it.collect();
            attempts.sort_by_key(|attempt| attempt.outcome != Outcome::Failed);
            conditions.push(Condition {
                place: self.place(condition.file, condition.span)?,
                text: self.text(condition.file, condition.span),
                reached: tally.reached,
                held: tally.held,
                failed: tally.failed,
                attempts: attempts.into_iter().map(|attempt| self.told(attempt)).collect(),
            });
        }
        conditions.sort_by(|a, b| a.place.cmp(&b.place));
        Some(Body {
            place: self.place(head.file, head.span)?,
            head: self.text(head.file, head.span),
            given: heads().map(|(_, count)| *count).sum(),
            conditions,
        })
    }

    /// The first of what went wrong that counts.
    fn first_error(&self, asked: &Asked, wrong: &[Wrong], subject: &Subject<'_>) -> Option<RuleError> {
        let undefined = asked.builtin_errors == BuiltinErrors::Undefined;
        let wrong = wrong.iter().find(|wrong| !(wrong.of_builtin && undefined))?;
        Some(match (&wrong.what, subject.namespace) {
            (WrongKind::Pending(_), NamespaceFact::Unavailable(why)) => {
                RuleError::NamespaceUnavailable(why.to_owned())
            }
            _ => self.error(wrong),
        })
    }

    /// Asks the rule with that index alone, sharing nothing with others; nothing where it is not asked about such a
    /// subject.
    #[must_use]
    pub fn ask_alone(&self, rule: usize, subject: &Subject<'_>) -> Option<Alone> {
        let (rule, asked) = (self.rules.get(rule)?, self.asked.get(rule)?);
        if !Transition::of(subject.request).asks(rule) {
            return None;
        }
        let arena = Arena::new(LIMITS.memory);
        let waiting = pending();
        let input = known(subject, asked.form, &waiting, &arena);
        let answer = self.program.session(input, &arena, LIMITS).ask(&asked.entry);
        let error = self.first_error(asked, &answer.wrong, subject);
        Some(Alone { found: answer.given.len(), error, steps: answer.steps })
    }

    /// What the rules in scope print about `subject`.
    #[must_use]
    pub fn printed(&self, subject: &Subject<'_>) -> Vec<Note> {
        let arena = Arena::new(LIMITS.memory);
        let waiting = pending();
        let transition = Transition::of(subject.request);
        let mut notes = Vec::new();
        for (_, asked) in self.rules.iter().zip(&self.asked).filter(|(rule, _)| transition.asks(rule)) {
            let input = known(subject, asked.form, &waiting, &arena);
            let mut watching = self.program.watching(input, &arena, LIMITS, None, &[]);
            watching.ask(&asked.entry);
            for note in self.notes(&watching.seen().notes) {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        notes
    }
}
