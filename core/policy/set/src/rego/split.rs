//! One name of its own for each rule id, so that each is asked alone.
//!
//! ```text
//! deny contains msg if ..   # id a         d000 contains msg if ..
//! deny contains msg if ..   # id b   ──>   d001 contains msg if ..
//!                                          (generated) deny contains x if some x in d000 ..
//! ```
//! INVARIANT: a new name is exactly as long as the old one and stands in no file, so that every line and column of
//! every error stays what it was. Whoever refers to `deny` (other rules, tests) still sees all of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Source;
use super::module::{Definition, Kind, Module, Name, written};
use crate::load::Dialect;

/// The bodies of one id under one package and head.
pub(crate) struct Part<'a> {
    pub(crate) definitions: Vec<(usize, &'a Definition)>,
}

impl<'a> Part<'a> {
    /// The definitions, each with its module.
    pub(crate) fn of(&self, modules: &'a [Module]) -> Vec<(&'a Module, &'a Definition)> {
        self.definitions
            .iter()
            .filter_map(|(at, definition)| Some((modules.get(*at)?, *definition)))
            .collect()
    }
}

/// New texts, and for each part the name that it is asked by.
pub(crate) struct Split {
    pub(crate) sources: Vec<Source>,
}

/// Renames heads as they are asked for.
pub(crate) struct Splitter<'a> {
    modules: &'a [Module],
    edits: BTreeMap<usize, Vec<(usize, usize, String)>>,
    unions: BTreeMap<Arc<str>, String>,
    next: BTreeMap<usize, usize>,
}

impl<'a> Splitter<'a> {
    pub(crate) const fn of(modules: &'a [Module]) -> Self {
        Self { modules, edits: BTreeMap::new(), unions: BTreeMap::new(), next: BTreeMap::new() }
    }

    /// Whether the bodies of one head can be told apart: all are sets.
    pub(crate) fn separable<'p>(parts: impl IntoIterator<Item = &'p Part<'p>>) -> bool {
        let mut definitions = parts.into_iter().flat_map(|part| &part.definitions);
        definitions.all(|(_, definition)| definition.kind == Kind::Set)
    }

    /// Gives each of `parts` of `head` a name of its own, in their order.
    pub(crate) fn separate<'p>(
        &mut self,
        package: &Name,
        head: &str,
        parts: impl Iterator<Item = &'p Part<'p>> + Clone,
    ) -> Option<Vec<String>> {
        let names = parts.clone().map(|_| self.fresh(head)).collect::<Option<Vec<_>>>()?;
        let union = self.unions.entry(written(package).into()).or_default();
        for name in &names {
            union.push_str(&format!("{head} contains x if some x in {name}\n"));
        }
        for (name, part) in names.iter().zip(parts) {
            for (module, definition) in &part.definitions {
                let (start, length) = definition.head;
                self.edits.entry(*module).or_default().push((start, length, name.clone()));
            }
        }
        Some(names)
    }

    /// A name as long as `head` that no file mentions.
    fn fresh(&mut self, head: &str) -> Option<String> {
        let width = head.len().checked_sub(1)?;
        let initial = head.chars().next()?;
        let next = self.next.entry(head.len()).or_default();
        loop {
            let number = base36(*next, width)?;
            *next += 1;
            let name = format!("{initial}{number}");
            if !self.modules.iter().any(|module| module.text.contains(&name)) {
                return Some(name);
            }
        }
    }

    /// All modules with their new names, and the generated ones.
    pub(crate) fn finish(mut self) -> Split {
        let mut sources = Vec::new();
        for (at, module) in self.modules.iter().enumerate() {
            let mut text = module.text.to_string();
            let mut edits = self.edits.remove(&at).unwrap_or_default();
            edits.sort();
            for (start, length, name) in edits.into_iter().rev() {
                if text.get(start..start + length).is_some() {
                    text.replace_range(start..start + length, &name);
                }
            }
            sources.push(Source { path: module.path.clone(), text, dialect: module.dialect });
        }
        for (package, union) in self.unions {
            let text = format!("package {package}\n\n{union}");
            sources.push(Source { path: format!("(all of {package})").into(), text, dialect: Dialect::V1 });
        }
        Split { sources }
    }
}

/// `number` in so many digits of `0-9a-z`, where it fits. A name of three letters after the first has 46,656.
fn base36(mut number: usize, width: usize) -> Option<String> {
    let mut digits = Vec::with_capacity(width);
    for _ in 0..width {
        digits.push(char::from_digit(u32::try_from(number % 36).ok()?, 36)?);
        number /= 36;
    }
    (number == 0).then(|| digits.into_iter().rev().collect())
}
