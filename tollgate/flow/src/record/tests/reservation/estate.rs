//! An estate whose figures are whole numbers of micro-dollars a second, what its objects take, and requests about them.
//!
//! A thousandth of a core costs 1 of them, a GiB 1, a GPU 1,000; so everything can be added up in plain integers.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use tollgate_gate::{Bundle, RuleFile};
use tollgate_manifest::{Limits, json};
use tollgate_vocabulary::{Fact, ObjectName, Question, Source, Timestamp, Value};

use super::model::Parts;
use crate::reconcile::Existing;

pub(super) const MICRO: i128 = 1_000_000;

/// How long a run of the Job may last, in seconds.
pub(super) const DEADLINE: i128 = 3600;

/// What the autoscaler of `b` allows.
const SCALED: (i128, i128) = (1, 4);

/// Objects that one identity may create in ten minutes, and dollars an hour that it may add.
pub(super) const OBJECTS: u64 = 2;
pub(super) const GROWTH: i128 = 15;

const LIMITS: &str = "[cost.limits]\nobjects = 2\ngrowth = \"15\"\n";

/// One budget: its limits in dollars, GPUs and tenths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) name: &'static str,
    scope: &'static str,
    pub(super) amount: i128,
    /// from how many percent of the amount on it denies
    pub(super) percent: i128,
    /// how many tenths of its amount the worst may come to
    pub(super) exposure: i128,
    /// dollars in the dearest hour
    pub(super) peak: Option<i128>,
    pub(super) gpus: Option<i128>,
    /// whether its months are those of Berlin
    pub(super) berlin: bool,
}

/// Rules of an estate.
#[derive(Debug)]
pub(super) struct Rules {
    /// what prices are multiplied with
    pub(super) factor: i128,
    pub(super) budgets: Vec<Budget>,
    pub(super) bundle: Arc<Bundle>,
}

const ALL: Budget = Budget {
    name: "all",
    scope: "everything: true",
    amount: 6000,
    percent: 100,
    exposure: 20,
    peak: None,
    gpus: None,
    berlin: false,
};
const SHOP: Budget = Budget {
    name: "shop",
    scope: "namespaces: [shop]",
    amount: 4000,
    percent: 100,
    exposure: 30,
    peak: Some(28),
    gpus: Some(4),
    berlin: true,
};
const CENTRE: Budget = Budget {
    name: "centre",
    scope: "costCentre: CC-1",
    amount: 3000,
    percent: 90,
    exposure: 11,
    peak: None,
    gpus: None,
    berlin: false,
};

/// As they are first; with less on every budget; at twice the prices; without one budget.
pub(super) static ESTATES: LazyLock<[Rules; 4]> = LazyLock::new(|| {
    let less = |budget: Budget| Budget { amount: budget.amount / 4, gpus: Some(1), ..budget };
    [
        Rules::new(1, vec![ALL, SHOP, CENTRE], LIMITS),
        Rules::new(1, [ALL, SHOP, CENTRE].map(less).to_vec(), LIMITS),
        Rules::new(2, vec![ALL, SHOP, CENTRE], LIMITS),
        Rules::new(1, vec![ALL, SHOP], LIMITS),
    ]
});

/// A budget for everything and nothing else: no others, and no limit on how fast things grow.
pub(super) fn only(amount: i128) -> Rules {
    Rules::new(1, vec![Budget { amount, ..ALL }], "")
}

