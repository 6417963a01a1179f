//! What a rule read on the way to what it found: judged again with this on, only where it found something.
//!
//! ```text
//! the object ──index──> address -> path      a value and a key know by their address where in the object they
//! conditions ──run────> events               stand, wherever they went: through sets, functions, comprehensions
//! what is added ──────> snapshot of events ──> the paths that each condition read
//! ```
//! Numbers, booleans and `null` have no address: for them the slot that holds them knows where they were read.

mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::ptr;
use std::sync::Arc;

use tollgate_rego_value::Val;
use tollgate_vocabulary::{Path, Step as PathStep, Value};

use made::identity;

use super::machine::{Machine, Stop};
use crate::lower::atom::Slot;
use crate::plan::Mark;
use crate::plan::step::{NO_MARK, Operand};

/// How many parts of what the rules made are told.
const PARTS: usize = 16;

/// A path that was read: index into [`Trace::paths`].
pub(super) type PathId = u32;

/// What happened, in order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// a condition of the rule itself began
    Condition(u32),
    /// this was read
    Read(PathId),
}

/// What is traced.
#[derive(Debug, Default)]
pub(crate) struct Trace<'o> {
    /// the parts of the object: which part is around each, and by which step it stands there
    nodes: Vec<(u32, Around<'o>)>,
    /// the parts by their address, sorted
    places: Vec<(usize, u32)>,
    paths: Vec<Path>,
    /// those of them that were met by going through a collection
    parts: BTreeSet<PathId>,
    pub(super) events: Vec<Event>,
    /// where the arguments of the call at hand were read
    pub(super) arguments: Vec<Option<PathId>>,
    /// where the values of slots were read
    pub(super) origins: Vec<Option<PathId>>,
    /// what making each document read
    made: BTreeMap<usize, Vec<Event>>,
    /// the bodies of partial rules that run: how deep each is, and where its events begin
    bodies: Vec<(u32, usize)>,
    /// what was read for a value that rules and builtins made, by its address
    sources: BTreeMap<usize, Vec<Event>>,
    /// what was read for a member that a partial rule added, by the member's address; nothing where two share one
    reasons: BTreeMap<usize, Option<Vec<Event>>>,
    /// where the definition that runs began, and what it had read when it gave its value
    definition: usize,
    returned: Option<Vec<Event>>,
    /// the partial set that was read last: its address, and where the events of making it begin
    set_read: Option<(usize, usize)>,
    /// how many rules and comprehensions deep the machine is; 0 is the rule itself
    pub(super) level: u32,
    /// what the rule added or gave, with the events that led there
    pub(crate) snapshots: Vec<Vec<Seen>>,
}

/// How a part of the object stands in the part around it.
#[derive(Clone, Copy, Debug)]
enum Around<'o> {
    Nothing,
    Key(&'o Arc<str>),
    Index(usize),
}

/// A condition, and the paths that it read, in order.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// it; none for what the head read
    pub(crate) condition: Option<Mark>,
    /// what it read
    pub(crate) paths: Vec<Glance>,
}

/// One thing that was read.
#[derive(Clone, Debug)]
pub(crate) struct Glance {
    /// where it stands, or would stand
    pub(crate) path: Path,
    /// whether it was met by going through what is around it
    pub(crate) is_part: bool,
}

impl<'o> Trace<'o> {
    /// A trace of what is read in `object`.
    pub(crate) fn of(object: &'o Value) -> Self {
        let mut trace = Self::default();
        trace.index(object, 0, Around::Nothing);
        trace.places.sort_unstable();
        trace
    }

