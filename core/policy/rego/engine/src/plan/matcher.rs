//! Regular expressions that stand in the rules, as fast as they go: a table of states where that stays small.

use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use tollgate_rego_builtin::Regex;

/// How large the table of one expression may become, in bytes, and what making it may take.
const TABLE: usize = 256 << 10;
const MAKING: usize = 1 << 20;

/// A compiled regular expression.
#[derive(Debug)]
pub(crate) struct Matcher {
    regex: Arc<Regex>,
    table: Option<Table>,
}

/// All states of an expression, and the one that it begins in.
#[derive(Debug)]
struct Table {
    states: dense::DFA<Vec<u32>>,
    start: StateID,
}

impl Matcher {
    pub(crate) fn of(regex: Arc<Regex>) -> Self {
        let table = Table::of(regex.as_str());
        Self { regex, table }
    }

    /// Whether it is found in `text`.
    #[inline]
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let found = self.table.as_ref().and_then(|table| table.is_match(text.as_bytes()));
        found.unwrap_or_else(|| self.regex.is_match(text))
    }
}

impl Table {
    /// Nothing where it would become too large, or needs more than states.
    fn of(pattern: &str) -> Option<Self> {
        let config = dense::Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            .accelerate(false)
            .dfa_size_limit(Some(TABLE))
            .determinize_size_limit(Some(MAKING));
        let states = dense::Builder::new().configure(config).build(pattern).ok()?;
        let start = states.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
        Some(Self { states, start })
    }

    /// Whether a match begins anywhere in `text`; nothing where the table gives up on it.
    fn is_match(&self, text: &[u8]) -> Option<bool> {
        let mut state = self.start;
        for byte in text {
            state = self.states.next_state(state, *byte);
            // Most texts see no special state until their end.
            if self.states.is_special_state(state) {
                if self.states.is_match_state(state) {
                    return Some(true);
                }
                if self.states.is_dead_state(state) {
                    return Some(false);
                }
                if self.states.is_quit_state(state) {
                    return None;
                }
            }
        }
        Some(self.states.is_match_state(self.states.next_eoi_state(state)))
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
