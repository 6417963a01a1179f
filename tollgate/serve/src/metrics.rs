//! What is counted and timed, for Prometheus. Labels are closed sets of words and the budgets of the estate, never a name
//! that whoever asks has chosen.

mod budget;

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tollgate_flow::Standing;

/// Upper bounds in seconds: from what a decision takes in memory to what an API server waits for.
const BUCKETS: [f64; 16] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    10.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfDecision {
    verdict: &'static str,
    phase: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStep {
    step: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRefusal {
    reason: &'static str,
}

/// All metrics of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    decisions: Family<OfDecision, Counter>,
    admission: Histogram,
    steps: Family<OfStep, Histogram>,
    refusals: Family<OfRefusal, Counter>,
    callers_refused: Counter,
    bundle_broken: Gauge,
    certificate_broken: Gauge,
    ledger_size: Gauge<u64, AtomicU64>,
    budgets: budget::Budgets,
    pub(crate) connections: Gauge,
}

/// What is looked up when metrics are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Now {
    pub(crate) bundle_broken: bool,
    pub(crate) certificate_broken: bool,
    /// none where the store cannot be read
    pub(crate) ledger_size: Option<u64>,
    /// how budgets stand; none where they cannot be added up
    pub(crate) standing: Vec<Standing>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("tollgate"),
            decisions: Family::default(),
            admission: histogram(),
            steps: Family::new_with_constructor(histogram),
            refusals: Family::default(),
            callers_refused: Counter::default(),
            bundle_broken: Gauge::default(),
            certificate_broken: Gauge::default(),
            ledger_size: Gauge::default(),
            budgets: budget::Budgets::default(),
            connections: Gauge::default(),
        };
        let all = &mut metrics.registry;
        all.register("decisions", "Decisions answered", metrics.decisions.clone());
        let help = "From the arrival of an admission request's head to its answer";
        all.register_with_unit("admission_duration", help, Unit::Seconds, metrics.admission.clone());
        let help = "Steps of an admission: decode, judge, record";
        all.register_with_unit("step_duration", help, Unit::Seconds, metrics.steps.clone());
        all.register("refusals", "Requests refused without a verdict", metrics.refusals.clone());
        let help = "Callers that did not prove to be the API server";
        all.register("callers_refused", help, metrics.callers_refused.clone());
        let help = "1 while the rules on disk are not those in force";
        all.register("bundle_broken", help, metrics.bundle_broken.clone());
        let help = "1 while the certificate files are not those in use";
        all.register("certificate_broken", help, metrics.certificate_broken.clone());
        all.register("ledger_size", "Entries in the ledger", metrics.ledger_size.clone());
        metrics.budgets.register(all);
        all.register("connections", "Connections open", metrics.connections.clone());
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        all.register("build", "This build", build);
        metrics
    }

    pub(crate) fn decided(&self, verdict: &'static str, dry: bool) {
        let phase = if dry { "dry" } else { "live" };
        self.decisions.get_or_create(&OfDecision { verdict, phase }).inc();
    }

    pub(crate) fn refused(&self, reason: &'static str) {
        self.refusals.get_or_create(&OfRefusal { reason }).inc();
    }

    pub(crate) fn caller_refused(&self) {
        self.callers_refused.inc();
    }

    pub(crate) fn step(&self, step: &'static str, took: Duration) {
        self.steps.get_or_create(&OfStep { step }).observe(took.as_secs_f64());
    }

    pub(crate) fn admitted(&self, took: Duration) {
        self.admission.observe(took.as_secs_f64());
    }

    /// In the text format of OpenMetrics 1.0.
    pub(crate) fn text(&self, now: &Now) -> String {
        self.bundle_broken.set(now.bundle_broken.into());
        self.certificate_broken.set(now.certificate_broken.into());
        if let Some(size) = now.ledger_size {
            self.ledger_size.set(size);
        }
        self.budgets.set(&now.standing);
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_have_the_names_that_dashboards_know() {
        let metrics = Metrics::new();
        metrics.decided("deny", false);
        metrics.decided("allow", true);
        metrics.refused("late");
        metrics.step("judge", Duration::from_micros(60));
        metrics.admitted(Duration::from_millis(2));
        let now = Now {
            bundle_broken: true,
            certificate_broken: false,
            ledger_size: Some(7),
            standing: Vec::new(),
        };
        let text = metrics.text(&now);
        for line in [
            "tollgate_decisions_total{verdict=\"deny\",phase=\"live\"} 1",
            "tollgate_decisions_total{verdict=\"allow\",phase=\"dry\"} 1",
            "tollgate_refusals_total{reason=\"late\"} 1",
            "tollgate_callers_refused_total 0",
            "tollgate_step_duration_seconds_bucket{le=\"0.00005\",step=\"judge\"} 0",
            "tollgate_step_duration_seconds_bucket{le=\"0.0001\",step=\"judge\"} 1",
            "tollgate_admission_duration_seconds_count 1",
            "tollgate_bundle_broken 1",
            "tollgate_ledger_size 7",
            concat!("tollgate_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }
}
