//! A schema read: every keyword checked, every reference followed.

use std::collections::BTreeMap;

use regex::RegexBuilder;
use tollgate_rego_value::{Object, Val};

use super::DEPTH;
use super::decimal::compare;
use super::document::canonical;
use super::keyword::{Keywords, failed, invalid_type, is_number};
use super::node::{Dependency, Id, Items, Node, Rest, Schema};
use super::reference::{at, join};
use crate::{Call, Error};

/// How large a regular expression may become, in bytes.
const PATTERN: usize = 1 << 20;

/// Which keywords there are, and what they mean.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Draft {
    Four,
    Six,
    Seven,
    /// not said: what any of them has
    Any,
}

/// Compiles a schema.
pub(super) fn compile<'a>(call: &Call<'a, '_>, schema: Val<'a>) -> Result<Schema<'a>, Error> {
    let draft = draft(&schema)?;
    let mut compiler = Compiler {
        call,
        draft,
        root: schema,
        schema: Schema::default(),
        references: BTreeMap::new(),
        named: BTreeMap::new(),
    };
    compiler.collect(schema, String::new(), 0)?;
    compiler.parse(schema, &Base { text: String::new(), root: schema }, 0)?;
    Ok(compiler.schema)
}

fn draft(schema: &Val<'_>) -> Result<Draft, Error> {
    let Some(named) = schema.as_object().and_then(|object| object.text("$schema")) else {
        if matches!(schema, Val::Bool(_)) || schema.as_object().is_some() {
            return Ok(Draft::Any);
        }
        return Err(Error::Failed("schema is invalid".to_owned()));
    };
    let named = named.as_str().ok_or_else(|| Error::Failed("$schema must be of type string".to_owned()))?;
    Ok(match named.trim_end_matches('#') {
        "http://json-schema.org/draft-04/schema" => Draft::Four,
        "http://json-schema.org/draft-06/schema" => Draft::Six,
        "http://json-schema.org/draft-07/schema" => Draft::Seven,
        _ => Draft::Any,
    })
}

/// What references are relative to.
#[derive(Clone)]
struct Base<'a> {
    text: String,
    root: Val<'a>,
}

struct Compiler<'c, 'a, 'm> {
    call: &'c Call<'a, 'm>,
    draft: Draft,
    root: Val<'a>,
    schema: Schema<'a>,
    /// what is compiled already, by reference
    references: BTreeMap<String, Id>,
    /// what has a name of its own
    named: BTreeMap<String, Val<'a>>,
}

impl<'a> Compiler<'_, 'a, '_> {
    /// Notes all schemas that have an identifier.
    fn collect(&mut self, value: Val<'a>, base: String, depth: usize) -> Result<(), Error> {
        self.call.meter.spend(1)?;
        if depth > DEPTH {
            return Err(too_deep());
        }
        let mut base = base;
        if let Some(object) = value.as_object() {
            if let Some(id) = self.id(&object) {
                base = join(&base, id);
                self.named.entry(base.trim_end_matches('#').to_owned()).or_insert(value);
            }
            for (_, inner) in object.iter() {
                self.collect(inner, base.clone(), depth + 1)?;
            }
        } else if let Some(items) = value.as_array() {
            for item in items.iter() {
                self.collect(item, base.clone(), depth + 1)?;
            }
        }
        Ok(())
    }

