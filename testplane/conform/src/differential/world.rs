//! What policies are evaluated over: the types of `input` and `data`, and random documents of those types.
//!
//! Names and numbers come from small pools, so that what is compared is often equal; now and then a field is missing or
//! of another type.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::random::Random;

/// What the generator believes a term is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// a number
    Num,
    /// a string
    Str,
    /// whatever
    Any,
    /// a list of those
    Array(Rc<Type>),
    /// a set of those
    Set(Rc<Type>),
    /// an object from strings to those
    Map(Rc<Type>),
    /// an object with these fields
    Record(Rc<Vec<(&'static str, Type)>>),
}

pub(crate) const WORDS: &[&str] = &[
    "a",
    "b",
    "c",
    "web",
    "prod",
    "dev",
    "team-a",
    "nginx:1.25",
    "eu.gcr.io/app/web:v1.2.3",
    "latest",
    "10.0.0.1",
    "7",
    "x y",
    "Ünïcode-é",
    "",
    "A.b/C",
    "<&>\u{1f600}",
    "quo\"te\\ \t",
    "e\u{301}",
    "1.5",
    "true",
    "2024-02-29T12:30:00Z",
    "10.0.0.0/8",
];

pub(crate) fn array(of: Type) -> Type {
    Type::Array(Rc::new(of))
}

pub(crate) fn set(of: Type) -> Type {
    Type::Set(Rc::new(of))
}

pub(crate) fn map(of: Type) -> Type {
    Type::Map(Rc::new(of))
}

fn record(fields: Vec<(&'static str, Type)>) -> Type {
    Type::Record(Rc::new(fields))
}

/// The type of `input`.
pub(crate) fn input() -> Type {
    use Type::{Any, Bool, Num, Str};
    let item =
        record(vec![("id", Num), ("name", Str), ("tags", array(Str)), ("on", Bool), ("attrs", map(Num))]);
    record(vec![
        ("n", Num),
        ("m", Num),
        ("s", Str),
        ("t", Str),
        ("b", Bool),
        ("z", Type::Null),
        ("nums", array(Num)),
        ("strs", array(Str)),
        ("table", map(Num)),
        ("labels", map(Str)),
        ("flags", map(Bool)),
        ("matrix", array(array(Num))),
        ("groups", map(array(Str))),
        ("any", Any),
        ("mixed", array(Any)),
        ("items", array(item)),
        ("request", request()),
    ])
}

/// The type of `input.request.object`.
pub(crate) fn object() -> Type {
    let Type::Record(fields) = request() else { return Type::Any };
    fields.iter().find(|(name, _)| *name == "object").map_or(Type::Any, |(_, of)| of.clone())
}

/// An admission request, smaller than real ones.
fn request() -> Type {
    use Type::{Bool, Num, Str};
    let container = record(vec![
        ("name", Str),
        ("image", Str),
        ("ports", array(record(vec![("containerPort", Num)]))),
        ("env", array(record(vec![("name", Str), ("value", Str)]))),
        ("resources", record(vec![("limits", map(Str)), ("requests", map(Str))])),
        ("securityContext", record(vec![("privileged", Bool), ("runAsUser", Num)])),
    ]);
    let template =
        record(vec![("spec", record(vec![("containers", array(container)), ("hostNetwork", Bool)]))]);
    record(vec![
        ("operation", Str),
        ("namespace", Str),
        ("kind", record(vec![("kind", Str), ("version", Str)])),
        (
            "object",
            record(vec![
                ("metadata", record(vec![("name", Str), ("labels", map(Str)), ("annotations", map(Str))])),
                ("spec", record(vec![("replicas", Num), ("template", template)])),
            ]),
        ),
    ])
}

/// The type of `data.config`.
pub(crate) fn config() -> Type {
    use Type::{Bool, Num, Str};
    record(vec![
        ("limit", Num),
        ("names", array(Str)),
        ("nums", array(Num)),
        ("on", Bool),
        ("prices", map(Num)),
        ("teams", map(record(vec![("members", array(Str)), ("budget", Num)]))),
    ])
}

/// A random document of this type.
pub(crate) fn document(random: &mut Random, of: &Type) -> Value {
    if random.chance(1) {
        return leaf(random);
    }
    match of {
        Type::Null => Value::Null,
        Type::Bool => random.chance(60).into(),
        Type::Num => number(random),
        Type::Str => word(random).into(),
        Type::Any => anything(random, 3),
        Type::Array(of) | Type::Set(of) => {
            let length = *random.pick(&[0, 1, 2, 2, 3, 3, 4]);
            (0..length).map(|_| document(random, of)).collect()
        }
        Type::Map(of) => {
            let length = *random.pick(&[0, 1, 2, 3, 3]);
            (0..length).map(|_| (word(random).to_owned(), document(random, of))).collect::<Map<_, _>>().into()
        }
        Type::Record(fields) => {
            let mut object = Map::new();
            for (name, of) in fields.iter() {
                if !random.chance(4) {
                    object.insert((*name).to_owned(), document(random, of));
                }
            }
            object.into()
        }
    }
}

fn anything(random: &mut Random, depth: usize) -> Value {
    if depth == 0 || random.chance(40) {
        return leaf(random);
    }
    let length = random.between(0, 3);
    if random.chance(50) {
        (0..length).map(|_| anything(random, depth - 1)).collect()
    } else {
        (0..length)
            .map(|_| (word(random).to_owned(), anything(random, depth - 1)))
            .collect::<Map<_, _>>()
            .into()
    }
}

fn leaf(random: &mut Random) -> Value {
    match random.below(5) {
        0 => Value::Null,
        1 => random.chance(50).into(),
        2 | 3 => number(random),
        _ => word(random).into(),
    }
}

pub(crate) fn word(random: &mut Random) -> &'static str {
    let end = if random.chance(70) { 6 } else { WORDS.len() };
    WORDS[random.below(end)]
}

/// Small and whole, mostly.
fn number(random: &mut Random) -> Value {
    match random.below(20) {
        0 => json!(-1),
        1 => json!(1.5),
        2 => json!(0.1),
        3 => match random.below(6) {
            0 => json!(1.0),
            1 => json!(1e21),
            2 => json!(-7),
            3 => json!(1e-7),
            4 => json!(9_007_199_254_740_993_u64),
            _ => json!(2_147_483_648_u64),
        },
        4 => json!(8080),
        _ => json!(random.between(0, 5)),
    }
}
