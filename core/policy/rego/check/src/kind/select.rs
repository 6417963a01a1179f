//! What is inside values of a type.

use super::{Key, Type};

impl Type {
    /// The keys by which it can be stepped into; nothing for what has no inside.
    pub(crate) fn keys(&self) -> Option<Type> {
        match self {
            Self::Any | Self::Unknown => Some(Self::Any),
            Self::Array(_) => Some(Self::Number),
            Self::Set(item) => Some(item.as_ref().map_or(Self::Any, |item| (**item).clone())),
            Self::Object(object) => {
                let rest = object.rest.as_ref().map_or(Self::Unknown, |(key, _)| key.clone());
                let keys = object.fields.keys().fold(rest, |all, key| all.or(key.of()));
                Some(if keys == Self::Unknown { Self::Any } else { keys })
            }
            Self::Union(members) => union(members.iter().map(Self::keys)),
            Self::Null | Self::Boolean | Self::Number | Self::String => None,
        }
    }

    /// What a step into it with some key may give; nothing for what has no inside.
    pub(crate) fn values(&self) -> Option<Type> {
        match self {
            Self::Any | Self::Unknown => Some(Self::Any),
            Self::Array(array) => {
                let rest = array.1.clone().unwrap_or(Self::Unknown);
                Some(known(array.0.iter().fold(rest, |all, item| all.or(item.clone()))))
            }
            Self::Set(item) => Some(item.as_ref().map_or(Self::Any, |item| (**item).clone())),
            Self::Object(object) => {
                let rest = object.rest.as_ref().map_or(Self::Unknown, |(_, value)| value.clone());
                Some(known(object.fields.values().fold(rest, |all, of| all.or(of.clone()))))
            }
            Self::Union(members) => union(members.iter().map(Self::values)),
            Self::Null | Self::Boolean | Self::Number | Self::String => None,
        }
    }

    /// What stands under this key; nothing where nothing can.
    pub(crate) fn select(&self, key: &Key) -> Option<Type> {
        match self {
            Self::Any | Self::Unknown => Some(Self::Any),
            Self::Array(array) => {
                let Key::Number(text) = key else { return None };
                let at: usize = text.parse().ok()?;
                array.0.get(at).or(array.1.as_ref()).cloned()
            }
            Self::Set(item) => {
                let item = item.as_ref()?;
                item.meets(&key.of()).then(|| key.of())
            }
            Self::Object(object) => match (object.fields.get(key), &object.rest) {
                (Some(of), _) => Some(of.clone()),
                (None, Some((keys, value))) => keys.meets(&key.of()).then(|| value.clone()),
                (None, None) => None,
            },
            Self::Union(members) => union(members.iter().map(|member| member.select(key))),
            Self::Null | Self::Boolean | Self::Number | Self::String => None,
        }
    }

    /// Whether it holds nothing that could be stepped to.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Array(array) => array.0.is_empty() && array.1.is_none(),
            Self::Set(item) => item.is_none(),
            Self::Object(object) => object.fields.is_empty() && object.rest.is_none(),
            _ => false,
        }
    }
}

fn union(parts: impl Iterator<Item = Option<Type>>) -> Option<Type> {
    parts.flatten().reduce(Type::or)
}

fn known(of: Type) -> Type {
    if of == Type::Unknown { Type::Any } else { of }
}
