//! `tollgate policy fix`: writes what can be mended without asking, then looks again.
//!
//! INVARIANT: only files at or below the paths that were named are written, each whole or not at all, and none that was
//! changed since it was read.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tollgate_flow::RuleSources;
use tollgate_gate::RuleFile;
use tollgate_policy::{Mended, mend};

use super::check::Checked;
use super::diff::unified;
use super::{real, sources};
use crate::exit::Exit;
use crate::output::{Failure, print, visible};
use crate::settings::Settings;

/// Arguments of `policy fix`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; print what would change, and end with 1 where something would
    #[arg(long, visible_alias = "diff")]
    dry_run: bool,
    /// Write Rego v0 as v1 too
    #[arg(long)]
    v1: bool,
    /// Estates, or folders and files of rules; nothing else is written
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// A file to write.
struct Rewrite {
    mended: Mended,
    target: PathBuf,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let mut all = sources(&arguments.paths)?;
    let named = arguments.paths.iter().map(|path| real(path)).collect::<Result<Vec<_>, _>>()?;
    let mut rewrites = Vec::new();
    for sources in &all {
        let Ok(mended) = mend(&sources.files, arguments.v1) else {
            // What is no Rego cannot be mended, and nothing is known of what stands beside it.
            print(&Checked::of(&all).text(settings))?;
            return Ok(Exit::Deny);
        };
        for mended in mended {
            let target = real(&sources.on_disk(&mended.path))?;
            if named.iter().any(|named| target.starts_with(named)) {
                rewrites.push(Rewrite { mended, target });
            }
        }
    }
    if arguments.dry_run {
        let diffs: String = rewrites.iter().map(|rewrite| unified(&rewrite.mended)).collect();
        print(&diffs)?;
        return Ok(if rewrites.is_empty() { Exit::Allow } else { Exit::Deny });
    }
    for rewrite in &rewrites {
        writable(rewrite)?;
    }
    let mut text = String::new();
    for rewrite in &rewrites {
        write(rewrite)?;
        let places = match rewrite.mended.places {
            1 => "one place".to_owned(),
            places => format!("{places} places"),
        };
        text.push_str(&format!("mended {} in {places}\n", visible(&rewrite.mended.path)));
    }
    if rewrites.is_empty() {
        text.push_str("nothing that can be mended without asking\n");
    }
    all.iter_mut().for_each(|sources| renew(sources, &rewrites));
    let left = Checked::of(&all);
    text.push_str(&left.text(settings));
    print(&text)?;
    Ok(left.exit(false))
}

/// Whether a file may be written, and is what was read.
fn writable(Rewrite { mended, target }: &Rewrite) -> Result<(), Failure> {
    let name = visible(&mended.path);
    let failed = |error| -> Failure { format!("`{name}` cannot be read: {error}").into() };
    if fs::metadata(target).map_err(failed)?.permissions().readonly() {
        return Err(format!("`{name}` is read-only: nothing was written").into());
    }
    if fs::read(target).map_err(failed)? != mended.before.as_bytes() {
        return Err(format!("`{name}` was changed while it was looked at: nothing was written").into());
    }
    Ok(())
}

/// Writes a file beside its place, with its mode, and moves it there.
fn write(Rewrite { mended, target }: &Rewrite) -> Result<(), Failure> {
    let part = beside(target);
    let failed = |error| -> Failure {
        format!("`{}` cannot be written beside its place: {error}", visible(&mended.path)).into()
    };
    // Never through what stands there already: it may be a link.
    let mut file = fs::File::create_new(&part).map_err(failed)?;
    let written = fs::metadata(target)
        .and_then(|metadata| file.set_permissions(metadata.permissions()))
        .and_then(|()| file.write_all(mended.after.as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&part, target));
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        failed(error)
    })
}

fn beside(target: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".part");
    target.with_file_name(name)
}

/// What was written is what there is now.
fn renew(sources: &mut RuleSources, rewrites: &[Rewrite]) {
    let (root, config) = (sources.root.clone(), sources.config.clone());
    let of = RuleSources { root, config, files: Vec::new() };
    for file in &mut sources.files {
        let is = |rewrite: &&Rewrite| {
            rewrite.mended.path == file.path
                && real(&of.on_disk(&file.path)).is_ok_and(|path| path == rewrite.target)
        };
        if let Some(rewrite) = rewrites.iter().find(is) {
            *file = RuleFile { bytes: rewrite.mended.after.as_bytes().into(), ..file.clone() };
        }
    }
}
