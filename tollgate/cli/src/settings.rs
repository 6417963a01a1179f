//! This user's own settings: flag, else `TOLLGATE_*`, else the user's configuration file, else built in.
//!
//! ```text
//! --color, --data, -o ──> TOLLGATE_COLOR, TOLLGATE_DATA, TOLLGATE_OUTPUT ──> tollgate/config.toml ──> built in
//! ```
//!
//! INVARIANT: none of them can change a verdict. What decides stands in the estate's `tollgate.toml`, and is part of its
//! bundle. An unknown key is an error: a setting that is misspelt must not silently be its default.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use crate::command::Global;
use crate::output::{Color, Failure, Sink};

/// Settings, each with where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// when to colour
    pub(crate) color: Setting<Color>,
    /// where keys and ledgers are kept; nothing: below the user's data folder, by the estate's name
    pub(crate) data: Setting<Option<PathBuf>>,
    /// what reports are written as where no `-o` says it
    pub(crate) output: Setting<Vec<Sink>>,
    /// only what is denied, and the last line
    pub(crate) quiet: bool,
    /// notes and skipped files too
    pub(crate) verbose: bool,
    /// the user's configuration file, where a place for one is known
    pub(crate) file: Option<PathBuf>,
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// the command line
    Flag(&'static str),
    /// an environment variable
    Variable(&'static str),
    /// the user's configuration file
    File(PathBuf),
    /// nobody said anything
    BuiltIn,
}

/// The user's configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    color: Option<String>,
    data: Option<PathBuf>,
    output: Vec<String>,
}

impl Settings {
    /// Settles what the command line, the environment and the user's file say.
    pub(crate) fn settle(global: &Global) -> Result<Self, Failure> {
        let file = config_folder().map(|folder| folder.join("tollgate/config.toml"));
        let written = file.as_deref().map(read).transpose()?.unwrap_or_default();
        let layers = Layers { file: file.as_deref() };
        Ok(Self {
            color: layers.settle(
                global.color.map(|color| (color, "--color")),
                "TOLLGATE_COLOR",
                written.color.as_deref(),
            )?,
            data: layers.data(global.data.clone(), written.data),
            output: layers.output(&written.output)?,
            quiet: global.quiet,
            verbose: global.verbose,
            file,
        })
    }

    /// Where the keys and the ledger of the estate of this name are kept.
    pub(crate) fn data_dir(&self, estate: &str) -> Option<PathBuf> {
        self.data.value.clone().or_else(|| {
            let folder = variable("XDG_DATA_HOME")
                .map(PathBuf::from)
                .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/share")))?;
            Some(folder.join("tollgate").join(estate))
        })
    }
}

struct Layers<'a> {
    file: Option<&'a Path>,
}

impl Layers<'_> {
    fn settle<T: FromStr<Err = String> + Default>(
        &self,
        flag: Option<(T, &'static str)>,
        name: &'static str,
        written: Option<&str>,
    ) -> Result<Setting<T>, Failure> {
        if let Some((value, flag)) = flag {
            return Ok(Setting { value, origin: Origin::Flag(flag) });
        }
        if let Some(text) = variable(name) {
            let value = text.parse().map_err(|error| format!("`{name}`: {error}"))?;
            return Ok(Setting { value, origin: Origin::Variable(name) });
        }
        match written {
            Some(text) => Ok(Setting { value: self.of_file(text)?, origin: self.origin() }),
            None => Ok(Setting { value: T::default(), origin: Origin::BuiltIn }),
        }
    }

    fn data(&self, flag: Option<PathBuf>, written: Option<PathBuf>) -> Setting<Option<PathBuf>> {
        const NAME: &str = "TOLLGATE_DATA";
        let layers = [
            (flag, Origin::Flag("--data")),
            (variable(NAME).map(PathBuf::from), Origin::Variable(NAME)),
            (written, self.origin()),
        ];
        let said = layers.into_iter().find(|(value, _)| value.is_some());
        let (value, origin) = said.unwrap_or((None, Origin::BuiltIn));
        Setting { value, origin }
    }

    /// `-o` is each command's own; here is what holds where it is not given.
    fn output(&self, written: &[String]) -> Result<Setting<Vec<Sink>>, Failure> {
        const NAME: &str = "TOLLGATE_OUTPUT";
        if let Some(text) = variable(NAME) {
            let sinks = text.split(',').map(str::parse).collect::<Result<_, String>>();
            let value = sinks.map_err(|error| format!("`{NAME}`: {error}"))?;
            return Ok(Setting { value, origin: Origin::Variable(NAME) });
        }
        if written.is_empty() {
            return Ok(Setting { value: vec![Sink::default()], origin: Origin::BuiltIn });
        }
        let value = written.iter().map(|text| self.of_file(text)).collect::<Result<_, _>>()?;
        Ok(Setting { value, origin: self.origin() })
    }

    fn of_file<T: FromStr<Err = String>>(&self, text: &str) -> Result<T, Failure> {
        text.parse().map_err(|error| format!("{}: {error}", self.origin()).into())
    }

    fn origin(&self) -> Origin {
        Origin::File(self.file.map(Path::to_owned).unwrap_or_default())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::BuiltIn => f.write_str("built in"),
        }
    }
}

fn read(path: &Path) -> Result<Written, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Written::default()),
        Err(error) => return Err(format!("`{}` cannot be read: {error}", path.display()).into()),
    };
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}: {}", path.display(), error.message()).into()
    })
}

fn config_folder() -> Option<PathBuf> {
    variable("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".config")))
}

/// An environment variable; one that is set to nothing is not set.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
