//! Types: sets of values, as far as they can be told before anything is evaluated.
//!
//! INVARIANT: a type holds at least the values that can be there, never fewer: what cannot be told is [`Type::Any`]. So
//! two types without a value in common prove that a condition never holds, and nothing else does. Types are bounded in
//! size: what grows beyond is widened.

mod bound;
mod print;
mod select;
mod unify;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use tollgate_rego_builtin as builtin;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Type {
    /// not looked at yet
    Unknown,
    /// whatever
    Any,
    /// `null`
    Null,
    /// `true`, `false`
    Boolean,
    /// a number
    Number,
    /// a string
    String,
    /// items of these types, then any number of that one
    Array(Rc<(Vec<Type>, Option<Type>)>),
    /// of such items; none for the empty set
    Set(Option<Rc<Type>>),
    /// see there
    Object(Rc<Object>),
    /// one of these: at least two, sorted, none of them a union
    Union(Rc<Vec<Type>>),
}

/// An object's type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    /// fields that are there
    pub(crate) fields: BTreeMap<Key, Type>,
    /// what other keys and values may be
    pub(crate) rest: Option<(Type, Type)>,
}

/// A field's name: a scalar.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Null,
    Bool(bool),
    Number(Arc<str>),
    String(Arc<str>),
}

impl Key {
    pub(crate) fn of(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Boolean,
            Self::Number(_) => Type::Number,
            Self::String(_) => Type::String,
        }
    }
}

impl Type {
    pub(crate) fn array(items: Vec<Type>, rest: Option<Type>) -> Self {
        Self::Array(Rc::new((items, rest))).bounded()
    }

    pub(crate) fn set(item: Option<Type>) -> Self {
        Self::Set(item.map(Rc::new)).bounded()
    }

    pub(crate) fn object(fields: BTreeMap<Key, Type>, rest: Option<(Type, Type)>) -> Self {
        Self::Object(Rc::new(Object { fields, rest })).bounded()
    }

    /// What is of this type or of the other.
    pub(crate) fn or(self, other: Type) -> Self {
        match (self, other) {
            (Self::Unknown, one) | (one, Self::Unknown) => one,
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            (a, b) if a == b => a,
            (a, b) => {
                let mut all = a.members();
                all.extend(b.members());
                all.sort_unstable();
                all.dedup();
                Self::Union(Rc::new(all)).bounded()
            }
        }
    }

    /// The types that it is one of.
    pub(crate) fn members(&self) -> Vec<Type> {
        match self {
            Self::Union(members) => (**members).clone(),
            other => vec![other.clone()],
        }
    }

    /// Whether some part was not looked at yet.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Any | Self::Null | Self::Boolean | Self::Number | Self::String => false,
            Self::Array(array) => array.0.iter().chain(&array.1).any(Self::is_open),
            Self::Set(item) => item.as_ref().is_some_and(|item| item.is_open()),
            Self::Object(object) => {
                object.fields.values().any(Self::is_open)
                    || object.rest.as_ref().is_some_and(|(key, value)| key.is_open() || value.is_open())
            }
            Self::Union(members) => members.iter().any(Self::is_open),
        }
    }

    /// It, with what was not looked at yet taken for whatever.
    pub(crate) fn closed(&self) -> Self {
        if !self.is_open() {
            return self.clone();
        }
        match self {
            Self::Array(array) => {
                Self::array(array.0.iter().map(Self::closed).collect(), array.1.as_ref().map(Self::closed))
            }
            Self::Set(item) => Self::set(item.as_ref().map(|item| item.closed())),
            Self::Object(object) => {
                let fields = object.fields.iter().map(|(key, of)| (key.clone(), of.closed())).collect();
                Self::object(fields, object.rest.as_ref().map(|(key, value)| (key.closed(), value.closed())))
            }
            _ => Self::Any,
        }
    }
}

impl From<&builtin::Type> for Type {
    fn from(of: &builtin::Type) -> Self {
        match of {
            builtin::Type::Any => Self::Any,
            builtin::Type::Null => Self::Null,
            builtin::Type::Boolean => Self::Boolean,
            builtin::Type::Number => Self::Number,
            builtin::Type::String => Self::String,
            builtin::Type::Array(items, rest) => {
                Self::array(items.iter().map(Self::from).collect(), rest.map(Self::from))
            }
            builtin::Type::Set(item) => Self::set(Some(Self::from(*item))),
            builtin::Type::Object(fields, rest) => {
                let fields =
                    fields.iter().map(|(key, of)| (Key::String((*key).into()), Self::from(of))).collect();
                Self::object(fields, rest.map(|(key, value)| (Self::from(key), Self::from(value))))
            }
            builtin::Type::Union(members) => {
                members.iter().map(Self::from).fold(Self::Unknown, |all, member| all.or(member))
            }
        }
    }
}

#[cfg(test)]
mod tests;
