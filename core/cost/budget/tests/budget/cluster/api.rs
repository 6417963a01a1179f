//! A cluster as far as it matters here: objects in versions, requests on their way, a watch in order, consistent reads;
//! and the shell around an account that is told of all that.
//!
//! As the API server does it: an update is stored only on the version that it was admitted for, else it is admitted
//! again; one to create is stored where the name is free; and none is stored a minute after its admission.

use std::collections::{BTreeMap, VecDeque};

use tollgate_budget::{Account, Budgets, Claim, ClaimError, Entry, HoldKey, Movement, Observed, Seen, Uid};
use tollgate_price::Charge;
use tollgate_vocabulary::{Currency, Money};

use crate::estate::{at, claim, key, time};

const REQUEST_LASTS: i64 = 60;

pub(super) struct Cluster {
    pub(super) account: Account,
    pub(super) budgets: Budgets,
    pub(super) now: i64,
    pub(super) requests: Vec<Request>,
    pub(super) events: VecDeque<Event>,
    pub(super) reads: Vec<Read>,
    objects: BTreeMap<&'static str, Observed>,
    /// how often an object of that name was told to be gone, or may have been, as all were listed
    told_gone: BTreeMap<&'static str, u32>,
    versions: u64,
    uids: u32,
    /// whether what is to be created has a UID when it is admitted
    uids_told: bool,
    /// whether the watch told once more of what a read had told to be gone: until it tells of its end, it is held for
    /// nothing, and what is asked for meanwhile rides on that
    pub(super) late: bool,
    /// what was paid for runs beside others that were asked for at the same time
    pub(super) slack: Money,
}

#[derive(Clone, Debug)]
pub(super) struct Request {
    name: &'static str,
    create: bool,
    claim: Claim,
    uid: Uid,
    base: Option<u64>,
    admitted: i64,
}

