//! Workloads of the second implementation: as YAML, and as figures.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::fraction::Fraction;
use super::model::{Amount, Container, Figures, Pod, Prices, any_bytes, any_pod};

/// How a surge is written.
#[derive(Clone, Debug)]
pub(crate) enum Surge {
    Unset,
    Recreate,
    Pods(u64),
    Percent(u64),
}

#[derive(Clone, Debug)]
pub(crate) struct Run {
    parallelism: Option<u64>,
    completions: Option<u64>,
    retries: Option<u64>,
    deadline: Option<u64>,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Deployment { replicas: Option<u64>, scaler: Option<(Option<u64>, u64)>, surge: Surge },
    StatefulSet { replicas: Option<u64>, claims: Vec<Amount> },
    DaemonSet,
    Job(Run),
    CronJob { run: Run, minutes: u64, policy: &'static str },
}

#[derive(Clone, Debug)]
pub(crate) struct Workload {
    kind: Kind,
    pod: Pod,
}

pub(crate) fn any_workload() -> impl Strategy<Value = Workload> {
    let replicas = || proptest::option::of(0_u64..40);
    let surge = prop_oneof![
        Just(Surge::Unset),
        Just(Surge::Recreate),
        (0_u64..9).prop_map(Surge::Pods),
        (0_u64..180).prop_map(Surge::Percent),
    ];
    let scaler = proptest::option::of((proptest::option::of(1_u64..9), 9_u64..60));
    let few = || proptest::option::of(1_u64..9);
    let deadline = proptest::option::weighted(0.7, 1_u64..90_000);
    let run = (few(), few(), proptest::option::of(0_u64..9), deadline).prop_map(
        |(parallelism, completions, retries, deadline)| Run { parallelism, completions, retries, deadline },
    );
    let minutes = proptest::sample::select(vec![1_u64, 2, 3, 5, 10, 12, 15, 20, 30]);
    let policy = proptest::sample::select(vec!["Allow", "Forbid", "Replace"]);
    let kind = prop_oneof![
        (replicas(), scaler, surge).prop_map(|(replicas, scaler, surge)| Kind::Deployment {
            replicas,
            scaler,
            surge
        }),
        (replicas(), proptest::collection::vec(any_bytes(), 0..3))
            .prop_map(|(replicas, claims)| Kind::StatefulSet { replicas, claims }),
        Just(Kind::DaemonSet),
        run.clone().prop_map(Kind::Job),
        (run, minutes, policy).prop_map(|(run, minutes, policy)| Kind::CronJob { run, minutes, policy }),
    ];
    (kind, any_pod()).prop_map(|(kind, pod)| Workload { kind, pod })
}

impl Workload {
    pub(crate) const fn is_once(&self) -> bool {
        matches!(self.kind, Kind::Job(_))
    }

