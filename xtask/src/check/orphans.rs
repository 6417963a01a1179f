//! Lost files: every `.rs` of the tree must be the root of a target or be reached from one by `mod`.
//!
//! A test file that nobody names is never run, and nothing else would ever say so.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::token::{Token, tokens};
use super::tree::{self, Tree};
use crate::metadata::Package;
use crate::step::Done;

pub(crate) fn problems(root: &Path, packages: &[&Package], tree: &Tree) -> Done<Vec<String>> {
    let files: BTreeSet<&PathBuf> = tree.rust().collect();
    let mut reached: BTreeSet<PathBuf> = BTreeSet::new();
    // A crate's root file looks for its modules beside itself; every other file, in the folder of its own name.
    let mut queue: Vec<(PathBuf, bool)> = Vec::new();
    queue.extend(packages.iter().flat_map(|package| &package.roots).map(|file| (file.clone(), true)));
    while let Some((file, is_root)) = queue.pop() {
        if !files.contains(&file) || !reached.insert(file.clone()) {
            continue;
        }
        let found = mentions(&tree::read(root, &file)?, &file, is_root);
        queue.extend(found.into_iter().map(|mention| (mention, false)));
    }
    let lost = files.into_iter().filter(|file| !reached.contains(*file));
    Ok(lost
        .map(|file| {
            format!("`{}` is named by no `mod` and is no target: it is never compiled", file.display())
        })
        .collect())
}

/// Files that the source of `file` names by `mod`, `#[path]` or `include!`; some of them need not exist.
fn mentions(source: &str, file: &Path, is_root: bool) -> Vec<PathBuf> {
    let beside = file.parent().unwrap_or(Path::new(""));
    let stem = file.file_stem().unwrap_or_default();
    let own = if is_root || stem == "mod" { beside.to_owned() } else { beside.join(stem) };
    let mut found = Vec::new();
    // The names of the inline modules that are open, each with the depth of its brace.
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut path_attribute: Option<String> = None;
    let tokens = tokens(source);
    for at in 0..tokens.len() {
        match &tokens[at..] {
            [
                Token::Sign('#'),
                Token::Sign('['),
                Token::Word(word),
                Token::Sign('='),
                Token::Text(text),
                ..,
            ] if word == "path" => {
                path_attribute = Some(text.clone());
            }
            [Token::Word(word), Token::Word(name), Token::Sign(';'), ..] if word == "mod" => {
                let inside: PathBuf = open.iter().map(|(name, _)| name).collect();
                match path_attribute.take() {
                    Some(path) if open.is_empty() => found.push(normal(&beside.join(path))),
                    Some(path) => found.push(normal(&own.join(inside).join(path))),
                    None => {
                        found.push(own.join(&inside).join(format!("{name}.rs")));
                        found.push(own.join(&inside).join(name).join("mod.rs"));
                    }
                }
            }
            [Token::Word(word), Token::Word(name), Token::Sign('{'), ..] if word == "mod" => {
                open.push((path_attribute.take().unwrap_or_else(|| name.clone()), depth));
            }
            [Token::Word(word), Token::Sign('!'), Token::Sign('('), Token::Text(text), ..]
                if word == "include" =>
            {
                found.push(normal(&beside.join(text)));
            }
            [token, ..] if token.is('{') => depth += 1,
            [token, ..] if token.is('}') => {
                depth -= 1.min(depth);
                if open.last().is_some_and(|(_, at)| *at == depth) {
                    open.pop();
                }
            }
            _ => {}
        }
    }
    found
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => _ = normal.pop(),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(source: &str, file: &str, is_root: bool, expected: &str) -> bool {
        mentions(source, Path::new(file), is_root).contains(&PathBuf::from(expected))
    }

    #[test]
    fn roots_look_beside_themselves_and_others_in_their_folder() {
        assert!(mentioned("mod a;", "x/src/lib.rs", true, "x/src/a.rs"));
        assert!(mentioned("mod a;", "x/src/b.rs", false, "x/src/b/a.rs"));
        assert!(mentioned("mod a;", "x/src/b/mod.rs", false, "x/src/b/a.rs"));
        assert!(mentioned("mod a;", "x/tests/cases.rs", true, "x/tests/a/mod.rs"));
    }

    #[test]
    fn inline_modules_are_folders_until_they_close() {
        let source = "mod a { fn f() { {} } mod b; } mod c;";
        assert!(mentioned(source, "src/lib.rs", true, "src/a/b.rs"));
        assert!(mentioned(source, "src/lib.rs", true, "src/c.rs"));
        assert!(!mentioned(source, "src/lib.rs", true, "src/a/c.rs"));
    }

    #[test]
    fn path_attributes_and_includes_are_followed() {
        assert!(mentioned("#[path = \"../b.rs\"] mod a;", "x/src/lib.rs", true, "x/b.rs"));
        assert!(mentioned("include!(\"table.rs\");", "x/src/a.rs", false, "x/src/table.rs"));
    }

    #[test]
    fn a_module_in_a_comment_names_nothing() {
        assert_eq!(mentions("// mod a;\n/* mod b; */", Path::new("src/lib.rs"), true), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_file_that_nobody_names_is_lost() {
        let root = std::env::temp_dir().join(format!("xtask-orphans-{}", std::process::id()));
        std::fs::create_dir_all(root.join("p/tests")).unwrap();
        for (path, text) in [("p/lib.rs", "mod kept;"), ("p/kept.rs", ""), ("p/tests/lost.rs", "")] {
            std::fs::write(root.join(path), text).unwrap();
        }
        let package = Package {
            name: "p".into(),
            place: "p".into(),
            roots: vec!["p/lib.rs".into()],
            dependencies: vec![],
        };
        let found = problems(&root, &[&package], &tree::walk(&root).unwrap()).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, ["`p/tests/lost.rs` is named by no `mod` and is no target: it is never compiled"]);
    }
}
