//! `tollgate policy check`: the load gate alone. What it finds is the result, on standard output.

use std::path::PathBuf;

use annotate_snippets::Level;
use serde_json::{Value, json};
use tollgate_flow::RuleSources;
use tollgate_gate::{Examined, Problem, RuleFile};

use super::sources;
use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::problem::{mendable, page, rendered};
use crate::settings::Settings;

/// Arguments of `policy check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// End with 1 for warnings too
    #[arg(long)]
    deny_warnings: bool,
    /// Format
    #[arg(short, long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    output: Format,
    /// Estates, or folders and files of rules
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
}

/// How problems are written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Format {
    /// for a person
    #[default]
    Text,
    /// for a program
    Json,
    /// for a code scanner: SARIF 2.1.0
    Sarif,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    let checked = Checked::of(&sources(&arguments.paths)?);
    print(&match arguments.output {
        Format::Text => checked.text(settings),
        Format::Json => format!("{}\n", checked.json()),
        Format::Sarif => format!("{}\n", checked.sarif()),
    })?;
    Ok(checked.exit(arguments.deny_warnings))
}

/// What the load gate says of all rules that were named: of each estate, and of what lies in none.
pub(super) struct Checked {
    parts: Vec<(Examined, Vec<RuleFile>)>,
}

impl Checked {
    pub(super) fn of(sources: &[RuleSources]) -> Self {
        let part = |sources: &RuleSources| {
            (sources.examine(), sources.files.iter().chain(&sources.config).cloned().collect())
        };
        Self { parts: sources.iter().map(part).collect() }
    }

    pub(super) fn exit(&self, deny_warnings: bool) -> Exit {
        let clean = self.errors() == 0 && (!deny_warnings || self.warnings() == 0);
        if clean { Exit::Allow } else { Exit::Deny }
    }

    pub(super) fn text(&self, settings: &Settings) -> String {
        let color = settings.color.value.on_stdout();
        let mut text = String::new();
        for (found, files) in &self.parts {
            text.push_str(&rendered(&found.errors, files, &Level::ERROR, color));
            if !settings.quiet {
                text.push_str(&rendered(&found.hints, files, &Level::WARNING, color));
            }
        }
        let counted = |count: usize, one: &str| match count {
            0 => format!("no {one}"),
            1 => format!("1 {one}"),
            more => format!("{more} {one}s"),
        };
        let modules = self.parts.iter().flat_map(|(_, files)| files);
        let modules = modules.filter(|file| file.path.ends_with(".rego")).count();
        let (errors, warnings) = (counted(self.errors(), "error"), counted(self.warnings(), "warning"));
        text.push_str(&format!("{errors}, {warnings} in {}\n", counted(modules, "file")));
        for (found, files) in &self.parts {
            let clean = found.errors.is_empty() && found.hints.is_empty();
            let help = if clean { None } else { mendable(files) };
            text.extend(help.map(|help| format!("  = help: {help}\n")));
        }
        text
    }

    fn errors(&self) -> usize {
        self.parts.iter().map(|(found, _)| found.errors.len()).sum()
    }

    fn warnings(&self) -> usize {
        self.parts.iter().map(|(found, _)| found.hints.len()).sum()
    }

    fn problems(&self) -> impl Iterator<Item = (&'static str, &Problem)> {
        self.parts.iter().flat_map(|(found, _)| {
            let errors = found.errors.iter().map(|problem| ("error", problem));
            errors.chain(found.hints.iter().map(|problem| ("warning", problem)))
        })
    }

    fn json(&self) -> Value {
        let problem = |(severity, problem): (&str, &Problem)| {
            json!({
                "severity": severity, "code": problem.code, "message": problem.message, "remedy": problem.remedy,
                "file": &*problem.file, "line": problem.line, "column": problem.column,
                "endColumn": problem.end_column, "page": page(problem.code),
                "related": problem.related.as_ref().map(|related| json!({
                    "file": &*related.file, "line": related.line, "column": related.column,
                    "endColumn": related.end_column, "message": related.message,
                })),
            })
        };
        let problems: Vec<Value> = self.problems().map(problem).collect();
        json!({
            "schema": "tollgate/policy-check/v1", "problems": problems,
            "rules": self.parts.iter().map(|(found, _)| found.rules).sum::<usize>(),
            "errors": self.errors(), "warnings": self.warnings(),
        })
    }

    fn sarif(&self) -> Value {
        let at = |file: &str, line: usize, column: usize, end: Option<usize>| {
            let mut region = json!({"startLine": line, "startColumn": column});
            if let (Some(end), Some(region)) = (end, region.as_object_mut()) {
                region.insert("endColumn".to_owned(), json!(end));
            }
            json!({"artifactLocation": {"uri": file}, "region": region})
        };
        let result = |(level, problem): (&str, &Problem)| {
            let help = problem.remedy.as_ref().map(|remedy| format!("\n{remedy}")).unwrap_or_default();
            let place = at(&problem.file, problem.line, problem.column, problem.end_column);
            let related = problem.related.iter().map(|related| {
                let place = at(&related.file, related.line, related.column, related.end_column);
                json!({"physicalLocation": place, "message": {"text": related.message}})
            });
            json!({
                "ruleId": problem.code, "level": level,
                "message": {"text": format!("{}{help}", problem.message)},
                "locations": [{"physicalLocation": place}], "relatedLocations": related.collect::<Vec<_>>(),
            })
        };
        let results: Vec<Value> = self.problems().map(result).collect();
        let rule = |check: &tollgate_policy::Check| json!({"id": check.word, "shortDescription": {"text": check.summary}});
        let rules: Vec<Value> = tollgate_policy::CHECKS.iter().map(rule).collect();
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "tollgate policy check", "version": env!("CARGO_PKG_VERSION"), "rules": rules,
                }},
                "columnKind": "unicodeCodePoints", "results": results,
            }],
        })
    }
}
