//! What the rules made themselves: where it comes from, though it stands nowhere in the object.
//!
//! A value knows by its address what making it read: what a builtin or a function gave, a comprehension gathered, a body
//! of a partial set added. Of parts of a collection that were counted, joined or gathered, no part is to blame but the
//! collection.

use tollgate_rego_value::Val;
use tollgate_vocabulary::Path;

use super::{Event, Trace, address};
use crate::run::machine::Machine;

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// Keeps what making a value read, from `point` on, for whoever uses it.
    pub(in crate::run) fn trace_made(&mut self, value: &Val<'a>, point: usize) {
        let Some(trace) = self.tracing() else { return };
        let (None, Some(address)) = (trace.place(value), identity(value)) else { return };
        let events = trace.events.get(point..).unwrap_or_default().iter();
        let reads = events.filter(|event| matches!(event, Event::Read(_))).copied().collect();
        trace.sources.insert(address, reads);
    }

    /// The same of what a builtin made: of parts of collections it comes from none in particular.
    pub(in crate::run) fn trace_computed(&mut self, value: &Val<'a>, point: usize) {
        let Some(trace) = self.tracing() else { return };
        let parts = trace.placed_parts(value);
        if !parts.is_empty() {
            // What is left of a collection says all.
            trace.events.truncate(point);
            trace.read_parts(parts);
            return;
        }
        self.trace_made(value, point);
        let (Some(trace), Some(address)) = (self.tracing(), identity(value)) else { return };
        if let Some(reads) = trace.sources.remove(&address) {
            let whole = trace.without_parts(reads);
            trace.sources.insert(address, whole);
        }
    }

    /// A comprehension is done. What it made of the parts of a collection comes from no part in particular.
    pub(in crate::run) fn trace_gathered(&mut self, value: &Val<'a>, point: usize) {
        self.trace_leave(point, Some(*value));
        let Some(trace) = self.tracing() else { return };
        if trace.placed_parts(value).is_empty() {
            let events = trace.events.split_off(point.min(trace.events.len()));
            let whole = trace.without_parts(events);
            trace.events.extend(whole);
            self.trace_made(value, point);
        }
    }

    /// A definition of a function or of a complete rule begins.
    pub(in crate::run) fn trace_definition(&mut self) {
        if let Some(trace) = self.tracing() {
            trace.definition = trace.events.len();
            trace.returned = None;
        }
    }

    /// All definitions have been asked: where one gave a value, only what it read until then has led there.
    pub(in crate::run) fn trace_agreed(&mut self, point: usize, returned: Option<Vec<Event>>) {
        if let (Some(trace), Some(returned)) = (self.tracing(), returned) {
            trace.events.truncate(point);
            trace.events.extend(returned);
        }
    }

    /// What a definition read until it gave its value.
    pub(in crate::run) fn trace_returned(&mut self) -> Option<Vec<Event>> {
        self.tracing()?.returned.take()
    }

    /// A value is given.
    pub(in crate::run) fn trace_give(&mut self) {
        if let Some(trace) = self.tracing()
            && trace.returned.is_none()
        {
            let reads = trace.events.get(trace.definition..).unwrap_or_default().to_vec();
            trace.returned = Some(reads);
        }
    }

    /// Where the definition that runs began, to come back to when those that it asks are done.
    pub(in crate::run) fn trace_outer(&self) -> usize {
        self.traced().map_or(0, |trace| trace.definition)
    }

    pub(in crate::run) fn trace_restore(&mut self, definition: usize, returned: Option<Vec<Event>>) {
        if let Some(trace) = self.tracing() {
            trace.definition = definition;
            trace.returned = returned;
        }
    }

    /// A body of a partial rule begins.
    pub(in crate::run) fn trace_body(&mut self) {
        if let Some(trace) = self.tracing() {
            trace.bodies.push((trace.level, trace.events.len()));
        }
    }

    /// It is done.
    pub(in crate::run) fn trace_body_end(&mut self) {
        if let Some(trace) = self.tracing() {
            trace.bodies.pop();
        }
    }

    /// A partial set was read, for which the events from `point` on happened.
    pub(in crate::run) fn trace_set_read(&mut self, value: Option<&Val<'a>>, point: usize) {
        if let Some(trace) = self.tracing() {
            trace.set_read = value.and_then(identity).map(|address| (address, point));
        }
    }

    /// Before the members of a value are gone through: where it is the partial set that was just read, what making all
    /// of it took is put aside, for each member has a reason of its own.
    pub(in crate::run) fn trace_aside(&mut self, from: &Val<'a>) -> Option<Vec<Event>> {
        let trace = self.tracing()?;
        let (address, point) = trace.set_read.take()?;
        let same = identity(from) == Some(address) && point <= trace.events.len();
        same.then(|| trace.events.split_off(point))
    }

    /// A member of that set is looked at: what was read for it, or, where that cannot be told, for all.
    pub(in crate::run) fn trace_member(&mut self, member: &Val<'a>, all: &[Event]) {
        let Some(trace) = self.tracing() else { return };
        let reason = identity(member).and_then(|address| trace.reasons.get(&address)).cloned().flatten();
        match reason {
            Some(reason) => trace.events.extend(reason),
            None => trace.events.extend_from_slice(all),
        }
    }
}

impl Trace<'_> {
    /// The same reads, but for what was read in parts of collections the collections.
    fn without_parts(&mut self, events: Vec<Event>) -> Vec<Event> {
        let mut whole_ones = Vec::with_capacity(events.len());
        let parts: Vec<usize> = events
            .iter()
            .filter_map(|event| match event {
                Event::Read(read) if self.parts.contains(read) => Some(*read as usize),
                _ => None,
            })
            .collect();
        for event in events {
            let Event::Read(read) = event else {
                whole_ones.push(event);
                continue;
            };
            let Some(path) = self.paths.get(read as usize) else { continue };
            let around = parts.iter().filter_map(|part| self.paths.get(*part));
            let around = around.filter(|part| path.steps().starts_with(part.steps()));
            match around.map(|part| part.steps().len()).min() {
                Some(len) => {
                    let steps = path.steps().iter().take(len.saturating_sub(1)).cloned();
                    let whole = Path::from(steps.collect::<Vec<_>>());
                    whole_ones.push(Event::Read(self.keep(whole)));
                }
                None => whole_ones.push(event),
            }
        }
        whole_ones
    }
}

/// The address of what a member refers to, where it has one of its own.
pub(super) fn identity(value: &Val<'_>) -> Option<usize> {
    match value {
        Val::Object(entries) if !entries.is_empty() => Some(entries.as_ptr().addr()),
        Val::Array(items) | Val::Set(items) if !items.is_empty() => Some(items.as_ptr().addr()),
        Val::String(text) if !text.is_empty() => Some(text.as_ptr().addr()),
        Val::DocumentArray(_) | Val::DocumentObject(_) => address(value),
        _ => None,
    }
}
