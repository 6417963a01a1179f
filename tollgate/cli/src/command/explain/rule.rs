//! A rule in words: what it wants, how it is applied, where it stands, and its source.

use std::fmt::Write as _;

use tollgate_flow::Estate;
use tollgate_gate::{Mode, Rule};
use tollgate_policy::Subresources;
use tollgate_vocabulary::Operation;

use crate::output::visible;

/// What reading and the gate itself refuse: id, what it means, what to do.
const BUILT_IN: &[(&str, &str, &str)] = &[
    (
        "reading.duplicate-key",
        "A key stands twice in one mapping. The last one wins silently, and readers differ in which is the last.",
        "keep one of the two",
    ),
    (
        "reading.ambiguous-scalar",
        "YAML 1.1 and YAML 1.2 read this value differently (`yes`, `0777`, `1_000`), and so would different tools.",
        "write what you mean in quotes, or in the one form that both read alike",
    ),
    (
        "reading.ambiguous-key",
        "YAML 1.1 and YAML 1.2 read this key differently (`yes`, `on`, `0777`), and so would different tools.",
        "write the key in quotes",
    ),
    (
        "reading.empty-value",
        "A key without a value is null, which is seldom meant where a text stands.",
        "write the value, or delete the key",
    ),
    (
        "reading.escape",
        "An escape in a quoted text that readers do not agree on.",
        "write the character itself",
    ),
    (
        "reading.hidden-document",
        "kubectl would not see this document: it stands behind a mark that only some readers know.",
        "separate documents with a line that is `---` and nothing else",
    ),
    (
        "reading.merge-key",
        "A merge key (`<<`) that cannot be resolved in one way only.",
        "write the merged keys out",
    ),
    (
        "reading.metadata-type",
        "A name, label or annotation that is no text: the API server refuses it, or another tool makes a text of it.",
        "write the value in quotes",
    ),
    ("reading.tab", "A tab where only some readers take it for a space.", "write spaces"),
    (
        "reading.tag",
        "A YAML tag that changes what the value is, and that only some readers know.",
        "delete the tag",
    ),
    (
        "reading.unrendered",
        "These manifests are made by another program from templates. What they will become cannot be judged here.",
        "render first: `kustomize build x | tollgate check -`, `helm template x | tollgate check -`",
    ),
    (
        "gate.rate",
        "This principal has made as many changes in one window of time as `[rate]` in tollgate.toml allows.",
        "wait for the next window, or raise the rate",
    ),
    (
        "gate.require",
        "`require` in tollgate.toml names a judge that had no rule for this change, so it was not judged as the estate wants.",
        "write a rule of that judge whose scope the change is in, or take the judge out of `require`",
    ),
];

/// A rule of ours.
pub(super) fn built_in(id: &str) -> Option<String> {
    let family = if id.starts_with("gate.require.") { "gate.require" } else { id };
    let (_, what, remedy) = BUILT_IN.iter().find(|(known, _, _)| *known == family)?;
    Some(format!("{id}: built in; no exception covers it\n\n{what}\n\nremedy: {remedy}\n"))
}

/// A rule of the estate.
pub(super) fn told(rule: &Rule, estate: &Estate) -> String {
    let mut text = match &rule.title {
        Some(title) => format!("{}: {}\n", rule.id, visible(title)),
        None => format!("{}\n", rule.id),
    };
    if let Some(description) = &rule.description {
        let lines = description.lines().map(visible).collect::<Vec<_>>().join("\n");
        let _ = write!(text, "\n{lines}\n");
    }
    text.push('\n');
    let mode = match estate.bundle.config().mode(&rule.id) {
        Mode::Enforce => "enforce: what it wants holds",
        Mode::Warn => "warn: it may only warn",
        Mode::Audit => "audit: it is only noted",
    };
    let place = &rule.place;
    let mut rows = vec![
        ("wants", format!("{} (package {})", rule.head.word(), rule.package)),
        ("mode", mode.to_owned()),
        ("severity", rule.severity.word().to_owned()),
        ("asked about", scope(rule)),
        ("where", format!("{}:{}:{}", visible(&place.file), place.line, place.column)),
    ];
    if rule.reads_namespace {
        rows.push((
            "reads",
            "the Namespace object, and is undecidable where that cannot be learned".to_owned(),
        ));
    }
    if let Some(remedy) = &rule.remedy {
        rows.push(("remedy", visible(remedy)));
    }
    for exception in estate.bundle.exceptions().iter().filter(|exception| exception.rule == rule.id) {
        let told = format!(
            "`{}` until {}: {} (owner: {})",
            exception.name, exception.expires, exception.reason, exception.owner
        );
        rows.push(("exception", visible(&told)));
    }
    for (name, value) in rows {
        let _ = writeln!(text, "{name:<12} {value}");
    }
    text.push('\n');
    for (number, line) in source(rule, estate) {
        let _ = writeln!(text, "{number:>5} | {}", visible(&line.replace('\t', "    ")));
    }
    text
}

fn scope(rule: &Rule) -> String {
    let operations: Vec<&str> = Operation::ALL
        .into_iter()
        .filter(|operation| rule.operations.contains(*operation))
        .map(Operation::word)
        .collect();
    let subresources = match &rule.subresources {
        Subresources::None => String::new(),
        Subresources::All => ", and every subresource".to_owned(),
        Subresources::Named(names) => {
            format!(", and subresources {}", names.iter().map(|name| &**name).collect::<Vec<_>>().join(", "))
        }
    };
    format!("{}{subresources}", operations.join(", "))
}

/// The first body of the rule with the comments right above it.
fn source(rule: &Rule, estate: &Estate) -> Vec<(usize, String)> {
    let Some(file) = estate.files.iter().find(|file| file.path == rule.place.file) else { return Vec::new() };
    let text = String::from_utf8_lossy(&file.bytes);
    let lines: Vec<&str> = text.lines().collect();
    let head = rule.place.line.saturating_sub(1).min(lines.len());
    let above = lines.iter().take(head).rev().take_while(|line| line.starts_with('#')).count();
    let is_end = |line: &&str| line.starts_with('}');
    let body = lines.iter().skip(head).position(is_end).map_or(1, |end| end + 1);
    let is_block = lines.get(head).is_some_and(|line| line.trim_end().ends_with('{'));
    let end = head + if is_block { body } else { 1 };
    let first = head - above;
    (first..end).filter_map(|at| Some((at + 1, (*lines.get(at)?).to_owned()))).collect()
}
