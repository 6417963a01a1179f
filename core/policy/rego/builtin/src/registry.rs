//! All builtins by name.
//!
//! INVARIANT: each family is sorted by name, and no name stands in two families.

use crate::Builtin;

/// The families, one for each file.
static FAMILIES: &[&[Builtin]] = &[
    crate::aggregate::FAMILY,
    crate::arithmetic::FAMILY,
    crate::array::FAMILY,
    crate::aws::FAMILY,
    crate::base64::FAMILY,
    crate::bits::FAMILY,
    crate::cast::FAMILY,
    crate::compare::FAMILY,
    crate::crypto::hash::FAMILY,
    crate::crypto::x509::FAMILY,
    crate::engine::FAMILY,
    crate::glob::FAMILY,
    crate::graph::FAMILY,
    crate::graphql::FAMILY,
    crate::json::FAMILY,
    crate::json_schema::FAMILY,
    crate::jwt::FAMILY,
    crate::network::FAMILY,
    crate::object::FAMILY,
    crate::patch::FAMILY,
    crate::path::FAMILY,
    crate::range::FAMILY,
    crate::regex::FAMILY,
    crate::replace::FAMILY,
    crate::semver::FAMILY,
    crate::set::FAMILY,
    crate::sprintf::FAMILY,
    crate::string::FAMILY,
    crate::time::FAMILY,
    crate::trim::FAMILY,
    crate::types::FAMILY,
    crate::units::FAMILY,
    crate::urlquery::FAMILY,
    crate::uuid::FAMILY,
];

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
