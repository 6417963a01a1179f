//! How budgets stand, as gauges. Floats are for the eye here; whatever decides computes in whole numbers.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tollgate_flow::{Amount, Standing, Use};
use tollgate_vocabulary::{Money, Rounding};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBudget {
    budget: String,
    currency: String,
}

type Gauges = Family<OfBudget, Gauge<f64, AtomicU64>>;

/// A gauge of each budget for each figure.
#[derive(Debug, Default)]
pub(super) struct Budgets {
    amount: Gauges,
    accrued: Gauges,
    held: Gauges,
    worst: Gauges,
    peak: Gauges,
    gpus: Gauges,
    holds: Gauges,
}

impl Budgets {
    pub(super) fn register(&self, registry: &mut Registry) {
        for (name, help, gauges) in [
            ("budget_amount", "What a budget may come to in its period", &self.amount),
            ("budget_accrued", "What has been spent of it in the period, as far as is known", &self.accrued),
            ("budget_held", "What holds are expected to take until the period ends", &self.held),
            (
                "budget_worst",
                "What is spent, and what holds take at worst until the period ends",
                &self.worst,
            ),
            ("budget_peak_per_hour", "What its dearest hour costs", &self.peak),
            ("budget_gpus", "GPUs held on it", &self.gpus),
            ("budget_holds", "Objects that hold money on it", &self.holds),
        ] {
            registry.register(name, help, gauges.clone());
        }
    }

    /// Sets all gauges, and drops those of budgets that are gone.
    pub(super) fn set(&self, standing: &[Standing]) {
        let all = [&self.amount, &self.accrued, &self.held, &self.worst, &self.peak, &self.gpus, &self.holds];
        for gauges in all {
            gauges.clear();
        }
        for row in standing {
            let label =
                OfBudget { budget: row.budget.to_string(), currency: row.accrued.currency().to_string() };
            let figures = [
                row.expected.limit.map_or(0.0, float),
                of_money(row.accrued),
                of_money(row.held),
                used(&row.worst),
                used(&row.peak),
                used(&row.gpus),
                row.holds as f64,
            ];
            for (gauges, figure) in all.into_iter().zip(figures) {
                gauges.get_or_create(&label).set(figure);
            }
        }
    }
}

fn used(used: &Use) -> f64 {
    float(used.used)
}

fn float(amount: Amount) -> f64 {
    match amount {
        Amount::Money(money) => of_money(money),
        Amount::Gpus(gpus) => gpus.numerator() as f64 / gpus.denominator() as f64,
    }
}

fn of_money(money: Money) -> f64 {
    money.to_text(9, Rounding::HalfUp).parse().unwrap_or(0.0)
}
