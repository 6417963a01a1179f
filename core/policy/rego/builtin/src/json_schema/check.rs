//! A document checked by a schema.
//!
//! Of alternatives that all fail, the findings of the one that comes nearest are told: how near it comes is a score,
//! counted as OPA's validator counts it.

use std::collections::BTreeMap;

use tollgate_rego_value::{Array, Object, Val};

use super::DEPTH;
use super::decimal::{compare, is_multiple, is_whole, shown};
use super::document::canonical;
use super::format::fits;
use super::node::{Dependency, Id, Items, Node, Rest, Schema};
use crate::{Call, Error};

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// where: names and positions in dots, or `(Root)`
    pub(super) field: String,
    pub(super) kind: &'static str,
    pub(super) description: String,
}

/// Findings, and how much fits.
#[derive(Default)]
struct Outcome {
    findings: Vec<Finding>,
    score: i64,
}

impl Outcome {
    fn add(&mut self, place: &str, kind: &'static str, description: String) {
        self.findings.push(Finding { field: place.to_owned(), kind, description });
        self.score -= 2;
    }

    fn merge(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.score += other.score;
    }

    const fn is_valid(&self) -> bool {
        self.findings.is_empty()
    }
}

const ROOT: &str = "(Root)";

/// All that does not fit.
pub(super) fn check<'a>(
    call: &Call<'a, '_>,
    schema: &Schema<'a>,
    document: Val<'a>,
) -> Result<Vec<Finding>, Error> {
    let checker = Checker { call, schema };
    let mut outcome = Outcome::default();
    checker.value(0, document, &mut outcome, ROOT, 0)?;
    Ok(outcome.findings)
}

struct Checker<'c, 'a, 'm> {
    call: &'c Call<'a, 'm>,
    schema: &'c Schema<'a>,
}

impl<'a> Checker<'_, 'a, '_> {
    fn value(
        &self,
        id: Id,
        value: Val<'a>,
        out: &mut Outcome,
        place: &str,
        depth: usize,
    ) -> Result<(), Error> {
        self.call.meter.spend(1)?;
        if depth > DEPTH {
            return Err(Error::Failed(format!("more than {DEPTH} levels of schema and document")));
        }
        let Some(node) = self.schema.0.get(id) else { return Ok(()) };
        if let Some(pass) = node.pass {
            if !pass {
                out.add(place, "false", "False always fails validation".to_owned());
            }
            return Ok(());
        }
        if let Some(reference) = node.reference {
            return self.value(reference, value, out, place, depth + 1);
        }
        if !is_of(&value, &node.types) {
            let expected = match node.types.as_slice() {
                [one] => (*one).to_owned(),
                many => format!("[{}]", many.join(",")),
            };
            let given = type_of(&value);
            out.add(place, "invalid_type", format!("Invalid type. Expected: {expected}, given: {given}"));
            return Ok(());
        }
        self.combinations(node, value, out, place, depth)?;
        if let Some(items) = value.as_array() {
            self.array(node, &items, out, place, depth)?;
        }
        if let Some(object) = value.as_object() {
            self.object(node, &object, out, place, depth)?;
        }
        number(node, &value, out, place);
        self.common(node, &value, out, place)?;
        string(node, &value, out, place);
        if let Some(object) = value.as_object() {
            for (name, property) in &node.properties {
                if let Some(inner) = object.text(name) {
                    self.value(*property, inner, out, &below(place, name), depth + 1)?;
                }
            }
        }
        out.score += 1;
        Ok(())
    }

    fn alone(&self, id: Id, value: Val<'a>, place: &str, depth: usize) -> Result<Outcome, Error> {
        let mut outcome = Outcome::default();
        self.value(id, value, &mut outcome, place, depth + 1)?;
        Ok(outcome)
    }

    fn combinations(
        &self,
        node: &Node<'a>,
        value: Val<'a>,
        out: &mut Outcome,
        place: &str,
        depth: usize,
    ) -> Result<(), Error> {
        if !node.any_of.is_empty() {
            let mut best: Option<Outcome> = None;
            let mut valid = false;
            for id in &node.any_of {
                let outcome = self.alone(*id, value, place, depth)?;
                valid = outcome.is_valid();
                if valid {
                    break;
                }
                nearest(&mut best, outcome);
            }
            if !valid {
                out.add(place, "number_any_of", "Must validate at least one schema (anyOf)".to_owned());
                best.into_iter().for_each(|best| out.merge(best));
            }
        }
        if !node.one_of.is_empty() {
            let mut best: Option<Outcome> = None;
            let mut valid = 0;
            for id in &node.one_of {
                let outcome = self.alone(*id, value, place, depth)?;
                if outcome.is_valid() {
                    valid += 1;
                } else if valid == 0 {
                    nearest(&mut best, outcome);
                }
            }
            if valid != 1 {
                out.add(place, "number_one_of", "Must validate one and only one schema (oneOf)".to_owned());
                best.into_iter().filter(|_| valid == 0).for_each(|best| out.merge(best));
            }
        }
        if !node.all_of.is_empty() {
            let mut all = true;
            for id in &node.all_of {
                let outcome = self.alone(*id, value, place, depth)?;
                all &= outcome.is_valid();
                out.merge(outcome);
            }
            if !all {
                out.add(place, "number_all_of", "Must validate all the schemas (allOf)".to_owned());
            }
        }
        if let Some(not) = node.not
            && self.alone(not, value, place, depth)?.is_valid()
        {
            out.add(place, "number_not", "Must not validate the schema (not)".to_owned());
        }
        if let Some(object) = value.as_object() {
            for (name, dependency) in &node.dependencies {
                if object.text(name).is_none() {
                    continue;
                }
                match dependency {
                    Dependency::Properties(needed) => {
                        for needed in needed.iter().filter(|needed| object.text(needed).is_none()) {
                            out.add(place, "missing_dependency", format!("Has a dependency on {needed}"));
                        }
                    }
                    Dependency::Schema(id) => self.value(*id, value, out, place, depth + 1)?,
                }
            }
        }
        self.condition(node, value, out, place, depth)?;
        out.score += 1;
        Ok(())
    }

