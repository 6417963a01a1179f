//! Running a suite.

use std::sync::Arc;

use tollgate_manifest::{Limits, Mask};
use tollgate_vocabulary::{Path, Value};

use super::request::Request;
use super::{Case, Suite, Test};
use crate::criteria::Match;
use crate::enforcement::Point;
use crate::review::{NamespaceFact, Origin, Review, review_value};
use crate::{Constraint, Document, Inventory, Place, Problem, Template, Violation, constraint};

/// What a suite's files are read with: `path` is the suite's path joined with the one that it names.
pub struct Files<'f> {
    /// the bytes of a file, or why there are none
    pub read: &'f mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    /// what is masked
    pub mask: &'f Mask,
    /// what one file may take
    pub limits: &'f Limits,
}

/// What came out for a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteResult {
    /// the suite's file
    pub file: Arc<str>,
    /// in the order written
    pub tests: Vec<TestResult>,
}

/// What came out for a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestResult {
    /// its name
    pub name: Arc<str>,
    /// whether template and constraint could be used (of an `invalid` test: whether the constraint could not)
    pub outcome: Outcome,
    /// in the order written; where the test could not be used, each has its outcome
    pub cases: Vec<CaseResult>,
}

/// What came out for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// its name
    pub name: Arc<str>,
    /// what came out
    pub outcome: Outcome,
    /// what was found, sorted by message
    pub violations: Vec<(Violation, Option<Place>)>,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// as expected
    Passed,
    /// not as expected, and why
    Failed(String),
    /// left out, as the suite says
    Skipped,
    /// not tried, for it needs what is not there, and what that is
    Refused(String),
}

/// Asks the Rego of a template: given the template, `input` and `data.inventory`, the members of `violation` with the
/// path in the judged object that each hangs on.
type Judge<'j> = dyn FnMut(&Template, &Value, &Value) -> Result<Vec<Violation>, String> + 'j;

/// Runs a suite. `judge` is given a template, what stands under `input.review` and `input.parameters` there (an object
/// of both), and `data.inventory`; it gives the violations, or the error of the evaluation.
pub fn run(suite: &Suite, files: &mut Files<'_>, judge: &mut Judge<'_>) -> SuiteResult {
    let mut runner = Runner { suite, files, judge };
    let tests = suite.tests.iter().map(|test| runner.test(test)).collect();
    SuiteResult { file: suite.file.clone(), tests }
}

struct Runner<'r, 'f, 'j> {
    suite: &'r Suite,
    files: &'r mut Files<'f>,
    judge: &'r mut Judge<'j>,
}

