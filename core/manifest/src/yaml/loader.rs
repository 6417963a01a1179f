//! From the parser's events to one document.

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};
use tollgate_vocabulary::{Step, Value};

use super::node::{Scalar, is_tag_of_collection, tag_word};
use super::source::Chunk;
use super::style;
use crate::doubt::{Entry, Notes};
use crate::scalar::Meaning;
use crate::{Limits, Position, ReadError, Span, SpanTree, Spans};

/// Reads the one document of a chunk.
pub(super) struct Loader<'t, 'n> {
    chunk: &'t Chunk<'t>,
    parser: Parser<'t, StrInput<'t>>,
    /// what each anchor holds, once it is read to its end
    anchors: Vec<Option<Node>>,
    levels: usize,
    nodes_left: &'n mut usize,
    aliasing: Aliasing,
    notes: Notes,
    /// where the parser refused a tab behind `:`, which YAML and kubectl allow
    pub(super) refused_tab: Option<Position>,
}

/// A value, where it stands, and how many values it is made of.
#[derive(Clone)]
struct Node {
    value: Value,
    tree: SpanTree,
    size: usize,
    /// the key that it would be, where it is a scalar
    key: Option<Arc<str>>,
}

/// go-yaml's guard against documents that are mostly aliases (`decode.go`), which kubectl refuses by.
#[derive(Default)]
struct Aliasing {
    decoded: usize,
    by_alias: usize,
}

type Read<T> = Result<T, ReadError>;

impl<'t, 'n> Loader<'t, 'n> {
    /// A loader of `text`, which is the chunk's but for blanks.
    pub(super) fn new(
        chunk: &'t Chunk<'t>,
        text: &'t str,
        limits: &Limits,
        nodes_left: &'n mut usize,
    ) -> Self {
        Self {
            chunk,
            parser: Parser::new_from_str(text),
            anchors: Vec::new(),
            levels: limits.levels(),
            nodes_left,
            aliasing: Aliasing::default(),
            notes: Notes::default(),
            refused_tab: None,
        }
    }

    /// The document, unless it is empty.
    pub(super) fn document(&mut self) -> Read<Option<(Value, SpanTree, Notes)>> {
        loop {
            match self.event()? {
                (Event::StreamStart | Event::Nothing, _) => {}
                (Event::DocumentStart(_), _) => break,
                _ => return Ok(None),
            }
        }
        let first = self.event()?;
        let node = self.node(first, self.levels)?;
        self.rest()?;
        // kubectl passes over a document that is null, however it is written.
        Ok(if node.value.is_null() {
            None
        } else {
            Some((node.value, node.tree, std::mem::take(&mut self.notes)))
        })
    }

    /// Behind the document: nothing may follow, for kubectl would not read it.
    fn rest(&mut self) -> Read<()> {
        loop {
            match self.event()? {
                (Event::DocumentStart(_), span) => {
                    let doubt = self.notes.doubt(
                        "reading.hidden-document",
                        span,
                        "kubectl reads nothing of the document that begins here, other YAML readers do",
                    );
                    return self.notes.note(doubt.remedy("write `---` alone on the line before it"));
                }
                (Event::StreamEnd, _) => return Ok(()),
                _ => {}
            }
        }
    }

