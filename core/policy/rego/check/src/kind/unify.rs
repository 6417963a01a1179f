//! Whether two types have a value in common.

use super::{Object, Type};

impl Type {
    /// Whether some value may be of both types. What was not looked at yet may be anything.
    pub(crate) fn meets(&self, other: &Type) -> bool {
        match (self, other) {
            (Self::Any | Self::Unknown, _) | (_, Self::Any | Self::Unknown) => true,
            (Self::Union(members), other) | (other, Self::Union(members)) => {
                members.iter().any(|member| member.meets(other))
            }
            (Self::Null, Self::Null)
            | (Self::Boolean, Self::Boolean)
            | (Self::Number, Self::Number)
            | (Self::String, Self::String) => true,
            (Self::Array(a), Self::Array(b)) => arrays(a, b),
            // The empty set is of every set's type.
            (Self::Set(_), Self::Set(_)) if self.is_empty_set() || other.is_empty_set() => true,
            (Self::Set(Some(a)), Self::Set(Some(b))) => a.meets(b),
            (Self::Object(a), Self::Object(b)) => objects(a, b),
            _ => false,
        }
    }

    const fn is_empty_set(&self) -> bool {
        matches!(self, Self::Set(None))
    }
}

fn arrays(a: &(Vec<Type>, Option<Type>), b: &(Vec<Type>, Option<Type>)) -> bool {
    let longest = a.0.len().max(b.0.len());
    let item = |array: &(Vec<Type>, Option<Type>), at: usize| array.0.get(at).or(array.1.as_ref()).cloned();
    let fixed = (0..longest).all(|at| match (item(a, at), item(b, at)) {
        (Some(a), Some(b)) => a.meets(&b),
        _ => false,
    });
    fixed
        && match (&a.1, &b.1) {
            (Some(a), Some(b)) => a.meets(b),
            _ => true,
        }
}

fn objects(a: &Object, b: &Object) -> bool {
    fields(a, b)
        && fields(b, a)
        && match (&a.rest, &b.rest) {
            (Some((_, a)), Some((_, b))) => a.meets(b),
            _ => true,
        }
}

/// Whether the fields of `a` may be in `b`.
fn fields(a: &Object, b: &Object) -> bool {
    a.fields.iter().all(|(key, of)| match b.fields.get(key) {
        Some(other) => of.meets(other),
        None => a.rest.is_some() || b.rest.is_some(),
    })
}
