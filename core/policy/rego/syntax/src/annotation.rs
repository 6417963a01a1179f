//! `# METADATA` blocks: where they are, what YAML they hold, and what stands below them.
//!
//! ```text
//! # METADATA        from the left edge; the block goes on as long as comments follow at the left edge,
//! # title: a        line on line, none of them another `# METADATA`
//! # custom:
//! #   id: b         below: the package, import or rule that begins next
//! deny contains ..
//! ```
//! The YAML is not read here.

#[cfg(test)]
mod tests;

use crate::tree::{Comment, Module, Span};

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// from the `#` of `# METADATA` to the end of its last line
    pub span: Span,
    /// the lines below the first, `#` and one space left out, each ended by a line end
    pub yaml: String,
    /// what it stands above
    pub subject: Subject,
    /// where in the file each line of `yaml` begins
    lines: Vec<u32>,
}

/// What a block stands above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// the file's `package`
    Package,
    /// `imports[.0]`
    Import(usize),
    /// `rules[.0]`
    Rule(usize),
    /// nothing follows
    Nothing,
}

impl Annotation {
    /// Where in the file a line of `yaml` begins, from 0; behind the last line, the end of the block.
    #[must_use]
    pub fn line_start(&self, line: usize) -> u32 {
        self.lines.get(line).copied().unwrap_or(self.span.end)
    }
}

/// The blocks of a file, in its order. `text` is what `module` was read from.
#[must_use]
pub fn annotations(text: &str, module: &Module) -> Vec<Annotation> {
    let subjects = subjects(module);
    let mut found: Vec<Annotation> = Vec::new();
    let mut before: Option<&Comment> = None;
    let mut open = false;
    for comment in &module.comments {
        let edge = at_left_edge(text, comment);
        let follows = before.is_some_and(|before| next_line(text, before, comment));
        before = Some(comment);
        if edge && comment.text.trim().starts_with("METADATA") {
            let (yaml, lines) = (String::new(), Vec::new());
            found.push(Annotation { span: comment.span, yaml, subject: Subject::Nothing, lines });
            open = true;
            continue;
        }
        open &= edge && follows;
        if let Some(annotation) = found.last_mut().filter(|_| open) {
            let line = comment.text.strip_prefix(' ').unwrap_or(&comment.text);
            let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
            annotation.lines.push(comment.span.end.saturating_sub(length));
            annotation.yaml.push_str(line);
            annotation.yaml.push('\n');
            annotation.span.end = comment.span.end;
        }
    }
    for annotation in &mut found {
        let next = subjects.partition_point(|(start, _)| *start < annotation.span.end);
        annotation.subject = subjects.get(next).map_or(Subject::Nothing, |(_, subject)| *subject);
    }
    found
}

/// What may stand below a block, by where it begins.
fn subjects(module: &Module) -> Vec<(u32, Subject)> {
    let imports =
        module.imports.iter().enumerate().map(|(at, import)| (import.span.start, Subject::Import(at)));
    let rules = module.rules.iter().enumerate().map(|(at, rule)| (rule.span.start, Subject::Rule(at)));
    let package = (module.package_span.start, Subject::Package);
    let mut subjects: Vec<_> = std::iter::once(package).chain(imports).chain(rules).collect();
    subjects.sort_by_key(|(start, _)| *start);
    subjects
}

fn at_left_edge(text: &str, comment: &Comment) -> bool {
    let before = text.get(..comment.span.start as usize).unwrap_or_default();
    before.is_empty() || before.ends_with('\n') || before == "\u{feff}"
}

fn next_line(text: &str, before: &Comment, comment: &Comment) -> bool {
    let between = text.get(before.span.end as usize..comment.span.start as usize).unwrap_or_default();
    between.trim_start_matches('\r') == "\n"
}