    fn event(&mut self) -> Read<(Event<'t>, Span)> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                let span =
                    Span { start: self.chunk.position(&span.start), end: self.chunk.position(&span.end) };
                Ok((event, span))
            }
            Some(Err(error)) => {
                if error.info() == "':' must be followed by a valid YAML whitespace" {
                    self.refused_tab = Some(self.chunk.position(error.marker()));
                }
                Err(self.syntax(&error))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn syntax(&self, error: &ScanError) -> ReadError {
        let position = self.chunk.position(error.marker());
        match error.info() {
            "recursion limit exceeded" => self.too_deep(position),
            info => ReadError::new(format!("not YAML: {info}"), position),
        }
    }

    fn too_deep(&self, position: Position) -> ReadError {
        ReadError::new(format!("deeper than {} levels", self.levels), position)
    }

    fn node(&mut self, (event, span): (Event<'t>, Span), levels: usize) -> Read<Node> {
        self.count(1, false, span.start)?;
        match event {
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(text, style, anchor, tag, span);
                let node = self.scalar_node(&scalar)?;
                self.anchored(anchor, node)
            }
            Event::SequenceStart(anchor, tag) => {
                let levels = self.enter(levels, span)?;
                self.check_tag(tag, "seq", span)?;
                let node = self.sequence(span, levels)?;
                self.anchored(anchor, node)
            }
            Event::MappingStart(anchor, tag) => {
                let levels = self.enter(levels, span)?;
                self.check_tag(tag, "map", span)?;
                let node = self.mapping(span, levels)?;
                self.anchored(anchor, node)
            }
            _ => Err(ReadError::new("not YAML: a value should stand here", span.start)),
        }
    }

    fn enter(&self, levels: usize, span: Span) -> Read<usize> {
        levels.checked_sub(1).ok_or_else(|| self.too_deep(span.start))
    }

    fn count(&mut self, nodes: usize, by_alias: bool, position: Position) -> Read<()> {
        self.spend(nodes, position)?;
        if self.aliasing.is_excessive(nodes, by_alias) {
            return Err(ReadError::new("the document is made of aliases for the most part", position)
                .remedy("write the values out"));
        }
        Ok(())
    }

    fn spend(&mut self, nodes: usize, position: Position) -> Read<()> {
        match self.nodes_left.checked_sub(nodes) {
            Some(left) => *self.nodes_left = left,
            None => return Err(ReadError::new("there are more values than the limit", position)),
        }
        Ok(())
    }

    /// Keeps what an anchor holds. The copy counts as so many values: anchors inside anchors copy again and again.
    fn anchored(&mut self, anchor: usize, node: Node) -> Read<Node> {
        if anchor > 0 {
            self.spend(node.size, node.tree.span.start)?;
            if self.anchors.len() <= anchor {
                self.anchors.resize_with(anchor + 1, || None);
            }
            if let Some(slot) = self.anchors.get_mut(anchor) {
                *slot = Some(node.clone());
            }
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Read<Node> {
        match self.anchors.get(anchor).and_then(Option::as_ref) {
            Some(node) => {
                let size = node.size;
                self.count(size, true, span.start)?;
                let node = self.anchors.get(anchor).and_then(Clone::clone);
                node.ok_or_else(|| ReadError::new("not YAML: an unknown alias", span.start))
            }
            None => Err(ReadError::new("an alias stands within the value that it repeats", span.start)),
        }
    }

    /// A scalar with its own span: the parser's takes in anchor and tag, and blanks and comments behind quotes.
    fn scalar(
        &self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'t, Tag>>,
        span: Span,
    ) -> Scalar<'t> {
        let quote = match style {
            ScalarStyle::DoubleQuoted => Some('"'),
            ScalarStyle::SingleQuoted => Some('\''),
            ScalarStyle::Plain if anchor == 0 && tag.is_none() => {
                return Scalar { text, style, tag: None, span };
            }
            _ => None,
        };
        let source = self.chunk.slice(span.start, span.end);
        let (start, end) = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let marked = anchor > 0 || tag.is_some();
                (if marked { style::below_header(source) } else { 0 }, source.trim_end().len())
            }
            _ => style::bounds(source, quote),
        };
        let start_at = span.start.past(source.get(..start).unwrap_or_default());
        let end_at = start_at.past(source.get(start..end.max(start)).unwrap_or_default());
        Scalar { text, style, tag: tag_word(tag), span: Span { start: start_at, end: end_at } }
    }

    fn scalar_node(&mut self, scalar: &Scalar<'_>) -> Read<Node> {
        let (meaning, doubt) = scalar.meaning(&self.notes);
        if let Some(doubt) = doubt {
            self.notes.note(doubt)?;
        }
        self.check_spelling(scalar)?;
        let value = scalar.value(&meaning);
        let key = Some(Arc::from(&*scalar.text));
        Ok(Node { value, tree: SpanTree { span: scalar.span, below: Spans::Leaf }, size: 1, key })
    }

