//! What strangers write stays where it is printed, in every format.

mod sample;

use sample::{HOSTILE, at, finding, report, sources};
use tollgate_report::{Format, Report, Source, Sources, Style, render};

const VERBOSE: Style = Style { color: false, quiet: false, verbose: true, width: 120 };

fn rendered(format: Format) -> String {
    render(&report(), &sources(), format, &VERBOSE)
}

#[test]
fn no_format_lets_a_control_or_reversing_character_through() {
    for format in Format::ALL {
        let text = rendered(format);
        let acting = |character: &char| {
            (character.is_control() && *character != '\n') || "\u{202e}\u{2066}\u{feff}".contains(*character)
        };
        assert_eq!(text.chars().find(acting), None, "{format}");
        assert!(text.contains("owned"), "{format} leaves the hostile finding out");
        assert!(text.ends_with('\n'), "{format}");
    }
}

#[test]
fn in_colour_the_only_escapes_are_our_own() {
    let text = render(&report(), &sources(), Format::Text, &Style { color: true, ..VERBOSE });
    let mut escapes = 0;
    for (at, _) in text.match_indices('\u{1b}') {
        let sequence: String = text[at + 1..].chars().take_while(|character| *character != 'm').collect();
        assert!(
            sequence.trim_start_matches('[').chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{sequence:?}"
        );
        escapes += 1;
    }
    assert!(escapes > 20, "no colour");
    assert!(!text.contains("\u{1b}[2J"));
}

#[test]
fn no_line_of_text_is_a_workflow_command() {
    let text = rendered(Format::Text);
    assert!(text.contains("::error::owned"), "the test has nothing to find");
    for line in text.lines() {
        let command = line.trim_start().strip_prefix("::");
        assert!(!command.is_some_and(|rest| rest.starts_with(char::is_alphabetic)), "{line}");
    }
}

#[test]
fn github_gets_one_command_for_each_finding_and_no_other() {
    let text = rendered(Format::Github);
    let lines: Vec<_> = text.lines().collect();
    let (last, commands) = lines.split_last().expect("a last line");
    assert!(last.starts_with("deny: 2 denied"));
    assert_eq!(commands.len(), 6);
    for command in commands {
        let (head, _) = command[2..].split_once("::").expect("properties end");
        let (word, properties) = head.split_once(' ').expect("properties");
        assert!(["error", "warning"].contains(&word), "{command}");
        for property in properties.split(',') {
            let name = property.split('=').next();
            assert!(
                ["file", "line", "endLine", "col", "endColumn", "title"].contains(&name.unwrap()),
                "{property}"
            );
        }
    }
}

#[test]
fn junit_is_well_formed_whatever_was_written() {
    let xml = rendered(Format::Junit);
    let mut open = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let mut cases = 0;
    while let Some((text, tag)) = rest.split_once('<') {
        assert_inert(text);
        let (tag, behind) = tag.split_once('>').expect("a tag ends");
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (name, attributes) = tag.trim_end_matches('/').split_once(' ').unwrap_or((tag, ""));
        let values: Vec<_> = attributes.split('"').collect();
        assert!(values.len() % 2 == 1, "{tag}");
        values.iter().for_each(|value| assert_inert(value));
        cases += usize::from(name == "testcase");
        if !tag.ends_with('/') {
            open.push(name.trim_end_matches('/'));
        }
    }
    assert_eq!(rest, "\n");
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(cases, 7);
}

fn assert_inert(text: &str) {
    assert!(!text.contains('>'), "{text}");
    for (at, _) in text.match_indices('&') {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#39;"];
        assert!(known.iter().any(|entity| text[at..].starts_with(entity)), "{text}");
    }
}