impl Rules {
    fn new(factor: i128, budgets: Vec<Budget>, limits: &str) -> Self {
        let prices = format!(
            "resource,unit,price,currency,valid_from,source\n\
             cpu,core-hour,{},USD,2026-01-01,test\n\
             memory,GiB-hour,{},USD,2026-01-01,test\n\
             nvidia.com/gpu,gpu-hour,{},USD,2026-01-01,test\n\
             load-balancer,hour,0.02,USD,2026-01-01,test\n",
            dollars(3_600_000 * factor),
            dollars(3600 * factor),
            dollars(3_600_000 * factor),
        );
        let config = format!(
            "[estate]\nname = \"test\"\nrules = [\"policy\"]\n\
             [cost]\nprices = [\"prices.csv\"]\ncost_centre_label = \"cost-centre\"\n{limits}"
        );
        let mut texts = String::new();
        for budget in &budgets {
            budget.write(&mut texts);
        }
        let file = |path: &str, text: &str| RuleFile {
            root: "policy".into(),
            path: path.into(),
            bytes: text.as_bytes().into(),
        };
        let files = [file("policy/budgets.yaml", &texts), file("prices.csv", &prices)];
        let bundle = Bundle::compile(Some(&file("tollgate.toml", &config)), &files, &[]);
        let bundle = bundle.unwrap_or_else(|error| panic!("{error:#?}"));
        Self { factor, budgets, bundle: Arc::new(bundle) }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Budget> {
        self.budgets.iter().find(|budget| budget.name == name)
    }
}

impl Budget {
    fn write(&self, texts: &mut String) {
        let Self { name, scope, amount, percent, exposure, .. } = self;
        let zone = if self.berlin { "Europe/Berlin" } else { "UTC" };
        let (tens, tenths) = (exposure / 10, exposure % 10);
        write!(
            texts,
            "---\napiVersion: tollgate.dev/v1\nkind: Budget\nmetadata: {{name: {name}}}\nspec:\n  owner: a@b.c\n  \
             scope: {{{scope}}}\n  amount: \"{amount}\"\n  currency: USD\n  timeZone: {zone}\n  \
             exposure: \"{tens}.{tenths}\"\n  thresholds: [{{percent: {percent}, effect: deny}}]\n"
        )
        .unwrap();
        if let Some(peak) = self.peak {
            writeln!(texts, "  peakPerHour: \"{peak}\"").unwrap();
        }
        if let Some(gpus) = self.gpus {
            writeln!(texts, "  gpus: {gpus}").unwrap();
        }
    }
}

/// An object of the tests, by its name: `a` and `b` are Deployments in `shop`, `c` is one in `lab`, and `job` a Job there;
/// `b` has an autoscaler.
pub(super) type Name = &'static str;

pub(super) const NAMES: [Name; 4] = ["a", "b", "c", "job"];

/// What is written of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    /// how many pods; a Job is suspended with none, and has one otherwise
    pub(super) replicas: i128,
    /// thousandths of a core
    pub(super) cpu: i128,
    pub(super) gpu: bool,
    /// whether it is labelled with the cost centre
    pub(super) centre: bool,
}

impl Spec {
    /// What it takes, computed by hand.
    pub(super) fn parts(&self, name: &str, factor: i128) -> Parts {
        let gpus = i128::from(self.gpu);
        let pod = (self.cpu + 1 + gpus * 1000) * factor;
        if name == "job" {
            let runs = self.replicas.min(1);
            return [0, pod * DEADLINE * runs, 0, pod * DEADLINE * runs, pod * runs, gpus * runs];
        }
        let (least, most) = match (name, self.replicas) {
            ("b", 0) => (0, 0),
            ("b", replicas) => (replicas.clamp(SCALED.0, SCALED.1), SCALED.1),
            (_, replicas) => (replicas, replicas),
        };
        let surge = i128::from(most > 0);
        [pod * least, 0, pod * most, 0, pod * (most + surge), gpus * most]
    }

    /// The budgets that it is of, by name.
    pub(super) fn budgets(&self, name: &str, rules: &Rules) -> Vec<String> {
        let fits = |budget: &&Budget| match budget.name {
            "shop" => namespace(name) == "shop",
            "centre" => self.centre,
            _ => true,
        };
        let mut names: Vec<String> =
            rules.budgets.iter().filter(fits).map(|budget| budget.name.to_owned()).collect();
        names.sort();
        names
    }
}

pub(super) fn namespace(name: &str) -> &'static str {
    if matches!(name, "c" | "job") { "lab" } else { "shop" }
}

fn kind(name: &str) -> (&'static str, &'static str, &'static str) {
    if name == "job" { ("batch", "Job", "jobs") } else { ("apps", "Deployment", "deployments") }
}

pub(super) fn object_name(name: &str) -> ObjectName {
    let (group, kind, _) = kind(name);
    ObjectName {
        group: group.into(),
        kind: kind.into(),
        namespace: Some(namespace(name).into()),
        name: name.into(),
    }
}

