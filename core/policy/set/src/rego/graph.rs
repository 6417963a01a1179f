//! Who refers to whom, over all packages.
//!
//! A node is a rule's full name; `data.a.b` refers to the rule `data.a.b`, to every rule below it, and to the rule
//! whose value it reaches into. Overlaps are kept: a graph that says too much refuses too much, never too little.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::module::{Definition, Kind, Module, Name, Reference, Usage};

/// The graph of a whole set.
pub(crate) struct Graph<'a> {
    nodes: BTreeMap<Name, Node<'a>>,
}

/// All definitions of one name.
#[derive(Default)]
struct Node<'a> {
    definitions: Vec<(&'a Module, &'a Definition)>,
}

impl<'a> Graph<'a> {
    pub(crate) fn of(modules: &'a [Module]) -> Self {
        let mut nodes: BTreeMap<Name, Node<'a>> = BTreeMap::new();
        for module in modules {
            for definition in &module.definitions {
                nodes.entry(module.full_name(definition)).or_default().definitions.push((module, definition));
            }
        }
        Self { nodes }
    }

    /// All full names, with one definition of each.
    pub(crate) fn definitions(&self) -> impl Iterator<Item = (&Name, &'a Definition)> {
        self.nodes.iter().filter_map(|(name, node)| Some((name, node.definitions.first()?.1)))
    }

    /// The full name that a path in `module` stands for, where it does not begin with `input`.
    pub(crate) fn absolute(module: &Module, path: &[Arc<str>]) -> Name {
        if path.first().is_some_and(|root| &**root == "data") {
            return path.to_vec();
        }
        let mut name = vec![Arc::from("data")];
        name.extend(module.package.iter().cloned());
        name.extend(path.iter().cloned());
        name
    }

    /// The function that a call in `module` of `path` means: how many arguments it takes.
    pub(crate) fn function(&self, module: &Module, path: &[Arc<str>]) -> Option<usize> {
        self.nodes.get(&Self::absolute(module, path))?.definitions.iter().find_map(|(_, definition)| {
            match definition.kind {
                Kind::Function(arguments) => Some(arguments),
                _ => None,
            }
        })
    }

    /// Whether `reference` means any rule.
    pub(crate) fn knows(&self, module: &Module, reference: &Reference) -> bool {
        !self.targets(module, reference).is_empty()
    }

    /// The rules that `reference` may mean.
    fn targets(&self, module: &Module, reference: &Reference) -> Vec<&Name> {
        if reference.path.first().is_none_or(|root| &**root == "input") {
            return Vec::new();
        }
        let name = Self::absolute(module, &reference.path);
        let prefixes = (1..=name.len())
            .filter_map(|end| self.nodes.get_key_value(name.get(..end)?).map(|(name, _)| name));
        let below =
            self.nodes.range(name.clone()..).map(|(below, _)| below).skip_while(|below| **below == name);
        prefixes.chain(below.take_while(|below| below.starts_with(&name))).collect()
    }

    /// Every definition that the rule `from` may reach, its own included.
    pub(crate) fn reachable(&self, from: &Name) -> Vec<(&'a Module, &'a Definition)> {
        self.reachable_from(self.nodes.get(from).map(|node| node.definitions.clone()).unwrap_or_default())
    }

    /// Every definition that `reached` may reach, these included.
    pub(crate) fn reachable_from(
        &self,
        mut reached: Vec<(&'a Module, &'a Definition)>,
    ) -> Vec<(&'a Module, &'a Definition)> {
        let (mut seen, mut at) = (BTreeSet::new(), 0);
        while let Some((module, definition)) = reached.get(at).copied() {
            at += 1;
            for reference in &definition.references {
                for target in self.targets(module, reference) {
                    if seen.insert(target) {
                        reached.extend(self.nodes.get(target).iter().flat_map(|node| &node.definitions));
                    }
                }
            }
        }
        reached
    }

    /// Every cycle's first reference: the place where it closes, and the names on the way.
    pub(crate) fn cycles(&self) -> Vec<(&'a Reference, Vec<&Name>)> {
        let mut done = BTreeSet::new();
        let mut cycles = Vec::new();
        for name in self.nodes.keys() {
            self.visit(name, &mut Vec::new(), &mut done, &mut cycles);
        }
        cycles
    }

    /// Depth first, without recursion of our own: a set of rules can be deeper than a stack.
    fn visit<'g>(
        &'g self,
        start: &'g Name,
        way: &mut Vec<(&'g Name, Vec<(&'g Name, &'a Reference)>)>,
        done: &mut BTreeSet<&'g Name>,
        cycles: &mut Vec<(&'a Reference, Vec<&'g Name>)>,
    ) {
        if done.insert(start) {
            way.push((start, self.edges(start)));
        }
        while let Some((_, edges)) = way.last_mut() {
            let Some((target, reference)) = edges.pop() else {
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(name, _)| *name == target) {
                cycles.push((reference, way.iter().skip(at).map(|(name, _)| *name).collect()));
            } else if done.insert(target) {
                way.push((target, self.edges(target)));
            }
        }
    }

    fn edges(&self, name: &Name) -> Vec<(&Name, &'a Reference)> {
        let mut edges = Vec::new();
        for (module, definition) in self.nodes.get(name).map(|node| &node.definitions).into_iter().flatten() {
            for reference in definition.references.iter().rev() {
                if reference.usage != Usage::Replaced {
                    edges.extend(
                        self.targets(module, reference).into_iter().map(|target| (target, reference)),
                    );
                }
            }
        }
        edges
    }

    /// How many rules the longest way through the graph passes.
    pub(crate) fn depth(&self) -> usize {
        let mut depths: BTreeMap<&Name, usize> = BTreeMap::new();
        for start in self.nodes.keys() {
            let mut open = vec![(start, false)];
            while let Some((name, ready)) = open.pop() {
                if depths.contains_key(name) {
                    continue;
                }
                let edges = self.edges(name);
                if ready {
                    let below = edges.iter().filter_map(|(target, _)| depths.get(target)).max();
                    depths.insert(name, below.copied().unwrap_or(0) + 1);
                } else {
                    open.push((name, true));
                    open.extend(edges.into_iter().map(|(target, _)| (target, false)));
                }
            }
        }
        depths.into_values().max().unwrap_or(0)
    }
}
