//! What a query selects: fields, inline fragments, spreads of fragments.

use std::collections::BTreeSet;

use super::argument::missing;
use super::check::Check;
use super::overlap;
use super::tree::Node;
use super::types::Definition;
use crate::Error;

/// What a selection is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Selection {
    Field,
    Inline,
    Spread,
}

pub(super) fn kind_of(node: &Node<'_>) -> Selection {
    if node.get("Alias").is_some() {
        Selection::Field
    } else if node.get("TypeCondition").is_some() || node.get("SelectionSet").is_some() {
        Selection::Inline
    } else {
        Selection::Spread
    }
}

impl<'c, 'a> Check<'c, 'a, '_> {
    pub(super) fn selections(
        &mut self,
        parent: Option<&'c Definition<'a>>,
        node: &Node<'a>,
        depth: usize,
    ) -> Result<(), Error> {
        self.call.meter.spend(1)?;
        if depth > super::DEPTH {
            return Err(super::too_deep());
        }
        for selection in node.list("SelectionSet") {
            match kind_of(&selection) {
                Selection::Field => self.field(parent, selection, depth)?,
                Selection::Inline => self.inline(parent, selection, depth)?,
                Selection::Spread => self.spread(parent, selection, depth)?,
            }
        }
        Ok(())
    }

    fn field(
        &mut self,
        parent: Option<&'c Definition<'a>>,
        field: Node<'a>,
        depth: usize,
    ) -> Result<(), Error> {
        let name = field.name();
        let definition = self.field_definition(parent, name);
        let own = definition.and_then(|definition| definition.get("Type"));
        let next = own.and_then(|own| self.definition(own.type_name()));
        for argument in field.list("Arguments") {
            let expected = definition.and_then(|definition| definition.named("Arguments", argument.name()));
            self.argument(argument, expected)?;
        }
        self.directives(&field.list("Directives"), "FIELD")?;
        self.selections(next, &field, depth + 1)?;
        if let (Some(parent), None) = (parent, definition) {
            self.report(&field, format!("Cannot query field \"{name}\" on type \"{}\".", parent.name));
        }
        if let (Some(parent), Some(definition)) = (parent, definition) {
            for argument in field.list("Arguments") {
                let own = argument.name();
                if definition.named("Arguments", own).is_none() {
                    self.report(
                        &field,
                        format!("Unknown argument \"{own}\" on field \"{}.{name}\".", parent.name),
                    );
                }
            }
        }
        if matches!(name, "__schema" | "__type") && self.is_deep(&field, &mut BTreeSet::new(), 0, 0)? {
            self.report(&field, "Maximum introspection depth exceeded".to_owned());
        }
        if self.operation.is_some() {
            overlap::within(self, next, &field)?;
        }
        if let Some(definition) = definition {
            for needed in missing(&definition, &field) {
                let shown = needed.get("Type").map(|own| own.type_shown()).unwrap_or_default();
                let message = format!(
                    "Field \"{name}\" argument \"{}\" of type \"{shown}\" is required, but it was not provided.",
                    needed.name()
                );
                self.report(&field, message);
            }
        }
        if let Some(next) = next {
            let selects = !field.list("SelectionSet").is_empty();
            if next.is_leaf() && selects {
                let message = format!(
                    "Field \"{name}\" must not have a selection since type \"{}\" has no subfields.",
                    next.name
                );
                self.report(&field, message);
            }
            if !next.is_leaf() && !selects {
                let shown = own.map(|own| own.type_shown()).unwrap_or_default();
                let message = format!(
                    "Field \"{name}\" of type \"{shown}\" must have a selection of subfields. Did you mean \"{name} {{ ... }}\"?"
                );
                self.report(&field, message);
            }
        }
        self.unique_arguments(&field);
        Ok(())
    }

    pub(super) fn field_definition(&self, parent: Option<&Definition<'a>>, name: &str) -> Option<Node<'a>> {
        if name == "__typename" {
            return self.types.typename;
        }
        parent?.field(name)
    }

    /// Whether a query about the schema goes round in lists.
    fn is_deep(
        &self,
        node: &Node<'a>,
        within: &mut BTreeSet<&'a str>,
        lists: usize,
        depth: usize,
    ) -> Result<bool, Error> {
        self.call.meter.spend(1)?;
        if depth > super::DEPTH {
            return Err(super::too_deep());
        }
        let deeper = matches!(node.text("Name"), "fields" | "interfaces" | "possibleTypes" | "inputFields")
            && matches!(kind_of(node), Selection::Field);
        let lists = lists + usize::from(deeper);
        if lists >= 3 {
            return Ok(true);
        }
        for selection in node.list("SelectionSet") {
            let inner = match kind_of(&selection) {
                Selection::Spread => match self.fragment_named(selection.name()) {
                    Some(fragment) if within.insert(selection.name()) => {
                        let deep = self.is_deep_set(&fragment, within, lists, depth + 1)?;
                        within.remove(selection.name());
                        deep
                    }
                    _ => false,
                },
                Selection::Inline => self.is_deep_set(&selection, within, lists, depth + 1)?,
                Selection::Field => self.is_deep(&selection, within, lists, depth + 1)?,
            };
            if inner {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// As [`Self::is_deep`], for what is no field itself.
    fn is_deep_set(
        &self,
        node: &Node<'a>,
        within: &mut BTreeSet<&'a str>,
        lists: usize,
        depth: usize,
    ) -> Result<bool, Error> {
        self.call.meter.spend(1)?;
        let inner = self.call.arena.object(vec![(
            tollgate_rego_value::Val::String("SelectionSet"),
            node.get("SelectionSet").map_or(tollgate_rego_value::Val::Null, |set| set.0),
        )])?;
        self.is_deep(&Node(inner), within, lists, depth)
    }

    fn inline(
        &mut self,
        parent: Option<&'c Definition<'a>>,
        inline: Node<'a>,
        depth: usize,
    ) -> Result<(), Error> {
        let condition = inline.text("TypeCondition");
        let own = self.definition(condition);
        let next = if condition.is_empty() { parent } else { own };
        self.directives(&inline.list("Directives"), "INLINE_FRAGMENT")?;
        self.selections(next, &inline, depth + 1)?;
        if own.is_some_and(|own| !own.is_composite()) {
            self.report(&inline, format!("Fragment cannot condition on non composite type \"{condition}\"."));
        }
        if !condition.is_empty() && own.is_none() {
            self.report(&inline, format!("Unknown type \"{condition}\"."));
        }
        overlap::within(self, next, &inline)?;
        if let Some(parent) = parent.filter(|parent| !self.may_be(parent, condition)) {
            let message = format!(
                "Fragment cannot be spread here as objects of type \"{}\" can never be of type \"{condition}\".",
                parent.name
            );
            self.report(&inline, message);
        }
        Ok(())
    }

    fn spread(
        &mut self,
        parent: Option<&'c Definition<'a>>,
        spread: Node<'a>,
        depth: usize,
    ) -> Result<(), Error> {
        let name = spread.name();
        let fragment = self.fragment_named(name);
        let condition = fragment.map(|fragment| fragment.text("TypeCondition")).unwrap_or_default();
        let next = self.definition(condition);
        self.directives(&spread.list("Directives"), "FRAGMENT_SPREAD")?;
        if let Some(fragment) = fragment.filter(|_| self.followed.insert(name)) {
            self.directives(&fragment.list("Directives"), "FRAGMENT_DEFINITION")?;
            self.selections(next, &fragment, depth + 1)?;
        }
        if fragment.is_none() {
            self.report(&spread, format!("Unknown fragment \"{name}\"."));
        }
        if !self.in_fragments {
            self.used_fragments.insert(name);
        }
        if let Some(parent) = parent.filter(|parent| fragment.is_some() && !self.may_be(parent, condition)) {
            let message = format!(
                "Fragment \"{name}\" cannot be spread here as objects of type \"{}\" can never be of type \"{condition}\".",
                parent.name
            );
            self.report(&spread, message);
        }
        Ok(())
    }

    /// Whether something of a type may be of another one too.
    fn may_be(&self, parent: &Definition<'a>, condition: &str) -> bool {
        let possible = |definition: &Definition<'a>| -> Vec<&'a str> {
            match definition.kind {
                "OBJECT" => vec![definition.name],
                _ => self.types.possible.get(definition.name).cloned().unwrap_or_default(),
            }
        };
        if !parent.is_composite() {
            return true;
        }
        let Some(other) = self.definition(condition).filter(|other| other.is_composite()) else {
            return true;
        };
        let own = possible(parent);
        possible(other).iter().any(|name| own.contains(name))
    }
}
