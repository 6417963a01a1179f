//! Reading a schema.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::RegexBuilder;
use tollgate_vocabulary::Value;

use super::{Additional, Bounds, Kind, Range, Schema, number};
use crate::node::Node;
use crate::problem::Problem;
use crate::spelling;

/// Bytes that one compiled pattern may take.
const PATTERN_SIZE: usize = 1 << 20;

/// The fields of `JSONSchemaProps`.
const KEYWORDS: [&str; 43] = [
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "definitions",
    "dependencies",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "id",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
];

impl Schema {
    pub(crate) fn read(node: &Node<'_>, problems: &mut Vec<Problem>) -> Self {
        if node.object(problems).is_none() {
            return Self::anything();
        }
        problems.extend(unknown_keywords(node));
        let mut list = |key: &str| -> Vec<Self> {
            let items = node.get(key).map(|list| list.items(problems)).unwrap_or_default();
            items.iter().map(|item| Self::read(item, problems)).collect()
        };
        let (all_of, any_of, one_of) = (list("allOf"), list("anyOf"), list("oneOf"));
        let mut schema = Self {
            nullable: flag(node, "nullable", problems),
            int_or_string: flag(node, "x-kubernetes-int-or-string", problems),
            preserve_unknown: flag(node, "x-kubernetes-preserve-unknown-fields", problems),
            kind: kind(node, problems),
            properties: properties(node, problems),
            additional: additional(node, problems),
            items: node.get("items").map(|items| Box::new(Self::read(&items, problems))),
            required: node.get("required").map(|list| list.texts(problems)).unwrap_or_default(),
            default: node.get("default").map(|value| value.value.clone()),
            allowed: node
                .get("enum")
                .map(|list| list.items(problems).iter().map(|item| item.value.clone()).collect()),
            bounds: bounds(node, problems),
            pattern: None,
            format: node.get("format").and_then(|format| format.text(problems)),
            all_of,
            any_of,
            one_of,
            not: node.get("not").map(|not| Box::new(Self::read(&not, problems))),
        };
        schema.read_pattern(node, problems);
        schema.check_default(node, problems);
        schema
    }

    fn read_pattern(&mut self, node: &Node<'_>, problems: &mut Vec<Problem>) {
        let Some(pattern) = node.get("pattern") else { return };
        let Some(text) = pattern.text(problems) else { return };
        match RegexBuilder::new(&text).size_limit(PATTERN_SIZE).build() {
            Ok(regex) => self.pattern = Some(regex),
            Err(error) => problems
                .push(pattern.error(format!("`{text}` is no regular expression: {}", last_line(&error)))),
        }
    }

    /// A default that does not fit its own schema would make every constraint invalid.
    fn check_default(&self, node: &Node<'_>, problems: &mut Vec<Problem>) {
        let (Some(default), Some(at)) = (&self.default, node.get("default")) else { return };
        for error in self.validate(default) {
            problems.push(at.error(format!("the default does not fit its own schema: {}", error.message)));
        }
    }
}

/// What a regex error says in the end; before it stands the pattern with a drawing.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

fn unknown_keywords(node: &Node<'_>) -> Vec<Problem> {
    let mut unknown = node.unknown_fields(&KEYWORDS, "template-schema-keyword");
    // `x-` keywords that we do not know (validations in CEL among them) are for others.
    unknown.retain(|problem| !problem.message.contains("x-kubernetes-"));
    for problem in &mut unknown {
        problem.grade = crate::Grade::Hint;
        problem.remedy = problem.remedy.take().filter(|remedy| remedy.starts_with("did you mean"));
    }
    unknown
}

fn flag(node: &Node<'_>, key: &str, problems: &mut Vec<Problem>) -> bool {
    let Some(flag) = node.get(key) else { return false };
    flag.value.as_bool().unwrap_or_else(|| {
        problems.push(flag.wants("true or false"));
        false
    })
}

fn kind(node: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Kind> {
    let at = node.get("type")?;
    let word = at.text(problems)?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == &*word);
    if kind.is_none() {
        let remedy = spelling::remedy(&word, &Kind::ALL.map(Kind::word));
        problems.push(at.error(format!("`{word}` is no type of a schema")).mended_by(remedy));
    }
    kind
}

fn properties(node: &Node<'_>, problems: &mut Vec<Problem>) -> BTreeMap<Arc<str>, Schema> {
    let Some(properties) = node.get("properties") else { return BTreeMap::new() };
    let Some(map) = properties.object(problems) else { return BTreeMap::new() };
    let mut schemas = BTreeMap::new();
    for (key, _) in map.iter() {
        let schema = properties.get(key).map_or_else(Schema::default, |below| Schema::read(&below, problems));
        schemas.insert(key.clone(), schema);
    }
    schemas
}

fn additional(node: &Node<'_>, problems: &mut Vec<Problem>) -> Additional {
    match node.get("additionalProperties") {
        None => Additional::Unsaid,
        Some(below) => match below.value {
            Value::Bool(allowed) => Additional::Allowed(*allowed),
            _ => Additional::Like(Box::new(Schema::read(&below, problems))),
        },
    }
}

fn bounds(node: &Node<'_>, problems: &mut Vec<Problem>) -> Bounds {
    let mut limit = |key: &str| {
        let at = node.get(key)?;
        match at.value {
            Value::Number(number) => Some(number::of(number)),
            _ => {
                problems.push(at.wants("a number"));
                None
            }
        }
    };
    let (minimum, maximum, multiple_of) = (limit("minimum"), limit("maximum"), limit("multipleOf"));
    let mut count = |key: &str| {
        let at = node.get(key)?;
        let count = match at.value {
            Value::Number(number) => number.as_str().parse().ok(),
            _ => None,
        };
        if count.is_none() {
            problems.push(at.wants("a whole number, not negative"));
        }
        count
    };
    let mut range = |least: &str, most: &str| Range { least: count(least), most: count(most) };
    let length = range("minLength", "maxLength");
    let items = range("minItems", "maxItems");
    let properties = range("minProperties", "maxProperties");
    Bounds {
        minimum,
        maximum,
        exclusive_minimum: flag(node, "exclusiveMinimum", problems),
        exclusive_maximum: flag(node, "exclusiveMaximum", problems),
        multiple_of: multiple_of.filter(|unit| *unit != 0.0),
        length,
        items,
        properties,
        unique_items: flag(node, "uniqueItems", problems),
    }
}
