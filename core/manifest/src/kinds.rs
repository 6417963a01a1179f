//! The kinds that Kubernetes has built in: their plural names, and whether they live in a namespace.
//!
//! `kinds.tsv` is recorded from a real API server (its header says which); it is parsed when this crate is compiled.

/// A built-in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// API group; empty for the core group
    pub group: &'static str,
    /// version, such as `v1`
    pub version: &'static str,
    /// kind, such as `Deployment`
    pub kind: &'static str,
    /// plural, as in URLs and rules: `deployments`
    pub plural: &'static str,
    /// whether its objects live in a namespace
    pub namespaced: bool,
}

/// The built-in kind of that name.
#[must_use]
pub fn of(group: &str, version: &str, kind: &str) -> Option<&'static KindInfo> {
    KINDS.iter().find(|info| info.kind == kind && info.version == version && info.group == group)
}

/// The built-in kind of that plural.
#[must_use]
pub fn of_plural(group: &str, version: &str, plural: &str) -> Option<&'static KindInfo> {
    KINDS.iter().find(|info| info.plural == plural && info.version == version && info.group == group)
}

/// All of them, in the order of the table.
pub fn all() -> impl ExactSizeIterator<Item = &'static KindInfo> {
    KINDS.iter()
}

const TABLE: &[u8] = include_bytes!("kinds.tsv");

static KINDS: [KindInfo; count(TABLE)] = parse(TABLE);

const EMPTY: KindInfo = KindInfo { group: "", version: "", kind: "", plural: "", namespaced: false };

/// Lines that are no comments.
const fn count(mut table: &[u8]) -> usize {
    let mut lines = 0;
    while let [first, ..] = table {
        if *first != b'#' {
            lines += 1;
        }
        table = cut(table, b'\n').1;
    }
    lines
}

#[expect(clippy::indexing_slicing, reason = "runs in the compiler: out of bounds is an error of the build")]
const fn parse<const N: usize>(mut table: &'static [u8]) -> [KindInfo; N] {
    let mut kinds = [EMPTY; N];
    let mut at = 0;
    while let [first, ..] = table {
        let (line, below) = cut(table, b'\n');
        if *first != b'#' {
            kinds[at] = row(line);
            at += 1;
        }
        table = below;
    }
    kinds
}

const fn row(line: &'static [u8]) -> KindInfo {
    let (group, rest) = cut(line, b'\t');
    let (version, rest) = cut(rest, b'\t');
    let (kind, rest) = cut(rest, b'\t');
    let (plural, namespaced) = cut(rest, b'\t');
    KindInfo {
        group: text(group),
        version: text(version),
        kind: text(kind),
        plural: text(plural),
        namespaced: matches!(namespaced, b"true"),
    }
}

/// What stands before the first `end`, and what behind it.
const fn cut(bytes: &[u8], end: u8) -> (&[u8], &[u8]) {
    let mut rest = bytes;
    while let [first, below @ ..] = rest {
        if *first == end {
            return (bytes.split_at(bytes.len() - rest.len()).0, below);
        }
        rest = below;
    }
    (bytes, rest)
}

const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_kind() {
        let lines = include_str!("kinds.tsv").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.clone().count(), all().len());
        for (line, info) in lines.zip(all()) {
            let again =
                [info.group, info.version, info.kind, info.plural, &info.namespaced.to_string()].join("\t");
            assert_eq!(line, again);
        }
    }

    #[test]
    fn kinds_are_found_by_name_and_by_plural() {
        let deployment = of("apps", "v1", "Deployment").unwrap();
        assert_eq!((deployment.plural, deployment.namespaced), ("deployments", true));
        assert_eq!(
            of_plural("", "v1", "namespaces").map(|info| (info.kind, info.namespaced)),
            Some(("Namespace", false))
        );
        assert_eq!(of("apps", "v1beta9", "Deployment"), None);
        assert_eq!(of("example.com", "v1", "Deployment"), None);
    }
}
