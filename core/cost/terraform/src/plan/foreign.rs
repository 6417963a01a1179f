//! What bytes are that are no plan, so that whoever took the wrong file learns which one to take.

use tollgate_vocabulary::Value;

use crate::Foreign;

/// What can be told before any JSON is read.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<Foreign> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(Foreign::PlanFile);
    }
    let start = bytes.trim_ascii_start();
    if start.starts_with(b"{\"@level\"") {
        return Some(Foreign::Log);
    }
    // Letters and comments begin configuration and what is printed for people; JSON's own words are left to JSON.
    let texts = start.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'#');
    (texts && ![&b"true"[..], b"false", b"null"].contains(&start.trim_ascii_end())).then_some(Foreign::Text)
}

/// What JSON is that lacks what every plan has.
pub(super) fn of_value(value: &Value) -> Foreign {
    let has = |key: &str| value.get(key).is_some();
    let is = |key: &str, test: fn(&Value) -> bool| value.get(key).is_some_and(test);
    if has("lineage") || (has("serial") && has("version")) {
        Foreign::State
    } else if has("provider_schemas") {
        Foreign::Schemas
    } else if has("diagnostics") && has("valid") {
        Foreign::Validation
    } else if has("format_version") {
        // An empty state is printed as its version and nothing else.
        Foreign::ShownState
    } else if has("apiVersion") && has("kind") {
        Foreign::Kubernetes
    } else if has("AWSTemplateFormatVersion") || is("Resources", |value| value.as_object().is_some()) {
        Foreign::CloudFormation
    } else if has("projects") && has("currency") {
        Foreign::Infracost
    } else if ["resource", "module", "provider", "variable"].into_iter().any(has) {
        Foreign::Configuration
    } else {
        Foreign::Other
    }
}
