//! Values of the type that is expected.

use super::check::Check;
use super::tree::Node;
use super::types::Definition;

/// Checks a value that is no variable, but not its parts.
pub(super) fn check<'a>(
    check: &mut Check<'_, 'a, '_>,
    value: Node<'a>,
    expected: Node<'a>,
    definition: &Definition<'a>,
) {
    let (shown, wanted) = (value.value_shown(), expected.type_shown());
    if value.kind() == 6 && expected.is("NonNull") {
        check.report(&value, format!("Expected value of type \"{wanted}\", found {shown}."));
    }
    let is_one = |names: &[&str]| names.contains(&definition.name);
    if definition.kind == "SCALAR" && !is_one(&["Int", "Float", "String", "Boolean", "ID"]) {
        return;
    }
    if value.kind() == 1 && value.text("Raw").parse::<i64>().is_err() {
        check.report(&value, wrong(&value, &wanted, definition));
    }
    let fits = match value.kind() {
        8 => expected.get("Elem").is_some(),
        1 => is_one(&["Int", "Float", "ID"]),
        2 => is_one(&["Float"]),
        3 | 4 if definition.kind == "ENUM" => {
            let message = format!("Enum \"{wanted}\" cannot represent non-enum value: {shown}.");
            check.report(&value, message);
            true
        }
        3 | 4 => is_one(&["String", "ID"]),
        5 => is_one(&["Boolean"]),
        7 if definition.kind == "ENUM" => {
            if !definition.values.iter().any(|own| own.name() == value.text("Raw")) {
                check.report(&value, format!("Value \"{shown}\" does not exist in \"{wanted}\" enum."));
            }
            true
        }
        7 => false,
        9 => {
            object(check, &value, definition);
            true
        }
        _ => true,
    };
    if !fits {
        check.report(&value, wrong(&value, &wanted, definition));
    }
}

fn object<'a>(check: &mut Check<'_, 'a, '_>, value: &Node<'a>, definition: &Definition<'a>) {
    let name = definition.name;
    let children = value.list("Children");
    for field in &definition.fields {
        let needed = field.get("Type").filter(|own| own.is("NonNull") && field.get("DefaultValue").is_none());
        let own = field.name();
        if let Some(needed) = needed.filter(|_| !children.iter().any(|child| child.name() == own)) {
            let shown = needed.type_shown();
            check.report(
                value,
                format!("Field \"{name}.{own}\" of required type \"{shown}\" was not provided."),
            );
        }
    }
    if definition.directives.iter().any(|directive| directive.name() == "oneOf") {
        match children.as_slice() {
            [one] => {
                let inner = one.get("Value");
                if inner.is_none_or(|inner| inner.kind() == 6) {
                    let first = definition.fields.first().map(Node::name).unwrap_or_default();
                    check.report(
                        &inner.unwrap_or(*one),
                        format!("Field \"{name}.{first}\" must be non-null."),
                    );
                } else if let Some(variable) = inner.and_then(|inner| check.variable(&inner))
                    && let Some(own) = variable.get("Type").filter(|own| !own.is("NonNull"))
                {
                    let message = format!(
                        "Variable \"${}\" is of type \"{}\" but must be non-nullable to be used for OneOf Input Object \"{name}\".",
                        variable.text("Variable"),
                        own.type_shown()
                    );
                    check.report(&variable, message);
                }
            }
            _ => check.report(value, format!("OneOf Input Object \"{name}\" must specify exactly one key.")),
        }
    }
    for child in &children {
        if definition.field(child.name()).is_none() {
            check.report(child, format!("Field \"{}\" is not defined by type \"{name}\".", child.name()));
        }
    }
}

fn wrong(value: &Node<'_>, wanted: &str, definition: &Definition<'_>) -> String {
    let shown = value.value_shown();
    match wanted.trim_end_matches('!') {
        "Int" => {
            let raw = value.text("Raw");
            let digits = raw.strip_prefix('-').unwrap_or(raw);
            let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let what = if whole && raw.parse::<i32>().is_err() { "32-bit signed integer" } else { "integer" };
            let non = if what == "integer" { "non-integer" } else { "non 32-bit signed integer" };
            format!("Int cannot represent {non} value: {shown}")
        }
        "String" => format!("String cannot represent a non string value: {shown}"),
        "[String]" if wanted == "[String]" => format!("String cannot represent a non string value: {shown}"),
        "Boolean" => format!("Boolean cannot represent a non boolean value: {shown}"),
        "Float" => format!("Float cannot represent non numeric value: {shown}"),
        "ID" => format!("ID cannot represent a non-string and non-integer value: {shown}"),
        _ if definition.kind == "ENUM" => {
            format!("Enum \"{wanted}\" cannot represent non-enum value: {shown}.")
        }
        _ => format!("Expected value of type \"{wanted}\", found {shown}."),
    }
}
