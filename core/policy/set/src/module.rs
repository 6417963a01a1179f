//! A file of rules, read: its tree, its METADATA, and where its lines are.

use std::sync::Arc;

use tollgate_rego_syntax::tree::{self, Span};
use tollgate_rego_syntax::{LineIndex, SyntaxError, parse_bytes};

use crate::load::{Dialect, LoadError, Place};
use crate::metadata::{self, Annotation};
use crate::source::RuleFile;

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) annotations: Vec<Annotation>,
}

/// The tree of a file, and what else is known of it.
pub(crate) fn read(file: &RuleFile) -> Result<(tree::Module, Module), Vec<LoadError>> {
    let text: Arc<str> = String::from_utf8_lossy(&file.bytes).into();
    let lines = LineIndex::new(&text);
    let said = |error| said(&file.path, &lines, error);
    let tree =
        parse_bytes(&file.bytes, None).map_err(|errors| errors.into_iter().map(said).collect::<Vec<_>>())?;
    let annotations = metadata::read(&file.path, &text, &lines, &tree)?;
    drop(lines);
    Ok((tree, Module { path: file.path.clone(), text, annotations }))
}

/// A syntax error, and what the file was read as.
fn said(path: &Arc<str>, lines: &LineIndex<'_>, error: SyntaxError) -> LoadError {
    let dialect = error.dialect.map(dialect);
    let message = match dialect {
        Some(dialect) => format!("{} (read as {dialect})", error.message),
        None => error.message,
    };
    let said = place(path, lines, error.span).error("rego-syntax", message);
    LoadError { dialect, remedy: error.hint, ..said }
}

/// Where a span stands.
pub(crate) fn place(path: &Arc<str>, lines: &LineIndex<'_>, span: Span) -> Place {
    let (start, end) = (lines.place(span.start), lines.place(span.end));
    Place {
        file: path.clone(),
        line: start.line as usize,
        column: start.column as usize,
        end_column: (start.line == end.line && start < end).then_some(end.column as usize),
    }
}

pub(crate) const fn dialect(of: tree::Dialect) -> Dialect {
    match of {
        tree::Dialect::V0 => Dialect::V0,
        tree::Dialect::V1 => Dialect::V1,
    }
}

/// `steps` in Rego's own writing: `a.b["c-d"]`.
pub(crate) fn written<S: AsRef<str>>(steps: &[S]) -> String {
    let mut text = String::new();
    for (at, step) in steps.iter().enumerate() {
        let step = step.as_ref();
        let mut bytes = step.bytes();
        let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
        match (plain, at) {
            (true, 0) => text.push_str(step),
            (true, _) => {
                text.push('.');
                text.push_str(step);
            }
            (false, _) => {
                text.push('[');
                text.push_str(&tollgate_manifest::canonical::text(&step.into()));
                text.push(']');
            }
        }
    }
    text
}
