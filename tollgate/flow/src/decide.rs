//! Judges a change in rounds: what judging needs is gathered, and it judges again from the start.

use std::num::NonZero;

use tollgate_gate::{Bundle, Change, Facts, Judged, Step};
use tollgate_vocabulary::{Fact, Question};

/// After so many rounds of asking, what is still open stays open.
const ROUNDS: usize = 4;

/// Below this number of subjects more threads do not pay.
const WORTH_A_THREAD: usize = 16;

/// Judges `change`, asking `answer` for what is needed.
pub fn decide(change: &Change, bundle: &Bundle, answer: &(dyn Fn(&Question) -> Fact + Sync)) -> Judged {
    let mut facts = Facts::none();
    let mut asked = 0;
    // Every round answers what was open, for good; so this ends.
    loop {
        match round(change, &facts, bundle) {
            Step::Done(judged) => return judged,
            Step::Need(questions) => {
                for question in questions {
                    let fact = if asked < ROUNDS { answer(&question) } else { Fact::NotGathered };
                    facts.insert(question, or_unavailable(fact));
                }
                asked += 1;
            }
        }
    }
}

fn round(change: &Change, facts: &Facts, bundle: &Bundle) -> Step {
    if change.subjects.len() < WORTH_A_THREAD {
        return tollgate_gate::judge(change, facts, bundle);
    }
    let indexes: Vec<usize> = (0..change.subjects.len()).collect();
    let judge = |at: &usize| tollgate_gate::judge_subject(change, *at, facts, bundle);
    tollgate_gate::join(change, in_parallel(&indexes, judge), facts, bundle)
}

/// An answer that does not answer would be asked for again for ever.
fn or_unavailable(fact: Fact) -> Fact {
    match fact {
        Fact::NotGathered => Fact::Unavailable { why: "nobody could be asked".into() },
        fact => fact,
    }
}

/// Maps `items` on as many threads as there are processors; results stand in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    if threads < 2 || items.len() < 2 {
        return items.iter().map(map).collect();
    }
    // Several chunks a thread, so that one heavy chunk does not keep the others waiting.
    let size = items.len().div_ceil(threads * 4).max(1);
    let chunks: Vec<&[T]> = items.chunks(size).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut parts: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(chunk) = chunks.get(at) else { return done };
                done.push((at, chunk.iter().map(&map).collect::<Vec<R>>()));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    parts.sort_by_key(|(at, _)| *at);
    parts.into_iter().flat_map(|(_, results)| results).collect()
}
