//! What a program said and how it ended.

/// A program that ran to its end.
#[derive(Clone, Debug)]
pub struct Ran {
    /// how it was called
    pub command: String,
    /// whether it ended well
    pub success: bool,
    /// standard output
    pub stdout: String,
    /// standard error
    pub stderr: String,
}

impl Ran {
    /// What it printed.
    ///
    /// # Panics
    /// Where it failed; shows everything it said.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "often only the success matters")]
    pub fn expect_success(&self) -> &str {
        assert!(self.success, "`{}` failed:\n{}{}", self.command, self.stdout, self.stderr);
        &self.stdout
    }

    /// What it complained of.
    ///
    /// # Panics
    /// Where it succeeded.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "often only the failure matters")]
    pub fn expect_failure(&self) -> &str {
        assert!(!self.success, "`{}` should have failed:\n{}", self.command, self.stdout);
        &self.stderr
    }
}