    fn condition(
        &self,
        node: &Node<'a>,
        value: Val<'a>,
        out: &mut Outcome,
        place: &str,
        depth: usize,
    ) -> Result<(), Error> {
        let Some(condition) = node.condition else { return Ok(()) };
        let holds = self.alone(condition, value, place, depth)?.is_valid();
        let (branch, kind, description) = if holds {
            (node.consequence, "condition_then", "Must validate \"then\" as \"if\" was valid")
        } else {
            (node.alternative, "condition_else", "Must validate \"else\" as \"if\" was not valid")
        };
        let Some(branch) = branch else { return Ok(()) };
        let outcome = self.alone(branch, value, place, depth)?;
        if !outcome.is_valid() {
            out.add(place, kind, description.to_owned());
            out.merge(outcome);
        }
        Ok(())
    }

    fn common(&self, node: &Node<'a>, value: &Val<'a>, out: &mut Outcome, place: &str) -> Result<(), Error> {
        if node.constant.is_some() || node.enumeration.is_some() {
            let text = canonical(value);
            self.call.meter.spend(crate::cost::of_text(&text))?;
            if let Some(constant) = node.constant.as_ref().filter(|constant| **constant != text) {
                out.add(place, "const", format!("{place} does not match: {constant}"));
            }
            if let Some(allowed) = node.enumeration.as_ref().filter(|allowed| !allowed.contains(&text)) {
                let allowed = allowed.join(", ");
                out.add(place, "enum", format!("{place} must be one of the following: {allowed}"));
            }
        }
        if let (Some(format), Val::String(text)) = (node.format, value)
            && !fits(format, text)
        {
            out.add(place, "format", format!("Does not match format '{format}'"));
        }
        out.score += 1;
        Ok(())
    }

    fn array(
        &self,
        node: &Node<'a>,
        items: &Array<'a>,
        out: &mut Outcome,
        place: &str,
        depth: usize,
    ) -> Result<(), Error> {
        match &node.items {
            Items::Any => {}
            Items::Each(id) => {
                for (at, item) in items.iter().enumerate() {
                    out.merge(self.alone(*id, item, &below(place, &at.to_string()), depth)?);
                }
            }
            Items::ByPosition(ids) => {
                for (at, (item, id)) in items.iter().zip(ids).enumerate() {
                    out.merge(self.alone(*id, item, &below(place, &at.to_string()), depth)?);
                }
                match node.additional_items {
                    Rest::None if !ids.is_empty() && ids.len() < items.len() => {
                        let description = "No additional items allowed on array".to_owned();
                        out.add(place, "array_no_additional_items", description);
                    }
                    Rest::Schema(id) if !ids.is_empty() => {
                        for (at, item) in items.iter().enumerate().skip(ids.len()) {
                            out.merge(self.alone(id, item, &below(place, &at.to_string()), depth)?);
                        }
                    }
                    _ => {}
                }
            }
        }
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(least) = node.min_items.filter(|least| count < *least) {
            out.add(place, "array_min_items", format!("Array must have at least {least} items"));
        }
        if let Some(most) = node.max_items.filter(|most| count > *most) {
            out.add(place, "array_max_items", format!("Array must have at most {most} items"));
        }
        if node.unique_items {
            let mut seen = BTreeMap::new();
            for (at, item) in items.iter().enumerate() {
                self.call.meter.spend(1)?;
                if let Some(before) = seen.insert(canonical(&item), at) {
                    out.add(place, "unique", format!("array items[{before},{at}] must be unique"));
                }
            }
        }
        if let Some(contains) = node.contains {
            let mut best: Option<Outcome> = None;
            let mut found = false;
            for (at, item) in items.iter().enumerate() {
                let outcome = self.alone(contains, item, &below(place, &at.to_string()), depth)?;
                found = outcome.is_valid();
                if found {
                    break;
                }
                nearest(&mut best, outcome);
            }
            if !found {
                out.add(place, "contains", "At least one of the items must match".to_owned());
                best.into_iter().for_each(|best| out.merge(best));
            }
        }
        out.score += 1;
        Ok(())
    }

