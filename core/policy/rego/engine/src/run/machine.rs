//! The machine's state, and its small moves.

use std::sync::Arc;

use tollgate_rego_builtin::{Error, Meter, Patterns};
use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::{Arena, Full, Val};

use super::replace::Aside;
use super::trace::Trace;
use super::watch::Watch;
use crate::constant::Constant;
use crate::lower::atom::Slot;
use crate::plan::step::{Called, Operand};
use crate::plan::{Definition, Plan};

/// How deep blocks and rules may nest while running, in levels: what fits a stack of 2 MiB, even unoptimised.
const DEPTH: u32 = 600;
/// How many levels a rule is, which takes so much more of the stack than a block.
const RULE: u32 = 2;

/// One evaluation.
pub(crate) struct Machine<'a, const TRACED: bool> {
    pub(super) plan: &'a Plan,
    pub(super) arena: &'a Arena,
    pub(super) meter: Meter,
    pub(super) patterns: Patterns<'a>,
    /// the change's own time, in nanoseconds
    pub(super) now: i64,
    pub(super) input: Option<Val<'a>>,
    /// what `input` holds that nobody has learned yet; none where another input stands in its place
    pub(super) pending: &'a [Vec<Arc<str>>],
    /// the documents of `data`
    pub(super) base: Option<Val<'a>>,
    pub(super) slots: Vec<Val<'a>>,
    pub(super) frame: usize,
    /// index of the file whose rule runs
    pub(super) file: usize,
    /// values of documents already made
    pub(super) made: Vec<Made<'a>>,
    composites: Vec<Option<Val<'a>>>,
    /// what comprehensions and rules collect, innermost last
    pub(super) collected: Vec<Val<'a>>,
    /// the value of the complete rule that runs
    pub(super) returned: Option<Val<'a>>,
    pub(super) replaced_data: Vec<(&'a [Arc<str>], Val<'a>)>,
    pub(super) replaced_functions: Vec<(Called, Stand<'a>)>,
    /// what went wrong in builtins so far
    pub(crate) wrong: Vec<Wrong>,
    /// the first of them that the rule now running has met
    pub(crate) met: Option<usize>,
    /// the file and head of the rule that ran when the evaluation stopped
    pub(crate) stopped: Option<(usize, Span)>,
    /// how many values may be collected: as many as the arena could hold
    most: usize,
    /// what is read, where somebody wants to know
    pub(crate) trace: Option<Box<Trace<'a>>>,
    /// what conditions came to, where somebody wants to know
    pub(crate) watch: Option<Box<Watch<'a>>>,
    /// what `with` set aside, innermost last
    pub(super) asides: Vec<Aside<'a>>,
    depth: u32,
}

/// What stands for a function.
#[derive(Clone, Copy)]
pub(super) enum Stand<'a> {
    Value(Val<'a>),
    Function(Called),
}

/// A document's value, once made.
#[derive(Clone, Copy)]
pub(super) enum Made<'a> {
    Not,
    Busy,
    Done(Option<Val<'a>>, Option<usize>),
}

/// Something wrong in a builtin: undefined, as OPA has it, and remembered.
#[derive(Clone, Debug)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) is_type: bool,
    /// index of the file whose rule ran
    pub(crate) file: usize,
    pub(crate) span: Span,
}

/// Why an evaluation ends without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// the limit on steps or memory
    Limit,
    /// blocks and calls nest too deep
    Depth,
    /// two values where one must be
    Conflict(String),
    /// a rule needs its own value
    Recursion(String),
    /// `input` holds something at this place in the list of what is pending that must be learned first
    Pending(usize),
}

/// What a block came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// whoever asked may look for more
    More,
    /// whoever asked has enough
    Done,
}