    /// Spellings that YAML readers differ about, whatever the scalar means.
    fn check_spelling(&mut self, scalar: &Scalar<'_>) -> Read<()> {
        let span = scalar.span;
        let source = self.chunk.slice(span.start, span.end);
        let doubt = match scalar.style {
            ScalarStyle::DoubleQuoted if source.contains('\\') => {
                style::foreign_escape(source).map(|escape| {
                    self.notes
                        .doubt("reading.escape", span, format!("kubectl does not read the escape `{escape}`"))
                        .remedy("write the character itself")
                })
            }
            ScalarStyle::Literal | ScalarStyle::Folded if source.contains('\t') => {
                let before = self.chunk.before(span.start);
                style::tab_in_indentation(before, source, span.start.column - 1).then(|| {
                    self.notes
                        .doubt(
                            "reading.tab",
                            span,
                            "a tab stands where this block is indented; kubectl refuses it",
                        )
                        .remedy("indent with spaces")
                })
            }
            ScalarStyle::Plain
                if scalar.text.is_empty()
                    && scalar.tag.is_none()
                    && style::in_flow(self.chunk.from(span.start)) =>
            {
                Some(
                    self.notes
                        .doubt(
                            "reading.empty-value",
                            span,
                            "an empty value within braces or brackets is null to kubectl, text to Kustomize",
                        )
                        .remedy("write null or \"\""),
                )
            }
            _ => None,
        };
        doubt.map_or(Ok(()), |doubt| self.notes.note(doubt))
    }

    fn check_tag(&mut self, tag: Option<Cow<'t, Tag>>, own: &str, span: Span) -> Read<()> {
        let tag = tag_word(tag);
        if is_tag_of_collection(tag.as_deref(), own) {
            return Ok(());
        }
        let doubt = self.notes.doubt("reading.tag", span, "this tag means different things to YAML readers");
        self.notes.note(doubt.remedy("remove the tag"))
    }

    fn sequence(&mut self, open: Span, levels: usize) -> Read<Node> {
        let (mut items, mut trees, mut size) = (Vec::new(), Vec::new(), 1);
        let close = loop {
            let (event, span) = self.event()?;
            if event == Event::SequenceEnd {
                break span;
            }
            self.notes.path.push(Step::Index(items.len()));
            let node = self.node((event, span), levels)?;
            self.notes.path.pop();
            size += node.size;
            items.push(node.value);
            trees.push(node.tree);
        };
        let span = around(open, trees.last().map(|tree| tree.span), close);
        let tree = SpanTree { span, below: Spans::Array(trees) };
        Ok(Node { value: Value::Array(items), tree, size, key: None })
    }

    fn mapping(&mut self, open: Span, levels: usize) -> Read<Node> {
        let (mut entries, mut size, mut last) = (Vec::new(), 1, None);
        let close = loop {
            let (event, span) = self.event()?;
            if event == Event::MappingEnd {
                break span;
            }
            let (key, key_span, merge) = self.key((event, span), levels)?;
            self.notes.path.push(Step::Key(key.clone()));
            let event = self.event()?;
            let node = self.node(event, levels)?;
            self.notes.path.pop();
            size += node.size + 1;
            last = last.max(Some(key_span)).max(Some(node.tree.span));
            if merge {
                self.merge(node, key_span, &mut entries)?;
            } else {
                entries.push(Entry { key, key_span, value: node.value, tree: node.tree, merged: false });
            }
        };
        let (map, below) = self.notes.object(entries)?;
        let tree = SpanTree { span: around(open, last, close), below: Spans::Object(below) };
        Ok(Node { value: Value::Object(map), tree, size, key: None })
    }

