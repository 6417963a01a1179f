//! Input objects that need each other, of which none could ever be given.

use std::collections::BTreeSet;

use super::tree::{Issue, Node};
use super::types::Types;
use crate::quote::quoted;

impl<'a> Types<'a> {
    /// No input object may need another of its own kind.
    pub(super) fn check_cycles(&self) -> Result<(), Issue> {
        let mut done = BTreeSet::new();
        for name in self.types.keys() {
            // The fields followed, each with the type it leads to, and what is left to follow at each level.
            let mut path: Vec<(&str, Node<'a>)> = Vec::new();
            let mut levels = vec![(*name, self.needed(name))];
            if !done.insert(*name) {
                continue;
            }
            while let Some((_, rest)) = levels.last_mut() {
                let Some((field, to)) = rest.pop() else {
                    levels.pop();
                    path.pop();
                    continue;
                };
                path.push((to, field));
                if let Some(at) = levels.iter().position(|level| level.0 == to) {
                    let cycle = path.get(at..).unwrap_or_default();
                    let names: Vec<_> = cycle.iter().map(|step| step.1.name()).collect();
                    let place = cycle.first().and_then(|step| step.1.place());
                    let message = format!(
                        "Cannot reference Input Object {} within itself through a series of non-null fields: {}.",
                        quoted(to),
                        quoted(&names.join("."))
                    );
                    return Err(Issue { place, message });
                }
                if done.insert(to) {
                    levels.push((to, self.needed(to)));
                } else {
                    path.pop();
                }
            }
        }
        Ok(())
    }

    /// The fields of an input object that need another one, the last first.
    fn needed(&self, name: &str) -> Vec<(Node<'a>, &'a str)> {
        let Some(definition) = self.types.get(name).filter(|own| own.kind == "INPUT_OBJECT") else {
            return Vec::new();
        };
        let mut found: Vec<_> = definition
            .fields
            .iter()
            .filter_map(|field| {
                let own = field.get("Type")?;
                let to = own.text("NamedType");
                let input = self.types.get(to).is_some_and(|to| to.kind == "INPUT_OBJECT");
                (own.is("NonNull") && input).then_some((*field, to))
            })
            .collect();
        found.reverse();
        found
    }
}
