//! Compiled patterns: those that stand in the policies are compiled once, others once for each evaluation.
//!
//! Regular expressions are Go's (RE2), globs those of gobwas/glob; both become automata of bounded size that match in
//! time linear in the text. What would be larger is an error.

mod glob;
mod syntax;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use regex::Regex;
use regex::RegexBuilder;
use tollgate_rego_value::Val;

use crate::Error;
pub(crate) use syntax::group_name;

/// How large a pattern that stands in a policy may become, in bytes.
const FROZEN: usize = 4 << 20;
/// How large one may become that an evaluation makes: compiling it must not take long.
const OWN: usize = 128 << 10;
/// How many patterns of its own an evaluation keeps.
const KEPT: usize = 256;
/// No pattern is longer, in bytes.
const LENGTH: usize = 16 << 10;

/// The patterns of a policy set, compiled when it is loaded.
#[derive(Debug, Default)]
pub struct Pool {
    regexes: BTreeMap<String, Arc<Regex>>,
    globs: BTreeMap<String, Arc<Regex>>,
}

/// A pool for evaluations without a policy set.
static EMPTY: Pool = Pool { regexes: BTreeMap::new(), globs: BTreeMap::new() };

impl Default for Patterns<'_> {
    fn default() -> Self {
        Self::new(&EMPTY)
    }
}

impl Pool {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn add_regex(&mut self, pattern: &str) -> Result<Arc<Regex>, Error> {
        if let Some(regex) = self.regexes.get(pattern) {
            return Ok(regex.clone());
        }
        let regex = compile(&syntax::translate(pattern)?, FROZEN)?;
        self.regexes.insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }

    /// Compiles a glob.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn add_glob(&mut self, pattern: &str, delimiters: &[char]) -> Result<Arc<Regex>, Error> {
        let key = glob_key(pattern, delimiters);
        if let Some(regex) = self.globs.get(&key) {
            return Ok(regex.clone());
        }
        let regex = compile(&glob::translate(pattern, delimiters)?, FROZEN)?;
        self.globs.insert(key, regex.clone());
        Ok(regex)
    }
}

impl Pool {
    /// Compiles the patterns among the constant arguments of a call, so that no evaluation does it again.
    ///
    /// # Errors
    /// A pattern is none, or too large.
    pub fn freeze(&mut self, builtin: &str, constants: &[Option<Val<'_>>]) -> Result<(), Error> {
        let constant = |at: usize| constants.get(at).copied().flatten();
        let pattern = match builtin {
            "regex.replace" => constant(1),
            "regex.match"
            | "regex.split"
            | "regex.find_n"
            | "regex.find_all_string_submatch_n"
            | "re_match" => constant(0),
            "glob.match" => {
                let (Some(Val::String(pattern)), Some(delimiters)) = (constant(0), constant(1)) else {
                    return Ok(());
                };
                let delimiters = crate::glob::delimiters(&[Val::Null, delimiters])?;
                return self.add_glob(pattern, &delimiters).map(drop);
            }
            _ => None,
        };
        match pattern {
            Some(Val::String(pattern)) => self.add_regex(pattern).map(drop),
            _ => Ok(()),
        }
    }
}

/// The patterns of one evaluation: those of the policy set, and its own.
#[derive(Debug)]
pub struct Patterns<'p> {
    pool: &'p Pool,
    own: RefCell<Own>,
}

#[derive(Debug, Default)]
struct Own {
    regexes: BTreeMap<String, Result<Arc<Regex>, Error>>,
    globs: BTreeMap<String, Result<Arc<Regex>, Error>>,
}

impl<'p> Patterns<'p> {
    /// Those of a policy set, and none of its own yet.
    #[must_use]
    pub fn new(pool: &'p Pool) -> Self {
        Self { pool, own: RefCell::default() }
    }

