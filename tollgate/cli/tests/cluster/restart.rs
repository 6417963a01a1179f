//! The gate killed and started again while many create objects.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::client::{Answer, Client};
use crate::object::map;
use crate::plane::{Plane, alone};
use crate::wait::until_true;

const THREADS: usize = 4;

/// What became of the requests so far.
#[derive(Default)]
struct Load {
    created: AtomicUsize,
    refused: AtomicUsize,
    /// whether no gate runs; set after it was killed, taken back before it is started
    down: AtomicBool,
    created_while_down: AtomicUsize,
    stop: AtomicBool,
}

impl Load {
    /// Creates objects one after the other until told to stop.
    fn run(&self, client: &Client, thread: usize) {
        for at in 0.. {
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            let was_down = self.down.load(Ordering::SeqCst);
            let answer = client.create_map("load", &map(&format!("m-{thread}-{at}"), "good"));
            let is_down = self.down.load(Ordering::SeqCst);
            self.count(&answer, was_down && is_down);
        }
    }

    fn count(&self, answer: &Answer, down: bool) {
        if answer.created() {
            self.created.fetch_add(1, Ordering::SeqCst);
            self.created_while_down.fetch_add(usize::from(down), Ordering::SeqCst);
        } else {
            assert!(answer.text.contains("gate.tollgate.dev"), "{}", answer.text);
            self.refused.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn wait_for_more(what: &str, counter: &AtomicUsize, more: usize) {
    let wanted = counter.load(Ordering::SeqCst) + more;
    until_true(what, || counter.load(Ordering::SeqCst) >= wanted);
}

/// Stops the load also where the test fails: a scope waits for its threads.
struct Stop<'a>(&'a Load);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::SeqCst);
    }
}

#[test]
fn killed_under_load_it_fails_closed_recovers_and_loses_nothing() {
    let Some(mut plane) = alone(|_, _| ()) else { return };
    plane.namespace("load");
    let Plane { gate, client, .. } = &mut plane;
    let (client, load) = (&*client, &Load::default());
    std::thread::scope(|scope| {
        let _stop = Stop(load);
        for thread in 0..THREADS {
            scope.spawn(move || load.run(client, thread));
        }
        for _ in 0..2 {
            wait_for_more("objects are created", &load.created, 50);
            gate.kill();
            load.down.store(true, Ordering::SeqCst);
            wait_for_more("requests are refused", &load.refused, 3 * THREADS);
            load.down.store(false, Ordering::SeqCst);
            gate.restart();
            wait_for_more("objects are created again", &load.created, 50);
        }
    });
    assert_eq!(load.created_while_down.load(Ordering::SeqCst), 0, "it fails closed");

    let names = client.maps("load");
    assert!(names.len() >= load.created.load(Ordering::SeqCst));
    let titles: Vec<String> = names.iter().map(|name| format!("CREATE ConfigMap load/{name}")).collect();
    gate.ledger().allowed_all(titles.iter().map(String::as_str));
    assert!(gate.terminate().success());
    gate.ledger().verify();
}

#[test]
fn the_ledger_verifies_beside_a_gate_that_records() {
    let Some(plane) = alone(|_, _| ()) else { return };
    plane.namespace("load");
    let (client, load) = (&plane.client, &Load::default());
    std::thread::scope(|scope| {
        let _stop = Stop(load);
        scope.spawn(move || load.run(client, 0));
        for _ in 0..5 {
            wait_for_more("objects are created", &load.created, 20);
            plane.ledger().verify();
        }
    });
}
