//! What a subject changes that costs: the object itself, the object behind a scale, or the target of an autoscaler.
//!
//! ```text
//! CREATE, UPDATE of an object ─────> before = old object, after = object
//! UPDATE of its `scale` ───────────> before = the object as known, after = with the scale's replicas
//! an autoscaler ───────────────────> before = after = its target as known; what stands around it changes
//! ```

use std::borrow::Cow;
use std::sync::Arc;

use tollgate_budget::{HoldKey, Holder};
use tollgate_estimate::Around;
use tollgate_manifest::{Identity, kinds};
use tollgate_vocabulary::{Fact, ObjectName, Operation, Path, Question, Value};

use super::observe::has_run;
use crate::{Facts, Subject, Surface};

/// What is to be estimated.
pub(super) struct Transition<'a> {
    /// the object that costs
    pub(super) name: ObjectName,
    /// the key that it is held under
    pub(super) key: HoldKey,
    /// its incarnation
    pub(super) uid: Option<Arc<str>>,
    /// before; nothing where there was nothing
    pub(super) before: Option<Cow<'a, Value>>,
    /// after
    pub(super) after: Cow<'a, Value>,
    /// whether what decides who pays is as before
    pub(super) same_payer: bool,
    /// what was read to know it
    pub(super) read: Option<Question>,
    /// where the subject is an autoscaler: it before and after
    autoscaler: Option<(Option<&'a Value>, &'a Value)>,
    /// whether it is the subject's object itself, so that paths of the estimate are paths of it
    pub(super) own: bool,
}

/// What stands around the object, before and after.
pub(super) struct Arounds<'a> {
    pub(super) before: Around<'a>,
    pub(super) after: Around<'a>,
}

/// What to do with a subject.
pub(super) enum Step<'a> {
    /// it takes no money
    Free,
    /// this must be learned first
    Need(Question),
    /// this could not be learned
    Unknown(Question, String),
    /// it may
    Costs(Box<Transition<'a>>),
}

