//! A schema put together and checked: types by name, with what extends them.

use std::collections::{BTreeMap, BTreeSet};

use super::prelude::{META, PRELUDE};
use super::schema;
use super::tree::{Issue, Node, Place, is_compatible};
use crate::quote::quoted;
use crate::{Call, Error};

/// A type.
#[derive(Clone, Debug, Default)]
pub(super) struct Definition<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) fields: Vec<Node<'a>>,
    pub(super) interfaces: Vec<&'a str>,
    pub(super) members: Vec<&'a str>,
    pub(super) values: Vec<Node<'a>>,
    pub(super) directives: Vec<Node<'a>>,
    place: Place,
    builtin: bool,
}

/// A schema.
#[derive(Debug, Default)]
pub(super) struct Types<'a> {
    pub(super) types: BTreeMap<&'a str, Definition<'a>>,
    pub(super) directives: BTreeMap<&'a str, Node<'a>>,
    /// the objects that a type may be at run time, and the interfaces among them
    pub(super) possible: BTreeMap<&'a str, Vec<&'a str>>,
    pub(super) query: Option<&'a str>,
    pub(super) mutation: Option<&'a str>,
    pub(super) subscription: Option<&'a str>,
    /// `__typename`
    pub(super) typename: Option<Node<'a>>,
}

impl<'a> Definition<'a> {
    pub(super) fn field(&self, name: &str) -> Option<Node<'a>> {
        self.fields.iter().find(|field| field.name() == name).copied()
    }

    pub(super) fn is_composite(&self) -> bool {
        matches!(self.kind, "OBJECT" | "INTERFACE" | "UNION")
    }

    pub(super) fn is_leaf(&self) -> bool {
        matches!(self.kind, "SCALAR" | "ENUM")
    }

    pub(super) fn is_input(&self) -> bool {
        matches!(self.kind, "SCALAR" | "ENUM" | "INPUT_OBJECT")
    }

    fn issue(&self, message: String) -> Issue {
        Issue { place: self.place, message }
    }

    fn extend(&mut self, node: &Node<'a>) {
        self.fields.extend(node.list("Fields"));
        self.interfaces.extend(node.texts("Interfaces"));
        self.members.extend(node.texts("Types"));
        self.values.extend(node.list("EnumValues"));
        self.directives.extend(node.list("Directives"));
    }
}

/// Why there is no schema.
pub(super) enum Wrong {
    Issue(Issue),
    Other(Error),
}

impl From<Issue> for Wrong {
    fn from(issue: Issue) -> Self {
        Self::Issue(issue)
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Puts a schema together, and checks it.
pub(super) fn build<'a>(call: &Call<'a, '_>, document: Node<'a>) -> Result<Types<'a>, Wrong> {
    let mut types = Types::default();
    let prelude = Node(schema::parse(call, PRELUDE, false)?);
    for (part, builtin) in [(prelude, true), (document, false)] {
        for node in part.list("Definitions") {
            call.meter.spend(4)?;
            let mut definition = Definition {
                kind: node.text("Kind"),
                name: node.name(),
                place: node.place(),
                builtin,
                ..Definition::default()
            };
            definition.extend(&node);
            if types.types.insert(node.name(), definition).is_some() {
                return Err(node.issue(format!("Cannot redeclare type {}.", node.name())).into());
            }
        }
    }
    for node in document.list("Extensions") {
        call.meter.spend(4)?;
        let (kind, name) = (node.text("Kind"), node.name());
        let base = types.types.entry(name).or_insert_with(|| Definition {
            kind,
            name,
            place: node.place(),
            ..Definition::default()
        });
        if base.kind != kind {
            let message =
                format!("Cannot extend type {name} because the base type is a {}, not {kind}.", base.kind);
            return Err(node.issue(message).into());
        }
        base.extend(&node);
    }
    types.find_possible();
    for node in prelude.list("Directives").into_iter().chain(document.list("Directives")) {
        let name = node.name();
        let own = matches!(name, "include" | "skip" | "deprecated" | "specifiedBy" | "defer" | "oneOf");
        if types.directives.insert(name, node).is_some() && !own {
            return Err(node.issue(format!("Cannot redeclare directive {name}.")).into());
        }
    }
    types.find_roots(&document)?;
    let names: Vec<_> = types.types.keys().copied().collect();
    for name in names {
        call.meter.spend(4)?;
        types.check_definition(call, name)?;
    }
    types.check_cycles()?;
    for directive in types.directives.values() {
        reserved(directive)?;
        types.check_arguments(&directive.list("Arguments"), Some(directive.name()))?;
    }
    let meta = Node(schema::parse(call, META, false)?);
    let fields = meta.list("Definitions").first().map(|meta| meta.list("Fields")).unwrap_or_default();
    types.typename = fields.first().copied();
    if let Some(query) = types.query.and_then(|query| types.types.get_mut(query)) {
        query.fields.extend(fields.into_iter().skip(1));
    }
    Ok(types)
}

