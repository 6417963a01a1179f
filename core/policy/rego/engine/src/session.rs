//! Rules asked one by one about one input, sharing what they have in common.

use std::sync::Arc;

use tollgate_rego_builtin::Meter;
use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::{Arena, Val};
use tollgate_vocabulary::Value;

use crate::cause::Cause;
use crate::plan::needed::Needed;
use crate::plan::{Definition, Document, Kind};
use crate::program::{Limits, Program};
use crate::run::{Machine, Stop, Trace};

/// Rules that are asked together: all bodies of one rule id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// a document, and the definitions of it that are meant
    bodies: Vec<(usize, usize)>,
    /// a document that is one value: it is asked as a whole
    whole: Option<usize>,
    /// whether what is given are keys and values in turn
    paired: bool,
}

impl Entry {
    /// Whether it is asked as a whole: the document is one value.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether the name of its rule goes on: what it gives are keys and values in turn.
    #[must_use]
    pub const fn is_paired(&self) -> bool {
        self.paired
    }
}

/// What rules answered.
#[derive(Clone, Debug, Default)]
pub struct Answer<'a> {
    /// what their bodies added, or the value that they give, in the order found
    pub given: Vec<Val<'a>>,
    /// what went wrong, for each body at most once
    pub wrong: Vec<Wrong>,
    /// how many steps it took
    pub steps: u64,
}

/// What went wrong in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// what
    pub what: WrongKind,
    /// index of the file and place, where known
    pub place: Option<(usize, Span)>,
    /// whether a builtin erred: to the body that was undefined, as OPA has it, and it went on
    pub of_builtin: bool,
}

/// What can go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongKind {
    /// an error in the rules: of a builtin, or values in conflict
    Runtime(String),
    /// the limit on steps or memory is reached
    Limit,
    /// calls nest too deep
    Depth,
    /// `input` holds something that must be learned first: its place among what is pending
    Pending(usize),
}

/// What a session asks about.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// `input`, where there is one
    pub value: Option<Val<'a>>,
    /// paths of `input` that nobody has learned yet
    pub pending: &'a [Vec<Arc<str>>],
    /// the time that rules see, in nanoseconds since 1970-01-01T00:00:00Z
    pub now: i64,
}

/// An evaluation of many rules about one input.
pub struct Session<'a>(Asking<'a, false>);

/// The same, of a machine that traces what is read: for whoever wants to know why.
pub struct Tracing<'a>(Asking<'a, true>);

pub(crate) struct Asking<'a, const TRACED: bool> {
    program: &'a Program,
    pub(crate) machine: Machine<'a, TRACED>,
    limits: Limits,
}

impl Program {
    /// The documents that rules see as `data`, beside those that rules make.
    #[must_use]
    pub const fn data(&self) -> &Value {
        &self.data
    }

    /// The entry of rules, by their index among the resolved.
    #[must_use]
    pub fn entry(&self, rules: &[usize]) -> Entry {
        let mut bodies: Vec<(usize, usize)> =
            rules.iter().filter_map(|rule| self.plan.definitions.get(rule)).copied().collect();
        bodies.sort_unstable();
        bodies.dedup();
        let is_whole = |(document, _): &&(usize, usize)| {
            self.plan.documents.get(*document).is_some_and(|document| document.kind == Kind::Complete)
        };
        let whole = bodies.iter().rfind(is_whole).map(|(document, _)| *document);
        Entry { bodies, whole, paired: false }
    }

    /// The entry of one rule, asked alone whatever others make with it: of a test.
    #[must_use]
    pub fn entry_alone(&self, rule: usize) -> Entry {
        let mut entry = Entry { whole: None, ..self.entry(&[rule]) };
        entry.paired = entry.bodies.iter().any(|(document, body)| {
            let document = self.plan.documents.get(*document);
            document.and_then(|document| document.definitions.get(*body)).is_some_and(|body| body.is_keyed)
        });
        entry
    }

    /// What `input` must hold for each body of an entry to hold at all: paths, and the string that must stand there.
    /// Nothing of an entry that is asked as a whole.
    #[must_use]
    pub fn needed(&self, entry: &Entry) -> Option<Vec<Vec<Needed>>> {
        if entry.whole.is_some() {
            return None;
        }
        let definition =
            |(document, body): &(usize, usize)| self.plan.documents.get(*document)?.definitions.get(*body);
        entry.bodies.iter().map(|body| Some(self.plan.needed(definition(body)?))).collect()
    }