pub(super) enum Event {
    Seen(&'static str, Box<Observed>),
    Gone(&'static str, Uid),
}

pub(super) struct Read {
    name: &'static str,
    seen: Seen,
    began: i64,
    told_gone: u32,
}

impl Cluster {
    pub(super) fn new(budgets: Budgets, now: &str, uids_told: bool) -> Self {
        let (account, now) = (Account::default(), time(now).as_second());
        let mut cluster = Self {
            account,
            budgets,
            now,
            requests: Vec::new(),
            events: VecDeque::new(),
            reads: Vec::new(),
            objects: BTreeMap::new(),
            told_gone: BTreeMap::new(),
            versions: 0,
            uids: 0,
            uids_told,
            late: false,
            slack: Money::zero(Currency::USD),
        };
        cluster.apply(cluster.account.roll(&cluster.budgets, at(now)).unwrap());
        cluster
    }

    pub(super) fn ask(&mut self, name: &'static str, create: bool, charge: &Charge, of: &[&str]) {
        let object = self.objects.get(name);
        let create = create || object.is_none();
        self.uids += 1;
        let uid = match object {
            Some(object) if !create => object.uid.clone(),
            _ => Uid::new(&format!("u{}", self.uids)),
        };
        let told = Some(uid.clone()).filter(|_| self.uids_told || !create);
        let claim = Claim { uid: told, ..claim(name, *charge, of) };
        let base = object.and_then(|object| object.version);
        self.admit(Request { name, create, claim, uid, base, admitted: self.now });
    }

    fn admit(&mut self, request: Request) {
        match self.account.claim(&request.claim, &self.budgets, at(self.now)) {
            Ok(claimed) => {
                self.apply(claimed.movements);
                self.requests.push(Request { admitted: self.now, ..request });
            }
            Err(ClaimError::Refused(_)) => {}
            Err(ClaimError::Account(error)) => panic!("{error}"),
        }
    }

    pub(super) fn land(&mut self, which: usize) {
        let request = self.requests.remove(which);
        let object = self.objects.get(request.name);
        if self.now - request.admitted > REQUEST_LASTS {
            return;
        }
        match object {
            Some(_) if request.create => return,
            None if !request.create => return,
            Some(object) if object.version != request.base => {
                let (uid, base) = (object.uid.clone(), object.version);
                let claim = Claim { uid: Some(uid.clone()), ..request.claim.clone() };
                return self.admit(Request { claim, uid, base, ..request });
            }
            _ => {}
        }
        self.versions += 1;
        let stored = Observed {
            uid: request.uid,
            charge: request.claim.charge,
            budgets: request.claim.budgets,
            version: Some(self.versions),
        };
        self.objects.insert(request.name, stored.clone());
        self.events.push_back(Event::Seen(request.name, Box::new(stored)));
    }

    pub(super) fn touch(&mut self, name: &'static str) {
        self.versions += 1;
        if let Some(object) = self.objects.get_mut(name) {
            object.version = Some(self.versions);
            self.events.push_back(Event::Seen(name, Box::new(object.clone())));
        }
    }

    pub(super) fn delete(&mut self, name: &'static str) {
        if let Some(object) = self.objects.remove(name) {
            self.versions += 1;
            self.events.push_back(Event::Gone(name, object.uid));
        }
    }

    pub(super) fn deliver(&mut self) {
        match self.events.pop_front() {
            Some(Event::Seen(name, object)) => {
                self.seen(self.account.observe(&key(name), &object, at(self.now)).unwrap());
            }
            Some(Event::Gone(name, uid)) => self.gone(name, &uid),
            None => {}
        }
    }

    fn gone(&mut self, name: &'static str, uid: &Uid) {
        *self.told_gone.entry(name).or_default() += 1;
        self.seen(self.account.gone(&key(name), Some(uid), at(self.now)).unwrap());
    }

    /// The watch was lost: what is there now is told, and what was seen and is not there any more.
    pub(super) fn relist(&mut self) {
        self.events.clear();
        for (name, object) in self.objects.clone() {
            self.seen(self.account.observe(&key(name), &object, at(self.now)).unwrap());
        }
        for name in super::NAMES {
            *self.told_gone.entry(name).or_default() += 1;
            let seen = self.account.hold(&key(name)).and_then(|hold| hold.observed()?.uid().cloned());
            if let Some(uid) = seen.filter(|_| !self.objects.contains_key(name)) {
                self.gone(name, &uid);
            }
        }
    }

    pub(super) fn read(&mut self) {
        for expired in self.account.expired(at(self.now)) {
            let name = super::NAMES.into_iter().find(|name| key(name) == expired).unwrap();
            let seen = self.objects.get(name).map_or(Seen::Absent, |object| Seen::Exists(object.clone()));
            let told_gone = self.told_gone.get(name).copied().unwrap_or(0);
            self.reads.push(Read { name, seen, began: self.now, told_gone });
        }
    }

    pub(super) fn tell(&mut self, which: usize) {
        let read = self.reads.remove(which);
        if !self.uids_told && !self.events.is_empty() {
            return;
        }
        if self.told_gone.get(read.name).copied().unwrap_or(0) == read.told_gone {
            self.seen(self.account.verified(&key(read.name), &read.seen, at(read.began)).unwrap());
        }
    }

    /// All that exists, and all that may come to exist without being admitted again.
    pub(super) fn possible(&self) -> Vec<(&'static str, Charge, Vec<String>)> {
        let told = |budgets: &[std::sync::Arc<str>]| budgets.iter().map(ToString::to_string).collect();
        let objects = self.objects.iter().map(|(name, it)| (*name, it.charge, told(&it.budgets)));
        let may_land = self.requests.iter().filter(|request| {
            let object = self.objects.get(request.name);
            let base = object.and_then(|object| object.version);
            let in_time = self.now - request.admitted <= REQUEST_LASTS;
            in_time && (request.create || (object.is_some() && base == request.base))
        });
        objects.chain(may_land.map(|it| (it.name, it.claim.charge, told(&it.claim.budgets)))).collect()
    }

    fn apply(&mut self, movements: Vec<Movement>) {
        movements.iter().for_each(|movement| self.account.apply(movement));
    }

    fn is_there(&self, key: &HoldKey, uid: Option<&Uid>) -> bool {
        self.objects.get(&*key.holder().name).is_some_and(|object| Some(&object.uid) == uid)
    }

    /// Does what was seen. What is paid for a run that ended comes on top of what is held for others that were asked for at
    /// the same time, and nobody was asked whether that fits: all but one of them were expected never to be, or this is paid anew. As far as they
    /// were, that is let pass here.
    fn seen(&mut self, movements: Vec<Movement>) {
        let hold = movements.iter().find_map(|movement| match movement {
            Movement::Hold { key, hold } => Some((key, hold.as_ref())),
            _ => None,
        });
        if let Some((key, after)) = hold {
            let before = self.account.hold(key).and_then(|hold| hold.observed());
            let seen = before.and_then(|before| before.seen());
            let own = |entry: &Entry| before.is_some_and(|before| before.uid() == entry.uid());
            let mut left = after.into_iter().flat_map(|hold| hold.entries());
            let now = after.and_then(|hold| hold.observed());
            let late = before.is_none() && now.is_some_and(|now| !self.is_there(key, now.uid()));
            self.late |= late;
            if left.any(|entry| own(entry) || seen.is_none_or(|seen| entry.since() <= seen)) {
                self.slack = self.slack.plus(self.paid(&movements)).unwrap();
            }
        }
        self.apply(movements);
    }

    /// What is paid for runs that ended, beside what accrues by the hour.
    fn paid(&self, movements: &[Movement]) -> Money {
        let paid = movements.iter().filter_map(|movement| {
            let Movement::Balance { budget, balance: Some(after) } = movement else { return None };
            let before = self.account.balance(budget)?.at(after.as_of).unwrap();
            Some(after.accrued.minus(before.accrued).unwrap())
        });
        paid.fold(Money::zero(Currency::USD), |sum, paid| sum.plus(paid).unwrap())
    }
}
