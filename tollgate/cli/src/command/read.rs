//! `tollgate read`: manifests exactly as the gate reads them, one line of JSON for each object.
//!
//! What can be read in more than one way is refused (exit 1), what cannot be read at all is an error (exit 2); neither
//! is printed.

use std::path::{Path, PathBuf};

use tollgate_files::{Ignored, WalkOptions, estate_root};
use tollgate_flow::InFile;
use tollgate_gate::Config;
use tollgate_manifest::canonical;
use tollgate_vocabulary::{Map, Value};

use crate::exit::Exit;
use crate::input::{self, is_stdin};
use crate::output::{Failure, print, visible};
use crate::settings::Settings;
use crate::{installation, problem};

/// Arguments of `read`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Format: json, one line for each object
    #[arg(short, long = "output", value_name = "FORMAT", value_parser = ["json"], default_value = "json")]
    output: String,
    /// Manifests: files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<Exit, Failure> {
    input::check_exist(&arguments.paths)?;
    let (config, options) = surroundings(&arguments.paths)?;
    let mask = installation::mask_of(&config, settings);
    let read = input::read(&arguments.paths, &options, &mask)?;
    let mut exit = Exit::Allow;
    let mut lines = String::new();
    let manifests = read.manifests.objects.iter().map(|object| (object, false));
    for (object, is_review) in manifests.chain(read.reviews.iter().map(|review| (review, true))) {
        if object.written.refusals.is_empty() {
            let mut value = (*object.written.object.value).clone();
            if let (true, Value::Object(review)) = (is_review, &mut value) {
                review.get_mut("request").into_iter().for_each(|request| mask.apply_review(request));
            }
            lines.push_str(&line(object, value));
            lines.push('\n');
        } else {
            refuse(object, is_review);
            exit = exit.and(Exit::Deny);
        }
    }
    for finding in &read.manifests.findings {
        say!("error: {}: {}", visible(&finding.place.file), visible(&finding.message));
        exit = Exit::Failure;
    }
    problem::unreadable(&read.manifests.unreadable);
    if !read.manifests.unreadable.is_empty() {
        exit = Exit::Failure;
    }
    print(&lines)?;
    Ok(exit)
}

/// What the estate around the paths says about reading: what is masked, ignored, and no manifest but a rule.
fn surroundings(paths: &[PathBuf]) -> Result<(Config, WalkOptions), Failure> {
    let start = paths.iter().find(|path| !is_stdin(path)).map_or(Path::new("."), PathBuf::as_path);
    let Some(root) = estate_root(start) else { return Ok((Config::default(), WalkOptions::default())) };
    let config = installation::config(&root)?;
    let options = WalkOptions {
        exclude: config.rules.iter().map(|folder| root.join(&**folder)).collect(),
        ignore: config
            .ignore
            .iter()
            .map(|ignore| Ignored { path: root.join(&ignore.path), reason: ignore.reason.as_str().into() })
            .collect(),
        estate: Some(root),
        ..WalkOptions::default()
    };
    Ok((config, options))
}

fn line(object: &InFile, value: Value) -> String {
    let map: Map = [
        ("file", Value::from(&*object.file)),
        ("line", Value::from(object.written.spans.span.start.line as u64)),
        ("object", value),
    ]
    .into_iter()
    .collect();
    canonical::text(&map.into())
}

/// In a review nobody knows yet what is secret, so nothing of it is quoted.
fn refuse(object: &InFile, is_review: bool) {
    for refusal in &object.written.refusals {
        let at = refusal.span.start;
        let message =
            if is_review { "this can be read in more than one way" } else { refusal.message.as_str() };
        let text = format!("{}:{}:{}: {message} [{}]", object.file, at.line, at.column, refusal.rule);
        say!("refused: {}", visible(&text));
        if let Some(remedy) = refusal.remedy.as_ref().filter(|_| !is_review) {
            say!("  = help: {}", visible(remedy));
        }
    }
}