    pub(crate) fn figures(&self, prices: &Prices) -> Figures {
        let hour = self.pod.hour(prices);
        let gpus = self.pod.request("nvidia.com/gpu");
        let month = Fraction::whole(730);
        let times = |one: &Fraction, count: u64| one.times(&Fraction::whole(count));
        match &self.kind {
            Kind::Deployment { replicas, scaler, surge } => {
                let written = replicas.unwrap_or(1);
                let (expected, worst) = match scaler {
                    Some(_) if written == 0 => (0, 0),
                    Some((least, most)) => (written.clamp(least.unwrap_or(1), *most), *most),
                    None => (written, written),
                };
                let added = match surge {
                    _ if worst == 0 => 0,
                    Surge::Recreate => 0,
                    Surge::Pods(pods) => *pods,
                    Surge::Percent(percent) => Fraction::of(worst * percent, 100).ceil(),
                    Surge::Unset => Fraction::of(worst, 4).ceil(),
                };
                Figures {
                    expected: times(&hour, expected).times(&month),
                    worst: times(&hour, worst).times(&month),
                    peak: times(&hour, worst + added),
                    gpus: times(&gpus, worst),
                    unbounded: if worst == 0 { Vec::new() } else { self.pod.unbounded("spec.template.spec") },
                }
            }
            Kind::StatefulSet { replicas, claims } => {
                let count = replicas.unwrap_or(1);
                let storage = claims
                    .iter()
                    .fold(Fraction::whole(0), |sum, claim| sum.plus(&prices.hour("storage", &claim.value())));
                let all = times(&hour.plus(&storage), count);
                Figures {
                    expected: all.times(&month),
                    worst: all.times(&month),
                    peak: all,
                    gpus: times(&gpus, count),
                    unbounded: if count == 0 { Vec::new() } else { self.pod.unbounded("spec.template.spec") },
                }
            }
            Kind::DaemonSet => Figures {
                expected: times(&hour, 3).times(&month),
                worst: times(&hour, 13).times(&month),
                peak: times(&hour, 13),
                gpus: times(&gpus, 13),
                unbounded: self.pod.unbounded("spec.template.spec"),
            },
            Kind::Job(run) => {
                let (width, seconds) = run.bound(self.pod.deadline);
                let mut unbounded = self.pod.unbounded("spec.template.spec");
                if seconds.is_none() {
                    unbounded.insert(0, "spec.activeDeadlineSeconds".to_owned());
                }
                let once = hour.times(&Fraction::of(seconds.unwrap_or(0), 3600));
                Figures {
                    expected: once.clone(),
                    worst: once,
                    peak: times(&hour, width),
                    gpus: times(&gpus, width),
                    unbounded,
                }
            }
            Kind::CronJob { run, minutes, policy } => self.of_cron_job(run, *minutes, policy, &hour, &gpus),
        }
    }

    fn of_cron_job(
        &self,
        run: &Run,
        minutes: u64,
        policy: &str,
        hour: &Fraction,
        gpus: &Fraction,
    ) -> Figures {
        let fires = Fraction::of(365 * 24 * 60 / minutes, 12);
        let (width, seconds) = run.bound(self.pod.deadline);
        let runs = seconds.map(|seconds| fires.times(&Fraction::of(seconds, 3600)));
        let whole = Fraction::whole(730 * width);
        let mut unbounded = self.pod.unbounded("spec.jobTemplate.spec.template.spec");
        let (hours, at_once) = match (policy, runs) {
            ("Allow", Some(runs)) => {
                let lasts = run.deadline.unwrap_or_else(|| run.tries() * self.pod.deadline.unwrap());
                (runs, Fraction::of(lasts, 60 * minutes).ceil())
            }
            ("Allow", None) => {
                unbounded.insert(0, "spec.jobTemplate.spec.activeDeadlineSeconds".to_owned());
                (Fraction::whole(0), 1)
            }
            (_, Some(runs)) => (runs.min(whole), 1),
            (_, None) => (whole, 1),
        };
        let times = |one: &Fraction, count: u64| one.times(&Fraction::whole(count));
        Figures {
            expected: hour.times(&hours),
            worst: hour.times(&hours),
            peak: times(hour, width * at_once),
            gpus: times(gpus, width * at_once),
            unbounded,
        }
    }

