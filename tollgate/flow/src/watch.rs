//! Sweeps the estate's files: judges all that is there, and records what is new.

use std::path::PathBuf;
use std::sync::Arc;

use tollgate_files::{Ignored, Walk, WalkError, WalkOptions, walk};
use tollgate_gate::{Change, CostConfig, Phase};
use tollgate_vocabulary::{Digest, Fact, Question};

use crate::check::{Checked, change_of, check, checker};
use crate::decide::decide;
use crate::estate::Estate;
use crate::fact::ManifestFacts;
use crate::gate::{Gate, Pinned, now};
use crate::load::{Manifests, load};
use crate::record::{RecordError, Recorded, ToRecord};

/// What a sweep came to.
#[derive(Debug)]
pub struct Sweep {
    /// everything that was judged, new or not
    pub checked: Arc<Checked>,
    /// the files that could not be read
    pub unreadable: Vec<crate::load::Unreadable>,
    /// the decision on what is new; none where nothing is
    pub recorded: Option<Recorded>,
}

/// Why a sweep did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// the files could not be found
    #[error("the estate's files could not be found")]
    Walk(#[from] WalkError),
    /// the decision could not be recorded
    #[error("the decision could not be recorded")]
    Record(#[from] RecordError),
    /// the gate judges by rules that were named one by one
    #[error("there is no estate to sweep")]
    NoEstate,
}

/// How an estate's manifests are found: everything below its root but its rules and what it ignores.
#[must_use]
pub fn estate_walk(estate: &Estate) -> WalkOptions {
    let Some(root) = &estate.root else { return WalkOptions::default() };
    let config = estate.bundle.config();
    let below = |path: &str| -> PathBuf { root.join(path) };
    let ignored = |ignore: &tollgate_gate::Ignore| Ignored {
        path: below(&ignore.path),
        reason: (*ignore.reason).into(),
    };
    WalkOptions {
        estate: Some(root.clone()),
        exclude: config
            .rules
            .iter()
            .chain(config.cost.iter().flat_map(CostConfig::files))
            .map(|path| below(path))
            .collect(),
        ignore: config.ignore.iter().map(ignored).collect(),
        ..WalkOptions::default()
    }
}

/// Judges all manifests of the estate in force, and records those that are new under its bundle.
///
/// # Errors
/// See [`SweepError`]. A file that cannot be read does not stop the sweep.
pub fn sweep(gate: &Gate) -> Result<Sweep, SweepError> {
    let pinned = gate.pinned();
    let root = pinned.estate.root.as_ref().ok_or(SweepError::NoEstate)?;
    let walk: Walk = relative(walk(&[root], &estate_walk(&pinned.estate))?, root);
    let manifests = load(&walk, &pinned.mask);
    let at = now();
    let facts = ManifestFacts::of(&manifests.objects, at);
    let answer = |question: &Question| answer(gate, &facts, question);

    let bundle = &pinned.estate.bundle;
    let checked = Arc::new(check(&manifests, bundle, &pinned.estate.files, &answer, at));
    gate.set_latest(Arc::clone(&checked));
    gate.set_facts(facts.clone());
    let recorded = record_new(gate, &pinned, &manifests, &answer)?;
    Ok(Sweep { checked, unreadable: manifests.unreadable, recorded })
}

/// The estate's own manifests say first what they know; what they do not say, the cluster may.
fn answer(gate: &Gate, facts: &ManifestFacts, question: &Question) -> Fact {
    match facts.answer(question) {
        Fact::Unavailable { .. } => gate.answer(question),
        fact => fact,
    }
}

fn record_new(
    gate: &Gate,
    pinned: &Pinned,
    manifests: &Manifests,
    answer: &(dyn Fn(&Question) -> Fact + Sync),
) -> Result<Option<Recorded>, SweepError> {
    let all = change_of(&manifests.objects, now());
    let bundle = pinned.estate.bundle.digest();
    let keys: Vec<(String, Digest)> = all
        .subjects
        .iter()
        .zip(&manifests.objects)
        .map(|(subject, object)| (format!("{} {}", object.file, subject.title()), subject.object_digest()))
        .collect();
    let is_new = gate.recorder.is_new(keys.clone(), bundle)?;
    let (subjects, judged_objects): (Vec<_>, Vec<_>) = all
        .subjects
        .into_iter()
        .zip(keys)
        .zip(is_new)
        .filter(|(_, new)| *new)
        .map(|(subject_and_key, _)| subject_and_key)
        .unzip();
    if subjects.is_empty() {
        return Ok(None);
    }
    let change = Change { subjects, actor: checker(), ..all };
    debug_assert!(matches!(change.phase, Phase::Dry(_)), "files change nothing in a cluster");
    let judged = decide(&change, &pinned.estate.bundle, answer);
    let to_record =
        ToRecord { judged_objects, ..ToRecord::new(change, judged, Arc::clone(&pinned.estate.bundle)) };
    Ok(Some(gate.recorder.record(to_record)?))
}

/// Files are named relative to the estate's root, wherever the gate was started from.
fn relative(mut walk: Walk, root: &std::path::Path) -> Walk {
    let root = root.display().to_string();
    let strip = |shown: &Arc<str>| -> Arc<str> {
        shown
            .strip_prefix(&*root)
            .map_or_else(|| Arc::clone(shown), |rest| rest.trim_start_matches('/').into())
    };
    for found in &mut walk.found {
        found.shown = strip(&found.shown);
        found.named = false;
    }
    for skipped in &mut walk.skipped {
        skipped.shown = strip(&skipped.shown);
    }
    for folder in &mut walk.unrendered {
        folder.shown = strip(&folder.shown);
    }
    walk
}
