//! Terms and conditions, taken apart.

use std::collections::BTreeSet;

use tollgate_rego_resolve::tree::{
    self, Base, Body, Callee, Literal, LiteralKind, LocalId, Rule, TemplatePart, Term, TermKind,
};
use tollgate_rego_syntax::tree::Span;

use super::atom::{
    Atom, AtomKind, Condition, Function, Inner, Piece, Replaced, Replacement, Root, Shape, Slot,
};
use super::role::role;
use crate::constant::Constant;

/// Takes the terms of one rule apart.
pub(super) struct Lowerer<'a> {
    rule: &'a Rule,
    /// the next slot: the rule's locals come first
    pub(super) next: Slot,
    /// the conditions so far
    pub(super) conditions: Vec<Condition>,
    /// the condition at hand
    condition: Option<u32>,
    /// whether operands of a negation are taken apart, which must not bind anything
    negated: bool,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(rule: &'a Rule) -> Self {
        Self {
            rule,
            next: Slot::try_from(rule.locals.len()).unwrap_or(Slot::MAX),
            conditions: Vec::new(),
            condition: None,
            negated: false,
        }
    }

    pub(super) fn fresh(&mut self) -> Slot {
        let slot = self.next;
        self.next = self.next.saturating_add(1);
        slot
    }

    pub(super) fn body(&mut self, body: &Body, out: &mut Vec<Atom>) {
        for literal in &body.literals {
            let outer = self.condition;
            self.condition = u32::try_from(self.conditions.len()).ok();
            self.conditions.push(Condition { span: literal.span, role: role(&literal.kind) });
            self.literal(literal, out);
            self.condition = outer;
        }
    }

    pub(super) fn atom(&self, kind: AtomKind, span: Span) -> Atom {
        Atom { kind, span, condition: self.condition, negated: self.negated }
    }

    fn literal(&mut self, literal: &Literal, out: &mut Vec<Atom>) {
        if literal.with.is_empty() {
            self.lower(&literal.kind, literal.span, out);
            return;
        }
        let replaced = literal.with.iter().map(|with| self.with(with, out)).collect();
        let mut body = Vec::new();
        self.lower(&literal.kind, literal.span, &mut body);
        out.push(self.atom(AtomKind::With { replaced, body }, literal.span));
    }

    fn with(&mut self, with: &tree::With, out: &mut Vec<Atom>) -> (Replaced, Replacement) {
        let replaced = match &with.target {
            tree::Target::Input(path) => Replaced::Input(path.clone()),
            tree::Target::Data(path) => Replaced::Data(path.clone()),
            tree::Target::Builtin(builtin) => Replaced::Builtin(builtin),
            tree::Target::Function(path) => Replaced::Function(path.clone()),
        };
        let replacement = match &with.value {
            tree::Replacement::Term(term) => Replacement::Value(self.shape(term, out)),
            tree::Replacement::Builtin(builtin) => Replacement::Function(Function::Builtin(builtin)),
            tree::Replacement::Function(path) => Replacement::Function(Function::Rule(path.clone())),
        };
        (replaced, replacement)
    }

    fn lower(&mut self, kind: &LiteralKind, span: Span, out: &mut Vec<Atom>) {
        match kind {
            LiteralKind::Term(term) => self.test(term, out),
            LiteralKind::Assign(left, right) | LiteralKind::Unify(left, right) => {
                self.unify(left, right, span, out);
            }
            LiteralKind::Not(inner) => self.not(inner, span, out),
            LiteralKind::NotBody(body) => {
                let inner = self.inner(body.scopes, |lowerer, atoms| lowerer.body(body, atoms));
                out.push(self.atom(AtomKind::Not(inner), span));
            }
            LiteralKind::SomeIn { key, value, collection } => {
                let key = match key {
                    Some(key) => self.shape(key, out),
                    None => Shape::Slot(self.fresh()),
                };
                let value = self.shape(value, out);
                let (base, mut steps) = self.reference(collection, out);
                steps.push(key);
                out.push(self.atom(AtomKind::Read { target: Some(value), base, steps }, span));
            }
            LiteralKind::Every { key, value, collection, body } => {
                let collection = self.shape(collection, out);
                let mut body = self.inner(body.scopes, |lowerer, atoms| lowerer.body(body, atoms));
                key.iter().chain([value]).for_each(|local| {
                    body.free.remove(&local.0);
                });
                let kind =
                    AtomKind::Every { collection, key: key.map(|key: LocalId| key.0), value: value.0, body };
                out.push(self.atom(kind, span));
            }
        }
    }

    /// The arguments of `print`: each a collection of all its values, so that none of them makes it fail.
    fn print(&mut self, arguments: &[Term]) -> AtomKind {
        let printed = arguments.iter().map(|term| {
            let mut value = Shape::Constant(Constant::Null);
            let mut body = self.inner((0, 0), |lowerer, atoms| value = lowerer.shape(term, atoms));
            value.each_slot(&mut |slot| {
                if (slot as usize) < self.rule.locals.len() {
                    body.free.insert(slot);
                }
            });
            // Each `_` is a variable of its own, which stands nowhere else.
            body.free.retain(|slot| {
                self.rule
                    .locals
                    .get(*slot as usize)
                    .is_none_or(|local| local.origin != tree::Origin::Wildcard)
            });
            (body, value)
        });
        AtomKind::Print(printed.collect())
    }

    /// A term that must be defined and not `false`.
    fn test(&mut self, term: &Term, out: &mut Vec<Atom>) {
        let kind = match &term.kind {
            TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. } if builtin.name == "print" => {
                self.print(arguments)
            }
            TermKind::Ref { base, steps } if !steps.is_empty() || !matches!(base, Base::Term(_)) => {
                let (base, steps) = self.steps(base, steps, out);
                AtomKind::Read { target: None, base, steps }
            }
            TermKind::Call { callee, arguments, .. } => match equality(callee, arguments) {
                Some((left, right)) => return self.equal(left, right, term.span, out),
                None => {
                    let arguments = arguments.iter().map(|term| self.shape(term, out)).collect();
                    AtomKind::Call { target: None, callee: function(callee), arguments }
                }
            },
            _ => AtomKind::Test(self.shape(term, out)),
        };
        out.push(self.atom(kind, term.span));
    }

    /// `a == b`: references on either side are read last, so that `not a.b == 1` holds where `a.b` is missing.
    fn equal(&mut self, left: &Term, right: &Term, span: Span, out: &mut Vec<Atom>) {
        let mut reads = Vec::new();
        let mut side = |lowerer: &mut Self, term: &Term| match &term.kind {
            TermKind::Ref { base, steps } => {
                let (base, steps) = lowerer.steps(base, steps, out);
                let slot = lowerer.fresh();
                reads.push(lowerer.read(slot, base, steps, term.span));
                Shape::Slot(slot)
            }
            _ => lowerer.shape(term, out),
        };
        let arguments = vec![side(self, left), side(self, right)];
        out.append(&mut reads);
        if let Some(builtin) = tollgate_rego_builtin::lookup("equal") {
            let kind = AtomKind::Call { target: None, callee: Function::Builtin(builtin), arguments };
            out.push(self.atom(kind, span));
        }
    }

    fn unify(&mut self, left: &Term, right: &Term, span: Span, out: &mut Vec<Atom>) {
        let kind = match (&left.kind, &right.kind) {
            (TermKind::Ref { base, steps }, TermKind::Ref { base: other, steps: others }) => {
                let (base, steps) = self.steps(base, steps, out);
                let (other, others) = self.steps(other, others, out);
                let slot = self.fresh();
                out.push(self.read(slot, base, steps, left.span));
                AtomKind::Read { target: Some(Shape::Slot(slot)), base: other, steps: others }
            }
            (_, TermKind::Ref { base, steps }) => {
                let target = self.shape(left, out);
                let (base, steps) = self.steps(base, steps, out);
                AtomKind::Read { target: Some(target), base, steps }
            }
            (TermKind::Ref { base, steps }, _) => {
                let (base, steps) = self.steps(base, steps, out);
                let target = self.shape(right, out);
                AtomKind::Read { target: Some(target), base, steps }
            }
            (_, TermKind::Call { callee, arguments, .. }) => {
                let target = self.shape(left, out);
                self.call(Some(target), callee, arguments, out)
            }
            (TermKind::Call { callee, arguments, .. }, _) => {
                let target = self.shape(right, out);
                self.call(Some(target), callee, arguments, out)
            }
            _ => AtomKind::Unify(self.shape(left, out), self.shape(right, out)),
        };
        out.push(self.atom(kind, span));
    }

    fn call(
        &mut self,
        target: Option<Shape>,
        callee: &Callee,
        arguments: &[Term],
        out: &mut Vec<Atom>,
    ) -> AtomKind {
        let arguments = arguments.iter().map(|term| self.shape(term, out)).collect();
        AtomKind::Call { target, callee: function(callee), arguments }
    }

    /// What is negated: its last atoms stand within, what their operands need stands before.
    fn not(&mut self, inner: &Literal, span: Span, out: &mut Vec<Atom>) {
        let first = self.next;
        let mut before = Vec::new();
        let outer = std::mem::replace(&mut self.negated, true);
        self.literal(inner, &mut before);
        self.negated = outer;
        let within = before.split_off(before.len().saturating_sub(last_atoms(&inner.kind)));
        let bound = slots(&before);
        let mut free = slots(&within);
        free.retain(|slot| *slot < first || bound.contains(slot));
        out.append(&mut before);
        out.push(self.atom(AtomKind::Not(Inner { atoms: within, free }), span));
    }

    fn read(&self, slot: Slot, base: Root, steps: Vec<Shape>, span: Span) -> Atom {
        self.atom(AtomKind::Read { target: Some(Shape::Slot(slot)), base, steps }, span)
    }

    /// What stands in a scope of its own.
    fn inner(&mut self, scopes: (u32, u32), fill: impl FnOnce(&mut Self, &mut Vec<Atom>)) -> Inner {
        let first = self.next;
        let mut atoms = Vec::new();
        let outer = std::mem::replace(&mut self.negated, false);
        fill(self, &mut atoms);
        self.negated = outer;
        let mut free = slots(&atoms);
        free.retain(|slot| *slot < first && !self.is_owned(*slot, scopes));
        Inner { atoms, free }
    }

    /// Whether a slot is a local of one of the scopes from .. up to.
    fn is_owned(&self, slot: Slot, (from, to): (u32, u32)) -> bool {
        let local = self.rule.locals.get(slot as usize);
        local.is_some_and(|local| from <= local.scope && local.scope < to)
    }

    /// A term as an operand; what must be evaluated first goes to `out`.
    pub(super) fn shape(&mut self, term: &Term, out: &mut Vec<Atom>) -> Shape {
        let target = |slot: Slot| Some(Shape::Slot(slot));
        match &term.kind {
            TermKind::Null => Shape::Constant(Constant::Null),
            TermKind::Bool(truth) => Shape::Constant(Constant::Bool(*truth)),
            TermKind::Number(text) => Shape::Constant(Constant::Number(text.clone())),
            TermKind::String(text) => Shape::Constant(Constant::String(text.clone())),
            TermKind::Local(local) => Shape::Slot(local.0),
            TermKind::Array(items) => {
                let items: Vec<Shape> = items.iter().map(|item| self.shape(item, out)).collect();
                constants(&items).map_or(Shape::Array(items), |items| Shape::Constant(Constant::Array(items)))
            }
            TermKind::Set(items) => {
                let items: Vec<Shape> = items.iter().map(|item| self.shape(item, out)).collect();
                constants(&items).map_or(Shape::Set(items), |items| Shape::Constant(Constant::Set(items)))
            }
            TermKind::Object(entries) => {
                let entries: Vec<(Shape, Shape)> = entries
                    .iter()
                    .map(|(key, value)| (self.shape(key, out), self.shape(value, out)))
                    .collect();
                let constant = entries.iter().map(|(key, value)| Some((constant(key)?, constant(value)?)));
                match constant.collect() {
                    Some(entries) => Shape::Constant(Constant::Object(entries)),
                    None => Shape::Object(entries),
                }
            }
            TermKind::Ref { base, steps } => {
                let (base, steps) = self.steps(base, steps, out);
                let slot = self.fresh();
                out.push(self.read(slot, base, steps, term.span));
                Shape::Slot(slot)
            }
            TermKind::Call { callee, arguments, .. } => {
                // A call within is a condition of its own before the negation, and may bind.
                let outer = std::mem::replace(&mut self.negated, false);
                let arguments = arguments.iter().map(|term| self.shape(term, out)).collect();
                self.negated = outer;
                let slot = self.fresh();
                let kind = AtomKind::Call { target: target(slot), callee: function(callee), arguments };
                out.push(self.atom(kind, term.span));
                Shape::Slot(slot)
            }
            TermKind::Comprehension { kind, key, value, body } => {
                let mut heads = (None, Shape::Constant(Constant::Null));
                let mut inner = self.inner(body.scopes, |lowerer, atoms| {
                    lowerer.body(body, atoms);
                    heads = (key.as_ref().map(|key| lowerer.shape(key, atoms)), lowerer.shape(value, atoms));
                });
                let (key, value) = heads;
                let own = inner.free.clone();
                key.iter().chain([&value]).for_each(|shape| {
                    shape.each_slot(&mut |slot| {
                        if (slot as usize) < self.rule.locals.len() && !self.is_owned(slot, body.scopes) {
                            inner.free.insert(slot);
                        }
                    });
                });
                debug_assert!(own.is_subset(&inner.free), "heads only add to what is free");
                let slot = self.fresh();
                let kind = AtomKind::Collect { target: slot, kind: *kind, key, value, body: inner };
                out.push(self.atom(kind, term.span));
                Shape::Slot(slot)
            }
            TermKind::Template(parts) => {
                let parts = parts.iter().map(|part| self.piece(part)).collect();
                let slot = self.fresh();
                out.push(self.atom(AtomKind::Template { target: slot, parts }, term.span));
                Shape::Slot(slot)
            }
        }
    }

    fn piece(&mut self, part: &TemplatePart) -> Piece {
        let literal = match part {
            TemplatePart::Text(text) => return Piece::Text(text.clone()),
            TemplatePart::Term(literal) => literal,
        };
        let value = self.fresh();
        let mut body = self.inner((0, 0), |lowerer, atoms| {
            let replaced: Vec<_> = literal.with.iter().map(|with| lowerer.with(with, atoms)).collect();
            let mut within = Vec::new();
            if let LiteralKind::Term(term) = &literal.kind {
                let shape = lowerer.shape(term, &mut within);
                within.push(lowerer.atom(AtomKind::Unify(Shape::Slot(value), shape), literal.span));
            }
            if replaced.is_empty() {
                atoms.append(&mut within);
            } else {
                atoms.push(lowerer.atom(AtomKind::With { replaced, body: within }, literal.span));
            }
        });
        body.free.remove(&value);
        Piece::Value { body, value }
    }

    /// A term as something to step into.
    fn reference(&mut self, term: &Term, out: &mut Vec<Atom>) -> (Root, Vec<Shape>) {
        match &term.kind {
            TermKind::Ref { base, steps } => self.steps(base, steps, out),
            _ => (Root::Slot(self.slot(term, out)), Vec::new()),
        }
    }

    fn steps(&mut self, base: &Base, steps: &[Term], out: &mut Vec<Atom>) -> (Root, Vec<Shape>) {
        let root = match base {
            Base::Input => Root::Input,
            Base::Data => Root::Data,
            Base::Local(local) => Root::Slot(local.0),
            Base::Term(term) => Root::Slot(self.slot(term, out)),
        };
        (root, steps.iter().map(|step| self.shape(step, out)).collect())
    }

    /// A term in a slot.
    fn slot(&mut self, term: &Term, out: &mut Vec<Atom>) -> Slot {
        match self.shape(term, out) {
            Shape::Slot(slot) => slot,
            shape => {
                let slot = self.fresh();
                out.push(self.atom(AtomKind::Unify(Shape::Slot(slot), shape), term.span));
                slot
            }
        }
    }
}

