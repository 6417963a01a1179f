//! What the writer promises, with faults: each comes twice, "failed" and "failed but persisted".

mod reservation;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_gate::{Bundle, Change, Facts, Review, RuleFile, Ruling, Step, judge};
use tollgate_keys::Keyring;
use tollgate_ledger::{Origin, Receipt};
use tollgate_manifest::{Limits, Mask};
use tollgate_store::{Fault, Faults, Store};
use tollgate_vocabulary::{Authentication, Digest, Timestamp};

use super::{RecordError, Recorded, Recorder, ToRecord};
use crate::audit::audit;

const RULE: &str = "package p\nimport rego.v1\ndeny contains \"no\" if input.metadata.name == \"bad\"\n";

struct Fixture {
    dir: tempfile::TempDir,
    origin: Origin,
    keyring: Keyring,
    bundle: Arc<Bundle>,
    recorder: Recorder,
}

impl Fixture {
    fn new(faults: Faults) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let origin: Origin = "tollgate.dev/test".parse().unwrap();
        let (keyring, _) = Keyring::open_or_create(dir.path(), &origin).unwrap();
        let store = Store::open_with(dir.path(), &origin, faults).unwrap();
        let recorder = Recorder::start(store, origin.clone(), keyring.ledger().clone()).unwrap();
        let bundle = bundle_of(RULE);
        Self { dir, origin, keyring, bundle, recorder }
    }

    fn activate(&self, bundle: &Arc<Bundle>) {
        let at = Timestamp::UNIX_EPOCH;
        self.recorder.activate(Arc::clone(bundle), b"{}".to_vec(), at, Box::new(|| ())).unwrap();
    }

    fn to_record(&self, uid: &str, name: &str) -> ToRecord {
        let change = change(uid, name);
        let judged = match judge(&change, &Facts::none(), &self.bundle) {
            Step::Done(judged) => judged,
            Step::Need(questions) => panic!("needs {questions:?}"),
        };
        let request = Some((Arc::from(uid), Digest::of(name.as_bytes())));
        ToRecord { request, ..ToRecord::new(change, judged, Arc::clone(&self.bundle)) }
    }

    fn record(&self, uid: &str, name: &str) -> Result<Recorded, RecordError> {
        self.recorder.record(self.to_record(uid, name))
    }

    fn size(&self) -> u64 {
        Store::open_read_only(self.dir.path()).unwrap().view().size().unwrap()
    }

    fn stop_and_audit(self) -> usize {
        self.recorder.stop();
        let audited = audit(self.dir.path(), Some(self.keyring.verifier()), None).unwrap();
        audited.state
    }
}

fn bundle_of(rule: &str) -> Arc<Bundle> {
    let rule =
        RuleFile { root: "policy".into(), path: "policy/p.rego".into(), bytes: rule.as_bytes().into() };
    Arc::new(Bundle::compile(None, &[rule], &[]).unwrap())
}

