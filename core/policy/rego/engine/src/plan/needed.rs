//! What `input` must hold for a body to hold at all: strings at fixed paths that its conditions compare with constants.
//!
//! Whoever has many rules looks these up first, and asks only the rules that can hold. Conditions within what is gone
//! through count too: they must hold for at least one part.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::step::{Block, Operand, Step};
use super::{Definition, Kind, Plan};
use crate::constant::Constant;
use crate::lower::atom::Slot;

/// A path of `input`, and the string that must stand there.
pub type Needed = (Vec<Arc<str>>, Arc<str>);

impl Plan {
    /// What a definition of one body needs; nothing of several.
    pub(crate) fn needed(&self, definition: &Definition) -> Vec<Needed> {
        let mut found = Found { plan: self, paths: BTreeMap::new(), needed: Vec::new() };
        if let [branch] = definition.branches.as_slice() {
            found.block(&branch.block);
        }
        found.needed
    }

    /// The path of `input` that a document is another name for.
    fn alias(&self, document: usize, depth: usize) -> Option<Vec<Arc<str>>> {
        let document = self.documents.get(document)?;
        let ([definition], Kind::Complete, None, true) =
            (document.definitions.as_slice(), document.kind, &document.default, depth > 0)
        else {
            return None;
        };
        let [branch] = definition.branches.as_slice() else { return None };
        match &*branch.block.steps {
            [Step::Path { from: Operand::Input, keys, to }, Step::Return(Operand::Slot(given))]
                if to == given =>
            {
                Some(keys.to_vec())
            }
            [
                Step::Document { document, to },
                Step::Path { from: Operand::Slot(from), keys, to: last },
                Step::Return(Operand::Slot(given)),
            ] if from == to && last == given => {
                let mut path = self.alias(*document, depth - 1)?;
                path.extend(keys.iter().cloned());
                Some(path)
            }
            _ => None,
        }
    }
}

struct Found<'a> {
    plan: &'a Plan,
    /// the slots that hold what stands at a path of `input`
    paths: BTreeMap<Slot, Vec<Arc<str>>>,
    needed: Vec<Needed>,
}

impl Found<'_> {
    fn block(&mut self, block: &Block) {
        for step in &block.steps {
            match step {
                Step::Path { from, keys, to } => {
                    let start = match from {
                        Operand::Input => Some(Vec::new()),
                        Operand::Slot(slot) => self.paths.get(slot).cloned(),
                        Operand::Constant(_) => None,
                    };
                    if let Some(mut path) = start {
                        path.extend(keys.iter().cloned());
                        self.paths.insert(*to, path);
                    }
                }
                Step::Copy { from: Operand::Slot(from), to } => {
                    if let Some(path) = self.paths.get(from).cloned() {
                        self.paths.insert(*to, path);
                    }
                }
                Step::Document { document, to } => {
                    if let Some(path) = self.plan.alias(*document, 8) {
                        self.paths.insert(*to, path);
                    }
                }
                Step::Equal(Operand::Slot(slot), Operand::Constant(constant))
                | Step::Equal(Operand::Constant(constant), Operand::Slot(slot)) => {
                    if let (Some(path), Some(Constant::String(text))) =
                        (self.paths.get(slot), self.plan.constants.get(*constant as usize))
                    {
                        self.needed.push((path.clone(), text.clone()));
                    }
                }
                Step::Scan { rest, .. } => self.block(rest),
                // What stands within has another `input`.
                Step::With { .. } => return,
                _ => {}
            }
        }
    }
}