    /// Ready to ask about `input`. Values live in `arena`.
    #[must_use]
    pub fn session<'a>(&'a self, input: Input<'a>, arena: &'a Arena, limits: Limits) -> Session<'a> {
        Session(self.asking(input, arena, limits))
    }

    /// Ready to ask again, with the cause of each answer in `object`.
    #[must_use]
    pub fn tracing<'a>(
        &'a self,
        input: Input<'a>,
        arena: &'a Arena,
        limits: Limits,
        object: &'a Value,
    ) -> Tracing<'a> {
        let mut asking = self.asking(input, arena, limits);
        asking.machine.trace = Some(Box::new(Trace::of(object)));
        Tracing(asking)
    }

    pub(crate) fn asking<'a, const TRACED: bool>(
        &'a self,
        input: Input<'a>,
        arena: &'a Arena,
        limits: Limits,
    ) -> Asking<'a, TRACED> {
        let machine = Machine::new(&self.plan, arena, Meter::new(limits.steps), input.now)
            .with_input(input.value, input.pending)
            .with_base(Some(Val::of(&self.data)));
        Asking { program: self, machine, limits }
    }
}

impl<'a> Session<'a> {
    /// The same over other documents than those of the program.
    #[must_use]
    pub fn over(self, data: Val<'a>) -> Self {
        Self(self.0.over(data))
    }

    /// What the rules of an entry answer.
    pub fn ask(&mut self, entry: &Entry) -> Answer<'a> {
        self.0.ask(entry)
    }
}

impl<'a> Tracing<'a> {
    /// The same over other documents than those of the program.
    #[must_use]
    pub fn over(self, data: Val<'a>) -> Self {
        Self(self.0.over(data))
    }

    /// What the rules of an entry answer, each with its cause.
    pub fn ask(&mut self, entry: &Entry) -> (Answer<'a>, Vec<Cause>) {
        if let Some(trace) = &mut self.0.machine.trace {
            trace.clear();
        }
        let answer = self.0.ask(entry);
        let snapshots = self.0.machine.trace.as_mut().map(|trace| std::mem::take(&mut trace.snapshots));
        (answer, snapshots.unwrap_or_default().iter().map(|seen| Cause::of(seen)).collect())
    }
}

impl<'a, const TRACED: bool> Asking<'a, TRACED> {
    fn over(mut self, data: Val<'a>) -> Self {
        self.machine = self.machine.with_base(Some(data));
        self
    }

    pub(crate) fn ask(&mut self, entry: &Entry) -> Answer<'a> {
        let program = self.program;
        let mut answer = Answer::default();
        if let Some(whole) = entry.whole {
            self.machine.again(self.limits.steps);
            let value = self.machine.document(whole);
            self.collect(&mut answer, value.map(|value| value.into_iter().collect()), None);
            return answer;
        }
        for (document, body) in &entry.bodies {
            let Some(document) = program.plan.documents.get(*document) else { continue };
            let Some(definition) = document.definitions.get(*body) else { continue };
            self.body(document, definition, entry.paired, &mut answer);
        }
        answer
    }

    fn body(
        &mut self,
        document: &'a Document,
        definition: &'a Definition,
        paired: bool,
        answer: &mut Answer<'a>,
    ) {
        self.machine.again(self.limits.steps);
        let found = match document.kind {
            Kind::Complete => {
                self.machine.alone(document, definition).map(|value| value.into_iter().collect())
            }
            _ => self.machine.found(std::slice::from_ref(definition)),
        };
        let found = match found {
            Ok(found) if definition.is_keyed && !paired => {
                Ok(found.chunks_exact(2).filter_map(named).collect())
            }
            other => other,
        };
        self.collect(answer, found, Some(definition));
    }

    fn collect(
        &mut self,
        answer: &mut Answer<'a>,
        found: Result<Vec<Val<'a>>, Stop>,
        definition: Option<&Definition>,
    ) {
        answer.steps = answer.steps.saturating_add(self.machine.spent(self.limits.steps));
        match found {
            Ok(found) => answer.given.extend(found),
            Err(stop) => {
                let own = definition.map(|definition| (definition.file, definition.span));
                let place = self.machine.stopped.filter(|(file, _)| *file != usize::MAX).or(own);
                answer.wrong.push(Wrong { what: WrongKind::of(stop), place, of_builtin: false });
            }
        }
        if let Some(wrong) = self.machine.met.and_then(|met| self.machine.wrong.get(met)) {
            let place = Some((wrong.file, wrong.span));
            let what = WrongKind::Runtime(wrong.message.clone());
            answer.wrong.push(Wrong { what, place, of_builtin: true });
        }
    }
}

/// Of `deny[msg]` with the value `true` the message; anything else is told as it is.
fn named<'a>(pair: &[Val<'a>]) -> Option<Val<'a>> {
    match pair {
        [keys, Val::Bool(true)] => keys.as_array()?.get(0),
        [_, value] => Some(*value),
        _ => None,
    }
}

impl WrongKind {
    fn of(stop: Stop) -> Self {
        match stop {
            Stop::Limit => Self::Limit,
            Stop::Depth => Self::Depth,
            Stop::Conflict(message) => Self::Runtime(message),
            Stop::Recursion(name) => Self::Runtime(format!("`{name}` needs its own value")),
            Stop::Pending(at) => Self::Pending(at),
        }
    }
}
