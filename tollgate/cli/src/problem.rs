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
    let mut text = rendered(problems, files, Level::ERROR, settings);
    let places = if problems.len() == 1 { "one place" } else { &format!("{} places", problems.len()) };
    let _ = writeln!(text, "error: the rules are wrong in {places}");
    Some(text)
}

/// What is doubtful in the rules.
pub(crate) fn hints(hints: &[Problem], files: &[RuleFile], settings: &Settings) {
    if !settings.quiet && !hints.is_empty() {
        say!("{}", rendered(hints, files, Level::WARNING.with_name("hint"), settings).trim_end_matches('\n'));
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

fn rendered(problems: &[Problem], files: &[RuleFile], level: Level<'_>, settings: &Settings) -> String {
    let texts: BTreeMap<&str, &[u8]> = files.iter().map(|file| (&*file.path, &*file.bytes)).collect();
    let color = settings.color.value.on_stderr();
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for problem in problems {
        let source = texts.get(&*problem.file).map(|bytes| String::from_utf8_lossy(bytes));
        let line = source.as_deref().and_then(|source| source.lines().nth(problem.line.saturating_sub(1)));
        text.push_str(&renderer.render(&[group(problem, line, &level)]));
        text.push_str("\n\n");
    }
    text
}

fn group<'a>(problem: &'a Problem, line: Option<&str>, level: &Level<'a>) -> annotate_snippets::Group<'a> {
    let mut message = problem.message.lines();
    let title = level.clone().primary_title(visible(message.next().unwrap_or_default())).id(problem.code);
    let mut group = annotate_snippets::Group::with_title(title);
    let file = visible(&problem.file);
    group = match line.filter(|line| !line.trim().is_empty() && line.len() < 2_000) {
        None => group.element(Origin::path(format!("{file}:{}:{}", problem.line, problem.column))),
        Some(line) => {
            let line = visible(&line.replace('\t', " "));
            let byte = |column: usize| {
                line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset)
            };
            let start = byte(problem.column);
            let end = problem.end_column.map_or(start, byte).max(start);
            let mark = AnnotationKind::Primary.span(start..end);
            group.element(Snippet::source(line).path(file).line_start(problem.line).annotation(mark))
        }
    };
    group = group.elements(message.map(|line| Level::NOTE.message(visible(line))));
    group.elements(problem.remedy.iter().map(|remedy| Level::HELP.message(visible(remedy))))
}
