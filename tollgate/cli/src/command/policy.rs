//! `tollgate policy`: looks at rules themselves, whatever they would be asked about.

mod check;
mod diff;
mod fix;
mod profile;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tollgate_files::estate_root;
use tollgate_flow::{EstateError, RuleSources};

use crate::exit::Exit;
use crate::input;
use crate::output::{Failure, chain};
use crate::settings::Settings;

/// Arguments of `policy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say what is wrong with rules: the load gate alone
    Check(check::Arguments),
    /// Rewrite rules where what is wrong can be mended without asking
    Fix(fix::Arguments),
    /// Show what each rule costs over given manifests
    Profile(profile::Arguments),
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    match &arguments.action {
        Action::Check(arguments) => check::run(arguments, settings),
        Action::Fix(arguments) => fix::run(arguments, settings),
        Action::Profile(arguments) => profile::run(arguments, settings),
    }
}

/// The rules that paths mean: of an estate all of them, for they are judged by together; elsewhere what was named.
fn sources(paths: &[PathBuf]) -> Result<Vec<RuleSources>, Failure> {
    input::check_exist(paths)?;
    let (mut estates, mut meant, mut named) = (Vec::new(), BTreeSet::new(), Vec::new());
    for path in paths {
        let Some(root) = estate_root(path) else {
            named.push(path.clone());
            continue;
        };
        let known = estates.iter().position(|known: &RuleSources| known.root.as_ref() == Some(&root));
        let at = match known {
            Some(at) => at,
            None => {
                estates.push(RuleSources::of_estate(&root).map_err(told)?);
                estates.len() - 1
            }
        };
        // Rules that the estate does not judge by are looked at for their own sake.
        match estates.get(at) {
            Some(estate) if holds_rules(path) && !covers(estate, path)? => named.push(path.clone()),
            _ => _ = meant.insert(root),
        }
    }
    estates.retain(|estate| estate.root.as_ref().is_some_and(|root| meant.contains(root)));
    if !named.is_empty() {
        estates.push(RuleSources::named(&named).map_err(told)?);
    }
    for sources in &estates {
        if !sources.files.iter().any(|file| file.path.ends_with(".rego")) {
            let names: Vec<String> = match &sources.root {
                Some(root) => vec![format!("`{}`", root.display())],
                None => named.iter().map(|path| format!("`{}`", path.display())).collect(),
            };
            return Err(format!("there is no Rego file among the rules of {}", names.join(", ")).into());
        }
    }
    Ok(estates)
}

/// Whether rules of the estate lie at a path, below it, or the path is the estate itself.
fn covers(sources: &RuleSources, path: &Path) -> Result<bool, Failure> {
    let real = real(path)?;
    let of_estate = sources.root.as_deref().is_some_and(|root| root == real);
    Ok(of_estate || sources.files.iter().any(|file| sources.on_disk(&file.path).starts_with(&real)))
}

fn holds_rules(path: &Path) -> bool {
    let named = [path.to_owned()];
    RuleSources::named(&named)
        .is_ok_and(|sources| sources.files.iter().any(|file| file.path.ends_with(".rego")))
}

fn real(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(|error| format!("`{}` cannot be read: {error}", path.display()).into())
}

/// What could not be read says which file that was.
fn told(error: EstateError) -> Failure {
    match error {
        EstateError::Files(cause) => chain(&cause).into(),
        other => other.into(),
    }
}
