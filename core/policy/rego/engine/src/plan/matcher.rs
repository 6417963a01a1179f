//! Regular expressions that stand in the rules, as fast as they go: a table of states where that stays small.

use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::{Anchored, Input, MatchKind};
use tollgate_rego_builtin::Regex;

/// How large the table of one expression may become, in bytes, and what making it may take.
const TABLE: usize = 256 << 10;
const MAKING: usize = 1 << 20;

/// A compiled regular expression.
#[derive(Debug)]
pub(crate) struct Matcher {
    regex: Arc<Regex>,
    table: Option<dense::DFA<Vec<u32>>>,
}

impl Matcher {
    pub(crate) fn of(regex: Arc<Regex>) -> Self {
        let config = dense::Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            // Made for short texts: looking ahead for rare bytes costs more there than it saves.
            .accelerate(false)
            .dfa_size_limit(Some(TABLE))
            .determinize_size_limit(Some(MAKING));
        let table = dense::Builder::new().configure(config).build(regex.as_str()).ok();
        Self { regex, table }
    }

    /// The expression as it was compiled.
    pub(crate) fn as_str(&self) -> &str {
        self.regex.as_str()
    }

    /// Whether it is found in `text`.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let input = Input::new(text).anchored(Anchored::No).earliest(true);
        match self.table.as_ref().map(|table| table.try_search_fwd(&input)) {
            Some(Ok(found)) => found.is_some(),
            // No table, or a text that it gives up on.
            Some(Err(_)) | None => self.regex.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(pattern: &str) -> Matcher {
        Matcher::of(Arc::new(Regex::new(pattern).unwrap()))
    }

    #[test]
    fn a_table_finds_what_the_expression_finds() {
        let texts = [
            "",
            "a",
            "CC-1234",
            "CC-12345",
            "xCC-1234",
            "größe",
            "API_KEY",
            "my-Secret",
            "a\nb",
            "https://u:p@h",
        ];
        assert!(matcher(r"\p{L}+ß").is_match("größe"), "too large for a table");
        for pattern in [
            "^CC-[0-9]{4}$",
            "(?i)(password|secret|token|api[_-]?key)",
            "^[a-z][a-z0-9+.-]*://[^/:@]+:[^@]+@",
            "a$",
            "(?m)a$",
            "",
            "x*",
        ] {
            let matcher = matcher(pattern);
            assert!(matcher.table.is_some(), "{pattern}");
            for text in texts {
                assert_eq!(matcher.is_match(text), matcher.regex.is_match(text), "{pattern} in {text}");
            }
        }
    }

    #[test]
    fn what_no_table_can_hold_is_matched_all_the_same() {
        let wide = matcher(r"\bgrün\b.{0,400}[^a]{300}");
        assert!(wide.table.is_none());
        assert!(!wide.is_match("grün"));
        let bounded = matcher(r"\bkey\b");
        assert!(bounded.is_match("my key") && !bounded.is_match("keys"));
    }
}
