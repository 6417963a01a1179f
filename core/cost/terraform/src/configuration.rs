//! What the configuration in a plan says: which fields are written, what they refer to, and where providers work.
//!
//! ```text
//! configuration.root_module ──> modules by name: resources ──> expressions without their constants
//! configuration.provider_config + variables ──> a provider's region and zone
//! ```
//!
//! INVARIANT: constants are dropped but for a provider's region and zone, for a password may be written as one.

mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{Path, Value};

use crate::address::Reference;
use written::without_constants;

/// References that one field is followed through; what comes after is not looked at.
const REFERENCES: usize = 64;

/// What is kept of a plan's `configuration`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    /// by the names of the modules, joined by dots
    modules: BTreeMap<String, Module>,
    providers: BTreeMap<Arc<str>, Provider>,
}

#[derive(Clone, Debug, Default)]
struct Module {
    /// by `type.name`
    resources: BTreeMap<String, Written>,
    /// what each call of a module is given, by its name
    calls: BTreeMap<Arc<str>, Value>,
}

/// How a resource is written, for all its instances.
#[derive(Clone, Debug, Default)]
pub(crate) struct Written {
    provider: Arc<str>,
    expressions: Value,
}

/// Where a provider works, as far as that is written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Provider {
    /// `aws`, whatever its alias
    name: Arc<str>,
    pub(crate) region: Option<Arc<str>>,
    pub(crate) zone: Option<Arc<str>>,
}

impl Configuration {
    /// Reads what is wanted; whatever has another shape says nothing. `keep` tells of which types.
    pub(crate) fn of(plan: &Value, keep: impl Fn(&str) -> bool) -> Self {
        let mut read = Self::default();
        let Some(configuration) = plan.get("configuration") else { return read };
        if let Some(root) = configuration.get("root_module") {
            read.module(String::new(), root, &keep);
        }
        for (key, provider) in entries(configuration.get("provider_config")) {
            let within = provider.get("module_address").is_some();
            let place = |field| constant(plan, provider.get("expressions")?.get(field)?, within);
            let name = provider.get("name").and_then(Value::as_str).map_or_else(|| key.clone(), Arc::from);
            read.providers
                .insert(key.clone(), Provider { name, region: place("region"), zone: place("zone") });
        }
        read
    }

    /// How a resource is written.
    pub(crate) fn written(&self, module: &str, kind: &str, name: &str) -> Option<&Written> {
        self.modules.get(module)?.resources.get(&format!("{kind}.{name}"))
    }

    /// The provider that a resource is made by.
    pub(crate) fn provider(&self, written: &Written) -> Option<&Provider> {
        let key = &*written.provider;
        // A provider that a module does not configure itself is the one of the same name around it. One with an alias
        // may be handed in under another name: that one is not guessed.
        let inherited = || key.rsplit_once(':').map(|(_, name)| name).filter(|name| !name.contains('.'));
        self.providers.get(key).or_else(|| self.providers.get(inherited()?))
    }

    /// The provider of that name, where there is but one: for what is no longer written.
    pub(crate) fn only_provider(&self, name: &str) -> Option<&Provider> {
        let mut named = self.providers.values().filter(|provider| &*provider.name == name);
        named.next().filter(|_| named.next().is_none())
    }

    /// What the field at `path` refers to, each with the module that it is to be found in. A variable of a module is
    /// what the call of the module gives it.
    pub(crate) fn references<'s>(
        &'s self,
        module: &'s str,
        written: &'s Written,
        path: &Path,
    ) -> Vec<(&'s str, Reference<'s>)> {
        let references = |module, expressions, path: &Path| -> Vec<(&'s str, Reference<'s>)> {
            written::references(expressions, path).into_iter().map(|reference| (module, reference)).collect()
        };
        let mut open = references(module, &written.expressions, path);
        let mut found = Vec::new();
        for _ in 0..REFERENCES {
            let Some((module, reference)) = open.pop() else { break };
            let (around, call) = module.rsplit_once('.').unwrap_or(("", module));
            if reference.kind != "var" || module.is_empty() {
                found.push((module, reference));
            } else if let Some(given) = self.modules.get(around).and_then(|around| around.calls.get(call)) {
                open.extend(references(around, given, &Path::of_keys(&[reference.name])));
            }
        }
        found
    }

    fn module(&mut self, name: String, module: &Value, keep: &impl Fn(&str) -> bool) {
        let mut read = Module::default();
        for resource in module.get("resources").and_then(Value::as_array).unwrap_or_default() {
            let word = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
            if word("mode") == "managed" && keep(word("type")) {
                let written = Written {
                    provider: word("provider_config_key").into(),
                    expressions: resource.get("expressions").map(without_constants).unwrap_or_default(),
                };
                read.resources.insert(format!("{}.{}", word("type"), word("name")), written);
            }
        }
        for (call, inner) in entries(module.get("module_calls")) {
            let given = inner.get("expressions").map(without_constants).unwrap_or_default();
            read.calls.insert(call.clone(), given);
            if let Some(inner) = inner.get("module") {
                let inner_name = if name.is_empty() { call.to_string() } else { format!("{name}.{call}") };
                self.module(inner_name, inner, keep);
            }
        }
        self.modules.insert(name, read);
    }
}

impl Written {
    /// Whether the configuration surely leaves the field at `path` out, so that the provider fills it in. `known` is
    /// what is known of the resource.
    pub(crate) fn leaves_out(&self, known: &Value, path: &Path) -> bool {
        written::leaves_out(&self.expressions, known, path)
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&Arc<str>, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(|map| map.iter())
}

/// The text that an expression is: a constant, or a variable of the root module that is not sensitive. What else is
/// made of a variable cannot be told from the plan, so it must look like a region or zone: end in a number, and
/// perhaps a letter.
fn constant(plan: &Value, expression: &Value, within: bool) -> Option<Arc<str>> {
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(Arc::from);
    if let Some(constant) = expression.get("constant_value") {
        return text(constant);
    }
    let [reference] = expression.get("references")?.as_array()? else { return None };
    let Reference { kind: "var", name, index: "" } = Reference::of(reference.as_str()?)? else { return None };
    let declared = plan.get("configuration")?.get("root_module")?.get("variables")?.get(name)?;
    let sensitive = declared.get("sensitive").and_then(Value::as_bool).unwrap_or_default();
    let value: Arc<str> = text(plan.get("variables")?.get(name)?.get("value")?)?;
    let last =
        value.rsplit('-').find(|part| part.len() > 1 || part.bytes().all(|byte| byte.is_ascii_digit()))?;
    let is_place = value.contains('-') && last.bytes().any(|byte| byte.is_ascii_digit());
    (!within && !sensitive && is_place).then_some(value)
}
