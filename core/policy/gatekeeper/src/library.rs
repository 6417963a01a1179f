//! Templates and the constraints that use them, checked together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::problem::Problem;
use crate::{Constraint, Document, Template, spelling, template};

/// All templates and constraints of an estate.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// by their kind
    pub templates: BTreeMap<Arc<str>, Template>,
    /// sorted by kind and name
    pub constraints: Vec<Constraint>,
}

impl Library {
    /// Whether a document is for a library: a template, or a constraint.
    #[must_use]
    pub fn takes(document: &Document) -> bool {
        Template::is_one(document) || Constraint::is_one(document)
    }

    /// A library of the templates and constraints among `documents`, in any order, and what is odd about it.
    ///
    /// # Errors
    /// All problems, hints among them, where one of them is an error.
    pub fn load(documents: &[Document]) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let mut library = Self::default();
        let mut problems = Vec::new();
        let mut ordered: Vec<&Document> = documents.iter().filter(|document| Self::takes(document)).collect();
        ordered.sort_by_key(|document| (document.file.clone(), document.spans.span));
        let (templates, constraints): (Vec<_>, Vec<_>) =
            ordered.into_iter().partition(|document| Template::is_one(document));
        // A template that is refused still has its kind: its constraints are not to be called orphans as well.
        let mut refused = Vec::new();
        for document in templates {
            match Template::read(document, &mut problems) {
                Some(template) => library.add_template(template, &mut problems),
                None => refused.extend(template::kind_of(document)),
            }
        }
        for document in constraints {
            let (_, _, kind) = document.kind();
            match library.templates.get(kind) {
                Some(template) => {
                    let constraint = Constraint::read(document, template, &mut problems);
                    library.constraints.extend(constraint);
                }
                None if refused.iter().any(|refused| **refused == *kind) => {}
                None => problems.push(library.orphan(document, kind)),
            }
        }
        library.sort_constraints(&mut problems);
        problems.sort();
        if problems.iter().any(Problem::is_error) { Err(problems) } else { Ok((library, problems)) }
    }

    /// The constraints of a template.
    pub fn constraints_of(&self, kind: &str) -> impl Iterator<Item = &Constraint> {
        self.constraints.iter().filter(move |constraint| &*constraint.kind == kind)
    }

    /// Kinds that differ in letter case alone are one: both templates would have the same name.
    fn add_template(&mut self, template: Template, problems: &mut Vec<Problem>) {
        let same =
            self.templates.values().find(|other| other.kind.to_lowercase() == template.kind.to_lowercase());
        match same {
            Some(first) => {
                let message =
                    format!("the template `{}` stands twice, first at {}", template.kind, first.place);
                let error = template.place.error("template-duplicate", message);
                problems.push(error.mended_by("keep one of the two"));
            }
            None => _ = self.templates.insert(template.kind.clone(), template),
        }
    }

    fn sort_constraints(&mut self, problems: &mut Vec<Problem>) {
        self.constraints.sort_by(|a, b| (&a.kind, &a.name, &a.place).cmp(&(&b.kind, &b.name, &b.place)));
        self.constraints.dedup_by(|second, first| {
            let twice = (&second.kind, &second.name) == (&first.kind, &first.name);
            if twice {
                let (kind, name) = (&second.kind, &second.name);
                let message =
                    format!("the constraint `{kind}/{name}` stands twice, first at {}", first.place);
                let error = second.place.clone().error("constraint-duplicate", message);
                problems.push(error.mended_by("keep one of the two, or give one another name"));
            }
            twice
        });
    }

    fn orphan(&self, document: &Document, kind: &str) -> Problem {
        let known: Vec<&str> = self.templates.keys().map(|kind| &**kind).collect();
        let place = document.place(&tollgate_vocabulary::Path::of_keys(&["kind"]));
        let error = place
            .error("constraint-orphan", format!("there is no template for constraints of kind `{kind}`"));
        error.mended_by(match spelling::nearest(kind, &known) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add a ConstraintTemplate with `kind: {kind}`, or remove this constraint"),
        })
    }
}

#[cfg(test)]
mod tests;
