//! All builtins by name.
//!
//! INVARIANT: each family is sorted by name, and no name stands in two families.

use crate::Builtin;
use crate::{aggregate, arithmetic, array, base64, bits, cast, compare, glob, graph, json, aws, json_schema, jwt, network, object, patch, path, range, regex, replace, semver, set, sprintf, string, time, trim, types, units, urlquery, uuid};

/// The families, one for each file.
static FAMILIES: &[&[Builtin]] = &[aggregate::FAMILY, arithmetic::FAMILY, array::FAMILY, base64::FAMILY, bits::FAMILY, cast::FAMILY, compare::FAMILY, glob::FAMILY, graph::FAMILY, json::FAMILY, aws::FAMILY, json_schema::FAMILY, jwt::FAMILY, network::FAMILY, object::FAMILY, patch::FAMILY, path::FAMILY, range::FAMILY, regex::FAMILY, replace::FAMILY, semver::FAMILY, set::FAMILY, sprintf::FAMILY, string::FAMILY, time::FAMILY, trim::FAMILY, types::FAMILY, units::FAMILY, urlquery::FAMILY, uuid::FAMILY];

/// The builtin of that name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Builtin> {
    FAMILIES.iter().find_map(|family| {
        let at = family.binary_search_by(|builtin| builtin.name.cmp(name)).ok()?;
        family.get(at)
    })
}

/// All builtins, family by family.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    FAMILIES.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_family_is_sorted_by_name() {
        for family in FAMILIES {
            let names: Vec<_> = family.iter().map(|builtin| builtin.name).collect();
            assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        }
    }

    #[test]
    fn no_name_stands_twice() {
        let mut seen = BTreeSet::new();
        for builtin in all() {
            assert!(seen.insert(builtin.name), "{}", builtin.name);
        }
    }

    #[test]
    fn each_builtin_is_found_by_its_name() {
        for builtin in all() {
            assert!(
                lookup(builtin.name).is_some_and(|found| std::ptr::eq(found, builtin)),
                "{}",
                builtin.name
            );
        }
        assert!(lookup("is_nothing").is_none());
    }
}
