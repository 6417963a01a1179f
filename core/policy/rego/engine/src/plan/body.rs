//! Code for atoms.

use std::sync::Arc;

use tollgate_rego_builtin::{Builtin, Error};
use tollgate_rego_resolve::Problem;
use tollgate_rego_syntax::tree::Span;
use tollgate_rego_value::Arena;

use super::block::{Blocks, Opener};
use super::program::{Kind, Node, Plan, adding};
use super::step::{Block, Called, Comparison, Instead, Operand, Part, Replaced, Step};
use crate::constant::Constant;
use crate::lower::Lowered;
use crate::lower::atom::{self, Atom, AtomKind, Condition, Function, Inner, Piece, Root, Shape, Slot};
use crate::lower::order::Bound;

/// How deep blocks may nest: what goes through something, or replaces something, holds all that follows.
const DEPTH: usize = 500;

/// Makes code of the atoms of one rule.
pub(super) struct Planner<'a> {
    pub(super) plan: &'a mut Plan,
    pub(super) file: usize,
    pub(super) conditions: &'a [Condition],
    /// the number of the first of them among the plan's
    pub(super) first_condition: u32,
    pub(super) names: &'a [Arc<str>],
    /// the condition that what is planned stands within, in a block of its own
    pub(super) around: Option<u32>,
    /// where the value of the atom at hand is put
    pub(super) value: Option<Slot>,
    /// the next slot
    pub(super) slots: Slot,
    pub(super) bound: Bound,
    /// how many blocks stand around the one at hand
    depth: usize,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        plan: &'a mut Plan,
        file: usize,
        lowered: &'a Lowered,
        (slots, first_condition): (Slot, u32),
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self {
            plan,
            file,
            conditions: &lowered.conditions,
            first_condition,
            names: &lowered.names,
            around: None,
            value: None,
            slots,
            bound: Bound::default(),
            depth: 0,
            problems,
        }
    }

    pub(super) fn fresh(&mut self) -> Slot {
        let slot = self.slots;
        self.slots = self.slots.saturating_add(1);
        self.bound.add(slot);
        slot
    }

    pub(super) fn constant(&mut self, constant: &Constant) -> Operand {
        Operand::Constant(self.plan.constant(constant))
    }

    /// Whether blocks here nest deeper than they may: then that is said.
    pub(super) fn is_too_deep(&mut self, at: Span, blocks: &Blocks) -> bool {
        let is_too_deep = self.depth + blocks.depth() > DEPTH;
        if is_too_deep {
            let message = format!(
                "more than {DEPTH} conditions here go through or replace something, each within the one before"
            );
            let problem = Problem::new(self.file, at, "too-deep", message);
            self.problems.push(problem.mended_by("split it into several rules"));
        }
        is_too_deep
    }

    pub(super) fn atom(&mut self, atom: &Atom, blocks: &mut Blocks) {
        match &atom.kind {
            AtomKind::Print(arguments) => {
                let arguments = arguments.iter().map(|(body, value)| {
                    self.inner(blocks, atom.condition, body, |planner, inner| {
                        Step::Add(planner.operand(value, inner))
                    })
                });
                let step = Step::Print(arguments.collect(), atom.span);
                blocks.push(step);
            }
            AtomKind::Case(keys) => {
                let keys = self.operand(&Shape::Array(keys.clone()), blocks);
                blocks.push(Step::Case(keys));
            }
            AtomKind::Test(shape) => {
                let value = self.operand(shape, blocks);
                blocks.push(Step::Truthy(value));
            }
            AtomKind::Unify(left, right) => self.unify(left, right, blocks),
            AtomKind::Read { target, base, steps } => self.read(target.as_ref(), *base, steps, blocks),
            AtomKind::Call { target, callee, arguments } => {
                self.call(target.as_ref(), callee, arguments, atom.span, blocks);
            }
            AtomKind::Collect { target, kind, key, value, body } => {
                let block = self.inner(blocks, atom.condition, body, |planner, inner| {
                    let key = key.as_ref().map(|key| planner.operand(key, inner));
                    let value = planner.operand(value, inner);
                    adding(*kind, key, value)
                });
                self.put(*target, blocks, |to| Step::Collect { kind: *kind, block, to });
            }
            AtomKind::Template { target, parts } => {
                let parts = parts.iter().map(|part| self.piece(blocks, atom.condition, part)).collect();
                self.put(*target, blocks, |to| Step::Template { parts, to });
            }
            AtomKind::Not(body) => {
                let block = self.inner(blocks, atom.condition, body, |_, _| Step::Found);
                blocks.push(match &*block.steps {
                    [Step::Has { from, keys }, Step::Found] => {
                        Step::Lacks { from: *from, keys: keys.clone() }
                    }
                    _ => Step::Not(block),
                });
            }
            AtomKind::Every { collection, key, value, body } => {
                let from = self.operand(collection, blocks);
                blocks.push(Step::Collection(from));
                // None for which the body fails.
                let before = self.bound.len();
                key.iter().chain([value]).for_each(|slot| self.bound.add(*slot));
                let holds = self.inner(blocks, atom.condition, body, |_, _| Step::Found);
                self.bound.back(before);
                let rest = Block::of(vec![Step::Not(holds), Step::Found]);
                let scan = Step::Scan { from, key: *key, value: Some(*value), rest };
                blocks.push(Step::Not(Block::of(vec![scan])));
            }
            // Planned with its mark, for what is within leads on.
            AtomKind::With { .. } => {}
        }
    }

    /// A block of its own, which binds nothing outside.
    fn inner(
        &mut self,
        outer: &Blocks,
        condition: Option<u32>,
        body: &Inner,
        last: impl FnOnce(&mut Self, &mut Blocks) -> Step,
    ) -> Block {
        let (before, depth) = (self.bound.len(), self.depth);
        self.depth += outer.depth() + 1;
        let around = std::mem::replace(&mut self.around, condition);
        let mut blocks = Blocks::default();
        self.atoms(&body.atoms, &mut blocks);
        let last = last(self, &mut blocks);
        blocks.push(last);
        self.bound.back(before);
        self.depth = depth;
        self.around = around;
        blocks.finish()
    }

    fn piece(&mut self, blocks: &Blocks, condition: Option<u32>, part: &Piece) -> Part {
        match part {
            Piece::Text(text) => Part::Text(text.clone()),
            Piece::Value { body, value } => {
                Part::Value { block: self.inner(blocks, condition, body, |_, _| Step::Found), slot: *value }
            }
        }
    }

    /// What gives one value: into the slot, or compared with it where it is bound.
    fn put(&mut self, target: Slot, blocks: &mut Blocks, step: impl FnOnce(Slot) -> Step) {
        if self.bound.has(target) {
            let to = self.fresh();
            blocks.push(step(to));
            blocks.push(Step::Equal(Operand::Slot(to), Operand::Slot(target)));
        } else {
            self.bound.add(target);
            blocks.push(step(target));
        }
        self.value = Some(target);
    }

    /// Where a value goes: the slot that the target is, or one that is matched with it afterwards.
    fn place(&mut self, target: Option<&Shape>) -> (Slot, Option<Shape>) {
        match target {
            Some(Shape::Slot(slot)) if !self.bound.has(*slot) => {
                self.bound.add(*slot);
                self.value = Some(*slot);
                (*slot, None)
            }
            target => {
                let slot = self.fresh();
                self.value = Some(slot);
                (slot, target.cloned())
            }
        }
    }

    fn read(&mut self, target: Option<&Shape>, base: Root, steps: &[Shape], blocks: &mut Blocks) {
        let (mut from, mut steps) = match base {
            Root::Input => (Operand::Input, steps),
            Root::Slot(slot) => (Operand::Slot(slot), steps),
            Root::Data => self.data(steps, blocks),
        };
        let mut keys: Vec<Arc<str>> = Vec::new();
        while let Some((step, rest)) = steps.split_first() {
            steps = rest;
            if let Shape::Constant(Constant::String(key)) = step {
                keys.push(key.clone());
                continue;
            }
            from = self.path(from, &mut keys, blocks);
            if self.bound.covers(step) {
                let key = self.operand(step, blocks);
                let to = self.fresh();
                blocks.push(Step::Get { from, key, to });
                from = Operand::Slot(to);
                continue;
            }
            let (key, pattern) = self.place(Some(step));
            // The last value of all, where it is new, needs no slot of its own.
            let (value, matched) = match target {
                Some(Shape::Slot(slot)) if rest.is_empty() && !self.bound.has(*slot) => {
                    self.bound.add(*slot);
                    (*slot, true)
                }
                _ => (self.fresh(), false),
            };
            blocks.open(Opener::Scan { from, key: Some(key), value: Some(value) });
            if let Some(pattern) = pattern {
                self.matches(Operand::Slot(key), &pattern, blocks);
            }
            if matched {
                self.value = Some(value);
                return;
            }
            from = Operand::Slot(value);
        }
        if let (Some(Shape::Slot(to)), false) = (target, keys.is_empty())
            && !self.bound.has(*to)
        {
            self.bound.add(*to);
            self.value = Some(*to);
            blocks.push(Step::Path { from, keys: keys.into(), to: *to });
            return;
        }
        if target.is_none() && !keys.is_empty() {
            blocks.push(Step::Has { from, keys: keys.into() });
            return;
        }
        let value = self.path(from, &mut keys, blocks);
        self.value = match value {
            Operand::Slot(slot) => Some(slot),
            _ => None,
        };
        match target {
            Some(target) => self.matches(value, target, blocks),
            None => blocks.push(Step::Truthy(value)),
        }
    }

    /// The fixed keys so far, stepped through.
    fn path(&mut self, from: Operand, keys: &mut Vec<Arc<str>>, blocks: &mut Blocks) -> Operand {
        if keys.is_empty() {
            return from;
        }
        let to = self.fresh();
        blocks.push(Step::Path { from, keys: std::mem::take(keys).into(), to });
        Operand::Slot(to)
    }

    /// A reference into `data`: up to the value of a document, or of all that stands there; and the steps left.
    fn data<'s>(&mut self, steps: &'s [Shape], blocks: &mut Blocks) -> (Operand, &'s [Shape]) {
        let mut at = 0;
        let mut node = Some(&self.plan.root);
        while let (Some(here), Some(Shape::Constant(Constant::String(key)))) = (node, steps.get(at)) {
            if here.document.is_some() {
                break;
            }
            node = here.below.get(key);
            at += 1;
        }
        let document = node.and_then(|node| {
            let document = self.plan.documents.get(node.document?)?;
            (!document.merged || document.kind != Kind::Function).then_some(node.document?)
        });
        if let Some(document) = document {
            let to = self.fresh();
            blocks.push(Step::Document { document, to });
            return (Operand::Slot(to), steps.get(at..).unwrap_or_default());
        }
        let is_tree = node.is_some_and(Node::is_tree);
        let mut keys = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            if !self.bound.covers(step) {
                // Below a plain document, going through is what a scan does.
                if !is_tree {
                    return (self.data_at(keys, blocks), steps.get(at..).unwrap_or_default());
                }
                let (key, pattern) = self.place(Some(step));
                blocks.open(Opener::ScanData { keys: keys.as_slice().into(), key });
                if let Some(pattern) = pattern {
                    self.matches(Operand::Slot(key), &pattern, blocks);
                }
                keys.push(Operand::Slot(key));
                continue;
            }
            keys.push(self.operand(step, blocks));
        }
        (self.data_at(keys, blocks), &[])
    }

    fn data_at(&mut self, keys: Vec<Operand>, blocks: &mut Blocks) -> Operand {
        let to = self.fresh();
        blocks.push(Step::Data { keys: keys.into(), to });
        Operand::Slot(to)
    }

    fn call(
        &mut self,
        target: Option<&Shape>,
        callee: &Function,
        arguments: &[Shape],
        at: Span,
        blocks: &mut Blocks,
    ) {
        if let (Function::Builtin(builtin), [from, keys, otherwise]) = (callee, arguments)
            && builtin.name == "object.get"
            && let Some(keys) = fixed_keys(keys)
        {
            let (from, otherwise) = (self.operand(from, blocks), self.operand(otherwise, blocks));
            let (to, pattern) = self.place(target);
            blocks.push(Step::GetOr { from, keys, otherwise, to, at });
            match (target, pattern) {
                (None, _) => blocks.push(Step::Truthy(Operand::Slot(to))),
                (Some(_), Some(pattern)) => self.matches(Operand::Slot(to), &pattern, blocks),
                (Some(_), None) => {}
            }
            return;
        }
        let arguments = self.operands(arguments, blocks);
        let builtin = match callee {
            Function::Builtin(builtin) => *builtin,
            Function::Rule(path) => {
                let Some(document) = self.plan.root.at(path) else {
                    blocks.push(Step::Fail);
                    return;
                };
                return self.result(target, blocks, |to| Step::Call { document, arguments, to, at });
            }
        };
        if builtin.name == "walk" {
            return self.walk(target, &arguments, blocks);
        }
        self.freeze(builtin, &arguments);
        if target.is_none()
            && let Some(step) = self.condition(builtin, &arguments, at)
        {
            blocks.push(step);
            return;
        }
        self.result(target, blocks, |to| Step::Builtin { builtin, arguments, to, at });
    }

    /// What gives one value: tested, put or matched.
    fn result(
        &mut self,
        target: Option<&Shape>,
        blocks: &mut Blocks,
        step: impl FnOnce(Option<Slot>) -> Step,
    ) {
        let Some(target) = target else {
            blocks.push(step(None));
            return;
        };
        let (to, pattern) = self.place(Some(target));
        blocks.push(step(Some(to)));
        if let Some(pattern) = pattern {
            self.matches(Operand::Slot(to), &pattern, blocks);
        }
    }

    /// `walk(x, [path, value])`
    fn walk(&mut self, target: Option<&Shape>, arguments: &[Operand], blocks: &mut Blocks) {
        let [from] = arguments else {
            blocks.push(Step::Fail);
            return;
        };
        let (path, value) = (self.fresh(), self.fresh());
        blocks.open(Opener::Walk { from: *from, path, value });
        if let Some(target) = target {
            let pair = Shape::Array(vec![Shape::Slot(path), Shape::Slot(value)]);
            self.unify(&pair, target, blocks);
        }
    }

    /// A builtin that has a step of its own where it is a condition.
    fn condition(&mut self, builtin: &Builtin, arguments: &[Operand], at: Span) -> Option<Step> {
        let [left, right] = *arguments else { return None };
        let comparison = match builtin.name {
            "equal" => return Some(Step::Equal(left, right)),
            "neq" => Comparison::NotEqual,
            "lt" => Comparison::Less,
            "lte" => Comparison::LessOrEqual,
            "gt" => Comparison::Greater,
            "gte" => Comparison::GreaterOrEqual,
            "internal.member_2" => Comparison::In,
            "regex.match" => {
                let Operand::Constant(constant) = left else { return None };
                let Some(Constant::String(pattern)) = self.plan.constants.get(constant as usize) else {
                    return None;
                };
                return self.regex(&pattern.clone(), right, at);
            }
            _ => return None,
        };
        Some(Step::Compare(comparison, left, right))
    }

    /// Compiles patterns that stand in a call. What is none is said where the call is made, as in OPA.
    fn freeze(&mut self, builtin: &Builtin, arguments: &[Operand]) {
        let arena = Arena::new(1 << 16);
        let constants: Vec<_> = arguments
            .iter()
            .map(|argument| match argument {
                Operand::Constant(constant) => {
                    self.plan.constants.get(*constant as usize).and_then(|own| own.value(&arena).ok())
                }
                _ => None,
            })
            .collect();
        let _ = self.plan.pool.freeze(builtin.name, &constants);
    }

    fn regex(&mut self, pattern: &Arc<str>, text: Operand, at: Span) -> Option<Step> {
        match self.plan.pool.add_regex(pattern) {
            Ok(regex) => Some(Step::Matches { pattern: self.plan.pattern(regex), text, at }),
            Err(error) => {
                let why = match &error {
                    Error::Failed(why) => why.trim_start_matches("error parsing regexp: "),
                    _ => "it is too large",
                };
                let message = format!("`{pattern}` is no regular expression: {why}");
                self.problems.push(Problem::new(self.file, at, "regex", message));
                None
            }
        }
    }

    pub(super) fn replaced(
        &mut self,
        (replaced, by): &(atom::Replaced, atom::Replacement),
        blocks: &mut Blocks,
    ) -> Option<Replaced> {
        let called = |plan: &Plan, function: &Function| match function {
            Function::Builtin(builtin) => Some(Called::Builtin(builtin)),
            Function::Rule(path) => plan.root.at(path).map(Called::Document),
        };
        let target = match replaced {
            atom::Replaced::Input(path) => {
                let atom::Replacement::Value(shape) = by else { return None };
                return Some(Replaced::Input(path.as_slice().into(), self.operand(shape, blocks)));
            }
            atom::Replaced::Data(path) => {
                let atom::Replacement::Value(shape) = by else { return None };
                return Some(Replaced::Data(path.as_slice().into(), self.operand(shape, blocks)));
            }
            atom::Replaced::Builtin(builtin) => Called::Builtin(builtin),
            atom::Replaced::Function(path) => Called::Document(self.plan.root.at(path)?),
        };
        let instead = match by {
            atom::Replacement::Value(shape) => Instead::Value(self.operand(shape, blocks)),
            atom::Replacement::Function(function) => Instead::Function(called(self.plan, function)?),
        };
        Some(Replaced::Function(target, instead))
    }
}

/// A key or a path of keys, where all of them are strings that stand in the rule.
fn fixed_keys(shape: &Shape) -> Option<Box<[Arc<str>]>> {
    let text = |constant: &Constant| match constant {
        Constant::String(text) => Some(text.clone()),
        _ => None,
    };
    match shape {
        Shape::Constant(Constant::Array(keys)) => keys.iter().map(text).collect(),
        Shape::Constant(key) => Some([text(key)?].into()),
        _ => None,
    }
}

impl Node {
    /// Whether any document stands here or below.
    fn is_tree(&self) -> bool {
        self.document.is_some() || self.below.values().any(Self::is_tree)
    }
}
