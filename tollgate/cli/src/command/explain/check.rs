//! The pages about the checks of the load gate, as they stand in `docs/reference/checks`.

macro_rules! pages {
    ($($word:literal),+ $(,)?) => {
        &[$((
            $word,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/checks/", $word, ".md")),
        )),+]
    };
}

/// By the words of the checks.
const PAGES: &[(&str, &str)] = pages![
    "always-matches",
    "arity",
    "assign-in-not",
    "assign-to-reference",
    "conflict",
    "constant-condition",
    "contradiction",
    "deprecated-builtin",
    "duplicate-condition",
    "never-matches",
    "recursion",
    "redeclared",
    "refused-builtin",
    "regex",
    "rego-syntax",
    "schema-type",
    "shadowed-builtin",
    "shadowed-root",
    "shadowed-rule",
    "type-mismatch",
    "undefined-function",
    "undefined-reference",
    "unknown-exemption",
    "unknown-field",
    "unknown-value",
    "unneeded-exemption",
    "unsafe-variable",
    "unused-declaration",
    "unused-import",
    "unused-variable",
    "used-above",
    "with-target",
];

/// The page about a check.
pub(super) fn page(word: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == word).map(|(_, page)| *page)
}

#[cfg(test)]
mod tests {
    use super::PAGES;

    #[test]
    fn each_check_has_its_page_here() {
        let pages: Vec<&str> = PAGES.iter().map(|(word, _)| *word).collect();
        let checks: Vec<&str> = tollgate_policy::CHECKS.iter().map(|check| check.word).collect();
        assert_eq!(pages, checks);
    }
}
