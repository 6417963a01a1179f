//! Blocks under construction: what goes through something takes all that follows into itself.

use super::step::{Block, Operand, Step};
use crate::lower::atom::Slot;

/// A block, and the steps around it that it will be closed into.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    around: Vec<(Opener, Vec<Step>)>,
    steps: Vec<Step>,
}

/// A step that takes what follows into itself.
#[derive(Debug)]
pub(super) enum Opener {
    Scan { from: Operand, key: Option<Slot>, value: Option<Slot> },
    ScanData { keys: Box<[Operand]>, key: Slot },
    Walk { from: Operand, path: Slot, value: Slot },
    With(Box<[super::step::Replaced]>),
    Without,
}

impl Blocks {
    pub(super) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    pub(super) fn open(&mut self, opener: Opener) {
        self.around.push((opener, std::mem::take(&mut self.steps)));
    }

    pub(super) fn finish(mut self) -> Block {
        while let Some((opener, outer)) = self.around.pop() {
            let rest = std::mem::replace(&mut self.steps, outer).into_boxed_slice();
            self.steps.push(match opener {
                Opener::Scan { from, key, value } => Step::Scan { from, key, value, rest },
                Opener::ScanData { keys, key } => Step::ScanData { keys, key, rest },
                Opener::Walk { from, path, value } => Step::Walk { from, path, value, rest },
                Opener::With(replaced) => Step::With { replaced, block: rest },
                Opener::Without => Step::Without(rest),
            });
        }
        self.steps.into_boxed_slice()
    }
}