    fn id(&self, object: &Object<'a>) -> Option<&'a str> {
        let old = object.text("id").filter(|_| matches!(self.draft, Draft::Four | Draft::Any));
        let new = object.text("$id").filter(|_| self.draft != Draft::Four);
        old.or(new)?.as_str()
    }

    fn parse(&mut self, value: Val<'a>, base: &Base<'a>, depth: usize) -> Result<Id, Error> {
        self.call.meter.spend(4)?;
        if depth > DEPTH {
            return Err(too_deep());
        }
        let id = self.schema.0.len();
        self.schema.0.push(Node::default());
        let node = self.node(value, base, id, depth)?;
        if let Some(place) = self.schema.0.get_mut(id) {
            *place = node;
        }
        Ok(id)
    }

    #[expect(clippy::too_many_lines, reason = "one keyword after another")]
    fn node(&mut self, value: Val<'a>, base: &Base<'a>, own: Id, depth: usize) -> Result<Node<'a>, Error> {
        let mut node = Node::default();
        if let (Val::Bool(pass), true) = (value, self.draft >= Draft::Six) {
            node.pass = Some(pass);
            return Ok(node);
        }
        let object =
            value.as_object().ok_or_else(|| failed("Expected: Valid Schema, given: Invalid JSON"))?;
        let given = Keywords(object);
        let mut base = base.clone();
        if let Some(id) = self.id(&object) {
            base.text = join(&base.text, id);
            if !id.starts_with('#') {
                base.root = value;
            }
        }
        let base = &base;
        if let Some(definitions) = object.text("definitions") {
            let invalid = || invalid_type("Array Of Schemas", "definitions");
            for (_, definition) in definitions.as_object().ok_or_else(invalid)?.iter() {
                if !is_schema(&definition) {
                    return Err(invalid());
                }
                self.parse(definition, base, depth + 1)?;
            }
        }
        given.text("title")?;
        given.text("description")?;
        if let Some(reference) = given.text("$ref")? {
            node.reference = Some(self.reference(reference, base, depth)?);
            return Ok(node);
        }
        node.types = given.types()?;
        if let Some(properties) = object.text("properties") {
            let properties =
                properties.as_object().ok_or_else(|| failed("Properties must be of type object"))?;
            for (name, property) in properties.iter() {
                let id = self.parse(property, base, depth + 1)?;
                node.properties.push((name.as_str().unwrap_or_default(), id));
            }
        }
        node.additional_properties = self.rest(&object, "additionalProperties", base, depth)?;
        if let Some(patterns) = object.text("patternProperties") {
            let patterns =
                patterns.as_object().ok_or_else(|| invalid_type("Valid Schema", "patternProperties"))?;
            for (pattern, schema) in patterns.iter() {
                let pattern = pattern.as_str().unwrap_or_default();
                let regex =
                    regex(pattern).ok_or_else(|| failed(&format!("Invalid regex pattern '{pattern}'")))?;
                node.pattern_properties.push((regex, self.parse(schema, base, depth + 1)?));
            }
        }
        if let Some(names) = object.text("propertyNames").filter(|_| self.draft >= Draft::Six) {
            if !is_schema(&names) {
                return Err(invalid_type("Valid Schema", "patternProperties"));
            }
            node.property_names = Some(self.parse(names, base, depth + 1)?);
        }
        if let Some(dependencies) = object.text("dependencies") {
            node.dependencies = self.dependencies(&dependencies, base, depth)?;
        }
        if let Some(items) = object.text("items") {
            node.items = self.items(items, base, depth)?;
        }
        node.additional_items = self.rest(&object, "additionalItems", base, depth)?;
        self.numbers(&given, &mut node)?;
        node.min_length = given.count("minLength")?;
        node.max_length = given.count("maxLength")?;
        given.not_greater(node.min_length, node.max_length, "minLength", "maxLength")?;
        if let Some(pattern) = given.text("pattern")? {
            node.pattern = Some(regex(pattern).ok_or_else(|| failed("pattern must be a valid regex"))?);
        }
        node.format = given.text("format")?;
        node.min_properties = given.count("minProperties")?;
        node.max_properties = given.count("maxProperties")?;
        given.not_greater(node.min_properties, node.max_properties, "minProperties", "maxProperties")?;
        for name in given.list("required")?.unwrap_or_default() {
            let name = name.as_str().ok_or_else(|| invalid_type("string", "required"))?;
            if node.required.contains(&name) {
                return Err(failed("required items must be unique"));
            }
            node.required.push(name);
        }
        node.min_items = given.count("minItems")?;
        node.max_items = given.count("maxItems")?;
        match object.text("uniqueItems") {
            None => {}
            Some(Val::Bool(unique)) => node.unique_items = unique,
            Some(_) => return Err(failed("uniqueItems must be of a boolean")),
        }
        if let Some(contains) = object.text("contains").filter(|_| self.draft >= Draft::Six) {
            node.contains = Some(self.parse(contains, base, depth + 1)?);
        }
        node.constant =
            object.text("const").filter(|_| self.draft >= Draft::Six).map(|value| canonical(&value));
        if let Some(values) = given.list("enum")? {
            let mut texts = Vec::new();
            for value in values {
                let text = canonical(&value);
                if texts.contains(&text) {
                    return Err(failed("enum items must be unique"));
                }
                texts.push(text);
            }
            node.enumeration = Some(texts);
        }
        node.one_of = self.all(&given, "oneOf", base, depth)?;
        node.any_of = self.all(&given, "anyOf", base, depth)?;
        node.all_of = self.all(&given, "allOf", base, depth)?;
        node.not = self.optional(&object, "not", base, depth)?;
        if self.draft >= Draft::Seven {
            node.condition = self.optional(&object, "if", base, depth)?;
            node.consequence = self.optional(&object, "then", base, depth)?;
            node.alternative = self.optional(&object, "else", base, depth)?;
        }
        debug_assert!(own < self.schema.0.len(), "the node has its place");
        Ok(node)
    }

