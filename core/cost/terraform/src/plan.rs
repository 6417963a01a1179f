//! A plan: the changes of managed resources, and what the configuration says about them.
//!
//! INVARIANT: no sensitive value is in it, nor any value of a resource whose type is not priced.

mod foreign;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::Side;
use crate::configuration::Configuration;
use crate::values::Values;

/// A plan as `terraform show -json` prints it, format 1.x.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) changes: Vec<Change>,
    pub(crate) configuration: Configuration,
    /// addresses of what Terraform put off
    pub(crate) deferred: Vec<Arc<str>>,
    /// whether the plan says of itself that nothing is left to be planned after it
    pub(crate) complete: bool,
}

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// nothing
    NoOp,
    /// it is made
    Create,
    /// it is read anew
    Read,
    /// it is changed in place
    Update,
    /// it is taken away
    Delete,
    /// it is taken away, then made again
    DeleteThenCreate,
    /// it is made again, then the old one taken away: for a while both stand
    CreateThenDelete,
    /// Terraform lets go of it, and it stays
    Forget,
    /// it is made again, and Terraform lets go of the old one, which stays
    CreateThenForget,
}

/// What happens to one resource, one line of `resource_changes`.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) address: Arc<str>,
    /// names of the modules it lies in, such as `network.nat`; empty for the root
    pub(crate) module: Arc<str>,
    /// the module's address with its indexes; empty for the root
    pub(crate) module_address: Arc<str>,
    pub(crate) kind: Arc<str>,
    pub(crate) name: Arc<str>,
    /// `[0]`, `["x"]`, or nothing
    pub(crate) index: Arc<str>,
    /// last part of the provider's name, such as `aws`
    pub(crate) provider: Arc<str>,
    /// a leftover of an earlier replacement, which lies beside the resource of that address
    pub(crate) deposed: bool,
    pub(crate) action: Action,
    pub(crate) before: Option<Values>,
    pub(crate) after: Option<Values>,
}

impl Change {
    /// What the resource is before or after. What Terraform lets go of stays as it was.
    pub(crate) fn values(&self, side: Side) -> Option<&Values> {
        match side {
            Side::Before => self.before.as_ref(),
            Side::After if self.action == Action::Forget => self.before.as_ref(),
            Side::After => self.after.as_ref(),
        }
    }
}

impl Action {
    /// The words that the plan has for it, joined by `, `.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoOp => "no-op",
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::DeleteThenCreate => "delete, create",
            Self::CreateThenDelete => "create, delete",
            Self::Forget => "forget",
            Self::CreateThenForget => "create, forget",
        }
    }

    fn of(words: &[&str]) -> Option<Self> {
        match words {
            ["no-op"] => Some(Self::NoOp),
            ["create"] => Some(Self::Create),
            ["read"] => Some(Self::Read),
            ["update"] => Some(Self::Update),
            ["delete"] => Some(Self::Delete),
            ["delete", "create"] => Some(Self::DeleteThenCreate),
            ["create", "delete"] => Some(Self::CreateThenDelete),
            ["forget"] => Some(Self::Forget),
            ["create", "forget"] => Some(Self::CreateThenForget),
            _ => None,
        }
    }
}
