//! Which rules stand together, and in what order they can be looked at: whatever a rule uses comes before it.
//!
//! ```text
//! rules of one path ──> Group ──uses──> Group; order: used ones first
//! ```
//! INVARIANT: on a stack of our own, so that a chain of a million rules is no deeper than one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_resolve::Documents;
use tollgate_rego_resolve::tree::{
    Base, Callee, Literal, Path, Program, Replacement, Rule, Target, Term, TermKind,
};

use crate::walk::{Visitor, fixed, walk_literal, walk_rule, walk_term};

/// The definitions of one path.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// indices of its rules
    pub(crate) rules: Vec<usize>,
    /// the groups that these use
    pub(crate) uses: BTreeSet<usize>,
    /// whether they read `input`, or documents that are no rules, or something that is not known
    pub(crate) reads: bool,
    /// whether other rules stand below
    pub(crate) extended: bool,
}

/// All groups.
pub(crate) struct Graph<'p> {
    program: &'p Program,
    documents: Documents,
    paths: BTreeMap<Path, usize>,
    /// by path
    pub(crate) groups: Vec<Group>,
    /// used ones first
    pub(crate) order: Vec<usize>,
}

/// What a reference below `data` reaches first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// the rules of this group, after so many steps
    Rules(usize, usize),
    /// a package, or part of the path of rules
    Package,
    /// no rule: a document, if anything
    Document,
}

impl<'p> Graph<'p> {
    pub(crate) fn of(program: &'p Program) -> Self {
        let documents = Documents::of(&program.rules);
        let mut paths: BTreeMap<Path, usize> = BTreeMap::new();
        for rule in &program.rules {
            paths.entry(rule.path.clone()).or_default();
        }
        let mut groups: Vec<Group> = Vec::new();
        for (at, (path, group)) in paths.iter_mut().enumerate() {
            *group = at;
            let node = documents.at(path);
            let rules = node.map(|node| node.rules.clone()).unwrap_or_default();
            let extended = node.is_some_and(|node| !node.below.is_empty());
            groups.push(Group { rules, extended, ..Group::default() });
        }
        let mut graph = Self { program, documents, paths, groups, order: Vec::new() };
        for at in 0..graph.groups.len() {
            let mut uses = Uses { graph: &graph, groups: BTreeSet::new(), reads: false };
            graph.rules(at).for_each(|rule| walk_rule(&mut uses, rule));
            let (uses, reads) = (uses.groups, uses.reads);
            if let Some(group) = graph.groups.get_mut(at) {
                group.uses = uses;
                group.reads = reads;
            }
        }
        graph.order = graph.sorted();
        graph.spread();
        graph
    }

    /// The rules of a group.
    pub(crate) fn rules(&self, group: usize) -> impl Iterator<Item = &'p Rule> + use<'p> {
        let program = self.program;
        let rules = self.groups.get(group).map(|group| group.rules.clone()).unwrap_or_default();
        rules.into_iter().filter_map(move |at| program.rules.get(at))
    }

    /// The group of a path.
    pub(crate) fn group(&self, path: &[Arc<str>]) -> Option<usize> {
        self.paths.get(path).copied()
    }

    /// What these names below `data` reach.
    pub(crate) fn reach(&self, names: &[Arc<str>]) -> Reach {
        let mut node = &self.documents;
        for (taken, name) in names.iter().enumerate() {
            match node.below.get(name) {
                Some(below) => node = below,
                None => return Reach::Document,
            }
            if !node.rules.is_empty() {
                let steps = taken.saturating_add(1);
                let path = names.get(..steps).unwrap_or_default();
                return self.group(path).map_or(Reach::Document, |group| Reach::Rules(group, steps));
            }
        }
        Reach::Package
    }

    /// The names of packages and rules just below these names.
    pub(crate) fn names_below(&self, names: &[Arc<str>]) -> Vec<Arc<str>> {
        self.documents.at(names).map(|node| node.below.keys().cloned().collect()).unwrap_or_default()
    }

    /// Depth first; a cycle, which the resolver reports, is cut somewhere.
    fn sorted(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.groups.len());
        let mut seen = vec![false; self.groups.len()];
        for start in 0..self.groups.len() {
            let mut stack = vec![(start, false)];
            while let Some((at, done)) = stack.pop() {
                if done {
                    order.push(at);
                    continue;
                }
                match seen.get_mut(at) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                stack.push((at, true));
                let uses = self.groups.get(at).map(|group| &group.uses);
                stack.extend(uses.into_iter().flatten().map(|used| (*used, false)));
            }
        }
        order
    }

    /// Whoever uses a group that reads something reads it too.
    fn spread(&mut self) {
        for at in self.order.clone() {
            let reads = |used: &usize| self.groups.get(*used).is_some_and(|group| group.reads);
            let spread = self.groups.get(at).is_some_and(|group| group.uses.iter().any(reads));
            if let Some(group) = self.groups.get_mut(at) {
                group.reads |= spread;
            }
        }
    }
}

struct Uses<'g> {
    graph: &'g Graph<'g>,
    groups: BTreeSet<usize>,
    reads: bool,
}

impl Uses<'_> {
    fn data(&mut self, names: &[Arc<str>]) {
        match self.graph.reach(names) {
            Reach::Rules(group, _) => _ = self.groups.insert(group),
            Reach::Package | Reach::Document => self.reads = true,
        }
    }
}

impl<'a> Visitor<'a> for Uses<'_> {
    fn literal(&mut self, literal: &'a Literal) {
        for with in &literal.with {
            self.reads |= matches!(with.target, Target::Builtin(_) | Target::Function(_));
            if let Replacement::Function(path) = &with.value {
                self.data(path);
            }
        }
        walk_literal(self, literal);
    }

    fn term(&mut self, term: &'a Term) {
        match &term.kind {
            TermKind::Ref { base: Base::Input, .. } => self.reads = true,
            TermKind::Ref { base: Base::Data, steps } => self.data(&fixed(steps)),
            TermKind::Call { callee: Callee::Function(path), .. } => self.data(path),
            TermKind::Call { callee: Callee::Unknown(_), .. } => self.reads = true,
            TermKind::Call { callee: Callee::Builtin(builtin), .. } => {
                self.reads |= !matches!(builtin.body, tollgate_rego_builtin::Body::Function(_));
            }
            _ => {}
        }
        walk_term(self, term);
    }
}
