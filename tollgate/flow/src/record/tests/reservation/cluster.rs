//! A cluster as far as it matters to reservations: objects in versions, requests on their way, and a watch that lags.
//!
//! As the API server does it: an update is stored only on the version that it was admitted for, else it is admitted
//! again; one to create is stored where the name is free; and none is stored a minute after its admission.

use std::collections::{BTreeMap, VecDeque};

use super::estate::{Name, Spec};

const REQUEST_LASTS: i64 = 60;

/// An object, in one version.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) uid: String,
    pub(super) version: u64,
    pub(super) spec: Spec,
    pub(super) finished: bool,
    /// as what the gate knows it
    pub(super) known: Known,
}

/// At which prices, and of which budgets, something was asked for or seen last.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) factor: i128,
    pub(super) budgets: Vec<String>,
}

/// A request that was admitted.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) name: Name,
    pub(super) create: bool,
    pub(super) uid: String,
    pub(super) spec: Spec,
    pub(super) base: Option<u64>,
    pub(super) admitted: i64,
    pub(super) known: Known,
}

#[derive(Clone, Debug)]
pub(super) enum Event {
    Seen(Name, Object),
    Gone(Name, String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cluster {
    pub(super) objects: BTreeMap<Name, Object>,
    pub(super) requests: Vec<Request>,
    pub(super) events: VecDeque<Event>,
    versions: u64,
    uids: u32,
}

/// What became of a request.
pub(super) enum Landed {
    Stored,
    Failed,
    /// the object changed since: it is to be admitted again
    Again(Name, Spec),
}

impl Cluster {
    /// A UID that nothing had before.
    pub(super) fn uid(&mut self) -> String {
        self.uids += 1;
        format!("00000000-0000-4000-8000-{:012}", self.uids)
    }

    pub(super) fn land(&mut self, which: usize, now: i64) -> Landed {
        let request = self.requests.remove(which);
        if now - request.admitted > REQUEST_LASTS {
            return Landed::Failed;
        }
        let finished = match self.objects.get(request.name) {
            Some(_) if request.create => return Landed::Failed,
            None if !request.create => return Landed::Failed,
            Some(object) if Some(object.version) != request.base => {
                return Landed::Again(request.name, request.spec);
            }
            Some(object) => object.finished,
            None => false,
        };
        let Request { name, uid, spec, known, .. } = request;
        self.store(name, Object { uid, version: 0, spec, finished, known });
        Landed::Stored
    }

    /// Something of its status changed.
    pub(super) fn touch(&mut self, name: Name, finishes: bool) {
        if let Some(object) = self.objects.get(name).cloned() {
            let finished = object.finished || (finishes && name == "job" && object.spec.replicas > 0);
            self.store(name, Object { finished, ..object });
        }
    }

    pub(super) fn delete(&mut self, name: Name) {
        if let Some(object) = self.objects.remove(name) {
            self.versions += 1;
            self.events.push_back(Event::Gone(name, object.uid));
        }
    }

    fn store(&mut self, name: Name, object: Object) {
        self.versions += 1;
        let object = Object { version: self.versions, ..object };
        self.objects.insert(name, object.clone());
        self.events.push_back(Event::Seen(name, object));
    }

    /// What the gate was told of an object it knows from now on like this.
    pub(super) fn told(&mut self, name: Name, version: u64, known: &Known) {
        if let Some(object) = self.objects.get_mut(name).filter(|object| object.version == version) {
            object.known = known.clone();
        }
    }

    /// All that takes money, and all that may come to exist without being admitted again.
    pub(super) fn possible(&self, now: i64) -> Vec<(Name, Spec, Known)> {
        let objects = self.objects.iter().filter(|(_, object)| !object.finished);
        let objects = objects.map(|(name, object)| (*name, object.spec, object.known.clone()));
        let may_land = self.requests.iter().filter(|request| {
            let object = self.objects.get(request.name);
            let fits = match object {
                None => request.create,
                // One to create can still come once this is gone.
                Some(object) => request.create || Some(object.version) == request.base,
            };
            let runs = object.is_none_or(|object| request.create || !object.finished);
            now - request.admitted <= REQUEST_LASTS && fits && runs
        });
        objects.chain(may_land.map(|it| (it.name, it.spec, it.known.clone()))).collect()
    }
}
