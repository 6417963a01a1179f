//! Random lives of a few objects, through the writer and its store, beside the naive model: requests that are slow, fail,
//! overtake one another and are admitted again, a watch that lags and is lost, reads, runs that end, months that end,
//! rules that change, commits that fail or only say so, and starts anew.
//!
//! After every step the store, the memory and the model say the same, what exists is held, and what was granted fits.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tollgate_budget::{Account, Amount, Balance, Seen};
use tollgate_gate::Phase;
use tollgate_price::Charge;
use tollgate_store::Fault;
use tollgate_vocabulary::Money;

use super::cluster::{Cluster, Event, Known, Landed, Object, Request};
use super::desk::{Desk, allowed, at, change, seen, to_record};
use super::estate::{Asked, ESTATES, NAMES, Name, Rules, Spec, key, object};
use super::model::{Item, Model, NOTHING, Parts, Told, on};
use crate::answer::Dry;
use crate::record::{RecordError, Recorded, Sighting};

/// 2026-10-28T12:00:00Z: three days before the end of a month in which Berlin's clocks went back.
const BEGIN: i64 = 1_793_188_800;

#[derive(Clone, Debug)]
enum Step {
    Ask {
        name: Name,
        create: bool,
        spec: Spec,
        user: &'static str,
        late: i64,
    },
    /// the same request once more
    Repeat,
    DryAsk {
        name: Name,
        spec: Spec,
    },
    Land(Index),
    Fail(Index),
    Delete(Name),
    Touch(Name),
    Finish,
    /// so many events, after a read of all claims that should have shown
    Deliver {
        events: usize,
        read: bool,
    },
    Relist,
    Activate(usize),
    Wait(i64),
}

/// What goes wrong with the commit of a step, and whether everything is started anew after it.
type Luck = (Option<Fault>, bool);

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_holds_what_the_rules_say_whatever_happens(steps in vec((any_step(), any_luck()), 1..60)) {
        let mut world = World::new();
        for (step, luck) in &steps {
            world.act(step, *luck);
            world.check();
        }
        world.end();
    }
}