    pub(crate) fn to_yaml(&self) -> String {
        let mut text = String::new();
        let (version, kind) = match self.kind {
            Kind::Deployment { .. } => ("apps/v1", "Deployment"),
            Kind::StatefulSet { .. } => ("apps/v1", "StatefulSet"),
            Kind::DaemonSet => ("apps/v1", "DaemonSet"),
            Kind::Job(_) => ("batch/v1", "Job"),
            Kind::CronJob { .. } => ("batch/v1", "CronJob"),
        };
        let _ = write!(text, "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: w}}\nspec: {{");
        match &self.kind {
            Kind::Deployment { replicas, scaler, surge } => {
                field(&mut text, "replicas", *replicas);
                let _ = match surge {
                    Surge::Unset => Ok(()),
                    Surge::Recreate => write!(text, "strategy: {{type: Recreate}}, "),
                    Surge::Pods(pods) => write!(text, "strategy: {{rollingUpdate: {{maxSurge: {pods}}}}}, "),
                    Surge::Percent(share) => {
                        write!(text, "strategy: {{rollingUpdate: {{maxSurge: '{share}%'}}}}, ")
                    }
                };
                let _ = writeln!(text, "template: {{spec: {}}}}}", pod(&self.pod));
                if let Some((least, most)) = scaler {
                    text.push_str("---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\n");
                    text.push_str(
                        "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: w}, ",
                    );
                    field(&mut text, "minReplicas", *least);
                    let _ = writeln!(text, "maxReplicas: {most}}}");
                }
            }
            Kind::StatefulSet { replicas, claims } => {
                field(&mut text, "replicas", *replicas);
                text.push_str("volumeClaimTemplates: [");
                for claim in claims {
                    let _ = write!(
                        text,
                        "{{spec: {{resources: {{requests: {{storage: \"{}\"}}}}}}}}, ",
                        claim.text
                    );
                }
                let _ = writeln!(text, "], template: {{spec: {}}}}}", pod(&self.pod));
            }
            Kind::DaemonSet => {
                let _ = writeln!(text, "template: {{spec: {}}}}}", pod(&self.pod));
            }
            Kind::Job(run) => {
                let _ = writeln!(text, "{}}}", run.to_yaml(&self.pod));
            }
            Kind::CronJob { run, minutes, policy } => {
                let schedule =
                    if *minutes == 1 { "* * * * *".to_owned() } else { format!("*/{minutes} * * * *") };
                let job = run.to_yaml(&self.pod);
                let _ = writeln!(
                    text,
                    "schedule: '{schedule}', concurrencyPolicy: {policy}, jobTemplate: {{spec: {{{job}}}}}}}"
                );
            }
        }
        text
    }
}

impl Run {
    fn width(&self) -> u64 {
        let parallelism = self.parallelism.unwrap_or(1);
        parallelism.min(self.completions.unwrap_or(parallelism))
    }

    fn tries(&self) -> u64 {
        self.completions.unwrap_or(self.parallelism.unwrap_or(1)) + self.retries.unwrap_or(6)
    }

    /// Pods at once, and seconds of all pods together.
    fn bound(&self, of_pod: Option<u64>) -> (u64, Option<u64>) {
        let by_job = self.deadline.map(|seconds| seconds * self.width());
        let by_pods = of_pod.map(|seconds| seconds * self.tries());
        let bound = match (by_job, by_pods) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        (self.width(), bound)
    }

    fn to_yaml(&self, of: &Pod) -> String {
        let mut text = String::new();
        field(&mut text, "parallelism", self.parallelism);
        field(&mut text, "completions", self.completions);
        field(&mut text, "backoffLimit", self.retries);
        field(&mut text, "activeDeadlineSeconds", self.deadline);
        let _ = write!(text, "template: {{spec: {}}}", pod(of));
        text
    }
}

fn field(text: &mut String, key: &str, value: Option<u64>) {
    if let Some(value) = value {
        let _ = write!(text, "{key}: {value}, ");
    }
}

fn pod(pod: &Pod) -> String {
    let mut text = String::from("{");
    field(&mut text, "activeDeadlineSeconds", pod.deadline);
    if !pod.level.is_empty() {
        let _ = write!(text, "resources: {{requests: {}}}, ", amounts(&pod.level));
    }
    if !pod.overhead.is_empty() {
        let _ = write!(text, "overhead: {}, ", amounts(&pod.overhead));
    }
    let containers: Vec<String> = pod.containers.iter().map(|one| container(one, "")).collect();
    let sidecar = |is: bool| if is { "restartPolicy: Always, " } else { "" };
    let inits: Vec<String> = pod.inits.iter().map(|(one, is)| container(one, sidecar(*is))).collect();
    let _ = write!(text, "containers: [{}], initContainers: [{}]}}", containers.join(", "), inits.join(", "));
    text
}

fn container(container: &Container, more: &str) -> String {
    let (requests, limits) = (amounts(&container.requests), amounts(&container.limits));
    format!("{{name: a, {more}resources: {{requests: {requests}, limits: {limits}}}}}")
}

fn amounts(amounts: &BTreeMap<&'static str, Amount>) -> String {
    let amounts = amounts.iter().map(|(name, amount)| format!("\"{name}\": \"{}\"", amount.text));
    format!("{{{}}}", amounts.collect::<Vec<_>>().join(", "))
}
