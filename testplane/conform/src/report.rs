//! What came of a suite, for a person to read and a script to count.

use std::collections::BTreeMap;
use std::fmt;

/// How many characters of a value are shown where not all are asked for.
const SHOWN: usize = 400;

/// What came of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// what is wanted
    Passed,
    /// something else
    Failed {
        /// what is wanted
        expected: String,
        /// what came
        got: String,
    },
    /// it needs what we refuse at load, for this reason
    Refused(String),
}

/// A case that was run.
#[derive(Clone, Debug)]
pub struct Line {
    /// what it is counted with
    pub folder: String,
    /// its name
    pub note: String,
    /// where it stands
    pub file: String,
    /// what is shown with `-v` where it failed
    pub details: String,
    /// what came of it
    pub outcome: Outcome,
}

/// The cases of a suite.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<Line>,
    verbose: bool,
}

impl Report {
    /// An empty report, which shows values whole or short.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self { lines: Vec::new(), verbose }
    }

    /// Adds a case.
    pub fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The cases in the order in which they were added.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many passed, failed, were refused.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        count(self.lines.iter().map(|line| &line.outcome))
    }

    fn shown(&self, text: &str) -> String {
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) if !self.verbose => format!("{}.. (-v shows all)", &text[..end]),
            _ => text.to_owned(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut refused: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut folders: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
        for line in &self.lines {
            folders.entry(&line.folder).or_default().push(&line.outcome);
            match &line.outcome {
                Outcome::Passed => {}
                Outcome::Failed { expected, got } => {
                    writeln!(f, "FAILED {} ({})", line.note, line.file)?;
                    writeln!(f, "  expected {}", self.shown(expected))?;
                    writeln!(f, "       got {}", self.shown(got))?;
                    if self.verbose {
                        writeln!(f, "{}", line.details.trim_end())?;
                    }
                }
                Outcome::Refused(reason) => refused.entry(reason).or_default().push(&line.note),
            }
        }
        for (reason, notes) in refused {
            writeln!(f, "REFUSED {reason}")?;
            for note in notes {
                writeln!(f, "  {note}")?;
            }
        }
        writeln!(f, "{:<44}{:>8}{:>8}{:>8}", "folder", "passed", "failed", "refused")?;
        for (folder, outcomes) in folders {
            let [passed, failed, refused] = count(outcomes.into_iter());
            writeln!(f, "{folder:<44}{passed:>8}{failed:>8}{refused:>8}")?;
        }
        let [passed, failed, refused] = self.counts();
        write!(f, "{passed} passed, {failed} failed, {refused} refused")
    }
}

fn count<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> [usize; 3] {
    let mut counts = [0; 3];
    for outcome in outcomes {
        let at = match outcome {
            Outcome::Passed => 0,
            Outcome::Failed { .. } => 1,
            Outcome::Refused(_) => 2,
        };
        counts[at] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_ends_with_its_counts() {
        let mut report = Report::new(false);
        let failed = Outcome::Failed { expected: "1".to_owned(), got: "2".to_owned() };
        for (note, outcome) in
            [("a", Outcome::Passed), ("b", failed), ("c", Outcome::Refused("no network".to_owned()))]
        {
            let (folder, file) = ("folder".to_owned(), "file".to_owned());
            report.add(Line { folder, note: note.to_owned(), file, details: String::new(), outcome });
        }
        let text = report.to_string();
        assert!(
            text.contains("FAILED b (file)\n  expected 1\n       got 2\nREFUSED no network\n  c\n"),
            "{text}"
        );
        assert!(text.ends_with("\n1 passed, 1 failed, 1 refused"), "{text}");
    }
}
