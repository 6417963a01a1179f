//! Virtual documents and functions: all their rules, together.

use tollgate_rego_value::Val;

use super::machine::{Flow, Machine, Made, Stop};
use crate::plan::{Definition, Document, Kind};

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// The value of a document, made once.
    pub(crate) fn document(&mut self, at: usize) -> Result<Option<Val<'a>>, Stop> {
        match self.made.get(at) {
            Some(Made::Done(value, met)) => {
                let (value, met) = (*value, *met);
                self.met = self.met.or(met);
                let point = self.trace_point();
                self.trace_again(at);
                self.trace_set_read(value.as_ref(), point);
                return Ok(value);
            }
            Some(Made::Not) => {}
            Some(Made::Busy) | None => return Err(Stop::Recursion(self.name(at))),
        }
        let Some(document) = self.plan.documents.get(at) else { return Ok(None) };
        self.set_made(at, Made::Busy);
        let met = self.met.take();
        let point = self.trace_point();
        self.trace_enter();
        let value = match document.kind {
            Kind::Complete => self.complete(document, &[]),
            Kind::Function => Ok(None),
            Kind::Set => self.set(&document.definitions).map(Some),
            Kind::Object => self.keyed(document).map(Some),
        };
        self.trace_leave(point, value.as_ref().ok().copied().flatten());
        match value {
            Ok(value) => {
                self.trace_keep(at, point);
                self.trace_set_read(value.as_ref(), point);
                self.set_made(at, Made::Done(value, self.met));
                self.met = met.or(self.met);
                Ok(value)
            }
            Err(stop) => {
                self.set_made(at, Made::Not);
                self.met = met.or(self.met);
                Err(stop)
            }
        }
    }

    fn set_made(&mut self, at: usize, made: Made<'a>) {
        if let Some(place) = self.made.get_mut(at) {
            *place = made;
        }
    }

    fn name(&self, at: usize) -> String {
        self.plan.documents.get(at).map(name).unwrap_or_default()
    }

    /// The value of a function.
    pub(super) fn function(&mut self, at: usize, arguments: &[Val<'a>]) -> Result<Option<Val<'a>>, Stop> {
        match self.plan.documents.get(at) {
            Some(document) => self.complete(document, arguments),
            None => Ok(None),
        }
    }

    /// The one value that all rules of a document agree on.
    fn complete(&mut self, document: &'a Document, arguments: &[Val<'a>]) -> Result<Option<Val<'a>>, Stop> {
        let outer = self.returned.take();
        let (point, definition, traced) = (self.trace_point(), self.trace_outer(), self.trace_returned());
        let mut led = None;
        let result = self.agreed(document, arguments, &mut led);
        self.trace_agreed(point, led);
        self.trace_restore(definition, traced);
        self.returned = outer;
        result
    }

    fn agreed(
        &mut self,
        document: &'a Document,
        arguments: &[Val<'a>],
        led: &mut Option<Vec<super::trace::Event>>,
    ) -> Result<Option<Val<'a>>, Stop> {
        let mut agreed: Option<Val<'a>> = None;
        for definition in &document.definitions {
            self.returned = None;
            self.trace_definition();
            self.first_branch(definition, arguments, document)?;
            let read = self.trace_returned();
            *led = led.take().or(read);
            match (self.returned.take(), agreed) {
                (Some(value), Some(other)) if value != other => return Err(conflict(document)),
                (Some(value), _) => agreed = Some(value),
                (None, _) => {}
            }
            if document.decided && agreed.is_some() {
                return Ok(agreed);
            }
        }
        if agreed.is_none()
            && let Some(default) = &document.default
        {
            self.first_branch(default, arguments, document)?;
            agreed = self.returned.take();
        }
        Ok(agreed)
    }

    /// The body of a rule, or the first `else` that holds.
    fn first_branch(
        &mut self,
        definition: &'a Definition,
        arguments: &[Val<'a>],
        document: &Document,
    ) -> Result<(), Stop> {
        let origins = self.traced().map(|trace| trace.arguments.clone()).unwrap_or_default();
        for branch in &definition.branches {
            let outer = self.watch_into(Some(branch.head));
            let result = self.framed(definition, |machine| {
                for (at, (slot, value)) in definition.arguments.iter().zip(arguments).enumerate() {
                    machine.put(*slot, *value);
                    machine.trace_put(*slot, origins.get(at).copied().flatten());
                }
                machine.block(&branch.block)
            });
            self.watch_back(outer);
            result.map_err(|stop| match stop {
                Stop::Conflict(message) if message.is_empty() => conflict(document),
                other => other,
            })?;
            if self.returned.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The value that one rule gives, whatever others of its document give.
    pub(crate) fn alone(
        &mut self,
        document: &'a Document,
        definition: &'a Definition,
    ) -> Result<Option<Val<'a>>, Stop> {
        let outer = self.returned.take();
        let result = self.first_branch(definition, &[], document);
        let value = std::mem::replace(&mut self.returned, outer);
        result.map(|()| value)
    }

    /// The value of the complete rule that runs.
    pub(super) fn give(&mut self, value: Val<'a>) -> Result<Flow, Stop> {
        match self.returned {
            Some(other) if other != value => return Err(Stop::Conflict(String::new())),
            _ => self.returned = Some(value),
        }
        Ok(Flow::More)
    }

    /// The members that rules give.
    pub(super) fn set(&mut self, definitions: &'a [Definition]) -> Result<Val<'a>, Stop> {
        let found = self.found(definitions)?;
        Ok(self.arena.set(found)?)
    }

    /// All that the bodies of rules add.
    pub(crate) fn found(&mut self, definitions: &'a [Definition]) -> Result<Vec<Val<'a>>, Stop> {
        let start = self.collected.len();
        for definition in definitions {
            for branch in &definition.branches {
                self.trace_body();
                let outer = self.watch_into(Some(branch.head));
                let result = self.framed(definition, |machine| machine.block(&branch.block));
                self.watch_back(outer);
                self.trace_body_end();
                if let Err(stop) = result {
                    self.collected.truncate(start);
                    return Err(stop);
                }
            }
        }
        let found = self.collected.split_off(start);
        self.spend(found.len() as u64)?;
        Ok(found)
    }

    /// An object whose keys the rules give: `p[x][y] := v`, `p[x] contains v`.
    fn keyed(&mut self, document: &'a Document) -> Result<Val<'a>, Stop> {
        let mut root = Tree::Inner(Vec::new());
        for definition in &document.definitions {
            if !definition.is_keyed {
                // `p := {..}` beside `p[x] := ..`: its entries are entries of the document.
                let outer = self.returned.take();
                let result = self.first_branch(definition, &[], document);
                let value = std::mem::replace(&mut self.returned, outer);
                result?;
                if let Some(object) = value.and_then(|value| value.as_object()) {
                    for (key, value) in object.iter() {
                        root.put(&[key], value, false, document)?;
                    }
                }
                continue;
            }
            let found = self.found(std::slice::from_ref(definition))?;
            for pair in found.chunks_exact(2) {
                let [keys, value] = pair else { continue };
                let keys: Vec<Val<'a>> =
                    keys.as_array().map(|keys| keys.iter().collect()).unwrap_or_default();
                root.put(&keys, *value, definition.is_set, document)?;
            }
        }
        let own = root.value(self)?;
        if !document.merged {
            return Ok(own);
        }
        let Some(node) = self.node(&document.path) else { return Ok(own) };
        self.merge_below(own, node)
    }
}

/// An object under construction.
enum Tree<'a> {
    Inner(Vec<(Val<'a>, Tree<'a>)>),
    Members(Vec<Val<'a>>),
    Leaf(Val<'a>),
}

impl<'a> Tree<'a> {
    fn put(
        &mut self,
        keys: &[Val<'a>],
        value: Val<'a>,
        is_member: bool,
        document: &Document,
    ) -> Result<(), Stop> {
        match (keys, &mut *self) {
            ([], Tree::Members(members)) if is_member => {
                members.push(value);
                Ok(())
            }
            ([], Tree::Leaf(other)) if !is_member && *other == value => Ok(()),
            ([key, rest @ ..], Tree::Inner(entries)) => {
                let at = match entries.binary_search_by(|entry| entry.0.cmp(key)) {
                    Ok(at) => at,
                    Err(at) => {
                        let fresh = match (rest, is_member) {
                            ([], true) => Tree::Members(Vec::new()),
                            ([], false) => Tree::Leaf(value),
                            _ => Tree::Inner(Vec::new()),
                        };
                        entries.insert(at, (*key, fresh));
                        at
                    }
                };
                match entries.get_mut(at) {
                    Some((_, below)) => below.put(rest, value, is_member, document),
                    None => Ok(()),
                }
            }
            _ => Err(Stop::Conflict(format!("object keys must be unique in {}", name(document)))),
        }
    }

    fn value<const TRACED: bool>(self, machine: &Machine<'a, TRACED>) -> Result<Val<'a>, Stop> {
        Ok(match self {
            Tree::Leaf(value) => value,
            Tree::Members(members) => machine.arena.set(members)?,
            Tree::Inner(entries) => {
                let entries = entries.into_iter().map(|(key, below)| Ok((key, below.value(machine)?)));
                let entries = entries.collect::<Result<Vec<_>, Stop>>()?;
                machine.arena.sorted_object(&entries)?
            }
        })
    }
}

fn name(document: &Document) -> String {
    document.path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}

fn conflict(document: &Document) -> Stop {
    let name = name(document);
    Stop::Conflict(match document.kind {
        Kind::Function => format!("functions must not produce multiple outputs for same inputs: {name}"),
        _ => format!("complete rules must not produce multiple outputs: {name}"),
    })
}