impl<'a> Types<'a> {
    fn find_possible(&mut self) {
        for (name, definition) in &self.types {
            match definition.kind {
                "UNION" => self.possible.entry(name).or_default().extend(&definition.members),
                "OBJECT" | "INPUT_OBJECT" | "INTERFACE" => {
                    for interface in &definition.interfaces {
                        self.possible.entry(interface).or_default().push(name);
                    }
                    if definition.kind != "INTERFACE" {
                        self.possible.entry(name).or_default().push(name);
                    }
                }
                _ => {}
            }
        }
    }

    fn find_roots(&mut self, document: &Node<'a>) -> Result<(), Issue> {
        let schemas = document.list("Schema");
        if let Some(second) = schemas.get(1) {
            let message = "Cannot have multiple schema entry points, consider schema extensions instead.";
            return Err(second.issue(message.to_owned()));
        }
        for node in schemas.iter().chain(&document.list("SchemaExtension")) {
            for root in node.list("OperationTypes") {
                let (operation, name) = (root.text("Operation"), root.text("Type"));
                if !self.types.contains_key(name) {
                    let message =
                        format!("Schema root {operation} refers to a type {name} that does not exist.");
                    return Err(root.issue(message));
                }
                match operation {
                    "query" => self.query = Some(name),
                    "mutation" => self.mutation = Some(name),
                    _ => self.subscription = Some(name),
                }
            }
            self.check_directives(&node.list("Directives"), "SCHEMA", None, true)?;
        }
        if schemas.is_empty() {
            let own = |name: &'static str| self.types.contains_key(name).then_some(name);
            self.query = self.query.or_else(|| own("Query"));
            self.mutation = self.mutation.or_else(|| own("Mutation"));
            self.subscription = self.subscription.or_else(|| own("Subscription"));
        }
        Ok(())
    }