    /// Goes through the object once; what holds others comes before what it holds.
    fn index(&mut self, value: &'o Value, around: u32, step: Around<'o>) {
        let at = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push((around, step));
        if let Around::Key(key) = step {
            self.places.push((key.as_ptr().addr(), at));
        }
        if let Some(address) = address(&Val::of(value)) {
            self.places.push((address, at));
        }
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.index(item, at, Around::Index(index)));
            }
            Value::Object(map) => map.iter().for_each(|(key, item)| self.index(item, at, Around::Key(key))),
            _ => {}
        }
    }

    /// The path of a part of the object.
    fn path_of(&self, mut at: u32) -> Path {
        let mut steps = Vec::new();
        while let Some((around, step)) = self.nodes.get(at as usize) {
            match step {
                Around::Nothing => break,
                Around::Key(key) => steps.push(PathStep::Key(Arc::clone(key))),
                Around::Index(index) => steps.push(PathStep::Index(*index)),
            }
            at = *around;
        }
        steps.reverse();
        Path::from(steps)
    }

    /// Forgets what was read for one rule. What documents read is kept, as they are.
    pub(crate) fn clear(&mut self) {
        self.begin();
        self.snapshots.clear();
    }

    /// A body begins: what another read is not its reason.
    pub(super) fn begin(&mut self) {
        self.events.clear();
        self.bodies.clear();
        self.set_read = None;
        self.level = 0;
    }

    /// Where a value stands; nothing where two parts of the object share its address.
    /// A path that was read; none for the whole.
    pub(super) fn path(&self, at: PathId) -> Option<Path> {
        self.paths.get(at as usize).filter(|path| !path.is_root()).cloned()
    }

    fn place(&self, value: &Val<'_>) -> Option<Path> {
        let address = address(value)?;
        let from = self.places.partition_point(|(other, _)| *other < address);
        let mut here = self.places.get(from..)?.iter().take_while(|(other, _)| *other == address);
        match (here.next(), here.next()) {
            (Some((_, at)), None) => Some(self.path_of(*at)),
            _ => None,
        }
    }

    /// Where the parts of a value that the rules made stand, as far as they stand in the object.
    fn placed_parts(&self, value: &Val<'_>) -> Vec<Path> {
        let places = |items: &[Val<'_>]| items.iter().filter_map(|item| self.place(item)).collect();
        match value {
            Val::Array(items) | Val::Set(items) => places(items),
            Val::Object(entries) => entries.iter().filter_map(|(_, item)| self.place(item)).collect(),
            _ => Vec::new(),
        }
    }

    /// Notes that parts of a collection were read.
    fn read_parts(&mut self, parts: Vec<Path>) {
        for part in parts.into_iter().take(PARTS) {
            let read = self.keep(part);
            self.parts.insert(read);
            self.events.push(Event::Read(read));
        }
    }

    fn keep(&mut self, path: Path) -> PathId {
        self.paths.push(path);
        PathId::try_from(self.paths.len() - 1).unwrap_or(PathId::MAX)
    }

    fn snapshot(&self, marks: &[Mark]) -> Vec<Seen> {
        let mut seen = vec![Seen { condition: None, paths: Vec::new() }];
        for event in &self.events {
            match event {
                Event::Condition(mark) => {
                    let condition =
                        marks.get(*mark as usize).copied().filter(|mark| mark.condition.is_some());
                    // A condition made of several atoms stays one.
                    let same = |other: &Seen| match (other.condition, condition) {
                        (Some(a), Some(b)) => a.condition == b.condition,
                        (None, None) => true,
                        _ => false,
                    };
                    match seen.iter().position(same) {
                        Some(at) => {
                            let again = seen.remove(at);
                            seen.push(again);
                        }
                        None => seen.push(Seen { condition, paths: Vec::new() }),
                    }
                }
                Event::Read(read) => {
                    let path = self.paths.get(*read as usize).filter(|path| !path.is_root());
                    if let (Some(last), Some(path)) = (seen.last_mut(), path) {
                        let is_part = self.parts.contains(read);
                        last.paths.push(Glance { path: path.clone(), is_part });
                    }
                }
            }
        }
        seen
    }
}

