//! `# METADATA` blocks: YAML in comments above a package or a rule.
//!
//! ```text
//! # METADATA            a block, up to the first line that is no comment
//! # title: ..           scope: `rule` (above a rule), `document` (all rules of that name), `package` (above the
//! # custom:             package, or said), `subpackages` (and all below)
//! #   id: ..            next statement below the block: what it is about
//! ```
//! Nearer ones win, field by field: rule over document over package.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_vocabulary::{Operation, Severity, Value};

use tollgate_rego_syntax::tree::{Module, Step};
use tollgate_rego_syntax::{self as syntax, LineIndex, Subject};

use crate::document;
use crate::load::{LoadError, Place};
use crate::rule::{Operations, Subresources};

/// One block, and what it is about.
#[derive(Clone, Debug)]
pub(crate) struct Annotation {
    pub(crate) scope: Scope,
    pub(crate) fields: Fields,
}

/// What a block is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// the rule of that number in the file
    Rule(usize),
    /// all definitions of the package with this name
    Document(Vec<Arc<str>>),
    /// the whole package
    Package,
    /// the package and all below it
    Subpackages,
}

/// What a block says; what it does not say, the next one out may.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) title: Option<Arc<str>>,
    pub(crate) description: Option<Arc<str>>,
    pub(crate) id: Option<Arc<str>>,
    pub(crate) severity: Option<Severity>,
    pub(crate) remedy: Option<Arc<str>>,
    pub(crate) operations: Option<Operations>,
    pub(crate) subresources: Option<Subresources>,
    pub(crate) deleting: Option<bool>,
}

impl Fields {
    /// These, and where these say nothing, what `outer` says. A title, description or id never comes from further out
    /// than the rule's own name: two rules must not share one by accident.
    pub(crate) fn within(self, outer: &Self, names: bool) -> Self {
        let named = |own: Option<Arc<str>>, outer: &Option<Arc<str>>| match own {
            None if names => outer.clone(),
            own => own,
        };
        Self {
            title: named(self.title, &outer.title),
            description: named(self.description, &outer.description),
            id: named(self.id, &outer.id),
            severity: self.severity.or(outer.severity),
            remedy: self.remedy.or_else(|| outer.remedy.clone()),
            operations: self.operations.or(outer.operations),
            subresources: self.subresources.or_else(|| outer.subresources.clone()),
            deleting: self.deleting.or(outer.deleting),
        }
    }
}

/// The blocks of a file.
pub(crate) fn read(
    path: &Arc<str>,
    text: &str,
    lines: &LineIndex<'_>,
    tree: &Module,
) -> Result<Vec<Annotation>, Vec<LoadError>> {
    let (mut annotations, mut errors) = (Vec::new(), Vec::new());
    for block in syntax::annotations(text, tree) {
        // Line and column within the YAML, both from 1; its first line stands below `# METADATA`.
        let place = |line: usize, column: usize| {
            let start = lines.place(block.line_start(line.saturating_sub(1)));
            let (line, column) = (start.line as usize, start.column as usize + column.saturating_sub(1));
            Place { file: path.clone(), line, column, end_column: None }
        };
        let at = lines.place(block.span.start);
        let (line, column) = (at.line as usize, at.column as usize);
        let start = Place { file: path.clone(), line, column, end_column: None };
        match annotation(&block, tree, place, &start) {
            Ok(annotation) => annotations.push(annotation),
            Err(error) => errors.push(*error),
        }
    }
    if errors.is_empty() { Ok(annotations) } else { Err(errors) }
}

