//! What somebody may have meant who wrote a name that is not there.

/// Names longer than this are compared no further.
const LONGEST: usize = 64;

/// The candidate that is nearest to `name`: the same but for upper and lower case, or at most two letters added, left
/// out, changed or swapped, and fewer than half of them. Of equally near ones the first.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate == name {
            continue;
        }
        let apart = if candidate.eq_ignore_ascii_case(name) { 0 } else { distance(name, candidate) };
        let near = apart <= 2 && apart.saturating_mul(2) < name.len().max(candidate.len());
        if near && best.is_none_or(|(least, _)| apart < least) {
            best = Some((apart, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters must be added, left out, changed or swapped with their neighbour (optimal string alignment);
/// anything above two where it is more than that.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 2 || a.len() > LONGEST || b.len() > LONGEST {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, letter) in a.iter().enumerate() {
        let mut line = vec![row.saturating_add(1)];
        for (column, other) in b.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX);
            let changed = at(&above, column).saturating_add(usize::from(letter != other));
            let left_out = at(&above, column.saturating_add(1)).saturating_add(1);
            let added = at(&line, column).saturating_add(1);
            let mut least = changed.min(left_out).min(added);
            let earlier =
                |letters: &[char], at: usize| at.checked_sub(1).and_then(|at| letters.get(at)).copied();
            if earlier(&a, row) == Some(*other) && earlier(&b, column) == Some(*letter) {
                let swapped = column.checked_sub(1).map_or(usize::MAX, |column| at(&before, column));
                least = least.min(swapped.saturating_add(1));
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
        did_you_mean(name, candidates.iter().copied())
    }

    #[test]
    fn a_slip_of_one_or_two_letters_is_found() {
        let fields = ["paused", "replicas", "selector", "strategy", "template"];
        for slip in ["replica", "repilcas", "replicass", "Replicas", "REPLICAS", "rplcas", "replikax"] {
            assert_eq!(meant(slip, &fields), Some("replicas"), "{slip}");
        }
    }

    #[test]
    fn what_is_too_far_or_too_short_is_not_guessed() {
        assert_eq!(meant("hostname", &["replicas"]), None);
        assert_eq!(meant("ip", &["id"]), None);
        assert_eq!(meant("replicas", &["replicas"]), None, "the name itself is no other name");
        assert_eq!(meant(&"a".repeat(10_000), &[&"a".repeat(9_999)]), None);
    }

    #[test]
    fn the_nearest_wins_and_of_two_the_first() {
        assert_eq!(meant("hostIPs", &["hostID", "hostIP"]), Some("hostIP"));
        assert_eq!(meant("portx", &["ports", "porty"]), Some("ports"));
    }

    #[test]
    fn a_swap_is_one_slip() {
        assert_eq!((distance("ab", "ba"), distance("abc", "cab"), distance("", "ab")), (1, 2, 2));
    }
}
