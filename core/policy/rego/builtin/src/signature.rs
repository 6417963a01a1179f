//! A builtin's name, type and function.

use tollgate_rego_value::Val;

use crate::{Call, Error};

/// A builtin function.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// such as `regex.match`
    pub name: &'static str,
    /// what it takes: names and types
    pub parameters: &'static [(&'static str, Type)],
    /// what it gives
    pub result: Type,
    /// what it does
    pub body: Body,
}

impl Builtin {
    /// A builtin with a function of its own.
    #[must_use]
    pub const fn function(
        name: &'static str,
        parameters: &'static [(&'static str, Type)],
        result: Type,
        function: Function,
    ) -> Self {
        Self { name, parameters, result, body: Body::Function(function) }
    }

    /// A builtin that the engine itself knows.
    #[must_use]
    pub const fn engine(
        name: &'static str,
        parameters: &'static [(&'static str, Type)],
        result: Type,
    ) -> Self {
        Self { name, parameters, result, body: Body::Engine }
    }

    /// A builtin that is refused at load.
    #[must_use]
    pub const fn refused(
        name: &'static str,
        parameters: &'static [(&'static str, Type)],
        result: Type,
        reason: &'static str,
    ) -> Self {
        Self { name, parameters, result, body: Body::Refused(reason) }
    }
}

/// What a builtin does.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// this
    Function(Function),
    /// the engine itself knows: `walk`, `print`, `trace`, `rego.metadata.rule`, ..
    Engine,
    /// nothing: it is refused at load, for this reason
    Refused(&'static str),
}

/// What a builtin does: equal arguments, equal result.
pub type Function = for<'a> fn(&Call<'a, '_>, &[Val<'a>]) -> Result<Val<'a>, Error>;

/// A type, as OPA's checker has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
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
    Array(&'static [Type], Option<&'static Type>),
    /// of items of that type
    Set(&'static Type),
    /// with these fields, and others of those key and value types
    Object(&'static [(&'static str, Type)], Option<(&'static Type, &'static Type)>),
    /// one of these
    Union(&'static [Type]),
}
