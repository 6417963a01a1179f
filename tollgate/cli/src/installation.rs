//! This user's own installation: where its keys are, and what they mask with.

use std::path::{Path, PathBuf};

use tollgate_files::{ESTATE_FILE, estate_root, rule_files};
use tollgate_flow::Estate;
use tollgate_gate::Config;
use tollgate_keys::Keyring;
use tollgate_ledger::Origin;
use tollgate_manifest::Mask;

use crate::output::{Failure, chain};
use crate::settings::Settings;

/// The name that an estate's ledger and data directory go by.
pub(crate) fn name(config: &Config) -> &str {
    config.name.as_deref().unwrap_or("estate")
}

/// Where the keys and the ledger of an estate are kept.
pub(crate) fn data_dir(config: &Config, settings: &Settings) -> Result<PathBuf, Failure> {
    settings
        .data_dir(name(config))
        .ok_or_else(|| "there is no home folder to keep the data in: name a folder with `--data`".into())
}

/// Where the ledger is that a command without an estate means: what the settings name, else that of the estate around
/// the current folder.
pub(crate) fn data_dir_here(settings: &Settings) -> Result<PathBuf, Failure> {
    if let Some(data) = &settings.data.value {
        return Ok(data.clone());
    }
    let here = Path::new(".");
    let root =
        estate_root(here).ok_or("which ledger? Name its folder with `--data`, or start within an estate")?;
    data_dir(&config(&root)?, settings)
}

/// What `tollgate.toml` at this root says, its rules unread.
pub(crate) fn config(root: &Path) -> Result<Config, Failure> {
    let files = rule_files::<&str>(root, &[])?;
    let text =
        files.first().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).unwrap_or_default();
    Config::parse(&text).map_err(|error| {
        let before = error.span.as_ref().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("{}:{line}: {error}", root.join(ESTATE_FILE).display()).into()
    })
}

/// What masks secret values in an estate's manifests.
pub(crate) fn mask(estate: &Estate, settings: &Settings) -> Mask {
    mask_of(estate.bundle.config(), settings)
}

/// The mask of an estate that says this: under the key that its gate has made on this machine, so that the same value
/// has the same token everywhere; where there is no such gate, under a key of this run. Nothing is written.
pub(crate) fn mask_of(config: &Config, settings: &Settings) -> Mask {
    let key = kept(config, settings).unwrap_or_else(|why| {
        if settings.verbose {
            say!("note: masked values differ between runs: {why}");
        }
        let mut key = [0; 32];
        // Without randomness the key is known, and tokens could be guessed from; but they are shown to this user alone.
        let _ = getrandom::fill(&mut key);
        key
    });
    Mask::new(key).with_paths(config.mask.clone())
}

fn kept(config: &Config, settings: &Settings) -> Result<[u8; 32], String> {
    let dir = settings.data_dir(name(config)).ok_or("there is no home folder")?;
    let ledger_key = dir.join("keys/ledger.key");
    if !ledger_key.is_file() {
        return Err(format!("`{}` does not exist", ledger_key.display()));
    }
    let origin: Origin =
        format!("tollgate.dev/{}", name(config)).parse().map_err(|error| format!("{error}"))?;
    Keyring::open_or_create(&dir, &origin).map(|(keyring, _)| *keyring.mask()).map_err(|error| chain(&error))
}
