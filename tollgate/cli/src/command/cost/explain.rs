//! `tollgate cost explain`: how the figures of one object, or of one resource of a plan, come about.

use tollgate_estimate::{Field, Source, World};
use tollgate_flow::InFile;

use super::manifest::Objects;
use super::sheet::{PoolFile, Sheet};
use super::{What, manifest, place_of, plan, sheet};
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `cost explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The object: `Deployment/shop/api`, `deployment/api`, `shop/api`, or its name alone; or the address of a resource
    #[arg(value_name = "OBJECT")]
    object: String,
    #[command(flatten)]
    what: What,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let mut what = arguments.what.clone();
    if what.paths.is_empty() {
        what.paths.push(".".into());
    }
    let Some(sheet) = sheet::read(&what, settings)? else { return Ok(Exit::Failure) };
    let named = plan::split(&what.paths)?;
    let wanted = arguments.object.as_str();
    if !named.plans.is_empty() {
        named.alone()?;
        return plan::explain(wanted, &named.plans, &sheet);
    }
    let read = manifest::read(&named.paths, named.stdin, &sheet)?;
    let meant = meant(wanted, &read.named);
    if meant.is_empty() {
        return Err(none(wanted, &read.named).into());
    }
    Ok(read.exit.and(explain(&meant, &read, &sheet)?))
}

fn explain(meant: &[&InFile], read: &Objects, sheet: &Sheet) -> Result<Exit, Failure> {
    let all = || read.named.iter().chain(&read.beside);
    let world = World::of(all().map(|object| &*object.written.object.value));
    let estimator = sheet.estimator();
    let mut exit = Exit::Allow;
    for object in meant {
        let value = &object.written.object.value;
        match estimator.explain(value, &world.around(value)) {
            Ok(None) => {
                let name = super::figure::name(&object.written.object.identity);
                print(&format!("{} costs nothing\n", visible(&name)))?;
            }
            Ok(Some(estimate)) => {
                let locate = |field: &Field| locate(field, object, read, sheet.nodes.as_ref());
                let text = estimate.tree.to_text(locate);
                print(&text.lines().map(|line| format!("{}\n", visible(line))).collect::<String>())?;
            }
            Err(error) => {
                say!("error: {}", visible(&format!("{}: {error}", place_of(object, &error.field.path))));
                exit = Exit::Failure;
            }
        }
    }
    Ok(exit)
}

/// The objects of that name: those that may cost something, or else all of them.
fn meant<'o>(wanted: &str, objects: &'o [InFile]) -> Vec<&'o InFile> {
    let named: Vec<&InFile> = objects.iter().filter(|object| is_named(object, wanted)).collect();
    let may_cost = |object: &&&InFile| tollgate_estimate::may_cost(&object.written.object.value);
    let costing: Vec<&InFile> = named.iter().filter(may_cost).copied().collect();
    if costing.is_empty() { named } else { costing }
}

/// Whether an object is called `wanted`: by name, by kind or namespace and name, or by all three.
fn is_named(object: &InFile, wanted: &str) -> bool {
    let identity = &object.written.object.identity;
    let is_kind = |kind: &str| kind.eq_ignore_ascii_case(&identity.kind);
    let is_in = |namespace: &str| identity.namespace.as_deref() == Some(namespace);
    let is_name = |name: &str| identity.name.as_deref() == Some(name);
    let parts: Vec<&str> = wanted.split(['/', ' ']).collect();
    match parts.as_slice() {
        [name] => is_name(name),
        [kind_or_namespace, name] => {
            is_name(name) && (is_kind(kind_or_namespace) || is_in(kind_or_namespace))
        }
        [kind, namespace, name] => is_kind(kind) && is_in(namespace) && is_name(name),
        _ => false,
    }
}

/// That there is no such object, with those that there are, as many as help.
fn none(wanted: &str, objects: &[InFile]) -> String {
    const MOST: usize = 12;
    let may_cost = |object: &&InFile| tollgate_estimate::may_cost(&object.written.object.value);
    let mut names: Vec<String> = objects
        .iter()
        .filter(may_cost)
        .map(|object| format!("`{}`", super::figure::name(&object.written.object.identity)))
        .collect();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let there_are =
        if names.is_empty() { String::new() } else { format!("; there are {}", names.join(", ")) };
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("there is no object `{wanted}` among what was read{there_are}{more}")
}

/// Where a field is written.
fn locate(field: &Field, object: &InFile, read: &Objects, nodes: Option<&PoolFile>) -> Option<String> {
    match &field.source {
        Source::Object => Some(place_of(object, &field.path)),
        Source::Pools => nodes.map(|nodes| nodes.place_of(&field.path)),
        Source::Beside(beside) => {
            let is_it = |object: &&InFile| {
                let identity = &object.written.object.identity;
                identity.kind == beside.kind
                    && identity.namespace == beside.namespace
                    && identity.name.as_ref() == Some(&beside.name)
            };
            let mut all = read.named.iter().chain(&read.beside);
            all.find(is_it).map(|object| place_of(object, &field.path))
        }
    }
}
