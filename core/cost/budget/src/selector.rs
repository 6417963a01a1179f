//! Label selectors of a budget's scope (apimachinery `metav1.LabelSelector`).

use std::sync::Arc;

use tollgate_vocabulary::{Map, Value};

use crate::node::{Node, Wrong};

/// What labels must be; all of its requirements must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: Arc<str>,
    operator: Operator,
    values: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

const OPERATORS: [(&str, Operator); 4] = [
    ("In", Operator::In),
    ("NotIn", Operator::NotIn),
    ("Exists", Operator::Exists),
    ("DoesNotExist", Operator::DoesNotExist),
];

impl Selector {
    pub(crate) fn matches(&self, labels: Option<&Map>) -> bool {
        let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
        self.0.iter().all(|requirement| requirement.holds(label(&requirement.key)))
    }

    pub(crate) fn read(node: &Node<'_>) -> Result<Self, Wrong> {
        node.only(&["matchLabels", "matchExpressions"])?;
        let mut requirements = Vec::new();
        if let Some(labels) = node.find("matchLabels") {
            for (key, value) in labels.entries()? {
                check_key(&value, &key)?;
                let values = vec![label_value(&value)?];
                requirements.push(Requirement { key, operator: Operator::In, values });
            }
        }
        if let Some(expressions) = node.find("matchExpressions") {
            for item in expressions.items()? {
                requirements.push(Requirement::read(&item)?);
            }
        }
        if requirements.is_empty() {
            return Err(node.wrong("an empty selector fits everything: for that, say `everything: true`"));
        }
        Ok(Self(requirements))
    }
}

impl Requirement {
    fn holds(&self, label: Option<&str>) -> bool {
        let among = || label.is_some_and(|label| self.values.iter().any(|value| **value == *label));
        match self.operator {
            Operator::In => among(),
            Operator::NotIn => !among(),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
        }
    }

    fn read(node: &Node<'_>) -> Result<Self, Wrong> {
        node.only(&["key", "operator", "values"])?;
        let lacks = |key: &str| node.wrong(format!("a requirement on labels has a `{key}`"));
        let key_node = node.find("key").ok_or_else(|| lacks("key"))?;
        let key = key_node.text()?;
        check_key(&key_node, &key)?;
        let operator = node.find("operator").ok_or_else(|| lacks("operator"))?.word(&OPERATORS)?;
        let values = match (operator, node.find("values")) {
            (Operator::In | Operator::NotIn, None) => return Err(lacks("values")),
            (Operator::Exists | Operator::DoesNotExist, Some(values)) => {
                return Err(values.wrong("`Exists` and `DoesNotExist` take no values"));
            }
            (_, None) => Vec::new(),
            (_, Some(values)) => values.items()?.iter().map(label_value).collect::<Result<_, _>>()?,
        };
        Ok(Self { key, operator, values })
    }
}

/// What stands as the value of a label; it may be empty.
pub(crate) fn label_value(node: &Node<'_>) -> Result<Arc<str>, Wrong> {
    let text = node.any_text()?;
    if is_label_word(&text) {
        Ok(text)
    } else {
        Err(node.wrong(format!("`{text}` cannot be the value of a label")))
    }
}

fn check_key(node: &Node<'_>, key: &str) -> Result<(), Wrong> {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    if !name.is_empty() && is_label_word(name) && prefix.is_none_or(is_subdomain) {
        Ok(())
    } else {
        Err(node.wrong(format!("`{key}` cannot be the key of a label")))
    }
}

/// At most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends; or nothing.
fn is_label_word(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() <= 63
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
        && [bytes.first(), bytes.last()].into_iter().flatten().all(u8::is_ascii_alphanumeric)
}

/// RFC 1123: labels of lower-case letters, digits and `-`, joined by dots, at most 253 bytes.
fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_name_label)
}

/// RFC 1123: lower-case letters, digits and `-`, none of them `-` at an end.
pub(crate) fn is_name_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    let letter = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    bytes.iter().all(|byte| letter(byte) || *byte == b'-')
        && [bytes.first(), bytes.last()].into_iter().all(|end| end.is_some_and(letter))
}
