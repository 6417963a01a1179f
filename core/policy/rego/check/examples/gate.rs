//! What the load gate says about the `.rego` files of folders, all of a folder together.
//!
//! `cargo run -p tollgate-rego-check --example gate FOLDER..`
#![expect(clippy::disallowed_methods, reason = "an example reads files")]

use std::path::Path;

use tollgate_rego_check::{Files, check};

fn main() {
    for folder in std::env::args().skip(1) {
        let mut paths = Vec::new();
        files(Path::new(&folder), &mut paths);
        paths.sort();
        let read = paths.iter().filter_map(|path| Some((path, std::fs::read_to_string(path).ok()?)));
        let (mut names, mut texts, mut modules) = (Vec::new(), Vec::new(), Vec::new());
        for (path, text) in read {
            match tollgate_rego_syntax::parse(&text, None) {
                Ok(module) => {
                    names.push(path.display().to_string());
                    texts.push(text);
                    modules.push(module);
                }
                Err(errors) => errors.iter().for_each(|error| println!("{}: {error}", path.display())),
            }
        }
        let (program, found) = tollgate_rego_resolve::resolve(&modules);
        let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
        for problem in
            check(&Files { texts: &texts, modules: &modules, data: None }, &program, found).problems
        {
            let (name, text) = (&names[problem.file], texts[problem.file]);
            let before = &text[..problem.span.start as usize];
            let line = before.matches('\n').count() + 1;
            let remedy = problem.remedy.map(|remedy| format!(" ({remedy})")).unwrap_or_default();
            println!("{name}:{line} {:?} {}: {}{remedy}", problem.severity, problem.code, problem.message);
        }
    }
}

fn files(folder: &Path, paths: &mut Vec<std::path::PathBuf>) {
    if folder.is_file() {
        paths.push(folder.to_owned());
        return;
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rego") {
            paths.push(path);
        }
    }
}
