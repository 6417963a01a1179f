//! Workflow commands that GitHub shows beside the changed lines. A stranger's text never ends its command: `%`, line
//! ends and, in properties, `:` and `,` are escaped as the runner reads them
//! (actions/toolkit, `packages/core/src/command.ts`).

use super::inert::visible;
use super::{location, story, summary};
use crate::{FindingRow, Report};

pub(super) fn render(report: &Report) -> String {
    let mut text: String =
        summary::concerning(report).into_iter().map(|finding| command(report, finding)).collect();
    text.push_str(&visible(&summary::line(report)));
    text.push('\n');
    text
}

fn command(report: &Report, finding: &FindingRow) -> String {
    let word = if finding.effect == "warn" { "warning" } else { "error" };
    let mut properties = Vec::new();
    if let Some(place) = location::of(report, finding).filter(|place| place.file != "-") {
        let end_line = place.end_line.unwrap_or(place.line);
        properties.push(format!("file={}", property(location::relative(place.file))));
        properties.push(format!("line={}", place.line));
        properties.push(format!("endLine={end_line}"));
        // GitHub takes columns within one line only.
        if let Some(column) = place.column.filter(|_| end_line == place.line) {
            properties.push(format!("col={column}"));
            properties.extend(place.end_column.map(|end| format!("endColumn={end}")));
        }
    }
    properties.push(format!("title={}", property(&story::title(finding))));
    format!("::{word} {}::{}\n", properties.join(","), data(&story::lines(report, finding).join("\n")))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
