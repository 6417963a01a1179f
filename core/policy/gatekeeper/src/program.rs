//! The Rego of templates, compiled together and asked one by one.
//!
//! ```text
//! Library ──> modules in packages of their own ──compile──> Program ──violations(kind, review, parameters, inventory)──> messages
//! ```
//! Where the compiler finds fault with a module, the place is that in the template's file.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_rego::{File, Part, Settings};
use tollgate_vocabulary::{Map, Value};

use crate::package::{ENTRY, ROOT};
use crate::problem::Problem;
use crate::violation::{ShapeError, Violation, read_violations};
use crate::{Source, Template};

/// All templates of an estate. Shared by all threads.
#[derive(Debug)]
pub struct Program {
    program: tollgate_rego::Program,
    /// the number of each kind's query
    queries: BTreeMap<Arc<str>, usize>,
}

/// Why a template gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// the evaluation failed
    #[error(transparent)]
    Evaluation(#[from] tollgate_rego::Failure),
    /// what it gave cannot be read
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl Program {
    /// Compiles templates.
    ///
    /// # Errors
    /// What the compiler finds fault with, at its place in the templates' files.
    pub fn compile<'t>(templates: impl IntoIterator<Item = &'t Template>) -> Result<Self, Vec<Problem>> {
        let (mut files, mut modules, mut sources) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (mut queries, mut numbers) = (Vec::new(), BTreeMap::new());
        for template in templates {
            for (source, module) in template.sources().zip(&template.modules) {
                let path: Arc<str> = format!("{}#{}/{}", source.file, template.kind, source.path).into();
                files.push(File {
                    path: path.clone(),
                    text: source.text.clone(),
                    dialect: Some(source.dialect),
                });
                modules.push(module.clone());
                sources.insert(path, source);
            }
            let kind = canonical::text(&Value::String(template.kind.clone()));
            numbers.insert(template.kind.clone(), queries.len());
            queries.push(format!("data[\"{ROOT}\"][{kind}].{ENTRY}.violation[member]"));
        }
        let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
        let data = Value::Object(Map::default());
        match tollgate_rego::compile_modules(&files, &modules, data, &queries) {
            Ok(program) => Ok(Self { program, queries: numbers }),
            Err(problems) => {
                let mut problems: Vec<Problem> =
                    problems.into_iter().map(|problem| placed(&sources, problem)).collect();
                problems.sort();
                Err(problems)
            }
        }
    }

    /// The violations that the template of a kind finds in a review, with the parameters of a constraint and an
    /// inventory ([`crate::Inventory::to_value`]). Of a kind that nobody knows there are none.
    ///
    /// # Errors
    /// The evaluation failed, or its answer is no set of violations.
    pub fn violations(
        &self,
        kind: &str,
        review: &Part<'_>,
        parameters: &Value,
        inventory: &Value,
        settings: &Settings,
    ) -> Result<Vec<Violation>, AskError> {
        let Some(query) = self.queries.get(kind) else { return Ok(Vec::new()) };
        let parameters = ("parameters", Part::Document(parameters));
        let input = Part::Object(vec![("review", review.clone()), parameters]);
        let data = Part::Object(vec![("inventory", Part::Document(inventory))]);
        let solutions = self.program.run_parts(*query, &input, &data, settings)?;
        Ok(read_violations(solutions.iter().filter_map(|bindings| bindings.get("member")))?)
    }
}

fn placed(sources: &BTreeMap<Arc<str>, &Source>, problem: tollgate_rego::Problem) -> Problem {
    let Some(source) = sources.get(&problem.file) else {
        return crate::Place::start_of(problem.file).error(problem.code, problem.message);
    };
    let (start, end) = (problem.span.start as usize, problem.span.end as usize);
    let place = source.span(start, end);
    if source.text.get(start..end).is_some_and(|text| text.starts_with("external_data")) {
        let message = "`external_data` asks a provider over the network, and no judgement waits for one";
        let remedy = "put what the provider would say into the parameters or the inventory";
        return place.error("refused-builtin", message).mended_by(remedy);
    }
    place.error(problem.code, problem.message).mended_if(problem.remedy)
}

#[cfg(test)]
mod tests;
