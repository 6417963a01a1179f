//! What a package reads as `input`: the bare object or a review, and whether it reads the Namespace object.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::graph::Graph;
use super::module::{Definition, Module, Name, Reference, Usage};
use crate::load::{LoadError, LoadHint, Place};
use crate::source::{InputForm, PackageOptions};

/// What stands beside the object or the request in both forms, and `kind`, `apiVersion`, which both have.
const BOTH: [&str; 5] = ["context", "principal", "evidence", "kind", "apiVersion"];

/// What the rules of one package and all that they reach read.
#[derive(Default)]
pub(crate) struct Reading {
    object: Option<Place>,
    review: Option<Place>,
    gatekeeper: Option<Place>,
}

impl Reading {
    /// What the definitions below `names` read, transitively.
    pub(crate) fn of(graph: &Graph<'_>, names: &[Name]) -> Self {
        let mut reading = Self::default();
        for name in names {
            for (_, definition) in graph.reachable(name) {
                definition.references.iter().for_each(|reference| reading.note(reference));
            }
        }
        reading
    }

    fn note(&mut self, reference: &Reference) {
        let [root, rest @ ..] = &*reference.path else { return };
        let (Some(first), "input") = (rest.first(), &**root) else { return };
        if reference.usage == Usage::Replaced || BOTH.contains(&&**first) {
            return;
        }
        let seen = match &**first {
            "request" => &mut self.review,
            _ => &mut self.object,
        };
        match seen {
            Some(earlier) if *earlier <= reference.place => {}
            _ => *seen = Some(reference.place.clone()),
        }
        if matches!(&**first, "review" | "parameters") && self.gatekeeper.is_none() {
            self.gatekeeper = Some(reference.place.clone());
        }
    }

    /// The form that `package` reads.
    pub(crate) fn form(
        &self,
        package: &Arc<str>,
        options: &BTreeMap<Arc<str>, PackageOptions>,
    ) -> Result<InputForm, Box<LoadError>> {
        if let Some(form) = options.get(package).and_then(|options| options.input) {
            return Ok(form);
        }
        match (&self.object, &self.review) {
            (Some(object), Some(review)) => {
                let (file, line, column) = (&review.file, review.line, review.column);
                let message = format!(
                    "package `{package}` reads the bare object here, and a review (`input.request`) at {file}:{line}:{column}"
                );
                let remedy = "read one of them; `[package.\"..\"] input = \"review\"` in tollgate.toml settles what cannot be seen";
                Err(Box::new(object.error("mixed-input", message).mended_by(remedy)))
            }
            (None, Some(_)) => Ok(InputForm::Review),
            _ => Ok(InputForm::Object),
        }
    }

    pub(crate) fn hint(&self, package: &Arc<str>) -> Option<LoadHint> {
        let place = self.gatekeeper.as_ref()?;
        let message = format!(
            "package `{package}` reads Gatekeeper's `input.review` or `input.parameters`, which are not there"
        );
        Some(place.hint("gatekeeper-input", None, message))
    }
}

/// Whether what `definitions` reach may read `input.context.namespace`.
pub(crate) fn reads_namespace(reached: &[(&Module, &Definition)]) -> bool {
    let references = || {
        reached
            .iter()
            .flat_map(|(_, definition)| &definition.references)
            .filter(|reference| reference.usage != Usage::Replaced)
    };
    let context = |reference: &Reference| match &*reference.path {
        [root, context, rest @ ..] if &**root == "input" && &**context == "context" => {
            rest.first().is_none_or(|fact| &**fact == "namespace")
        }
        _ => false,
    };
    let whole = |reference: &Reference| {
        reference.path.len() == 1 && reference.path.iter().all(|root| &**root == "input")
    };
    // `input` handed on whole: then the word `context` anywhere in those files may mean ours.
    references().any(context)
        || (references().any(whole) && reached.iter().any(|(module, _)| module.text.contains("context")))
}
