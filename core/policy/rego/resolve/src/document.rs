//! The virtual documents: which rules stand where below `data`.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_syntax::tree::{Module, Step, TermKind};

use crate::tree::{Path, Rule};

/// Rules by where they stand.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// what stands below, by name
    pub below: BTreeMap<Arc<str>, Documents>,
    /// the rules that stand just here, as indices into [`crate::tree::Program::rules`]
    pub rules: Vec<usize>,
    /// its number among all documents
    pub number: usize,
}

impl Documents {
    /// The documents of `rules`.
    #[must_use]
    pub fn of(rules: &[Rule]) -> Self {
        let mut root = Self::default();
        for (at, rule) in rules.iter().enumerate() {
            root.place(&rule.path).rules.push(at);
        }
        root.count(&mut 0);
        root
    }

    fn place(&mut self, path: &[Arc<str>]) -> &mut Self {
        path.iter().fold(self, |node, step| node.below.entry(step.clone()).or_default())
    }

    fn count(&mut self, next: &mut usize) {
        self.number = *next;
        *next += 1;
        self.below.values_mut().for_each(|node| node.count(next));
    }

    /// What stands at `path`.
    #[must_use]
    pub fn at(&self, path: &[Arc<str>]) -> Option<&Self> {
        path.iter().try_fold(self, |node, step| node.below.get(step))
    }

    /// Every rule here and below.
    pub fn all(&self, with: &mut impl FnMut(usize)) {
        self.rules.iter().for_each(|rule| with(*rule));
        self.below.values().for_each(|node| node.all(with));
    }
}

/// The functions of all files by path, with the number of their arguments.
pub(crate) fn functions(modules: &[Module]) -> BTreeMap<Path, usize> {
    let mut functions = BTreeMap::new();
    for module in modules {
        for rule in &module.rules {
            if let Some(arguments) = &rule.head.arguments {
                functions.entry(path(module, &fixed(&rule.head.path).0)).or_insert(arguments.len());
            }
        }
    }
    functions
}

/// The package and `below`.
pub(crate) fn path(module: &Module, below: &[Arc<str>]) -> Path {
    module.package.iter().map(|name| name.text.clone()).chain(below.iter().cloned()).collect()
}

/// The names that a rule's name begins with, and what follows.
pub(crate) fn fixed(steps: &[Step]) -> (Vec<Arc<str>>, &[Step]) {
    let name = |step: &Step| match step {
        Step::Name(name) => Some(name.text.clone()),
        Step::Term(term) => match &term.kind {
            TermKind::String(text) => Some(text.clone()),
            _ => None,
        },
    };
    let names: Vec<Arc<str>> = steps.iter().map_while(name).collect();
    let rest = steps.get(names.len()..).unwrap_or_default();
    (names, rest)
}