fn slots(atoms: &[Atom]) -> BTreeSet<Slot> {
    let mut slots = BTreeSet::new();
    atoms.iter().for_each(|atom| {
        atom.each_slot(&mut |slot| {
            slots.insert(slot);
        });
    });
    slots
}

/// How many atoms a condition itself is, behind those that its operands need.
fn last_atoms(kind: &LiteralKind) -> usize {
    let references =
        |sides: [&Term; 2]| sides.iter().filter(|side| matches!(side.kind, TermKind::Ref { .. })).count();
    match kind {
        LiteralKind::Unify(left, right) => references([left, right]).max(1),
        LiteralKind::Term(Term { kind: TermKind::Call { callee, arguments, .. }, .. }) => {
            equality(callee, arguments).map_or(1, |(left, right)| references([left, right]) + 1)
        }
        _ => 1,
    }
}

/// The sides of `a == b`.
fn equality<'t>(callee: &Callee, arguments: &'t [Term]) -> Option<(&'t Term, &'t Term)> {
    match (callee, arguments) {
        (Callee::Builtin(builtin), [left, right]) if builtin.name == "equal" => Some((left, right)),
        _ => None,
    }
}

fn function(callee: &Callee) -> Function {
    match callee {
        Callee::Builtin(builtin) => Function::Builtin(builtin),
        Callee::Function(path) => Function::Rule(path.clone()),
        // Only where there are problems, and then nothing is lowered.
        Callee::Unknown(name) => Function::Rule([name.clone()].into()),
    }
}

fn constant(shape: &Shape) -> Option<Constant> {
    match shape {
        Shape::Constant(constant) => Some(constant.clone()),
        _ => None,
    }
}

fn constants(shapes: &[Shape]) -> Option<Vec<Constant>> {
    shapes.iter().map(constant).collect()
}
