//! Rules asked while somebody watches: what their conditions came to, what they printed, which cases a test had.

use tollgate_rego_value::{Arena, Val};
use tollgate_vocabulary::Value;

use crate::plan::sight::{Condition, Head};
use crate::program::{Limits, Program};
use crate::run::{Attempt, Note, Tally, Trace, Watch};
use crate::session::{Answer, Asking, Entry, Input};

/// An evaluation that is watched.
pub struct Watching<'a>(Asking<'a, true>);

/// What was seen.
#[derive(Debug, Default)]
pub struct Watched<'a> {
    /// what each condition came to: parallel to [`Program::conditions`]
    pub conditions: Vec<Tally>,
    /// how often each head was reached: parallel to [`Program::heads`]
    pub heads: Vec<u64>,
    /// attempts at the conditions of the rules that were meant, a few of each outcome
    pub attempts: Vec<Attempt<'a>>,
    /// of their conditions that failed in the rule itself the one that stood furthest on
    pub furthest: Option<Attempt<'a>>,
    /// what was printed
    pub notes: Vec<Note>,
    /// the cases of a test that began, each the array of its names
    pub cases: Vec<Val<'a>>,
}

impl Program {
    /// All conditions of all rules.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.plan.conditions
    }

    /// All heads of all rules, and those of what `else` adds.
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.plan.heads
    }

    /// Ready to ask about `input` and to watch. The attempts at the conditions of `rules` are kept, with where in
    /// `object` their values stand.
    #[must_use]
    pub fn watching<'a>(
        &'a self,
        input: Input<'a>,
        arena: &'a Arena,
        limits: Limits,
        object: Option<&'a Value>,
        rules: &[usize],
    ) -> Watching<'a> {
        let mut asking = self.asking(input, arena, limits);
        asking.machine.trace = object.map(|object| Box::new(Trace::of(object)));
        let (conditions, heads) = (self.plan.conditions.len(), self.plan.heads.len());
        asking.machine.watch = Some(Box::new(Watch::new(conditions, heads, rules)));
        Watching(asking)
    }
}

impl<'a> Watching<'a> {
    /// What the rules of an entry answer.
    pub fn ask(&mut self, entry: &Entry) -> Answer<'a> {
        self.0.ask(entry)
    }

    /// What was seen while they were asked.
    #[must_use]
    pub fn seen(mut self) -> Watched<'a> {
        let Some(watch) = self.0.machine.watch.take() else { return Watched::default() };
        let Watch { conditions, heads, attempts, furthest, notes, cases, .. } = *watch;
        let furthest = furthest.map(|(_, attempt)| attempt);
        Watched { conditions, heads, attempts, furthest, notes, cases }
    }
}
