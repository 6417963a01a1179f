//! An OpenAPI document as the lines of the table.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The whole table.
pub(crate) fn table(document: &Value) -> Result<String, String> {
    let definitions = document["definitions"].as_object().ok_or("the document has no `definitions`")?;
    let version = document["version"].as_str().or(document["info"]["version"].as_str()).unwrap_or("unknown");
    let mut lines = format!(
        "# Made by `cargo run -p tollgate-schema --example table` from the OpenAPI document of {version}.\n"
    );
    let mut names: Vec<(String, &Value)> =
        definitions.iter().map(|(name, definition)| (short(name), definition)).collect();
    names.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(twice) = names.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(format!("two definitions have the short name `{}`", twice[0].0));
    }
    for (name, definition) in names {
        if stands_for(&name).is_some() {
            continue;
        }
        let versions = api_versions(definition).join(" ");
        let equals = if versions.is_empty() { "" } else { " = " };
        let _ = writeln!(lines, "{name}{equals}{versions}");
        let prefix = name.rsplit_once('.').map_or("", |(prefix, _)| prefix);
        let none = Map::new();
        for (field, schema) in definition["properties"].as_object().unwrap_or(&none) {
            let required =
                definition["required"].as_array().is_some_and(|names| names.contains(&field[..].into()));
            let mark = if required { "!" } else { "" };
            let _ = writeln!(lines, " {field}{mark} {}", of(schema, prefix)?);
        }
    }
    Ok(lines)
}

/// `apps.v1.Deployment` of `io.k8s.api.apps.v1.Deployment`.
fn short(name: &str) -> String {
    let parts: Vec<&str> = name.rsplitn(4, '.').take(3).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(".")
}

/// The letter of a definition that has no fields of its own.
fn stands_for(name: &str) -> Option<&'static str> {
    Some(match name {
        "api.resource.Quantity" => "q",
        "util.intstr.IntOrString" => "x",
        "meta.v1.Time" | "meta.v1.MicroTime" => "t",
        "meta.v1.FieldsV1" | "meta.v1.Patch" | "pkg.runtime.RawExtension" => "*",
        "apiextensions.v1.JSON" | "apiextensions.v1.CustomResourceSubresourceStatus" => "*",
        name if name.starts_with("apiextensions.v1.JSONSchemaPropsOr") => "*",
        _ => return None,
    })
}

/// Under which apiVersions it is a kind. What every group has (`DeleteOptions`, `WatchEvent`) is no kind of object.
fn api_versions(definition: &Value) -> Vec<String> {
    let kinds = definition["x-kubernetes-group-version-kind"].as_array().map_or(&[][..], |kinds| kinds);
    if kinds.len() > 10 {
        return Vec::new();
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |kind: &Value| match (text(&kind["group"]), text(&kind["version"])) {
        (group, version) if group.is_empty() => version,
        (group, version) => format!("{group}/{version}"),
    };
    kinds.iter().map(one).collect()
}

fn of(schema: &Value, prefix: &str) -> Result<String, String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = short(name);
        return Ok(match (stands_for(&name), name.strip_prefix(prefix)) {
            (Some(letter), _) => letter.to_owned(),
            (None, Some(rest)) if rest.starts_with('.') => rest.to_owned(),
            _ => name,
        });
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("byte")) => Ok("y".to_owned()),
        (Some("string"), _) => match schema["enum"].as_array() {
            None => Ok("s".to_owned()),
            Some(values) => {
                let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                if values.iter().any(|value| value.contains([',', '(', ')'])) {
                    return Err(format!("one of {values:?} cannot be written in the table"));
                }
                Ok(format!("s({})", values.join(",")))
            }
        },
        (Some("integer"), _) => Ok("i".to_owned()),
        (Some("number"), _) => Ok("n".to_owned()),
        (Some("boolean"), _) => Ok("b".to_owned()),
        (Some("array"), _) => Ok(format!("[{}]{}", keys(schema), of(&schema["items"], prefix)?)),
        (Some("object"), _) => match &schema["additionalProperties"] {
            Value::Null => Ok("*".to_owned()),
            item => Ok(format!("{{}}{}", of(item, prefix)?)),
        },
        (None, _) => Ok("*".to_owned()),
        (Some(other), _) => Err(format!("type `{other}` has no letter")),
    }
}

/// What makes an item unique.
fn keys(schema: &Value) -> String {
    match schema["x-kubernetes-list-type"].as_str() {
        Some("set") => "set".to_owned(),
        Some("map") => {
            let keys = schema["x-kubernetes-list-map-keys"].as_array().map_or(&[][..], |keys| keys);
            keys.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    }
}
