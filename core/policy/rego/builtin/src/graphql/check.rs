//! A query checked against a schema: the rules of GraphQL (October 2021, 5), told in gqlparser's words and order.
//!
//! Fragments are followed once for each operation, so that what cycles ends.

use std::collections::{BTreeMap, BTreeSet};

use super::overlap;
use super::selection::{Selection, kind_of};
use super::tree::{Issue, Node};
use super::types::{Definition, Types};
use crate::{Call, Error};

/// How many issues are told.
const MOST: usize = 100;

/// A query being checked.
pub(super) struct Check<'c, 'a, 'm> {
    pub(super) call: &'c Call<'a, 'm>,
    pub(super) types: &'c Types<'a>,
    pub(super) fragments: Vec<Node<'a>>,
    pub(super) issues: Vec<Issue>,
    pub(super) operation: Option<Node<'a>>,
    operations: usize,
    pub(super) used_variables: BTreeSet<&'a str>,
    pub(super) used_fragments: BTreeSet<&'a str>,
    pub(super) in_fragments: bool,
    /// fragments followed already in this operation or fragment
    pub(super) followed: BTreeSet<&'a str>,
    pub(super) compared: BTreeMap<(&'a str, &'a str), bool>,
}

/// What is wrong with a query.
pub(super) fn issues<'a>(
    call: &Call<'a, '_>,
    types: &Types<'a>,
    document: Node<'a>,
) -> Result<Vec<Issue>, Error> {
    let operations = document.list("Operations");
    let mut check = Check {
        call,
        types,
        fragments: document.list("Fragments"),
        issues: Vec::new(),
        operation: None,
        operations: operations.len(),
        used_variables: BTreeSet::new(),
        used_fragments: BTreeSet::new(),
        in_fragments: false,
        followed: BTreeSet::new(),
        compared: BTreeMap::new(),
    };
    let mut names = BTreeSet::new();
    for operation in &operations {
        check.followed.clear();
        check.operation(*operation, !names.insert(operation.name()))?;
    }
    let mut names = BTreeSet::new();
    let mut visited = BTreeSet::new();
    for fragment in check.fragments.clone() {
        check.followed.clear();
        check.fragment(fragment, !names.insert(fragment.name()), &mut visited)?;
    }
    Ok(check.issues)
}