impl<'a> Transition<'a> {
    pub(super) fn of(subject: &'a Subject, surface: Surface, facts: &'a Facts) -> Step<'a> {
        if !matches!(subject.operation, Operation::Create | Operation::Update) {
            return Step::Free;
        }
        let Some(object) = subject.object() else { return Step::Free };
        match subject.resource.subresource.as_deref() {
            None => match autoscaled(object) {
                Some(target) => Self::of_autoscaler(subject, object, target, surface, facts),
                None => Self::of_object(subject, object),
            },
            Some("resize") => Self::of_object(subject, object),
            Some("scale") => Self::of_scale(subject, object, facts),
            Some(_) => Step::Free,
        }
    }

    fn of_object(subject: &'a Subject, object: &'a Value) -> Step<'a> {
        let identity = &subject.identity;
        let name = object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Value::as_str);
        let name = ObjectName {
            group: Arc::clone(&identity.group),
            kind: Arc::clone(&identity.kind),
            namespace: identity.namespace.clone(),
            name: name.map(Arc::from).or_else(|| identity.generate_name.clone()).unwrap_or_default(),
        };
        let before = subject.old_object();
        // A run that is over takes nothing any more, whatever is written on it.
        if before.is_some_and(|before| has_run(&identity.kind, before)) {
            return Step::Free;
        }
        Step::Costs(Box::new(Self {
            key: key(&subject.resource.group, &subject.resource.plural, &name),
            uid: uid(object),
            same_payer: before.is_some_and(|before| payers(before) == payers(object)),
            before: before.map(Cow::Borrowed),
            after: Cow::Borrowed(object),
            name,
            read: None,
            autoscaler: None,
            own: true,
        }))
    }

    fn of_scale(subject: &'a Subject, scale: &'a Value, facts: &'a Facts) -> Step<'a> {
        let resource = &subject.resource;
        let kind =
            kinds::all().find(|info| info.group == &*resource.group && info.plural == &*resource.plural);
        let identity = &subject.identity;
        let Some(name) = identity.name.clone() else { return Step::Free };
        // The request names the kind `Scale`; what is scaled it names by resource alone.
        let kind = kind.map_or_else(|| Arc::clone(&resource.plural), |info| info.kind.into());
        let name = ObjectName {
            group: Arc::clone(&resource.group),
            kind,
            namespace: identity.namespace.clone(),
            name,
        };
        let question = Question::Object(name.clone());
        let known = match facts.answer(&question) {
            Fact::NotGathered => return Step::Need(question),
            Fact::Known { value, .. } => &**value,
            // Its parent is there, or the API server would not ask: the watch has not told of it yet.
            Fact::Absent { observed_at, .. } => {
                let why = format!("the watch had not told of {} `{}` by {observed_at}", name.kind, name.name);
                return Step::Unknown(question, why);
            }
            Fact::Unavailable { why } => return Step::Unknown(question, why.to_string()),
        };
        let mut after = known.clone();
        if let Value::Object(map) = &mut after
            && let Some(Value::Object(spec)) = map.get_mut("spec")
        {
            let replicas = scale.get("spec").and_then(|spec| spec.get("replicas")).cloned();
            spec.insert("replicas".into(), replicas.unwrap_or_else(|| Value::from(0_u64)));
        }
        Step::Costs(Box::new(Self {
            key: key(&resource.group, &resource.plural, &name),
            uid: uid(known),
            before: Some(Cow::Borrowed(known)),
            after: Cow::Owned(after),
            same_payer: true,
            name,
            read: Some(question),
            autoscaler: None,
            own: false,
        }))
    }

    fn of_autoscaler(
        subject: &'a Subject,
        object: &'a Value,
        name: ObjectName,
        surface: Surface,
        facts: &'a Facts,
    ) -> Step<'a> {
        let question = Question::Object(name.clone());
        let known = match (facts.answer(&question), surface) {
            (Fact::NotGathered, _) => return Step::Need(question),
            (Fact::Known { value, .. }, _) => &**value,
            // It scales nothing yet; what it will scale is estimated with it when it comes.
            (Fact::Absent { .. }, _) | (Fact::Unavailable { .. }, Surface::Files) => return Step::Free,
            (Fact::Unavailable { why }, Surface::Admission) => {
                return Step::Unknown(question, why.to_string());
            }
        };
        let version = Identity::of(known);
        let plural = kinds::of(&version.group, &version.version, &version.kind)
            .map_or_else(|| format!("{}s", name.kind.to_lowercase()), |info| info.plural.to_owned());
        Step::Costs(Box::new(Self {
            key: key(&name.group, &plural, &name),
            uid: uid(known),
            before: Some(Cow::Borrowed(known)),
            after: Cow::Borrowed(known),
            same_payer: true,
            name,
            read: Some(question),
            autoscaler: Some((subject.old_object(), object)),
            own: false,
        }))
    }

    /// Whether what it takes may grow in a way that no figure shows: anything of its spec is another, or it has more
    /// replicas, or may.
    pub(super) fn may_grow(&self) -> bool {
        let Some(before) = &self.before else { return true };
        let spec = |object: &Value| {
            let mut spec = object.get("spec").cloned().unwrap_or_default();
            if let Value::Object(map) = &mut spec {
                map.remove("replicas");
            }
            spec
        };
        let replicas = |object: &Value| match object.get("spec").and_then(|spec| spec.get("replicas")) {
            None => Some(1),
            Some(Value::Number(number)) => number.as_str().parse::<u64>().ok(),
            Some(_) => None,
        };
        let fewer =
            replicas(&self.after).zip(replicas(before)).is_some_and(|(after, before)| after <= before);
        !fewer || self.autoscaler.is_some() || spec(before) != spec(&self.after)
    }

    /// What stands around the object, given the fact about it.
    pub(super) fn around(&self, known: Option<&'a Value>, with_owner: bool) -> Arounds<'a> {
        let around = known.map(|known| Around::of_fact(known, &self.after)).unwrap_or_default();
        let around = if with_owner { around } else { Around { owner: None, ..around } };
        match self.autoscaler {
            None => Arounds { before: around.clone(), after: around },
            Some((old, new)) => Arounds {
                before: around.clone().with_autoscaler(old, new),
                after: around.with_autoscaler(Some(new), new),
            },
        }
    }

    /// A path of the estimated object as one of the subject's object.
    pub(super) fn path(&self, path: &Path) -> Path {
        match (self.own, &self.autoscaler) {
            (true, _) => path.clone(),
            (false, Some(_)) => Path::of_keys(&["spec"]),
            (false, None) => Path::of_keys(&["spec", "replicas"]),
        }
    }
}

/// What an autoscaler scales.
fn autoscaled(value: &Value) -> Option<ObjectName> {
    tollgate_estimate::autoscaled(value)
}

/// The key that an object's money is held under; the cluster is the installation's own.
pub(crate) fn key(group: &str, plural: &str, name: &ObjectName) -> HoldKey {
    HoldKey::new(&Holder {
        cluster: "".into(),
        group: group.into(),
        resource: plural.into(),
        namespace: name.namespace.as_deref().unwrap_or_default().into(),
        name: (&*name.name).into(),
    })
}

fn uid(object: &Value) -> Option<Arc<str>> {
    object.get("metadata")?.get("uid")?.as_str().map(Arc::from)
}

/// What decides who pays for an object: its labels and those of its pods.
fn payers(object: &Value) -> (Option<&Value>, Option<&Value>) {
    let template = object.get("spec").and_then(|spec| spec.get("template"));
    (
        object.get("metadata").and_then(|metadata| metadata.get("labels")),
        template.and_then(|template| template.get("metadata")).and_then(|metadata| metadata.get("labels")),
    )
}
