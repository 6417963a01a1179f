//! Lints switched on everywhere: each package takes the workspace's, `unsafe` is forbidden, and each core crate opens
//! with the same list of denied panics, since cargo cannot layer lint tables.

use std::path::Path;

use super::token::{Token, tokens};
use super::tree;
use crate::metadata::Package;
use crate::step::Done;

/// What no core crate may do outside its tests.
const DENIED: &[&str] = &["unwrap_used", "expect_used", "indexing_slicing", "panic", "unreachable"];

pub(crate) fn problems(root: &Path, packages: &[Package]) -> Done<Vec<String>> {
    let mut problems = Vec::new();
    let manifest = tree::read(root, Path::new("Cargo.toml"))?;
    if !has_line(&manifest, "[workspace.lints.rust]", "unsafe_code = \"forbid\"") {
        problems.push(
            "Cargo.toml does not set `unsafe_code = \"forbid\"` under `[workspace.lints.rust]`".to_owned(),
        );
    }
    for package in packages {
        let manifest = package.place.join("Cargo.toml");
        if !has_line(&tree::read(root, &manifest)?, "[lints]", "workspace = true") {
            problems
                .push(format!("`{}` does not say `workspace = true` under `[lints]`", manifest.display()));
        }
        if package.place.starts_with("core") {
            let library = package.place.join("src/lib.rs");
            let missing = undenied(&tree::read(root, &library)?);
            if !missing.is_empty() {
                let missing = missing.join(", ");
                problems.push(format!(
                    "`{}` does not open with core's list: it lacks {missing}",
                    library.display()
                ));
            }
        }
    }
    Ok(problems)
}

/// Whether this line stands in this table of a manifest.
fn has_line(manifest: &str, table: &str, line: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let mut inside = false;
    manifest.lines().map(str::trim).any(|text| {
        if text.starts_with('[') {
            inside = text == table;
        }
        inside && squeezed(text) == squeezed(line)
    })
}

/// The lints of core's list that `#![cfg_attr(not(test), deny(..))]` at the head of this source does not deny.
fn undenied(source: &str) -> Vec<String> {
    let head: String =
        tokens(source).iter().take_while(|token| token.word() != Some("mod")).map(text).collect();
    let opening = "#![cfg_attr(not(test),deny(";
    let list =
        head.split_once(opening).and_then(|(_, rest)| rest.split_once("))]")).map_or("", |(list, _)| list);
    let denied: Vec<&str> = list.split(',').collect();
    let wanted = DENIED.iter().map(|name| format!("clippy::{name}"));
    wanted.filter(|name| !denied.contains(&name.as_str())).collect()
}

fn text(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::Text(text) => format!("\"{text}\""),
        Token::Sign(sign) => sign.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_counts_only_in_its_own_table() {
        assert!(has_line("[lints]\nworkspace=true\n", "[lints]", "workspace = true"));
        assert!(!has_line("[lints]\n[other]\nworkspace = true\n", "[lints]", "workspace = true"));
        assert!(!has_line("[lints]\n# workspace = true\n", "[lints]", "workspace = true"));
    }

    #[test]
    fn a_core_crate_that_denies_less_is_told_what_it_lacks() {
        let all = "#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used,\n clippy::indexing_slicing, clippy::panic, clippy::unreachable))]\nmod a;";
        assert_eq!(undenied(all), Vec::<String>::new());
        assert_eq!(undenied(&all.replace("clippy::panic, ", "")), ["clippy::panic"]);
        assert_eq!(undenied(&format!("// {}", all.replace('\n', " "))).len(), DENIED.len());
    }
}
