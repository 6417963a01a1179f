//! Coverage as a table, as JSON in the shape of `opa test --coverage`, and as an lcov tracefile.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tollgate_policy::{Coverage, FileCoverage};

use crate::output::visible;

/// What share of all was reached, in percent; of nothing all.
pub(super) fn share((all, had): (usize, usize)) -> f64 {
    if all == 0 {
        return 100.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "no file has so many lines")]
    let (all, had) = (all as f64, had as f64);
    had * 100.0 / all
}

pub(super) fn text(coverage: &Coverage) -> String {
    let names = coverage.files.iter().map(|file| file.path.chars().count());
    let width = names.max().unwrap_or_default().max(5);
    let mut text = format!("{:<width$}  {:>16}  {:>16}  not reached\n", "file", "lines", "conditions");
    for file in &coverage.files {
        let missing: Vec<String> = ranges(file, false)
            .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") })
            .collect();
        let (lines, conditions) = (column(file.line_counts()), column(file.outcome_counts()));
        let row =
            format!("{:<width$}  {lines:>16}  {conditions:>16}  {}", visible(&file.path), missing.join(", "));
        let _ = writeln!(text, "{}", row.trim_end());
        for condition in &file.conditions {
            let what = match (condition.reached, condition.held, condition.failed) {
                (0, _, _) => continue,
                (_, 0, _) => "never held",
                (_, _, Some(0)) => "never failed",
                _ => continue,
            };
            let _ =
                writeln!(text, "  {}:{}:{}: {what}", visible(&file.path), condition.line, condition.column);
        }
    }
    let (lines, conditions) = (column(coverage.line_counts()), column(coverage.outcome_counts()));
    let _ = writeln!(text, "{:<width$}  {lines:>16}  {conditions:>16}", "all");
    text
}

fn column(counts: (usize, usize)) -> String {
    format!("{}/{} {:>6.1}%", counts.1, counts.0, share(counts))
}

/// Lines in a row that were all reached, or all not.
fn ranges(file: &FileCoverage, reached: bool) -> impl Iterator<Item = (usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (line, _) in file.lines.iter().filter(|(_, count)| (**count > 0) == reached) {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *line => *to = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    ranges.into_iter()
}

pub(super) fn json(coverage: &Coverage) -> String {
    let mut files = Map::new();
    for file in &coverage.files {
        let rows = |reached| -> Value {
            ranges(file, reached)
                .map(|(from, to)| json!({"start": {"row": from}, "end": {"row": to}}))
                .collect()
        };
        let conditions: Vec<Value> = file
            .conditions
            .iter()
            .map(|condition| {
                json!({
                    "row": condition.line, "col": condition.column, "reached": condition.reached,
                    "held": condition.held, "failed": condition.failed,
                })
            })
            .collect();
        let (all, had) = file.line_counts();
        files.insert(
            file.path.to_string(),
            json!({
                "covered": rows(true), "not_covered": rows(false),
                "covered_lines": had, "not_covered_lines": all - had, "coverage": share((all, had)),
                "conditions": conditions, "condition_coverage": share(file.outcome_counts()),
            }),
        );
    }
    let (all, had) = coverage.line_counts();
    let told = json!({
        "schema": "tollgate/coverage/v1", "files": files,
        "covered_lines": had, "not_covered_lines": all - had, "coverage": share((all, had)),
        "condition_coverage": share(coverage.outcome_counts()),
    });
    format!("{told}\n")
}

/// A tracefile as `geninfo(1)` describes it: of each condition the first branch is that it held, the second that it
/// failed.
pub(super) fn lcov(coverage: &Coverage) -> String {
    let mut text = String::new();
    for file in &coverage.files {
        let _ = writeln!(text, "TN:\nSF:{}", visible(&file.path));
        for (at, condition) in file.conditions.iter().enumerate() {
            let outcomes = [Some(condition.held), condition.failed];
            for (branch, count) in outcomes.into_iter().flatten().enumerate() {
                let taken = if condition.reached == 0 { "-".to_owned() } else { count.to_string() };
                let _ = writeln!(text, "BRDA:{},{at},{branch},{taken}", condition.line);
            }
        }
        let (all, had) = file.outcome_counts();
        let _ = writeln!(text, "BRF:{all}\nBRH:{had}");
        for (line, count) in &file.lines {
            let _ = writeln!(text, "DA:{line},{count}");
        }
        let (all, had) = file.line_counts();
        let _ = writeln!(text, "LF:{all}\nLH:{had}\nend_of_record");
    }
    text
}
