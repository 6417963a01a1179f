//! What conditions came to: which were reached, held and failed, and with which values; for tests, coverage and
//! explanations. Like tracing it exists only in machines that trace.
//!
//! ```text
//! marks ──run──> activations of conditions ──held, or its block ended without──> tallies, attempts
//! heads ──run──> tallies        print, trace ──> notes        test_x[case] ──> cases
//! ```
//! A condition is activated where its first atom begins. It held where something follows its last atom; it failed
//! where its block ends without that ever happening, and it was the one that ended it.
//!
//! INVARIANT: activations stand in a stack as blocks do; who leaves a block takes those that began in it along.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::Val;
use tollgate_vocabulary::Path;

use super::machine::{Flow, Machine, Stop};
use crate::plan::sight::Term;
use crate::plan::step::{Block, NO_MARK, Operand};

/// How many attempts at one condition with one outcome are kept.
const ATTEMPTS: u32 = 4;
/// How many notes are kept.
const NOTES: usize = 1_000;
/// How long a note may be, in bytes.
const NOTE: usize = 4_096;
/// How many values of one attempt are kept.
const GLIMPSES: usize = 12;

/// How often something came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// it began
    pub reached: u64,
    /// it held at least once from there
    pub held: u64,
    /// it never held from there
    pub failed: u64,
}

/// What an attempt at a condition came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// it held
    Held,
    /// it failed
    Failed,
    /// another one failed before it was done
    Left,
}

/// A value that a condition worked out or used.
#[derive(Clone, Debug)]
pub struct Glimpse<'a> {
    /// whose value
    pub term: Term,
    /// the value; none where there was none
    pub value: Option<Val<'a>>,
    /// where in the object it stands, where it was read there
    pub path: Option<Path>,
}

/// One attempt at a condition.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// the condition, by its number among the program's
    pub condition: u32,
    /// how it ended
    pub outcome: Outcome,
    /// the values that it met, in order
    pub glimpses: Vec<Glimpse<'a>>,
}

/// A line that a rule printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// index of the file
    pub file: usize,
    /// where in it
    pub span: Span,
    /// what it says
    pub text: String,
}

/// What is watched.
#[derive(Debug, Default)]
pub(crate) struct Watch<'a> {
    /// of each condition of the program
    pub(crate) conditions: Vec<Tally>,
    /// how often each head of the program was reached
    pub(crate) heads: Vec<u64>,
    /// the rules whose attempts are kept
    pub(crate) rules: Vec<usize>,
    pub(crate) attempts: Vec<Attempt<'a>>,
    kept: BTreeMap<(u32, Outcome), u32>,
    /// of the conditions of the rule itself that failed the one that stood furthest on
    pub(crate) furthest: Option<(usize, Attempt<'a>)>,
    pub(crate) notes: Vec<Note>,
    /// the cases of a test that began
    pub(crate) cases: Vec<Val<'a>>,
    activations: Vec<Activation<'a>>,
    place: Place<'a>,
}

/// Where the machine is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place<'a> {
    /// the mark that was passed last, where what it begins is not over
    at: Option<u32>,
    /// the value that was put where the mark says, since then
    value: Option<Val<'a>>,
    /// the head of the branch that runs
    head: Option<u32>,
    /// how many blocks of their own are around
    nesting: u32,
}