    /// A key as kubectl writes it into JSON, its span, and whether it merges.
    fn key(&mut self, (event, span): (Event<'t>, Span), levels: usize) -> Read<(Arc<str>, Span, bool)> {
        let Event::Scalar(text, style, anchor, tag) = event else {
            let node = self.node((event, span), levels)?;
            return match (node.key, &node.value) {
                (Some(key), Value::String(_)) => Ok((key, span, false)),
                _ => Err(ReadError::new("a key is neither text nor an alias of it", span.start)),
            };
        };
        self.count(1, false, span.start)?;
        let scalar = self.scalar(text, style, anchor, tag, span);
        let span = scalar.span;
        if scalar.text == "<<" {
            if !scalar.is_tagged_merge() {
                let message = "YAML readers differ about the key `<<`: some merge what is below, some do not";
                let doubt = self.notes.doubt("reading.merge-key", span, message);
                self.notes.note(doubt.remedy("write the merged entries out"))?;
            }
            return Ok(("<<".into(), span, scalar.is_merge()));
        }
        let (meaning, doubt) = scalar.meaning(&self.notes);
        let key: Arc<str> = match &meaning {
            Meaning::Bool(truth) => truth.to_string().into(),
            Meaning::Integer(whole) => whole.to_string().into(),
            Meaning::Float { value, .. } => value.to_string().into(),
            Meaning::Text => match scalar.value(&meaning) {
                Value::String(text) => text,
                _ => (&*scalar.text).into(),
            },
            Meaning::Null | Meaning::NotFinite | Meaning::Timestamp => (&*scalar.text).into(),
        };
        if doubt.is_some() || meaning != Meaning::Text && meaning != Meaning::Timestamp {
            let text = &scalar.text;
            let message = format!("key `{text}` is not text to all YAML readers; kubectl makes it `{key}`");
            let doubt = self.notes.doubt("reading.ambiguous-key", span, message);
            self.notes.note(doubt.expected("a key in quotes").remedy(format!("write \"{text}\"")))?;
        }
        self.check_spelling(&scalar)?;
        if anchor > 0 {
            let tree = SpanTree { span, below: Spans::Leaf };
            let node = Node { value: scalar.value(&meaning), tree, size: 1, key: Some(key.clone()) };
            self.anchored(anchor, node)?;
        }
        Ok((key, span, false))
    }

    /// Merges as go-yaml v2 does: in the order of the text, so that a merge behind a key replaces it; of a list, the
    /// first wins.
    fn merge(&mut self, node: Node, key_span: Span, entries: &mut Vec<Entry>) -> Read<()> {
        let wrong =
            || Err(ReadError::new("`<<` wants an object below it, or a list of objects", key_span.start));
        match (node.value, node.tree.below) {
            (Value::Object(map), Spans::Object(trees)) => {
                let pairs = map.iter().zip(trees);
                entries.extend(pairs.map(|((key, value), (key_span, tree))| Entry {
                    key: key.clone(),
                    key_span,
                    value: value.clone(),
                    tree,
                    merged: true,
                }));
                Ok(())
            }
            (Value::Array(items), Spans::Array(trees)) => {
                for (item, tree) in items.into_iter().zip(trees).rev() {
                    if !matches!(item, Value::Object(_)) {
                        return wrong();
                    }
                    self.merge(Node { value: item, tree, size: 0, key: None }, key_span, entries)?;
                }
                Ok(())
            }
            _ => wrong(),
        }
    }
}

/// The span of a collection: to its closing bracket, or, where it has none, to the end of its last part.
fn around(open: Span, last: Option<Span>, close: Span) -> Span {
    let closed = close.end.offset > close.start.offset;
    let end = if closed { close.end } else { last.map_or(open.start, |last| last.end.max(open.start)) };
    Span { start: open.start, end }
}

impl Aliasing {
    /// Counts `nodes` more, and says whether go-yaml would have stopped by then.
    fn is_excessive(&mut self, nodes: usize, by_alias: bool) -> bool {
        self.decoded = self.decoded.saturating_add(nodes);
        if by_alias {
            self.by_alias = self.by_alias.saturating_add(nodes);
        }
        let (low, high) = (400_000, 4_000_000);
        let allowed = match self.decoded {
            decoded if decoded <= low => 0.99,
            decoded if decoded >= high => 0.10,
            decoded => 0.99 - 0.89 * ((decoded - low) as f64 / (high - low) as f64),
        };
        self.by_alias > 100 && self.decoded > 1_000 && self.by_alias as f64 / self.decoded as f64 > allowed
    }
}
