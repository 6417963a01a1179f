//! How large an account of many holds is, and how fast: `cargo run --release -p tollgate-budget --example account [HOLDS]`
#![expect(clippy::disallowed_methods, reason = "an example measures its own time and memory")]

use std::error::Error;
use std::sync::Arc;

use tollgate_budget::{
    Account, Budget, Budgets, Claim, GrowthLimit, HoldKey, Holder, Movement, Observed, Uid,
};
use tollgate_manifest::{Limits, Mask, read};
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Money, Ratio, Timestamp};

type Done<T> = Result<T, Box<dyn Error>>;

/// Small steps of time, so that windows and balances move.
const START: i64 = 1_795_000_000;

const ROUNDS: usize = 10;

fn main() -> Done<()> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let budgets = budgets()?;
    let mut account = Account::default();
    for movement in account.roll(&budgets, at(START)?)? {
        account.apply(&movement);
    }
    let before = resident()?;
    let observe = Clock::start()?;
    for number in 0..count {
        let movements = account.observe(&key(number), &observed(number, 100)?, at(START)?)?;
        movements.iter().for_each(|movement| account.apply(movement));
    }
    println!("{count} holds observed and applied: {}", each(&observe, count)?);
    println!("{count} holds take {:.1} MB", (resident()? - before) / 1e6);
    measure("(making a claim)", count, |number| Ok(claim(number, 120)?.budgets.len()))?;
    measure("observe what is known", count, |number| {
        Ok(account.observe(&key(number), &observed(number, 100)?, at(START)?)?.len())
    })?;
    measure("claim that grows", count, |number| {
        Ok(account.claim(&claim(number, 120)?, &budgets, at(START + 60)?)?.movements.len())
    })?;
    measure("claim that asks for what is there", count, |number| {
        Ok(account.claim(&claim(number, 100)?, &budgets, at(START + 60)?)?.movements.len())
    })?;
    measure("claim that is refused", count, |number| {
        Ok(usize::from(account.claim(&claim(number, 900_000_000)?, &budgets, at(START + 60)?).is_err()))
    })?;
    let apply = Clock::start()?;
    for number in 0..count {
        let claimed = account.claim(&claim(number, 120)?, &budgets, at(START + 60)?)?;
        claimed.movements.iter().for_each(|movement| account.apply(movement));
    }
    println!("claim and apply: {}", each(&apply, count)?);
    println!("{count} holds with a claim each take {:.1} MB", (resident()? - before) / 1e6);
    let started = Clock::start()?;
    let expired = account.expired(at(START + 200)?).len();
    println!("{expired} expired found in {:.1} ms", started.milliseconds()?);
    let started = Clock::start()?;
    assert!(account.check().is_empty(), "what is kept is what is computed");
    println!("checked in {:.1} ms", started.milliseconds()?);
    let started = Clock::start()?;
    let rows: Vec<(String, Vec<u8>)> = account.rows().collect();
    let bytes: usize = rows.iter().map(|(key, bytes)| key.len() + bytes.len()).sum();
    println!("{} rows of {} bytes written in {:.0} ms", rows.len(), bytes, started.milliseconds()?);
    let started = Clock::start()?;
    let mut again = Account::default();
    for (key, bytes) in &rows {
        again.read_row(key, bytes)?;
    }
    println!(
        "read in {:.0} ms, {}",
        started.milliseconds()?,
        if again == account { "the same" } else { "NOT the same" }
    );
    let one = Movement::of_row(&rows.last().ok_or("no row")?.0, &rows.last().ok_or("no row")?.1)?;
    println!("a row: {one:?}");
    Ok(())
}

