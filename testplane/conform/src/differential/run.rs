//! Many policies, compared on all processors.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::compare::{Difference, Kind, compare};
use super::known;
use super::listed::Listed;
use super::minimise::minimise;
use super::oracle::{Oracle, OracleError};
use super::policy;

/// How many differences of one kind are made small and shown.
const SHOWN: usize = 12;

/// What a run found.
#[derive(Debug, Default)]
pub struct Tally {
    /// answers compared: pairs of a policy and an input, and policies that one of us refuses
    pub pairs: u64,
    /// answers that are equal
    pub equal: u64,
    /// policies that both refuse
    pub refused: u64,
    /// answers that tell nothing
    pub left_out: u64,
    /// differences that are known, by their reason
    pub known: BTreeMap<String, u64>,
    /// others by kind
    pub kinds: BTreeMap<Kind, u64>,
    /// some of those, made small
    pub differences: Vec<Difference>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.pairs += other.pairs;
        self.equal += other.equal;
        self.refused += other.refused;
        self.left_out += other.left_out;
        for (reason, count) in other.known {
            *self.known.entry(reason).or_default() += count;
        }
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        self.differences.extend(other.differences);
        self.differences.sort_by_key(|difference| difference.seed);
    }

    /// How many differences are not known.
    #[must_use]
    pub fn unknown(&self) -> u64 {
        self.kinds.values().sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            writeln!(f, "{difference}")?;
        }
        for (kind, count) in &self.kinds {
            writeln!(f, "{count:>8} {kind:?}")?;
        }
        for (reason, count) in &self.known {
            writeln!(f, "{count:>8} known: {reason}")?;
        }
        write!(
            f,
            "{} pairs: {} equal, {} policies refused by both, {} left out, {} known differences, {} others",
            self.pairs,
            self.equal,
            self.refused,
            self.left_out,
            self.known.values().sum::<u64>(),
            self.unknown()
        )
    }
}

/// Compares policies from the seed `from` on, until `pairs` answers are compared.
///
/// # Errors
/// The oracle is missing, or ended.
pub fn run(pairs: u64, from: u64, listed: &Listed) -> Result<Tally, OracleError> {
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (seed, done) = (AtomicU64::new(from), AtomicU64::new(0));
    let work = || -> Result<Tally, OracleError> {
        let mut oracle = Oracle::start()?;
        let mut tally = Tally::default();
        while done.load(Ordering::Relaxed) < pairs {
            let before = tally.pairs;
            one(&mut oracle, seed.fetch_add(1, Ordering::Relaxed), listed, &mut tally)?;
            done.fetch_add(tally.pairs - before, Ordering::Relaxed);
        }
        Ok(tally)
    };
    let mut whole = Tally::default();
    std::thread::scope(|scope| {
        // Deeply nested terms are ours to bear; a worker's own stack is small.
        let spawn = |_| std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work);
        let started: Vec<_> = (0..workers).map(spawn).collect();
        for worker in started {
            match worker?.join() {
                Ok(tally) => whole.add(tally?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(whole)
    })
}

fn one(oracle: &mut Oracle, seed: u64, listed: &Listed, tally: &mut Tally) -> Result<(), OracleError> {
    let written = policy(seed);
    let compared = compare(oracle, seed, &written)?;
    tally.equal += compared.equal;
    tally.refused += u64::from(compared.refused);
    tally.left_out += compared.left_out;
    tally.pairs +=
        if compared.equal + compared.left_out > 0 { written.inputs.len().max(1) as u64 } else { 1 };
    let Some(difference) = compared.difference else { return Ok(()) };
    let shown = tally.differences.iter().filter(|shown| shown.kind == difference.kind).count();
    // Made small, it shows what it rests on; large, it may match a line of the table by chance.
    let difference = if shown < SHOWN { minimise(oracle, difference)? } else { difference };
    let reason = match known::reason(oracle, &difference)? {
        Some(reason) => Some(reason),
        None => difference.reason(listed),
    };
    if let Some(reason) = reason {
        *tally.known.entry(reason.to_owned()).or_default() += 1;
    } else {
        *tally.kinds.entry(difference.kind.clone()).or_default() += 1;
        if shown < SHOWN {
            tally.differences.push(difference);
        }
    }
    Ok(())
}
