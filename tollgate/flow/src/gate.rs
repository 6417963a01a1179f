//! The gate of one data directory: the bundle in force, the recorder, and what they need.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tollgate_budget::Standing;
use tollgate_gate::Bundle;
use tollgate_keys::Keyring;
use tollgate_ledger::{Origin, VerifierKey};
use tollgate_manifest::Mask;
use tollgate_store::Store;
use tollgate_vocabulary::{Fact, Question, Timestamp};

use crate::check::Checked;
use crate::estate::Estate;
use crate::fact::ManifestFacts;
use crate::quote::quote_fact;
use crate::record::{RecordError, Recorder};

/// What a cluster answers to questions of fact; [`Fact::NotGathered`] where there is no cluster to ask.
pub type Answerer = Box<dyn Fn(&Question) -> Fact + Send + Sync>;

/// What a gate is opened with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// where everything is kept
    pub data: PathBuf,
}

/// The bundle in force, with what is made from it. Pinned for the length of one request.
#[derive(Debug)]
pub struct Pinned {
    /// the rules
    pub estate: Estate,
    /// what masks, with the estate's own paths
    pub mask: Mask,
}

/// A gate.
pub struct Gate {
    data: PathBuf,
    origin: Origin,
    made_keys: bool,
    keyring: Keyring,
    pub(crate) recorder: Recorder,
    pinned: Arc<RwLock<Arc<Pinned>>>,
    cluster: Answerer,
    facts: RwLock<ManifestFacts>,
    latest: RwLock<Option<Arc<Checked>>>,
    broken: RwLock<Option<String>>,
}

/// A step of an admission, as metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// reading and masking the body
    Decode,
    /// judging, with gathering
    Judge,
    /// waiting for the writer, settling, committing
    Record,
}

