//! How long the pods of a Job may run.
//!
//! `pod-hours <= min(width x activeDeadlineSeconds, (completions + retries) x the pod's activeDeadlineSeconds)`; width
//! is how many run at once. Pods that fail and do not count as a retry make the second bound void.

use tollgate_vocabulary::{MoneyError, Path, Ratio};

use super::lines::counted;
use crate::node::Node;
use crate::{EstimateError, EstimateProblem, Explanation};

/// One run of a Job.
pub(crate) struct Run {
    /// pods at once
    pub(crate) width: u64,
    /// hours of all its pods together at most; nothing where nothing bounds them
    pub(crate) pod_hours: Option<Ratio>,
    /// seconds from its beginning to its end at most
    pub(crate) seconds: Option<Ratio>,
    /// it waits to be resumed
    pub(crate) suspended: bool,
    /// where a bound would stand
    pub(crate) deadline: Path,
    pub(crate) tree: Vec<Explanation>,
}

/// Failed pods that are replaced where a Job does not say how many.
const RETRIES: u64 = 6;

impl Run {
    /// Reads the spec of a Job.
    pub(crate) fn of(spec: &Node<'_, '_>, explain: bool) -> Result<Self, EstimateError> {
        let spec = spec.checked()?;
        let (parallelism, completions) = (spec.get("parallelism"), spec.get("completions"));
        let at_once = parallelism.count()?.unwrap_or(1);
        let wanted = completions.count()?.unwrap_or(at_once);
        let width = at_once.min(wanted);
        let deadline = spec.get("activeDeadlineSeconds");
        let template = spec.get("template");
        let pod = template.get("spec");
        let pod_deadline = pod.get("activeDeadlineSeconds");
        let (of_job, of_pod) = (deadline.seconds()?, pod_deadline.seconds()?);
        let tries = tries(&spec, wanted)?;
        let too_long = |_: MoneyError| deadline.wrong(EstimateProblem::Overflow);
        let times = |seconds: u64, pods: u64| Ratio::from(seconds).times(Ratio::from(pods)).map_err(too_long);
        let by_job = of_job.map(|seconds| times(seconds, width)).transpose()?;
        let by_pods = of_pod.zip(tries).map(|(seconds, tries)| times(seconds, tries)).transpose()?;
        let seconds = match (by_job, by_pods) {
            _ if width == 0 => Some(Ratio::ZERO),
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        let an_hour = Ratio::new(1, 3600).unwrap_or(Ratio::ZERO);
        let mut run = Self {
            width,
            pod_hours: seconds.map(|seconds| seconds.times(an_hour)).transpose().map_err(too_long)?,
            seconds: of_job.map(Ratio::from).or(by_pods),
            suspended: spec.get("suspend").truth()?.unwrap_or(false),
            deadline: deadline.path(),
            tree: Vec::new(),
        };
        if explain {
            let label = format!("{} at once", counted(width, "pod"));
            let line = Explanation::of(label).by_fields([parallelism.field(), completions.field()]);
            run.tree.push(line);
            if let (Some(seconds), Some(sum)) = (of_job, by_job) {
                let words = format!("{} x {seconds} s = {sum} pod-seconds at most", counted(width, "pod"));
                run.tree.push(Explanation::of("deadline").saying(words).by_field(deadline.field()));
            }
            if let (Some(seconds), Some(tries), Some(sum)) = (of_pod, tries, by_pods) {
                let words = format!(
                    "{} with all retries x {seconds} s = {sum} pod-seconds at most",
                    counted(tries, "pod")
                );
                let line = Explanation::of("deadline of a pod").saying(words);
                run.tree.push(line.by_fields([pod_deadline.field(), spec.get("backoffLimit").field()]));
            }
        }
        Ok(run)
    }

    /// Whether any pod runs.
    pub(crate) const fn is_idle(&self) -> bool {
        self.suspended || self.width == 0
    }
}

/// How many pods there may be one after another; nothing where that has no bound.
fn tries(spec: &Node<'_, '_>, completions: u64) -> Result<Option<u64>, EstimateError> {
    let per_index = spec.get("backoffLimitPerIndex").count()?;
    let of_job = spec.get("backoffLimit").count()?;
    let policy = spec.get("podFailurePolicy");
    for rule in policy.get("rules").list()? {
        if rule.get("action").text()? == Some("Ignore") {
            return Ok(None);
        }
    }
    let by_index = per_index.map(|retries| retries.saturating_mul(completions));
    let retries = match (of_job, by_index) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(RETRIES),
    };
    Ok(completions.checked_add(retries))
}
