//! `tollgate init`: a new estate that a person can read in a minute: `tollgate.toml`, a rule, its test.

use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::output::{Failure, print};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder to write to; made where it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

const CONFIG: &str = include_str!("init/tollgate.toml");
const RULE: &str = include_str!("init/example.rego");
const TEST: &str = include_str!("init/example_test.rego");

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let dir = &arguments.dir;
    let config = CONFIG.replace("ESTATE_NAME", &name(dir));
    let files = [
        (dir.join("tollgate.toml"), config.as_str()),
        (dir.join("policy/example.rego"), RULE),
        (dir.join("policy/example_test.rego"), TEST),
    ];
    if let Some((path, _)) = files.iter().find(|(path, _)| path.symlink_metadata().is_ok()) {
        return Err(format!("`{}` exists already: nothing was written", path.display()).into());
    }
    if let Some(around) = dir.parent().and_then(|_| tollgate_files::estate_root(dir)) {
        return Err(format!(
            "`{}` is an estate already: estates do not lie in one another",
            around.display()
        )
        .into());
    }
    let failed = |path: &Path, error| format!("`{}` cannot be written: {error}", path.display());
    let policy = dir.join("policy");
    std::fs::create_dir_all(&policy).map_err(|error| failed(&policy, error))?;
    for (path, text) in &files {
        let mut file = std::fs::File::create_new(path).map_err(|error| failed(path, error))?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|error| failed(path, error))?;
    }
    let written: String = files.iter().map(|(path, _)| format!("wrote {}\n", path.display())).collect();
    let shown = if dir == Path::new(".") { String::new() } else { format!(" {}", dir.display()) };
    let place = if shown.is_empty() { " ." } else { shown.as_str() };
    print(&format!(
        "{written}\nnext:\n  tollgate test{shown}      run the rules' own tests\n  tollgate check{place}     judge the manifests beside them\n  tollgate up{place}        run the whole gate on this machine\n"
    ))?;
    Ok(Exit::Allow)
}

/// A name for the estate: its folder's, as far as an estate can have it.
fn name(dir: &Path) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_default();
    let folder = absolute.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let fits = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
    let name: String = folder.chars().map(fits).take(63).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "estate".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estate_is_named_after_its_folder() {
        assert_eq!(name(Path::new("/srv/Acme Shop")), "acme-shop");
        assert_eq!(name(Path::new("/")), "estate");
    }
}
