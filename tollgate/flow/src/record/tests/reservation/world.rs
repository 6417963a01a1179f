//! A desk, the cluster that it is for, and the model beside it: whatever is done is done to all three.

use std::collections::BTreeSet;

use tollgate_budget::{Seen, Uid};
use tollgate_gate::{Phase, Ruling};
use tollgate_store::Fault;

use super::cluster::{Cluster, Event, Known, Object, Request};
use super::desk::{Desk, allowed, at, change, seen, to_record};
use super::estate::{Asked, ESTATES, NAMES, Name, Rules, Spec, key, object};
use super::model::{Model, Told};
use crate::answer::Dry;
use crate::record::{RecordError, Recorded, Sighting};

/// 2026-10-28T12:00:00Z: three days before the end of a month in which Berlin's clocks went back.
const BEGIN: i64 = 1_793_188_800;

pub(super) struct World {
    pub(super) desk: Desk,
    pub(super) model: Model,
    pub(super) cluster: Cluster,
    in_force: usize,
    pub(super) now: i64,
    reviews: u32,
    /// the request that was recorded last
    last: Option<(String, Repeated, u64)>,
}

/// What is needed to ask the same once more.
#[derive(Clone)]
struct Repeated {
    name: Name,
    operation: &'static str,
    object: String,
    old: Option<String>,
    user: &'static str,
    now: i64,
}

impl World {
    pub(super) fn new() -> Self {
        let mut model = Model::default();
        model.roll(&ESTATES[0], BEGIN);
        Self {
            desk: Desk::new(&ESTATES[0].bundle, BEGIN),
            model,
            cluster: Cluster::default(),
            in_force: 0,
            now: BEGIN,
            reviews: 0,
            last: None,
        }
    }

