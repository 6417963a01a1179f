//! Tells what is wrong in rules and files: with place, source line and remedy, on standard error.
//!
//! What could not be read is never quoted: nothing is known to be masked in it. Rules are quoted, for they hold no
//! secrets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use tollgate_flow::{EstateError, Unreadable};
use tollgate_gate::{Problem, RuleFile};

use crate::exit::Exit;
use crate::output::{Failure, visible};
use crate::settings::Settings;

/// Rules that are no bundle: every place that is wrong, then exit code 2.
pub(crate) fn report(error: EstateError, settings: &Settings) -> Result<Exit, Failure> {
    match told(&error, settings) {
        None => Err(error.into()),
        Some(text) => {
            say!("{}", text.trim_end_matches('\n'));
            Ok(Exit::Failure)
        }
    }
}

/// Every place in the rules that is wrong, as text; nothing where it is not the rules themselves.
pub(crate) fn told(error: &EstateError, settings: &Settings) -> Option<String> {
    let EstateError::Bundle { files, .. } = error else { return None };
    let problems = error.problems();
    if problems.is_empty() {
        return None;
    }
    let mut text = rendered(problems, files, &Level::ERROR, settings.color.value.on_stderr());
    let places = if problems.len() == 1 { "one place" } else { &format!("{} places", problems.len()) };
    let _ = writeln!(text, "error: the rules are wrong in {places}");
    let _ = mendable(files).map(|help| writeln!(text, "  = help: {help}"));
    Some(text)
}

/// What is doubtful in the rules.
pub(crate) fn hints(hints: &[Problem], files: &[RuleFile], settings: &Settings) {
    if !settings.quiet && !hints.is_empty() {
        let color = settings.color.value.on_stderr();
        let level = Level::WARNING.with_name("hint");
        say!("{}", rendered(hints, files, &level, color).trim_end_matches('\n'));
    }
}

/// Files that could not be read.
pub(crate) fn unreadable(files: &[Unreadable]) {
    for file in files {
        let place = file.position.map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        // Most errors of the system name the file already.
        let named = file.message.contains(&format!("`{}`", file.file));
        let whose = if named && place.is_empty() { String::new() } else { format!("{}{place}: ", file.file) };
        say!("error: {}", visible(&format!("{whose}{}", file.message)));
        if let Some(remedy) = &file.remedy {
            say!("  = help: {}", visible(remedy));
        }
    }
}

/// Problems with the lines that they are about, an empty line behind each.
pub(crate) fn rendered(problems: &[Problem], files: &[RuleFile], level: &Level<'_>, color: bool) -> String {
    let texts: BTreeMap<&str, &[u8]> = files.iter().map(|file| (&*file.path, &*file.bytes)).collect();
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for problem in problems {
        text.push_str(&renderer.render(&[group(problem, &texts, level)]));
        text.push_str("\n\n");
    }
    text
}

/// What to run where something can be mended without asking.
pub(crate) fn mendable(files: &[RuleFile]) -> Option<String> {
    let mended = tollgate_policy::mend(files, false).ok()?;
    let names: Vec<String> = mended.iter().map(|file| format!("`{}`", visible(&file.path))).collect();
    let rewrite = match mended.iter().map(|file| file.places).sum::<usize>() {
        0 => return None,
        1 => "one rewrite".to_owned(),
        more => format!("{more} rewrites"),
    };
    Some(format!("`tollgate policy fix` knows {rewrite} for {}", names.join(", ")))
}

/// The page about a check of the load gate, and how to read it without the sources.
pub(crate) fn page(code: &str) -> Option<String> {
    tollgate_policy::check_of(code).map(|check| format!("docs/reference/checks/{}.md", check.word))
}

fn group<'a>(
    problem: &'a Problem,
    texts: &BTreeMap<&str, &[u8]>,
    level: &Level<'a>,
) -> annotate_snippets::Group<'a> {
    let mut message = problem.message.lines();
    let title = level.clone().primary_title(visible(message.next().unwrap_or_default())).id(problem.code);
    let mut group = annotate_snippets::Group::with_title(title);
    let end = problem.end_column;
    group = match line(texts, &problem.file, problem.line) {
        None => {
            let file = visible(&problem.file);
            group.element(Origin::path(format!("{file}:{}:{}", problem.line, problem.column)))
        }
        Some(source) => {
            let mark = AnnotationKind::Primary.span(columns(&source, problem.column, end));
            let snippet = Snippet::source(source).path(visible(&problem.file)).line_start(problem.line);
            group.element(snippet.annotation(mark))
        }
    };
    if let Some(related) = &problem.related {
        group = match line(texts, &related.file, related.line) {
            None => {
                let place = format!("{}:{}:{}", related.file, related.line, related.column);
                group.element(Level::NOTE.message(visible(&format!("{} ({place})", related.message))))
            }
            Some(source) => {
                let mark = AnnotationKind::Context.span(columns(&source, related.column, related.end_column));
                let snippet = Snippet::source(source).path(visible(&related.file)).line_start(related.line);
                group.element(snippet.annotation(mark.label(visible(&related.message))))
            }
        };
    }
    group = group.elements(message.map(|line| Level::NOTE.message(visible(line))));
    group = group.elements(problem.remedy.iter().map(|remedy| Level::HELP.message(visible(remedy))));
    let page = page(problem.code).map(|page| format!("{page}, or `tollgate explain {}`", problem.code));
    group.elements(page.map(|page| Level::HELP.message(page)))
}

/// A line to quote, as it may be shown.
fn line(texts: &BTreeMap<&str, &[u8]>, file: &str, number: usize) -> Option<String> {
    let text = String::from_utf8_lossy(texts.get(file)?);
    let line = text.lines().nth(number.saturating_sub(1))?;
    (!line.trim().is_empty() && line.len() < 2_000).then(|| visible(&line.replace('\t', " ")))
}

/// The bytes of a line from one column up to another.
fn columns(line: &str, from: usize, upto: Option<usize>) -> std::ops::Range<usize> {
    let byte = |column: usize| {
        line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset)
    };
    let start = byte(from);
    start..upto.map_or(start, byte).max(start)
}
