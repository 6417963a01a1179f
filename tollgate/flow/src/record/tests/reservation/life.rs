//! What is charged once, what is refused, and what each entry of the ledger says of it.

use tollgate_gate::{Change, Effects, StateChange};
use tollgate_ledger::Kind;
use tollgate_manifest::{Limits, Mask, read};
use tollgate_store::Fault;
use tollgate_vocabulary::Value;

use super::desk::{Desk, allowed, at, change, seen, to_record};
use super::estate::{Asked, ESTATES, Rules, Spec, answer, key, object};
use super::figure::parts;
use crate::answer::Dry;
use crate::check::checker;
use crate::decide::decide;
use crate::record::{RecordError, Recorded, Sighting, ToRecord};
use tollgate_budget::{Seen, Uid};

/// 2026-10-28T12:00:00Z
const NOW: i64 = 1_793_188_800;
const ONE: Spec = Spec { replicas: 1, cpu: 100, gpu: false, centre: false };
const TWO: Spec = Spec { replicas: 2, ..ONE };

/// A desk, and a client that asks for `c`.
struct Client {
    desk: Desk,
    rules: &'static Rules,
    now: i64,
}

impl Client {
    fn new() -> Self {
        let rules = &ESTATES[0];
        Self { desk: Desk::new(&rules.bundle, NOW), rules, now: NOW }
    }

    fn create(&self, review: &str, uid: &str, spec: &Spec) -> Result<Recorded, RecordError> {
        let new = object("c", uid, None, spec, false);
        self.ask(review, "CREATE", &new, None)
    }

    fn update(&self, review: &str, from: &Spec, to: &Spec) -> Result<Recorded, RecordError> {
        let (old, new) = (object("c", "u", Some(1), from, false), object("c", "u", Some(1), to, false));
        self.ask(review, "UPDATE", &new, Some(&old))
    }

    fn ask(
        &self,
        review: &str,
        operation: &str,
        new: &str,
        old: Option<&str>,
    ) -> Result<Recorded, RecordError> {
        let asked = Asked { operation, name: "c", object: Some(new), old, user: "ann", dry: false };
        self.desk.ask(review, &asked, &self.rules.bundle, self.now)
    }

    fn sight(&self, sightings: Vec<Sighting>) -> usize {
        self.desk.sight(sightings, &self.rules.bundle, self.now).unwrap()
    }

    fn seen(&self, version: u64, spec: &Spec) -> Sighting {
        seen("c", &object("c", "u", Some(version), spec, false), &self.rules.bundle, self.now)
    }

    /// Holds on the budget for everything, and what it holds a second.
    fn held(&self) -> (u64, i128) {
        self.held_of("all")
    }

    fn held_of(&self, budget: &str) -> (u64, i128) {
        let state = self.desk.state();
        let balance = state.account.balance(budget).unwrap();
        (balance.holds, parts(&balance.held)[0])
    }

    fn kinds(&self) -> Vec<Kind> {
        self.desk.entries().iter().map(tollgate_store::StoredEntry::kind).collect()
    }
}

#[test]
fn the_same_request_twice_is_charged_once() {
    let mut client = Client::new();
    let first = client.create("1", "u", &ONE).unwrap();
    assert_eq!(client.held(), (1, 101));
    let second = client.create("1", "u", &ONE).unwrap();
    assert_eq!((first.index(), first.receipt()), (second.index(), second.receipt()));
    assert_eq!(client.held(), (1, 101));
    let another = client.create("1", "u", &TWO).unwrap_err();
    assert_eq!(another, RecordError::AnotherBody("1".to_owned()));
    assert_eq!(client.held(), (1, 101));
    client.desk.audit();
}

#[test]
fn the_same_request_after_its_answer_was_lost_is_charged_once() {
    let mut client = Client::new();
    client.desk.faults.inject(Fault::CommitPersistsButFails);
    let first = client.create("1", "u", &ONE).unwrap();
    client.desk.reopen();
    let second = client.create("1", "u", &ONE).unwrap();
    assert_eq!((first.index(), client.held()), (second.index(), (1, 101)));
    client.desk.faults.inject(Fault::CommitFails);
    assert!(matches!(client.create("2", "v", &TWO), Err(RecordError::StoreDown(_))));
    assert_eq!(client.held(), (1, 101), "nothing of it is held");
    client.desk.audit();
}

#[test]
fn a_retry_of_the_api_server_for_one_incarnation_is_charged_once() {
    let mut client = Client::new();
    assert!(allowed(&client.create("1", "u", &ONE).unwrap()));
    assert!(allowed(&client.create("2", "u", &ONE).unwrap()));
    assert_eq!(client.held(), (1, 101));
    assert!(allowed(&client.create("3", "u", &TWO).unwrap()));
    assert_eq!(client.held(), (1, 202), "the most of them, not their sum");
    assert!(allowed(&client.create("4", "another", &ONE).unwrap()));
    assert_eq!(client.held(), (1, 202), "one object of that name");
    client.desk.audit();
}

