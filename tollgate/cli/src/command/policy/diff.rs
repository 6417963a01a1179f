//! What was and what should be, line by line, as `patch` takes it.

use std::fmt::Write as _;
use std::ops::Range;

use tollgate_policy::Mended;

use crate::output::visible;

/// Lines that are shown around what changes.
const AROUND: usize = 3;

/// Pairs of lines that are compared; what is larger is one change from its first to its last line.
const PAIRS: usize = 4_000_000;

/// The differences of one file; nothing where there are none.
pub(super) fn unified(mended: &Mended) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (mended.before.split_inclusive('\n').collect(), mended.after.split_inclusive('\n').collect());
    let path = visible(&mended.path);
    let mut text = format!("--- {path}\n+++ {path}\n");
    for hunk in hunks(&changes(&before, &after)) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let lead = first.old.start.min(AROUND);
        let (old, new) = (first.old.start - lead, first.new.start - lead);
        let tail = (before.len() - last.old.end).min(AROUND);
        let (old_end, new_end) = (last.old.end + tail, last.new.end + tail);
        let _ = writeln!(text, "@@ -{} +{} @@", span(old, old_end), span(new, new_end));
        let mut at = old;
        for change in hunk {
            write_lines(&mut text, ' ', before.get(at..change.old.start));
            write_lines(&mut text, '-', before.get(change.old.clone()));
            write_lines(&mut text, '+', after.get(change.new.clone()));
            at = change.old.end;
        }
        write_lines(&mut text, ' ', before.get(at..old_end));
    }
    text
}

/// Lines that take the place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// All changes, in order, none touching another.
fn changes(before: &[&str], after: &[&str]) -> Vec<Change> {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (before.get(same..).unwrap_or_default(), after.get(same..).unwrap_or_default());
    let behind = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (
        old.get(..old.len() - behind).unwrap_or_default(),
        new.get(..new.len() - behind).unwrap_or_default(),
    );
    if old.len().saturating_mul(new.len()) > PAIRS {
        return vec![Change { old: same..same + old.len(), new: same..same + new.len() }];
    }
    let mut changes: Vec<Change> = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    let common = common(old, new);
    for (in_old, in_new) in common.into_iter().chain([(old.len(), new.len())]) {
        if from_old < in_old || from_new < in_new {
            changes.push(Change { old: same + from_old..same + in_old, new: same + from_new..same + in_new });
        }
        (from_old, from_new) = (in_old + 1, in_new + 1);
    }
    changes
}

/// The longest sequence of lines that both have, as places in each.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    for (row, line) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            longest[at(row, column)] = if line == other {
                longest[at(row + 1, column + 1)] + 1
            } else {
                longest[at(row + 1, column)].max(longest[at(row, column + 1)])
            };
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < old.len() && column < new.len() {
        if old[row] == new[column] {
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if longest[at(row + 1, column)] >= longest[at(row, column + 1)] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// Changes that are shown together.
fn hunks(changes: &[Change]) -> Vec<&[Change]> {
    changes.chunk_by(|a, b| b.old.start - a.old.end <= 2 * AROUND).collect()
}

fn span(start: usize, end: usize) -> String {
    if end == start { format!("{start},0") } else { format!("{},{}", start + 1, end - start) }
}

fn write_lines(text: &mut String, mark: char, lines: Option<&[&str]>) {
    for line in lines.unwrap_or_default() {
        let shown: String =
            line.trim_end_matches('\n').split('\t').map(visible).collect::<Vec<_>>().join("\t");
        let _ = writeln!(text, "{mark}{shown}");
        if !line.ends_with('\n') {
            text.push_str("\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> String {
        unified(&Mended { path: "a.rego".into(), before: before.into(), after: after.to_owned(), places: 1 })
    }

    #[test]
    fn a_line_is_shown_with_three_around_it() {
        let wanted = "--- a.rego\n+++ a.rego\n@@ -2,6 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n+more\n 6\n 7\n";
        assert_eq!(diff("1\n2\n3\n4\n5\n6\n7\n", "1\n2\n3\n4\nfive\nmore\n6\n7\n"), wanted);
    }

    #[test]
    fn changes_far_apart_are_hunks_of_their_own() {
        let lines = |edit: &dyn Fn(usize) -> Option<String>| (1..=30).filter_map(edit).collect::<String>();
        let before = lines(&|at| Some(format!("{at}\n")));
        let after = lines(&|at| (at != 3 && at != 25).then(|| format!("{at}\n")));
        let text = diff(&before, &after);
        assert!(text.contains("@@ -1,6 +1,5 @@") && text.contains("@@ -22,7 +21,6 @@"), "{text}");
    }

    #[test]
    fn a_missing_last_line_break_is_told() {
        assert!(diff("a", "b\n").ends_with("-a\n\\ No newline at end of file\n+b\n"));
        assert!(diff("", "a\n").contains("@@ -0,0 +1,1 @@"), "{}", diff("", "a\n"));
    }
}
