//! Many at once after one budget that fits so many and no more.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tollgate_store::Fault;

use super::desk::{Desk, allowed, to_record};
use super::estate::{Asked, MICRO, Spec, object, only};
use super::figure::micro;
use crate::record::{RecordError, Recorded, ToRecord};

const THREADS: usize = 64;
const EACH: usize = 32;

/// How many fit.
const FIT: usize = 777;

/// The last 1,000 seconds of October 2026.
const NOW: i64 = 1_793_491_200 - 1000;

#[test]
fn exactly_as_many_as_fit_are_granted_however_many_race_and_whatever_fails() {
    let spec = Spec { replicas: 1, cpu: 999, gpu: false, centre: false };
    let each = spec.parts("x", 1)[0] * 1000;
    assert_eq!(each, MICRO, "each takes a dollar until the month ends");
    let rules = only(FIT as i128);
    let mut desk = Desk::new(&rules.bundle, NOW);

    let (granted, refused, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let ask = |at: usize, n: usize| {
        // Now and then the next commit fails, or only says so.
        match (at % 8, n % 10) {
            (0, 0) => desk.faults.inject(Fault::CommitPersistsButFails),
            (4, 5) => desk.faults.inject(Fault::CommitFails),
            _ => {}
        }
        let name = format!("x-{at}-{n}");
        let uid = format!("uid-{name}");
        let new = object(&name, &uid, None, &spec, false);
        let asked = Asked {
            operation: "CREATE",
            name: &name,
            object: Some(&new),
            old: None,
            user: "ann",
            dry: false,
        };
        let recorded =
            until_recorded(&desk, || to_record(&format!("review-{name}"), &asked, &rules.bundle, NOW));
        let count = if allowed(&recorded) { &granted } else { &refused };
        count.fetch_add(1, Ordering::Relaxed);
    };
    thread::scope(|scope| {
        let (desk, ask) = (&desk, &ask);
        let threads: Vec<_> =
            (0..THREADS).map(|at| scope.spawn(move || (0..EACH).for_each(|n| ask(at, n)))).collect();
        let done = &done;
        scope.spawn(move || {
            while !done.load(Ordering::Relaxed) {
                let held = desk.recorder.read_state(|state| state.account.balance("all").unwrap().held);
                assert!(micro(held.expected.per_hour) <= FIT as i128 * 3_600_000, "{held:?}");
                thread::sleep(Duration::from_millis(5));
            }
        });
        let ended: Vec<_> = threads.into_iter().map(thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        ended.into_iter().for_each(|ended| ended.unwrap());
    });

    assert_eq!((granted.into_inner(), refused.into_inner()), (FIT, THREADS * EACH - FIT));
    desk.reopen();
    let balance = *desk.state().account.balance("all").unwrap();
    assert_eq!((balance.holds, micro(balance.held.expected.per_hour)), (FIT as u64, FIT as i128 * 3_600_000));
    desk.audit();
}

/// As an API server's client would: what was not recorded is asked again.
fn until_recorded(desk: &Desk, to_record: impl Fn() -> ToRecord) -> Recorded {
    loop {
        match desk.recorder.record(to_record()) {
            Ok(recorded) => return recorded,
            Err(RecordError::StoreDown(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn many_who_race_for_one_object_are_charged_for_it_once() {
    let rules = only(10_000);
    let mut desk = Desk::new(&rules.bundle, NOW);
    thread::scope(|scope| {
        for replicas in 1..=8 {
            let (desk, rules) = (&desk, &rules);
            scope.spawn(move || {
                let spec = Spec { replicas, cpu: 999, gpu: false, centre: false };
                let new = object("x", "uid", None, &spec, false);
                let asked = Asked {
                    operation: "CREATE",
                    name: "x",
                    object: Some(&new),
                    old: None,
                    user: "ann",
                    dry: false,
                };
                let review = format!("review-{replicas}");
                assert!(allowed(&desk.ask(&review, &asked, &rules.bundle, NOW).unwrap()));
            });
        }
    });
    let balance = *desk.state().account.balance("all").unwrap();
    assert_eq!(
        (balance.holds, micro(balance.held.expected.per_hour)),
        (1, 8 * 3_600_000),
        "the most of them"
    );
    desk.audit();
}
