//! What is wrong with modules that parse: found when they load, not by the first object that meets it.

use std::sync::Arc;

use tollgate_vocabulary::Value;

use super::graph::Graph;
use super::module::{Definition, Kind, Module, Name, Reference, Usage, written};
use crate::load::{Dialect, LoadError};
use crate::rule::Head;

/// How many rules and functions may call one another in a row: what an engine's stack holds with room to spare.
const DEEPEST: usize = 64;

/// Builtins that would make a verdict depend on something else than what is judged, and why.
const FORBIDDEN: [(&str, &str); 8] = [
    ("http.send", "a rule does no network: an answer could differ tomorrow"),
    ("net.lookup_ip_addr", "a rule does no network: an answer could differ tomorrow"),
    ("opa.runtime", "a rule sees nothing of the machine that it runs on"),
    ("time.now_ns", "a rule sees no clock: the change's own time is `input.context.at`"),
    ("rand.intn", "a rule does not throw dice: equal changes get equal verdicts"),
    ("uuid.rfc4122", "a rule does not throw dice: equal changes get equal verdicts"),
    ("rego.parse_module", "a rule reads no rules"),
    ("providers.aws.sign_req", "a rule does no network, and holds no key"),
];

/// What is wrong with `modules` and their `data`. `builtin` tells how many arguments a builtin takes, where the engine
/// has it; nothing inside for one that takes any number.
pub(crate) fn check(
    modules: &[Module],
    graph: &Graph<'_>,
    data: &Value,
    builtin: impl Fn(&str) -> Option<Option<usize>>,
) -> Vec<LoadError> {
    let mut errors = Vec::new();
    for module in modules {
        for definition in &module.definitions {
            if let (Some(head), [_, _, ..]) = (asked(&definition.name), &*definition.name) {
                let message = format!("`{}` cannot have names below it", head.word());
                errors.push(definition.place.error("unsupported-head", message));
            }
            if let (Some(head), Kind::Function(_)) = (asked(&definition.name), definition.kind) {
                let message = format!("`{}` is what Tollgate asks, so it cannot be a function", head.word());
                errors.push(definition.place.error("unsupported-head", message));
            }
            errors.extend(
                definition.references.iter().filter_map(|reference| call(module, graph, reference, &builtin)),
            );
            errors.extend(unsafe_head(module, graph, definition));
            errors.extend(definition.references.iter().filter_map(not_offered));
        }
    }
    errors.extend(recursion(graph));
    errors.extend(conflicts(graph, data));
    errors
}

/// A variable of the head that no body binds: the rule could never hold, and regorus would say nothing.
fn unsafe_head(module: &Module, graph: &Graph<'_>, definition: &Definition) -> Option<LoadError> {
    let root = |reference: &Reference| reference.path.first().cloned();
    let unbound = definition.references.iter().find(|reference| {
        let global = root(reference).is_none_or(|root| matches!(&*root, "data" | "input"));
        let elsewhere =
            || definition.references.iter().any(|other| !other.head && root(other) == root(reference));
        reference.head
            && reference.usage == Usage::Read
            && !global
            && !graph.knows(module, reference)
            && !elsewhere()
    })?;
    let name = written(unbound.path.get(..1)?);
    let message = format!("variable `{name}` of the rule's head is bound by no body");
    Some(unbound.place.error("unsafe-variable", message).read_as(module.dialect))
}

/// A part of `input` that no judge fills yet. It would be undefined, and a rule that reads it would never hold.
fn not_offered(reference: &Reference) -> Option<LoadError> {
    let path: Vec<&str> = reference.path.iter().map(|key| &**key).collect();
    let (what, offered) = match *path.as_slice() {
        ["input", what @ ("principal" | "evidence"), ..] => (what.to_owned(), "the request's own `userInfo`"),
        ["input", "context", what, ..] if !["namespace", "at"].contains(&what) => {
            (format!("context.{what}"), "`input.context.namespace` and `input.context.at`")
        }
        _ => return None,
    };
    let message = format!("`input.{what}` is not offered: a rule that reads it would never hold");
    let remedy = format!("what there is: {offered}");
    (reference.usage != Usage::Replaced)
        .then(|| reference.place.error("not-offered", message).mended_by(remedy))
}

