//! What is kept beside the values while JSON is read: nothing on the hot path, every span for files.

use std::sync::Arc;

use tollgate_vocabulary::{DuplicateKey, Map, Path, Step, Value};

use crate::doubt::{Entry, Notes};
use crate::{Position, ReadError, Span, SpanTree, Spans};

/// Takes note of where values stand. Offsets come in rising order.
pub(super) trait Sink {
    /// a place
    type Mark: Copy;
    /// what is kept of a key's place
    type Key;
    /// what is kept of a value's place
    type Tree;

    fn mark(&mut self, offset: usize) -> Self::Mark;
    fn key(&mut self, start: Self::Mark, end: usize) -> Self::Key;
    fn scalar(&mut self, start: Self::Mark, end: usize) -> Self::Tree;
    fn array(&mut self, start: Self::Mark, end: usize, items: Vec<Self::Tree>) -> Self::Tree;
    fn object(
        &mut self,
        start: Self::Mark,
        end: usize,
        entries: Vec<(Arc<str>, Value)>,
        places: Vec<(Self::Key, Self::Tree)>,
    ) -> Result<(Map, Self::Tree), Stop>;
    fn enter(&mut self, step: impl FnOnce() -> Step);
    fn leave(&mut self);
}

/// Why a sink stops the reading.
pub(super) enum Stop {
    /// a key stands twice, somewhere
    Duplicate,
    /// said with its place
    Error(ReadError),
}

/// Keeps nothing.
pub(super) struct Nothing;

impl Sink for Nothing {
    type Mark = ();
    type Key = ();
    type Tree = ();

    fn mark(&mut self, _: usize) {}
    fn key(&mut self, (): (), _: usize) {}
    fn scalar(&mut self, (): (), _: usize) {}
    fn array(&mut self, (): (), _: usize, _: Vec<()>) {}
    fn object(
        &mut self,
        (): (),
        _: usize,
        entries: Vec<(Arc<str>, Value)>,
        _: Vec<((), ())>,
    ) -> Result<(Map, ()), Stop> {
        let map = Map::from_entries(entries).map_err(|DuplicateKey(_)| Stop::Duplicate)?;
        Ok((map, ()))
    }
    fn enter(&mut self, _: impl FnOnce() -> Step) {}
    fn leave(&mut self) {}
}

/// Keeps every span, and what can be read in two ways.
pub(super) struct Places<'t> {
    text: &'t str,
    last: Position,
    pub(super) notes: Notes,
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, last: Position::START, notes: Notes::default() }
    }

    fn span(&mut self, start: Position, end: usize) -> Span {
        Span { start, end: self.mark(end) }
    }

    /// Forgets the path and hands out what was met, for the next document.
    pub(super) fn take(&mut self) -> Notes {
        self.notes.path = Path::root();
        std::mem::take(&mut self.notes)
    }
}

impl Sink for Places<'_> {
    type Mark = Position;
    type Key = Span;
    type Tree = SpanTree;

    fn mark(&mut self, offset: usize) -> Position {
        if let Some(between) = self.text.get(self.last.offset..offset) {
            self.last = self.last.past(between);
        }
        self.last
    }

    fn key(&mut self, start: Position, end: usize) -> Span {
        self.span(start, end)
    }

    fn scalar(&mut self, start: Position, end: usize) -> SpanTree {
        SpanTree { span: self.span(start, end), below: Spans::Leaf }
    }

    fn array(&mut self, start: Position, end: usize, items: Vec<SpanTree>) -> SpanTree {
        SpanTree { span: self.span(start, end), below: Spans::Array(items) }
    }

    fn object(
        &mut self,
        start: Position,
        end: usize,
        entries: Vec<(Arc<str>, Value)>,
        places: Vec<(Span, SpanTree)>,
    ) -> Result<(Map, SpanTree), Stop> {
        let span = self.span(start, end);
        let entries: Vec<Entry> = entries
            .into_iter()
            .zip(places)
            .map(|((key, value), (key_span, tree))| Entry { key, key_span, value, tree, merged: false })
            .collect();
        let (map, below) = self.notes.object(entries).map_err(Stop::Error)?;
        Ok((map, SpanTree { span, below: Spans::Object(below) }))
    }

    fn enter(&mut self, step: impl FnOnce() -> Step) {
        self.notes.path.push(step());
    }

    fn leave(&mut self) {
        self.notes.path.pop();
    }
}
