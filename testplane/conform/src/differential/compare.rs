//! Where two verdicts on one policy differ.

use super::listed::Listed;
use super::oracle::{NOW, Oracle, OracleError};
use super::policy::Policy;
use crate::engine::{self, Refusal, Sources};
use crate::json;
use crate::verdict::{Answer, Problem, Verdict};

/// A difference between OPA and us on one policy and at most one input.
#[derive(Clone, Debug)]
pub struct Difference {
    /// the seed it was found under
    pub seed: u64,
    /// a policy that shows it, with the one input that does
    pub policy: Policy,
    /// what OPA says
    pub theirs: String,
    /// what we say
    pub ours: String,
    /// what sort of difference it is
    pub kind: Kind,
}

/// Sorts of difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// OPA refuses it for this code; we take it
    OnlyTheyRefuse(String),
    /// we refuse it for this code; OPA takes it
    OnlyWeRefuse(String),
    /// two results
    Results,
    /// they have a result, we an error of this code
    OurError(String),
    /// we have a result, they an error of this code
    TheirError(String),
    /// two errors of these codes
    Errors(String, String),
    /// our engine panicked
    Panic,
}

/// What comparing one policy gave.
#[derive(Debug, Default)]
pub struct Compared {
    /// answers that are equal
    pub equal: u64,
    /// whether both refuse the policy
    pub refused: bool,
    /// answers, or a policy, that tell nothing: OPA ran out of time, or we offer less on purpose
    pub left_out: u64,
    /// the first difference
    pub difference: Option<Difference>,
}

/// What our engine makes of the policy.
///
/// # Errors
/// Why it declines.
pub fn ours(policy: &Policy) -> Result<Verdict, String> {
    let judge = || {
        let data = json::read(&policy.data.to_string()).map_err(|error| error.to_string())?;
        let modules = policy.texts();
        let sources =
            Sources { modules: &modules, query: &policy.query, data, strict: policy.strict, v0: policy.v0 };
        let loaded = match engine::load(&sources) {
            Ok(loaded) => loaded,
            Err(Refusal::Declined(reason)) => return Err(reason),
            Err(Refusal::Wrong(problems)) => return Ok(Verdict::Refused(problems)),
        };
        if policy.inputs.is_empty() {
            return Ok(Verdict::Answers(vec![loaded.answer(None, NOW)]));
        }
        let mut answers = Vec::new();
        for input in &policy.inputs {
            let input = json::read(&input.to_string()).map_err(|error| error.to_string())?;
            answers.push(loaded.answer(Some(&input), NOW));
        }
        Ok(Verdict::Answers(answers))
    };
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(judge)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let problem = Problem { code: "panic".to_owned(), message: text.unwrap_or_default(), place: None };
        Ok(Verdict::Answers(vec![Answer::Error(problem); policy.inputs.len().max(1)]))
    })
}

/// Asks both about the policy.
///
/// # Errors
/// The oracle ended.
pub fn compare(oracle: &mut Oracle, seed: u64, policy: &Policy) -> Result<Compared, OracleError> {
    let theirs = oracle.ask(policy)?;
    let mut compared = Compared::default();
    let ours = match ours(policy) {
        Ok(ours) => ours,
        Err(_) => {
            compared.left_out += 1;
            return Ok(compared);
        }
    };
    let mut differ = |kind, theirs: String, ours: String, input: Option<usize>| {
        let mut policy = policy.clone();
        if let Some(input) = input {
            policy.inputs = policy.inputs.get(input).cloned().into_iter().collect();
        }
        compared.difference.get_or_insert(Difference { seed, policy, theirs, ours, kind });
    };
    match (theirs, ours) {
        (Verdict::Refused(_), Verdict::Refused(_)) => compared.refused = true,
        (Verdict::Refused(theirs), Verdict::Answers(ours)) => {
            let code = theirs.first().map(|problem| problem.code.clone()).unwrap_or_default();
            let ours = ours.first().map(shown).unwrap_or_default();
            differ(Kind::OnlyTheyRefuse(code), listed(&theirs), ours, None);
        }
        (Verdict::Answers(theirs), Verdict::Refused(ours)) => {
            let code = ours.first().map(|problem| problem.code.clone()).unwrap_or_default();
            let theirs = theirs.first().map(shown).unwrap_or_default();
            differ(Kind::OnlyWeRefuse(code), theirs, listed(&ours), None);
        }
        (Verdict::Answers(theirs), Verdict::Answers(ours)) => {
            for (at, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
                match kind(theirs, ours) {
                    Ok(true) => compared.equal += 1,
                    Ok(false) => compared.left_out += 1,
                    Err(kind) => differ(kind, shown(theirs), shown(ours), Some(at)),
                }
            }
        }
    }
    Ok(compared)
}

/// Whether the answers are equal, or tell nothing; else how they differ.
fn kind(theirs: &Answer, ours: &Answer) -> Result<bool, Kind> {
    match (theirs, ours) {
        (_, Answer::Error(ours)) if ours.code == "panic" => Err(Kind::Panic),
        (Answer::Error(theirs), _) if theirs.code == "eval_cancel_error" => Ok(false),
        (Answer::Error(theirs), Answer::Error(ours)) if theirs.code == ours.code => Ok(true),
        (Answer::Error(theirs), Answer::Error(ours)) => {
            Err(Kind::Errors(theirs.code.clone(), ours.code.clone()))
        }
        (Answer::Error(theirs), Answer::Result(_)) => Err(Kind::TheirError(theirs.code.clone())),
        (Answer::Result(_), Answer::Error(ours)) => Err(Kind::OurError(ours.code.clone())),
        (Answer::Result(theirs), Answer::Result(ours)) if theirs == ours => Ok(true),
        (Answer::Result(_), Answer::Result(_)) => Err(Kind::Results),
    }
}

impl Difference {
    /// Whether the table knows it, with the reason.
    #[must_use]
    pub fn reason<'l>(&self, listed: &'l Listed) -> Option<&'l str> {
        listed.reason(&format!("{:?}", self.kind), &self.policy.to_string(), &self.theirs, &self.ours)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "DIFFERENCE seed {} ({:?})\n{}", self.seed, self.kind, self.policy)?;
        writeln!(f, "  opa   {}\n  ours  {}", self.theirs, self.ours)
    }
}

fn listed(problems: &[Problem]) -> String {
    let listed: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect();
    format!("refused: {}", listed.join("; "))
}

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Result(rows) if rows.is_empty() => "undefined".to_owned(),
        Answer::Result(rows) => rows.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        Answer::Error(problem) => format!("{}: {}", problem.code, problem.message),
    }
}