/// Where a value stands in memory, where that tells it from all others.
fn address(value: &Val<'_>) -> Option<usize> {
    match value {
        Val::String(text) => Some(text.as_ptr().addr()),
        // One further, for the first item may begin where the list does.
        Val::DocumentArray(items) if !items.is_empty() => Some(items.as_ptr().addr() + 1),
        Val::DocumentObject(map) => Some(ptr::from_ref(*map).addr()),
        _ => None,
    }
}

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// Notes that a condition began. Conditions of what the rule calls are part of its own.
    pub(super) fn trace_mark(&mut self, mark: u32) {
        if mark == NO_MARK {
            return;
        }
        if let Some(trace) = self.tracing()
            && trace.level == 0
        {
            trace.events.push(Event::Condition(mark));
        }
    }

    /// Notes that fixed keys below `from` were read, whether or not something stands there; where, comes back.
    pub(super) fn trace_path(&mut self, from: Operand, keys: &[Arc<str>]) -> Option<PathId> {
        self.traced()?;
        let keys: Vec<Val<'_>> = keys.iter().map(|key| Val::String(key)).collect();
        self.read(from, &keys)
    }

    /// The same of one key.
    pub(super) fn trace_key(&mut self, from: Operand, key: Operand) -> Result<Option<PathId>, Stop> {
        if self.traced().is_none() {
            return Ok(None);
        }
        let key = self.operand(key)?;
        Ok(key.and_then(|key| self.read(from, &[key])))
    }

    fn read(&mut self, from: Operand, keys: &[Val<'_>]) -> Option<PathId> {
        let mut value = match from {
            Operand::Input => self.input,
            Operand::Slot(slot) => Some(self.slot(slot)),
            Operand::Constant(_) => None,
        };
        let origin = self.origin(from);
        let trace = self.tracing()?;
        let made = value.as_ref().and_then(identity);
        let mut path = origin.and_then(|origin| trace.paths.get(origin as usize).cloned());
        for key in keys {
            value = value.and_then(|value| below(&value, key));
            path = match value.as_ref().and_then(|value| trace.place(value)) {
                Some(place) => Some(place),
                None => path.and_then(|path| Some(path.join(step(key)?))),
            };
        }
        let Some(path) = path else {
            // A part of what the rules made: all that making it took.
            let source = made.and_then(|address| trace.sources.get(&address));
            trace.events.extend_from_slice(source.map_or(&[], Vec::as_slice));
            return None;
        };
        let read = trace.keep(path);
        trace.events.push(Event::Read(read));
        Some(read)
    }

    /// Says where the value that a slot now holds was read.
    pub(super) fn trace_put(&mut self, slot: Slot, origin: Option<PathId>) {
        let at = self.frame + slot as usize;
        if let (Some(trace), Some(_)) = (self.tracing(), origin) {
            trace.set_origin(at, origin);
        }
    }

    /// Notes that operands were used: what they stand for was read.
    pub(super) fn trace_use(&mut self, operands: &[Operand]) {
        if self.traced().is_none() {
            return;
        }
        for operand in operands {
            let origin = self.origin(*operand);
            if let (Some(trace), Some(origin)) = (self.tracing(), origin) {
                trace.events.push(Event::Read(origin));
            }
            let Operand::Slot(slot) = *operand else { continue };
            let value = self.slot(slot);
            if let (Some(trace), None) = (self.tracing(), origin) {
                let parts = trace.placed_parts(&value);
                if let (true, Some(address)) = (parts.is_empty(), identity(&value)) {
                    trace.events.extend_from_slice(trace.sources.get(&address).map_or(&[], Vec::as_slice));
                }
                trace.read_parts(parts);
            }
        }
    }

    /// Notes one part of a collection: where it stands, for whoever judges it.
    pub(super) fn trace_part(&mut self, from: Option<PathId>, key: Val<'a>, part: Val<'a>, to: Option<Slot>) {
        let frame = self.frame;
        let Some(trace) = self.tracing() else { return };
        let path = match trace.place(&part) {
            Some(place) => Some(place),
            None => from.and_then(|from| {
                let path = trace.paths.get(from as usize)?;
                Some(path.join(step(&key)?))
            }),
        };
        let read = path.map(|path| trace.keep(path));
        if let Some(read) = read {
            trace.parts.insert(read);
            trace.events.push(Event::Read(read));
        }
        if let Some(slot) = to {
            trace.set_origin(frame + slot as usize, read);
        }
    }

    /// Where the value of an operand stands in the object.
    pub(super) fn origin(&mut self, operand: Operand) -> Option<PathId> {
        self.traced()?;
        let value = match operand {
            Operand::Slot(slot) => self.slot(slot),
            Operand::Input => self.input?,
            Operand::Constant(_) => return None,
        };
        let at = match operand {
            Operand::Slot(slot) => Some(self.frame + slot as usize),
            _ => None,
        };
        let trace = self.tracing()?;
        if let Some(place) = trace.place(&value) {
            return Some(trace.keep(place));
        }
        // What stands nowhere in the object may still have been put where something of it was read: a number, or what
        // `object.get` gives for what is missing.
        match value {
            Val::Array(_) | Val::Set(_) | Val::Object(_) => None,
            _ => trace.origins.get(at?).copied().flatten(),
        }
    }

    /// Keeps where the arguments of a call were read, for its frame.
    pub(super) fn trace_arguments(&mut self, arguments: &[Operand]) {
        if self.traced().is_some() {
            let origins = arguments.iter().map(|argument| self.origin(*argument)).collect();
            if let Some(trace) = self.tracing() {
                trace.arguments = origins;
            }
        }
    }

    /// How many events there are: what is tried and fails goes back to here.
    pub(super) fn trace_point(&self) -> usize {
        self.traced().map_or(0, |trace| trace.events.len())
    }

    pub(super) fn trace_back(&mut self, point: usize) {
        if let Some(trace) = self.tracing() {
            trace.events.truncate(point);
        }
    }

    /// What a rule or a comprehension within does: on the way in.
    pub(super) fn trace_enter(&mut self) {
        if let Some(trace) = self.tracing() {
            trace.level += 1;
        }
    }

    /// On the way out, with the value: one that stands in the object says all, what it took to get it does not matter.
    pub(super) fn trace_leave(&mut self, point: usize, value: Option<Val<'a>>) {
        let Some(trace) = self.tracing() else { return };
        trace.level = trace.level.saturating_sub(1);
        let Some(value) = value else { return };
        let mut parts = trace.placed_parts(&value);
        parts.extend(trace.place(&value));
        if !parts.is_empty() {
            trace.events.truncate(point);
            trace.read_parts(parts);
        }
    }

    /// Keeps what making a document read, for whoever reads it again.
    pub(super) fn trace_keep(&mut self, document: usize, point: usize) {
        if let Some(trace) = self.tracing() {
            let events = trace.events.get(point..).unwrap_or_default();
            let reads = events.iter().filter(|event| matches!(event, Event::Read(_))).copied().collect();
            trace.made.insert(document, reads);
        }
    }

    /// A document that was made before is read again: so is all that it took.
    pub(super) fn trace_again(&mut self, document: usize) {
        if let Some(trace) = self.tracing()
            && let Some(events) = trace.made.get(&document)
        {
            trace.events.extend_from_slice(events);
        }
    }

    /// Something was added: by the rule itself, or by a body of a rule that it reads.
    pub(super) fn trace_added(&mut self, value: &Val<'a>) {
        let plan = self.plan;
        let Some(trace) = self.tracing() else { return };
        if trace.level == 0 {
            let snapshot = trace.snapshot(&plan.marks);
            trace.snapshots.push(snapshot);
            return;
        }
        let body = trace.bodies.last().filter(|(level, _)| *level == trace.level);
        let (Some((_, point)), Some(address)) = (body, identity(value)) else { return };
        let reads: Vec<Event> = trace.events.get(*point..).unwrap_or_default().to_vec();
        trace.reasons.entry(address).and_modify(|reason| *reason = None).or_insert(Some(reads));
    }
}

impl Trace<'_> {
    pub(super) fn set_origin(&mut self, at: usize, origin: Option<PathId>) {
        if self.origins.len() <= at {
            self.origins.resize(at + 1, None);
        }
        if let Some(place) = self.origins.get_mut(at) {
            *place = origin;
        }
    }
}

/// What stands under a key that may live elsewhere.
fn below<'a>(value: &Val<'a>, key: &Val<'_>) -> Option<Val<'a>> {
    match key {
        Val::String(key) => value.as_object()?.text(key),
        Val::Int(at) => value.as_array()?.get(usize::try_from(*at).ok()?),
        _ => None,
    }
}

fn step(key: &Val<'_>) -> Option<PathStep> {
    match key {
        Val::String(key) => Some(PathStep::Key((*key).into())),
        Val::Int(at) => usize::try_from(*at).ok().map(PathStep::Index),
        _ => None,
    }
}
