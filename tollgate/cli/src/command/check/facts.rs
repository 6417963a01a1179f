//! What files say: of what is checked, else of the rest of the estate, which is read only when asked for.

use std::sync::OnceLock;

use jiff::Timestamp;
use tollgate_files::walk;
use tollgate_flow::{Estate, ManifestFacts, Manifests, estate_walk, load};
use tollgate_manifest::Mask;
use tollgate_vocabulary::{Fact, Question};

/// Facts from files.
pub(in crate::command) struct Facts<'a> {
    here: ManifestFacts,
    estate: &'a Estate,
    mask: &'a Mask,
    at: Timestamp,
    all: OnceLock<ManifestFacts>,
}

impl<'a> Facts<'a> {
    pub(in crate::command) fn new(
        manifests: &Manifests,
        estate: &'a Estate,
        mask: &'a Mask,
        at: Timestamp,
    ) -> Self {
        let here = ManifestFacts::of(&manifests.objects, at);
        Self { here, estate, mask, at, all: OnceLock::new() }
    }

    pub(in crate::command) fn answer(&self, question: &Question) -> Fact {
        let here = self.here.answer(question);
        match (&here, question) {
            // What stands around an object may stand anywhere in the estate.
            (Fact::Unavailable { .. }, _) | (_, Question::Around(_)) => self.all().answer(question),
            _ => here,
        }
    }

    fn all(&self) -> &ManifestFacts {
        self.all.get_or_init(|| self.here.clone().or(self.read_rest()))
    }

    fn read_rest(&self) -> ManifestFacts {
        let Some(root) = &self.estate.root else { return ManifestFacts::default() };
        // What cannot be found or read there leaves questions open, and that is said where they are asked.
        match walk(&[root], &estate_walk(self.estate)) {
            Ok(found) => ManifestFacts::of(&load(&found, self.mask).objects, self.at),
            Err(_) => ManifestFacts::default(),
        }
    }
}
