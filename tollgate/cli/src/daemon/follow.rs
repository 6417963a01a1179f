//! Watches the estate's files: loads the rules again, judges again, and says what is different.
//!
//! ```text
//! Event ──> rules as before?  ── no ──> compile ──> in force, or: broken, the old ones stay in force, loudly
//!                 └────────────────────────┴──> sweep ──> what is new, what is mended
//! ```

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use tollgate_files::{Event, Watcher};
use tollgate_flow::{Checked, Estate, EstateError, Gate, sweep};
use tollgate_report::{FindingRow, Format, Report, render};

use crate::installation;
use crate::output::{Failure, chain, print, style, visible};
use crate::problem;
use crate::settings::Settings;

/// What watching needs.
pub(super) struct Follower {
    pub(super) gate: Arc<Gate>,
    pub(super) root: PathBuf,
    pub(super) settings: Settings,
    /// whether what bears on cost is known: from files, or from a cluster that was watched for it from the start
    pub(super) knows_money: bool,
}

impl Follower {
    /// Watches from now on, in a thread of its own.
    pub(super) fn start(self) -> Result<(), Failure> {
        let watcher = Watcher::new(&[&self.root])?;
        std::thread::Builder::new().name("follow".to_owned()).spawn(move || self.run(watcher))?;
        Ok(())
    }

    fn run(self, mut watcher: Watcher) {
        let mut unreadable = BTreeSet::new();
        loop {
            match watcher.events().recv() {
                Ok(Event::Changed) => {}
                Ok(Event::Degraded { why }) => {
                    say!("warning: {why}");
                    continue;
                }
                Ok(Event::Failed { why }) => {
                    say!("warning: the watch on the files failed, watching anew: {why}");
                    match Watcher::new(&[&self.root]) {
                        Ok(anew) => watcher = anew,
                        Err(error) => {
                            return say!("error: files are watched no more: {}", chain(&error));
                        }
                    }
                }
                Err(_) => return,
            }
            self.load_rules();
            if let Err(error) = self.judge_again(&mut unreadable) {
                say!("error: {}", visible(&chain(error.as_ref())));
            }
        }
    }

    fn load_rules(&self) {
        let in_force = self.gate.pinned().estate.bundle.digest();
        match Estate::load(&self.root, &[]) {
            Err(error) => self.broken(&error),
            Ok(estate) if installation::name(estate.bundle.config()) != self.name() => {
                self.stay(
                    "the estate has another name now, and its name is the ledger's: start the gate anew",
                );
            }
            Ok(estate) if estate.bundle.cost().is_some() && !self.knows_money => {
                self.stay(
                    "prices and budgets are new, and the cluster is not watched for what bears on them: start the gate \
                     anew",
                );
            }
            Ok(estate) if estate.bundle.digest() == in_force => {
                if self.gate.broken().is_some() {
                    self.gate.set_broken(None);
                    say!("rules: as they were; bundle {in_force} is in force");
                }
            }
            Ok(estate) => {
                let digest = estate.bundle.digest();
                problem::hints(estate.bundle.hints(), &estate.files, &self.settings);
                match self.gate.activate(estate) {
                    Ok(()) => say!("rules: bundle {digest} is in force"),
                    Err(error) => self.stay(&format!("they could not be put in force: {error}")),
                }
            }
        }
    }

    fn broken(&self, error: &EstateError) {
        match problem::told(error, &self.settings) {
            Some(text) => {
                say!("{}", text.trim_end_matches('\n'));
                let first = error.problems().first().map(ToString::to_string).unwrap_or_default();
                self.stay(&first);
            }
            None => self.stay(&chain(error)),
        }
    }

    /// The old rules stay in force, and everybody is told.
    fn stay(&self, why: &str) {
        let in_force = self.gate.pinned().estate.bundle.digest();
        say!("error: THE RULES ON DISK ARE NOT IN FORCE: bundle {in_force} stays: {}", visible(why));
        self.gate.set_broken(Some(why.to_owned()));
    }

    fn judge_again(&self, unreadable: &mut BTreeSet<String>) -> Result<(), Failure> {
        let before = self.gate.latest();
        let swept = sweep(&self.gate)?;
        let news: Vec<_> = swept
            .unreadable
            .iter()
            .filter(|file| !unreadable.contains(&format!("{file:?}")))
            .cloned()
            .collect();
        problem::unreadable(&news);
        *unreadable = swept.unreadable.iter().map(|file| format!("{file:?}")).collect();
        if let Some(text) = before.and_then(|before| self.difference(&before, &swept.checked)) {
            print(&text)?;
        }
        Ok(())
    }

    /// What is different, for a person; nothing where nothing is.
    fn difference(&self, before: &Checked, after: &Checked) -> Option<String> {
        let (was, is) = (keys(&before.report), keys(&after.report));
        let gone: Vec<&String> = was.difference(&is).collect();
        let is_new = |finding: &&FindingRow| !was.contains(&key(&after.report, finding));
        let new: Vec<FindingRow> = after.report.findings.iter().filter(is_new).cloned().collect();
        if gone.is_empty() && new.is_empty() {
            return None;
        }
        let style = style(&self.settings);
        let text = |report: &Report| render(report, &after.sources, Format::Text, &style);
        let mut told = String::from("\n");
        for key in gone {
            told.push_str(&format!("no more: {}\n", visible(key)));
        }
        if !new.is_empty() {
            let shown = text(&Report { findings: new, skipped: Vec::new(), ..after.report.clone() });
            told.push_str(shown.trim_end().rsplit_once('\n').map_or("", |(findings, _)| findings));
            told.push('\n');
        }
        let whole = text(&after.report);
        told.push_str(whole.trim_end().rsplit('\n').next().unwrap_or_default());
        told.push('\n');
        Some(told)
    }

    fn name(&self) -> String {
        installation::name(self.gate.pinned().estate.bundle.config()).to_owned()
    }
}

fn keys(report: &Report) -> BTreeSet<String> {
    report.findings.iter().map(|finding| key(report, finding)).collect()
}

/// What makes a finding the same as before: not its line, which moves with every edit above it.
fn key(report: &Report, finding: &FindingRow) -> String {
    let subject = finding.subject.and_then(|subject| report.subjects.get(subject));
    let name = subject.map(|row| {
        let parts = [row.namespace.as_deref(), row.name.as_deref()];
        format!("{} {} ", row.kind, parts.into_iter().flatten().collect::<Vec<_>>().join("/"))
    });
    let file = finding.file.as_deref().unwrap_or_default();
    let path = if finding.path.is_empty() { String::new() } else { format!(" {}", finding.path) };
    format!(
        "{}[{}]: {} ({}{file}{path})",
        finding.effect,
        finding.rule,
        finding.message,
        name.unwrap_or_default()
    )
}
