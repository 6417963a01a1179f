//! What OPA makes of the generated policies: they are worth comparing only if most mean something.

use std::collections::BTreeMap;

use tollgate_conform::differential::{Oracle, OracleError, policy};
use tollgate_conform::verdict::{Answer, Verdict};

/// Asks OPA about the policies of `count` seeds, and prints what it says of them.
pub(crate) fn run(count: u64) -> Result<(), OracleError> {
    let mut oracle = Oracle::start()?;
    let mut answers: BTreeMap<&str, u64> = BTreeMap::new();
    let mut problems: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 0..count {
        let mut note = |kind, problem: Option<&str>| {
            *answers.entry(kind).or_default() += 1;
            if let Some(problem) = problem {
                *problems.entry(problem.to_owned()).or_default() += 1;
            }
        };
        match oracle.ask(&policy(seed))? {
            Verdict::Refused(why) => note("refused policies", why.first().map(|why| why.code.as_str())),
            Verdict::Answers(all) => {
                note("policies", None);
                for answer in &all {
                    match answer {
                        Answer::Error(why) => note("errors", Some(&why.code)),
                        Answer::Result(rows) if rows.is_empty() => note("undefined", None),
                        Answer::Result(rows) if rows.iter().all(|row| is_hollow(row)) => note("empty", None),
                        Answer::Result(_) => note("something", None),
                    }
                }
            }
        }
    }
    for (what, count) in answers.iter().map(|(what, count)| (*what, count)) {
        println!("{count:>8} {what}");
    }
    for (code, count) in problems {
        println!("{count:>8} {code}");
    }
    Ok(())
}

/// Whether nothing stands in it but empty collections and falsehood.
fn is_hollow(row: &str) -> bool {
    let mut left = row.to_owned();
    for nothing in ["[]", "{}", "false", "null"] {
        left = left.replace(nothing, "");
    }
    !left.contains(|c: char| c.is_ascii_digit())
        && left.matches('"').count() == left.matches("\":").count() * 2
}