    fn check_definition(&self, call: &Call<'_, '_>, name: &str) -> Result<(), Wrong> {
        let Some(definition) = self.types.get(name) else { return Ok(()) };
        let input = definition.kind == "INPUT_OBJECT";
        for field in &definition.fields {
            call.meter.spend(2)?;
            reserved(field)?;
            self.check_type(field)?;
            self.check_arguments(&field.list("Arguments"), None)?;
            let location = if input { "INPUT_FIELD_DEFINITION" } else { "FIELD_DEFINITION" };
            self.check_directives(&field.list("Directives"), location, None, true)?;
        }
        for member in &definition.members {
            let found = self.types.get(member);
            let found =
                found.ok_or_else(|| definition.issue(format!("Undefined type {}.", quoted(member))))?;
            if found.kind != "OBJECT" {
                let message = format!("{} type {} must be OBJECT.", definition.kind, quoted(member));
                return Err(definition.issue(message).into());
            }
        }
        for interface in &definition.interfaces {
            self.check_implements(definition, interface)?;
        }
        self.check_content(definition)?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = definition.fields.iter().find(|field| !seen.insert(field.name())) {
            let message = format!("Field {name}.{} can only be defined once.", twice.name());
            return Err(twice.issue(message).into());
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = definition.values.iter().find(|value| !seen.insert(value.name())) {
            let message = format!("Enum value {name}.{} can only be defined once.", twice.name());
            return Err(twice.issue(message).into());
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = definition.members.iter().find(|member| !seen.insert(**member)) {
            let message = format!("Union type {name} can only include type {twice} once.");
            return Err(definition.issue(message).into());
        }
        if !definition.builtin && name.starts_with("__") {
            return Err(definition.issue(reserved_message(name)).into());
        }
        Ok(self.check_directives(&definition.directives, definition.kind, None, false)?)
    }

    fn check_content(&self, definition: &Definition<'a>) -> Result<(), Issue> {
        let (kind, name) = (definition.kind, definition.name);
        let field_type = |field: &Node<'a>| {
            self.types.get(field.get("Type").map(|own| own.type_name()).unwrap_or_default())
        };
        match kind {
            "OBJECT" | "INTERFACE" => {
                if definition.fields.is_empty() {
                    return Err(definition.issue(format!("{kind} {name}: must define one or more fields.")));
                }
                let wrong =
                    |field: &&Node<'a>| field_type(field).is_some_and(|own| own.kind == "INPUT_OBJECT");
                if let Some(field) = definition.fields.iter().find(wrong) {
                    let kinds = "SCALAR, OBJECT, INTERFACE, UNION, ENUM";
                    return Err(field.issue(format!("{kind} {name}: field must be one of {kinds}.")));
                }
            }
            "ENUM" => {
                if definition.values.is_empty() {
                    let message = format!("{kind} {name}: must define one or more unique enum values.");
                    return Err(definition.issue(message));
                }
                for value in &definition.values {
                    if matches!(value.name(), "true" | "false" | "null") {
                        return Err(
                            definition.issue(format!("{kind} {name}: non-enum value {}.", value.name()))
                        );
                    }
                    self.check_directives(&value.list("Directives"), "ENUM_VALUE", None, true)?;
                }
            }
            "INPUT_OBJECT" => {
                if definition.fields.is_empty() {
                    return Err(
                        definition.issue(format!("{kind} {name}: must define one or more input fields."))
                    );
                }
                for field in &definition.fields {
                    if let Some(own) = field_type(field).filter(|own| !own.is_input()) {
                        let message = format!(
                            "{} {}: field must be one of SCALAR, ENUM, INPUT_OBJECT.",
                            own.kind,
                            field.name()
                        );
                        return Err(field.issue(message));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn check_type(&self, node: &Node<'a>) -> Result<&Definition<'a>, Issue> {
        let own = node.get("Type").unwrap_or(*node);
        let name = own.type_name();
        self.types.get(name).ok_or_else(|| own.issue(format!("Undefined type {name}.")))
    }

    fn check_arguments(&self, arguments: &[Node<'a>], directive: Option<&str>) -> Result<(), Issue> {
        for argument in arguments {
            reserved(argument)?;
            let definition = self.check_type(argument)?;
            if !definition.is_input() {
                let own = argument.get("Type").map(|own| own.type_shown()).unwrap_or_default();
                let (name, kind) = (argument.name(), definition.kind);
                let message =
                    format!("cannot use {own} as argument {name} because {kind} is not a valid input type");
                return Err(argument.issue(message));
            }
            self.check_directives(&argument.list("Directives"), "ARGUMENT_DEFINITION", directive, true)?;
        }
        Ok(())
    }

    fn check_directives(
        &self,
        directives: &[Node<'a>],
        location: &str,
        within: Option<&str>,
        one_place: bool,
    ) -> Result<(), Issue> {
        let mut seen = BTreeSet::new();
        for directive in directives {
            reserved(directive)?;
            let name = directive.name();
            if within == Some(name) {
                return Err(directive.issue(format!("Directive {name} cannot refer to itself.")));
            }
            let Some(definition) = self.directives.get(name) else {
                return Err(directive.issue(format!("Undefined directive {name}.")));
            };
            if one_place && !seen.insert(name) && !definition.is("IsRepeatable") {
                let message = format!("The directive {name} can only be used once at this location.");
                return Err(directive.issue(message));
            }
            if !definition.texts("Locations").contains(&location) {
                return Err(directive.issue(format!("Directive {name} is not applicable on {location}.")));
            }
            for argument in directive.list("Arguments") {
                let own = argument.name();
                if definition.named("Arguments", own).is_none() {
                    return Err(argument.issue(format!("Undefined argument {own} for directive {name}.")));
                }
            }
            for needed in definition.list("Arguments") {
                let optional = needed.get("DefaultValue").is_some()
                    || !needed.get("Type").is_some_and(|own| own.is("NonNull"));
                let given = directive.named("Arguments", needed.name()).and_then(|own| own.get("Value"));
                if !optional && given.is_none_or(|value| value.kind() == 6) {
                    let own = needed.name();
                    let message = format!("Argument {own} for directive {name} cannot be null.");
                    return Err(directive.issue(message));
                }
            }
        }
        Ok(())
    }

    fn check_implements(&self, definition: &Definition<'a>, name: &str) -> Result<(), Issue> {
        let own = definition.name;
        let Some(interface) = self.types.get(name) else {
            return Err(definition.issue(format!("Undefined type {}.", quoted(name))));
        };
        if interface.kind != "INTERFACE" {
            let message = format!("{} is a non interface type {}.", quoted(name), interface.kind);
            return Err(definition.issue(message));
        }
        for required in &interface.fields {
            let field = required.name();
            let Some(found) = definition.field(field) else {
                let message = format!("For {own} to implement {name} it must have a field called {field}.");
                return Err(definition.issue(message));
            };
            let types = required.get("Type").zip(found.get("Type"));
            if !types.is_some_and(|(required, found)| self.is_covariant(required, found)) {
                let shown = required.get("Type").map(|own| own.type_shown()).unwrap_or_default();
                let message =
                    format!("For {own} to implement {name} the field {field} must have type {shown}.");
                return Err(found.issue(message));
            }
            let head =
                format!("For {own} to implement {name} the field {field} must have the same arguments but");
            for needed in required.list("Arguments") {
                let argument = needed.name();
                let Some(given) = found.named("Arguments", argument) else {
                    return Err(found.issue(format!("{head} it is missing {argument}.")));
                };
                let types = needed.get("Type").zip(given.get("Type"));
                if !types.is_some_and(|(needed, given)| is_compatible(needed, given, given.is("NonNull"))) {
                    return Err(given.issue(format!("{head} {argument} has the wrong type.")));
                }
            }
            for given in found.list("Arguments") {
                let needed = given.get("Type").is_some_and(|own| own.is("NonNull"))
                    && given.get("DefaultValue").is_none();
                if needed && required.named("Arguments", given.name()).is_none() {
                    let message = format!(
                        "For {own} to implement {name} any additional arguments on {field} must be optional or have a default value but {} is required.",
                        given.name()
                    );
                    return Err(given.issue(message));
                }
            }
        }
        for above in &interface.interfaces {
            if definition.interfaces.contains(above) {
                continue;
            }
            let message = if *above == own {
                format!("Type {own} cannot implement {name} because it would create a circular reference.")
            } else {
                format!("Type {own} must implement {above} because it is implemented by {name}.")
            };
            return Err(definition.issue(message));
        }
        Ok(())
    }

    fn is_covariant(&self, required: Node<'a>, found: Node<'a>) -> bool {
        if required.is("NonNull") && !found.is("NonNull") {
            return false;
        }
        let name = required.text("NamedType");
        if !name.is_empty() {
            let own = found.text("NamedType");
            return name == own || self.possible.get(name).is_some_and(|possible| possible.contains(&own));
        }
        required
            .get("Elem")
            .zip(found.get("Elem"))
            .is_some_and(|(required, found)| self.is_covariant(required, found))
    }
}

fn reserved(node: &Node<'_>) -> Result<(), Issue> {
    if node.name().starts_with("__") {
        return Err(node.issue(reserved_message(node.name())));
    }
    Ok(())
}

fn reserved_message(name: &str) -> String {
    format!("Name \"{name}\" must not begin with \"__\", which is reserved by GraphQL introspection.")
}
