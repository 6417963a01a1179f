//! Nodes of syntax trees, looked at by their fields.

use tollgate_rego_value::Val;

/// A node, whether it was read from text or handed in as an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a>(pub(super) Val<'a>);

/// Where a node stands: line and column.
pub(super) type Place = Option<(i64, i64)>;

/// What is wrong, and where.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    pub(super) place: Place,
    pub(super) message: String,
}

impl<'a> Node<'a> {
    pub(super) fn get(&self, field: &str) -> Option<Node<'a>> {
        let value = self.0.as_object()?.text(field)?;
        (!matches!(value, Val::Null)).then_some(Node(value))
    }

    /// A field's text; empty where there is none.
    pub(super) fn text(&self, field: &str) -> &'a str {
        self.get(field).and_then(|value| value.0.as_str()).unwrap_or_default()
    }

    pub(super) fn name(&self) -> &'a str {
        self.text("Name")
    }

    pub(super) fn is(&self, field: &str) -> bool {
        self.get(field).is_some_and(|value| matches!(value.0, Val::Bool(true)))
    }

    /// The kind of a value, by gqlparser's number.
    pub(super) fn kind(&self) -> i64 {
        match self.get("Kind") {
            Some(Node(Val::Int(kind))) => kind,
            _ => -1,
        }
    }

    /// A field's items.
    pub(super) fn list(&self, field: &str) -> Vec<Node<'a>> {
        let items = self.get(field).and_then(|value| value.0.as_array());
        items.map(|items| items.iter().map(Node).collect()).unwrap_or_default()
    }

    /// A field's texts.
    pub(super) fn texts(&self, field: &str) -> Vec<&'a str> {
        self.list(field).iter().filter_map(|item| item.0.as_str()).collect()
    }

    /// The item of that name in a list.
    pub(super) fn named(&self, field: &str, name: &str) -> Option<Node<'a>> {
        self.list(field).into_iter().find(|item| item.name() == name)
    }

    pub(super) fn place(&self) -> Place {
        let place = self.get("Position")?.0.as_array()?;
        match (place.get(0)?, place.get(1)?) {
            (Val::Int(line), Val::Int(column)) => Some((line, column)),
            _ => None,
        }
    }

    pub(super) fn issue(&self, message: String) -> Issue {
        Issue { place: self.place(), message }
    }

    /// The innermost name of a type.
    pub(super) fn type_name(&self) -> &'a str {
        let mut node = *self;
        while let Some(element) = node.get("Elem") {
            node = element;
        }
        node.text("NamedType")
    }

    /// A type as it is written.
    pub(super) fn type_shown(&self) -> String {
        let bang = if self.is("NonNull") { "!" } else { "" };
        match self.get("Elem") {
            Some(element) => format!("[{}]{bang}", element.type_shown()),
            None => format!("{}{bang}", self.text("NamedType")),
        }
    }

    /// A value as it is written.
    pub(super) fn value_shown(&self) -> String {
        let raw = self.text("Raw");
        match self.kind() {
            0 => format!("${raw}"),
            3 | 4 => crate::quote::quoted(raw),
            8 => {
                let items: Vec<_> = self
                    .list("Children")
                    .iter()
                    .filter_map(|child| child.get("Value"))
                    .map(|value| value.value_shown())
                    .collect();
                format!("[{}]", items.join(","))
            }
            9 => {
                let fields: Vec<_> = self
                    .list("Children")
                    .iter()
                    .map(|child| {
                        format!(
                            "{}:{}",
                            child.name(),
                            child.get("Value").map(|value| value.value_shown()).unwrap_or_default()
                        )
                    })
                    .collect();
                format!("{{{}}}", fields.join(","))
            }
            _ => raw.to_owned(),
        }
    }
}

/// Whether a value of type `own` goes where `other` is expected.
pub(super) fn is_compatible(own: Node<'_>, other: Node<'_>, other_non_null: bool) -> bool {
    if own.text("NamedType") != other.text("NamedType") {
        return false;
    }
    match (own.get("Elem"), other.get("Elem")) {
        (Some(_), None) => return false,
        (Some(own), Some(other)) if !is_compatible(own, other, other.is("NonNull")) => return false,
        _ => {}
    }
    !other_non_null || own.is("NonNull")
}
