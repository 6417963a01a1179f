//! Blocks under construction: what goes through something takes all that follows into itself.

use super::step::{Block, NO_MARK, Operand, Step};
use crate::lower::atom::Slot;

/// A block, and the steps around it that it will be closed into.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    around: Vec<(Opener, Row)>,
    row: Row,
    /// the condition that begins with the next step
    mark: Option<u32>,
}

/// Steps in a row, and the conditions that begin with them.
#[derive(Debug, Default)]
struct Row {
    steps: Vec<Step>,
    marks: Vec<u32>,
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
    /// A condition begins with the next step.
    pub(super) fn mark(&mut self, mark: u32) {
        self.mark = Some(mark);
    }

    pub(super) fn push(&mut self, step: Step) {
        self.row.steps.push(step);
        self.row.marks.push(self.mark.take().unwrap_or(NO_MARK));
    }

    pub(super) fn open(&mut self, opener: Opener) {
        // The mark of the step that opens is kept with the row that it will close.
        self.row.marks.push(self.mark.take().unwrap_or(NO_MARK));
        self.around.push((opener, std::mem::take(&mut self.row)));
    }

    /// How many steps that take what follows into themselves stand around the next step.
    pub(super) const fn depth(&self) -> usize {
        self.around.len()
    }

    pub(super) fn finish(mut self) -> Block {
        while let Some((opener, outer)) = self.around.pop() {
            let rest = std::mem::replace(&mut self.row, outer).close();
            self.row.steps.push(match opener {
                Opener::Scan { from, key, value } => Step::Scan { from, key, value, rest },
                Opener::ScanData { keys, key } => Step::ScanData { keys, key, rest },
                Opener::Walk { from, path, value } => Step::Walk { from, path, value, rest },
                Opener::With(replaced) => Step::With { replaced, block: rest },
                Opener::Without => Step::Without(rest),
            });
        }
        self.row.close()
    }
}

impl Row {
    fn close(self) -> Block {
        Block { steps: self.steps.into_boxed_slice(), marks: self.marks.into_boxed_slice() }
    }
}
