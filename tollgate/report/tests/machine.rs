//! What programs rely on: structure, limits, fingerprints, names.

mod sample;

use std::collections::BTreeSet;

use sample::{HOSTILE, at, finding, report, sources};
use serde_json::Value;
use tollgate_report::{Format, Report, Style, render};

fn rendered(report: &Report, format: Format) -> Value {
    let text = render(report, &sources(), format, &Style::default());
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn yaml_and_json_say_the_same() {
    let report = report();
    let style = Style::default();
    let head = "apiVersion: \"v1\"\nkind: \"Report\"\nmetadata: {\"name\": \"r\"}\n";
    let yaml = format!("{head}{}", render(&report, &sources(), Format::Yaml, &style));
    let json = render(&report, &sources(), Format::Json, &style);
    let json = json.replacen(
        '{',
        "{\"apiVersion\": \"v1\", \"kind\": \"Report\", \"metadata\": {\"name\": \"r\"},",
        1,
    );
    assert_eq!(read(&yaml), read(&json));
    assert!(read(&json).contains("owned"));

    let empty = Report { subjects: Vec::new(), ..sample::allowed() };
    let yaml = render(&empty, &sources(), Format::Yaml, &style);
    assert!(yaml.ends_with("subjects: []\nfindings: []\nskipped: []\n"), "{yaml}");
}

/// As our own reader, which knows YAML and JSON, reads it.
fn read(text: &str) -> String {
    let mask = tollgate_manifest::Mask::new([0; 32]);
    let reading = tollgate_manifest::read(text.as_bytes(), &mask, &tollgate_manifest::Limits::default());
    let reading = reading.expect("readable");
    assert_eq!(reading.objects.len(), 1);
    assert_eq!(reading.objects[0].refusals, []);
    tollgate_manifest::canonical::text(&reading.objects[0].object.value)
}

#[test]
fn sarif_has_what_a_viewer_needs() {
    let sarif = rendered(&report(), Format::Sarif);
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "tollgate");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 8);
    for result in results {
        let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.contains("](")));
        assert_eq!(result["partialFingerprints"]["tollgate/v1"].as_str().map(str::len), Some(64));
    }
    let levels: Vec<_> = results.iter().map(|result| result["level"].as_str().expect("a level")).collect();
    assert_eq!(levels, ["error", "error", "error", "error", "warning", "warning", "note", "note"]);
    let suppressed: Vec<_> = results.iter().filter(|result| !result["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1);
    let justification = suppressed[0]["suppressions"][0]["justification"].as_str().expect("a justification");
    assert!(justification.contains("the audit is booked") && justification.contains("ml-platform"));
    let region = &results[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startLine"], &region["startColumn"], &region["endColumn"]),
        (&7.into(), &39.into(), &44.into())
    );
}

#[test]
fn sarif_cuts_the_mildest_and_says_so() {
    let effects = ["info", "warn", "deny"];
    let findings =
        (0..25_010).map(|line| at(finding("r", effects[line % 3], "m"), "f", line, 1, 2)).collect();
    let sarif = rendered(&Report { findings, ..sample::allowed() }, Format::Sarif);
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let count = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!((count("error"), count("warning"), count("note")), (8_336, 8_337, 8_327));
    let note = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(note, "10 findings are left out: GitHub takes 25000 in one run");
}

#[test]
fn fingerprints_are_unique_and_stay_when_lines_move() {
    let fingerprints = |report: &Report| -> Vec<String> {
        let issues = rendered(report, Format::Gitlab);
        let issues = issues.as_array().expect("issues").iter();
        issues.map(|issue| issue["fingerprint"].as_str().expect("a fingerprint").to_owned()).collect()
    };
    let mut report = report();
    report.findings.push(report.findings[1].clone());
    let before = fingerprints(&report);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    for finding in &mut report.findings {
        finding.line = finding.line.map(|line| line + 100);
        finding.end_line = finding.end_line.map(|line| line + 100);
    }
    assert_eq!(fingerprints(&report), before);
    report.findings[1].message.push('!');
    assert_ne!(fingerprints(&report), before);
}

#[test]
fn what_is_only_audited_is_told_to_machines_that_ask_for_everything_and_to_nobody_else() {
    for format in Format::ALL {
        let text = render(&report(), &sources(), format, &Style::default());
        let everything = matches!(format, Format::Json | Format::Yaml | Format::Sarif);
        assert_eq!(text.contains("audited-rule"), everything, "{format}");
        assert_eq!(text.contains("vision-until-audit"), everything, "{format}");
        assert!(text.contains("cost-centre-format"), "{format}");
    }
}

#[test]
fn quiet_leaves_what_keeps_the_verdict_from_allow() {
    let style = Style { quiet: true, verbose: true, ..Style::default() };
    let text = render(&report(), &sources(), Format::Text, &style);
    let titles: Vec<_> =
        text.lines().filter_map(|line| line.split_once('[')).map(|(effect, _)| effect).collect();
    let effects: BTreeSet<_> =
        titles.into_iter().filter(|word| ["deny", "undecidable", "warn", "info"].contains(word)).collect();
    assert_eq!(effects, BTreeSet::from(["deny", "undecidable"]));
    assert!(!text.contains("skipped: "));
}

#[test]
fn every_format_is_known_by_its_word() {
    for format in Format::ALL {
        assert_eq!(format.word().parse(), Ok(format));
    }
    let error = "Text".parse::<Format>().expect_err("words are lower case");
    let known = "text, json, yaml, sarif, github, gitlab, junit, markdown, html";
    assert_eq!(error.to_string(), format!("`Text` is not a format: expected one of {known}"));
    let hostile = HOSTILE.parse::<Format>().expect_err("no format");
    assert!(!hostile.to_string().contains('\u{1b}'));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        let once = render(&report(), &sources(), format, &Style::default());
        assert_eq!(once, render(&report(), &sources(), format, &Style::default()), "{format}");
        assert!(!once.is_empty());
    }
}
