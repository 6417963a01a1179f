//! Errors of one file, as they are found.

use std::sync::Arc;

use crate::error::MOST;
use crate::{BookError, Problem, RowPlace};

/// Errors of one file.
pub(super) struct Errors {
    file: Arc<str>,
    list: Vec<BookError>,
}

impl Errors {
    pub(super) fn of(file: &Arc<str>) -> Self {
        Self { file: file.clone(), list: Vec::new() }
    }

    /// An error at a line, about a column or about the line.
    pub(super) fn add<'a>(&mut self, line: usize, column: impl Into<Option<&'a str>>, problem: Problem) {
        if self.is_full() {
            return;
        }
        let place = Some(self.place(line));
        let column = column.into().map(Into::into);
        let last = self.list.len() + 1 == MOST;
        self.list.push(if last {
            BookError { place, column: None, problem: Problem::TooMany }
        } else {
            BookError { place, column, problem }
        });
    }

    /// An error at a line, unless there is one already.
    pub(super) fn add_if_none(&mut self, line: usize, problem: Problem) {
        if self.list.is_empty() {
            self.add(line, None, problem);
        }
    }

    pub(super) fn place(&self, line: usize) -> RowPlace {
        RowPlace { file: self.file.clone(), line }
    }

    /// Whether there are so many that reading on is of no use.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST
    }

    /// What was read, if nothing is wrong with it.
    pub(super) fn or<T>(self, read: T) -> Result<T, Vec<BookError>> {
        if self.list.is_empty() { Ok(read) } else { Err(self.list) }
    }
}
