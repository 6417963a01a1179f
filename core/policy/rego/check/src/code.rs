//! The codes of all checks.

/// Whether rules load in spite of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// they do not
    Error,
    /// they do
    Warning,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// a stable word
    pub word: &'static str,
    /// how bad it is
    pub severity: Severity,
    /// whether `# tollgate:allow` may turn it down: what has no meaning in Rego cannot be allowed
    pub optional: bool,
    /// what it is, in a line
    pub summary: &'static str,
}

/// All codes by their words.
pub const CODES: &[Code] = &[
    error("always-matches", true, "a rule that asks nothing of the change"),
    error("arity", false, "a function given too many or too few arguments"),
    error("assign-in-not", false, "`:=` within `not`"),
    error("assign-to-reference", false, "`:=` with something else than names on its left"),
    error("conflict", false, "definitions that do not go together"),
    warning("constant-condition", "a condition that always holds"),
    error("contradiction", true, "two conditions that cannot both hold"),
    warning("deprecated-builtin", "a builtin that Rego is giving up"),
    error("duplicate-condition", true, "a condition written twice in one body"),
    error("never-matches", true, "a condition that never holds"),
    error("recursion", false, "a rule that needs its own value"),
    error("redeclared", false, "a name declared twice"),
    error("refused-builtin", false, "a builtin that would make verdicts depend on more than the change"),
    error("regex", false, "a pattern that is no regular expression"),
    error("rego-syntax", false, "text that is no Rego"),
    error("schema-type", true, "a field of a built-in kind used as another type"),
    error("shadowed-builtin", true, "a rule or local that hides a builtin function"),
    error("shadowed-root", false, "a rule or local called `input` or `data`"),
    warning("shadowed-rule", "a local that hides a rule or an import"),
    error("type-mismatch", false, "values of types that do not go together"),
    error("undefined-function", false, "a function that does not exist"),
    error("undefined-reference", true, "a reference to what neither rules nor documents hold"),
    warning("unknown-exemption", "an exemption without a reason or a check to turn down"),
    error("unknown-field", true, "a field that no built-in kind has there"),
    warning("unknown-value", "a value that a field of a built-in kind does not take"),
    warning("unneeded-exemption", "an exemption from what is not found"),
    error("unsafe-variable", false, "a variable that nothing binds"),
    error("unused-declaration", false, "a name that `some` or `every` declares and nothing reads"),
    warning("unused-import", "an import that nothing names"),
    warning("unused-variable", "a local that nothing reads"),
    error("used-above", false, "a name used above its declaration"),
    error("with-target", false, "`with` on something that cannot be replaced"),
];

/// The code of that word.
#[must_use]
pub fn of(word: &str) -> Option<&'static Code> {
    let at = CODES.binary_search_by(|code| code.word.cmp(word)).ok()?;
    CODES.get(at)
}

const fn error(word: &'static str, optional: bool, summary: &'static str) -> Code {
    Code { word, severity: Severity::Error, optional, summary }
}

const fn warning(word: &'static str, summary: &'static str) -> Code {
    Code { word, severity: Severity::Warning, optional: true, summary }
}
#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn words_are_sorted_and_found() {
        assert!(CODES.is_sorted_by(|a, b| a.word < b.word));
        assert!(CODES.iter().all(|code| of(code.word) == Some(code)));
        assert_eq!(of("nothing"), None);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "tests read the pages")]
    fn each_code_has_a_page_and_each_page_a_code() {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../docs/reference/checks"));
        let mut pages = BTreeSet::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if name == "README" {
                for code in CODES {
                    assert!(
                        text.contains(&format!("[`{0}`]({0}.md) | ", code.word)),
                        "README names `{}`",
                        code.word
                    );
                }
                continue;
            }
            let code = of(&name).unwrap_or_else(|| panic!("no check is called `{name}`"));
            assert!(text.starts_with(&format!("# `{name}`: {}\n", code.summary)), "{name}: heading");
            let severity = if code.severity == Severity::Error { "An error" } else { "A warning" };
            assert!(text.contains(severity), "{name}: severity");
            assert_eq!(
                text.contains("tollgate:allow"),
                code.optional,
                "{name}: whether it can be turned down"
            );
            pages.insert(name);
        }
        let words: BTreeSet<String> = CODES.iter().map(|code| code.word.to_owned()).collect();
        assert_eq!(pages, words);
    }
}
