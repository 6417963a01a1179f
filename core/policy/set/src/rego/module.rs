//! A Rego module as far as checking goes: what it defines, and what each definition refers to.
//!
//! Knows no engine; a parser fills it. INVARIANT: the first step of a reference's path is `data`, `input`, or a name
//! that is neither imported nor bound in the definition itself.

use std::sync::Arc;

use crate::load::{Dialect, Place};
use crate::metadata::Annotation;

/// A dotted name: `data.kubernetes.admission.deny` is four steps.
pub(crate) type Name = Vec<Arc<str>>;

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) dialect: Dialect,
    /// without `data`
    pub(crate) package: Name,
    pub(crate) definitions: Vec<Definition>,
    pub(crate) annotations: Vec<Annotation>,
}

/// One statement of a module: a rule with its bodies, a function, or a default.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// below the package, as far as it is static
    pub(crate) name: Name,
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    /// the byte offset and length of the name's first step in the text
    pub(crate) head: (usize, usize),
    pub(crate) references: Vec<Reference>,
}

/// What a definition makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `deny contains x if ..`, `deny[x] { .. }` in v0
    Set,
    /// `deny[x] if ..` in v1, `x[k] := v`
    Object,
    /// one value
    Complete,
    /// a function of so many arguments
    Function(usize),
    /// `default x := ..`
    Default,
}

/// A name that a definition uses.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) path: Name,
    /// whether the path goes on in a way that only evaluation knows (`input[x]`)
    pub(crate) dynamic: bool,
    pub(crate) usage: Usage,
    /// whether it stands in the head, before any body
    pub(crate) head: bool,
    pub(crate) place: Place,
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    /// its value is read
    Read,
    /// it is called with so many arguments
    Call(usize),
    /// it is replaced: `with input as ..`
    Replaced,
}

/// `steps` in Rego's own writing: `a.b["c-d"]`.
pub(crate) fn written<S: AsRef<str>>(steps: &[S]) -> String {
    let mut text = String::new();
    for (at, step) in steps.iter().enumerate() {
        let step = step.as_ref();
        let mut bytes = step.bytes();
        let plain = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_');
        match (plain, at) {
            (true, 0) => text.push_str(step),
            (true, _) => {
                text.push('.');
                text.push_str(step);
            }
            (false, _) => {
                text.push('[');
                text.push_str(&tollgate_manifest::canonical::text(&step.into()));
                text.push(']');
            }
        }
    }
    text
}

impl Module {
    /// The full name of `definition`: `data`, package, name.
    pub(crate) fn full_name(&self, definition: &Definition) -> Name {
        let mut name = vec![Arc::from("data")];
        name.extend(self.package.iter().cloned());
        name.extend(definition.name.iter().cloned());
        name
    }

    /// The package in Rego's own writing.
    pub(crate) fn package_text(&self) -> Arc<str> {
        written(&self.package).into()
    }
}

impl Definition {
    /// Whether this is a rule that `tollgate test` runs (`test_`) or skips (`todo_test_`).
    pub(crate) fn is_test(&self) -> bool {
        self.name.first().is_some_and(|name| name.starts_with("test_") || name.starts_with("todo_test_"))
    }
}
