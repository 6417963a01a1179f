//! A compiled schema.

use regex::Regex;
use tollgate_rego_value::Val;

/// A schema's number among all.
pub(super) type Id = usize;

/// All schemas in a schema; the first one is the whole.
#[derive(Debug, Default)]
pub(super) struct Schema<'a>(pub(super) Vec<Node<'a>>);

/// What one schema asks.
#[derive(Debug, Default)]
pub(super) struct Node<'a> {
    /// `true` or `false` as a schema
    pub(super) pass: Option<bool>,
    /// the schema that stands for this one
    pub(super) reference: Option<Id>,
    pub(super) types: Vec<&'a str>,
    pub(super) properties: Vec<(&'a str, Id)>,
    pub(super) additional_properties: Rest,
    pub(super) pattern_properties: Vec<(Regex, Id)>,
    pub(super) property_names: Option<Id>,
    pub(super) dependencies: Vec<(&'a str, Dependency<'a>)>,
    pub(super) items: Items,
    pub(super) additional_items: Rest,
    pub(super) multiple_of: Option<Val<'a>>,
    pub(super) minimum: Option<Val<'a>>,
    pub(super) exclusive_minimum: Option<Val<'a>>,
    pub(super) maximum: Option<Val<'a>>,
    pub(super) exclusive_maximum: Option<Val<'a>>,
    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    pub(super) pattern: Option<Regex>,
    pub(super) format: Option<&'a str>,
    pub(super) min_properties: Option<i64>,
    pub(super) max_properties: Option<i64>,
    pub(super) required: Vec<&'a str>,
    pub(super) min_items: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) unique_items: bool,
    pub(super) contains: Option<Id>,
    /// as text, in which equal values are equal
    pub(super) constant: Option<String>,
    /// as texts, in which equal values are equal
    pub(super) enumeration: Option<Vec<String>>,
    pub(super) one_of: Vec<Id>,
    pub(super) any_of: Vec<Id>,
    pub(super) all_of: Vec<Id>,
    pub(super) not: Option<Id>,
    pub(super) condition: Option<Id>,
    pub(super) consequence: Option<Id>,
    pub(super) alternative: Option<Id>,
}

/// What is asked of what nothing else is said of.
#[derive(Debug, Default)]
pub(super) enum Rest {
    #[default]
    Any,
    None,
    Schema(Id),
}

/// What is asked of a list's items.
#[derive(Debug, Default)]
pub(super) enum Items {
    #[default]
    Any,
    Each(Id),
    ByPosition(Vec<Id>),
}

/// What the presence of a property asks.
#[derive(Debug)]
pub(super) enum Dependency<'a> {
    Properties(Vec<&'a str>),
    Schema(Id),
}
