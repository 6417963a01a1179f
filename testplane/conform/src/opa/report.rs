//! What came of a suite, for a person to read and a script to count.

use std::collections::BTreeMap;
use std::fmt;

use super::case::Case;
use super::run::Outcome;

/// How many characters of a value are shown where not all are asked for.
const SHOWN: usize = 400;

/// The outcomes of a suite's cases.
#[derive(Debug, Default)]
pub struct Report {
    outcomes: Vec<(Case, Outcome)>,
    verbose: bool,
}

impl Report {
    /// An empty report, which shows values whole or short.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self { outcomes: Vec::new(), verbose }
    }

    /// Adds what came of a case.
    pub fn add(&mut self, case: Case, outcome: Outcome) {
        self.outcomes.push((case, outcome));
    }

    /// Cases and outcomes, in the order in which they were added.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Case, &Outcome)> {
        self.outcomes.iter().map(|(case, outcome)| (case, outcome))
    }

    /// How many passed, failed, were refused.
    #[must_use]
    pub fn counts(&self) -> [usize; 3] {
        count(self.outcomes.iter().map(|(_, outcome)| outcome))
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
        for (case, outcome) in &self.outcomes {
            if let Outcome::Failed { expected, got } = outcome {
                writeln!(f, "FAILED {} ({})", case.note, case.file.display())?;
                writeln!(f, "  expected {}", self.shown(expected))?;
                writeln!(f, "       got {}", self.shown(got))?;
                if self.verbose {
                    for module in &case.modules {
                        writeln!(f, "{}", module.trim_end())?;
                    }
                    writeln!(f, "query {}", case.query)?;
                }
            }
        }
        let mut refused: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (case, outcome) in &self.outcomes {
            if let Outcome::Refused(reason) = outcome {
                refused.entry(reason).or_default().push(&case.note);
            }
        }
        for (reason, notes) in refused {
            writeln!(f, "REFUSED {reason}")?;
            for note in notes {
                writeln!(f, "  {note}")?;
            }
        }
        let mut folders: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
        for (case, outcome) in &self.outcomes {
            folders.entry(&case.folder).or_default().push(outcome);
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