impl Runner<'_, '_, '_> {
    fn test(&mut self, test: &Test) -> TestResult {
        let result = |outcome: Outcome, cases| TestResult { name: test.name.clone(), outcome, cases };
        let all =
            |outcome: &Outcome| test.cases.iter().map(|case| case_result(case, outcome.clone())).collect();
        if self.suite.skip || test.skip {
            return result(Outcome::Skipped, all(&Outcome::Skipped));
        }
        let loaded = self.load(test);
        if test.invalid {
            return result(invalid(loaded), Vec::new());
        }
        match loaded {
            Ok((template, constraint)) => {
                let cases = test.cases.iter().map(|case| self.case(case, &template, &constraint)).collect();
                result(Outcome::Passed, cases)
            }
            Err(trouble) => {
                let outcome = trouble.into_outcome();
                let cases = all(&outcome);
                result(outcome, cases)
            }
        }
    }

    fn load(&mut self, test: &Test) -> Result<(Template, Constraint), Trouble> {
        if test.expansion.is_some() {
            return Err(Trouble::Refused("ExpansionTemplates are not expanded".to_owned()));
        }
        let path =
            test.template.as_ref().ok_or_else(|| Trouble::Said("the test has no `template`".to_owned()))?;
        let document = self.document(path).map_err(Trouble::Said)?;
        if !Template::is_one(&document) {
            return Err(Trouble::Said(format!("`{path}` is no ConstraintTemplate")));
        }
        let mut problems = Vec::new();
        let template = Template::read(&document, &mut problems).ok_or(Trouble::Template(problems))?;
        let path = test
            .constraint
            .as_ref()
            .ok_or_else(|| Trouble::Said("the test has no `constraint`".to_owned()))?;
        let document = self.document(path).map_err(Trouble::Said)?;
        if !Constraint::is_one(&document) {
            return Err(Trouble::Said(format!("`{path}` is no constraint")));
        }
        let kind = document.kind().2;
        if kind != &*template.kind {
            let message =
                format!("`{path}` is a constraint of `{kind}`, the template's are of `{}`", template.kind);
            return Err(Trouble::Said(message));
        }
        let mut problems = Vec::new();
        let constraint =
            Constraint::read(&document, &template, &mut problems).ok_or(Trouble::Constraint(problems))?;
        Ok((template, constraint))
    }

    fn case(&mut self, case: &Case, template: &Template, constraint: &Constraint) -> CaseResult {
        if case.skip {
            return case_result(case, Outcome::Skipped);
        }
        let judged = self.judged(case, template, constraint);
        let (outcome, violations) = match judged {
            Err(message) => (Outcome::Failed(message), Vec::new()),
            Ok((violations, places)) => {
                let failed = case.assertions.iter().find_map(|assertion| assertion.check(&violations).err());
                let outcome = failed.map_or(Outcome::Passed, Outcome::Failed);
                (outcome, violations.into_iter().zip(places).collect())
            }
        };
        CaseResult { name: case.name.clone(), outcome, violations }
    }

    fn judged(
        &mut self,
        case: &Case,
        template: &Template,
        constraint: &Constraint,
    ) -> Result<(Vec<Violation>, Vec<Option<Place>>), String> {
        let path = case.object.as_ref().ok_or("the case has no `object`")?;
        if case.assertions.is_empty() {
            return Err("the case has no `assertions`".to_owned());
        }
        let document = self.document(path)?;
        let mut inventory = Inventory::default();
        for path in &case.inventory {
            for object in self.documents(path)? {
                inventory.add(object.value).map_err(|error| format!("`{path}`: {error}"))?;
            }
        }
        let request = Request::of(&document, self.files.mask)?;
        let violations = self.asked(&request.value, &inventory, template, constraint)?;
        let place = |violation: &Violation| {
            let steps = violation.path.as_ref()?.steps().iter();
            let whole: Vec<_> = request.prefix.steps().iter().chain(steps).cloned().collect();
            Some(document.place(&Path::from(whole)))
        };
        let places = violations.iter().map(place).collect();
        Ok((violations, places))
    }

    /// The violations of one request. What cannot be told is one, as Gatekeeper has it.
    fn asked(
        &mut self,
        request: &Value,
        inventory: &Inventory,
        template: &Template,
        constraint: &Constraint,
    ) -> Result<Vec<Violation>, String> {
        let namespace =
            request.get("namespace").and_then(Value::as_str).and_then(|name| inventory.namespace(name));
        let matched = Review {
            request,
            namespace: namespace.map_or(NamespaceFact::Absent, NamespaceFact::Known),
            origin: Origin::Original,
        };
        if constraint.enforcement.actions(Point::Gator).is_empty() {
            return Ok(Vec::new());
        }
        match constraint.criteria.matches(&matched) {
            Match::Yes => {}
            Match::No => return Ok(Vec::new()),
            Match::NeedsNamespace(name) => return Err(format!("the Namespace `{name}` was not asked for")),
            Match::Unclear(why) => return Ok(vec![Violation::of_message(why.to_string())]),
        }
        // gator matches by the Namespace objects of the inventory, but shows none of them to the template.
        let shown = Review { namespace: NamespaceFact::Absent, ..matched };
        let review = review_value(&shown).map_err(|error| error.to_string())?;
        let input = crate::review_input(&review, &constraint.parameters);
        (self.judge)(template, &input, &inventory.to_value())
    }

    /// The one object of a file.
    fn document(&mut self, path: &str) -> Result<Document, String> {
        let documents = self.documents(path)?;
        match <[Document; 1]>::try_from(documents) {
            Ok([document]) => Ok(document),
            Err(documents) => Err(format!("`{path}` holds {} objects, not one", documents.len())),
        }
    }

    fn documents(&mut self, path: &str) -> Result<Vec<Document>, String> {
        let path = beside(&self.suite.file, path);
        let bytes = (self.files.read)(&path).map_err(|error| format!("`{path}`: {error}"))?;
        let documents = Document::read(&path, &bytes, self.files.mask, self.files.limits);
        documents.map_err(|problem| problem.to_string())
    }
}

/// Why a test cannot be run.
enum Trouble {
    Said(String),
    Refused(String),
    Template(Vec<Problem>),
    Constraint(Vec<Problem>),
}

impl Trouble {
    fn into_outcome(self) -> Outcome {
        match self {
            Self::Said(message) => Outcome::Failed(message),
            Self::Refused(message) => Outcome::Refused(message),
            Self::Template(problems) => {
                let refused = problems.iter().any(|problem| problem.code == "template-cel");
                let message = said(&problems);
                if refused { Outcome::Refused(message) } else { Outcome::Failed(message) }
            }
            Self::Constraint(problems) => Outcome::Failed(said(&problems)),
        }
    }
}

/// An `invalid` test passes where the constraint does not fit the template's schema, and for no other reason.
fn invalid(loaded: Result<(Template, Constraint), Trouble>) -> Outcome {
    match loaded {
        Ok(_) => {
            Outcome::Failed("the constraint fits the template's schema, and is expected not to".to_owned())
        }
        Err(Trouble::Constraint(problems)) if problems.iter().any(constraint::is_of_schema) => {
            Outcome::Passed
        }
        Err(trouble) => trouble.into_outcome(),
    }
}

fn said(problems: &[Problem]) -> String {
    let errors: Vec<String> =
        problems.iter().filter(|problem| problem.is_error()).map(ToString::to_string).collect();
    errors.join("; ")
}

fn case_result(case: &Case, outcome: Outcome) -> CaseResult {
    CaseResult { name: case.name.clone(), outcome, violations: Vec::new() }
}

/// The path that `path` is from the folder of `file`, without `.` and `..` where they can be resolved.
fn beside(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rooted = if file.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            ".." if rooted == "/" => {}
            part => parts.push(part),
        }
    }
    format!("{rooted}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_folder_of_the_suite() {
        for (file, path, joined) in [
            ("a/b/suite.yaml", "template.yaml", "a/b/template.yaml"),
            ("a/b/suite.yaml", "../c/./x.yaml", "a/c/x.yaml"),
            ("suite.yaml", "samples/x.yaml", "samples/x.yaml"),
            ("/a/suite.yaml", "../../x.yaml", "/x.yaml"),
            ("a/suite.yaml", "../../x.yaml", "../x.yaml"),
        ] {
            assert_eq!(beside(file, path), joined, "{file} {path}");
        }
    }
}
