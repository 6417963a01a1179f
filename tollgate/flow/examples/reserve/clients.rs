//! Clients of a gate, each a thread that sends its next request when its last is answered.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tollgate_flow::{Answer, Caller, Gate, Step};
use tollgate_manifest::Limits;

use crate::Done;
use crate::request::Template;

/// Long enough that no request is refused for being late.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of all requests.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) allowed: u64,
    pub(crate) refused: u64,
    /// the whole of `Gate::admit`, and of it the recording: queue, settling, commit with fsync
    pub(crate) times: Vec<(Duration, Duration)>,
    pub(crate) wall: Duration,
}

/// Sends all requests; `replicas` of each number is what it asks for, and `allowed` hears of those that were allowed.
pub(crate) fn run(
    gate: &Gate,
    clients: usize,
    requests: u64,
    replicas: impl Fn(u64) -> u64 + Sync,
    allowed: impl Fn(u64) + Sync,
) -> Done<Seen> {
    let template = Template::read()?;
    let next = AtomicU64::new(1);
    let started = Instant::now();
    let all = thread::scope(|scope| {
        let one = || -> Done<Seen> {
            let mut seen = Seen::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number > requests {
                    return Ok(seen);
                }
                let review = template.review(number, replicas(number));
                let started = Instant::now();
                let deadline = started + PATIENCE;
                let admission =
                    gate.admit(&review, &Caller::Unauthenticated, &Limits::default(), deadline)?;
                let wall = started.elapsed();
                let recording = admission.steps.iter().filter(|(step, _)| *step == Step::Record);
                seen.times.push((wall, recording.map(|(_, time)| *time).sum()));
                match admission.answer {
                    Answer::Refused(why) => return Err(why.into()),
                    answer if answer.allows() => {
                        seen.allowed += 1;
                        allowed(number);
                    }
                    _ => seen.refused += 1,
                }
            }
        };
        let workers: Vec<_> = (0..clients).map(|_| scope.spawn(one)).collect();
        let mut all = Seen::default();
        for worker in workers {
            let seen = worker.join().map_err(|_| "a client panicked")??;
            all.allowed += seen.allowed;
            all.refused += seen.refused;
            all.times.extend(seen.times);
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(all)
    })?;
    Ok(Seen { wall: started.elapsed(), ..all })
}

impl Seen {
    pub(crate) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.wall.as_secs_f64()
    }

    /// p50, p90, p99 and the longest of the times, in milliseconds.
    pub(crate) fn shares(&self, of: impl Fn(&(Duration, Duration)) -> Duration) -> String {
        let mut times: Vec<Duration> = self.times.iter().map(of).collect();
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        format!("p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, max {:.2} ms", at(50), at(90), at(99), at(100))
    }
}