#[derive(Debug)]
struct Activation<'a> {
    condition: u32,
    held: bool,
    failed: bool,
    nesting: u32,
    glimpses: Vec<Glimpse<'a>>,
}

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// What is watched: of machines that do not trace nothing, and the compiler knows it.
    #[inline(always)]
    pub(super) fn watching(&mut self) -> Option<&mut Watch<'a>> {
        if TRACED { self.watch.as_deref_mut() } else { None }
    }

    #[inline(always)]
    fn watches(&self) -> bool {
        TRACED && self.watch.is_some()
    }

    /// A mark is passed: what the one before it began has succeeded.
    pub(super) fn watch_mark(&mut self, mark: u32) {
        if mark == NO_MARK || !self.watches() {
            return;
        }
        self.watch_passed();
        let plan = self.plan;
        let Some(sight) = plan.sights.get(mark as usize) else { return };
        let Some(watch) = self.watching() else { return };
        watch.place.at = Some(mark);
        watch.place.value = None;
        let Some(condition) = sight.condition else { return };
        if sight.first {
            if let Some(tally) = watch.conditions.get_mut(condition as usize) {
                tally.reached += 1;
            }
            let nesting = watch.place.nesting;
            let fresh = Activation { condition, held: false, failed: false, nesting, glimpses: Vec::new() };
            watch.activations.push(fresh);
        }
        if self.watch_tells(condition) {
            for (name, slot) in &sight.uses {
                let (value, path) = (self.slot(*slot), self.path_of(*slot));
                self.glimpse(condition, Term::Name(Arc::clone(name)), Some(value), path);
            }
        }
    }

    /// What the last mark began has succeeded.
    pub(super) fn watch_passed(&mut self) {
        if !self.watches() {
            return;
        }
        self.watch_value();
        let plan = self.plan;
        let Some(watch) = self.watching() else { return };
        let Some(sight) = watch.place.at.take().and_then(|at| plan.sights.get(at as usize)) else { return };
        let Some(condition) = sight.condition.filter(|_| sight.last) else { return };
        let activation = watch.activations.iter_mut().rev().find(|active| active.condition == condition);
        if let Some(activation) = activation.filter(|activation| !activation.held) {
            activation.held = true;
            if let Some(tally) = watch.conditions.get_mut(condition as usize) {
                tally.held += 1;
            }
        }
    }

    /// Keeps the value that the last mark's term has; or that it has none.
    fn watch_value(&mut self) {
        let plan = self.plan;
        let Some(place) = self.watching().map(|watch| watch.place) else { return };
        let Some(sight) = place.at.and_then(|at| plan.sights.get(at as usize)) else { return };
        let (Some(condition), Some(slot)) = (sight.condition, sight.value) else { return };
        if self.watch_tells(condition) {
            let path = place.value.and_then(|_| self.path_of(slot));
            self.glimpse(condition, sight.term.clone(), place.value, path);
        }
    }

    /// A slot is filled.
    #[inline]
    pub(super) fn watch_put(&mut self, slot: u32, value: Val<'a>) {
        let plan = self.plan;
        if let Some(watch) = self.watching()
            && let Some(sight) = watch.place.at.and_then(|at| plan.sights.get(at as usize))
            && sight.value == Some(slot)
        {
            watch.place.value = Some(value);
        }
    }

    /// Something was looked for below fixed keys, and put nowhere.
    pub(super) fn watch_found(&mut self, from: Operand, keys: &'a [Arc<str>], value: Option<Val<'a>>) {
        let plan = self.plan;
        let Some(at) = self.watching().and_then(|watch| watch.place.at) else { return };
        let Some(sight) = plan.sights.get(at as usize) else { return };
        let Some(condition) = sight.condition else { return };
        if self.watch_tells(condition) {
            let path = self.trace_path(from, keys).and_then(|path| self.traced()?.path(path));
            self.glimpse(condition, sight.term.clone(), value, path);
        }
    }

    /// Where the value of a slot stands in the object.
    fn path_of(&mut self, slot: u32) -> Option<Path> {
        let origin = self.origin(Operand::Slot(slot))?;
        self.traced()?.path(origin)
    }

    /// Whether the attempts at a condition are kept.
    fn watch_tells(&self, condition: u32) -> bool {
        let rule = self.plan.conditions.get(condition as usize).map(|condition| condition.rule);
        match (&self.watch, rule) {
            (Some(watch), Some(rule)) => watch.rules.contains(&rule),
            _ => false,
        }
    }

    fn glimpse(&mut self, condition: u32, term: Term, value: Option<Val<'a>>, path: Option<Path>) {
        let Some(watch) = self.watching() else { return };
        let activation = watch.activations.iter_mut().rev().find(|active| active.condition == condition);
        let Some(activation) = activation.filter(|activation| !activation.held) else { return };
        let glimpse = Glimpse { term, value, path };
        let glimpses = &mut activation.glimpses;
        let known = glimpses.iter().position(|other| other.term == glimpse.term);
        if let Some(known) = known.and_then(|at| glimpses.get_mut(at)) {
            *known = glimpse;
        } else if glimpses.len() < GLIMPSES {
            glimpses.push(glimpse);
        }
    }

    /// Runs a block, with the activations that begin in it.
    pub(super) fn watched_block(
        &mut self,
        run: impl FnOnce(&mut Self) -> Result<Flow, Stop>,
    ) -> Result<Flow, Stop> {
        let Some(base) = self.watching().map(|watch| watch.activations.len()) else { return run(self) };
        let result = run(self);
        if result == Ok(Flow::More) {
            self.watch_failed();
        }
        self.watch_leave(base);
        result
    }

    /// The block ended: where a mark is not over, there.
    fn watch_failed(&mut self) {
        self.watch_value();
        let plan = self.plan;
        let Some(watch) = self.watching() else { return };
        let Some(sight) = watch.place.at.take().and_then(|at| plan.sights.get(at as usize)) else { return };
        let Some(condition) = sight.condition.filter(|_| !sight.within) else { return };
        if let Some(active) = watch.activations.iter_mut().rev().find(|active| active.condition == condition)
        {
            active.failed = true;
        }
    }

    fn watch_leave(&mut self, base: usize) {
        let plan = self.plan;
        let Some(watch) = self.watching() else { return };
        while watch.activations.len() > base {
            let depth = watch.activations.len();
            let Some(Activation { condition, held, failed, nesting, glimpses }) = watch.activations.pop()
            else {
                return;
            };
            let outcome = match (held, failed) {
                (true, _) => Outcome::Held,
                (false, true) => Outcome::Failed,
                (false, false) => Outcome::Left,
            };
            if let (Outcome::Failed, Some(tally)) = (outcome, watch.conditions.get_mut(condition as usize)) {
                tally.failed += 1;
            }
            let rule = plan.conditions.get(condition as usize).map(|condition| condition.rule);
            if rule.is_none_or(|rule| !watch.rules.contains(&rule)) {
                continue;
            }
            let attempt = Attempt { condition, outcome, glimpses };
            let is_furthest = watch.furthest.as_ref().is_none_or(|(other, _)| *other <= depth);
            if outcome == Outcome::Failed && nesting == 1 && is_furthest {
                watch.furthest = Some((depth, attempt.clone()));
            }
            let kept = watch.kept.entry((condition, outcome)).or_default();
            if *kept < ATTEMPTS {
                *kept += 1;
                watch.attempts.push(attempt);
            }
        }
    }

    /// Where the machine is, to come back to after what stands in a block of its own.
    pub(super) fn watch_into(&mut self, head: Option<u32>) -> Place<'a> {
        match self.watching() {
            None => Place::default(),
            Some(watch) => {
                let outer = watch.place;
                watch.place = Place { at: None, value: None, head, nesting: outer.nesting + 1 };
                outer
            }
        }
    }

    pub(super) fn watch_back(&mut self, place: Place<'a>) {
        if let Some(watch) = self.watching() {
            watch.place = place;
        }
    }

    /// Where the machine is, to come back to for each part of a collection.
    pub(super) fn watch_place(&mut self) -> Place<'a> {
        self.watching().map_or_else(Place::default, |watch| watch.place)
    }

    /// What the branch that runs gives is given.
    pub(super) fn watch_given(&mut self) {
        self.watch_passed();
        if let Some(watch) = self.watching()
            && let Some(head) = watch.place.head
            && let Some(count) = watch.heads.get_mut(head as usize)
        {
            *count += 1;
        }
    }

    /// The case of a test begins.
    pub(super) fn watch_case(&mut self, keys: Operand) -> Result<(), Stop> {
        if self.watches()
            && let Some(keys) = self.operand(keys)?
            && let Some(watch) = self.watching()
            && watch.cases.len() < 10_000
        {
            watch.cases.push(keys);
        }
        Ok(())
    }

    /// A rule prints: a line for each choice of the values of its arguments. Nothing that is wrong in them is.
    pub(super) fn watch_print(&mut self, arguments: &'a [Block], at: Span) -> Result<(), Stop> {
        if !self.watches() {
            return Ok(());
        }
        let outer = self.watch_into(None);
        let (met, wrong) = (self.met, self.wrong.len());
        let mut lines = vec![String::new()];
        for block in arguments {
            let texts = self.printed(block)?;
            let joined = |line: &String, text: &String| {
                if line.is_empty() { text.clone() } else { format!("{line} {text}") }
            };
            lines = lines.iter().flat_map(|line| texts.iter().map(move |text| joined(line, text))).collect();
            lines.truncate(64);
            self.spend(lines.iter().map(|line| line.len() as u64 / 64 + 1).sum())?;
        }
        (self.met, _) = (met, self.wrong.truncate(wrong));
        self.watch_back(outer);
        lines.into_iter().for_each(|line| self.watch_note(line, at));
        Ok(())
    }

    /// The values of an argument of `print`, as texts.
    fn printed(&mut self, block: &'a Block) -> Result<Vec<String>, Stop> {
        let start = self.collected.len();
        let result = self.deeper(|machine| machine.block(block));
        let mut values = self.collected.split_off(start);
        match result {
            Ok(_) => {}
            // The rule itself may never ask for it.
            Err(Stop::Pending(_)) => return Ok(vec!["<not known>".to_owned()]),
            Err(stop) => return Err(stop),
        }
        values.sort();
        values.dedup();
        Ok(match values.as_slice() {
            [] => vec!["<undefined>".to_owned()],
            values => values.iter().take(64).map(text).collect(),
        })
    }

    /// A rule says something.
    pub(super) fn watch_note(&mut self, mut text: String, span: Span) {
        let file = self.file;
        if let Some(watch) = self.watching()
            && watch.notes.len() < NOTES
        {
            if text.len() > NOTE {
                text.truncate(text.floor_char_boundary(NOTE));
                text.push('…');
            }
            watch.notes.push(Note { file, span, text });
        }
    }
}

impl<'a> Watch<'a> {
    /// A watch on a program of so many conditions and heads, which keeps the attempts at the conditions of `rules`.
    pub(crate) fn new(conditions: usize, heads: usize, rules: &[usize]) -> Self {
        Self {
            conditions: vec![Tally::default(); conditions],
            heads: vec![0; heads],
            rules: rules.to_vec(),
            ..Self::default()
        }
    }

    /// Something else is asked.
    pub(super) fn begin(&mut self) {
        self.activations.clear();
        self.place = Place::default();
    }
}

/// A value as `print` shows it: a text without its quotes.
fn text(value: &Val<'_>) -> String {
    match value {
        Val::String(text) => (*text).to_owned(),
        other => other.print(NOTE).unwrap_or_else(|_| "..".to_owned()),
    }
}
