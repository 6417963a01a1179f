//! Reading a suite.

use std::sync::Arc;

use regex::Regex;
use tollgate_vocabulary::Value;

use super::{Assertion, Case, Count, Suite, Test};
use crate::node::Node;
use crate::{Document, Grade, Problem};

const GROUP: &str = "test.gatekeeper.sh";
const TEST: [&str; 7] = ["name", "template", "constraint", "expansion", "invalid", "skip", "cases"];
const CASE: [&str; 5] = ["name", "object", "inventory", "assertions", "skip"];

impl Suite {
    /// Whether a document is a suite.
    #[must_use]
    pub fn is_one(document: &Document) -> bool {
        let (group, _, kind) = document.kind();
        group == GROUP && kind == "Suite"
    }

    /// Reads a suite. That `yes` and `no` mean truth values to some readers of YAML is no trouble here: they are the
    /// words for counts.
    ///
    /// # Errors
    /// Values of the wrong shape; patterns that are none. Fields that nobody knows are hints.
    pub fn read(document: &Document) -> Result<Self, Vec<Problem>> {
        let root = Node::root(document, "suite-shape");
        let mut problems = Vec::new();
        let tests = root.get("tests").map(|list| list.items(&mut problems)).unwrap_or_default();
        let suite = Self {
            file: document.file.clone(),
            name: root.below(&["metadata", "name"]).and_then(|name| name.text(&mut problems)),
            skip: flag(&root, "skip", &mut problems),
            tests: tests.iter().filter_map(|node| test(node, &mut problems)).collect(),
            hints: Vec::new(),
        };
        if problems.iter().any(Problem::is_error) {
            return Err(problems);
        }
        Ok(Self { hints: problems, ..suite })
    }
}

fn test(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Test> {
    node.object(problems)?;
    hint_unknown(node, &TEST, problems);
    let cases = node.get("cases").map(|list| list.items(problems)).unwrap_or_default();
    Some(Test {
        name: text(node, "name", problems).unwrap_or_default(),
        template: text(node, "template", problems),
        constraint: text(node, "constraint", problems),
        expansion: text(node, "expansion", problems),
        invalid: flag(node, "invalid", problems),
        skip: flag(node, "skip", problems),
        cases: cases.iter().filter_map(|node| case(node, problems)).collect(),
    })
}

fn case(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Case> {
    node.object(problems)?;
    hint_unknown(node, &CASE, problems);
    let assertions = node.get("assertions").map(|list| list.items(problems)).unwrap_or_default();
    Some(Case {
        name: text(node, "name", problems).unwrap_or_default(),
        object: text(node, "object", problems),
        inventory: node.get("inventory").map(|list| list.texts(problems)).unwrap_or_default(),
        assertions: assertions.iter().filter_map(|node| assertion(node, problems)).collect(),
        skip: flag(node, "skip", problems),
    })
}

fn assertion(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Assertion> {
    node.object(problems)?;
    hint_unknown(node, &["violations", "message"], problems);
    let count = match node.get("violations") {
        None => Count::Some,
        Some(violations) => match count(violations.value) {
            Some(count) => count,
            None => {
                problems.push(violations.wants("`yes`, `no` or a whole number, not negative"));
                return None;
            }
        },
    };
    let message = node.get("message").and_then(|node| Some((node.text(problems)?, node)));
    let message = match message.map(|(text, node)| (Regex::new(&text), text, node)) {
        None => None,
        Some((Ok(regex), ..)) => Some(regex),
        Some((Err(_), text, node)) => {
            problems.push(node.error(format!("`{text}` is no regular expression")));
            return None;
        }
    };
    Some(Assertion { count, message })
}

/// kubectl's reader makes truth values of a bare `yes` and `no`; quoted they are text.
fn count(value: &Value) -> Option<Count> {
    match value {
        Value::Bool(true) => Some(Count::Some),
        Value::Bool(false) => Some(Count::None),
        Value::Number(number) => number.as_str().parse().ok().map(Count::Exactly),
        Value::String(word) => match &**word {
            "yes" => Some(Count::Some),
            "no" => Some(Count::None),
            _ => None,
        },
        _ => None,
    }
}

fn text(node: &Node<'_>, key: &str, problems: &mut Vec<Problem>) -> Option<Arc<str>> {
    node.get(key).and_then(|node| node.text(problems)).filter(|text| !text.is_empty())
}

fn flag(node: &Node<'_>, key: &str, problems: &mut Vec<Problem>) -> bool {
    let Some(flag) = node.get(key) else { return false };
    flag.value.as_bool().unwrap_or_else(|| {
        problems.push(flag.wants("true or false"));
        false
    })
}

/// `gator` passes over them.
fn hint_unknown(node: &Node<'_>, known: &[&str], problems: &mut Vec<Problem>) {
    let unknown = node.unknown_fields(known, "suite-unknown-field").into_iter();
    problems.extend(unknown.map(|problem| Problem { grade: Grade::Hint, ..problem }));
}
