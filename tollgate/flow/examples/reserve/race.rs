//! Requests that race for what is left, while a cluster shows what was allowed and deletes some of it, so that there is
//! always a little left to race for.
//!
//! ```text
//! clients ──admit──> gate ──allowed──> cluster: lists what exists, half of it gone every time ──listed──> gate
//!                      └──entries──> Trail: no sum passed its limit after any of them
//! ```

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use tollgate_budget::Period;
use tollgate_flow::{Existing, Gate};

use crate::request::Template;
use crate::trail::Trail;
use crate::{Done, clients, estate};

/// What fits of expected cost, in euros an hour over what is left of the month: about 250 Deployments.
const PER_HOUR: i64 = 20;
/// How often the cluster is listed.
const EVERY: Duration = Duration::from_millis(200);

pub(crate) fn run(data: &Path, clients: usize, requests: u64) -> Done {
    estate::anew(data)?;
    let gate = estate::open_with(data, &budgets(hours_left()?))?;
    let (born, births) = mpsc::channel();
    let over = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let (gate, over) = (&gate, &over);
        let cluster = scope.spawn(move || cluster(gate, &births, over));
        let seen = clients::run(gate, clients, requests, replicas, |number| _ = born.send(number));
        over.store(true, Ordering::Release);
        cluster.join().map_err(|_| "the cluster panicked")??;
        seen
    })?;
    gate.stop();
    println!(
        "{requests} requests of {clients} clients in {:.0} s ({:.0} a second): {} allowed, {} refused",
        seen.wall.as_secs_f64(),
        seen.per_second(),
        seen.allowed,
        seen.refused
    );
    Trail::of(&data.join("gate"), &gate.pinned().estate.bundle)?.told(seen.allowed)
}

/// One to eight, in no order.
fn replicas(number: u64) -> u64 {
    1 + (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61)
}

fn cluster(gate: &Gate, births: &Receiver<u64>, over: &AtomicBool) -> Done {
    let template = Template::read()?;
    let mut live: Vec<Existing> = Vec::new();
    while !over.load(Ordering::Acquire) {
        thread::sleep(EVERY);
        let mut odd = false;
        live.retain(|_| {
            odd = !odd;
            odd
        });
        for number in births.try_iter() {
            live.push(template.existing(number, replicas(number))?);
        }
        let there = live.iter().filter_map(|object| Some((object.name.clone(), object.uid()?)));
        gate.listed("apps", "deployments", there)?;
        let seen = gate.seen(&live)?;
        if let Some(unknown) = seen.unknown.first() {
            return Err(format!("{unknown:?}").into());
        }
    }
    Ok(())
}

/// One that nobody fills, one with a limit on the dearest hour, and one with little money.
fn budgets(hours: i64) -> String {
    let budget = |name: &str, scope: &str, amount: i64, more: &str| {
        format!(
            "---\napiVersion: tollgate.dev/v1\nkind: Budget\nmetadata: {{name: {name}}}\nspec:\n  owner: a@apexlogic.com\n  \
             scope: {{{scope}}}\n  amount: \"{amount}\"\n  currency: EUR\n{more}"
        )
    };
    [
        budget("apexlogic", "everything: true", 1_000_000_000, ""),
        budget("shop", "namespaces: [shop]", 1_000_000_000, "  peakPerHour: \"26\"\n"),
        budget("checkout", "costCentre: CC-1204", PER_HOUR * hours, ""),
    ]
    .concat()
}

/// Whole hours of this month that are left.
fn hours_left() -> Done<i64> {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
    Ok((Period::month(&TimeZone::UTC, now)?.end - now) / 3600)
}
