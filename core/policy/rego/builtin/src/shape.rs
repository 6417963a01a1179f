//! Types that many signatures share.

use crate::Type;

/// A list of whatever.
pub(crate) const ANY_ARRAY: Type = Type::Array(&[], Some(&Type::Any));
/// A set of whatever.
pub(crate) const ANY_SET: Type = Type::Set(&Type::Any);
/// An object of whatever.
pub(crate) const ANY_OBJECT: Type = Type::Object(&[], Some((&Type::Any, &Type::Any)));