fn change(uid: &str, name: &str) -> Change {
    let review = format!(
        r#"{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{"uid":"{uid}",
        "kind":{{"group":"","version":"v1","kind":"ConfigMap"}},"resource":{{"group":"","version":"v1","resource":"configmaps"}},
        "operation":"CREATE","userInfo":{{"username":"ann"}},"namespace":"shop","name":"{name}",
        "object":{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{name}","namespace":"shop"}}}}}}}}"#
    );
    let review = Review::decode(review.as_bytes(), &Mask::new([1; 32]), &Limits::default()).unwrap();
    review.into_change(Authentication::Unauthenticated, Timestamp::UNIX_EPOCH)
}

#[test]
fn a_decision_has_a_place_and_a_receipt_that_verifies() {
    let fixture = Fixture::new(Faults::default());
    let recorded = fixture.record("1", "bad").unwrap();
    assert_eq!((recorded.verdict().ruling, recorded.index()), (Ruling::Deny, 0));
    let receipt = Receipt::verify(recorded.receipt().as_bytes(), fixture.keyring.verifier()).unwrap();
    assert_eq!(receipt, Receipt::new(fixture.origin.clone(), 0, recorded.leaf(), Timestamp::UNIX_EPOCH));
    assert!(recorded.id().starts_with("d-") && recorded.id().len() == 18, "{}", recorded.id());
    fixture.stop_and_audit();
}

#[test]
fn a_commit_that_failed_is_refused_and_leaves_nothing() {
    let faults = Faults::default();
    let fixture = Fixture::new(faults.clone());
    fixture.record("1", "good").unwrap();
    faults.inject(Fault::CommitFails);
    let error = fixture.record("2", "good").unwrap_err();
    assert!(matches!(error, RecordError::StoreDown(_)), "{error:?}");
    assert_eq!(fixture.size(), 1);
    assert_eq!(fixture.record("3", "good").unwrap().index(), 1, "the writer goes on");
    assert_eq!(fixture.recorder.down(), None);
    fixture.stop_and_audit();
}

#[test]
fn a_commit_that_failed_but_persisted_is_answered_as_recorded() {
    let faults = Faults::default();
    let fixture = Fixture::new(faults.clone());
    fixture.record("1", "good").unwrap();
    faults.inject(Fault::CommitPersistsButFails);
    let recorded = fixture.record("2", "good").unwrap();
    assert_eq!((recorded.index(), fixture.size()), (1, 2));
    assert_eq!(fixture.record("2", "good").unwrap().index(), 1, "it is not recorded again");
    assert_eq!(fixture.record("3", "good").unwrap().index(), 2);
    fixture.stop_and_audit();
}

#[test]
fn a_repeated_request_is_answered_the_same_and_recorded_once() {
    let fixture = Fixture::new(Faults::default());
    let first = fixture.record("1", "bad").unwrap();
    let second = fixture.record("1", "bad").unwrap();
    assert_eq!(first.verdict(), second.verdict());
    assert_eq!((first.index(), first.receipt()), (second.index(), second.receipt()));
    assert_eq!(fixture.size(), 1);
    let error = fixture.record("1", "another").unwrap_err();
    assert_eq!(error, RecordError::AnotherBody("1".to_owned()));
    assert_eq!(fixture.size(), 1);
}

#[test]
fn what_is_late_is_not_recorded() {
    let fixture = Fixture::new(Faults::default());
    let past = Instant::now().checked_sub(Duration::from_secs(1)).unwrap();
    let late = ToRecord { deadline: Some(past), ..fixture.to_record("1", "good") };
    assert_eq!(fixture.recorder.record(late).unwrap_err(), RecordError::Late);
    assert_eq!(fixture.size(), 0);
}

#[test]
fn a_bundle_put_in_force_supersedes_what_was_judged_under_another() {
    let fixture = Fixture::new(Faults::default());
    fixture.activate(&bundle_of(
        "package another\nimport rego.v1\ndeny contains \"other\" if input.metadata.name == \"x\"\n",
    ));
    assert_eq!(fixture.record("1", "good").unwrap_err(), RecordError::Superseded);
    fixture.activate(&fixture.bundle);
    assert_eq!(fixture.record("1", "good").unwrap().index(), 2);
    assert_eq!(fixture.stop_and_audit(), 1, "the bundle in force follows from the effects");
}

#[test]
fn many_writers_share_batches_and_every_index_is_given_once() {
    let fixture = Fixture::new(Faults::default());
    let mut indexes: Vec<u64> = std::thread::scope(|scope| {
        let fixture = &fixture;
        let record = move |at: usize| {
            (0..8).map(move |n| fixture.record(&format!("{at}-{n}"), "good").unwrap().index())
        };
        let threads: Vec<_> = (0..8).map(|at| scope.spawn(move || record(at).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    indexes.sort_unstable();
    assert_eq!(indexes, (0..64).collect::<Vec<u64>>());
    fixture.stop_and_audit();
}

#[test]
fn state_that_the_effects_do_not_give_is_found() {
    let fixture = Fixture::new(Faults::default());
    fixture.activate(&fixture.bundle);
    fixture.recorder.stop();
    let tampered = "UPDATE state SET value = CAST('sha256:' || lower(hex(zeroblob(32))) AS BLOB)";
    sqlite(&fixture.dir.path().join("tollgate.db"), tampered);
    let error = audit(fixture.dir.path(), None, None).unwrap_err();
    assert!(error.to_string().contains("settled state `bundle`"), "{error}");
}

fn sqlite(database: &Path, statement: &str) {
    rusqlite::Connection::open(database).unwrap().execute(statement, ()).unwrap();
}
