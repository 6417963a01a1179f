//! Exit codes. Others script them: they never change.

use std::process::ExitCode;

/// How a command ended. Where several hold: failure, then deny, then undecidable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// allowed, or no difference
    Allow,
    /// denied, or a difference
    Deny,
    /// usage, configuration, unreadable input, or our own fault
    Failure,
    /// nobody can tell; to be treated as a denial
    Undecidable,
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Allow => 0,
            Self::Deny => 1,
            Self::Failure => 2,
            Self::Undecidable => 3,
        }
    }

    /// The exit of a report's verdict.
    pub(crate) fn of_verdict(word: &str) -> Self {
        match word {
            "allow" => Self::Allow,
            "deny" => Self::Deny,
            "undecidable" => Self::Undecidable,
            _ => Self::Failure,
        }
    }

    /// The exit that both call for.
    pub(crate) fn and(self, other: Self) -> Self {
        let weight = |exit| match exit {
            Self::Allow => 0,
            Self::Undecidable => 1,
            Self::Deny => 2,
            Self::Failure => 3,
        };
        if weight(self) >= weight(other) { self } else { other }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn exit_codes_are_frozen() {
        let all = [Exit::Allow, Exit::Deny, Exit::Failure, Exit::Undecidable];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3]);
    }

    #[test]
    fn of_several_failure_wins_then_deny_then_undecidable() {
        assert_eq!(Exit::Undecidable.and(Exit::Deny), Exit::Deny);
        assert_eq!(Exit::Deny.and(Exit::Failure), Exit::Failure);
        assert_eq!(Exit::Allow.and(Exit::Undecidable), Exit::Undecidable);
        assert_eq!(Exit::Failure.and(Exit::Allow), Exit::Failure);
    }
}