    /// The schema that a reference leads to.
    fn reference(&mut self, reference: &'a str, base: &Base<'a>, depth: usize) -> Result<Id, Error> {
        let whole = join(&base.text, reference);
        // A fragment alone is looked up in the schema around it, whatever that is called.
        if let Some(id) = self.references.get(&whole) {
            return Ok(*id);
        }
        let (document, pointer) = whole.split_once('#').unwrap_or((&whole, ""));
        let named = self.named.get(whole.trim_end_matches('#')).copied();
        let (target, root) = match (named, self.named.get(document).copied()) {
            (Some(target), _) => (Ok(target), target),
            (None, Some(root)) => (at(root, pointer), root),
            (None, None) if document.is_empty() || reference.starts_with('#') => {
                let root = if document.is_empty() { self.root } else { base.root };
                (at(root, pointer), root)
            }
            (None, None) => {
                return Err(failed(&format!(
                    "reference `{reference}` leads out of the schema: nothing is fetched"
                )));
            }
        };
        let target = target.map_err(|message| failed(&message))?;
        if !is_schema(&target) {
            return Err(failed("Valid Schema must be of type object"));
        }
        // Known before it is compiled: schemas refer to themselves.
        let id = self.schema.0.len();
        self.references.insert(whole.clone(), id);
        self.parse(target, &Base { text: document.to_owned(), root }, depth + 1)
    }

    fn rest(
        &mut self,
        object: &Object<'a>,
        name: &str,
        base: &Base<'a>,
        depth: usize,
    ) -> Result<Rest, Error> {
        match object.text(name) {
            None | Some(Val::Bool(true)) => Ok(Rest::Any),
            Some(Val::Bool(false)) => Ok(Rest::None),
            Some(schema) if schema.as_object().is_some() => {
                Ok(Rest::Schema(self.parse(schema, base, depth + 1)?))
            }
            Some(_) => Err(invalid_type("boolean/Valid Schema", name)),
        }
    }

    fn dependencies(
        &mut self,
        value: &Val<'a>,
        base: &Base<'a>,
        depth: usize,
    ) -> Result<Vec<(&'a str, Dependency<'a>)>, Error> {
        let invalid = || failed("Dependency must be of type Schema Or Array Of Strings");
        let object = value.as_object().ok_or_else(|| failed("dependencies must be of type object"))?;
        let mut found = Vec::new();
        for (name, dependency) in object.iter() {
            let name = name.as_str().unwrap_or_default();
            if let Some(names) = dependency.as_array() {
                let names: Option<_> = names.iter().map(|name| name.as_str()).collect();
                found.push((name, Dependency::Properties(names.ok_or_else(invalid)?)));
            } else if is_schema(&dependency) {
                found.push((name, Dependency::Schema(self.parse(dependency, base, depth + 1)?)));
            } else {
                return Err(invalid());
            }
        }
        Ok(found)
    }

