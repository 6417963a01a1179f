//! Calls: builtins, functions, and what stands for them under `with`.

use tollgate_rego_builtin::{Body, Builtin, Call};
use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::Val;

use super::machine::{Machine, Stand, Stop};
use crate::plan::step::{Called, Operand};

/// How many arguments a call takes without a list of its own.
const FEW: usize = 5;

/// The arguments of a call: few of them in place, many in a list.
struct Gathered<'a> {
    few: [Val<'a>; FEW],
    len: usize,
    many: Vec<Val<'a>>,
}

impl<'a> Gathered<'a> {
    fn values(&self) -> &[Val<'a>] {
        if self.len <= FEW { self.few.get(..self.len).unwrap_or_default() } else { &self.many }
    }
}

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    pub(super) fn builtin(
        &mut self,
        builtin: &'static Builtin,
        arguments: &'a [Operand],
        at: Span,
    ) -> Result<Option<Val<'a>>, Stop> {
        let Some(gathered) = self.gather(arguments, false)? else { return Ok(None) };
        let values = gathered.values();
        if !self.replaced_functions.is_empty() {
            let called = Called::Builtin(builtin);
            if let Some(stand) = self.stand_for(called) {
                return self.stand(stand, values, at);
            }
        }
        self.real_builtin(builtin, values, at)
    }

    /// The values of operands, looked into or only handed on; nothing where one has none.
    #[inline]
    fn gather(&mut self, operands: &[Operand], handed_on: bool) -> Result<Option<Gathered<'a>>, Stop> {
        let mut gathered = Gathered { few: [Val::Null; FEW], len: operands.len(), many: Vec::new() };
        for (at, operand) in operands.iter().enumerate() {
            let value = if handed_on { self.passed(*operand)? } else { self.operand(*operand)? };
            let Some(value) = value else { return Ok(None) };
            match gathered.few.get_mut(at) {
                Some(place) if operands.len() <= FEW => *place = value,
                _ => gathered.many.push(value),
            }
        }
        Ok(Some(gathered))
    }

    fn real_builtin(
        &mut self,
        builtin: &'static Builtin,
        values: &[Val<'a>],
        at: Span,
    ) -> Result<Option<Val<'a>>, Stop> {
        self.spend(1)?;
        let Body::Function(function) = builtin.body else {
            return Ok(self.engine_builtin(builtin.name, values, at));
        };
        let call = Call { arena: self.arena, meter: &self.meter, patterns: &self.patterns, now: self.now };
        match function(&call, values) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.note(error, builtin.name, at)?;
                Ok(None)
            }
        }
    }

    /// Builtins that the engine itself knows.
    fn engine_builtin(&mut self, name: &str, values: &[Val<'a>], at: Span) -> Option<Val<'a>> {
        match (name, values) {
            ("trace", [Val::String(text)]) => {
                if self.watching().is_some() {
                    self.watch_note((*text).to_owned(), at);
                }
                Some(Val::Bool(true))
            }
            ("print" | "trace", _) => Some(Val::Bool(true)),
            _ => None,
        }
    }

    /// A function's value.
    pub(super) fn call(
        &mut self,
        document: usize,
        arguments: &'a [Operand],
        at: Span,
    ) -> Result<Option<Val<'a>>, Stop> {
        let Some(gathered) = self.gather(arguments, true)? else { return Ok(None) };
        self.trace_use(arguments);
        let point = self.trace_point();
        self.trace_arguments(arguments);
        self.trace_enter();
        let result = self.called(document, gathered.values(), at);
        self.trace_leave(point, result.as_ref().ok().copied().flatten());
        result
    }

    fn called(&mut self, document: usize, values: &[Val<'a>], at: Span) -> Result<Option<Val<'a>>, Stop> {
        if !self.replaced_functions.is_empty() {
            let called = Called::Document(document);
            if let Some(stand) = self.stand_for(called) {
                return self.stand(stand, values, at);
            }
        }
        self.function(document, values)
    }

    fn stand_for(&self, called: Called) -> Option<Stand<'a>> {
        let same = |other: &Called| match (*other, called) {
            (Called::Builtin(a), Called::Builtin(b)) => std::ptr::eq(a, b),
            (Called::Document(a), Called::Document(b)) => a == b,
            _ => false,
        };
        self.replaced_functions.iter().rev().find(|(other, _)| same(other)).map(|(_, stand)| *stand)
    }

    /// What stands for a function, called. Within it every function is itself again.
    fn stand(&mut self, stand: Stand<'a>, values: &[Val<'a>], at: Span) -> Result<Option<Val<'a>>, Stop> {
        let instead = match stand {
            Stand::Value(value) => return Ok(Some(value)),
            Stand::Function(instead) => instead,
        };
        let aside = std::mem::take(&mut self.replaced_functions);
        let result = self.deeper(|machine| match instead {
            Called::Builtin(builtin) => machine.real_builtin(builtin, values, at),
            Called::Document(document) => machine.function(document, values),
        });
        self.replaced_functions = aside;
        result
    }
}