    pub(super) fn rules(&self) -> &'static Rules {
        &ESTATES[self.in_force]
    }

    /// Does something that commits one batch. Where that fails, nothing has happened.
    fn commit<T>(
        &mut self,
        fault: Option<Fault>,
        of_model: impl FnOnce(&mut Model),
        of_desk: impl FnOnce(&Desk) -> Result<T, RecordError>,
    ) -> Option<T> {
        if let Some(fault) = fault {
            self.desk.faults.inject(fault);
        }
        let done = of_desk(&self.desk);
        match (done, fault) {
            (Err(RecordError::StoreDown(_)), Some(Fault::CommitFails)) => None,
            (Ok(done), None | Some(Fault::CommitPersistsButFails)) => {
                of_model(&mut self.model);
                Some(done)
            }
            (Err(error), _) => panic!("{fault:?}: {error}"),
            (Ok(_), _) => panic!("{fault:?}, and nobody noticed"),
        }
    }

    pub(super) fn ask(
        &mut self,
        name: Name,
        create: bool,
        spec: &Spec,
        user: &'static str,
        late: i64,
        fault: Option<Fault>,
    ) {
        let (rules, now) = (self.rules(), self.now - late);
        let there = self.cluster.objects.get(name).filter(|_| !create).cloned();
        let uid = there.as_ref().map_or_else(|| self.cluster.uid(), |there| there.uid.clone());
        let version = there.as_ref().map(|there| there.version);
        let old = there.as_ref().map(|there| written(name, there));
        let new = object(name, &uid, version, spec, there.as_ref().is_some_and(|there| there.finished));
        let operation = if old.is_some() { "UPDATE" } else { "CREATE" };
        let asked = Repeated { name, operation, object: new, old, user, now };
        self.reviews += 1;
        let review = format!("review-{}", self.reviews);
        let to_record = to_record(&review, &asked.asked(), &rules.bundle, now);
        let who = to_record.change.actor_token.to_string();

        let told = Told {
            key: key(name).to_string(),
            uid: uid.clone(),
            parts: spec.parts(name, rules.factor),
            budgets: spec.budgets(name, rules),
            version: 0,
        };
        // Who changes neither what it costs nor who pays asks for nothing, nor does who changes a run that is over.
        let asks = there.as_ref().is_none_or(|there| {
            let differs =
                there.spec.parts(name, rules.factor) != told.parts || there.spec.centre != spec.centre;
            differs && !there.finished
        });
        let mut granted = true;
        let before = self.model.clone();
        let of_model = |model: &mut Model| {
            model.roll_if_due(rules, now);
            granted = !asks || model.claim(&told, &who, rules, now);
        };
        let recorded = self.commit(fault, of_model, |desk| desk.recorder.record(to_record));
        let Some(recorded) = recorded else { return };
        assert_eq!(allowed(&recorded), granted, "{:#?}", recorded.verdict());
        self.last = Some((review, asked, recorded.index()));
        if granted {
            self.fits(&before, now);
            let asked = Known { factor: rules.factor, budgets: told.budgets };
            let known = there.as_ref().filter(|_| !asks).map_or(asked, |there| there.known.clone());
            let (create, admitted) = (there.is_none(), self.now);
            let request = Request { name, create, uid, spec: *spec, base: version, admitted, known };
            self.cluster.requests.push(request);
        }
    }

    pub(super) fn repeat(&mut self, fault: Option<Fault>) {
        let Some((uid, asked, index)) = self.last.clone() else { return };
        let rules = self.rules();
        let recorded =
            self.commit(fault, |_| (), |desk| desk.ask(&uid, &asked.asked(), &rules.bundle, asked.now));
        assert!(recorded.is_none_or(|recorded: Recorded| recorded.index() == index));
    }

    /// A dry run is told what would be, and changes nothing.
    pub(super) fn dry(&mut self, name: Name, spec: &Spec) {
        let rules = self.rules();
        let uid = self.cluster.uid();
        let new = object(name, &uid, None, spec, false);
        let asked =
            Asked { operation: "CREATE", name, object: Some(&new), old: None, user: "ann", dry: true };
        let (change, _) = change("dry", &asked, self.now);
        let Phase::Dry(proof) = &change.phase else { panic!("{:?}", change.phase) };
        let judged = to_record("dry", &asked, &rules.bundle, self.now).judged;
        let settled =
            self.desk.recorder.read_state(|state| Dry::settle(proof, &judged, state, &rules.bundle));
        let told = Told {
            key: key(name).to_string(),
            uid,
            parts: spec.parts(name, rules.factor),
            budgets: spec.budgets(name, rules),
            version: 0,
        };
        let mut model = self.model.clone();
        model.roll_if_due(rules, self.now);
        let granted = model.claim(&told, &change.actor_token, rules, self.now);
        assert_eq!(settled.unwrap().verdict().ruling == Ruling::Allow, granted);
    }

    /// Who deletes takes nothing, and nothing is given back before it is seen.
    pub(super) fn delete(&mut self, name: Name, fault: Option<Fault>) {
        let Some(there) = self.cluster.objects.get(name) else { return };
        let old = written(name, there);
        let asked =
            Asked { operation: "DELETE", name, object: None, old: Some(&old), user: "ann", dry: false };
        self.reviews += 1;
        let (uid, rules, now) = (format!("review-{}", self.reviews), self.rules(), self.now);
        let recorded = self.commit(
            fault,
            |model| model.roll_if_due(rules, now),
            |desk| desk.ask(&uid, &asked, &rules.bundle, now),
        );
        if let Some(recorded) = recorded {
            assert!(allowed(&recorded));
            self.cluster.delete(name);
        }
    }

    pub(super) fn deliver(&mut self, events: usize, read: bool, fault: Option<Fault>) {
        let (rules, now) = (self.rules(), self.now);
        let (mut sightings, mut told) = (Vec::new(), Vec::new());
        if read {
            let expired = self.desk.recorder.read_state(|state| state.account.expired(at(now)));
            let keys: BTreeSet<String> = expired.iter().map(ToString::to_string).collect();
            assert_eq!(keys, self.model.overdue(now));
            for key in expired {
                let name = NAMES.into_iter().find(|name| super::estate::key(name) == key).unwrap();
                let there = self.cluster.objects.get(name).cloned();
                sightings.push(verified(name, there.as_ref(), rules, now));
                told.push(Moved::Read(name, there));
            }
        }
        let count = events.min(self.cluster.events.len());
        for event in self.cluster.events.range(..count).cloned() {
            sightings.push(sighting(&event, rules, now));
            told.push(Moved::Event(event));
        }
        if self.sight(sightings, told, fault) {
            self.cluster.events.drain(..count);
        }
    }

    /// The watch was lost: what was seen and is not there any more is gone, and what is there is told.
    pub(super) fn relist(&mut self, fault: Option<Fault>) {
        let (rules, now) = (self.rules(), self.now);
        let mut events = Vec::new();
        for name in NAMES {
            let there = self.cluster.objects.get(name);
            let of_model = self.model.items.iter().find(|item| item.seen && item.key == key(name).as_str());
            let gone = of_model.filter(|item| there.is_none_or(|there| there.uid != item.uid));
            events.extend(gone.map(|item| Event::Gone(name, item.uid.clone())));
        }
        events.extend(self.cluster.objects.iter().map(|(name, there)| Event::Seen(name, there.clone())));
        let sightings = events.iter().map(|event| sighting(event, rules, now)).collect();
        if self.sight(sightings, events.into_iter().map(Moved::Event).collect(), fault) {
            self.cluster.events.clear();
        }
    }

    /// Whether it was settled.
    fn sight(&mut self, sightings: Vec<Sighting>, told: Vec<Moved>, fault: Option<Fault>) -> bool {
        let (rules, now) = (self.rules(), self.now);
        let moved = |model: &mut Model| {
            model.roll_if_due(rules, now);
            told.iter().for_each(|told| told.settle(model, rules, now));
        };
        if self.commit(fault, moved, |desk| desk.sight(sightings, &rules.bundle, now)).is_none() {
            return false;
        }
        for told in told {
            if let Moved::Event(Event::Seen(name, there)) | Moved::Read(name, Some(there)) = told {
                let budgets = there.spec.budgets(name, rules);
                self.cluster.told(name, there.version, &Known { factor: rules.factor, budgets });
            }
        }
        true
    }

    /// Rules that leave money behind on a budget that is gone are refused.
    pub(super) fn activate(&mut self, which: usize, fault: Option<Fault>) {
        let (next, now) = (&ESTATES[which], self.now);
        let held = |name: &&String| self.model.held(name).0 > 0;
        if self.model.books.keys().filter(held).any(|name| next.find(name).is_none()) {
            let refused = self.desk.activate(&next.bundle, now);
            assert!(matches!(refused, Err(RecordError::Orphaned(_))), "{refused:?}");
            return;
        }
        let roll = |model: &mut Model| model.roll(next, now);
        if self.commit(fault, roll, |desk| desk.activate(&next.bundle, now)).is_some() {
            self.in_force = which;
        }
    }

    /// Once everything is gone and every claim was looked after, nothing is held, and the effects say so too.
    pub(super) fn end(&mut self) {
        self.desk.audit();
        NAMES.iter().for_each(|name| self.cluster.delete(name));
        self.cluster.requests.clear();
        self.deliver(usize::MAX, false, None);
        self.now += 91;
        self.deliver(0, true, None);
        self.check();
        let account = self.desk.state().account;
        assert_eq!(account.holds().collect::<Vec<_>>(), []);
        assert!(account.balances().all(|(_, balance)| balance.held.is_zero() && balance.holds == 0));
        assert_eq!(account.next_expiry(), None);
        self.desk.audit();
    }
}