fn asked(name: &Name) -> Option<Head> {
    name.first().and_then(|name| Head::from_word(name))
}

/// What is wrong with a call.
fn call(
    module: &Module,
    graph: &Graph<'_>,
    reference: &Reference,
    builtin: impl Fn(&str) -> Option<Option<usize>>,
) -> Option<LoadError> {
    let Usage::Call(given) = reference.usage else { return None };
    let name = written(&reference.path);
    let error = |code, message| Some(reference.place.error(code, message).read_as(module.dialect));
    let wanted = match graph.function(module, &reference.path) {
        Some(arguments) => arguments,
        None => {
            if let Some((_, why)) = FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == name) {
                return error("forbidden-builtin", format!("`{name}` is not allowed: {why}"));
            }
            match builtin(&name) {
                Some(Some(arguments)) => arguments,
                Some(None) => return None,
                None => {
                    let undefined = error("undefined-function", format!("function `{name}` is not defined"));
                    return undefined.map(|error| remedy(error, &reference.path));
                }
            }
        }
    };
    if reference.dynamic || given == wanted || given == wanted + 1 {
        return None;
    }
    error("wrong-arguments", format!("function `{name}` takes {wanted} arguments, and is given {given}"))
}

/// What people mean who write a method of another language.
fn remedy(error: LoadError, path: &[Arc<str>]) -> LoadError {
    let last = path.last().map_or("", |last| &**last);
    match last {
        "hasOwnProperty" | "has" | "containsKey" => {
            error.mended_by("write `\"key\" in object.keys(x)`, or `x[\"key\"]` where the value counts")
        }
        "length" | "size" | "len" => error.mended_by("write `count(x)`"),
        "startsWith" | "hasPrefix" => error.mended_by("write `startswith(x, \"prefix\")`"),
        "endsWith" | "hasSuffix" => error.mended_by("write `endswith(x, \"suffix\")`"),
        "toLowerCase" | "toLower" => error.mended_by("write `lower(x)`"),
        "re_match" | "matches" | "match" => error.mended_by("write `regex.match(pattern, value)`"),
        "includes" => error.mended_by("write `value in x`"),
        _ => error,
    }
}

fn recursion(graph: &Graph<'_>) -> Vec<LoadError> {
    let cycles = graph.cycles();
    if cycles.is_empty() && graph.depth() > DEEPEST {
        let place = graph.definitions().next().map(|(_, definition)| &definition.place);
        let message = format!("more than {DEEPEST} rules call one another in a row");
        return place.map(|place| place.error("too-deep", message)).into_iter().collect();
    }
    let error = |(reference, names): (&Reference, Vec<&Name>)| {
        let mut way: Vec<String> = names.iter().map(|name| format!("`{}`", short(name))).collect();
        way.extend(way.first().cloned());
        reference.place.error("recursion", format!("rules must not be recursive: {}", way.join(" uses ")))
    };
    cycles.into_iter().map(error).collect()
}

fn short(name: &[Arc<str>]) -> String {
    written(name.get(1..).unwrap_or_default())
}

/// Rules whose place a data document holds already.
fn conflicts(graph: &Graph<'_>, data: &Value) -> Vec<LoadError> {
    let conflict = |(name, definition): (&Name, &Definition)| {
        let mut at = data;
        for (depth, step) in name.iter().enumerate().skip(1) {
            at = match (at, at.get(step)) {
                (Value::Object(_), Some(below)) => below,
                (Value::Object(_), None) => return None,
                _ => {
                    let taken = written(name.get(..depth)?);
                    let message = format!("`{taken}` is a data document's value, and a rule stands below it");
                    return Some(definition.place.error("data-conflict", message));
                }
            };
        }
        let message = format!("`{}` is both a rule and a data document", written(name));
        Some(definition.place.error("data-conflict", message))
    };
    graph.definitions().filter_map(conflict).collect()
}

/// What to tell about a syntax error beside where it is.
pub(crate) fn said(mut error: LoadError) -> LoadError {
    if let Some(dialect) = error.dialect.filter(|_| error.code == "rego-syntax") {
        error.message = format!("{} (read as {dialect})", error.message);
        if dialect == Dialect::V1 && error.message.contains("`if` keyword is required") {
            error.remedy = Some("write `if` before the body, or keep the whole file in Rego v0".to_owned());
        }
    }
    error
}
