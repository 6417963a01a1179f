//! Code for equating shapes: what is not bound is bound, what is bound is compared.

use super::block::Blocks;
use super::body::Planner;
use super::step::{Built, Operand, Step};
use crate::constant::Constant;
use crate::lower::atom::{Shape, Slot};
use crate::lower::order::{Split, split};

impl Planner<'_> {
    /// Equates two shapes.
    pub(super) fn unify(&mut self, left: &Shape, right: &Shape, blocks: &mut Blocks) {
        let mut pairs = vec![(left.clone(), right.clone())];
        while !pairs.is_empty() {
            let mut waiting = Vec::new();
            let mut moved = false;
            while let Some((left, right)) = pairs.pop() {
                match split(&left, &right) {
                    Split::Into(mut parts) => {
                        moved = true;
                        parts.reverse();
                        pairs.append(&mut parts);
                    }
                    Split::Never => {
                        blocks.push(Step::Fail);
                        return;
                    }
                    Split::Whole if self.bound.covers(&left) => {
                        moved = true;
                        let value = self.operand(&left, blocks);
                        self.matches(value, &right, blocks);
                    }
                    Split::Whole if self.bound.covers(&right) => {
                        moved = true;
                        let value = self.operand(&right, blocks);
                        self.matches(value, &left, blocks);
                    }
                    Split::Whole => waiting.push((left, right)),
                }
            }
            if !moved {
                // Ordering made sure of it; were it wrong, failing is the closed way out.
                blocks.push(Step::Fail);
                return;
            }
            waiting.reverse();
            pairs = waiting;
        }
    }

    /// Matches a value with a pattern.
    pub(super) fn matches(&mut self, value: Operand, pattern: &Shape, blocks: &mut Blocks) {
        if self.bound.covers(pattern) {
            let other = self.operand(pattern, blocks);
            blocks.push(Step::Equal(value, other));
            return;
        }
        match pattern {
            Shape::Slot(slot) => self.bind(value, *slot, blocks),
            Shape::Array(items) => {
                blocks.push(Step::ArrayOf(value, items.len()));
                for (at, item) in items.iter().enumerate() {
                    let key = self.constant(&Constant::Number(at.to_string().into()));
                    let part = self.part(value, key, item, blocks);
                    if let Some(part) = part {
                        self.matches(part, item, blocks);
                    }
                }
            }
            Shape::Object(entries) => {
                blocks.push(Step::ObjectOf(value, entries.len()));
                for (key, item) in entries {
                    let key = self.operand(key, blocks);
                    let part = self.part(value, key, item, blocks);
                    if let Some(part) = part {
                        self.matches(part, item, blocks);
                    }
                }
            }
            Shape::Constant(_) | Shape::Set(_) => blocks.push(Step::Fail),
        }
    }

    /// The part under `key`: straight into the slot that it binds, else into one of its own, to be matched.
    fn part(&mut self, from: Operand, key: Operand, item: &Shape, blocks: &mut Blocks) -> Option<Operand> {
        match item {
            Shape::Slot(slot) if !self.bound.has(*slot) => {
                self.bound.add(*slot);
                blocks.push(Step::Get { from, key, to: *slot });
                None
            }
            _ => {
                let to = self.fresh();
                blocks.push(Step::Get { from, key, to });
                Some(Operand::Slot(to))
            }
        }
    }

    fn bind(&mut self, from: Operand, to: Slot, blocks: &mut Blocks) {
        self.bound.add(to);
        self.value = self.value.or(Some(to));
        blocks.push(Step::Copy { from, to });
    }

    /// A bound shape as an operand.
    pub(super) fn operand(&mut self, shape: &Shape, blocks: &mut Blocks) -> Operand {
        let what = match shape {
            Shape::Slot(slot) => return Operand::Slot(*slot),
            Shape::Constant(constant) => return self.constant(constant),
            Shape::Array(items) => Built::Array(self.operands(items, blocks)),
            Shape::Set(items) => Built::Set(self.operands(items, blocks)),
            Shape::Object(entries) => Built::Object(
                entries
                    .iter()
                    .map(|(key, value)| (self.operand(key, blocks), self.operand(value, blocks)))
                    .collect(),
            ),
        };
        let to = self.fresh();
        blocks.push(Step::Build { what, to });
        Operand::Slot(to)
    }

    pub(super) fn operands(&mut self, shapes: &[Shape], blocks: &mut Blocks) -> Box<[Operand]> {
        shapes.iter().map(|shape| self.operand(shape, blocks)).collect()
    }
}
