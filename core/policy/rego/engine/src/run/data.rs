//! `data`: documents as they are given, and virtual ones over them.

use std::sync::Arc;

use tollgate_rego_value::Val;

use super::machine::{Flow, Machine, Stop};
use crate::lower::atom::Slot;
use crate::plan::step::{Block, Operand};
use crate::plan::{Kind, Node, Plan};

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// A virtual document, or what stands in its place.
    pub(super) fn read_document(&mut self, at: usize) -> Result<Option<Val<'a>>, Stop> {
        if self.replaced_data.is_empty() {
            return self.document(at);
        }
        let plan = self.plan;
        let Some(document) = plan.documents.get(at) else { return Ok(None) };
        let keys: Vec<Val<'a>> = document.path.iter().map(|key| Val::String(key)).collect();
        self.data(&keys)
    }

    pub(super) fn read_data(&mut self, keys: &'a [Operand]) -> Result<Option<Val<'a>>, Stop> {
        let mut path = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(key) = self.operand(*key)? else { return Ok(None) };
            path.push(key);
        }
        self.data(&path)
    }

    /// What stands at a path of `data`.
    fn data(&mut self, path: &[Val<'a>]) -> Result<Option<Val<'a>>, Stop> {
        let same = |step: &Arc<str>, key: &Val<'a>| key.as_str() == Some(step);
        for (at, value) in self.replaced_data.iter().rev() {
            if at.len() <= path.len() && at.iter().zip(path).all(|(step, key)| same(step, key)) {
                let rest = path.get(at.len()..).unwrap_or_default();
                return Ok(rest.iter().try_fold(*value, |value, key| value.step(key)));
            }
        }
        self.spend(self.replaced_data.len() as u64 / 8)?;
        let plan = self.plan;
        let mut value = self.below(Some(&plan.root), self.base, path)?;
        for (at, replaced) in self.replaced_data.clone() {
            if at.len() > path.len() && path.iter().zip(at).all(|(key, step)| same(step, key)) {
                value = Some(self.put_below(value, at.get(path.len()..).unwrap_or_default(), replaced)?);
            }
        }
        Ok(value)
    }

    fn below(
        &mut self,
        mut node: Option<&'a Node>,
        mut base: Option<Val<'a>>,
        path: &[Val<'a>],
    ) -> Result<Option<Val<'a>>, Stop> {
        let mut path = path;
        while let Some(here) = node {
            if let Some(document) = here.document
                && self.plan.documents.get(document).is_some_and(|document| document.kind != Kind::Function)
            {
                let value = self.document(document)?;
                return Ok(value.and_then(|value| path.iter().try_fold(value, |value, key| value.step(key))));
            }
            let Some((key, rest)) = path.split_first() else {
                return self.extent(here, base);
            };
            path = rest;
            node = key.as_str().and_then(|key| here.below.get(key));
            base = base.and_then(|base| base.step(key));
        }
        Ok(base.and_then(|base| path.iter().try_fold(base, |value, key| value.step(key))))
    }

    /// All that stands at a node: what is given there, and the virtual documents below.
    fn extent(&mut self, node: &'a Node, base: Option<Val<'a>>) -> Result<Option<Val<'a>>, Stop> {
        let mut entries: Vec<(Val<'a>, Val<'a>)> = match base.and_then(|base| base.as_object()) {
            Some(object) => object.iter().filter(|(key, _)| !has(node, key)).collect(),
            None => Vec::new(),
        };
        let plan = self.plan;
        for (name, below) in node.below.iter().filter(|(_, below)| !is_function(plan, below)) {
            let key = Val::String(name);
            let base = base.and_then(|base| base.step(&key));
            self.spend(1)?;
            let value = self.deeper(|machine| machine.below(Some(below), base, &[]))?;
            if let Some(value) = value {
                entries.push((key, value));
            }
        }
        Ok(Some(self.arena.object(entries)?))
    }

    /// The keys of an object, and what the documents below its node add.
    pub(super) fn merge_below(&mut self, own: Val<'a>, node: &'a Node) -> Result<Val<'a>, Stop> {
        let mut value = own;
        for (name, below) in &node.below {
            let added = self.deeper(|machine| machine.below(Some(below), None, &[]))?;
            if let Some(added) = added {
                value = self.merged(value, Val::String(name), added)?;
            }
        }
        Ok(value)
    }

    /// An object with one more entry; where it has the key, both values must be objects, and are merged.
    fn merged(&mut self, object: Val<'a>, key: Val<'a>, added: Val<'a>) -> Result<Val<'a>, Stop> {
        let mut entries: Vec<(Val<'a>, Val<'a>)> =
            object.as_object().map(|object| object.iter().collect()).unwrap_or_default();
        self.spend(entries.len() as u64)?;
        match entries.iter_mut().find(|entry| entry.0 == key) {
            None => entries.push((key, added)),
            Some((_, own)) if *own == added => {}
            Some((_, own)) => {
                let (Some(_), Some(parts)) = (own.as_object(), added.as_object()) else {
                    return Err(Stop::Conflict(format!("object keys must be unique: {key}")));
                };
                for (key, part) in parts.iter() {
                    *own = self.merged(*own, key, part)?;
                }
            }
        }
        Ok(self.arena.object(entries)?)
    }

    pub(super) fn node(&self, path: &[Arc<str>]) -> Option<&'a Node> {
        path.iter().try_fold(&self.plan.root, |node, step| node.below.get(step))
    }

    /// Each key below a path of `data` in turn.
    pub(super) fn scan_data(
        &mut self,
        keys: &'a [Operand],
        key: Slot,
        rest: &'a Block,
    ) -> Result<Flow, Stop> {
        let mut path = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(key) = self.operand(*key)? else { return Ok(Flow::More) };
            path.push(key);
        }
        let found = self.keys(&path)?;
        let place = self.watch_place();
        self.deeper(|machine| {
            for found in found {
                machine.watch_back(place);
                machine.put(key, found);
                if machine.block(rest)? == Flow::Done {
                    return Ok(Flow::Done);
                }
            }
            Ok(Flow::More)
        })
    }

    /// The keys below a path of `data`: of documents and of nodes, without making what stands there.
    fn keys(&mut self, path: &[Val<'a>]) -> Result<Vec<Val<'a>>, Stop> {
        let names = path.iter().try_fold(&self.plan.root, |node, key| {
            if node.document.is_some() { None } else { node.below.get(key.as_str()?) }
        });
        let node = names.filter(|node| node.document.is_none() && self.replaced_data.is_empty());
        let mut keys = Vec::new();
        match node {
            Some(node) => {
                let base =
                    self.base.and_then(|base| path.iter().try_fold(base, |value, key| value.step(key)));
                if let Some(object) = base.and_then(|base| base.as_object()) {
                    keys.extend(object.iter().map(|(key, _)| key));
                }
                keys.extend(node.below.keys().map(|name| Val::String(name)));
                keys.sort();
                keys.dedup();
            }
            None => match self.data(path)? {
                Some(Val::Set(items)) => keys.extend(items),
                Some(value) => {
                    if let Some(array) = value.as_array() {
                        keys.extend(
                            (0..array.len()).map(|at| Val::Int(i64::try_from(at).unwrap_or(i64::MAX))),
                        );
                    } else if let Some(object) = value.as_object() {
                        keys.extend(object.iter().map(|(key, _)| key));
                    }
                }
                None => {}
            },
        }
        Ok(keys)
    }
}

/// Whether nothing but functions stands at a node and below.
fn is_function(plan: &Plan, node: &Node) -> bool {
    let document = node.document.and_then(|document| plan.documents.get(document));
    document.is_some_and(|document| document.kind == Kind::Function)
        && node.below.values().all(|below| is_function(plan, below))
}

fn has(node: &Node, key: &Val<'_>) -> bool {
    key.as_str().is_some_and(|key| node.below.contains_key(key))
}
