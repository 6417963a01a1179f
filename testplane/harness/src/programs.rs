//! Where the programs are that `testplane/build.sh cluster` built.

use std::path::{Path, PathBuf};

/// The folder of etcd, kube-apiserver and kubectl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs(PathBuf);

/// They are nowhere.
#[derive(Debug, thiserror::Error)]
#[error("no etcd, kube-apiserver and kubectl {0}; `testplane/build.sh cluster` builds them")]
pub struct ProgramsError(String);

impl Programs {
    /// Those in `$TOLLGATE_TESTPLANE_BIN`, else the newest that were built into the cache. Builds nothing: that takes
    /// minutes, and is `cargo xtask test`'s to do.
    ///
    /// # Errors
    /// Where it looked.
    pub fn find() -> Result<Self, ProgramsError> {
        if let Some(named) = std::env::var_os("TOLLGATE_TESTPLANE_BIN") {
            let named = PathBuf::from(named);
            return match is_whole(&named) {
                true => Ok(Self(named)),
                false => Err(ProgramsError(format!("in `{}` ($TOLLGATE_TESTPLANE_BIN)", named.display()))),
            };
        }
        let cache =
            cache().ok_or_else(|| ProgramsError("(neither HOME nor a cache folder is set)".to_owned()))?;
        newest(&cache).map(Self).ok_or_else(|| ProgramsError(format!("below `{}`", cache.display())))
    }

    /// The path of one of them.
    #[must_use]
    pub fn path(&self, program: &str) -> PathBuf {
        self.0.join(program)
    }
}

/// As `build.sh` chooses it.
fn cache() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("TOLLGATE_TESTPLANE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("tollgate/testplane")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/tollgate/testplane")))
}

fn newest(cache: &Path) -> Option<PathBuf> {
    let built = |entry: std::fs::DirEntry| {
        let bin = entry.path().join("bin");
        let cluster = entry.file_name().to_string_lossy().starts_with("cluster-");
        (cluster && is_whole(&bin)).then(|| Some((bin.metadata().ok()?.modified().ok()?, bin))).flatten()
    };
    cache.read_dir().ok()?.filter_map(|entry| built(entry.ok()?)).max().map(|(_, bin)| bin)
}

fn is_whole(bin: &Path) -> bool {
    ["etcd", "kube-apiserver", "kubectl"].iter().all(|program| bin.join(program).is_file())
}
