//! The canonical body of a decision: everything that a verdict rested on, as bytes.
//!
//! Schema `tollgate/decision/v1`; RFC 8785 order and escapes. Whoever holds the body, the change and the facts (each
//! kept by its digest) and the bundle can judge again and must come to the same bytes.

mod money;
mod read;

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Digest, Finding, Judge, Map, Value};

pub(crate) use money::charge_value;
pub use money::{expiry_body, roll_over_body, settlement_body};
pub use read::{ReadBodyError, Told, read};

use crate::change::actor_value;
use crate::{Change, Effects, Judged, Verdict};

/// Schema of decision bodies.
pub const SCHEMA: &str = "tollgate/decision/v1";

/// What this build judges with: named in every body, since another build may judge otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    /// version of this program
    pub build: &'static str,
    /// version of the embedded Kubernetes kinds
    pub kinds: &'static str,
}

/// The engine of this build.
pub const ENGINE: Engine = Engine { build: env!("CARGO_PKG_VERSION"), kinds: "kubernetes-1.36" };

/// A body, and what it names by digest.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// canonical bytes
    pub bytes: Vec<u8>,
    /// the values of the facts that were read, to be kept by their digests
    pub facts: Vec<(Digest, Vec<u8>)>,
}

/// The body of a decision. `digest` is that of the change's canonical bytes ([`Change::canonical`]).
pub fn body(change: &Change, digest: &Digest, judged: &Judged, verdict: &Verdict, effects: &Effects) -> Body {
    let (facts, contents): (Vec<Value>, Vec<_>) =
        judged.facts.iter().map(|(question, fact)| crate::fact::to_value(question, fact)).unzip();
    let mut engine: Map =
        [("build", Value::from(ENGINE.build)), ("kinds", ENGINE.kinds.into())].into_iter().collect();
    if let Some(prices) = &judged.prices {
        engine.insert("prices".into(), prices.to_string().into());
    }
    let objects: Vec<Value> =
        judged.evidence.objects.iter().map(|digest| Value::from(digest.to_string())).collect();
    let mut evidence: Map = [("objects", Value::from(objects))].into_iter().collect();
    if !judged.evidence.costs.is_empty() {
        let costs: Vec<Value> = judged.evidence.costs.iter().map(money::cost_value).collect();
        evidence.insert("costs".into(), costs.into());
    }
    let claims: Vec<Value> = judged.claims.iter().map(claim_value).collect();
    let map: Map = [
        ("actor", actor_value(&change.actor)),
        ("at", change.at.to_string().into()),
        ("bundle", judged.bundle.to_string().into()),
        ("change", digest.to_string().into()),
        ("claims", claims.into()),
        ("effects", effects.to_value()),
        ("engine", engine.into()),
        ("evidence", evidence.into()),
        ("facts", facts.into()),
        ("findings", verdict.findings.iter().map(finding_value).collect::<Vec<_>>().into()),
        ("judges", judges_value(&verdict.judged)),
        ("phase", change.phase.word().into()),
        ("schema", SCHEMA.into()),
        ("subjects", subjects_value(change, verdict)),
        ("surface", change.surface.word().into()),
        ("verdict", verdict.ruling.word().into()),
    ]
    .into_iter()
    .collect();
    Body { bytes: canonical::bytes(&map.into()), facts: contents.into_iter().flatten().collect() }
}

/// The body of a bundle's activation.
#[must_use]
pub fn activation_body(bundle: &crate::Bundle, at: tollgate_vocabulary::Timestamp) -> Vec<u8> {
    let rules: Vec<Value> =
        bundle.policies().rules().iter().map(|rule| Value::from(rule.id.as_str())).collect();
    let map: Map = [
        ("at", Value::from(at.to_string())),
        ("bundle", bundle.digest().to_string().into()),
        ("rules", rules.into()),
        ("schema", "tollgate/activation/v1".into()),
    ]
    .into_iter()
    .collect();
    canonical::bytes(&map.into())
}

/// What every judge did: `judged` or `not judged`. In entries and reports alike.
#[must_use]
pub fn judges_value(judged: &[Judge]) -> Value {
    let map: Map = Judge::ALL
        .into_iter()
        .map(|judge| (judge.word(), if judged.contains(&judge) { "judged" } else { "not judged" }))
        .collect();
    map.into()
}

fn subjects_value(change: &Change, verdict: &Verdict) -> Value {
    let subjects: Vec<Value> = change
        .subjects
        .iter()
        .zip(&verdict.subjects)
        .map(|(subject, ruling)| {
            let mut map: Map = [
                ("apiVersion", Value::from(subject.identity.api_version())),
                ("kind", (*subject.identity.kind).into()),
                ("operation", subject.operation.word().into()),
                ("resource", (*subject.resource.plural).into()),
                ("verdict", ruling.word().into()),
            ]
            .into_iter()
            .collect();
            let optional = [
                ("generateName", &subject.identity.generate_name),
                ("name", &subject.identity.name),
                ("namespace", &subject.identity.namespace),
                ("subResource", &subject.resource.subresource),
            ];
            for (key, value) in optional {
                if let Some(value) = value {
                    map.insert(key.into(), (**value).into());
                }
            }
            map.into()
        })
        .collect();
    subjects.into()
}

fn claim_value(claim: &crate::Claim) -> Value {
    match claim {
        crate::Claim::Rate { principal, changes, window } => [
            ("changes", Value::from(changes.to_string())),
            ("claim", "rate".into()),
            ("principal", principal.as_str().into()),
            ("window", window.to_string().into()),
        ]
        .into_iter()
        .collect::<Map>()
        .into(),
        crate::Claim::Quote { subject, quote, by, expires } => [
            ("by", Value::from(&**by)),
            ("claim", "quote".into()),
            ("expires", expires.to_string().into()),
            ("quote", quote.to_string().into()),
            ("subject", Value::from(*subject as u64)),
        ]
        .into_iter()
        .collect::<Map>()
        .into(),
        crate::Claim::Money { subject, claim, held } => money::claim_value(*subject, claim, *held),
    }
}

/// A finding as entries have it.
fn finding_value(finding: &Finding) -> Value {
    let mut map: Map = [
        ("effect", Value::from(finding.effect.word())),
        ("judge", finding.origin.word().into()),
        ("message", finding.message.as_str().into()),
        ("path", finding.path.to_string().into()),
        ("rule", finding.rule.as_str().into()),
        ("severity", finding.severity.word().into()),
        ("subject", Value::from(finding.subject as u64)),
    ]
    .into_iter()
    .collect();
    let optional = [("expected", &finding.expected), ("found", &finding.found), ("remedy", &finding.remedy)];
    for (key, value) in optional {
        if let Some(value) = value {
            map.insert(key.into(), value.as_str().into());
        }
    }
    if let Some(place) = &finding.policy {
        let place: Map = [
            ("column", Value::from(place.column as u64)),
            ("file", (*place.file).into()),
            ("line", Value::from(place.line as u64)),
        ]
        .into_iter()
        .collect();
        map.insert("policy".into(), place.into());
    }
    if let Some(note) = &finding.exception {
        let note: Map = [
            ("expires", Value::from(note.expires.to_string())),
            ("name", (*note.name).into()),
            ("owner", (*note.owner).into()),
            ("reason", (*note.reason).into()),
        ]
        .into_iter()
        .collect();
        map.insert("exception".into(), note.into());
    }
    map.into()
}
