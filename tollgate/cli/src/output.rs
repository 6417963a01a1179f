//! What every command writes alike: formats and where they go, colour, failures.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub(crate) use tollgate_flow::chain;
use tollgate_report::{Format, Report, Sources, Style, render};

use crate::settings::Settings;

/// A command's own failure: everything that ends in exit code 2.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// on a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// always
    Always,
    /// never
    Never,
}

/// `FORMAT`, or `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sink {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

impl Default for Sink {
    fn default() -> Self {
        Self { format: Format::Text, file: None }
    }
}

impl FromStr for Sink {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("the file behind `=` has no name".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Self { format: format.parse().map_err(|error| format!("{error}"))?, file })
    }
}

impl fmt::Display for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}={}", self.format, file.display()),
            None => write!(f, "{}", self.format),
        }
    }
}

impl FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(format!("`{text}` is not one of auto, always, never")),
        }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        })
    }
}

impl Color {
    /// Whether to colour what goes to standard output.
    pub(crate) fn on_stdout(self) -> bool {
        self.on(io::stdout().is_terminal())
    }

    /// Whether to colour what goes to standard error.
    pub(crate) fn on_stderr(self) -> bool {
        self.on(io::stderr().is_terminal())
    }

    fn on(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// How reports look on standard output.
pub(crate) fn style(settings: &Settings) -> Style {
    Style {
        color: settings.color.value.on_stdout(),
        quiet: settings.quiet,
        verbose: settings.verbose,
        ..Style::default()
    }
}

/// Renders a report into every sink, or where the user's settings say.
pub(crate) fn write_report(
    report: &Report,
    sources: &Sources,
    sinks: &[Sink],
    settings: &Settings,
) -> Result<(), Failure> {
    let style = style(settings);
    for sink in if sinks.is_empty() { &settings.output.value } else { sinks } {
        match &sink.file {
            None => print(&render(report, sources, sink.format, &style))?,
            Some(file) => {
                let plain = Style { color: false, ..style };
                write_file(file, render(report, sources, sink.format, &plain).as_bytes())?;
            }
        }
    }
    Ok(())
}

/// Writes to standard output. A reader that has gone away is no failure of ours.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| format!("standard output cannot be written: {error}").into()),
    }
}

/// Writes a file whole or not at all. What is no regular file (`/dev/stderr`, a pipe) is written to as it is.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| -> Failure { format!("`{}` cannot be written: {error}", path.display()).into() };
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, bytes).map_err(failed);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&part);
        failed(error)
    })
}

/// Prints a failure with its causes, once.
pub(crate) fn failure(failure: &Failure) {
    say!("error: {}", visible(&chain(failure.as_ref())));
}

/// Text of strangers, such as the name of a file: what would act on a terminal is shown instead.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sink_is_a_format_and_perhaps_a_file() {
        assert_eq!("json".parse(), Ok(Sink { format: Format::Json, file: None }));
        assert_eq!("sarif=a=b".parse(), Ok(Sink { format: Format::Sarif, file: Some("a=b".into()) }));
        assert!("sarif=".parse::<Sink>().is_err() && "xml".parse::<Sink>().is_err());
    }

    #[test]
    fn a_chain_says_each_cause_once() {
        let inner = io::Error::other("disk full");
        let outer = io::Error::other(inner);
        assert_eq!(chain(&outer), "disk full");
    }
}
