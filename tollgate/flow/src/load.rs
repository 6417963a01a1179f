//! Loads manifests from files, each object with its places.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_files::{Found, Unrendered, Walk};
use tollgate_manifest::{Limits, Mask, Position, Reading, Span, Written};
use tollgate_report::{Place, SkippedRow, Source};
use tollgate_vocabulary::Effect;

use crate::report::FileFinding;

/// What was read from files.
#[derive(Debug, Default)]
pub struct Manifests {
    /// objects, in the order of files and of their place in them
    pub objects: Vec<InFile>,
    /// what could not be read at all: exit code 2
    pub unreadable: Vec<Unreadable>,
    /// what cannot be judged as it stands
    pub findings: Vec<FileFinding>,
    /// what was passed over, and why
    pub skipped: Vec<SkippedRow>,
    texts: BTreeMap<Arc<str>, Arc<[u8]>>,
}

/// An object and the file it stands in.
#[derive(Debug)]
pub struct InFile {
    /// the file, as the user would recognise it
    pub file: Arc<str>,
    /// the object with its places
    pub written: Written,
}

/// A file that cannot be read.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// the file
    pub file: Arc<str>,
    /// where in it
    pub position: Option<Position>,
    /// what is wrong
    pub message: String,
    /// how to mend it
    pub remedy: Option<String>,
}

enum Outcome {
    Read(Reading, Arc<[u8]>),
    Template,
    Unreadable(Unreadable),
}

/// Reads the files of a walk, on as many threads as there are processors.
#[must_use]
pub fn load(walk: &Walk, mask: &Mask) -> Manifests {
    let limits = Limits::default();
    let read = |found: &Found| read(found, mask, &limits);
    let outcomes = crate::decide::in_parallel(&walk.found, read);

    let mut manifests = Manifests::default();
    for (found, outcome) in walk.found.iter().zip(outcomes) {
        manifests.take(found, outcome);
    }
    manifests.findings.extend(walk.unrendered.iter().map(unrendered));
    let skipped = walk.skipped.iter();
    manifests.skipped.extend(skipped.map(|skipped| row(&skipped.shown, skipped.reason.to_string())));
    manifests
}

impl Manifests {
    /// One text that was given as a whole, such as standard input.
    #[must_use]
    pub fn of_text(name: &str, bytes: Vec<u8>, mask: &Mask) -> Self {
        let found = Found { path: name.into(), shown: name.into(), named: true };
        let mut manifests = Self::default();
        let outcome = decode(&found, bytes, mask, &Limits::default());
        manifests.take(&found, outcome);
        manifests
    }

    /// Joins what was read elsewhere.
    pub fn extend(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.unreadable.extend(other.unreadable);
        self.findings.extend(other.findings);
        self.skipped.extend(other.skipped);
        self.texts.extend(other.texts);
    }

    /// The text of a file, masked values blanked.
    #[must_use]
    pub fn source(&self, file: &str) -> Option<Source> {
        let bytes = self.texts.get(file)?;
        let in_file = self.objects.iter().filter(|object| &*object.file == file);
        let masked: Vec<Span> = in_file.flat_map(|object| object.written.masked.iter().copied()).collect();
        Some(Source::new(bytes, &masked))
    }

    fn take(&mut self, found: &Found, outcome: Outcome) {
        let file = &found.shown;
        match outcome {
            Outcome::Read(reading, bytes) => {
                let is_manifest = !reading.objects.is_empty();
                if found.named && !is_manifest {
                    self.unreadable.push(Unreadable {
                        file: Arc::clone(file),
                        position: None,
                        message: "there is no manifest in it: nothing has apiVersion and kind".to_owned(),
                        remedy: None,
                    });
                }
                for other in reading.others {
                    let reason = format!("line {}: {}", other.span.start.line, other.reason);
                    self.skipped.push(row(file, reason));
                }
                self.texts.insert(Arc::clone(file), bytes);
                let in_file = |written| InFile { file: Arc::clone(file), written };
                self.objects.extend(reading.objects.into_iter().map(in_file));
            }
            Outcome::Template => self.findings.push(FileFinding {
                rule: "reading.unrendered",
                effect: Effect::Undecidable,
                message: "this is a template: what it will become cannot be judged".to_owned(),
                place: Place { file: Arc::clone(file), span: first_line() },
                remedy: Some("render first: `helm template x | tollgate check -`".to_owned()),
            }),
            Outcome::Unreadable(unreadable) => self.unreadable.push(unreadable),
        }
    }
}

fn read(found: &Found, mask: &Mask, limits: &Limits) -> Outcome {
    match tollgate_files::read(&found.path, limits.bytes as u64) {
        Ok(bytes) => decode(found, bytes, mask, limits),
        Err(error) => Outcome::Unreadable(Unreadable {
            file: Arc::clone(&found.shown),
            position: None,
            message: crate::cause::chain(&error),
            remedy: None,
        }),
    }
}

fn decode(found: &Found, bytes: Vec<u8>, mask: &Mask, limits: &Limits) -> Outcome {
    match tollgate_manifest::read(&bytes, mask, limits) {
        Ok(reading) => Outcome::Read(reading, bytes.into()),
        Err(_) if tollgate_manifest::looks_like_template(&bytes) => Outcome::Template,
        Err(error) => Outcome::Unreadable(Unreadable {
            file: Arc::clone(&found.shown),
            position: Some(error.position),
            message: error.message,
            remedy: error.remedy,
        }),
    }
}

fn unrendered(folder: &Unrendered) -> FileFinding {
    let (what, remedy) = match folder.what {
        tollgate_files::Renderer::Kustomize => {
            ("Kustomize", format!("render first: `kustomize build {} | tollgate check -`", folder.shown))
        }
        tollgate_files::Renderer::Helm => {
            ("Helm", format!("render first: `helm template {} | tollgate check -`", folder.shown))
        }
    };
    FileFinding {
        rule: "reading.unrendered",
        effect: Effect::Undecidable,
        message: format!("{what} makes the manifests of this folder: what they will become cannot be judged"),
        place: Place { file: Arc::clone(&folder.shown), span: first_line() },
        remedy: Some(remedy),
    }
}

fn first_line() -> Span {
    let start = Position { line: 1, column: 1, offset: 0 };
    Span { start, end: start }
}

fn row(file: &str, reason: String) -> SkippedRow {
    SkippedRow { file: file.to_owned(), reason }
}
