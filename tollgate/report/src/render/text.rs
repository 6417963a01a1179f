//! The report for a person at a terminal: a diagnostic for each finding, with its source line, then one line that
//! says it all.

use std::collections::BTreeSet;

use annotate_snippets::renderer::{AnsiColor, Effects};
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::inert::visible;
use super::window::Window;
use super::{Style, location, story, summary};
use crate::{ExceptionRow, FindingRow, PolicyRow, Report, Sources};

pub(super) fn render(report: &Report, sources: &Sources, style: &Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.max(40));
    let mut text = String::new();
    let mut explained = BTreeSet::new();
    for finding in summary::shown(report, style) {
        let mut group = diagnostic(report, sources, finding, style);
        if explained.insert(finding.rule.as_str()) {
            group = group.element(help(&format!("tollgate explain {}", finding.rule)));
        }
        text.push_str(&renderer.render(&[group]));
        text.push_str("\n\n");
    }
    if style.verbose && !style.quiet {
        text.push_str(&skipped(report));
    }
    text.push_str(&last_line(report, style));
    text
}

fn diagnostic<'a>(
    report: &'a Report,
    sources: &'a Sources,
    finding: &'a FindingRow,
    style: &Style,
) -> Group<'a> {
    let mut message = finding.message.lines();
    let title = level(finding.effect)
        .with_name(finding.effect)
        .primary_title(visible(message.next().unwrap_or_default()))
        .id(visible(&finding.rule));
    let (place, beside) = place(report, sources, finding);
    let mut group = Group::with_title(title).element(place);
    if let Some(policy) = &finding.policy {
        group = group.element(rule(sources, policy, style.width));
    }
    group = group.elements(beside.as_deref().map(note));
    group = group.elements(message.map(note));
    if style.verbose && finding.file.is_some() && finding.subject.is_some() {
        group = group.element(note(&format!("in {}", location::object(report, finding))));
    }
    if let Some(exception) = &finding.exception {
        group = group.element(note(&excepted(exception)));
    }
    if let Some(cost) = story::cost(report, finding) {
        group = group.element(Level::NOTE.with_name("cost").message(visible(&cost)));
    }
    group.elements(finding.remedy.iter().flat_map(|remedy| remedy.lines()).map(help))
}

/// Where it was found: file and source line, or the object where no file is known. And what was wanted there, where
/// there is no source line to say it at.
fn place<'a>(report: &Report, sources: &Sources, finding: &FindingRow) -> (Element<'a>, Option<String>) {
    let wanted = story::wanted(finding);
    let Some(file) = &finding.file else {
        return (Origin::path(visible(&location::object(report, finding))).into(), wanted);
    };
    let source = finding.line.and_then(|line| Some((line, sources.line(file, line)?)));
    let window = source.map(|(line, source)| (line, Window::of(source, finding)));
    let Some((line, window)) = window.filter(|(_, window)| window.is_whole() && !window.text.is_empty())
    else {
        let written = location::written(file, finding.line, finding.column);
        return (Origin::path(visible(&written)).into(), wanted);
    };
    let label = wanted_beside(finding, window.marked()).map(|label| visible(&label));
    let mark = AnnotationKind::Primary.span(window.start..window.end).label(label);
    let snippet = Snippet::source(window.text).path(visible(file)).line_start(line);
    (snippet.annotation(mark).into(), None)
}

/// What the label says beside the mark: what stands there need not be said twice.
fn wanted_beside(finding: &FindingRow, marked: &str) -> Option<String> {
    let is_shown = finding.found.as_deref().is_some_and(|found| found == marked.trim_matches(['"', '\'']));
    match &finding.expected {
        Some(expected) if is_shown => Some(format!("expected {expected}")),
        _ => story::wanted(finding),
    }
}

/// Where the rule stands, and its line where that is known.
fn rule<'a>(sources: &Sources, policy: &PolicyRow, width: usize) -> Element<'a> {
    let mut told = location::written(&policy.file, Some(policy.line), Some(policy.column));
    if let Some(source) = sources.line(&policy.file, policy.line) {
        let room = width.saturating_sub(told.chars().count() + 10);
        let line: String = source.trim().chars().take(room).collect();
        told = format!("{told}   {line}");
    }
    Origin::path(visible(told.trim_end())).into()
}

fn level(effect: &str) -> Level<'static> {
    match effect {
        "info" => Level::INFO,
        "warn" => Level::WARNING,
        _ => Level::ERROR,
    }
}

/// One line: a line that a stranger's text begins could be a workflow command to whoever reads a build's output.
fn note<'a>(line: &str) -> Element<'a> {
    Level::NOTE.message(visible(line)).into()
}

fn help<'a>(line: &str) -> Element<'a> {
    Level::HELP.message(visible(line)).into()
}

fn excepted(exception: &ExceptionRow) -> String {
    let ExceptionRow { name, owner, reason, expires } = exception;
    format!("excepted by `{name}` until {expires}: {reason} (owner: {owner})")
}

fn skipped(report: &Report) -> String {
    let lines = report.skipped.iter();
    let mut text: String =
        lines.map(|row| format!("skipped: {}: {}\n", visible(&row.file), visible(&row.reason))).collect();
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn last_line(report: &Report, style: &Style) -> String {
    let rest = visible(&summary::rest(report));
    let verdict = report.verdict;
    if !style.color {
        return format!("{verdict}: {rest}\n");
    }
    let color = if verdict == "allow" { AnsiColor::BrightGreen } else { AnsiColor::BrightRed };
    let bold = color.on_default().effects(Effects::BOLD);
    format!("{bold}{verdict}{bold:#}: {rest}\n")
}
