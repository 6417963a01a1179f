//! Every format over one report.

mod sample;

use tollgate_report::{Format, Style, render};

fn rendered(format: Format) -> String {
    render(&sample::report(), &sample::sources(), format, &Style::default())
}

#[test]
fn json_is_frozen_under_schema_v1() {
    insta::assert_snapshot!(rendered(Format::Json));
}

#[test]
fn text_shows_source_lines_and_carets() {
    insta::assert_snapshot!(rendered(Format::Text));
}

#[test]
fn verbose_text_shows_audits_exceptions_and_what_was_skipped() {
    let style = Style { verbose: true, ..Style::default() };
    insta::assert_snapshot!(render(&sample::report(), &sample::sources(), Format::Text, &style));
}

#[test]
fn quiet_text_shows_what_keeps_it_from_allow() {
    let style = Style { quiet: true, ..Style::default() };
    insta::assert_snapshot!(render(&sample::report(), &sample::sources(), Format::Text, &style));
}

#[test]
fn yaml_says_what_json_says() {
    insta::assert_snapshot!(rendered(Format::Yaml));
}

#[test]
fn sarif_stands_within_githubs_limits() {
    insta::assert_snapshot!(rendered(Format::Sarif));
}

#[test]
fn github_is_told_in_workflow_commands() {
    insta::assert_snapshot!(rendered(Format::Github));
}

#[test]
fn gitlab_gets_code_quality_issues() {
    insta::assert_snapshot!(rendered(Format::Gitlab));
}

#[test]
fn junit_has_a_test_case_for_each_subject() {
    insta::assert_snapshot!(rendered(Format::Junit));
}

#[test]
fn markdown_is_a_comment_on_a_pull_request() {
    insta::assert_snapshot!(rendered(Format::Markdown));
}

#[test]
fn html_is_one_page() {
    insta::assert_snapshot!(rendered(Format::Html));
}

#[test]
fn an_allow_is_one_line() {
    let text = render(&sample::allowed(), &sample::sources(), Format::Text, &Style::default());
    assert_eq!(
        text,
        "allow: 1 object (bundle sha256:12ab34cd56ef…); not judged: identity, provenance, cost, drift, anomaly\n"
    );
}
