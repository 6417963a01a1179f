//! What test programs print, line by line: counts, and the skips that passing tests confess.
//!
//! libtest shows the output of passing tests (`--show-output`) in a block between `successes:` and the next
//! `failures:` or `test result:`. The block is not repeated to the reader, only the `SKIPPED:` lines in it are kept.

/// What was heard so far.
#[derive(Debug, Default)]
pub(crate) struct Listener {
    pub(crate) passed: usize,
    pub(crate) ignored: usize,
    /// Test programs that ran at least one test.
    pub(crate) programs: usize,
    /// Distinct `SKIPPED:` lines.
    pub(crate) skips: Vec<String>,
    in_successes: bool,
}

impl Listener {
    /// Takes the next line; returns it if it is to be shown.
    pub(crate) fn hear<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        if line.starts_with("SKIPPED:") && !self.skips.iter().any(|skip| skip == line) {
            self.skips.push(line.to_owned());
        }
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ if line.starts_with("test result: ") => {
                self.in_successes = false;
                let passed = count(line, "passed");
                self.passed += passed;
                self.ignored += count(line, "ignored");
                self.programs += usize::from(passed > 0);
            }
            _ => {}
        }
        (!self.in_successes).then_some(line)
    }
}

/// The number before this word in `test result: ok. 3 passed; 0 failed; 1 ignored; ...`.
fn count(line: &str, word: &str) -> usize {
    let words: Vec<&str> = line.split([' ', ';']).collect();
    let at = words.iter().position(|found| *found == word).unwrap_or_default();
    words.get(at.wrapping_sub(1)).and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 3 tests\ntest a ... ok\ntest b ... ok\n\nsuccesses:\n\n---- a stdout ----\n\
        SKIPPED: no test data at /x\nchatter\n\n\nsuccesses:\n    a\n    b\n\nfailures:\n\n---- c stdout ----\nwrong\n\n\
        failures:\n    c\n\ntest result: FAILED. 2 passed; 1 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";

    #[test]
    fn a_skip_that_a_passing_test_confesses_is_heard_once() {
        let mut listener = Listener::default();
        let shown: Vec<&str> =
            OUTPUT.lines().chain(OUTPUT.lines()).filter_map(|line| listener.hear(line)).collect();
        assert_eq!(listener.skips, ["SKIPPED: no test data at /x"]);
        assert_eq!((listener.passed, listener.ignored, listener.programs), (4, 8, 2));
        assert!(shown.contains(&"wrong") && shown.contains(&"test b ... ok"));
        assert!(!shown.contains(&"chatter"));
    }

    #[test]
    fn a_program_without_tests_is_not_counted() {
        let mut listener = Listener::default();
        listener.hear(
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        assert_eq!((listener.passed, listener.programs), (0, 0));
    }
}