    fn object(
        &self,
        node: &Node<'a>,
        object: &Object<'a>,
        out: &mut Outcome,
        place: &str,
        depth: usize,
    ) -> Result<(), Error> {
        let count = i64::try_from(object.len()).unwrap_or(i64::MAX);
        if let Some(least) = node.min_properties.filter(|least| count < *least) {
            out.add(place, "array_min_properties", format!("Must have at least {least} properties"));
        }
        if let Some(most) = node.max_properties.filter(|most| count > *most) {
            out.add(place, "array_max_properties", format!("Must have at most {most} properties"));
        }
        for name in &node.required {
            if object.text(name).is_some() {
                out.score += 1;
            } else {
                out.add(place, "required", format!("{name} is required"));
            }
        }
        for (key, value) in object.iter() {
            let key = key.as_str().unwrap_or_default();
            self.call.meter.spend(1)?;
            let described = node.properties.binary_search_by(|property| property.0.cmp(key)).is_ok();
            let mut matched = false;
            for (pattern, id) in &node.pattern_properties {
                if pattern.is_match(key) {
                    matched = true;
                    out.merge(self.alone(*id, value, &below(place, key), depth)?);
                }
            }
            if matched {
                out.score += 1;
            }
            if described || matched {
                continue;
            }
            match node.additional_properties {
                Rest::Any => {}
                Rest::None => {
                    let description = format!("Additional property {key} is not allowed");
                    out.add(place, "additional_property_not_allowed", description);
                }
                Rest::Schema(id) => out.merge(self.alone(id, value, &below(place, key), depth)?),
            }
        }
        if let Some(names) = node.property_names {
            for (key, _) in object.iter() {
                let outcome = self.alone(names, key, place, depth)?;
                if !outcome.is_valid() {
                    let key = key.as_str().unwrap_or_default();
                    let description = format!("Property name of \"{key}\" does not match");
                    out.add(place, "invalid_property_name", description);
                    out.merge(outcome);
                }
            }
        }
        out.score += 1;
        Ok(())
    }
}

fn number(node: &Node<'_>, value: &Val<'_>, out: &mut Outcome, place: &str) {
    if !matches!(value, Val::Int(_) | Val::Number(_)) {
        return;
    }
    if let Some(unit) = node.multiple_of.as_ref().filter(|unit| !is_multiple(value, unit)) {
        out.add(place, "multiple_of", format!("Must be a multiple of {}", shown(unit)));
    }
    if let Some(limit) = node.maximum.as_ref().filter(|limit| compare(value, limit).is_gt()) {
        out.add(place, "number_lte", format!("Must be less than or equal to {}", shown(limit)));
    }
    if let Some(limit) = node.exclusive_maximum.as_ref().filter(|limit| compare(value, limit).is_ge()) {
        out.add(place, "number_lt", format!("Must be less than {}", shown(limit)));
    }
    if let Some(limit) = node.minimum.as_ref().filter(|limit| compare(value, limit).is_lt()) {
        out.add(place, "number_gte", format!("Must be greater than or equal to {}", shown(limit)));
    }
    if let Some(limit) = node.exclusive_minimum.as_ref().filter(|limit| compare(value, limit).is_le()) {
        out.add(place, "number_gt", format!("Must be greater than {}", shown(limit)));
    }
    out.score += 1;
}

fn string(node: &Node<'_>, value: &Val<'_>, out: &mut Outcome, place: &str) {
    let Val::String(text) = value else { return };
    let count = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if let Some(least) = node.min_length.filter(|least| count < *least) {
        out.add(place, "string_gte", format!("String length must be greater than or equal to {least}"));
    }
    if let Some(most) = node.max_length.filter(|most| count > *most) {
        out.add(place, "string_lte", format!("String length must be less than or equal to {most}"));
    }
    if let Some(pattern) = node.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
        out.add(place, "pattern", format!("Does not match pattern '{pattern}'"));
    }
    out.score += 1;
}

fn nearest(best: &mut Option<Outcome>, outcome: Outcome) {
    if best.as_ref().is_none_or(|best| outcome.score > best.score) {
        *best = Some(outcome);
    }
}

fn is_of(value: &Val<'_>, types: &[&str]) -> bool {
    let given = type_of(value);
    types.is_empty() || types.contains(&given) || (given == "integer" && types.contains(&"number"))
}

fn type_of(value: &Val<'_>) -> &'static str {
    match value {
        Val::Int(_) | Val::Number(_) if is_whole(value) => "integer",
        other => other.kind().word(),
    }
}

fn below(place: &str, name: &str) -> String {
    if place == ROOT { name.to_owned() } else { format!("{place}.{name}") }
}