    /// The regular expression that `pattern` says. Shared, because a clone of it would begin without what matching has
    /// learned.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn regex(&self, pattern: &str) -> Result<Arc<Regex>, Error> {
        if let Some(regex) = self.pool.regexes.get(pattern) {
            return Ok(regex.clone());
        }
        kept(&mut self.own.borrow_mut().regexes, pattern, || syntax::translate(pattern))
    }

    /// The glob that `pattern` says, as a regular expression.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn glob(&self, pattern: &str, delimiters: &[char]) -> Result<Arc<Regex>, Error> {
        let key = glob_key(pattern, delimiters);
        if let Some(regex) = self.pool.globs.get(&key) {
            return Ok(regex.clone());
        }
        kept(&mut self.own.borrow_mut().globs, &key, || glob::translate(pattern, delimiters))
    }

    /// What matching a text costs in steps: little with a pattern of the policy set. One that an evaluation made may
    /// be made to be slow, within its size; and it is compiled first.
    pub(crate) fn cost(&self, pattern: &str, delimiters: Option<&[char]>, text: &str) -> usize {
        let own = self.own.borrow();
        let (frozen, known) = match delimiters {
            None => (self.pool.regexes.contains_key(pattern), own.regexes.contains_key(pattern)),
            Some(delimiters) => {
                let key = glob_key(pattern, delimiters);
                (self.pool.globs.contains_key(&key), own.globs.contains_key(&key))
            }
        };
        if frozen {
            return text.len().wrapping_shr(4).saturating_add(1);
        }
        let compiling = if known { 0 } else { pattern.len().saturating_mul(32).saturating_add(1000) };
        text.len().saturating_mul(8).saturating_add(compiling)
    }
}

/// Whether `pattern` is a regular expression; its size does not count.
pub(crate) fn is_regex(pattern: &str) -> bool {
    let Ok(text) = syntax::translate(pattern) else { return false };
    match RegexBuilder::new(&text).size_limit(OWN).build() {
        Ok(_) | Err(regex::Error::CompiledTooBig(_)) => true,
        Err(_) => false,
    }
}

/// What stands under a key, made where nothing does yet.
fn kept(
    own: &mut BTreeMap<String, Result<Arc<Regex>, Error>>,
    key: &str,
    text: impl Fn() -> Result<String, Error>,
) -> Result<Arc<Regex>, Error> {
    if let Some(known) = own.get(key) {
        return known.clone();
    }
    let made = text().and_then(|text| compile(&text, OWN));
    if own.len() < KEPT {
        own.insert(key.to_owned(), made.clone());
    }
    made
}

fn glob_key(pattern: &str, delimiters: &[char]) -> String {
    let mut key: String = delimiters.iter().collect();
    key.push('\0');
    key.push_str(pattern);
    key
}

/// Compiles a pattern in the syntax of the `regex` crate.
fn compile(text: &str, limit: usize) -> Result<Arc<Regex>, Error> {
    if text.len() > LENGTH {
        return Err(Error::Failed(format!("pattern is longer than {LENGTH} bytes")));
    }
    RegexBuilder::new(text).size_limit(limit).dfa_size_limit(limit).build().map(Arc::new).map_err(|error| {
        Error::Failed(match error {
            regex::Error::CompiledTooBig(_) => {
                format!("error parsing regexp: expression too large: it takes more than {limit} bytes")
            }
            error => {
                let message = error.to_string();
                let last = message.lines().last().unwrap_or_default();
                format!("error parsing regexp: {}", last.strip_prefix("error: ").unwrap_or(last))
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_grows_too_large_is_an_error() {
        let pool = Pool::default();
        let patterns = Patterns::new(&pool);
        for hostile in [r"(\pL{1000}){1000}", r"(a{1000}){1000}", &"(".repeat(2000), &"a".repeat(20_000)] {
            assert!(matches!(patterns.regex(hostile), Err(Error::Failed(_))), "{hostile}");
        }
    }

    #[test]
    fn an_evaluation_keeps_a_bounded_number_of_patterns() {
        let pool = Pool::default();
        let patterns = Patterns::new(&pool);
        for number in 0..KEPT * 2 {
            assert!(patterns.regex(&format!("^{number}$")).is_ok());
        }
        assert_eq!(patterns.own.borrow().regexes.len(), KEPT);
    }

    #[test]
    fn patterns_of_the_pool_cost_less() {
        let mut pool = Pool::default();
        pool.add_regex("a+").unwrap();
        pool.add_glob("*.example.com", &['.']).unwrap();
        let patterns = Patterns::new(&pool);
        assert_eq!(patterns.cost("a+", None, ""), 1);
        assert_eq!(patterns.cost("*.example.com", Some(&['.']), ""), 1);
        assert!(patterns.cost("*.example.com", Some(&['/']), "") > 1000);
        assert!(patterns.glob("*.example.com", &['.']).unwrap().is_match("a.example.com"));
    }
}