/// Why a gate does not open.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// its keys
    #[error("the keys cannot be used")]
    Keys(#[source] tollgate_keys::KeyError),
    /// its store
    #[error("the data directory cannot be used")]
    Store(#[source] tollgate_store::OpenError),
    /// its writer
    #[error("nothing can be recorded")]
    Record(#[source] RecordError),
    /// the estate's name cannot name a ledger
    #[error("the ledger cannot be named")]
    Origin(#[source] tollgate_ledger::ParseOriginError),
}

impl Step {
    /// The word that metrics use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Judge => "judge",
            Self::Record => "record",
        }
    }
}

impl Gate {
    /// Opens the data directory, making keys on the first start, and puts the estate's bundle in force.
    ///
    /// # Errors
    /// Keys, store or state that cannot be used.
    pub fn open(settings: &Settings, estate: Estate, cluster: Answerer) -> Result<Self, GateError> {
        let origin = origin_of(&estate.bundle).map_err(GateError::Origin)?;
        let (keyring, made_keys) =
            Keyring::open_or_create(&settings.data, &origin).map_err(GateError::Keys)?;
        let store = Store::open(&settings.data, &origin).map_err(GateError::Store)?;
        let recorder =
            Recorder::start(store, origin.clone(), keyring.ledger().clone()).map_err(GateError::Record)?;
        let mask = mask_of(&estate.bundle, &keyring);
        let pinned = Arc::new(RwLock::new(Arc::new(Pinned { estate, mask })));
        let gate = Self {
            data: settings.data.clone(),
            origin,
            made_keys,
            keyring,
            recorder,
            pinned,
            cluster,
            facts: RwLock::default(),
            latest: RwLock::new(None),
            broken: RwLock::new(None),
        };
        let bundle = Arc::clone(&gate.pinned().estate.bundle);
        gate.put_in_force(&bundle, Box::new(|| ())).map_err(GateError::Record)?;
        Ok(gate)
    }

    /// Puts another bundle in force. Requests that were judged under the old one are judged again.
    ///
    /// # Errors
    /// It could not be recorded; the old one stays in force.
    pub fn activate(&self, estate: Estate) -> Result<(), RecordError> {
        let bundle = Arc::clone(&estate.bundle);
        let mask = mask_of(&bundle, &self.keyring);
        let next = Arc::new(Pinned { estate, mask });
        let pinned = Arc::clone(&self.pinned);
        let swap = move || *pinned.write().unwrap_or_else(PoisonError::into_inner) = next;
        self.put_in_force(&bundle, Box::new(swap))?;
        self.set_broken(None);
        Ok(())
    }

    /// Says that an edit of the rules does not compile: the old bundle stays in force, loudly.
    pub fn set_broken(&self, why: Option<String>) {
        *self.broken.write().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Why the rules on disk are not those in force, if they are not.
    #[must_use]
    pub fn broken(&self) -> Option<String> {
        self.broken.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bundle in force.
    #[must_use]
    pub fn pinned(&self) -> Arc<Pinned> {
        Arc::clone(&self.pinned.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers a question of fact: the cluster does, or, where there is none to ask, the estate's manifests as they
    /// were swept last.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Fact {
        if let Question::Quote(annotation) = question {
            return quote_fact(annotation, &self.quote_keys(), now());
        }
        match (self.cluster)(question) {
            Fact::NotGathered => self.facts.read().unwrap_or_else(PoisonError::into_inner).answer(question),
            fact => fact,
        }
    }

    /// Who may sign quotes: this installation, and whom the rules in force name.
    fn quote_keys(&self) -> Vec<VerifierKey> {
        let pinned = self.pinned();
        let named =
            pinned.estate.bundle.cost().map(|cost| cost.config.quote_keys.clone()).unwrap_or_default();
        let named = named.iter().filter_map(|key| key.parse().ok());
        named.chain([self.keyring.verifier().clone()]).collect()
    }

    pub(crate) fn set_facts(&self, facts: ManifestFacts) {
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = facts;
    }

    /// Why nothing can be recorded, if nothing can.
    #[must_use]
    pub fn down(&self) -> Option<String> {
        self.recorder.down()
    }

    /// What the last sweep of the estate's files found.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<Checked>> {
        self.latest.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set_latest(&self, checked: Arc<Checked>) {
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Some(checked);
    }

    /// How the budgets in force stand, by name; an error is why they cannot be added up.
    ///
    /// # Errors
    /// Amounts that do not fit.
    pub fn standing(&self) -> Result<Vec<Standing>, String> {
        let pinned = self.pinned();
        let Some(cost) = pinned.estate.bundle.cost() else { return Ok(Vec::new()) };
        let standing = self.recorder.read_state(|state| cost.budgets.standing(&state.account, now()));
        standing.map_err(|error| error.to_string())
    }

    /// Where everything is kept.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The ledger's name.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key that the ledger's signatures verify with.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        self.keyring.verifier()
    }

    /// Whether this start made the keys.
    #[must_use]
    pub const fn made_keys(&self) -> bool {
        self.made_keys
    }

    /// This installation's keys.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Records what is queued, publishes, and ends.
    pub fn stop(&self) {
        self.recorder.stop();
    }

    fn put_in_force(&self, bundle: &Arc<Bundle>, then: Box<dyn FnOnce() + Send>) -> Result<(), RecordError> {
        let in_force = self.recorder.read_state(|state| state.bundle);
        if in_force == Some(bundle.digest()) {
            then();
            return Ok(());
        }
        let at = now();
        let body = tollgate_gate::decision::activation_body(bundle, at);
        self.recorder.activate(Arc::clone(bundle), body, at, then)
    }
}

/// The time, read at the edge of the pure world.
#[must_use]
pub(crate) fn now() -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_microsecond(i64::try_from(now.as_micros()).unwrap_or(i64::MAX)).unwrap_or(Timestamp::MAX)
}

/// The ledger of an estate: `tollgate.dev/<name>`, or `tollgate.dev/estate` where it has no name.
pub(crate) fn origin_of(bundle: &Bundle) -> Result<Origin, tollgate_ledger::ParseOriginError> {
    let name = bundle.config().name.as_deref().unwrap_or("estate");
    format!("tollgate.dev/{name}").parse()
}

fn mask_of(bundle: &Bundle, keyring: &Keyring) -> Mask {
    Mask::new(*keyring.mask()).with_paths(bundle.config().mask.clone())
}
