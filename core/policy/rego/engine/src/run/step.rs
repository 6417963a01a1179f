//! What each step does.

use std::sync::Arc;

use tollgate_rego_builtin::{Builtin, Error};
use tollgate_rego_resolve::tree::Collection;
use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::Val;

use super::machine::{Flow, Machine, Stop};
use crate::lower::atom::Slot;
use crate::plan::step::{Block, Built, Operand, Part, Step};

/// A step failed: its block has no more solutions.
const FAILED: Result<Flow, Stop> = Ok(Flow::More);

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// Runs a block: to its end, or until whoever asked has enough.
    #[inline]
    pub(super) fn block(&mut self, block: &'a Block) -> Result<Flow, Stop> {
        if TRACED { self.watched_block(|machine| machine.steps(block)) } else { self.steps(block) }
    }

    /// Runs a block that is no part of the one that runs, but asked within it.
    pub(super) fn inner(&mut self, block: &'a Block) -> Result<Flow, Stop> {
        let outer = self.watch_into(None);
        let result = self.deeper(|machine| machine.block(block));
        self.watch_back(outer);
        result
    }

    fn steps(&mut self, block: &'a Block) -> Result<Flow, Stop> {
        self.spend(1)?;
        let mut marks = block.marks.iter();
        for step in &block.steps {
            if TRACED && let Some(mark) = marks.next() {
                self.trace_mark(*mark);
                self.watch_mark(*mark);
            }
            let holds = match step {
                Step::Builtin { builtin, arguments, to, at } => {
                    self.builtin_step(builtin, arguments, *to, *at)?
                }
                Step::Call { document, arguments, to, at } => {
                    self.call_step(*document, arguments, *to, *at)?
                }
                Step::Document { document, to } => {
                    let value = self.read_document(*document)?;
                    self.put_found(*to, value)
                }
                Step::Data { keys, to } => {
                    let value = self.read_data(keys)?;
                    self.put_found(*to, value)
                }
                Step::Scan { from, key, value, rest } => return self.scan(*from, *key, *value, rest),
                Step::ScanData { keys, key, rest } => return self.scan_data(keys, *key, rest),
                Step::Walk { from, path, value, rest } => return self.walk(*from, *path, *value, rest),
                Step::Not(block) => self.inner(block)? != Flow::Done,
                Step::Collect { kind, block, to } => {
                    let value = self.collect(*kind, block)?;
                    self.put(*to, value);
                    true
                }
                Step::Template { parts, to } => {
                    let value = self.template(parts)?;
                    self.put(*to, value);
                    true
                }
                Step::With { replaced, block } => return self.with(replaced, block),
                Step::Without(rest) => return self.without(rest),
                Step::Found => {
                    self.watch_passed();
                    return Ok(Flow::Done);
                }
                plain => self.plain(plain)?,
            };
            if !holds {
                return FAILED;
            }
        }
        Ok(Flow::More)
    }

    #[inline]
    fn put_found(&mut self, to: Slot, value: Option<Val<'a>>) -> bool {
        value.is_some_and(|value| {
            self.put(to, value);
            true
        })
    }

    #[inline]
    fn builtin_step(
        &mut self,
        builtin: &'static Builtin,
        arguments: &'a [Operand],
        to: Option<Slot>,
        at: Span,
    ) -> Result<bool, Stop> {
        let point = self.trace_point();
        self.trace_use(arguments);
        Ok(match (self.builtin(builtin, arguments, at)?, to) {
            (Some(value), Some(to)) => {
                self.put(to, value);
                self.trace_computed(&value, point);
                true
            }
            (Some(value), None) => !matches!(value, Val::Bool(false)),
            (None, _) => false,
        })
    }

    #[inline]
    fn call_step(
        &mut self,
        document: usize,
        arguments: &'a [Operand],
        to: Option<Slot>,
        at: Span,
    ) -> Result<bool, Stop> {
        let point = self.trace_point();
        Ok(match (self.call(document, arguments, at)?, to) {
            (Some(value), Some(to)) => {
                self.put(to, value);
                self.trace_made(&value, point);
                true
            }
            (Some(value), None) => !matches!(value, Val::Bool(false)),
            (None, _) => false,
        })
    }

    /// What a step does that runs no other block; whether it holds. Apart from the others, so that a block within a
    /// block takes little of the stack.
    #[inline]
    fn plain(&mut self, step: &'a Step) -> Result<bool, Stop> {
        match step {
            Step::Truthy(operand) => {
                self.trace_use(&[*operand]);
                match self.operand(*operand)? {
                    None | Some(Val::Bool(false)) => return Ok(false),
                    Some(_) => {}
                }
            }
            Step::Copy { from, to } => match self.passed(*from)? {
                Some(value) => {
                    let origin = self.origin(*from);
                    self.put(*to, value);
                    self.trace_put(*to, origin);
                }
                None => return Ok(false),
            },
            Step::Equal(left, right) => {
                self.trace_use(&[*left, *right]);
                match (self.operand(*left)?, self.operand(*right)?) {
                    (Some(left), Some(right)) if self.is_equal(&left, &right)? => {}
                    _ => return Ok(false),
                }
            }
            Step::Compare(comparison, left, right) => {
                self.trace_use(&[*left, *right]);
                let (Some(left), Some(right)) = (self.operand(*left)?, self.operand(*right)?) else {
                    return Ok(false);
                };
                if !self.holds(*comparison, &left, &right)? {
                    return Ok(false);
                }
            }
            Step::Path { from, keys, to } => {
                let found = self.path(*from, keys)?;
                let origin = self.trace_path(*from, keys);
                let Some(value) = found else { return Ok(false) };
                self.put(*to, value);
                self.trace_put(*to, origin);
            }
            Step::Has { from, keys } => {
                self.trace_path(*from, keys);
                let found = self.path(*from, keys)?;
                self.watch_found(*from, keys, found);
                match found {
                    None | Some(Val::Bool(false)) => return Ok(false),
                    Some(_) => {}
                }
            }
            Step::Lacks { from, keys } => {
                self.trace_path(*from, keys);
                let found = self.path(*from, keys)?;
                self.watch_found(*from, keys, found);
                match found {
                    None | Some(Val::Bool(false)) => {}
                    Some(_) => return Ok(false),
                }
            }
            Step::Get { from, key, to } => {
                let found = self.get(*from, *key)?;
                let origin = self.trace_key(*from, *key)?;
                let Some(value) = found else { return Ok(false) };
                self.put(*to, value);
                self.trace_put(*to, origin);
            }
            Step::ArrayOf(operand, len) => match self.operand(*operand)?.and_then(|value| value.as_array()) {
                Some(array) if array.len() == *len => {}
                _ => return Ok(false),
            },
            Step::ObjectOf(operand, len) => {
                match self.operand(*operand)?.and_then(|value| value.as_object()) {
                    Some(object) if object.len() == *len => {}
                    _ => return Ok(false),
                }
            }
            Step::Collection(operand) => {
                if self.operand(*operand)?.is_none_or(|value| value.len().is_none()) {
                    return Ok(false);
                }
            }
            Step::Build { what, to } => match self.build(what)? {
                Some(value) => self.put(*to, value),
                None => return Ok(false),
            },
            Step::Matches { pattern, text, at } => {
                self.trace_use(&[*text]);
                if !self.is_match(*pattern, *text, *at)? {
                    return Ok(false);
                }
            }
            Step::GetOr { from, keys, otherwise, to, at } => {
                let found = self.get_or(*from, keys, *otherwise, *at)?;
                let origin = self.trace_path(*from, keys);
                let Some(value) = found else { return Ok(false) };
                self.put(*to, value);
                self.trace_put(*to, origin);
            }
            Step::Print(arguments, at) => self.watch_print(arguments, *at)?,
            Step::Case(keys) => self.watch_case(*keys)?,
            Step::Add(operand) => {
                let Some(value) = self.operand(*operand)? else { return Ok(false) };
                self.add(value)?;
                self.trace_added(&value);
                self.watch_given();
            }
            Step::AddEntry(key, value) => {
                let (Some(key), Some(value)) = (self.operand(*key)?, self.operand(*value)?) else {
                    return Ok(false);
                };
                self.add(key)?;
                self.add(value)?;
                self.trace_added(&value);
                self.watch_given();
            }
            Step::Return(operand) => {
                let Some(value) = self.passed(*operand)? else { return Ok(false) };
                self.trace_added(&value);
                self.trace_give();
                self.watch_given();
                self.give(value)?;
                return Ok(false);
            }
            // Those that run other blocks have their arms there.
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The part of a value, or all of `input`, below fixed keys.
    #[inline]
    fn path(&mut self, from: Operand, keys: &'a [Arc<str>]) -> Result<Option<Val<'a>>, Stop> {
        let Some(value) = self.passed(from)? else { return Ok(None) };
        if !self.pending.is_empty()
            && let Val::Object(entries) = value
        {
            self.learned(entries, keys)?;
        }
        Ok(below(value, keys))
    }

    fn get(&mut self, from: Operand, key: Operand) -> Result<Option<Val<'a>>, Stop> {
        let Some(key) = self.operand(key)? else { return Ok(None) };
        let Some(from) = self.passed(from)? else { return Ok(None) };
        if !self.pending.is_empty()
            && let (Val::Object(entries), Val::String(text)) = (from, key)
        {
            self.learned(entries, &[text.into()])?;
        }
        Ok(from.step(&key))
    }

    fn get_or(
        &mut self,
        from: Operand,
        keys: &'a [Arc<str>],
        otherwise: Operand,
        at: Span,
    ) -> Result<Option<Val<'a>>, Stop> {
        let Some(otherwise) = self.operand(otherwise)? else { return Ok(None) };
        if let Some(value) = self.path(from, keys)? {
            return Ok(Some(value));
        }
        match self.path(from, &[])? {
            Some(from) if from.as_object().is_some() => Ok(Some(otherwise)),
            Some(other) => {
                let message = format!("operand 1 must be object but got {}", other.kind().word());
                self.note(Error::Type(message), "object.get", at)?;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    fn build(&mut self, what: &'a Built) -> Result<Option<Val<'a>>, Stop> {
        let value = match what {
            Built::Array(items) => match self.all(items)? {
                Some(items) => self.arena.array(&items)?,
                None => return Ok(None),
            },
            Built::Set(items) => match self.all(items)? {
                Some(items) => self.arena.set(items)?,
                None => return Ok(None),
            },
            Built::Object(entries) => {
                let mut values = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let (Some(key), Some(value)) = (self.operand(*key)?, self.operand(*value)?) else {
                        return Ok(None);
                    };
                    values.push((key, value));
                }
                self.arena.object(values)?
            }
        };
        Ok(Some(value))
    }

    fn all(&mut self, operands: &[Operand]) -> Result<Option<Vec<Val<'a>>>, Stop> {
        operands.iter().map(|operand| self.operand(*operand)).collect()
    }

    fn is_match(&mut self, pattern: u32, text: Operand, at: Span) -> Result<bool, Stop> {
        let value = self.operand(text)?;
        match (value, self.plan.patterns.get(pattern as usize)) {
            (Some(Val::String(text)), Some(pattern)) => {
                self.spend(text.len() as u64 / 64)?;
                Ok(pattern.is_match(text))
            }
            (Some(other), _) => {
                let message = format!("operand 2 must be string but got {}", other.kind().word());
                self.note(Error::Type(message), "regex.match", at)?;
                Ok(false)
            }
            (None, _) => Ok(false),
        }
    }

    /// Each part in turn: what follows runs for each.
    fn scan(
        &mut self,
        from: Operand,
        key: Option<Slot>,
        value: Option<Slot>,
        rest: &'a Block,
    ) -> Result<Flow, Stop> {
        let origin = self.origin(from);
        let Some(from) = self.operand(from)? else { return FAILED };
        let len = from.len().unwrap_or_default();
        let aside = self.trace_aside(&from);
        let point = self.trace_point();
        let place = self.watch_place();
        self.deeper(|machine| {
            for at in 0..len {
                machine.trace_back(point);
                machine.watch_back(place);
                let Some((part_key, part)) = part(&from, at) else { break };
                if let Some(key) = key {
                    machine.put(key, part_key);
                }
                if let Some(value) = value {
                    machine.put(value, part);
                }
                machine.trace_part(origin, part_key, part, value);
                if let Some(all) = &aside {
                    machine.trace_member(&part, all);
                }
                if machine.block(rest)? == Flow::Done {
                    return Ok(Flow::Done);
                }
            }
            Ok(Flow::More)
        })
    }

    fn walk(&mut self, from: Operand, path: Slot, value: Slot, rest: &'a Block) -> Result<Flow, Stop> {
        let Some(from) = self.operand(from)? else { return FAILED };
        self.deeper(|machine| machine.walk_below(from, path, value, rest))
    }

    /// Each part with its path, outer ones first, on a stack of our own: values may be deep.
    fn walk_below(&mut self, from: Val<'a>, path: Slot, value: Slot, rest: &'a Block) -> Result<Flow, Stop> {
        let mut steps: Vec<Val<'a>> = Vec::new();
        let mut open = Vec::new();
        let mut next = Some(from);
        let place = self.watch_place();
        loop {
            if let Some(here) = next.take() {
                let at = self.arena.array(&steps)?;
                self.spend(1 + steps.len() as u64)?;
                self.watch_back(place);
                self.put(path, at);
                self.put(value, here);
                self.trace_part(None, Val::Null, here, Some(value));
                if self.block(rest)? == Flow::Done {
                    return Ok(Flow::Done);
                }
                open.push((here, 0));
            }
            let Some((here, at)) = open.last_mut() else { return Ok(Flow::More) };
            match part(here, *at) {
                Some((key, part)) => {
                    *at += 1;
                    steps.push(key);
                    next = Some(part);
                }
                None => {
                    open.pop();
                    steps.pop();
                }
            }
        }
    }

    fn collect(&mut self, kind: Collection, block: &'a Block) -> Result<Val<'a>, Stop> {
        let (start, point) = (self.collected.len(), self.trace_point());
        self.trace_enter();
        let result = self.inner(block);
        let found = self.collected.split_off(start);
        result?;
        self.spend(found.len() as u64)?;
        let value = match kind {
            Collection::Array => self.arena.array(&found)?,
            Collection::Set => self.arena.set(found)?,
            Collection::Object => self.object(&found, "object comprehension")?,
        };
        self.trace_gathered(&value, point);
        Ok(value)
    }

    /// An object of keys and values in turn; a key with two values is a conflict.
    pub(super) fn object(&self, found: &[Val<'a>], what: &str) -> Result<Val<'a>, Stop> {
        let mut entries: Vec<(Val<'a>, Val<'a>)> = Vec::with_capacity(found.len() / 2);
        for pair in found.chunks_exact(2) {
            if let [key, value] = pair {
                entries.push((*key, *value));
            }
        }
        entries.sort();
        entries.dedup();
        if entries.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0)) {
            return Err(Stop::Conflict(format!("object keys must be unique in {what}")));
        }
        Ok(self.arena.sorted_object(&entries)?)
    }

    fn template(&mut self, parts: &'a [Part]) -> Result<Val<'a>, Stop> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(own) => text.push_str(own),
                Part::Value { block, slot } => {
                    if self.inner(block)? == Flow::Done {
                        match self.slot(*slot) {
                            Val::String(value) => text.push_str(value),
                            other => {
                                let room =
                                    usize::try_from(self.meter.left()).unwrap_or(usize::MAX).min(LONGEST);
                                let printed = other.print(room).map_err(|_| Stop::Limit)?;
                                self.spend(printed.len() as u64 / 8)?;
                                text.push_str(&printed);
                            }
                        }
                    } else {
                        text.push_str("<undefined>");
                    }
                }
            }
            self.spend(1 + text.len() as u64 / 64)?;
        }
        Ok(self.arena.string(&text)?)
    }
}

/// What stands below fixed keys. Within a document nothing is made on the way.
fn below<'a>(mut value: Val<'a>, mut keys: &'a [Arc<str>]) -> Option<Val<'a>> {
    while let [key, rest @ ..] = keys {
        keys = rest;
        value = match value {
            Val::DocumentObject(map) => {
                let mut here = map.get(key)?;
                while let [key, rest @ ..] = keys {
                    keys = rest;
                    here = here.as_object()?.get(key)?;
                }
                return Some(Val::of(here));
            }
            other => other.step(&Val::String(key))?,
        };
    }
    Some(value)
}

/// How long the text of a value may become in a template, in bytes.
const LONGEST: usize = 1 << 26;

/// A part of a value and its key, by position.
fn part<'a>(of: &Val<'a>, at: usize) -> Option<(Val<'a>, Val<'a>)> {
    match of {
        Val::Set(items) => items.get(at).map(|item| (*item, *item)),
        _ => match of.as_array() {
            Some(array) => Some((Val::Int(i64::try_from(at).unwrap_or(i64::MAX)), array.get(at)?)),
            None => of.as_object()?.entry(at),
        },
    }
}
