//! Differences that are known by what a look at the policy shows; others stand in a table, see `listed`.

use super::compare::{Difference, Kind, ours};
use super::oracle::{Oracle, OracleError};
use super::policy::Policy;
use crate::verdict::{Answer, Verdict};

const BY_ORDER: &str =
    "a conflict that both find, asked for that document: whether it is met hangs on the order of evaluation";
const OWN_CONDITION: &str = "a closure or a call sees what the rest of its own condition binds; OPA wants it bound by another condition";

/// Why the difference is none that need worry.
pub(crate) fn reason(
    oracle: &mut Oracle,
    difference: &Difference,
) -> Result<Option<&'static str>, OracleError> {
    if by_order(oracle, difference)? {
        return Ok(Some(BY_ORDER));
    }
    Ok(is_of_own_condition(difference).then_some(OWN_CONDITION))
}

/// Whether each variable that OPA calls unsafe stands in one condition twice, and there within a closure or a call.
fn is_of_own_condition(difference: &Difference) -> bool {
    if difference.kind != Kind::OnlyTheyRefuse("rego_unsafe_var_error".to_owned()) {
        return false;
    }
    let rules = difference.policy.modules.iter().flat_map(|module| &module.rules);
    let lines: Vec<&String> = rules
        .flat_map(|rule| rule.clauses.iter().flatten())
        .flat_map(|clause| std::iter::once(&clause.head).chain(&clause.body))
        .collect();
    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let unsafe_name =
        |problem: &str| Some(problem.split_once("var ")?.1.split_once(" is unsafe")?.0.to_owned());
    difference.theirs.split("; ").filter_map(unsafe_name).all(|name| {
        let twice = |line: &&&String| line.split(word).filter(|word| *word == name).count() > 1;
        lines.iter().filter(twice).any(|line| ["(", " in ", " | "].iter().any(|sign| line.contains(sign)))
    })
}

/// Whether one of us meets a conflict in a document that the other finds in conflict too, and never looked at: OPA's
/// rule index passes over bodies whose later conditions fail, and it looks up one key of an object where we make all
/// of it.
fn by_order(oracle: &mut Oracle, difference: &Difference) -> Result<bool, OracleError> {
    let conflict = "eval_conflict_error";
    let (message, is_ours) = match &difference.kind {
        Kind::OurError(code) if code == conflict => (&difference.ours, true),
        Kind::TheirError(code) if code == conflict => (&difference.theirs, false),
        _ => return Ok(false),
    };
    let Some(at) = message.find("data.") else { return Ok(false) };
    let end = |c: char| !(c.is_alphanumeric() || "._".contains(c));
    let name = message[at..].split(end).next().unwrap_or_default();
    let asked = Policy { query: format!("{name} = x"), ..difference.policy.clone() };
    let verdict =
        if is_ours { oracle.ask(&asked)? } else { ours(&asked).unwrap_or(Verdict::Refused(vec![])) };
    let conflicts = |answer: &Answer| matches!(answer, Answer::Error(why) if why.code == conflict);
    Ok(matches!(verdict, Verdict::Answers(answers) if answers.iter().any(conflicts)))
}
