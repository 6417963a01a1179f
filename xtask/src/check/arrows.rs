//! Who may depend on whom: `tollgate -> edge -> core`, and the arrows inside `core` and inside `tollgate`.
//!
//! Read from the manifests, so that a wrong arrow is named before anything is built on it.

use std::path::Path;

use crate::metadata::Package;

const DOMAINS: &[&str] = &["identity", "provenance", "policy", "cost", "delivery", "anomaly"];

/// What the crates in one folder of `core` may name; a domain's own folder may hold several crates.
fn allowed_in_core(from: &str) -> Option<Vec<&'static str>> {
    match from {
        "vocabulary" => Some(vec![]),
        "manifest" | "commit" | "ledger" => Some(vec!["vocabulary"]),
        "gate" => Some([DOMAINS, &["manifest", "commit", "vocabulary"]].concat()),
        domain if DOMAINS.contains(&domain) => Some(vec!["manifest", "commit", "vocabulary"]),
        _ => None,
    }
}

/// What the crates in `tollgate` may name among themselves.
fn allowed_in_tollgate(from: &str) -> &'static [&'static str] {
    match from {
        "flow" => &["report"],
        "serve" => &["flow", "report"],
        "cli" => &["flow", "report", "serve"],
        _ => &[],
    }
}

pub(crate) fn problems(packages: &[Package]) -> Vec<String> {
    let mut problems = Vec::new();
    for package in packages {
        let (layer, noun) = room(&package.place);
        if layer == "core" && allowed_in_core(noun).is_none() {
            problems.push(format!("`{}` has no place in the arrows of core", package.place.display()));
            continue;
        }
        for dependency in &package.dependencies {
            if !allowed((layer, noun), room(&dependency.place), dependency.for_tests) {
                problems.push(format!(
                    "`{}` may not depend on `{}`{}",
                    package.place.display(),
                    dependency.place.display(),
                    if dependency.for_tests { ", not even in its tests" } else { "" }
                ));
            }
        }
    }
    problems
}

fn allowed(from: (&str, &str), to: (&str, &str), for_tests: bool) -> bool {
    match (from, to) {
        (("core", from), ("core", to)) => {
            from == to || allowed_in_core(from).is_some_and(|nouns| nouns.contains(&to))
        }
        (("edge", _), ("core", _)) => true,
        (("tollgate", "report"), ("core", to)) => ["manifest", "vocabulary"].contains(&to),
        (("tollgate", "report"), _) => false,
        (("tollgate", _), ("edge" | "core", _)) => true,
        (("tollgate", from), ("tollgate", to)) => allowed_in_tollgate(from).contains(&to),
        (("edge" | "tollgate", _), ("testplane", _)) => for_tests,
        // It measures how far an engine of core is that of others, and is part of no program.
        (("testplane", "conform"), ("core", to)) => ["policy", "manifest", "vocabulary"].contains(&to),
        _ => false,
    }
}

/// The first two names of a crate's path: its layer and its noun.
fn room(place: &Path) -> (&str, &str) {
    let mut names = place.iter().filter_map(|name| name.to_str());
    (names.next().unwrap_or_default(), names.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    fn checked(place: &str, to: &str, for_tests: bool) -> Vec<String> {
        let dependencies = vec![Dependency { place: to.into(), for_tests }];
        problems(&[Package { name: String::new(), place: place.into(), roots: vec![], dependencies }])
    }

    #[test]
    fn arrows_point_down() {
        for (from, to) in [
            ("core/gate", "core/policy"),
            ("core/policy", "core/manifest"),
            ("core/policy/cel", "core/policy/rego"),
            ("core/ledger", "core/vocabulary"),
            ("edge/store", "core/ledger"),
            ("tollgate/flow", "edge/store"),
            ("tollgate/report", "core/manifest"),
            ("tollgate/cli", "tollgate/serve"),
            ("testplane/conform", "core/policy/rego/engine"),
        ] {
            assert_eq!(checked(from, to, false), Vec::<String>::new(), "{from} -> {to}");
        }
    }

    #[test]
    fn arrows_never_point_up_or_across() {
        for (from, to) in [
            ("core/policy", "core/gate"),
            ("core/policy", "core/cost"),
            ("core/ledger", "core/manifest"),
            ("core/vocabulary", "edge/store"),
            ("edge/store", "edge/keys"),
            ("edge/store", "tollgate/flow"),
            ("tollgate/report", "core/gate"),
            ("tollgate/report", "edge/files"),
            ("tollgate/flow", "tollgate/serve"),
            ("tollgate/flow", "testplane/harness"),
            ("tollgate/cli", "testplane/conform"),
            ("testplane/conform", "core/gate"),
            ("testplane/harness", "core/policy"),
            ("xtask", "core/gate"),
        ] {
            assert_eq!(checked(from, to, false).len(), 1, "{from} -> {to}");
        }
    }

    #[test]
    fn tests_may_start_the_api_server_but_not_from_core() {
        assert!(checked("edge/kube", "testplane/harness", true).is_empty());
        assert_eq!(
            checked("core/gate", "testplane/harness", true),
            ["`core/gate` may not depend on `testplane/harness`, not even in its tests"]
        );
    }

    #[test]
    fn a_crate_of_core_without_a_place_in_the_arrows_is_named() {
        assert_eq!(
            checked("core/weather", "core/vocabulary", false),
            ["`core/weather` has no place in the arrows of core"]
        );
    }
}
