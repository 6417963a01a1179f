//! Which rules a rule needs: what its references and calls may reach.
//!
//! ```text
//! rule ──> here(node): the rules of one document
//!     ├──> below(node): here(node), and below(..) of what stands below it
//!     └──> beyond(node, steps): what steps by a value may reach
//! ```
//! INVARIANT: rules share these, so that the whole is about as large as the rules and their documents are, even where
//! every rule reads a whole package.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::Documents;
use crate::tree::{Base, Callee, Replacement, Rule, Term, TermKind, With};
use crate::visit::{self, Visitor};

/// Rules and groups of rules by number, rules first, and what each needs.
#[derive(Debug, Default)]
pub struct Needs {
    of: Vec<Vec<usize>>,
    rules: usize,
}

impl Needs {
    /// What `rules` need, which stand in `documents`.
    #[must_use]
    pub fn of(rules: &[Rule], documents: &Documents) -> Self {
        let mut making = Making {
            documents,
            needs: Self { of: vec![Vec::new(); rules.len()], rules: rules.len() },
            here: BTreeMap::new(),
            below: BTreeMap::new(),
            beyond: BTreeMap::new(),
            found: Vec::new(),
        };
        for (at, of) in rules.iter().enumerate() {
            visit::rule(of, &mut making);
            let mut found = std::mem::take(&mut making.found);
            found.sort_unstable();
            found.dedup();
            making.set(at, found);
        }
        making.needs
    }

    /// How many numbers there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The numbers that a number needs. Those below the count of rules are rules, all others are groups.
    #[must_use]
    pub fn at(&self, number: usize) -> &[usize] {
        self.of.get(number).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a number is that of a rule.
    #[must_use]
    pub const fn is_rule(&self, number: usize) -> bool {
        number < self.rules
    }
}

/// A step that goes on from a document: by a name, or by any value.
type Beyond = Option<Arc<str>>;

struct Making<'a> {
    documents: &'a Documents,
    needs: Needs,
    /// the groups by the numbers of their nodes
    here: BTreeMap<usize, usize>,
    below: BTreeMap<usize, usize>,
    beyond: BTreeMap<(usize, Vec<Beyond>), usize>,
    /// what the rule at hand needs so far
    found: Vec<usize>,
}

impl Visitor for Making<'_> {
    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Ref { base: Base::Data, steps } => {
                let step = |step: &Term| match &step.kind {
                    TermKind::String(text) => Some(text.clone()),
                    _ => None,
                };
                self.reference(steps.iter().map(step).collect());
            }
            TermKind::Call { callee: Callee::Function(path), .. } => {
                self.reference(path.iter().cloned().map(Some).collect());
            }
            _ => {}
        }
    }

    fn with(&mut self, with: &With) {
        if let Replacement::Function(path) = &with.value {
            self.reference(path.iter().cloned().map(Some).collect());
        }
    }
}

impl Making<'_> {
    /// What a reference may reach: on its way, at its end, and below where it stops or steps by a value.
    fn reference(&mut self, steps: Vec<Beyond>) {
        let mut node = self.documents;
        for (at, step) in steps.iter().enumerate() {
            let here = self.here(node);
            self.found.extend(here);
            match step {
                None => {
                    let beyond = self.beyond(node, steps.get(at..).unwrap_or_default());
                    self.found.push(beyond);
                    return;
                }
                Some(name) => match node.below.get(name) {
                    Some(below) => node = below,
                    None => return,
                },
            }
        }
        let below = self.below(node);
        self.found.push(below);
    }

    /// The group of the rules that stand just at `node`, where there are any.
    fn here(&mut self, node: &Documents) -> Option<usize> {
        if node.rules.is_empty() {
            return None;
        }
        if let Some(group) = self.here.get(&node.number) {
            return Some(*group);
        }
        let group = self.group(node.rules.clone());
        self.here.insert(node.number, group);
        Some(group)
    }

    /// The group of all rules at `node` and below.
    fn below(&mut self, node: &Documents) -> usize {
        if let Some(group) = self.below.get(&node.number) {
            return *group;
        }
        let mut parts: Vec<usize> = self.here(node).into_iter().collect();
        parts.extend(node.below.values().map(|below| self.below(below)));
        let group = self.group(parts);
        self.below.insert(node.number, group);
        group
    }

    /// The group of what `steps` may reach from `node`.
    fn beyond(&mut self, node: &Documents, steps: &[Beyond]) -> usize {
        let Some((step, rest)) = steps.split_first() else { return self.below(node) };
        let key = (node.number, steps.to_vec());
        if let Some(group) = self.beyond.get(&key) {
            return *group;
        }
        let mut parts: Vec<usize> = self.here(node).into_iter().collect();
        match step {
            Some(name) => parts.extend(node.below.get(name).map(|below| self.beyond(below, rest))),
            None => parts.extend(node.below.values().map(|below| self.beyond(below, rest))),
        }
        let group = self.group(parts);
        self.beyond.insert(key, group);
        group
    }

    fn group(&mut self, parts: Vec<usize>) -> usize {
        self.needs.of.push(parts);
        self.needs.of.len() - 1
    }

    fn set(&mut self, rule: usize, found: Vec<usize>) {
        if let Some(place) = self.needs.of.get_mut(rule) {
            *place = found;
        }
    }
}
