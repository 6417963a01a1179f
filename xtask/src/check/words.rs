//! Words that do not belong here: modules named for nothing, and marks of work put off.

use std::path::Path;

use super::token::{Token, tokens};
use super::tree::{self, Tree};
use crate::step::Done;

/// Names that say where a thing was dropped, not what it is.
const EMPTY: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc"];

/// Written in halves, so that this file does not accuse itself.
const PUT_OFF: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const MACROS: &[&str] = &[concat!("to", "do"), concat!("unimpl", "emented")];

pub(crate) fn problems(root: &Path, tree: &Tree) -> Done<Vec<String>> {
    let mut problems = Vec::new();
    for path in &tree.files {
        let kind = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !["rs", "toml", "sh", "rego", "go"].contains(&kind) {
            continue;
        }
        let text = tree::read(root, path)?;
        for (line, mark) in put_off(&text) {
            problems.push(format!(
                "{}:{line}: `{mark}` puts work off; do it, or write it in SHORTCOMINGS.md",
                path.display()
            ));
        }
        if kind == "rs" {
            problems.extend(empty_file(path));
            problems.extend(in_source(&text).into_iter().map(|what| format!("`{}`: {what}", path.display())));
        }
    }
    Ok(problems)
}

/// A file or folder of source that is named for nothing.
fn empty_file(path: &Path) -> Option<String> {
    let named = path.iter().map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned());
    let mut empty = named.filter(|name| EMPTY.contains(&name.as_str()));
    empty.next().map(|name| format!("`{}`: `{name}` says nothing; name it for what it holds", path.display()))
}

fn in_source(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    for pair in tokens.windows(2) {
        match pair {
            [Token::Word(word), Token::Word(name)] if word == "mod" && EMPTY.contains(&name.as_str()) => {
                found.push(format!("module `{name}` says nothing; name it for what it holds"));
            }
            [Token::Word(name), Token::Sign('!')] if MACROS.contains(&name.as_str()) => {
                found.push(format!("`{name}!` puts work off"));
            }
            _ => {}
        }
    }
    found
}

/// Marks of work put off, as whole words, with their lines.
fn put_off(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        found.extend(PUT_OFF.iter().filter(|mark| words.contains(mark)).map(|mark| (number, *mark)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_whole_words() {
        let mark = PUT_OFF[0];
        assert_eq!(put_off(&format!("a\n// {mark}: later")), [(2, mark)]);
        assert_eq!(put_off("mktemp XXXXXX; MASTODON"), []);
    }

    #[test]
    fn modules_and_files_named_for_nothing_are_named() {
        assert_eq!(in_source("mod utils;").len(), 1);
        assert_eq!(in_source("// mod utils;\nmod utility;"), Vec::<String>::new());
        assert!(empty_file(Path::new("a/tests/common/mod.rs")).is_some());
        assert!(empty_file(Path::new("a/src/commonwealth.rs")).is_none());
    }

    #[test]
    fn macros_that_put_work_off_are_named() {
        assert_eq!(in_source(&format!("fn f() {{ {}!() }}", MACROS[0])).len(), 1);
        assert_eq!(in_source(&format!("let {} = 1;", MACROS[0])), Vec::<String>::new());
    }
}
