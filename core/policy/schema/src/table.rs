//! The table, read from text at first use.
//!
//! ```text
//! apps.v1.Deployment = apps/v1        a definition, and the apiVersions under which its last name is a kind
//!  apiVersion s                       a field and its type
//!  spec .DeploymentSpec               of the same group and version as the definition
//!  selector! meta.v1.LabelSelector    required
//! ```
//! Types: `*` any, `s` string, `s(A,B)` one of these, `t` time, `y` bytes, `i` integer, `n` number, `b` boolean, `q`
//! quantity, `x` integer or string; before another type `[]` a list, `[set]` and `[name,port]` a list whose items are
//! unique, `{}` a map.
//!
//! INVARIANT: what does not read is `Any` or left out, never a panic; a test reads the whole table strictly.

use std::sync::LazyLock;

use crate::object::{Field, Kind, Object, Type};

static TABLE: LazyLock<Table> = LazyLock::new(|| read(&[KUBERNETES, ADMISSION]));
const KUBERNETES: &str = include_str!("kubernetes.txt");
const ADMISSION: &str = include_str!("admission.txt");

/// All definitions.
pub(crate) struct Table {
    /// in the order of their names
    names: Vec<(&'static str, Object)>,
    /// [`Object`] is a place herein
    pub(crate) definitions: Vec<Definition>,
    /// by name, then apiVersion
    pub(crate) kinds: Vec<Kind>,
}

/// One definition.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    /// by name
    pub(crate) fields: Vec<Field>,
}

/// The one table.
pub(crate) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    /// The definition of that short name.
    pub(crate) fn definition(&self, name: &str) -> Option<Object> {
        let at = self.names.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        self.names.get(at).map(|(_, object)| *object)
    }
}

fn read(texts: &[&'static str]) -> Table {
    let lines = || texts.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#'));
    let headers = lines().filter(|line| !line.starts_with(' '));
    let mut names: Vec<(&'static str, Object)> = headers
        .zip(0..u16::MAX)
        .map(|(line, at)| (line.split_once(" = ").map_or(line, |(name, _)| name), Object(at)))
        .collect();
    names.sort_unstable();
    let mut table = Table { names, definitions: Vec::new(), kinds: Vec::new() };
    for line in lines() {
        if let Some(field) = line.strip_prefix(' ') {
            let Some((name, of)) = field.split_once(' ') else { continue };
            let prefix = table.definitions.last().map_or("", |definition| group_version(definition.name));
            let of = type_of(of, prefix, &table);
            let (name, required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
            if let Some(definition) = table.definitions.last_mut() {
                definition.fields.push(Field { name, required, of });
            }
        } else {
            let (name, versions) = line.split_once(" = ").unwrap_or((line, ""));
            table.definitions.push(Definition { name, fields: Vec::new() });
            let Some(object) = table.definition(name) else { continue };
            let kind = name.rsplit('.').next().unwrap_or(name);
            let kinds = versions.split_whitespace().map(|api_version| Kind { api_version, kind, object });
            table.kinds.extend(kinds);
        }
    }
    for definition in &mut table.definitions {
        definition.fields.sort_by_key(|field| field.name);
    }
    table.kinds.sort_by_key(|kind| (kind.kind, kind.api_version));
    table
}

/// `apps.v1` of `apps.v1.Deployment`.
fn group_version(name: &'static str) -> &'static str {
    name.rsplit_once('.').map_or("", |(prefix, _)| prefix)
}

fn type_of(text: &'static str, prefix: &str, table: &Table) -> Type {
    if let Some(item) = text.strip_prefix("{}") {
        return Type::Map(Box::new(type_of(item, prefix, table)));
    }
    if let Some((keys, item)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let keys = match keys {
            "" => None,
            "set" => Some(Box::default()),
            keys => Some(keys.split(',').collect()),
        };
        return Type::List { item: Box::new(type_of(item, prefix, table)), keys };
    }
    if let Some(values) = text.strip_prefix("s(").and_then(|rest| rest.strip_suffix(')')) {
        return Type::String(values.split(',').collect());
    }
    match text {
        "s" => Type::String(Box::default()),
        "t" => Type::Time,
        "y" => Type::Bytes,
        "i" => Type::Integer,
        "n" => Type::Number,
        "b" => Type::Boolean,
        "q" => Type::Quantity,
        "x" => Type::IntOrString,
        name if name.starts_with('.') => object(&format!("{prefix}{name}"), table),
        name => object(name, table),
    }
}

fn object(name: &str, table: &Table) -> Type {
    table.definition(name).map_or(Type::Any, Type::Object)
}

#[cfg(test)]
mod tests;
