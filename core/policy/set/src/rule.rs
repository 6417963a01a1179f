//! A rule as those who judge, report and explain see it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_vocabulary::{Operation, PolicyPlace, RuleId, Severity};

/// One rule: all bodies of one package under one id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// METADATA `custom.id`, else a slug of the title, else `package.rule`
    pub id: RuleId,
    /// its package, such as `kubernetes.admission`
    pub package: Arc<str>,
    /// what it wants
    pub head: Head,
    /// METADATA title
    pub title: Option<Arc<str>>,
    /// METADATA description
    pub description: Option<Arc<str>>,
    /// METADATA `custom.severity`
    pub severity: Severity,
    /// METADATA `custom.remedy`
    pub remedy: Option<Arc<str>>,
    /// where its first body begins
    pub place: PolicyPlace,
    /// the operations that it is asked about
    pub operations: Operations,
    /// the subresources that it is asked about, beside the main resource
    pub subresources: Subresources,
    /// whether it is asked about an UPDATE of an object that is being deleted
    pub deleting: bool,
    /// whether it may read `input.context.namespace`
    pub reads_namespace: bool,
}

/// What a rule wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Head {
    /// refuse
    Deny,
    /// tell
    Warn,
    /// refuse, in Gatekeeper's word
    Violation,
}

/// A set of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operations(u8);

/// The subresources that a rule is asked about, beside the main resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subresources {
    /// none
    #[default]
    None,
    /// these, such as `scale`
    Named(BTreeSet<Arc<str>>),
    /// every one
    All,
}

impl Head {
    /// All heads that are asked.
    pub const ALL: [Self; 3] = [Self::Deny, Self::Warn, Self::Violation];

    /// The name of its rules in Rego.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Violation => "violation",
        }
    }

    /// The head of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|head| head.word() == word)
    }
}

const fn bit(operation: Operation) -> u8 {
    match operation {
        Operation::Create => 1,
        Operation::Update => 2,
        Operation::Delete => 4,
        Operation::Connect => 8,
    }
}

impl Operations {
    /// Whether `operation` is among them.
    #[must_use]
    pub const fn contains(self, operation: Operation) -> bool {
        self.0 & bit(operation) != 0
    }
}

/// CREATE and UPDATE: on DELETE, `not object.metadata.labels[..]` would refuse every deletion.
impl Default for Operations {
    fn default() -> Self {
        [Operation::Create, Operation::Update].into_iter().collect()
    }
}

impl FromIterator<Operation> for Operations {
    fn from_iter<I: IntoIterator<Item = Operation>>(operations: I) -> Self {
        Self(operations.into_iter().fold(0, |bits, operation| bits | bit(operation)))
    }
}

impl Subresources {
    /// Whether the subresource `name` is among them.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        match self {
            Self::None => false,
            Self::Named(names) => names.contains(name),
            Self::All => true,
        }
    }
}
