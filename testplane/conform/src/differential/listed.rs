//! Differences that are known, each with its reason.

/// The table of known differences.
#[derive(Clone, Debug, Default)]
pub struct Listed(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    kind: String,
    policy: String,
    theirs: String,
    ours: String,
    reason: String,
}

/// What is wrong with the table.
#[derive(Debug, thiserror::Error)]
#[error("line {0} of the known differences has not five columns: kind, policy, theirs, ours, reason")]
pub struct ListedError(usize);

impl Listed {
    /// Reads the table: on each line, between tabs, what sort of difference it is, what the policy contains, what
    /// OPA's answer contains, what ours contains, and the reason. Empty columns match anything; lines that begin with
    /// `#` say nothing.
    ///
    /// # Errors
    /// A line with another number of columns.
    pub fn read(text: &str) -> Result<Self, ListedError> {
        let mut entries = Vec::new();
        for (at, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let columns: Vec<&str> = line.split('\t').collect();
            let [kind, policy, theirs, ours, reason] = columns.as_slice() else {
                return Err(ListedError(at + 1));
            };
            let [kind, policy, theirs, ours, reason] =
                [kind, policy, theirs, ours, reason].map(|column| (*column).to_owned());
            entries.push(Entry { kind, policy, theirs, ours, reason });
        }
        Ok(Self(entries))
    }

    /// The reason of the first line that matches.
    #[must_use]
    pub fn reason(&self, kind: &str, policy: &str, theirs: &str, ours: &str) -> Option<&str> {
        let matches = |entry: &&Entry| {
            kind.contains(&entry.kind)
                && policy.contains(&entry.policy)
                && theirs.contains(&entry.theirs)
                && ours.contains(&entry.ours)
        };
        self.0.iter().find(matches).map(|entry| entry.reason.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_known_where_all_columns_match() {
        let listed = Listed::read(
            "# kind\tpolicy\ttheirs\tours\treason\nOurError\tsprintf(\t\teval\tformats differ\n",
        )
        .unwrap();
        assert_eq!(listed.reason("OurError", "x := sprintf(1)", "1", "eval_error"), Some("formats differ"));
        assert_eq!(listed.reason("OurError", "x := sprintf(1)", "1", "2"), None);
        assert!(Listed::read("a\tb\n").is_err());
    }
}
