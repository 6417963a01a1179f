//! Kinds, their fields and the types of those.

use crate::table::{self, Definition};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// whatever
    Any,
    /// a string, and one of these where there are any
    String(Box<[&'static str]>),
    /// a string that is a time: RFC 3339
    Time,
    /// a string that is bytes: base64
    Bytes,
    /// a whole number
    Integer,
    /// a number
    Number,
    /// `true`, `false`
    Boolean,
    /// an amount such as `100m`: a string, or a number as people also write it
    Quantity,
    /// a port or a share: a number or a string
    IntOrString,
    /// a list of such items. `keys` are what makes an item unique, where something does: names of its fields, or
    /// nothing for the item itself
    List {
        /// what an item is
        item: Box<Type>,
        /// what makes it unique
        keys: Option<Box<[&'static str]>>,
    },
    /// an object whose keys the user chooses
    Map(Box<Type>),
    /// an object with these fields
    Object(Object),
}

/// An object with known fields. `Copy`: it refers into the one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object(pub(crate) u16);

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// its name
    pub name: &'static str,
    /// whether the API server refuses an object without it
    pub required: bool,
    /// what it holds
    pub of: Type,
}

/// A built-in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// such as `apps/v1`, `v1`
    pub api_version: &'static str,
    /// such as `Deployment`
    pub kind: &'static str,
    /// what it has
    pub object: Object,
}

/// The built-in kind of that apiVersion and name.
#[must_use]
pub fn of(api_version: &str, kind: &str) -> Option<Object> {
    named(kind).find(|known| known.api_version == api_version).map(|known| known.object)
}

/// The built-in kinds of that name: some are in several groups (`Event`) or versions.
pub fn named(kind: &str) -> impl Iterator<Item = Kind> + use<> {
    let kinds = &table::table().kinds;
    let from = kinds.partition_point(|known| known.kind < kind);
    let upto = kinds.partition_point(|known| known.kind <= kind);
    kinds.get(from..upto).unwrap_or_default().iter().copied()
}

/// All built-in kinds, by name and apiVersion.
pub fn kinds() -> impl Iterator<Item = Kind> {
    table::table().kinds.iter().copied()
}

impl Object {
    /// The request of an AdmissionReview: what `input.request` is.
    #[must_use]
    pub fn admission_request() -> Option<Self> {
        table::table().definition("admission.v1.AdmissionRequest")
    }

    /// The definition's short name, such as `apps.v1.DeploymentSpec`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.definition().map_or("", |definition| definition.name)
    }

    /// Its fields by name.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        self.definition().map_or(&[], |definition| &definition.fields)
    }

    /// One of its fields.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'static Field> {
        let fields = self.fields();
        let at = fields.binary_search_by(|field| field.name.cmp(name)).ok()?;
        fields.get(at)
    }

    fn definition(self) -> Option<&'static Definition> {
        table::table().definitions.get(usize::from(self.0))
    }
}

impl Type {
    /// As a person says it: `a string`, `a list`, `an object`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::String(_) | Self::Time | Self::Bytes => "a string",
            Self::Integer | Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Quantity | Self::IntOrString => "a number or a string",
            Self::List { .. } => "a list",
            Self::Map(_) | Self::Object(_) => "an object",
        }
    }
}
