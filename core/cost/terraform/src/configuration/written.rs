//! Expressions without their constants: which fields are written, and what they refer to.
//!
//! INVARIANT: a field is only said to be left out where no `dynamic` block can have written it, for the plan does not
//! list those.

use tollgate_vocabulary::{Map, Path, Step, Value};

use crate::address::Reference;
use crate::values::step;

/// The same shape, where each expression is but what it refers to, and null where it is null.
pub(super) fn without_constants(expressions: &Value) -> Value {
    match expressions {
        Value::Array(blocks) => Value::Array(blocks.iter().map(without_constants).collect()),
        Value::Object(map) => match (map.get("constant_value"), map.get("references")) {
            (Some(Value::Null), None) => Value::Null,
            (Some(_), None) => Value::from(Map::from_iter([("references", Value::Array(Vec::new()))])),
            (_, Some(Value::Array(references))) => {
                let texts = references.iter().filter(|text| text.as_str().is_some());
                let texts = texts.take(super::REFERENCES).cloned().collect();
                Value::from(Map::from_iter([("references", Value::Array(texts))]))
            }
            _ => Value::Object(
                map.iter().map(|(key, below)| (key.clone(), without_constants(below))).collect(),
            ),
        },
        _ => Value::Null,
    }
}

/// What the expression at `path` refers to, most specific first.
pub(super) fn references<'e>(expressions: &'e Value, path: &Path) -> Vec<Reference<'e>> {
    let expression = path.steps().iter().try_fold(expressions, step);
    let references = expression.and_then(|found| found.get("references")).and_then(Value::as_array);
    references.unwrap_or_default().iter().filter_map(|text| Reference::of(text.as_str()?)).collect()
}

pub(super) fn leaves_out(expressions: &Value, known: &Value, path: &Path) -> bool {
    let Value::Object(_) = expressions else { return false };
    let (mut written, mut known) = (expressions, Some(known));
    let mut steps = path.steps().iter().peekable();
    while let Some(next) = steps.next() {
        // An expression stands for all that is below it.
        if written.get("references").is_some() {
            return false;
        }
        let blocks = match (next, written, known) {
            (Step::Index(_), Value::Array(blocks), Some(Value::Array(known))) => blocks.len() == known.len(),
            (Step::Index(_), Value::Array(_), _) => false,
            _ => true,
        };
        if !blocks {
            return false;
        }
        match step(written, next) {
            Some(Value::Null) => return true,
            Some(below) => written = below,
            None => return steps.peek().is_none(),
        }
        known = known.and_then(|known| step(known, next));
    }
    false
}

#[cfg(test)]
mod tests {
    use tollgate_manifest::{Limits, canonical, json};

    use super::*;

    fn value(text: &str) -> Value {
        json::read(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn constants_are_dropped_and_references_kept() {
        let kept = without_constants(&value(
            r#"{"password": {"constant_value": "s3cret"}, "iops": {"constant_value": null},
                "root": [{"size": {"references": ["var.size"]}, "now": {}}]}"#,
        ));
        assert_eq!(
            canonical::text(&kept),
            r#"{"iops":null,"password":{"references":[]},"root":[{"now":{},"size":{"references":["var.size"]}}]}"#
        );
    }

    #[test]
    fn a_field_is_left_out_only_where_nothing_can_have_written_it() {
        let written = without_constants(&value(
            r#"{"size": {"constant_value": 1}, "iops": {"constant_value": null}, "disk": [{"gb": {}}],
                "list": {"references": ["var.l"]}}"#,
        ));
        let known = value(r#"{"size": 1, "disk": [{"gb": 1}], "more": [{"gb": 1}]}"#);
        let out = |path: &str| leaves_out(&written, &known, &path.parse().unwrap());
        assert!(out("throughput") && out("iops") && out("disk[0].kind"));
        assert!(!out("size") && !out("list[0].x") && !out("disk[0].gb"));
        // `more` may be written by a dynamic block, and so may a second disk.
        assert!(!out("more[0].gb") && !out("disk[1].gb"));
        let two = value(r#"{"disk": [{"gb": 1}, {"gb": 2}]}"#);
        assert!(!leaves_out(&written, &two, &"disk[0].kind".parse().unwrap()));
        assert!(!leaves_out(&Value::Null, &known, &"throughput".parse().unwrap()));
    }
}