#[test]
fn html_has_only_our_tags_and_loads_nothing() {
    let page = rendered(Format::Html);
    let body = page.split_once("</style>").expect("a style").1;
    let ours = [
        "/", "body", "main", "h1 ", "h2", "h3", "p>", "code", "strong", "article ", "b>", "br>", "pre",
        "mark", "table", "thead", "tbody", "tr", "th ", "td", "ul", "li",
    ];
    for (at, _) in body.match_indices('<') {
        assert!(
            ours.iter().any(|tag| body[at + 1..].starts_with(tag)),
            "{}",
            &body[at..].lines().next().unwrap()
        );
    }
    for never in ["<script", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(page.contains("&lt;script&gt;"));
    assert!(page.contains("<pre>7 |     finops.apexlogic.com/cost-center: <mark>CC-12</mark></pre>"));
}

#[test]
fn markdown_mentions_and_links_nobody() {
    let text = rendered(Format::Markdown);
    assert_eq!(text.lines().next(), Some("<!-- tollgate -->"));
    let behind_entities = text.replace("&#8203;", "\u{200b}");
    assert!(!text.contains('@') && !text.contains("http:") && !text.contains('['), "{text}");
    assert!(behind_entities.contains("&#64;\u{200b}everyone") && behind_entities.contains("&#35;\u{200b}1"));
    let table: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 13);
    let (money, findings): (Vec<&str>, Vec<&str>) =
        table.iter().copied().partition(|row: &&str| row.matches('|').count() == 6);
    assert_eq!(money.len(), 3, "head, line and the one subject that costs");
    assert!(findings.iter().all(|row| row.matches('|').count() == 5), "a stranger's `|` makes a column");
}

#[test]
fn markdown_never_outgrows_a_comment() {
    let mut report = report();
    let long = HOSTILE.repeat(50);
    report.findings = (0..5_000).map(|line| at(finding(&long, "deny", &long), &long, line, 1, 2)).collect();
    let text = render(&report, &sources(), Format::Markdown, &VERBOSE);
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains("too many for a comment"));

    report.findings = (0..50).map(|line| at(finding("r", "deny", "m"), "f", line, 1, 2)).collect();
    let text = render(&report, &sources(), Format::Markdown, &VERBOSE);
    let (before, folded) = text.split_once("<details><summary>40 more findings</summary>").expect("a fold");
    assert_eq!((before.matches("**deny**").count(), folded.matches("**deny**").count()), (10, 40));
    assert!(folded.ends_with("</details>\n"));
}

#[test]
fn text_survives_every_place() {
    let long = "x".repeat(100_000);
    let lines =
        ["", " ", "\t\tkey: wert", "日本: \u{1b}", "e\u{301}\u{200d}👩\u{200d}🚀", HOSTILE, long.as_str()];
    let mut sources = Sources::default();
    sources.insert("f".into(), Source::new(lines.join("\n").as_bytes(), &[]));
    let numbers = [0, 1, 2, 5, 13, 500, 3_000, 99_999, 100_001, usize::MAX];
    let mut findings = Vec::new();
    for line in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, usize::MAX] {
        for column in numbers {
            for end in numbers {
                let row = at(finding("r", "deny", ""), "f", line, column, end);
                findings.push(row);
            }
        }
    }
    let count = findings.len();
    let report = Report { findings, ..report() };
    let text = render(&report, &sources, Format::Text, &Style { width: 0, ..VERBOSE });
    assert_eq!(text.matches("deny[r]: ").count(), count);
    assert!(text.lines().all(|line| line.len() < 4_000));
    let html = render(&report, &sources, Format::Html, &VERBOSE);
    assert_eq!(html.matches("<article").count(), count);
}

#[test]
fn a_masked_value_is_in_no_format() {
    let text = "data:\n  password: aHVudGVyMg==\n";
    let position = |offset| tollgate_manifest::Position { line: 2, column: offset - 5, offset };
    let masked = tollgate_manifest::Span { start: position(18), end: position(30) };
    let mut sources = Sources::default();
    sources.insert("s.yaml".into(), Source::new(text.as_bytes(), &[masked]));
    let report =
        Report { findings: vec![at(finding("r", "deny", "m"), "s.yaml", 2, 13, 25)], ..sample::allowed() };
    for format in Format::ALL {
        assert!(!render(&report, &sources, format, &VERBOSE).contains("aHVudGVy"), "{format}");
    }
    assert!(render(&report, &sources, Format::Text, &VERBOSE).contains("  password: ************\n"));
}