/// What was told of the cluster.
enum Moved {
    Event(Event),
    Read(Name, Option<Object>),
}

impl Moved {
    fn settle(&self, model: &mut Model, rules: &Rules, now: i64) {
        let told = |name: &str, there: &Object| Told {
            key: key(name).to_string(),
            uid: there.uid.clone(),
            parts: there.spec.parts(name, rules.factor),
            budgets: there.spec.budgets(name, rules),
            version: there.version,
        };
        match self {
            Self::Event(Event::Gone(name, uid)) => model.gone(key(name).as_str(), uid, now),
            Self::Read(name, None) => model.absent(key(name).as_str(), now),
            Self::Event(Event::Seen(name, there)) | Self::Read(name, Some(there)) => {
                let read = matches!(self, Self::Read(..));
                if there.finished {
                    model.finished(&told(name, there), now, read);
                } else {
                    model.exists(&told(name, there), now, read);
                }
            }
        }
    }
}

impl Repeated {
    fn asked(&self) -> Asked<'_> {
        let Self { name, operation, object, old, user, .. } = self;
        Asked { operation, name, object: Some(object), old: old.as_deref(), user, dry: false }
    }
}

fn written(name: &str, there: &Object) -> String {
    object(name, &there.uid, Some(there.version), &there.spec, there.finished)
}

fn sighting(event: &Event, rules: &Rules, now: i64) -> Sighting {
    match event {
        Event::Seen(name, there) => seen(name, &written(name, there), &rules.bundle, now),
        Event::Gone(name, uid) => Sighting::Gone { key: key(name), uid: Uid::new(uid) },
    }
}

fn verified(name: Name, there: Option<&Object>, rules: &Rules, now: i64) -> Sighting {
    let read = match there.map(|there| seen(name, &written(name, there), &rules.bundle, now)) {
        None => Seen::Absent,
        Some(Sighting::Seen { observed, finished: false, .. }) => Seen::Exists(observed),
        Some(Sighting::Seen { observed, finished: true, .. }) => Seen::Finished(observed),
        Some(other) => panic!("{other:?}"),
    };
    Sighting::Verified { key: key(name), seen: read, since: at(now) }
}
