//! Renderings of one report.
//!
//! ```text
//! Report + Sources ──> text · html              with source lines
//! Report ────────────> json · yaml              everything, frozen
//! Report ────────────> sarif · github · gitlab · junit · markdown
//! ```
//!
//! INVARIANT: names, messages and source lines come from strangers. No rendering lets them leave the place that they
//! are printed at: no terminal escape, no workflow command, no markup, no mention.

mod fingerprint;
mod github;
mod gitlab;
mod html;
mod inert;
mod json;
mod junit;
mod location;
mod markdown;
mod sarif;
mod story;
mod summary;
mod text;
mod window;
mod yaml;

use std::fmt;
use std::str::FromStr;

use crate::{Report, Sources};

/// A rendering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// for a person at a terminal
    Text,
    /// everything, frozen
    Json,
    /// the same as JSON, to be read
    Yaml,
    /// SARIF 2.1.0, within GitHub's limits
    Sarif,
    /// GitHub workflow commands
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// JUnit XML: a test case for each subject
    Junit,
    /// a comment on a pull request
    Markdown,
    /// one self-contained page
    Html,
}

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

/// How much is shown, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours in `text`
    pub color: bool,
    /// only what keeps the verdict from being allow, and the last line
    pub quiet: bool,
    /// also info findings, and what was skipped
    pub verbose: bool,
    /// columns of the terminal
    pub width: usize,
}

/// The report in that format, ending in a line end.
#[must_use]
pub fn render(report: &Report, sources: &Sources, format: Format, style: &Style) -> String {
    match format {
        Format::Text => text::render(report, sources, style),
        Format::Json => json::render(report),
        Format::Yaml => yaml::render(report),
        Format::Sarif => sarif::render(report),
        Format::Github => github::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Junit => junit::render(report),
        Format::Markdown => markdown::render(report, style),
        Format::Html => html::render(report, sources, style),
    }
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Json,
        Self::Yaml,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Html,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.word() == word)
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Format::ALL.map(Format::word).join(", ");
        write!(f, "`{}` is not a format: expected one of {known}", inert::visible(&self.0))
    }
}

impl std::error::Error for UnknownFormat {}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, quiet: false, verbose: false, width: 140 }
    }
}
