//! `tollgate cost explain`: how the figures of one object come about.

use tollgate_estimate::{Field, Source, World};
use tollgate_flow::InFile;

use super::{What, place_of, sheet};
use crate::exit::Exit;
use crate::input::{self, Input};
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `cost explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The object: `Deployment/shop/api`, `deployment/api`, or its name alone
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
    let Input { manifests, .. } = input::read(&what.paths, &sheet.walk, &sheet.mask)?;
    crate::problem::unreadable(&manifests.unreadable);
    let objects = &manifests.objects;
    let meant: Vec<&InFile> = objects.iter().filter(|object| is_meant(object, &arguments.object)).collect();
    if meant.is_empty() {
        return Err(format!("there is no object `{}` among what was read", arguments.object).into());
    }
    let world = World::of(objects.iter().map(|object| &*object.written.object.value));
    let estimator = sheet.estimator();
    let mut exit = Exit::Allow;
    for object in meant {
        let value = &object.written.object.value;
        match estimator.explain(value, &world.around(value)) {
            Ok(None) => {
                let identity = &object.written.object.identity;
                let name = identity.name.as_deref().unwrap_or("*");
                print(&format!("{} {name} costs nothing\n", identity.kind))?;
            }
            Ok(Some(estimate)) => {
                let locate = |field: &Field| locate(field, object, objects, sheet.nodes.as_deref());
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

/// Whether `wanted` means an object: by name, by kind and name, or by kind, namespace and name.
fn is_meant(object: &InFile, wanted: &str) -> bool {
    let identity = &object.written.object.identity;
    let is_kind = |kind: &str| kind.eq_ignore_ascii_case(&identity.kind);
    let is_name = |name: &str| identity.name.as_deref() == Some(name);
    let parts: Vec<&str> = wanted.split('/').collect();
    match parts.as_slice() {
        [name] => is_name(name) && tollgate_estimate::may_cost(&object.written.object.value),
        [kind, name] => is_kind(kind) && is_name(name),
        [kind, namespace, name] => {
            is_kind(kind) && is_name(name) && identity.namespace.as_deref() == Some(*namespace)
        }
        _ => false,
    }
}

/// Where a field is written.
fn locate(field: &Field, object: &InFile, objects: &[InFile], nodes: Option<&str>) -> Option<String> {
    match &field.source {
        Source::Object => Some(place_of(object, &field.path)),
        Source::Pools => nodes.map(str::to_owned),
        Source::Beside(beside) => {
            let is_it = |object: &&InFile| {
                let identity = &object.written.object.identity;
                identity.kind == beside.kind
                    && identity.namespace == beside.namespace
                    && identity.name.as_ref() == Some(&beside.name)
            };
            objects.iter().find(is_it).map(|object| place_of(object, &field.path))
        }
    }
}
