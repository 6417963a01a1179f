//! Reading `terraform show -json PLAN`.
//!
//! ```text
//! bytes ──json──> Value ──is it a plan of format 1.x?──> resource_changes ──sensitive values dropped──> Change
//! ```

use std::sync::Arc;

use tollgate_manifest::{Limits, json};
use tollgate_vocabulary::{Path, Step, Value};

use super::{Action, Change, Plan, foreign};
use crate::configuration::Configuration;
use crate::values::Values;
use crate::{PlanError, address, kind};

/// What one plan may take. Plans hold each resource about four times.
const BYTES: usize = 64 << 20;
const NODES: usize = 4_000_000;

impl Plan {
    /// Reads what `terraform show -json PLAN` prints.
    ///
    /// # Errors
    /// It is no JSON, no plan (with what it is instead), of another format than 1.x, ended in an error, or lacks what
    /// the format has.
    pub fn read(bytes: &[u8]) -> Result<Self, PlanError> {
        // PowerShell puts a byte order mark before what it writes to a file.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if let Some(foreign) = foreign::of_bytes(bytes) {
            return Err(PlanError::NotAPlan(foreign));
        }
        let limits = Limits { bytes: BYTES, nodes: NODES, ..Limits::default() };
        let plan = json::read(bytes, &limits).map_err(|error| PlanError::Json { error })?;
        if !["resource_changes", "planned_values"].into_iter().any(|key| plan.get(key).is_some()) {
            return Err(PlanError::NotAPlan(foreign::of_value(&plan)));
        }
        check_version(plan.get("format_version"))?;
        if plan.get("errored") == Some(&Value::Bool(true)) {
            return Err(PlanError::Errored);
        }
        of_value(&plan).map_err(|Wrong { path, problem }| {
            let position = json::read_with_spans(bytes, &limits)
                .map(|(value, tree)| tree.locate(&value, &path).span.start)
                .unwrap_or_default();
            PlanError::Shape { path, problem, position }
        })
    }
}

fn check_version(version: Option<&Value>) -> Result<(), PlanError> {
    let text = version.and_then(Value::as_str).unwrap_or_default();
    let major = text.split('.').next().unwrap_or_default();
    let shown = || text.chars().take(20).flat_map(char::escape_default).collect::<String>();
    let is_number = !major.is_empty() && major.bytes().all(|byte| byte.is_ascii_digit());
    match major {
        "1" => Ok(()),
        "0" => Err(PlanError::Version(shown(), "Terraform before 1.1 wrote it; plan with a newer one")),
        _ if is_number => Err(PlanError::Version(shown(), "it is newer than this program")),
        _ => Err(PlanError::Version(shown(), "the plan should name one such as `1.2`")),
    }
}

fn of_value(plan: &Value) -> Result<Plan, Wrong> {
    let root = Part { value: plan, path: Path::root() };
    let mut changes = Vec::new();
    for item in root.list("resource_changes")? {
        changes.extend(change(&item)?);
    }
    let mut deferred = Vec::new();
    for item in root.list("deferred_changes")? {
        deferred.push(Arc::from(item.below("resource_change")?.text("address")?));
    }
    Ok(Plan {
        changes,
        configuration: Configuration::of(plan, |kind| kind::of(kind).is_some()),
        complete: plan.get("complete") != Some(&Value::Bool(false)) && deferred.is_empty(),
        deferred,
    })
}

/// One of `resource_changes`; nothing where it is of a data source.
fn change(item: &Part<'_>) -> Result<Option<Change>, Wrong> {
    if item.value.get("mode").and_then(Value::as_str).is_some_and(|mode| mode != "managed") {
        return Ok(None);
    }
    let (address, kind) = (item.text("address")?, item.text("type")?);
    let name = item.value.get("name").and_then(Value::as_str).unwrap_or_default();
    let module = item.value.get("module_address").and_then(Value::as_str).unwrap_or_default();
    let provider = item.value.get("provider_name").and_then(Value::as_str).unwrap_or_default();
    let change = item.below("change")?;
    let own =
        address.strip_prefix(module).map(|own| own.strip_prefix('.').unwrap_or(own)).unwrap_or_default();
    Ok(Some(Change {
        address: address.into(),
        module: address::module_names(module).into(),
        module_address: module.into(),
        kind: kind.into(),
        name: name.into(),
        index: own.strip_prefix(&format!("{kind}.{name}")).unwrap_or_default().into(),
        provider: provider.rsplit('/').next().unwrap_or_default().into(),
        deposed: item.value.get("deposed").is_some_and(|deposed| deposed.as_str().is_some()),
        action: action(&change)?,
        before: side(&change, kind, "before", None, "before_sensitive")?,
        after: side(&change, kind, "after", Some("after_unknown"), "after_sensitive")?,
    }))
}

fn action(change: &Part<'_>) -> Result<Action, Wrong> {
    let mut words = Vec::new();
    let items = change.list("actions")?;
    for item in &items {
        words.push(item.value.as_str().ok_or_else(|| item.wrong("should be text"))?);
    }
    let actions = change.path.join(Step::Key("actions".into()));
    Action::of(&words).ok_or(Wrong { path: actions, problem: "should be actions such as [\"create\"]" })
}

/// The values before or after; nothing where the resource is not there. Of a type that is not priced, none is kept.
fn side(
    change: &Part<'_>,
    kind: &str,
    known: &str,
    unknown: Option<&str>,
    sensitive: &str,
) -> Result<Option<Values>, Wrong> {
    let tree = |key: &str| change.value.get(key).cloned().unwrap_or_default();
    match change.value.get(known) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(_)) if kind::of(kind).is_none() => Ok(Some(Values::default())),
        Some(Value::Object(_)) => {
            Ok(Some(Values::new(tree(known), unknown.map(tree).unwrap_or_default(), tree(sensitive))))
        }
        Some(_) => Err(Part { value: change.value, path: change.path.join(Step::Key(known.into())) }
            .wrong("should be an object or null")),
    }
}

/// A part of the JSON, and where it stands.
struct Part<'v> {
    value: &'v Value,
    path: Path,
}

/// A part that is not as the format has it.
struct Wrong {
    path: Path,
    problem: &'static str,
}

impl<'v> Part<'v> {
    fn wrong(&self, problem: &'static str) -> Wrong {
        Wrong { path: self.path.clone(), problem }
    }

    fn at(&self, key: &str) -> (Path, Option<&'v Value>) {
        (self.path.join(Step::Key(key.into())), self.value.get(key))
    }

    /// The object under `key`.
    fn below(&self, key: &str) -> Result<Self, Wrong> {
        match self.at(key) {
            (path, Some(value @ Value::Object(_))) => Ok(Self { value, path }),
            (path, _) => Err(Wrong { path, problem: "should be an object" }),
        }
    }

    fn text(&self, key: &str) -> Result<&'v str, Wrong> {
        let (path, value) = self.at(key);
        let text = value.and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or(Wrong { path, problem: "should be text" })
    }

    /// The items of the list under `key`, which may be missing.
    fn list(&self, key: &str) -> Result<Vec<Self>, Wrong> {
        match self.at(key) {
            (_, None | Some(Value::Null)) => Ok(Vec::new()),
            (path, Some(Value::Array(items))) => Ok(items
                .iter()
                .enumerate()
                .map(|(at, value)| Part { value, path: path.join(Step::Index(at)) })
                .collect()),
            (path, Some(_)) => Err(Wrong { path, problem: "should be a list" }),
        }
    }
}