impl From<Full> for Stop {
    fn from(Full: Full) -> Self {
        Self::Limit
    }
}

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    pub(crate) fn new(plan: &'a Plan, arena: &'a Arena, meter: Meter, now: i64) -> Self {
        Self {
            plan,
            arena,
            meter,
            patterns: Patterns::new(&plan.pool),
            now,
            input: None,
            pending: &[],
            base: None,
            slots: Vec::with_capacity(256),
            frame: 0,
            file: usize::MAX,
            made: vec![Made::Not; plan.documents.len()],
            composites: Vec::new(),
            collected: Vec::new(),
            returned: None,
            replaced_data: Vec::new(),
            replaced_functions: Vec::new(),
            wrong: Vec::new(),
            met: None,
            stopped: None,
            most: arena.limit() / size_of::<Val<'a>>(),
            trace: None,
            watch: None,
            asides: Vec::new(),
            depth: 0,
        }
    }

    pub(crate) fn with_input(mut self, input: Option<Val<'a>>, pending: &'a [Vec<Arc<str>>]) -> Self {
        self.input = input;
        self.pending = pending;
        self
    }

    pub(crate) fn with_base(mut self, base: Option<Val<'a>>) -> Self {
        self.base = base;
        self
    }

    /// Forgets what the last rule met and may spend anew.
    pub(crate) fn again(&mut self, steps: u64) {
        self.meter = Meter::new(steps);
        self.met = None;
        self.stopped = None;
        if let Some(trace) = self.tracing() {
            trace.begin();
        }
        if let Some(watch) = self.watching() {
            watch.begin();
        }
    }

    /// How much was spent since, of so many steps.
    pub(crate) fn spent(&self, steps: u64) -> u64 {
        steps.saturating_sub(self.meter.left())
    }

    #[inline]
    pub(super) fn spend(&self, steps: u64) -> Result<(), Stop> {
        self.meter.spend(steps).map_err(|_| Stop::Limit)
    }

    #[inline]
    pub(super) fn slot(&self, slot: Slot) -> Val<'a> {
        self.slots.get(self.frame + slot as usize).copied().unwrap_or(Val::Null)
    }

    #[inline]
    pub(super) fn put(&mut self, slot: Slot, value: Val<'a>) {
        let at = self.frame + slot as usize;
        if let Some(place) = self.slots.get_mut(at) {
            *place = value;
        }
        if let Some(trace) = self.tracing() {
            trace.set_origin(at, None);
        }
        self.watch_put(slot, value);
    }

    /// The value of an operand; nothing only for an `input` that there is none of. Whoever looks into it would see what
    /// nobody has learned yet: that stops the rule.
    #[inline]
    pub(super) fn operand(&mut self, operand: Operand) -> Result<Option<Val<'a>>, Stop> {
        let value = self.passed(operand)?;
        if !self.pending.is_empty()
            && let Some(Val::Object(entries)) = value
        {
            self.learned(entries, &[])?;
        }
        Ok(value)
    }

    /// The same, for whoever only hands it on, or steps into it by keys that are looked at.
    #[inline]
    pub(super) fn passed(&mut self, operand: Operand) -> Result<Option<Val<'a>>, Stop> {
        match operand {
            Operand::Slot(slot) => Ok(Some(self.slot(slot))),
            Operand::Constant(at) => self.constant(at).map(Some),
            Operand::Input => Ok(self.input),
        }
    }

    /// Stops where keys below an object, or with none all of it, hold what nobody has learned yet: the object is
    /// `input`, or on the way from there to something pending.
    pub(super) fn learned(&self, object: &[(Val<'a>, Val<'a>)], keys: &[Arc<str>]) -> Result<(), Stop> {
        for (at, path) in self.pending.iter().enumerate() {
            let mut here = self.input;
            let mut rest = path.as_slice();
            while let (Some(Val::Object(entries)), Some((key, below))) = (here, rest.split_first()) {
                if std::ptr::eq(entries.as_ptr(), object.as_ptr())
                    && rest.iter().zip(keys).all(|(a, b)| a == b)
                {
                    return Err(Stop::Pending(at));
                }
                here = here.and_then(|here| here.step(&Val::String(key)));
                rest = below;
            }
        }
        Ok(())
    }

    fn constant(&mut self, at: u32) -> Result<Val<'a>, Stop> {
        match self.plan.constants.get(at as usize) {
            Some(Constant::String(text)) => Ok(Val::String(text)),
            Some(Constant::Number(text)) => Ok(Val::number(text)),
            Some(Constant::Bool(truth)) => Ok(Val::Bool(*truth)),
            Some(Constant::Null) | None => Ok(Val::Null),
            Some(composite) => {
                let at = at as usize;
                if let Some(Some(made)) = self.composites.get(at) {
                    return Ok(*made);
                }
                let value = composite.value(self.arena)?;
                if self.composites.len() <= at {
                    self.composites.resize(self.plan.constants.len(), None);
                }
                if let Some(place) = self.composites.get_mut(at) {
                    *place = Some(value);
                }
                Ok(value)
            }
        }
    }

    /// What is traced: of machines that do not trace nothing, and the compiler knows it.
    #[inline(always)]
    pub(super) fn traced(&self) -> Option<&Trace<'a>> {
        if TRACED { self.trace.as_deref() } else { None }
    }

    /// The same, to add to it.
    #[inline(always)]
    pub(super) fn tracing(&mut self) -> Option<&mut Trace<'a>> {
        if TRACED { self.trace.as_deref_mut() } else { None }
    }

    /// Runs `body` one level deeper.
    #[inline]
    pub(super) fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        self.deepen(1)?;
        let result = body(self);
        self.depth -= 1;
        result
    }

    #[inline]
    fn deepen(&mut self, levels: u32) -> Result<(), Stop> {
        if self.depth + levels > DEPTH {
            return Err(Stop::Depth);
        }
        self.depth += levels;
        Ok(())
    }

    /// Runs `body` in a frame of its own for a rule.
    pub(super) fn framed<T>(
        &mut self,
        definition: &Definition,
        body: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        self.deepen(RULE)?;
        let (frame, end) = (self.frame, self.slots.len());
        self.frame = end;
        self.slots.resize(end + definition.slots, Val::Null);
        let file = std::mem::replace(&mut self.file, definition.file);
        let result = body(self);
        self.depth -= RULE;
        if result.is_err() && self.stopped.is_none() {
            self.stopped = Some((definition.file, definition.span));
        }
        self.file = file;
        self.slots.truncate(end);
        self.frame = frame;
        result
    }

    /// Adds to what is collected.
    #[inline]
    pub(super) fn add(&mut self, value: Val<'a>) -> Result<(), Stop> {
        if self.collected.len() >= self.most {
            return Err(Stop::Limit);
        }
        self.collected.push(value);
        Ok(())
    }

    /// Remembers what went wrong in a builtin; a limit ends all.
    pub(super) fn note(&mut self, error: Error, name: &str, at: Span) -> Result<(), Stop> {
        let (message, is_type) = match error {
            Error::Limit => return Err(Stop::Limit),
            Error::Undefined => return Ok(()),
            Error::Type(message) => (message, true),
            Error::Failed(message) => (message, false),
        };
        let at_wrong = self.wrong.len();
        // Enough to tell what is wrong; the rest would only take memory.
        if at_wrong < 64 {
            self.wrong.push(Wrong {
                message: format!("{name}: {message}"),
                is_type,
                file: self.file,
                span: at,
            });
        }
        self.met = self.met.or(Some(at_wrong.min(63)));
        Ok(())
    }
}
