//! Why bytes are no plan that can be priced, and what they are instead.
//!
//! INVARIANT: no message repeats a value of the input but its format version, cut short.

use tollgate_manifest::{Position, ReadError};
use tollgate_vocabulary::Path;

/// Why a plan cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// no JSON
    #[error("line {}, column {}: {error}{}", error.position.line, error.position.column, remedy(error))]
    Json {
        /// what is wrong, and where
        error: ReadError,
    },
    /// something else that Terraform or another tool writes
    #[error("{0}")]
    NotAPlan(Foreign),
    /// a plan in a format that is not read here
    #[error("format_version `{0}` is not read, only 1.x: {1}")]
    Version(String, &'static str),
    /// a plan that Terraform could not finish
    #[error("the plan ended in an error (`errored` is true): what it lacks cannot be priced; plan again")]
    Errored,
    /// a part that is not as the format has it
    #[error("line {}: `{path}` {problem}", position.line)]
    Shape {
        /// where in the JSON
        path: Path,
        /// what is wrong with it
        problem: &'static str,
        /// where in the text; the nearest part that is there
        position: Position,
    },
}

/// What is no plan's JSON, but looks familiar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Foreign {
    /// what `terraform plan -out` writes
    #[error("this is a plan file, not its JSON: `terraform show -json PLAN`")]
    PlanFile,
    /// `terraform.tfstate`
    #[error("this is a state, not a plan: `terraform plan -out PLAN`, then `terraform show -json PLAN`")]
    State,
    /// `terraform show -json` without a plan
    #[error(
        "this is a state, not a plan: `terraform show -json` was given no plan file; `terraform show -json PLAN`"
    )]
    ShownState,
    /// `terraform plan -json`
    #[error(
        "this is the log of `terraform plan -json`, not a plan: `terraform plan -out PLAN`, then `terraform show -json PLAN`"
    )]
    Log,
    /// `terraform providers schema -json`
    #[error("these are schemas of providers, not a plan: `terraform show -json PLAN`")]
    Schemas,
    /// `terraform validate -json`
    #[error("this is what `terraform validate -json` prints, not a plan: `terraform show -json PLAN`")]
    Validation,
    /// `*.tf.json`
    #[error(
        "this is configuration, not a plan: `terraform plan -out PLAN`, then `terraform show -json PLAN`"
    )]
    Configuration,
    /// text
    #[error("this is text, not the JSON of a plan: `terraform show -json PLAN`")]
    Text,
    /// an object of Kubernetes
    #[error("this is a Kubernetes object, not a plan of Terraform")]
    Kubernetes,
    /// a template of CloudFormation
    #[error("this is a template of CloudFormation, not a plan of Terraform")]
    CloudFormation,
    /// what another tool made of a plan
    #[error("this is an estimate of Infracost, not a plan: `terraform show -json PLAN`")]
    Infracost,
    /// some other JSON
    #[error(
        "this JSON is no plan: it has neither `resource_changes` nor `planned_values`; `terraform show -json PLAN`"
    )]
    Other,
}

fn remedy(error: &ReadError) -> String {
    error.remedy.as_ref().map(|remedy| format!(": {remedy}")).unwrap_or_default()
}
