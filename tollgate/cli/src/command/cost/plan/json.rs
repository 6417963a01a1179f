//! What a plan costs as JSON: amounts as text, nine digits behind the point, rounded half up.

use serde::Serialize;
use tollgate_terraform::{Coverage, Figures, PlanEstimate, ResourceEstimate};
use tollgate_vocabulary::Currency;

use super::super::json::{document, nine};
use crate::output::Failure;

#[derive(Serialize)]
struct Document {
    currency: String,
    resources: Vec<Resource>,
    before: OfFigures,
    after: OfFigures,
    delta: OfFigures,
    complete: bool,
    deferred: Vec<String>,
}

#[derive(Serialize)]
struct Resource {
    address: String,
    #[serde(rename = "type")]
    kind: String,
    provider: String,
    supported: bool,
    before: OfFigures,
    after: OfFigures,
    delta: OfFigures,
    unknown: Vec<String>,
    unpriced: Vec<String>,
    unbounded: Vec<String>,
    explanation: Vec<String>,
}

#[derive(Serialize)]
struct OfFigures {
    expected_month: String,
    worst_month: String,
    peak_hour: String,
}

pub(super) fn render(estimate: &PlanEstimate, currency: Currency) -> Result<String, Failure> {
    document(&Document {
        currency: currency.to_string(),
        resources: estimate.resources.iter().map(resource).collect(),
        before: figures(estimate.before),
        after: figures(estimate.after),
        delta: figures(estimate.delta),
        complete: estimate.complete,
        deferred: estimate.deferred.iter().map(ToString::to_string).collect(),
    })
}

fn resource(resource: &ResourceEstimate) -> Resource {
    let paths = |paths: &[tollgate_vocabulary::Path]| paths.iter().map(ToString::to_string).collect();
    Resource {
        address: resource.address.to_string(),
        kind: resource.resource_type.to_string(),
        provider: resource.provider.to_string(),
        supported: resource.coverage == Coverage::Supported,
        before: figures(resource.before),
        after: figures(resource.after),
        delta: figures(resource.delta),
        unknown: paths(&resource.unknown),
        unpriced: resource.unpriced.clone(),
        unbounded: paths(&resource.unbounded),
        explanation: resource.explanation.iter().map(ToString::to_string).collect(),
    }
}

fn figures(figures: Figures) -> OfFigures {
    OfFigures {
        expected_month: nine(figures.expected_month),
        worst_month: nine(figures.worst_month),
        peak_hour: nine(figures.peak_hour),
    }
}
