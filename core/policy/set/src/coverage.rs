//! What tests reached of the rules: lines, and for each condition whether it held and whether it failed.
//!
//! Tests themselves are no part of it: neither `test_` rules nor files whose name ends in `_test.rego`. Of a line counts
//! what begins on it, and where nothing does, the innermost condition or head that goes on there.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::PolicySet;
use crate::testing::Tallies;

/// What was reached, by file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// the files that hold rules, in order of their paths
    pub files: Vec<FileCoverage>,
}

/// What was reached of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCoverage {
    /// its path
    pub path: Arc<str>,
    /// how often each line was reached that can be
    pub lines: BTreeMap<usize, u64>,
    /// its conditions, in order
    pub conditions: Vec<ConditionCoverage>,
}

/// What one condition came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionCoverage {
    /// line, from 1
    pub line: usize,
    /// column, from 1
    pub column: usize,
    /// how often it was reached
    pub reached: u64,
    /// how often it held
    pub held: u64,
    /// how often it failed; none for one that only gives a name to something, and is not there to fail
    pub failed: Option<u64>,
}

impl ConditionCoverage {
    /// How many outcomes it can have, and how many it had.
    #[must_use]
    pub fn outcomes(&self) -> (usize, usize) {
        match self.failed {
            None => (1, usize::from(self.held > 0)),
            Some(failed) => (2, usize::from(self.held > 0) + usize::from(failed > 0)),
        }
    }
}

impl FileCoverage {
    /// How many lines can be reached, and how many were.
    #[must_use]
    pub fn line_counts(&self) -> (usize, usize) {
        (self.lines.len(), self.lines.values().filter(|count| **count > 0).count())
    }

    /// How many outcomes its conditions can have, and how many they had.
    #[must_use]
    pub fn outcome_counts(&self) -> (usize, usize) {
        let sum = |(all, had): (usize, usize), (more, also)| (all + more, had + also);
        self.conditions.iter().map(ConditionCoverage::outcomes).fold((0, 0), sum)
    }
}

impl Coverage {
    /// How many lines of all files can be reached, and how many were.
    #[must_use]
    pub fn line_counts(&self) -> (usize, usize) {
        let sum = |(all, had): (usize, usize), (more, also)| (all + more, had + also);
        self.files.iter().map(FileCoverage::line_counts).fold((0, 0), sum)
    }

    /// How many outcomes the conditions of all files can have, and how many they had.
    #[must_use]
    pub fn outcome_counts(&self) -> (usize, usize) {
        let sum = |(all, had): (usize, usize), (more, also)| (all + more, had + also);
        self.files.iter().map(FileCoverage::outcome_counts).fold((0, 0), sum)
    }
}

/// Something that begins and ends on a line, and how often it was reached.
type Item = (usize, usize, u64);

impl PolicySet {
    /// What `tallies` say about the set's rules.
    #[must_use]
    pub fn coverage(&self, tallies: &Tallies) -> Coverage {
        let mut files: BTreeMap<usize, (Vec<Item>, Vec<ConditionCoverage>)> = BTreeMap::new();
        let lines: Vec<_> = self
            .files
            .iter()
            .map(|(_, text, starts)| tollgate_rego_syntax::LineIndex::again(text, starts))
            .collect();
        let counts = |file: usize, rule: usize| {
            !self.test_rules.contains(&rule)
                && self.files.get(file).is_some_and(|(path, ..)| !path.ends_with("_test.rego"))
        };
        let line = |file: usize, at: u32| {
            lines.get(file).map_or((0, 0), |lines| {
                let place = lines.place(at);
                (place.line as usize, place.column as usize)
            })
        };
        for (at, head) in
            self.program.heads().iter().enumerate().filter(|(_, head)| counts(head.file, head.rule))
        {
            let count = tallies.heads.get(at).copied().unwrap_or_default();
            let (start, end) = (line(head.file, head.span.start).0, line(head.file, head.span.end).0);
            files.entry(head.file).or_default().0.push((start, end, count));
        }
        let conditions = self.program.conditions().iter().enumerate();
        for (at, condition) in conditions.filter(|(_, condition)| counts(condition.file, condition.rule)) {
            let tally = tallies.conditions.get(at).copied().unwrap_or_default();
            let (start, column) = line(condition.file, condition.span.start);
            let end = line(condition.file, condition.span.end).0;
            let (items, told) = files.entry(condition.file).or_default();
            items.push((start, end, tally.reached));
            told.push(ConditionCoverage {
                line: start,
                column,
                reached: tally.reached,
                held: tally.held,
                failed: (!condition.binds).then_some(tally.failed),
            });
        }
        let files = files.into_iter().filter_map(|(file, (items, mut conditions))| {
            conditions.sort_by_key(|condition| (condition.line, condition.column));
            let path = self.files.get(file)?.0.clone();
            Some(FileCoverage { path, lines: by_line(items), conditions })
        });
        Coverage { files: files.collect() }
    }
}

/// How often each line was reached.
fn by_line(mut items: Vec<Item>) -> BTreeMap<usize, u64> {
    items.sort_unstable();
    let mut lines = BTreeMap::new();
    for (start, end, count) in &items {
        for line in start.saturating_add(1)..=*end {
            lines.insert(line, *count);
        }
    }
    let mut begun: BTreeMap<usize, u64> = BTreeMap::new();
    for (start, _, count) in items {
        begun.entry(start).and_modify(|least| *least = count.min(*least)).or_insert(count);
    }
    lines.extend(begun);
    lines
}

#[cfg(test)]
mod tests {
    use super::by_line;

    #[test]
    fn of_a_line_counts_what_begins_on_it_and_else_the_innermost() {
        let lines = by_line(vec![(1, 6, 5), (3, 4, 0), (3, 3, 2), (7, 7, 1)]);
        assert_eq!(
            lines.into_iter().collect::<Vec<_>>(),
            [(1, 5), (2, 5), (3, 0), (4, 0), (5, 5), (6, 5), (7, 1)]
        );
    }
}
