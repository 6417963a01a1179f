//! Lists, objects and sets, wherever they live.

use tollgate_vocabulary::{Map, Value};

use crate::Val;

/// A list.
#[derive(Clone, Copy, Debug)]
pub enum Array<'a> {
    /// made while evaluating
    Own(&'a [Val<'a>]),
    /// in a document
    Document(&'a [Value]),
}

/// An object.
#[derive(Clone, Copy, Debug)]
pub enum Object<'a> {
    /// made while evaluating: sorted by key, each key once
    Own(&'a [(Val<'a>, Val<'a>)]),
    /// in a document
    Document(&'a Map),
}

/// A set: sorted, each item once.
#[derive(Clone, Copy, Debug)]
pub struct Set<'a>(pub &'a [Val<'a>]);

impl<'a> Array<'a> {
    /// How many items.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Own(items) => items.len(),
            Self::Document(items) => items.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Val<'a>> {
        match self {
            Self::Own(items) => items.get(at).copied(),
            Self::Document(items) => items.get(at).map(Val::of),
        }
    }

    /// The item at the position that `key` names: a whole number from 0.
    #[must_use]
    pub fn at(&self, key: &Val<'a>) -> Option<Val<'a>> {
        let at = crate::number::whole(key)?;
        self.get(usize::try_from(at).ok()?)
    }

    /// The items in order.
    pub fn iter(&self) -> impl Iterator<Item = Val<'a>> + use<'a> {
        let array = *self;
        (0..array.len()).filter_map(move |at| array.get(at))
    }
}

impl<'a> Object<'a> {
    /// How many entries.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Own(entries) => entries.len(),
            Self::Document(map) => map.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under `key`.
    #[must_use]
    pub fn get(&self, key: &Val<'a>) -> Option<Val<'a>> {
        match self {
            Self::Own(entries) => {
                let at = entries.binary_search_by(|entry| entry.0.cmp(key)).ok()?;
                entries.get(at).map(|entry| entry.1)
            }
            Self::Document(map) => map.get(key.as_str()?).map(Val::of),
        }
    }

    /// The value under the string `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Val<'a>> {
        match self {
            Self::Own(entries) => {
                let at = entries.binary_search_by(|entry| entry.0.cmp_text(key)).ok()?;
                entries.get(at).map(|entry| entry.1)
            }
            Self::Document(map) => map.get(key).map(Val::of),
        }
    }

    /// The entry at a position in key order.
    #[must_use]
    pub fn entry(&self, at: usize) -> Option<(Val<'a>, Val<'a>)> {
        match self {
            Self::Own(entries) => entries.get(at).copied(),
            Self::Document(map) => map.entry(at).map(|(key, value)| (Val::String(key), Val::of(value))),
        }
    }

    /// The entries in order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (Val<'a>, Val<'a>)> + use<'a> {
        let object = *self;
        (0..object.len()).filter_map(move |at| object.entry(at))
    }
}

impl<'a> Set<'a> {
    /// The member that equals `key`.
    #[must_use]
    pub fn member(&self, key: &Val<'a>) -> Option<Val<'a>> {
        let at = self.0.binary_search(key).ok()?;
        self.0.get(at).copied()
    }

    /// Whether it holds `item`.
    #[must_use]
    pub fn contains(&self, item: &Val<'_>) -> bool {
        self.0.binary_search_by(|own| own.compare(item)).is_ok()
    }
}
