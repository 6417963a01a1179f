//! What cargo says of the workspace: packages, their targets and the workspace crates they name.
//!
//! `cargo metadata --no-deps` -> [`Workspace`]. Paths are relative to the repository's root.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::step::{self, Done, Failure};

/// The packages of one workspace.
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
    /// Where cargo puts what it builds: absolute.
    pub(crate) target: PathBuf,
}

pub(crate) struct Package {
    pub(crate) name: String,
    /// Its folder, such as `core/gate`.
    pub(crate) place: PathBuf,
    /// Root files of its targets.
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency on a crate of this repository.
pub(crate) struct Dependency {
    pub(crate) place: PathBuf,
    pub(crate) for_tests: bool,
}

/// Reads the workspace of the manifest at this path below the root.
pub(crate) fn read(manifest: &str) -> Done<Workspace> {
    let mut command = step::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--manifest-path", manifest]);
    let text = step::output(&mut command)?;
    let value: Value = serde_json::from_str(&text).map_err(|error| {
        Failure::new(format!("`cargo metadata` printed something else than JSON: {error}"))
    })?;
    parse(&value, &step::root())
        .ok_or_else(|| Failure::new("`cargo metadata` printed JSON of a shape unknown to xtask"))
}

fn parse(value: &Value, root: &Path) -> Option<Workspace> {
    let below = |path: &str| Path::new(path).strip_prefix(root).ok().map(Path::to_owned);
    let mut packages = Vec::new();
    for package in value["packages"].as_array()? {
        let manifest = below(package["manifest_path"].as_str()?)?;
        let mut dependencies = Vec::new();
        for dependency in package["dependencies"].as_array()? {
            let Some(place) = dependency["path"].as_str().and_then(below) else { continue };
            dependencies.push(Dependency { place, for_tests: dependency["kind"] == "dev" });
        }
        let targets = package["targets"].as_array()?;
        packages.push(Package {
            name: package["name"].as_str()?.to_owned(),
            place: manifest.parent()?.to_owned(),
            roots: targets.iter().filter_map(|target| below(target["src_path"].as_str()?)).collect(),
            dependencies,
        });
    }
    packages.sort_by(|a, b| a.place.cmp(&b.place));
    Some(Workspace { packages, target: value["target_directory"].as_str()?.into() })
}
