//! Rego as it stands within a template, and the way from its lines back to those of the template's file.

use std::sync::Arc;

use tollgate_rego_syntax::tree::Dialect;

use crate::node::Node;
use crate::problem::Place;

/// One Rego module of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// the template's file
    pub file: Arc<str>,
    /// the module
    pub text: Arc<str>,
    /// the generation that the template says it is written in
    pub dialect: Dialect,
    /// where in the template it stands: `spec.targets[0].rego`
    pub path: Arc<str>,
    origin: Origin,
}

/// How the text stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// line by line (`|`): the line of its first line, and what each is indented by
    Block { line: usize, indent: usize },
    /// within quotes, folded or escaped: no line of it can be told, only where all of it begins
    Whole { line: usize, column: usize },
}

impl Source {
    pub(crate) fn read(node: &Node<'_>, text: Arc<str>, dialect: Dialect) -> Self {
        let place = node.place();
        let origin = block(&node.document.text, place.line, &text)
            .unwrap_or(Origin::Whole { line: place.line, column: place.column });
        Self { file: place.file, text, dialect, path: node.path.to_string().into(), origin }
    }

    /// Where a line and a column of the module (both from 1, the column in characters) stand in the template's file.
    /// A module that is not written line by line is where it begins.
    #[must_use]
    pub fn place(&self, line: usize, column: usize) -> Place {
        let (line, column) = match self.origin {
            Origin::Block { line: first, indent } => ((first + line).saturating_sub(1), indent + column),
            Origin::Whole { line, column } => (line, column),
        };
        Place { file: self.file.clone(), line, column, end_column: None }
    }

    /// Where a byte of the module stands in the template's file; beyond its end, the end.
    #[must_use]
    pub fn place_of(&self, offset: usize) -> Place {
        let before = self.text.get(..offset.min(self.text.len())).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.place(line, column)
    }

    /// Where bytes of the module stand; the end is told where it is on the same line.
    #[must_use]
    pub fn span(&self, start: usize, end: usize) -> Place {
        let (from, to) = (self.place_of(start), self.place_of(end));
        let ends =
            matches!(self.origin, Origin::Block { .. }) && from.line == to.line && to.column > from.column;
        Place { end_column: ends.then_some(to.column), ..from }
    }
}

/// How `text` stands in `file` as a block scalar whose value begins at or just behind line `from`: found only where
/// every line agrees.
fn block(file: &str, from: usize, text: &str) -> Option<Origin> {
    let lines: Vec<&str> = file.lines().collect();
    let wanted: Vec<&str> = text.lines().collect();
    let blank = wanted.iter().take_while(|line| line.trim().is_empty()).count();
    let first = wanted.get(blank)?;
    // The value begins at its first line that is not blank, or, with an anchor or a tag, at the header before it.
    (from..=from + blank + 1).find_map(|at| {
        let indent = lines.get(at.checked_sub(1)?)?.strip_suffix(*first)?;
        let line = at.checked_sub(blank).filter(|line| *line > 0)?;
        let spaces = indent.bytes().all(|byte| byte == b' ');
        let agrees = wanted.iter().zip(lines.get(line - 1..)?).all(|(wanted, line)| {
            line.strip_prefix(indent)
                .map_or(wanted.is_empty() && line.trim().is_empty(), |line| line == *wanted)
        });
        let whole = lines.len() + 1 >= line + wanted.len();
        (spaces && agrees && whole).then_some(Origin::Block { line, indent: indent.len() })
    })
}

#[cfg(test)]
mod tests;