/// The best of some rounds.
fn measure(name: &str, count: u64, mut work: impl FnMut(u64) -> Done<usize>) -> Done<()> {
    let (mut best, mut moved) = (f64::INFINITY, 0);
    for _ in 0..ROUNDS {
        let started = Clock::start()?;
        moved = 0;
        for number in 0..count {
            // In no order, as requests come.
            moved += work(number.wrapping_mul(7_919) % count)?;
        }
        best = best.min(started.milliseconds()?);
    }
    println!("{name}: {:.2} us each ({moved} movements or refusals)", best * 1e3 / count as f64);
    Ok(())
}

fn each(started: &Clock, count: u64) -> Done<String> {
    Ok(format!("{:.2} us each", started.milliseconds()? * 1e3 / count as f64))
}

/// Time on the processor, so that whatever else the machine does is left out.
struct Clock(u64);

impl Clock {
    fn start() -> Done<Self> {
        Ok(Self(on_processor()?))
    }

    fn milliseconds(&self) -> Done<f64> {
        Ok((on_processor()? - self.0) as f64 / 1e6)
    }
}

/// Nanoseconds that this process was on a processor.
fn on_processor() -> Done<u64> {
    let told = std::fs::read_to_string("/proc/self/schedstat")?;
    Ok(told.split(' ').next().ok_or("no schedstat")?.parse()?)
}

fn budgets() -> Done<Budgets> {
    let text: String = ["everything", "team", "other"]
        .map(|name| {
            format!(
                "---\napiVersion: tollgate.dev/v1\nkind: Budget\nmetadata: {{name: {name}}}\nspec: {{owner: a, \
                 scope: {{everything: true}}, amount: 100000000, currency: USD, timeZone: Europe/Berlin, peakPerHour: 900000}}\n"
            )
        })
        .concat();
    let reading = read(text.as_bytes(), &Mask::new([7; 32]), &Limits::default())?;
    let budgets = reading.objects.iter().map(|written| Budget::read(&"a.yaml".into(), written));
    Budgets::new(budgets.collect::<Result<_, _>>()?, None).map_err(|errors| format!("{errors:?}").into())
}

fn key(number: u64) -> HoldKey {
    HoldKey::new(&Holder {
        cluster: "production-eu".into(),
        group: "apps".into(),
        resource: "deployments".into(),
        namespace: format!("team-{}", number % 500).into(),
        name: format!("service-{number}").into(),
    })
}

fn observed(number: u64, cents: u64) -> Done<Observed> {
    let uid = Uid::new(&format!("0190d3f2-7a3b-7c4d-8e5f-{number:012x}"));
    Ok(Observed { uid, charge: charge(number, cents)?, budgets: names(), version: Some(number + 1) })
}

fn claim(number: u64, cents: u64) -> Done<Claim> {
    let Observed { uid, charge, budgets, .. } = observed(number, cents)?;
    let growth =
        GrowthLimit { per_hour: Some(Money::parse("1000000", Currency::USD)?), objects: None, window: 600 };
    let principal = Arc::from(format!("token-{}", number % 1000));
    Ok(Claim {
        key: key(number),
        uid: Some(uid),
        charge,
        budgets,
        principal,
        expires_after: 90,
        growth: Some(growth),
    })
}

fn charge(number: u64, cents: u64) -> Done<Charge> {
    let money = |factor: u64| {
        let units = i128::from(cents * factor) * 1_000_000_000_000 + i128::from(number);
        Money::of_units(units, Currency::USD)
    };
    let cost = |factor| Cost { per_hour: money(factor), once: Money::zero(Currency::USD) };
    let gpus = Ratio::new(1, u128::from(number % 7 + 1)).ok_or("no fraction")?;
    Ok(Charge { expected: cost(1), worst: cost(2), peak: money(2), gpus })
}

fn names() -> Vec<Arc<str>> {
    ["everything", "team"].map(Arc::from).to_vec()
}

fn at(second: i64) -> Done<Timestamp> {
    Timestamp::from_second(second).map_err(|error| error.to_string().into())
}

/// Bytes of this process in memory.
fn resident() -> Done<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes * 1024.0)
}
