//! The word that was meant: "did you mean `namespaces`?"

/// Letters beyond which a word is not compared with others.
const LONGEST: usize = 64;

/// The one of `known` that `word` is most likely a misspelling of: another letter case, or a few letters changed,
/// added, left out or swapped.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if word.is_empty() || word.chars().count() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let letters = word.chars().count();
    // Of a word of one letter nothing would be left that is like the other.
    let allowed = (1 + letters / 4).min(letters - 1);
    known
        .iter()
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), *candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" where there is such a word, else all words that may stand there.
pub(crate) fn remedy(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("known are {}", list(known)),
    }
}

/// `a`, `b` and `c`.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => "none".to_owned(),
    }
}

/// Edits that make `b` of `a`; two letters swapped are one (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let cost = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut least = (cost(&row, j) + usize::from(letter != other))
                .min(cost(&row, j + 1) + 1)
                .min(cost(&next, j) + 1);
            if i > 0 && j > 0 && Some(letter) == b.get(j - 1) && Some(other) == a.get(i - 1) {
                least = least.min(cost(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_the_one_that_was_meant() {
        let known = ["kinds", "namespaces", "excludedNamespaces", "labelSelector"];
        for (word, meant) in [
            ("kind", Some("kinds")),
            ("knids", Some("kinds")),
            ("namespace", Some("namespaces")),
            ("excludedNamespace", Some("excludedNamespaces")),
            ("excludednamespaces", Some("excludedNamespaces")),
            ("labelselectors", Some("labelSelector")),
            ("operations", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &known), meant, "{word}");
        }
        assert_eq!(remedy("bcc", &["a", "b", "cc"]), "did you mean `cc`?");
        assert_eq!(remedy("x", &["a", "b", "cc"]), "known are `a`, `b` and `cc`");
        assert_eq!(remedy("xyz", &["a", "b", "cc"]), "known are `a`, `b` and `cc`");
    }
}