    fn items(&mut self, value: Val<'a>, base: &Base<'a>, depth: usize) -> Result<Items, Error> {
        let invalid = || invalid_type("Valid Schema/Array Of Schemas", "items");
        if let Some(items) = value.as_array() {
            let mut ids = Vec::new();
            for item in items.iter() {
                if !is_schema(&item) {
                    return Err(invalid());
                }
                ids.push(self.parse(item, base, depth + 1)?);
            }
            return Ok(Items::ByPosition(ids));
        }
        if !is_schema(&value) {
            return Err(invalid());
        }
        Ok(Items::Each(self.parse(value, base, depth + 1)?))
    }

    fn all(
        &mut self,
        given: &Keywords<'a>,
        name: &str,
        base: &Base<'a>,
        depth: usize,
    ) -> Result<Vec<Id>, Error> {
        let schemas = given.list(name)?.unwrap_or_default();
        schemas.into_iter().map(|schema| self.parse(schema, base, depth + 1)).collect()
    }

    fn optional(
        &mut self,
        object: &Object<'a>,
        name: &str,
        base: &Base<'a>,
        depth: usize,
    ) -> Result<Option<Id>, Error> {
        match object.text(name) {
            None => Ok(None),
            Some(schema) if is_schema(&schema) => self.parse(schema, base, depth + 1).map(Some),
            Some(_) => Err(failed(&format!("{name} must be of an object"))),
        }
    }

    fn numbers(&self, given: &Keywords<'a>, node: &mut Node<'a>) -> Result<(), Error> {
        if let Some(unit) = given.0.text("multipleOf") {
            if !is_number(&unit) {
                return Err(invalid_type("Number", "multipleOf"));
            }
            if compare(&unit, &Val::Int(0)).is_le() {
                return Err(failed("multipleOf must be strictly greater than 0"));
            }
            node.multiple_of = Some(unit);
        }
        node.minimum = given.number("minimum")?;
        self.exclusive(given, "exclusiveMinimum", "minimum", &mut node.minimum, &mut node.exclusive_minimum)?;
        node.maximum = given.number("maximum")?;
        self.exclusive(given, "exclusiveMaximum", "maximum", &mut node.maximum, &mut node.exclusive_maximum)
    }

    /// A limit that is a number of its own since draft 6, and in draft 4 says that the other limit is meant so.
    fn exclusive(
        &self,
        given: &Keywords<'a>,
        name: &str,
        other: &str,
        inclusive: &mut Option<Val<'a>>,
        exclusive: &mut Option<Val<'a>>,
    ) -> Result<(), Error> {
        let expected = match self.draft {
            Draft::Four => "boolean",
            Draft::Any => "boolean/number",
            Draft::Six | Draft::Seven => "number",
        };
        match given.0.text(name) {
            None => Ok(()),
            Some(Val::Bool(exclusively)) if matches!(self.draft, Draft::Four | Draft::Any) => {
                if inclusive.is_none() {
                    return Err(failed(&format!("{name} cannot be used without {other}")));
                }
                if exclusively {
                    *exclusive = inclusive.take();
                }
                Ok(())
            }
            Some(number) if is_number(&number) && self.draft != Draft::Four => {
                *exclusive = Some(number);
                Ok(())
            }
            Some(_) => Err(invalid_type(expected, name)),
        }
    }
}

fn regex(pattern: &str) -> Option<regex::Regex> {
    RegexBuilder::new(pattern).size_limit(PATTERN).build().ok()
}

fn is_schema(value: &Val<'_>) -> bool {
    matches!(value, Val::Bool(_)) || value.as_object().is_some()
}

fn too_deep() -> Error {
    Error::Failed(format!("a schema of more than {DEPTH} levels"))
}