/// An object as the API server would send it. Without a version it is not stored yet.
pub(super) fn object(name: &str, uid: &str, version: Option<u64>, spec: &Spec, finished: bool) -> String {
    let (group, kind, _) = kind(name);
    let Spec { replicas, cpu, gpu, centre } = spec;
    let label = if *centre { r#","cost-centre":"CC-1""# } else { "" };
    let version = version.map(|version| format!(r#","resourceVersion":"{version}""#)).unwrap_or_default();
    let gpu = if *gpu { r#","nvidia.com/gpu":"1""# } else { "" };
    let pods = format!(
        r#""template":{{"metadata":{{"labels":{{"app":"{name}"}}}},"spec":{{"containers":[{{"name":"main","image":"i",
        "resources":{{"requests":{{"cpu":"{cpu}m","memory":"1Gi"{gpu}}},"limits":{{"memory":"1Gi"{gpu}}}}}}}]}}}}"#
    );
    let how = if kind == "Job" {
        let suspend = *replicas == 0;
        format!(
            r#""suspend":{suspend},"parallelism":1,"completions":1,"backoffLimit":0,"activeDeadlineSeconds":{DEADLINE}"#
        )
    } else {
        format!(
            r#""replicas":{replicas},"selector":{{"matchLabels":{{"app":"{name}"}}}},
            "strategy":{{"type":"RollingUpdate","rollingUpdate":{{"maxSurge":1,"maxUnavailable":0}}}}"#
        )
    };
    let status =
        if finished { r#","status":{"conditions":[{"type":"Complete","status":"True"}]}"# } else { "" };
    format!(
        r#"{{"apiVersion":"{group}/v1","kind":"{kind}","metadata":{{"name":"{name}","namespace":"{}","uid":"{uid}"{version},
        "labels":{{"app":"{name}"{label}}}}},"spec":{{{how},{pods}}}{status}}}"#,
        namespace(name)
    )
}

/// An AdmissionReview about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) operation: &'a str,
    pub(super) name: &'a str,
    pub(super) object: Option<&'a str>,
    pub(super) old: Option<&'a str>,
    pub(super) user: &'a str,
    pub(super) dry: bool,
}

impl Asked<'_> {
    pub(super) fn review(&self, uid: &str) -> String {
        let Self { operation, name, object, old, user, dry } = self;
        let (group, kind, plural) = kind(name);
        format!(
            r#"{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{"uid":"{uid}",
            "kind":{{"group":"{group}","version":"v1","kind":"{kind}"}},
            "resource":{{"group":"{group}","version":"v1","resource":"{plural}"}},
            "operation":"{operation}","userInfo":{{"username":"{user}"}},"namespace":"{}","name":"{name}",
            "dryRun":{dry},"object":{},"oldObject":{}}}}}"#,
            namespace(name),
            object.unwrap_or("null"),
            old.unwrap_or("null"),
        )
    }
}

/// The same object, seen to exist.
pub(super) fn existing(name: &str, object: &str) -> Existing {
    let (_, _, plural) = kind(name);
    Existing { name: object_name(name), plural: plural.into(), value: Arc::new(value(object)) }
}

pub(super) fn key(name: &str) -> tollgate_budget::HoldKey {
    let (group, _, plural) = kind(name);
    crate::reconcile::hold_key(group, plural, &object_name(name))
}

/// What a cluster would say: `b` has an autoscaler, and no namespace has labels.
pub(super) fn answer(question: &Question) -> Fact {
    let known = |text: &str| Fact::Known {
        value: Arc::new(value(text)),
        observed_at: Timestamp::UNIX_EPOCH,
        source: Source::Watch,
    };
    match question {
        Question::Namespace(name) => {
            known(&format!(r#"{{"apiVersion":"v1","kind":"Namespace","metadata":{{"name":"{name}"}}}}"#))
        }
        Question::Around(name) if &*name.name == "b" => known(&format!(
            r#"{{"autoscalers":[{{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler",
            "metadata":{{"name":"b","namespace":"shop"}},"spec":{{"minReplicas":{},"maxReplicas":{},
            "scaleTargetRef":{{"apiVersion":"apps/v1","kind":"Deployment","name":"b"}}}}}}]}}"#,
            SCALED.0, SCALED.1
        )),
        _ => Fact::Absent { observed_at: Timestamp::UNIX_EPOCH, source: Source::Watch },
    }
}

pub(super) fn value(text: &str) -> Value {
    json::read(text.as_bytes(), &Limits::default()).unwrap()
}

/// Micro-dollars as a decimal number of dollars.
fn dollars(micro: i128) -> String {
    format!("{}.{:06}", micro / MICRO, micro % MICRO)
}
