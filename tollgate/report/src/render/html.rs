//! One page that needs nothing else: no script, no other file, light or dark as the reader's system is. Every verdict
//! is a word before it is a colour.

use std::fmt::Write as _;

use super::inert::{visible, visible_lines};
use super::window::Window;
use super::{Style, location, story, summary};
use crate::{FindingRow, Report, Sources};

const CSS: &str = include_str!("html.css");

pub(super) fn render(report: &Report, sources: &Sources, style: &Style) -> String {
    let verdict = report.verdict;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>tollgate: {verdict}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<main>\n\
         <h1 class=\"{verdict}\">{} tollgate: <strong>{verdict}</strong></h1>\n<p>{}</p>\n\
         <p>Bundle <code>{}</code></p>\n",
        sign(verdict),
        text(&summary::rest(report)),
        text(&report.bundle),
    );
    findings(&mut page, report, sources, style);
    subjects(&mut page, report);
    skipped(&mut page, report);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn sign(verdict: &str) -> &'static str {
    match verdict {
        "allow" => "✓",
        "deny" => "✗",
        _ => "?",
    }
}

fn findings(page: &mut String, report: &Report, sources: &Sources, style: &Style) {
    let mut findings: Vec<_> = summary::shown(report, style).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(summary::weight(finding)));
    if findings.is_empty() {
        return;
    }
    page.push_str("<h2>Findings</h2>\n");
    for finding in findings {
        let (effect, rule, message) = (finding.effect, text(&finding.rule), prose(&finding.message));
        let _ = writeln!(page, "<article class=\"{effect}\">");
        let _ = writeln!(page, "<h3><b>{effect}</b> <code>[{rule}]</code> {message}</h3>");
        place(page, report, sources, finding);
        let mut line = |name: &str, told: &str| {
            let _ = writeln!(page, "<p>{name}: {told}</p>");
        };
        if let Some(wanted) = story::wanted(finding) {
            line("wanted", &text(&wanted));
        }
        if let Some(policy) = &finding.policy {
            let at = location::written(&policy.file, Some(policy.line), Some(policy.column));
            line("rule", &format!("<code>{}</code>", text(&at)));
        }
        if let Some(exception) = &finding.exception {
            let note = format!(
                "{} until {}: {} (owner: {})",
                exception.name, exception.expires, exception.reason, exception.owner
            );
            line("exception", &text(&note));
        }
        if let Some(remedy) = &finding.remedy {
            line("help", &prose(remedy));
        }
        line("severity", finding.severity);
        page.push_str("</article>\n");
    }
}

fn place(page: &mut String, report: &Report, sources: &Sources, finding: &FindingRow) {
    let at = location::of(report, finding).map(|at| location::written(at.file, Some(at.line), at.column));
    let object = Some(location::object(report, finding)).filter(|object| !object.is_empty());
    let places: Vec<_> =
        at.into_iter().chain(object).map(|place| format!("<code>{}</code>", text(&place))).collect();
    let _ = writeln!(page, "<p>{}</p>", places.join(" "));
    let source = finding.file.as_deref().zip(finding.line).and_then(|(file, line)| sources.line(file, line));
    if let (Some(source), Some(line)) = (source, finding.line) {
        let window = Window::of(source, finding);
        let (before, after) = (&window.text[..window.start], &window.text[window.end..]);
        let marked = markup(window.marked());
        let (before, after) = (markup(before), markup(after));
        let _ = writeln!(page, "<pre>{line} | {before}<mark>{marked}</mark>{after}</pre>");
    }
}

fn subjects(page: &mut String, report: &Report) {
    if report.subjects.is_empty() {
        return;
    }
    page.push_str(
        "<h2>Objects</h2>\n<table>\n<thead><tr><th scope=\"col\">verdict</th><th scope=\"col\">object</th>\
         <th scope=\"col\">operation</th><th scope=\"col\">where</th></tr></thead>\n<tbody>\n",
    );
    for subject in &report.subjects {
        let at = subject.file.as_deref().map(|file| location::written(file, subject.line, None));
        let _ = writeln!(
            page,
            "<tr class=\"{0}\"><td>{1} <strong>{0}</strong></td><td>{2} <code>{3}</code></td><td>{4}</td>\
             <td><code>{5}</code></td></tr>",
            subject.verdict,
            sign(subject.verdict),
            text(&location::name(subject)),
            text(&subject.api_version),
            subject.operation,
            text(&at.unwrap_or_default()),
        );
    }
    page.push_str("</tbody>\n</table>\n");
}

fn skipped(page: &mut String, report: &Report) {
    if report.skipped.is_empty() {
        return;
    }
    page.push_str("<h2>Skipped</h2>\n<ul>\n");
    for row in &report.skipped {
        let _ = writeln!(page, "<li><code>{}</code>: {}</li>", text(&row.file), text(&row.reason));
    }
    page.push_str("</ul>\n");
}

/// A message with what stands between backticks as code, its lines apart.
fn prose(message: &str) -> String {
    let message = visible_lines(message);
    let parts: Vec<_> = message.split('`').collect();
    let told: String = match parts.len() % 2 {
        0 => markup(&message),
        _ => parts
            .iter()
            .enumerate()
            .map(|(at, part)| {
                let part = markup(part);
                if at % 2 == 0 { part } else { format!("<code>{part}</code>") }
            })
            .collect(),
    };
    told.replace('\n', "<br>")
}

/// Text that is inert in HTML, in attributes and between tags.
fn text(text: &str) -> String {
    markup(&visible(text))
}

fn markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
