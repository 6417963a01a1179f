//! Types that many signatures share.

use crate::Type;

/// A list of whatever.
pub(crate) const ANY_ARRAY: Type = Type::Array(&[], Some(&Type::Any));
/// A set of whatever.
pub(crate) const ANY_SET: Type = Type::Set(&Type::Any);
/// An object of whatever.
pub(crate) const ANY_OBJECT: Type = Type::Object(&[], Some((&Type::Any, &Type::Any)));
/// A list of strings.
pub(crate) const STRINGS: Type = Type::Array(&[], Some(&Type::String));
/// A set of strings.
pub(crate) const STRING_SET: Type = Type::Set(&Type::String);
/// A list of numbers.
pub(crate) const NUMBERS: Type = Type::Array(&[], Some(&Type::Number));
/// A set of numbers.
pub(crate) const NUMBER_SET: Type = Type::Set(&Type::Number);
