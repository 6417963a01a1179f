//! What core crates bring along: nothing that does IO, sleeps, or draws random numbers.
//!
//! `cargo tree` of each core crate alone, with the features that it alone asks for -> the path to a banned crate.
//! Procedural macros run in the compiler and are not followed.

use std::collections::BTreeSet;

use crate::metadata::Package;
use crate::step::{self, Done};

/// Crates whose presence means that core could touch the world.
const BANNED: &[&str] = &[
    "tokio",
    "mio",
    "hyper",
    "reqwest",
    "socket2",
    "rustix",
    "getrandom",
    "rand",
    "rusqlite",
    "notify",
    "kube",
];

/// What is carried all the same: (the crate that brings it, the banned crate, why it does no harm). This table may only
/// shrink; a line that nothing needs any more is an error.
const CARRIED: &[(&str, &str, &str)] = &[];

pub(crate) fn problems(packages: &[Package]) -> Done<Vec<String>> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for package in packages.iter().filter(|package| package.place.starts_with("core")) {
        let mut command = step::cargo();
        command.args(["tree", "--quiet", "--locked", "--package", &package.name]);
        command.args(["--edges", "normal", "--prefix", "depth", "--format", " {p}"]);
        for path in banned(&step::output(&mut command)?) {
            let carried = CARRIED.iter().position(|(by, what, _)| is_carried(&path, by, what));
            match carried {
                Some(line) => _ = used.insert(line),
                None => problems.push(format!("core brings in what it may not: {}", path.join(" -> "))),
            }
        }
    }
    for (line, (by, what, _)) in CARRIED.iter().enumerate() {
        if !used.contains(&line) {
            problems.push(format!(
                "`{by}` no longer brings `{what}` into core: take the line out of xtask's table"
            ));
        }
    }
    Ok(problems)
}

fn is_carried(path: &[String], by: &str, what: &str) -> bool {
    path.last().is_some_and(|end| end == what) && path.iter().any(|name| name == by)
}

/// Paths from the root of one `cargo tree --prefix depth` to every banned crate.
fn banned(tree: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut macro_at = usize::MAX;
    for line in tree.lines() {
        let Some((depth, package)) = line.split_once(' ') else { continue };
        let (Ok(depth), Some(name)) = (depth.parse::<usize>(), package.split(' ').next()) else { continue };
        path.truncate(depth);
        path.push(name.to_owned());
        if depth > macro_at {
            continue;
        }
        macro_at = if package.contains("(proc-macro)") { depth } else { usize::MAX };
        if macro_at == usize::MAX && BANNED.contains(&name) {
            found.push(path.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_crate_is_found_with_its_path() {
        let tree = "0 tollgate-gate v0.1.0 (/x)\n1 a v1.0.0\n2 b v1.0.0\n1 c v1.0.0\n2 getrandom v0.4.0\n3 libc v0.2\n";
        assert_eq!(banned(tree), [["tollgate-gate", "c", "getrandom"]]);
    }

    #[test]
    fn what_a_procedural_macro_needs_stays_in_the_compiler() {
        let tree =
            "0 gate v0.1.0\n1 derive v1.0.0 (proc-macro)\n2 tokio v1.0.0\n3 mio v1.0.0\n1 rand v0.9.0\n";
        assert_eq!(banned(tree), [["gate", "rand"]]);
    }
}