#[test]
fn what_is_refused_is_recorded_and_holds_nothing() {
    let mut client = Client::new();
    client.rules = &ESTATES[1];
    client.desk.activate(&client.rules.bundle, NOW).unwrap();
    let large = Spec { replicas: 40, cpu: 800, ..ONE };
    let refused = client.create("1", "u", &large).unwrap();
    assert!(!allowed(&refused));
    let rules: Vec<&str> = refused.verdict().findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(rules.contains(&"budget.all"), "{rules:?}");
    assert_eq!(client.held(), (0, 0));
    let entries = client.desk.entries();
    let effects = Effects::from_bytes(&entries.last().unwrap().effects.bytes).unwrap();
    assert_eq!((entries.last().unwrap().kind(), effects.changes()), (Kind::Decision, [].as_slice()));

    let open = object("c", "u", None, &ONE, false).replace(r#""memory":"1Gi""#, r#""example.com/x":"0""#);
    let refused = client.ask("2", "CREATE", &open, None).unwrap();
    let rules: Vec<&str> = refused.verdict().findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(!allowed(&refused) && !rules.iter().any(|rule| rule.starts_with("budget.")), "{rules:?}");
    assert_eq!(client.held(), (0, 0), "what would fit is not taken where something else is against it");
    client.desk.audit();
}

#[test]
fn a_budget_that_holds_money_cannot_go_until_it_holds_none() {
    let mut client = Client::new();
    let centre = Spec { centre: true, ..ONE };
    assert!(allowed(&client.create("1", "u", &centre).unwrap()));
    assert_eq!(client.held_of("centre"), (1, 101));
    let without = &ESTATES[3];
    let refused = client.desk.activate(&without.bundle, NOW).unwrap_err();
    let RecordError::Orphaned(why) = &refused else { panic!("{refused}") };
    assert!(why.contains("`centre` (1 holds)"), "{why}");
    assert!(
        allowed(&client.update("2", &centre, &Spec { replicas: 3, ..centre }).unwrap()),
        "the old rules hold"
    );
    let gone = Sighting::Gone { key: key("c"), uid: Uid::new("u") };
    assert_eq!(client.sight(vec![client.seen(1, &centre), gone]), 2);
    assert_eq!(client.held_of("centre"), (0, 0));
    client.desk.activate(&without.bundle, NOW).unwrap();
    assert_eq!(client.desk.state().account.balance("centre"), None);
    client.desk.audit();
}

#[test]
fn under_a_lowered_budget_nothing_grows_and_everything_may_shrink() {
    let mut client = Client::new();
    // Until the month ends these come to some 1,900 dollars of 6,000; and then of 1,500.
    let [four, seven, eight, nine] = [4, 7, 8, 9].map(|replicas| Spec { replicas, cpu: 800, ..ONE });
    assert!(allowed(&client.create("1", "u", &four).unwrap()));
    client.now += 600;
    assert!(allowed(&client.update("2", &four, &eight).unwrap()));
    client.sight(vec![client.seen(1, &four), client.seen(2, &eight)]);
    client.now += 600;
    client.rules = &ESTATES[1];
    client.desk.activate(&client.rules.bundle, client.now).unwrap();
    let refused = client.update("3", &eight, &nine).unwrap();
    assert!(
        !allowed(&refused) && refused.verdict().findings.iter().all(|it| it.rule.as_str() == "budget.all")
    );
    assert_eq!(client.held(), (1, 8 * 801));
    assert!(allowed(&client.update("4", &eight, &seven).unwrap()), "it is still over the limit, but less");
    assert_eq!(client.held(), (1, 8 * 801), "nothing is given back before it is seen");
    assert_eq!(client.sight(vec![client.seen(3, &seven)]), 1);
    assert_eq!(client.held(), (1, 7 * 801));
    assert!(!allowed(&client.update("5", &seven, &eight).unwrap()), "it does not grow again");
    client.desk.audit();
}

#[test]
fn every_kind_of_entry_says_what_it_is() {
    let mut client = Client::new();
    use Kind::{BundleActivation, Decision, Expiry, RollOver, Settlement};
    let mut kinds = vec![BundleActivation, RollOver];
    assert_eq!(client.kinds(), kinds, "an activation opens the balances of its budgets");

    client.create("1", "u", &ONE).unwrap();
    client.sight(vec![client.seen(1, &ONE)]);
    assert_eq!(client.sight(vec![client.seen(1, &ONE)]), 0, "what says nothing new makes no entry");
    kinds.extend([Decision, Settlement]);
    assert_eq!(client.kinds(), kinds);

    client.update("2", &ONE, &TWO).unwrap();
    client.now += 91;
    let read = |client: &Client| {
        let Sighting::Seen { observed, .. } = client.seen(1, &ONE) else { panic!() };
        Sighting::Verified { key: key("c"), seen: Seen::Exists(observed), since: at(client.now) }
    };
    client.sight(vec![read(&client)]);
    assert_eq!(client.held(), (1, 101), "the claim did not show, and is dropped");
    kinds.extend([Decision, Expiry]);
    assert_eq!(client.kinds(), kinds);

    // Into November, in Berlin and in Greenwich.
    client.now = 1_793_491_200;
    client.sight(vec![Sighting::Gone { key: key("c"), uid: Uid::new("u") }]);
    kinds.extend([RollOver, Settlement]);
    assert_eq!(client.kinds(), kinds);
    client.desk.activate(&ESTATES[3].bundle, client.now).unwrap();
    kinds.extend([BundleActivation, RollOver]);
    assert_eq!(client.kinds(), kinds, "a balance went with its budget");

    for entry in client.desk.entries() {
        let effects = Effects::from_bytes(&entry.effects.bytes).unwrap();
        let money = effects.changes().iter().all(|change| matches!(change, StateChange::Money(_)));
        assert_eq!(money, entry.kind() != BundleActivation, "{:?}", entry.kind());
        let body =
            tollgate_manifest::json::read(&entry.body.as_ref().unwrap().bytes, &Limits::default()).unwrap();
        let schema = match entry.kind() {
            Settlement => "tollgate/settlement/v1",
            Expiry => "tollgate/expiry/v1",
            RollOver => "tollgate/roll-over/v1",
            Decision => "tollgate/decision/v1",
            _ => "tollgate/activation/v1",
        };
        assert_eq!(body.get("schema").and_then(Value::as_str), Some(schema));
    }
    client.desk.audit();
}

#[test]
fn sightings_of_two_kinds_move_in_the_order_in_which_they_came() {
    let mut client = Client::new();
    client.create("1", "u", &ONE).unwrap();
    client.now += 91;
    let absent = || Sighting::Verified { key: key("c"), seen: Seen::Absent, since: at(client.now) };
    let a = seen("a", &object("a", "v", Some(1), &TWO, false), &client.rules.bundle, client.now);
    let gone = Sighting::Gone { key: key("a"), uid: Uid::new("v") };
    assert_eq!(client.sight(vec![a, absent(), absent(), gone]), 3);
    assert_eq!(client.held(), (0, 0));
    let kinds = client.kinds();
    assert_eq!(kinds[kinds.len() - 3..], [Kind::Settlement, Kind::Expiry, Kind::Settlement]);
    client.desk.audit();
}

#[test]
fn what_was_counted_by_rules_that_went_is_counted_again() {
    let mut client = Client::new();
    let seen = client.seen(1, &Spec { centre: true, ..ONE });
    client.desk.activate(&ESTATES[3].bundle, NOW).unwrap();
    let late = client.desk.sight(vec![seen], &ESTATES[0].bundle, NOW);
    assert_eq!(late, Err(RecordError::Superseded));
    assert_eq!((client.held(), client.desk.state().account.balance("centre")), ((0, 0), None));
    client.desk.audit();
}

#[test]
fn dry_runs_and_files_change_nothing() {
    let mut client = Client::new();
    client.create("1", "u", &ONE).unwrap();
    let (state, size) = (client.desk.state(), client.kinds().len());
    let new = object("c", "u", None, &TWO, false);
    let asked =
        Asked { operation: "CREATE", name: "c", object: Some(&new), old: None, user: "ann", dry: true };
    let (change, _) = change("dry", &asked, NOW);
    let judged = to_record("dry", &asked, &client.rules.bundle, NOW).judged;
    let tollgate_gate::Phase::Dry(proof) = &change.phase else { panic!("{:?}", change.phase) };
    let settled =
        client.desk.recorder.read_state(|state| Dry::settle(proof, &judged, state, &client.rules.bundle));
    assert_eq!(settled.unwrap().verdict().ruling, tollgate_gate::Ruling::Allow);
    assert_eq!((client.desk.state(), client.kinds().len()), (state.clone(), size));

    let objects = read(new.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap().objects;
    let objects = objects.into_iter().map(|written| (written.object, written_refusals(&written.refusals)));
    let change = Change::of_files(objects.collect(), checker(), at(NOW));
    let judged = decide(&change, &client.rules.bundle, &answer);
    assert!(judged.claims.iter().any(|claim| matches!(claim, tollgate_gate::Claim::Money { .. })));
    let bundle = std::sync::Arc::clone(&client.rules.bundle);
    let recorded = client.desk.recorder.record(ToRecord::new(change, judged, bundle)).unwrap();
    assert!(allowed(&recorded));
    assert_eq!((client.desk.state(), client.kinds().len()), (state, size + 1));
    client.desk.audit();
}

fn written_refusals<T>(refusals: &[T]) -> Vec<tollgate_vocabulary::Finding> {
    assert!(refusals.is_empty());
    Vec::new()
}
