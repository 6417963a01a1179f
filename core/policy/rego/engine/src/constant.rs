//! Values that stand in the rules themselves.

use std::sync::Arc;

use tollgate_rego_value::{Arena, Full, Val};

/// A value that a rule holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Constant {
    Null,
    Bool(bool),
    Number(Arc<str>),
    String(Arc<str>),
    Array(Vec<Constant>),
    Set(Vec<Constant>),
    Object(Vec<(Constant, Constant)>),
}

impl Constant {
    /// It as a value. Text is looked at where it stands.
    pub(crate) fn value<'a>(&'a self, arena: &'a Arena) -> Result<Val<'a>, Full> {
        let all =
            |items: &'a [Constant]| items.iter().map(|item| item.value(arena)).collect::<Result<Vec<_>, _>>();
        Ok(match self {
            Self::Null => Val::Null,
            Self::Bool(truth) => Val::Bool(*truth),
            Self::Number(text) => Val::number(text),
            Self::String(text) => Val::String(text),
            Self::Array(items) => arena.array(&all(items)?)?,
            Self::Set(items) => arena.set(all(items)?)?,
            Self::Object(entries) => {
                let entry =
                    |(key, value): &'a (Constant, Constant)| Ok((key.value(arena)?, value.value(arena)?));
                arena.object(entries.iter().map(entry).collect::<Result<Vec<_>, Full>>()?)?
            }
        })
    }
}
