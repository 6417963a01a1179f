//! Constraints with their templates, compiled, asked about one request.
//!
//! ```text
//! documents ──load──> ConstraintSet ──judge(review, inventory, point)──> for each constraint that is asked: Judged
//! ```
//! One constraint's error never silences another; a constraint that is not asked leaves no trace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_manifest::Identity;
use tollgate_rego::Arena;
use tollgate_vocabulary::{Operation, Value};

use crate::criteria::identified;
use crate::{
    Action, Constraint, Document, Found, Library, Match, Point, Problem, Program, Review, Settings, Template,
    Unmatched,
};

/// All templates and constraints of an estate, compiled. Shared by all threads.
#[derive(Debug)]
pub struct ConstraintSet {
    library: Library,
    program: Program,
    /// numbers of the constraints that name this kind
    by_kind: BTreeMap<Arc<str>, Vec<usize>>,
    /// numbers of those that any kind may match
    of_any_kind: Vec<usize>,
}

/// What one constraint that was asked says.
#[derive(Clone, Debug)]
pub struct Judged<'s> {
    /// the constraint
    pub constraint: &'s Constraint,
    /// its template
    pub template: &'s Template,
    /// what its violations do at this point; never empty
    pub actions: BTreeSet<Action>,
    /// what it says
    pub answer: Answer,
}

/// What a constraint says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// what its template found, errors among it
    Found(Found),
    /// it cannot be told whether it matches before the Namespace object of this name is known
    NeedsNamespace(Arc<str>),
    /// it cannot be told whether it matches, which Gatekeeper takes for a violation
    Unclear(Unmatched),
}

impl ConstraintSet {
    /// Loads and compiles the templates and constraints among documents, and what is odd about them.
    ///
    /// # Errors
    /// All problems where one of them is an error.
    pub fn load(documents: &[Document]) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let (library, hints) = Library::load(documents)?;
        match Program::compile(library.templates.values()) {
            Ok(program) => Ok((Self::indexed(library, program), hints)),
            Err(mut problems) => {
                problems.extend(hints);
                problems.sort();
                Err(problems)
            }
        }
    }

    fn indexed(library: Library, program: Program) -> Self {
        let mut by_kind: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
        let mut of_any_kind = Vec::new();
        for (at, constraint) in library.constraints.iter().enumerate() {
            match constraint.criteria.named_kinds() {
                Some(kinds) => kinds.into_iter().for_each(|kind| by_kind.entry(kind).or_default().push(at)),
                None => of_any_kind.push(at),
            }
        }
        Self { library, program, by_kind, of_any_kind }
    }

    /// The templates and constraints.
    #[must_use]
    pub const fn library(&self) -> &Library {
        &self.library
    }

    /// Asks every constraint that is enforced at a point and matches, by kind and name. `inventory` is what
    /// [`crate::Inventory::to_value`] makes.
    #[must_use]
    pub fn judge(
        &self,
        review: &Review<'_>,
        inventory: &Value,
        point: Point,
        settings: Settings,
    ) -> Vec<Judged<'_>> {
        let arena = Arena::new(settings.limits.memory);
        let (asking, objects) = (self.program.about(review, inventory, &arena, settings), identified(review));
        let mut judged = Vec::new();
        for constraint in self.candidates(objects.as_deref().unwrap_or_default()) {
            let Some(template) = self.library.templates.get(&constraint.kind) else { continue };
            let actions = constraint.enforcement.actions(point);
            if actions.is_empty() || !is_asked(template, review, point) {
                continue;
            }
            let matched = match &objects {
                Ok(objects) => constraint.criteria.matches_one_of(objects, review),
                Err(_) => constraint.criteria.matches(review),
            };
            let answer = match (matched, &asking) {
                (Match::No, _) => continue,
                (Match::NeedsNamespace(name), _) => Answer::NeedsNamespace(name),
                (Match::Unclear(why), _) => Answer::Unclear(why),
                (Match::Yes, Ok(asking)) => {
                    Answer::Found(asking.ask(&constraint.kind, &constraint.parameters))
                }
                (Match::Yes, Err(error)) => {
                    Answer::Found(Found { violations: Vec::new(), errors: vec![error.clone()] })
                }
            };
            judged.push(Judged { constraint, template, actions, answer });
        }
        judged
    }

    /// The constraints that objects of these kinds can match, in order; without objects, all.
    fn candidates(&self, objects: &[(&Value, Identity)]) -> impl Iterator<Item = &Constraint> {
        let mut numbers: Vec<usize> = self.of_any_kind.clone();
        for (_, identity) in objects {
            numbers.extend(self.by_kind.get(&identity.kind).into_iter().flatten());
        }
        if objects.is_empty() {
            numbers = (0..self.library.constraints.len()).collect();
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().filter_map(|at| self.library.constraints.get(at))
    }
}

/// At admission alone a template's `operations` count. An operation that nobody knows is asked of every template.
fn is_asked(template: &Template, review: &Review<'_>, point: Point) -> bool {
    let operation = review.request.get("operation").and_then(Value::as_str).and_then(Operation::from_word);
    point != Point::Validation || operation.is_none_or(|operation| template.operations.contains(operation))
}

#[cfg(test)]
mod tests;
