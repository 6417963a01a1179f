//! Directives, arguments and the values that they are given.

use std::collections::BTreeSet;

use super::check::Check;
use super::tree::{Node, is_compatible};
use super::value;
use crate::Error;

impl<'a> Check<'_, 'a, '_> {
    pub(super) fn directives(&mut self, directives: &[Node<'a>], location: &str) -> Result<(), Error> {
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

    pub(super) fn unique_arguments(&mut self, node: &Node<'a>) {
        let mut seen = BTreeSet::new();
        for argument in node.list("Arguments") {
            if !seen.insert(argument.name()) {
                let message = format!("There can be only one argument named \"{}\".", argument.name());
                self.report(&argument, message);
            }
        }
    }

    pub(super) fn argument(&mut self, argument: Node<'a>, expected: Option<Node<'a>>) -> Result<(), Error> {
        let Some(value) = argument.get("Value") else { return Ok(()) };
        let default = expected.and_then(|expected| expected.get("DefaultValue"));
        let has_default = default.is_some_and(|default| default.kind() != 6);
        self.value(value, expected.and_then(|expected| expected.get("Type")), has_default)
    }

    /// A value where a type is expected; its parts first.
    pub(super) fn value(
        &mut self,
        value: Node<'a>,
        expected: Option<Node<'a>>,
        has_default: bool,
    ) -> Result<(), Error> {
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
}

/// The arguments that must be given and are not.
pub(super) fn missing<'a>(definition: &Node<'a>, node: &Node<'a>) -> Vec<Node<'a>> {
    let mut needed = definition.list("Arguments");
    needed.retain(|argument| {
        argument.get("Type").is_some_and(|own| own.is("NonNull"))
            && argument.get("DefaultValue").is_none()
            && node.named("Arguments", argument.name()).is_none()
    });
    needed
}
