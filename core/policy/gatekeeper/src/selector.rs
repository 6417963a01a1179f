//! Label selectors (apimachinery `metav1.LabelSelector`).

use std::sync::Arc;

use tollgate_vocabulary::Value;

use crate::node::Node;
use crate::problem::Problem;
use crate::spelling;

/// What labels must be; all of its requirements must hold, and without any it fits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// `matchLabels`, each as `In` with one value, then `matchExpressions`
    pub requirements: Vec<Requirement>,
}

/// One thing that labels must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// the label's key
    pub key: Arc<str>,
    /// what holds for it
    pub operator: Operator,
}

/// What holds for a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// it is there and has one of these values
    In(Vec<Arc<str>>),
    /// it is not there, or has none of these values
    NotIn(Vec<Arc<str>>),
    /// it is there
    Exists,
    /// it is not there
    DoesNotExist,
}

const OPERATORS: [&str; 4] = ["In", "NotIn", "Exists", "DoesNotExist"];

impl LabelSelector {
    /// Whether the labels of an object fit (`metadata.labels`). As apimachinery has it, an object of which one label
    /// is not text has no labels at all.
    #[must_use]
    pub fn matches(&self, object: &Value) -> bool {
        let labels = object.get("metadata").and_then(|metadata| metadata.get("labels"));
        let labels = labels
            .and_then(Value::as_object)
            .filter(|labels| labels.iter().all(|(_, value)| value.as_str().is_some()));
        let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
        self.requirements.iter().all(|requirement| requirement.holds(label(&requirement.key)))
    }

    pub(crate) fn read(node: &Node<'_>, problems: &mut Vec<Problem>) -> Self {
        problems
            .extend(node.unknown_fields(&["matchLabels", "matchExpressions"], "constraint-unknown-field"));
        let mut requirements = Vec::new();
        if node.object(problems).is_none() {
            return Self::default();
        }
        if let Some(labels) = node.get("matchLabels") {
            for (key, _) in labels.object(problems).into_iter().flat_map(|map| map.iter()) {
                check_key(&labels, key, problems);
                let Some(value) = labels.get(key) else { continue };
                let Some(text) = value.text(problems) else { continue };
                check_value(&value, &text, problems);
                requirements.push(Requirement { key: key.clone(), operator: Operator::In(vec![text]) });
            }
        }
        if let Some(expressions) = node.get("matchExpressions") {
            for item in expressions.items(problems) {
                requirements.extend(requirement(&item, problems));
            }
        }
        Self { requirements }
    }
}

impl Requirement {
    fn holds(&self, label: Option<&str>) -> bool {
        let among =
            |values: &[Arc<str>]| label.is_some_and(|label| values.iter().any(|value| **value == *label));
        match &self.operator {
            Operator::In(values) => among(values),
            Operator::NotIn(values) => !among(values),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
        }
    }
}

fn requirement(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Requirement> {
    problems.extend(node.unknown_fields(&["key", "operator", "values"], "constraint-unknown-field"));
    node.object(problems)?;
    for key in ["key", "operator"] {
        if node.get(key).is_none() {
            problems.push(node.lacks(key));
        }
    }
    let key_node = node.get("key")?;
    let key = key_node.text(problems)?;
    check_key(&key_node, &key, problems);
    let operator_node = node.get("operator")?;
    let operator = operator_node.text(problems)?;
    let values_node = node.get("values");
    let values = values_node.as_ref().map(|values| values.texts(problems)).unwrap_or_default();
    if let Some(list) = &values_node {
        for item in list.items(&mut Vec::new()) {
            if let Some(text) = item.value.as_str() {
                check_value(&item, text, problems);
            }
        }
    }
    let operator = match &*operator {
        "In" | "NotIn" if values.is_empty() => {
            let at = values_node.as_ref().unwrap_or(node);
            let message = format!("`{}` has the operator `{operator}` and no `values`", node.path);
            problems.push(at.error(message).mended_by("list the values, or use `Exists` or `DoesNotExist`"));
            return None;
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let at = values_node.as_ref().unwrap_or(node);
            let message = format!("`{}` has the operator `{operator}`, which takes no `values`", node.path);
            problems.push(at.error(message).mended_by("remove the values, or use `In` or `NotIn`"));
            return None;
        }
        "In" => Operator::In(values),
        "NotIn" => Operator::NotIn(values),
        "Exists" => Operator::Exists,
        "DoesNotExist" => Operator::DoesNotExist,
        other => {
            let message = format!("`{other}` is no operator of a label selector");
            problems.push(operator_node.error(message).mended_by(spelling::remedy(other, &OPERATORS)));
            return None;
        }
    };
    Some(Requirement { key, operator })
}

fn check_key(node: &Node<'_>, key: &str, problems: &mut Vec<Problem>) {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    if !(is_label_word(name) && !name.is_empty() && prefix.is_none_or(is_subdomain)) {
        problems.push(node.error(format!("`{key}` cannot be the key of a label")));
    }
}

fn check_value(node: &Node<'_>, value: &str, problems: &mut Vec<Problem>) {
    if !is_label_word(value) {
        problems.push(node.error(format!("`{value}` cannot be the value of a label")));
    }
}

/// At most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends; or nothing.
fn is_label_word(word: &str) -> bool {
    let bytes = word.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    bytes.len() <= 63
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        && ends.into_iter().flatten().all(u8::is_ascii_alphanumeric)
}

/// RFC 1123: labels of lower-case letters, digits and `-`, joined by dots, at most 253 bytes.
pub(crate) fn is_subdomain(name: &str) -> bool {
    let label = |label: &str| {
        let bytes = label.as_bytes();
        let ends = [bytes.first(), bytes.last()];
        let letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !bytes.is_empty()
            && bytes.iter().all(|byte| letter(byte) || *byte == b'-')
            && ends.into_iter().flatten().all(letter)
    };
    name.len() <= 253 && name.split('.').all(label)
}