/// More than the usual few where somebody asks for them.
fn cases() -> u32 {
    std::env::var("TOLLGATE_TEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}

struct World {
    desk: Desk,
    model: Model,
    cluster: Cluster,
    in_force: usize,
    now: i64,
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
    fn new() -> Self {
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

    fn rules(&self) -> &'static Rules {
        &ESTATES[self.in_force]
    }

    fn act(&mut self, step: &Step, (fault, anew): Luck) {
        match step {
            Step::Ask { name, create, spec, user, late } => {
                self.ask(name, *create, spec, user, *late, fault);
            }
            Step::Repeat => self.repeat(fault),
            Step::DryAsk { name, spec } => self.dry(name, spec),
            Step::Land(which) if !self.cluster.requests.is_empty() => {
                let which = which.index(self.cluster.requests.len());
                if let Landed::Again(name, spec) = self.cluster.land(which, self.now) {
                    self.ask(name, false, &spec, "ann", 0, fault);
                }
            }
            Step::Fail(which) if !self.cluster.requests.is_empty() => {
                self.cluster.requests.remove(which.index(self.cluster.requests.len()));
            }
            Step::Land(_) | Step::Fail(_) => {}
            Step::Delete(name) => self.delete(name, fault),
            Step::Touch(name) => self.cluster.touch(name, false),
            Step::Finish => self.cluster.touch("job", true),
            Step::Deliver { events, read } => self.deliver(*events, *read, fault),
            Step::Relist => self.relist(fault),
            Step::Activate(which) => self.activate(*which, fault),
            Step::Wait(seconds) => self.now += seconds,
        }
        if anew {
            self.desk.reopen();
        }
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

    fn ask(
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
        // Who changes neither what it costs nor who pays asks for nothing.
        let asks = there.as_ref().is_none_or(|there| {
            there.spec.parts(name, rules.factor) != told.parts || there.spec.centre != spec.centre
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

    /// Every budget of which more is held now than before has room for all that is held of it.
    fn fits(&self, before: &Model, now: i64) {
        let (rules, account) = (self.rules(), self.desk.state().account);
        let budgets = &rules.bundle.cost().unwrap().budgets;
        for standing in budgets.standing(&account, at(now)).unwrap() {
            let (_, was) = before.held(&standing.budget);
            let (_, is) = self.model.held(&standing.budget);
            let budget = budgets.find(&standing.budget).unwrap();
            let denies = budget.thresholds.all().last().unwrap().percent;
            let most = budget
                .amount
                .times(denies.over(100_u64.into()).unwrap().unwrap(), tollgate_vocabulary::Rounding::Down)
                .unwrap();
            let limits = [
                (0..2, standing.expected.used, Some(Amount::Money(most))),
                (2..4, standing.worst.used, standing.worst.limit),
                (4..5, standing.peak.used, standing.peak.limit),
                (5..6, standing.gpus.used, standing.gpus.limit),
            ];
            for (parts, used, limit) in limits {
                let Some(limit) = limit.filter(|_| parts.clone().any(|part| is[part] > was[part])) else {
                    continue;
                };
                let fits = match (used, limit) {
                    (Amount::Money(used), Amount::Money(limit)) => used.units() <= limit.units(),
                    (Amount::Gpus(used), Amount::Gpus(limit)) => used <= limit,
                    _ => false,
                };
                assert!(fits, "{used:?} of {limit:?}: {standing:?}");
            }
        }
    }

    fn repeat(&mut self, fault: Option<Fault>) {
        let Some((uid, asked, index)) = self.last.clone() else { return };
        let rules = self.rules();
        let recorded =
            self.commit(fault, |_| (), |desk| desk.ask(&uid, &asked.asked(), &rules.bundle, asked.now));
        assert!(recorded.is_none_or(|recorded: Recorded| recorded.index() == index));
    }

    /// A dry run is told what would be, and changes nothing.
    fn dry(&mut self, name: Name, spec: &Spec) {
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
        assert_eq!(settled.unwrap().verdict().ruling == tollgate_gate::Ruling::Allow, granted);
    }

    /// Who deletes takes nothing, and nothing is given back before it is seen.
    fn delete(&mut self, name: Name, fault: Option<Fault>) {
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

    fn deliver(&mut self, events: usize, read: bool, fault: Option<Fault>) {
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
    fn relist(&mut self, fault: Option<Fault>) {
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
    fn activate(&mut self, which: usize, fault: Option<Fault>) {
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

    fn check(&self) {
        let account = self.desk.state().account;
        for name in NAMES {
            self.check_hold(name, &account);
        }
        let names: Vec<&str> = account.balances().map(|(name, _)| &**name).collect();
        assert_eq!(names, self.model.books.keys().collect::<Vec<_>>());
        for (name, balance) in account.balances() {
            self.check_balance(name, balance);
        }
        let growth =
            account.growth().map(|(who, it)| (who.to_string(), (it.start, micro(it.per_hour), it.objects)));
        assert_eq!(growth.collect::<std::collections::BTreeMap<_, _>>(), self.model.growth);
        self.check_existing(&account);
    }

    /// What an object takes of each budget.
    fn check_hold(&self, name: Name, account: &Account) {
        let hold_key = key(name);
        let mine: Vec<&Item> = self.model.of(hold_key.as_str()).collect();
        for budget in self.model.books.keys() {
            let held = account.hold(&hold_key).and_then(|hold| hold.charge_on(budget).unwrap());
            assert_eq!(held.as_ref().map(parts), on(&mine, budget), "{name} of {budget}: {mine:#?}");
        }
    }

    fn check_balance(&self, name: &str, balance: &Balance) {
        let book = &self.model.books[name];
        let (holds, held) = self.model.held(name);
        assert_eq!((balance.period.start, balance.period.end), (book.start, book.end), "{name}");
        assert_eq!((balance.as_of, micro(balance.accrued)), (book.as_of, book.accrued), "{name}");
        assert_eq!((balance.holds, parts(&balance.held)), (holds, held), "{name}");
    }

    /// Everything that takes money, or may come to, is held on its budgets with no less than it takes.
    fn check_existing(&self, account: &Account) {
        for (name, spec, known) in self.cluster.possible(self.now) {
            let takes = spec.parts(name, known.factor.min(self.rules().factor));
            let now = spec.budgets(name, self.rules());
            for budget in known.budgets.iter().filter(|budget| now.contains(budget)) {
                let held = account.hold(&key(name)).and_then(|hold| hold.charge_on(budget).unwrap());
                let held = held.map_or(NOTHING, |held| parts(&held));
                let enough = takes.iter().zip(held).all(|(takes, held)| *takes <= held);
                assert!(enough, "{name} takes {takes:?} of {budget}, and {held:?} is held");
            }
        }
    }

    /// Once everything is gone and every claim was looked after, nothing is held, and the effects say so too.
    fn end(&mut self) {
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
        Event::Gone(name, uid) => Sighting::Gone { key: key(name), uid: tollgate_budget::Uid::new(uid) },
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

/// A charge in whole micro-dollars, a second where it is one by the hour.
pub(super) fn parts(charge: &Charge) -> Parts {
    let a_second = |money| {
        let an_hour = micro(money);
        assert_eq!(an_hour % 3600, 0);
        an_hour / 3600
    };
    let Charge { expected, worst, peak, gpus } = charge;
    let gpus = i128::try_from(gpus.to_whole(tollgate_vocabulary::Rounding::Up).unwrap()).unwrap();
    [
        a_second(expected.per_hour),
        micro(expected.once),
        a_second(worst.per_hour),
        micro(worst.once),
        a_second(*peak),
        gpus,
    ]
}

pub(super) fn micro(money: Money) -> i128 {
    let units = 1_000_000_000_000;
    assert_eq!(money.units() % units, 0, "{money}");
    money.units() / units
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = || select(NAMES.to_vec());
    let ask =
        (name(), prop::bool::weighted(0.2), any_spec(), select(vec!["ann", "bob"]), select(vec![0, 0, 0, 3]));
    prop_oneof![
        9 => ask.prop_map(|(name, create, spec, user, late)| Step::Ask { name, create, spec, user, late }),
        1 => Just(Step::Repeat),
        1 => (name(), any_spec()).prop_map(|(name, spec)| Step::DryAsk { name, spec }),
        8 => any::<Index>().prop_map(Step::Land),
        1 => any::<Index>().prop_map(Step::Fail),
        2 => name().prop_map(Step::Delete),
        1 => name().prop_map(Step::Touch),
        2 => Just(Step::Finish),
        6 => (0..4_usize, any::<bool>()).prop_map(|(events, read)| Step::Deliver { events, read }),
        1 => Just(Step::Relist),
        2 => (0..ESTATES.len()).prop_map(Step::Activate),
        4 => (1..50_i64).prop_map(Step::Wait),
        2 => (50..5_000_i64).prop_map(Step::Wait),
        1 => (0..35 * 86_400_i64).prop_map(Step::Wait),
    ]
}

fn any_spec() -> impl Strategy<Value = Spec> {
    let parts = (0..4_i128, select(vec![100, 250, 800]), prop::bool::weighted(0.2), any::<bool>());
    parts.prop_map(|(replicas, cpu, gpu, centre)| Spec { replicas, cpu, gpu, centre })
}

fn any_luck() -> impl Strategy<Value = Luck> {
    let fault = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Fault::CommitFails)),
        1 => Just(Some(Fault::CommitPersistsButFails)),
    ];
    (fault, prop::bool::weighted(0.05))
}
