//! Running a suite.

use std::sync::Arc;

use tollgate_manifest::{Limits, Mask};
use tollgate_rego::Arena;
use tollgate_vocabulary::{Path, Value};

use super::request::Request;
use super::{Case, Suite, Test};
use crate::criteria::Match;
use crate::enforcement::Point;
use crate::review::{NamespaceFact, Origin, Review};
use crate::{
    Constraint, Document, Inventory, Place, Problem, Program, Settings, Template, Violation, constraint,
};

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

/// The code of problems with what OPA offers and no gate can.
const REFUSED: [&str; 2] = ["template-cel", "refused-builtin"];

/// Runs a suite.
pub fn run(suite: &Suite, files: &mut Files<'_>, settings: &Settings) -> SuiteResult {
    let mut runner = Runner { suite, files, settings };
    let tests = suite.tests.iter().map(|test| runner.test(test)).collect();
    SuiteResult { file: suite.file.clone(), tests }
}

struct Runner<'r, 'f> {
    suite: &'r Suite,
    files: &'r mut Files<'f>,
    settings: &'r Settings,
}

/// A test's template and constraint, ready to be asked.
struct Ready {
    program: Program,
    constraint: Constraint,
}

impl Runner<'_, '_> {
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
            Ok(ready) => {
                let cases = test.cases.iter().map(|case| self.case(case, &ready)).collect();
                result(Outcome::Passed, cases)
            }
            Err(trouble) => {
                let outcome = trouble.into_outcome();
                let cases = all(&outcome);
                result(outcome, cases)
            }
        }
    }

    fn load(&mut self, test: &Test) -> Result<Ready, Trouble> {
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
        let program = Program::compile([&template]).map_err(Trouble::Template)?;
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
        Ok(Ready { program, constraint })
    }

    fn case(&mut self, case: &Case, ready: &Ready) -> CaseResult {
        if case.skip {
            return case_result(case, Outcome::Skipped);
        }
        let judged = self.judged(case, ready);
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

    fn judged(&mut self, case: &Case, ready: &Ready) -> Result<(Vec<Violation>, Vec<Option<Place>>), String> {
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
        let violations = self.asked(&request.value, &inventory, ready)?;
        let place = |violation: &Violation| Some(place(&document, &request.prefix, violation.path.as_ref()?));
        let places = violations.iter().map(place).collect();
        Ok((violations, places))
    }

    /// The violations of one request. What cannot be told is one, as Gatekeeper has it.
    fn asked(
        &self,
        request: &Value,
        inventory: &Inventory,
        Ready { program, constraint }: &Ready,
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
            Match::NeedsNamespace(name) => {
                return Err(format!("the Namespace `{name}` was not asked for"));
            }
            Match::Unclear(why) => return Ok(vec![Violation::of_message(why.to_string())]),
        }
        // gator matches by the Namespace objects of the inventory, but shows none of them to the template.
        let shown = Review { namespace: NamespaceFact::Absent, ..matched };
        let (arena, inventory) = (Arena::new(self.settings.limits.memory), inventory.to_value());
        let asking = program.about(&shown, &inventory, &arena, *self.settings);
        let found = asking.map(|asking| asking.ask(&constraint.kind, &constraint.parameters));
        let found = found.map_err(|error| error.to_string())?;
        match found.errors.first() {
            Some(error) => Err(error.to_string()),
            None => Ok(found.violations),
        }
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
                let refused = errors(&problems).all(|problem| REFUSED.contains(&problem.code));
                let message = said(&problems);
                if refused { Outcome::Refused(message) } else { Outcome::Failed(message) }
            }
            Self::Constraint(problems) => Outcome::Failed(said(&problems)),
        }
    }
}

/// An `invalid` test passes where the constraint does not fit the template's schema, and for no other reason.
fn invalid(loaded: Result<Ready, Trouble>) -> Outcome {
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

fn errors(problems: &[Problem]) -> impl Iterator<Item = &Problem> {
    problems.iter().filter(|problem| problem.is_error())
}

fn said(problems: &[Problem]) -> String {
    errors(problems).map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Where a path of the judged object stands in the file that holds it.
fn place(document: &Document, prefix: &Path, path: &Path) -> Place {
    let whole: Vec<_> = prefix.steps().iter().chain(path.steps()).cloned().collect();
    document.place(&Path::from(whole))
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
    use tollgate_manifest::Mask;

    use super::*;

    #[test]
    fn the_place_of_a_violation_is_that_in_the_file_of_the_case() {
        let review = "kind: AdmissionReview\napiVersion: admission.k8s.io/v1\nrequest:\n  object:\n    kind: Pod\n    \
                      spec: {hostPID: true}\n";
        let document = &Document::written(review)[0];
        let request = super::super::request::Request::of(document, &Mask::new([0; 32])).unwrap();
        let there = Path::of_keys(&["spec", "hostPID"]);
        assert_eq!(place(document, &request.prefix, &there).to_string(), "x.yaml:6:21");
    }

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