impl<'c, 'a> Check<'c, 'a, '_> {
    pub(super) fn report(&mut self, node: &Node<'_>, message: String) {
        if self.issues.len() < MOST {
            self.issues.push(node.issue(message));
        }
    }

    pub(super) fn definition(&self, name: &str) -> Option<&'c Definition<'a>> {
        self.types.types.get(name)
    }

    fn operation(&mut self, operation: Node<'a>, twice: bool) -> Result<(), Error> {
        self.operation = Some(operation);
        self.used_variables.clear();
        let variables = operation.list("VariableDefinitions");
        for variable in &variables {
            let name = variable.get("Type").map(|own| own.type_name()).unwrap_or_default();
            if self.definition(name).is_none() {
                self.report(variable, format!("Unknown type \"{name}\"."));
            }
        }
        let (root, location) = match operation.text("Operation") {
            "mutation" => (self.types.mutation, "MUTATION"),
            "subscription" => (self.types.subscription, "SUBSCRIPTION"),
            _ => (self.types.query, "QUERY"),
        };
        let root = root.and_then(|name| self.definition(name));
        for variable in &variables {
            if let Some(default) = variable.get("DefaultValue") {
                self.value(default, variable.get("Type"), false)?;
            }
            self.directives(&variable.list("Directives"), "VARIABLE_DEFINITION")?;
        }
        self.directives(&operation.list("Directives"), location)?;
        self.selections(root, &operation, 0)?;
        if root.is_none() {
            let kind = operation.text("Operation");
            self.report(&operation, format!("Schema does not support operation type \"{kind}\""));
        }
        if operation.name().is_empty() && self.operations > 1 {
            self.report(
                &operation,
                "This anonymous operation must be the only defined operation.".to_owned(),
            );
        }
        self.variables_used(&operation, &variables);
        overlap::within(self, root, &operation)?;
        if location == "SUBSCRIPTION" && root.is_some() {
            self.single_field(&operation);
        }
        if twice {
            self.report(
                &operation,
                format!("There can be only one operation named \"{}\".", operation.name()),
            );
        }
        let mut seen = BTreeSet::new();
        for variable in &variables {
            let name = variable.text("Variable");
            if !seen.insert(name) {
                self.report(variable, format!("There can be only one variable named \"${name}\"."));
            }
        }
        for variable in &variables {
            let own = variable.get("Type");
            let definition = own.and_then(|own| self.definition(own.type_name()));
            if definition.is_some_and(|definition| !definition.is_input()) {
                let shown = own.map(|own| own.type_shown()).unwrap_or_default();
                let name = variable.text("Variable");
                self.report(variable, format!("Variable \"${name}\" cannot be non-input type \"{shown}\"."));
            }
        }
        self.operation = None;
        Ok(())
    }

    fn variables_used(&mut self, operation: &Node<'a>, variables: &[Node<'a>]) {
        let mut seen = BTreeSet::new();
        for variable in variables {
            let name = variable.text("Variable");
            // Of two of one name the first is the one that is used.
            if seen.insert(name) && self.used_variables.contains(name) {
                continue;
            }
            let within = match operation.name() {
                "" => String::new(),
                own => format!(" in operation \"{own}\""),
            };
            self.report(variable, format!("Variable \"${name}\" is never used{within}."));
        }
    }

    fn fragment(
        &mut self,
        fragment: Node<'a>,
        twice: bool,
        visited: &mut BTreeSet<&'a str>,
    ) -> Result<(), Error> {
        let (name, condition) = (fragment.name(), fragment.text("TypeCondition"));
        let definition = self.definition(condition);
        self.directives(&fragment.list("Directives"), "FRAGMENT_DEFINITION")?;
        self.selections(definition, &fragment, 0)?;
        match definition {
            Some(definition) if !definition.is_composite() => {
                let message =
                    format!("Fragment \"{name}\" cannot condition on non composite type \"{condition}\".");
                self.report(&fragment, message);
            }
            None => self.report(&fragment, format!("Unknown type \"{condition}\".")),
            Some(_) => {}
        }
        self.cycles(fragment, visited)?;
        self.in_fragments = true;
        if !self.used_fragments.contains(name) {
            self.report(&fragment, format!("Fragment \"{name}\" is never used."));
        }
        overlap::within(self, definition, &fragment)?;
        if twice {
            self.report(&fragment, format!("There can be only one fragment named \"{name}\"."));
        }
        Ok(())
    }

    /// No fragment may lead to itself.
    fn cycles(&mut self, fragment: Node<'a>, visited: &mut BTreeSet<&'a str>) -> Result<(), Error> {
        if !visited.insert(fragment.name()) {
            return Ok(());
        }
        // The fragments on the way, each with the spreads still to follow, the next one last.
        let mut levels = vec![(fragment.name(), spreads(&fragment))];
        while let Some((_, rest)) = levels.last_mut() {
            self.call.meter.spend(1)?;
            let Some(spread) = rest.pop() else {
                levels.pop();
                continue;
            };
            let name = spread.name();
            if let Some(at) = levels.iter().position(|level| level.0 == name) {
                let via: Vec<_> =
                    levels.iter().skip(at + 1).map(|level| format!("\"{}\"", level.0)).collect();
                let via = if via.is_empty() { String::new() } else { format!(" via {}", via.join(", ")) };
                self.report(&spread, format!("Cannot spread fragment \"{name}\" within itself{via}."));
            } else if visited.insert(name)
                && let Some(inner) = self.fragment_named(name)
            {
                levels.push((name, spreads(&inner)));
            }
        }
        Ok(())
    }

    pub(super) fn fragment_named(&self, name: &str) -> Option<Node<'a>> {
        self.fragments.iter().find(|fragment| fragment.name() == name).copied()
    }

    fn single_field(&mut self, operation: &Node<'a>) {
        let name = match operation.name() {
            "" => "Anonymous Subscription".to_owned(),
            name => format!("Subscription \"{name}\""),
        };
        let mut fields: Vec<Node<'a>> = Vec::new();
        let mut followed = BTreeSet::new();
        // What is still to look at, the next one last.
        let mut rest = operation.list("SelectionSet");
        rest.reverse();
        while let Some(selection) = rest.pop() {
            let inner = match kind_of(&selection) {
                Selection::Field => {
                    if !fields.iter().any(|field| field.name() == selection.name()) {
                        fields.push(selection);
                    }
                    continue;
                }
                Selection::Inline => Some(selection),
                Selection::Spread => {
                    self.fragment_named(selection.name()).filter(|own| followed.insert(own.name()))
                }
            };
            rest.extend(inner.into_iter().flat_map(|inner| inner.list("SelectionSet").into_iter().rev()));
        }
        if let Some(second) = fields.get(1) {
            self.report(second, format!("{name} must select only one top level field."));
        }
        for field in fields.iter().filter(|field| field.name().starts_with("__")) {
            self.report(field, format!("{name} must not select an introspection top level field."));
        }
    }
}

/// All spreads in a fragment, the last first.
fn spreads<'a>(fragment: &Node<'a>) -> Vec<Node<'a>> {
    let mut found = Vec::new();
    let mut sets = vec![fragment.list("SelectionSet")];
    while let Some(set) = sets.pop() {
        for selection in set {
            match kind_of(&selection) {
                Selection::Spread => found.push(selection),
                _ => sets.push(selection.list("SelectionSet")),
            }
        }
    }
    found.reverse();
    found
}
