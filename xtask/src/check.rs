//! What the compiler and clippy do not see: arrows, lost files, sizes, lints switched on, words.
//!
//! `cargo metadata` and a walk over the tree -> problems. Builds nothing; a second is much.

mod arrows;
mod closure;
mod lints;
mod orphans;
mod sizes;
mod token;
mod tree;
mod words;

use std::time::Instant;

use crate::metadata;
use crate::step::{self, Done, Failure};

/// Runs all checks and prints every problem, not only the first.
pub(crate) fn run() -> Done {
    let started = Instant::now();
    let root = step::root();
    let workspace = metadata::read("Cargo.toml")?;
    let mut packages: Vec<&metadata::Package> = workspace.packages.iter().collect();
    let fuzz =
        if root.join("fuzz/Cargo.toml").exists() { Some(metadata::read("fuzz/Cargo.toml")?) } else { None };
    packages.extend(fuzz.iter().flat_map(|fuzz| &fuzz.packages));
    let tree = tree::walk(&root)?;

    let mut problems = Vec::new();
    problems.extend(arrows::problems(&workspace.packages));
    problems.extend(closure::problems(&workspace.packages)?);
    problems.extend(orphans::problems(&root, &packages, &tree)?);
    problems.extend(lints::problems(&root, &workspace.packages)?);
    problems.extend(words::problems(&root, &tree)?);
    let sizes = sizes::measure(&root, &tree)?;
    for warning in &sizes.warnings {
        eprintln!("warning: {warning}");
    }
    for problem in &problems {
        eprintln!("error: {problem}");
    }
    println!("{}", sizes.summary);
    if problems.is_empty() {
        println!(
            "check: {} packages, {} source files in order ({})",
            packages.len(),
            tree.rust().count(),
            step::seconds(started.elapsed())
        );
        Ok(())
    } else {
        Err(Failure::new(format!("check found {} problems", problems.len())))
    }
}
