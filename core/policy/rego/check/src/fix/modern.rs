//! v0 as v1: `deny[msg] { .. }` becomes `deny contains msg if { .. }`.

use tollgate_rego_syntax::tree::{Body, Dialect, Head, Module, Rule, Span};

use super::{Edit, bounds, in_order, slice};

/// What makes v1 of a file in v0; nothing for one in v1. What comes out is to be parsed again: a name that v1 reserves
/// is not changed.
#[must_use]
pub fn modernized(text: &str, module: &Module) -> Vec<Edit> {
    if module.dialect == Dialect::V1 {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut before: Option<&Rule> = None;
    for rule in &module.rules {
        let chained = before.filter(|before| before.head.span == rule.head.span);
        match (chained, &rule.body) {
            // `p { .. } { .. }`: each body gets a head of its own.
            (Some(_), Some(body)) => {
                let head = head(text, &rule.head).unwrap_or_else(|| slice(text, rule.head.span).to_owned());
                edits.push(Edit { span: gap(text, body), text: format!("\n\n{head} if ") });
            }
            _ => {
                edits.extend(head(text, &rule.head).map(|head| Edit { span: rule.head.span, text: head }));
                edits.extend(rule.body.as_ref().and_then(|body| condition(text, body)));
            }
        }
        edits.extend(rule.otherwise.iter().filter_map(|branch| condition(text, branch.body.as_ref()?)));
        before = Some(rule);
    }
    in_order(edits)
}

/// The head in v1, where that differs: `p[x]` is `p contains x`.
fn head(text: &str, head: &Head) -> Option<String> {
    let member = head.member.as_ref()?;
    let written = slice(text, head.span);
    let (start, end) = (bounds(head.span).0, bounds(member.span).0);
    let name = text.get(start..end)?.trim_end().strip_suffix('[')?.trim_end();
    (!written.contains(" contains ")).then(|| format!("{name} contains {}", slice(text, member.span)))
}

/// `if` before a body, where it is not there.
fn condition(text: &str, body: &Body) -> Option<Edit> {
    let (start, _) = bounds(body.span);
    let before = text.get(..start)?.trim_end();
    let is_there = before
        .strip_suffix("if")
        .is_some_and(|rest| rest.ends_with(|letter: char| !letter.is_alphanumeric()));
    let braces = text.get(start..)?.starts_with('{');
    let at = Span { start: body.span.start, end: body.span.start };
    (braces && !is_there).then(|| Edit { span: at, text: "if ".to_owned() })
}

/// The space before a body.
fn gap(text: &str, body: &Body) -> Span {
    let (start, _) = bounds(body.span);
    let before = text.get(..start).unwrap_or_default().trim_end().len();
    Span { start: u32::try_from(before).unwrap_or(body.span.start), end: body.span.start }
}
