//! Manifests and AdmissionReviews as rules are asked about them: masked, with where each part is written.

use std::sync::Arc;

use jiff::Timestamp;
use tollgate_flow::{Estate, InFile, checker};
use tollgate_gate::{Change, Home, Review, Subject};
use tollgate_manifest::{Limits, Mask, canonical};
use tollgate_policy::{NamespaceFact, Subject as Asked, Surface};
use tollgate_vocabulary::{Authentication, Fact, Path, Question, Step};

use super::check::facts::Facts;
use crate::input::Input;
use crate::output::Failure;

/// An object that rules can be asked about.
pub(super) struct Asking<'a> {
    /// kind, namespace and name
    pub(super) name: String,
    file: &'a InFile,
    is_review: bool,
    subject: Subject,
    namespace: Option<Fact>,
    at: Timestamp,
}

/// All that was read, in order.
pub(super) fn all<'a>(
    input: &'a Input,
    estate: &Estate,
    mask: &Mask,
    at: Timestamp,
) -> Result<Vec<Asking<'a>>, Failure> {
    let facts = Facts::new(&input.manifests, estate, mask, at);
    let mut all = Vec::new();
    let objects = &input.manifests.objects;
    let written = objects.iter().map(|object| (object.written.object.clone(), Vec::new())).collect();
    let change = Change::of_files(written, checker(), at);
    for (file, subject) in objects.iter().zip(change.subjects) {
        all.push(Asking::of(file, false, subject, &facts, at));
    }
    for file in &input.reviews {
        let bytes = canonical::bytes(&file.written.object.value);
        let start = file.written.spans.span.start;
        let review = Review::decode(&bytes, mask, &Limits::default())
            .map_err(|error| format!("{}:{}:{}: {error}", file.file, start.line, start.column))?;
        for subject in review.into_change(Authentication::Local, at).subjects {
            all.push(Asking::of(file, true, subject, &facts, at));
        }
    }
    Ok(all)
}

impl<'a> Asking<'a> {
    fn of(file: &'a InFile, is_review: bool, subject: Subject, facts: &Facts<'_>, at: Timestamp) -> Self {
        let identity = &subject.identity;
        let names = [identity.namespace.as_deref(), identity.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
        let name = format!("{} {}", identity.kind, names.join("/")).trim_end().to_owned();
        let namespace = match &subject.home {
            Home::Namespace(name) => Some(facts.answer(&Question::Namespace(Arc::clone(name)))),
            Home::Cluster | Home::Unknown => None,
        };
        Self { name, file, is_review, subject, namespace, at }
    }

    /// As the rules are asked about it.
    pub(super) fn subject(&self) -> Asked<'_> {
        let namespace = match (&self.subject.home, &self.namespace) {
            (Home::Unknown, _) => NamespaceFact::Unavailable("the manifest names no namespace"),
            (_, Some(Fact::Known { value, .. })) => NamespaceFact::Known(value),
            (_, Some(Fact::Unavailable { why })) => NamespaceFact::Unavailable(why),
            (_, Some(Fact::NotGathered)) => NamespaceFact::Unavailable("it stands in no manifest"),
            (_, None | Some(Fact::Absent { .. })) => NamespaceFact::Absent,
        };
        let surface = if self.is_review { Surface::Admission } else { Surface::Files };
        Asked { request: &self.subject.request, surface, at: self.at, namespace }
    }

    /// The file it stands in.
    pub(super) fn file(&self) -> &str {
        &self.file.file
    }

    /// Where the object begins, as `file:line:column`.
    pub(super) fn place(&self) -> String {
        let start = self.file.written.spans.span.start;
        format!("{}:{}:{}", self.file.file, start.line, start.column)
    }

    /// Where a path of the object is written, as `file:line:column`; nothing where it is not.
    pub(super) fn place_of(&self, path: &Path) -> Option<String> {
        let value = &self.file.written.object.value;
        let path = if self.is_review {
            let object = self.subject.object().map_or("oldObject", |_| "object");
            let around = [Step::Key("request".into()), Step::Key(object.into())];
            Path::from(around.into_iter().chain(path.steps().iter().cloned()).collect::<Vec<_>>())
        } else {
            path.clone()
        };
        let located = self.file.written.spans.locate(value, &path);
        let start = located.span.start;
        located.exact.then(|| format!("{}:{}:{}", self.file.file, start.line, start.column))
    }
}
