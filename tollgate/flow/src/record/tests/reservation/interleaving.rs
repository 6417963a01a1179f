//! Random lives of a few objects, through the writer and its store, beside the naive model: requests that are slow, fail,
//! overtake one another and are admitted again, a watch that lags and is lost, reads, runs that end, months that end,
//! rules that change, commits that fail or only say so, and starts anew.
//!
//! After every step the store, the memory and the model say the same, what exists is held, and what was granted fits.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tollgate_store::Fault;

use super::cluster::Landed;
use super::estate::{ESTATES, NAMES, Name, Spec};
use super::world::World;

#[derive(Clone, Debug)]
enum Step {
    Ask {
        name: Name,
        create: bool,
        /// whether it is stored at once
        lands: bool,
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
    #![proptest_config(config())]

    #[test]
    fn the_store_holds_what_the_rules_say_whatever_happens(steps in vec((any_step(), any_luck()), 1..80)) {
        let mut world = World::new();
        for (step, luck) in &steps {
            world.act(step, *luck);
            world.check();
        }
        world.end();
    }
}

/// A few, or as many as somebody asks for.
fn config() -> ProptestConfig {
    let usual = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 20 };
    ProptestConfig { cases, ..usual }
}

impl World {
    fn act(&mut self, step: &Step, (fault, anew): Luck) {
        match step {
            Step::Ask { name, create, lands, spec, user, late } => {
                let on_their_way = self.cluster.requests.len();
                self.ask(name, *create, spec, user, *late, fault);
                if *lands && self.cluster.requests.len() > on_their_way {
                    self.cluster.land(on_their_way, self.now);
                }
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
}

fn any_step() -> impl Strategy<Value = Step> {
    let name = || select(NAMES.to_vec());
    let (create, lands) = (prop::bool::weighted(0.1), prop::bool::weighted(0.6));
    let ask = (name(), create, lands, any_spec(), select(vec!["ann", "bob"]), select(vec![0, 0, 0, 3]));
    prop_oneof![
        14 => ask.prop_map(|(name, create, lands, spec, user, late)| {
            Step::Ask { name, create, lands, spec, user, late }
        }),
        1 => Just(Step::Repeat),
        1 => (name(), any_spec()).prop_map(|(name, spec)| Step::DryAsk { name, spec }),
        4 => any::<Index>().prop_map(Step::Land),
        1 => any::<Index>().prop_map(Step::Fail),
        1 => name().prop_map(Step::Delete),
        1 => name().prop_map(Step::Touch),
        1 => Just(Step::Finish),
        6 => (0..4_usize, any::<bool>()).prop_map(|(events, read)| Step::Deliver { events, read }),
        1 => Just(Step::Relist),
        2 => (0..ESTATES.len()).prop_map(Step::Activate),
        2 => (1..50_i64).prop_map(Step::Wait),
        2 => (50..5_000_i64).prop_map(Step::Wait),
        1 => (0..20 * 86_400_i64).prop_map(Step::Wait),
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
