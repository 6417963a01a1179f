//! Types kept small: whatever rules are given, inferring stays linear.

use super::Type;

/// How many parts a type may have, parts of parts included.
const LARGEST: usize = 400;

impl Type {
    /// It, or a wider type that is smaller: items and fields are merged first, then their types are given up.
    pub(super) fn bounded(self) -> Self {
        if self.fits() {
            return self;
        }
        let wider = match &self {
            Self::Array(array) => {
                let item =
                    array.0.iter().chain(&array.1).fold(Self::Unknown, |all, item| all.or(item.clone()));
                Self::Array(std::rc::Rc::new((Vec::new(), Some(item))))
            }
            Self::Object(object) => {
                let first = object.rest.clone().unwrap_or((Self::Unknown, Self::Unknown));
                let rest = object.fields.iter().fold(first, |(keys, values), (key, value)| {
                    (keys.or(key.of()), values.or(value.clone()))
                });
                let fields = std::collections::BTreeMap::new();
                Self::Object(std::rc::Rc::new(super::Object { fields, rest: Some(rest) }))
            }
            _ => return Self::Any,
        };
        if wider.fits() { wider } else { wider.hollow() }
    }

    /// Only what kind of collection it is.
    fn hollow(&self) -> Self {
        match self {
            Self::Array(_) => Self::Array(std::rc::Rc::new((Vec::new(), Some(Self::Any)))),
            Self::Object(_) => {
                let object = super::Object { rest: Some((Self::Any, Self::Any)), ..super::Object::default() };
                Self::Object(std::rc::Rc::new(object))
            }
            _ => Self::Any,
        }
    }

    fn fits(&self) -> bool {
        let mut left = LARGEST;
        self.count(&mut left)
    }

    fn count(&self, left: &mut usize) -> bool {
        let Some(less) = left.checked_sub(1) else { return false };
        *left = less;
        match self {
            Self::Array(array) => array.0.iter().chain(&array.1).all(|item| item.count(left)),
            Self::Set(Some(item)) => item.count(left),
            Self::Object(object) => {
                object.fields.values().all(|of| of.count(left))
                    && object.rest.as_ref().is_none_or(|(key, value)| key.count(left) && value.count(left))
            }
            Self::Union(members) => members.iter().all(|member| member.count(left)),
            _ => true,
        }
    }
}