fn annotation(
    block: &syntax::Annotation,
    tree: &Module,
    place: impl Fn(usize, usize) -> Place,
    start: &Place,
) -> Result<Annotation, Box<LoadError>> {
    let wrong = |message: String| Box::new(start.error("metadata", message));
    let value = document::yaml(block.yaml.as_bytes())
        .map_err(|error| Box::new(place(error.line, error.column).error("metadata", error.message)))?
        .pop()
        .unwrap_or_default();
    let map = value.as_object().ok_or_else(|| wrong("METADATA is not an object".to_owned()))?;
    let scope = match (map.get("scope").and_then(Value::as_str), block.subject) {
        (None, Subject::Package) | (Some("package"), _) => Scope::Package,
        (Some("subpackages"), _) => Scope::Subpackages,
        (Some("document"), Subject::Rule(at)) => match tree.rules.get(at) {
            Some(rule) => Scope::Document(fixed(&rule.head.path)),
            None => return Err(wrong("stands above nothing that it could be about".to_owned())),
        },
        (None | Some("rule"), Subject::Rule(at)) => Scope::Rule(at),
        (None | Some("rule" | "document"), _) => {
            return Err(wrong("METADATA stands above no rule and no package".to_owned()));
        }
        (Some(other), _) => {
            let words = "`rule`, `document`, `package` or `subpackages`";
            return Err(wrong(format!("METADATA has scope `{other}`: expected {words}")));
        }
    };
    fields(&value).map(|fields| Annotation { scope, fields }).map_err(wrong)
}

/// The names that a rule's name begins with.
fn fixed(path: &[Step]) -> Vec<Arc<str>> {
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.text.clone()),
        Step::Term(_) => None,
    };
    path.iter().map_while(name).collect()
}

fn fields(value: &Value) -> Result<Fields, String> {
    let custom = value.get("custom");
    let of_custom = |key: &str| custom.and_then(|custom| custom.get(key));
    Ok(Fields {
        title: text("title", value.get("title"))?,
        description: text("description", value.get("description"))?,
        id: text("custom.id", of_custom("id"))?,
        severity: match text("custom.severity", of_custom("severity"))? {
            None => None,
            Some(word) => Some(Severity::from_word(&word.to_lowercase()).ok_or_else(|| {
                let words = "`info`, `low`, `medium`, `high` or `critical`";
                format!("METADATA has custom.severity `{word}`: expected {words}")
            })?),
        },
        remedy: text("custom.remedy", of_custom("remedy"))?,
        operations: match of_custom("operations") {
            None => None,
            Some(value) => Some(operations(value)?),
        },
        subresources: match of_custom("subresources") {
            None => None,
            Some(value) => Some(subresources(value)?),
        },
        deleting: match of_custom("deleting") {
            None => None,
            Some(Value::Bool(deleting)) => Some(*deleting),
            Some(_) => return Err("METADATA custom.deleting is not `true` or `false`".to_owned()),
        },
    })
}

fn text(key: &str, value: Option<&Value>) -> Result<Option<Arc<str>>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text.trim().into())),
        Some(Value::Number(number)) => Ok(Some(number.as_str().into())),
        Some(_) => Err(format!("METADATA {key} is not a text")),
    }
}

fn words(key: &str, value: &Value) -> Result<BTreeSet<Arc<str>>, String> {
    let wrong = || format!("METADATA custom.{key} is not a list of words");
    match value {
        Value::String(word) => Ok([word.clone()].into()),
        Value::Array(items) if !items.is_empty() => {
            items.iter().map(|item| item.as_str().map(Arc::from).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

fn operations(value: &Value) -> Result<Operations, String> {
    let words = words("operations", value)?;
    if words.len() == 1 && words.contains("*") {
        return Ok(Operation::ALL.into_iter().collect());
    }
    let read = |word: &Arc<str>| {
        Operation::from_word(word).ok_or_else(|| {
            let words = "`CREATE`, `UPDATE`, `DELETE` or `CONNECT`";
            format!("METADATA has `{word}` among custom.operations: expected {words}")
        })
    };
    words.iter().map(read).collect()
}

fn subresources(value: &Value) -> Result<Subresources, String> {
    let words = words("subresources", value)?;
    Ok(if words.contains("*") { Subresources::All } else { Subresources::Named(words) })
}

/// A rule's id from its title: lower-case letters and digits, everything between them one `-`.
pub(crate) fn slug(title: &str) -> Option<Arc<str>> {
    let mut slug = String::new();
    for char in title.chars().flat_map(char::to_lowercase) {
        if char.is_alphanumeric() {
            slug.push(char);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    (!slug.is_empty()).then(|| slug.into())
}
