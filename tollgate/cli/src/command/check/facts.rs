//! Namespace objects: from what is checked, else from the rest of the estate, which is read only when asked for.

use std::sync::OnceLock;

use jiff::Timestamp;
use tollgate_files::walk;
use tollgate_flow::{Estate, Manifests, NamespaceFacts, estate_walk, load};
use tollgate_manifest::Mask;
use tollgate_vocabulary::{Fact, Question};

/// What files say about namespaces.
pub(in crate::command) struct Facts<'a> {
    here: NamespaceFacts,
    estate: &'a Estate,
    mask: &'a Mask,
    at: Timestamp,
    rest: OnceLock<NamespaceFacts>,
}

impl<'a> Facts<'a> {
    pub(in crate::command) fn new(
        manifests: &Manifests,
        estate: &'a Estate,
        mask: &'a Mask,
        at: Timestamp,
    ) -> Self {
        let here = NamespaceFacts::of(&manifests.objects, at);
        Self { here, estate, mask, at, rest: OnceLock::new() }
    }

    pub(in crate::command) fn answer(&self, question: &Question) -> Fact {
        let Question::Namespace(name) = question;
        if self.here.has(name) {
            return self.here.answer(question);
        }
        self.rest.get_or_init(|| self.read_rest()).answer(question)
    }

    fn read_rest(&self) -> NamespaceFacts {
        let Some(root) = &self.estate.root else { return NamespaceFacts::default() };
        // What cannot be found or read there leaves questions open, and that is said where they are asked.
        match walk(&[root], &estate_walk(self.estate)) {
            Ok(found) => NamespaceFacts::of(&load(&found, self.mask).objects, self.at),
            Err(_) => NamespaceFacts::default(),
        }
    }
}
