//! A query checked against a schema: the rules of GraphQL (October 2021, 5), told in gqlparser's words and order.
//!
//! Fragments are followed once for each operation, so that what cycles ends.

use std::collections::{BTreeMap, BTreeSet};

use super::overlap;
use super::tree::{Issue, Node, is_compatible};
use super::types::{Definition, Types};
use super::value;
use crate::{Call, Error};

/// How many issues are told.
const MOST: usize = 100;

/// A query being checked.
pub(super) struct Check<'c, 'a, 'm> {
    pub(super) call: &'c Call<'a, 'm>,
    pub(super) types: &'c Types<'a>,
    pub(super) fragments: Vec<Node<'a>>,
    pub(super) issues: Vec<Issue>,
    operation: Option<Node<'a>>,
    operations: usize,
    used_variables: BTreeSet<&'a str>,
    used_fragments: BTreeSet<&'a str>,
    in_fragments: bool,
    /// fragments followed already in this operation or fragment
    followed: BTreeSet<&'a str>,
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

    fn selections(
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

    fn directives(&mut self, directives: &[Node<'a>], location: &str) -> Result<(), Error> {
        for directive in directives {
            let name = directive.name();
            let definition = self.types.directives.get(name).copied();
            for argument in directive.list("Arguments") {
                let expected =
                    definition.and_then(|definition| definition.named("Arguments", argument.name()));
                self.argument(argument, expected)?;
            }
            let Some(definition) = definition else {
                self.report(directive, format!("Unknown directive \"@{name}\"."));
                continue;
            };
            for argument in directive.list("Arguments") {
                let own = argument.name();
                if definition.named("Arguments", own).is_none() {
                    self.report(directive, format!("Unknown argument \"{own}\" on directive \"@{name}\"."));
                }
            }
            if !definition.texts("Locations").contains(&location) {
                self.report(directive, format!("Directive \"@{name}\" may not be used on {location}."));
            }
            for needed in missing(&definition, directive) {
                let shown = needed.get("Type").map(|own| own.type_shown()).unwrap_or_default();
                let message = format!(
                    "Directive \"@{name}\" argument \"{}\" of type \"{shown}\" is required, but it was not provided.",
                    needed.name()
                );
                self.report(directive, message);
            }
            self.unique_arguments(directive);
        }
        let mut seen = BTreeSet::new();
        for directive in directives {
            let name = directive.name();
            let repeatable = self.types.directives.get(name).is_some_and(|own| own.is("IsRepeatable"));
            if !seen.insert(name) && !repeatable {
                self.report(
                    directive,
                    format!("The directive \"@{name}\" can only be used once at this location."),
                );
            }
        }
        Ok(())
    }

    fn unique_arguments(&mut self, node: &Node<'a>) {
        let mut seen = BTreeSet::new();
        for argument in node.list("Arguments") {
            if !seen.insert(argument.name()) {
                let message = format!("There can be only one argument named \"{}\".", argument.name());
                self.report(&argument, message);
            }
        }
    }

    fn argument(&mut self, argument: Node<'a>, expected: Option<Node<'a>>) -> Result<(), Error> {
        let Some(value) = argument.get("Value") else { return Ok(()) };
        let default = expected.and_then(|expected| expected.get("DefaultValue"));
        let has_default = default.is_some_and(|default| default.kind() != 6);
        self.value(value, expected.and_then(|expected| expected.get("Type")), has_default)
    }

    /// A value where a type is expected; its parts first.
    fn value(&mut self, value: Node<'a>, expected: Option<Node<'a>>, has_default: bool) -> Result<(), Error> {
        self.value_at(value, expected, has_default, 0)
    }

    fn value_at(
        &mut self,
        value: Node<'a>,
        expected: Option<Node<'a>>,
        has_default: bool,
        depth: usize,
    ) -> Result<(), Error> {
        self.call.meter.spend(1)?;
        if depth > super::DEPTH {
            return Err(super::too_deep());
        }
        let definition = expected.and_then(|expected| self.definition(expected.type_name()));
        let variable = self.variable(&value);
        match value.kind() {
            9 => {
                for child in value.list("Children") {
                    let field = definition.and_then(|definition| definition.field(child.name()));
                    let default = field.and_then(|field| field.get("DefaultValue"));
                    let has_default = default.is_some_and(|default| default.kind() != 6);
                    if let Some(inner) = child.get("Value") {
                        self.value_at(
                            inner,
                            field.and_then(|field| field.get("Type")),
                            has_default,
                            depth + 1,
                        )?;
                    }
                }
            }
            8 => {
                let element = expected.and_then(|expected| expected.get("Elem"));
                for child in value.list("Children") {
                    if let Some(inner) = child.get("Value") {
                        self.value_at(inner, element, false, depth + 1)?;
                    }
                }
            }
            0 => {
                if let (Some(operation), None) = (self.operation, variable) {
                    let within = match operation.name() {
                        "" => String::new(),
                        own => format!(" by operation \"{own}\""),
                    };
                    self.report(
                        &value,
                        format!("Variable \"{}\" is not defined{within}.", value.value_shown()),
                    );
                }
            }
            _ => {}
        }
        if value.kind() == 9 {
            let mut seen = BTreeSet::new();
            for child in value.list("Children") {
                if !seen.insert(child.name()) {
                    self.report(
                        &child,
                        format!("There can be only one input field named \"{}\".", child.name()),
                    );
                }
            }
        }
        if let (Some(expected), Some(definition)) = (expected, definition) {
            value::check(self, value, expected, definition);
        }
        if let (Some(expected), Some(variable)) = (expected, variable) {
            self.variable_fits(&value, expected, &variable, has_default);
        }
        Ok(())
    }

    pub(super) fn variable(&mut self, value: &Node<'a>) -> Option<Node<'a>> {
        if value.kind() != 0 {
            return None;
        }
        let name = value.text("Raw");
        let variables = self.operation?.list("VariableDefinitions");
        let found = variables.into_iter().find(|variable| variable.text("Variable") == name)?;
        self.used_variables.insert(found.text("Variable"));
        Some(found)
    }

    fn variable_fits(
        &mut self,
        value: &Node<'a>,
        expected: Node<'a>,
        variable: &Node<'a>,
        has_default: bool,
    ) {
        let own_default = variable.get("DefaultValue").is_some_and(|default| default.kind() != 6);
        let non_null = expected.is("NonNull") && !own_default && !has_default;
        let Some(own) = variable.get("Type") else { return };
        if !is_compatible(own, expected, non_null) {
            let message = format!(
                "Variable \"{}\" of type \"{}\" used in position expecting type \"{}\".",
                value.value_shown(),
                own.type_shown(),
                expected.type_shown()
            );
            self.report(value, message);
        }
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

/// The arguments that must be given and are not.
fn missing<'a>(definition: &Node<'a>, node: &Node<'a>) -> Vec<Node<'a>> {
    let mut needed = definition.list("Arguments");
    needed.retain(|argument| {
        argument.get("Type").is_some_and(|own| own.is("NonNull"))
            && argument.get("DefaultValue").is_none()
            && node.named("Arguments", argument.name()).is_none()
    });
    needed
}
