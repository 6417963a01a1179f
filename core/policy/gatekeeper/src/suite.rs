//! Suites: cases for templates and constraints, as `gator verify` reads them (`test.gatekeeper.sh`, kind `Suite`).
//!
//! ```text
//! suite.yaml ──> Suite ──run(files)──> for each test: template + constraint ──> Program
//!                                      for each case: object + inventory ──> review ──> violations ──> Outcome
//! ```

mod assertion;
mod read;
mod request;
mod run;

use std::sync::Arc;

pub use assertion::{Assertion, Count};
pub use run::{CaseResult, Files, Outcome, SuiteResult, TestResult, run};

use crate::Problem;

/// A suite.
#[derive(Clone, Debug)]
pub struct Suite {
    /// the file that it stands in; the paths in it are relative to its folder
    pub file: Arc<str>,
    /// `metadata.name`
    pub name: Option<Arc<str>>,
    /// whether it is to be left out
    pub skip: bool,
    /// in the order written
    pub tests: Vec<Test>,
    /// what is odd about it
    pub hints: Vec<Problem>,
}

/// A template, a constraint, and what they say about objects.
#[derive(Clone, Debug)]
pub struct Test {
    /// what it is called
    pub name: Arc<str>,
    /// the template's file
    pub template: Option<Arc<str>>,
    /// the constraint's file
    pub constraint: Option<Arc<str>>,
    /// the file of ExpansionTemplates
    pub expansion: Option<Arc<str>>,
    /// whether the constraint is expected not to fit the template's schema; then there are no cases
    pub invalid: bool,
    /// whether it is to be left out
    pub skip: bool,
    /// in the order written
    pub cases: Vec<Case>,
}

/// An object, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// what it is called
    pub name: Arc<str>,
    /// the object's file: one object, or an AdmissionReview
    pub object: Option<Arc<str>>,
    /// files of objects that stand in `data.inventory`
    pub inventory: Vec<Arc<str>>,
    /// all of them must hold; without any the case fails
    pub assertions: Vec<Assertion>,
    /// whether it is to be left out
    pub skip: bool,
}

#[cfg(test)]
mod tests;
