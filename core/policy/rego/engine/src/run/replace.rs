//! `with`: other documents and functions, for as long as a block runs.

use std::sync::Arc;

use tollgate_rego_value::Val;

use super::machine::{Flow, Machine, Made, Stand, Stop};
use crate::plan::step::{Block, Instead, Replaced};

/// What `with` changes, kept aside.
pub(super) struct Aside<'a> {
    input: Option<Val<'a>>,
    pending: &'a [Vec<Arc<str>>],
    data: Vec<(&'a [Arc<str>], Val<'a>)>,
    functions: Vec<(crate::plan::step::Called, Stand<'a>)>,
    made: Vec<Made<'a>>,
}

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    pub(super) fn with(&mut self, replaced: &'a [Replaced], block: &'a Block) -> Result<Flow, Stop> {
        let Some(aside) = self.set_aside(replaced)? else { return Ok(Flow::More) };
        self.asides.push(aside);
        let result = self.deeper(|machine| machine.block(block));
        if let Some(aside) = self.asides.pop() {
            self.restore(aside);
        }
        result
    }

    /// Replaces, and gives what was there; nothing where what is to stand there is undefined.
    fn set_aside(&mut self, replaced: &'a [Replaced]) -> Result<Option<Aside<'a>>, Stop> {
        let mut changes = Vec::with_capacity(replaced.len());
        for change in replaced {
            changes.push(match change {
                Replaced::Input(path, value) => match self.operand(*value)? {
                    Some(value) => Change::Input(path, value),
                    None => return Ok(None),
                },
                Replaced::Data(path, value) => match self.operand(*value)? {
                    Some(value) => Change::Data(path, value),
                    None => return Ok(None),
                },
                Replaced::Function(called, Instead::Function(instead)) => {
                    Change::Function(*called, Stand::Function(*instead))
                }
                Replaced::Function(called, Instead::Value(value)) => match self.operand(*value)? {
                    Some(value) => Change::Function(*called, Stand::Value(value)),
                    None => return Ok(None),
                },
            });
        }
        let documents = self.plan.documents.len();
        // Values that are set aside are memory too.
        if self.asides.len() * documents * size_of::<Made<'a>>() > self.arena.limit() {
            return Err(Stop::Limit);
        }
        let fresh = vec![Made::Not; documents];
        self.spend(1 + fresh.len() as u64 / 16)?;
        self.spend((self.replaced_data.len() + self.replaced_functions.len()) as u64 / 8)?;
        let aside = Aside {
            input: self.input,
            pending: self.pending,
            data: self.replaced_data.clone(),
            functions: self.replaced_functions.clone(),
            made: std::mem::replace(&mut self.made, fresh),
        };
        match self.change(changes) {
            Ok(()) => Ok(Some(aside)),
            Err(stop) => {
                self.restore(aside);
                Err(stop)
            }
        }
    }

    /// What follows a condition with `with`: with everything as it was before.
    pub(super) fn without(&mut self, rest: &'a Block) -> Result<Flow, Stop> {
        let Some(aside) = self.asides.pop() else { return self.block(rest) };
        let within = self.restore(aside);
        let result = self.deeper(|machine| machine.block(rest));
        let outer = self.restore(within);
        self.asides.push(outer);
        result
    }

    fn change(&mut self, changes: Vec<Change<'a>>) -> Result<(), Stop> {
        for change in changes {
            match change {
                Change::Input(path, value) => {
                    if path.is_empty() {
                        self.pending = &[];
                    }
                    self.input = Some(self.put_below(self.input, path, value)?);
                }
                Change::Data(path, value) => self.replaced_data.push((path, value)),
                Change::Function(called, stand) => self.replaced_functions.push((called, stand)),
            }
        }
        Ok(())
    }

    /// Puts back what was set aside; what stood in its place comes out.
    fn restore(&mut self, aside: Aside<'a>) -> Aside<'a> {
        Aside {
            input: std::mem::replace(&mut self.input, aside.input),
            pending: std::mem::replace(&mut self.pending, aside.pending),
            data: std::mem::replace(&mut self.replaced_data, aside.data),
            functions: std::mem::replace(&mut self.replaced_functions, aside.functions),
            made: std::mem::replace(&mut self.made, aside.made),
        }
    }

    /// A copy of `value` with `new` at a path; what is no object on the way becomes one.
    pub(super) fn put_below(
        &self,
        value: Option<Val<'a>>,
        path: &'a [Arc<str>],
        new: Val<'a>,
    ) -> Result<Val<'a>, Stop> {
        let Some((first, rest)) = path.split_first() else { return Ok(new) };
        let key = Val::String(first);
        let object = value.and_then(|value| value.as_object());
        let inner = self.put_below(object.and_then(|object| object.get(&key)), rest, new)?;
        let mut entries: Vec<(Val<'a>, Val<'a>)> =
            object.map(|object| object.iter().filter(|entry| entry.0 != key).collect()).unwrap_or_default();
        entries.push((key, inner));
        self.spend(entries.len() as u64)?;
        Ok(self.arena.object(entries)?)
    }
}

enum Change<'a> {
    Input(&'a [Arc<str>], Val<'a>),
    Data(&'a [Arc<str>], Val<'a>),
    Function(crate::plan::step::Called, Stand<'a>),
}
