//! A subject, judged: every rule in scope asked on its own, over values that all share.

use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_rego::{Arena, Cause, Input, Limits, Session, Tracing, Unprintable, Val, Wrong, WrongKind};
use tollgate_vocabulary::{Path, Step, Value};

use super::{Asked, PolicySet};
use crate::outcome::{Judgement, Outcome, RuleError, Violation, Weight};
use crate::rule::Rule;
use crate::source::{BuiltinErrors, InputForm};
use crate::subject::{NamespaceFact, Subject, Transition};
use crate::violation;

/// What one rule may take, and all rules of one subject together of memory.
pub(super) const LIMITS: Limits = Limits { steps: 4_000_000, memory: 256 << 20 };

impl PolicySet {
    /// Asks every rule whose scope `subject` is in.
    #[must_use]
    pub fn judge(&self, subject: &Subject<'_>) -> Judgement {
        let arena = Arena::new(LIMITS.memory);
        let pending = pending();
        let mut sessions = Sessions {
            set: self,
            subject,
            arena: &arena,
            pending: &pending,
            open: Vec::new(),
            tracing: Vec::new(),
            values: Vec::new(),
            read_namespace: false,
        };
        let transition = Transition::of(subject.request);
        let mut judgement = Judgement::default();
        let first = |form| View { form, namespace: false };
        let (asked, candidates) =
            self.index.candidates(&self.rules, &transition, |form| sessions.value(first(form)));
        judgement.asked = asked;
        for at in candidates {
            let (Some(rule), Some(asked)) = (self.rules.get(at), self.asked.get(at)) else { continue };
            judgement.outcomes.extend(sessions.outcome(at, rule, asked));
        }
        judgement.read_namespace = sessions.read_namespace;
        if let Some(constraints) = &self.constraints {
            constraints.judge(subject, self.data(), &mut judgement);
        }
        judgement
    }
}

/// What a session sees.
#[derive(Clone, Copy, PartialEq, Eq)]
struct View {
    form: InputForm,
    /// whether the Namespace object, or that there is none, is part of it
    namespace: bool,
}

/// The sessions about one subject: opened as they are needed.
struct Sessions<'a> {
    set: &'a PolicySet,
    subject: &'a Subject<'a>,
    arena: &'a Arena,
    pending: &'a [Vec<Arc<str>>],
    open: Vec<(View, Session<'a>)>,
    tracing: Vec<(View, Tracing<'a>)>,
    /// what each view sees as `input`
    values: Vec<(View, Option<Val<'a>>)>,
    /// whether a rule came to where it reads the Namespace object
    read_namespace: bool,
}

impl<'a> Sessions<'a> {
    /// What a rule has to say, where it has anything to say.
    fn outcome(&mut self, at: usize, rule: &Rule, asked: &Asked) -> Option<Outcome> {
        let mut view = View { form: asked.form, namespace: false };
        let mut answer = self.session(view).ask(&asked.entry);
        if answer.wrong.iter().any(|wrong| matches!(wrong.what, WrongKind::Pending(_))) {
            self.read_namespace = true;
            let error = match self.subject.namespace {
                NamespaceFact::Missing => RuleError::NeedsNamespace,
                NamespaceFact::Unavailable(why) => RuleError::NamespaceUnavailable(why.to_owned()),
                NamespaceFact::Known(_) | NamespaceFact::Absent => {
                    view.namespace = true;
                    answer = self.session(view).ask(&asked.entry);
                    return self.say(at, rule, asked, view, answer.given, answer.wrong);
                }
            };
            // What the other bodies found stands all the same.
            let found = self.say(at, rule, asked, view, answer.given, Vec::new());
            let violations = found.map(|found| found.violations).unwrap_or_default();
            return Some(Outcome { rule: at, violations, error: Some(error), weight: Weight::Full });
        }
        self.say(at, rule, asked, view, answer.given, answer.wrong)
    }

    fn say(
        &mut self,
        at: usize,
        rule: &Rule,
        asked: &Asked,
        view: View,
        given: Vec<Val<'a>>,
        wrong: Vec<Wrong>,
    ) -> Option<Outcome> {
        let undefined = |wrong: &&Wrong| wrong.of_builtin && asked.builtin_errors == BuiltinErrors::Undefined;
        let mut error = wrong.iter().find(|wrong| !undefined(wrong)).map(|wrong| self.set.error(wrong));
        if given.is_empty() && error.is_none() {
            return None;
        }
        let mut causes = Vec::new();
        if !given.is_empty() {
            // Asked once more, to learn where in the object each answer comes from.
            if let Some((again, found)) = self.traced(view).map(|tracing| tracing.ask(&asked.entry))
                && again.given == given
            {
                causes = found;
            }
        }
        let mut violations = Vec::new();
        for (at, value) in given.iter().enumerate() {
            let read = value.to_document().map_err(|why| match why {
                Unprintable::TooDeep => RuleError::Limit("depth"),
                Unprintable::TooLong => RuleError::Limit("steps and memory"),
            });
            match read.and_then(|value| violation::read(rule, &value)) {
                Ok(None) => {}
                Ok(Some(violation)) => violations.push(self.placed(violation, causes.get(at))),
                Err(shape) => error = error.or(Some(shape)),
            }
        }
        violations.sort();
        violations.dedup_by(|a, b| a.message == b.message && a.path == b.path);
        let says = !violations.is_empty() || error.is_some();
        says.then_some(Outcome { rule: at, violations, error, weight: Weight::Full })
    }

    /// A violation with the place and value that its cause tells, where the rule itself does not.
    fn placed(&self, mut violation: Violation, cause: Option<&Cause>) -> Violation {
        let Some(cause) = cause else { return violation };
        violation.condition = cause.condition.and_then(|(file, span)| self.set.place(file, span));
        if violation.path.is_none() {
            violation.path.clone_from(&cause.path);
            if violation.found.is_none() {
                violation.found = cause.path.as_ref().and_then(|path| self.found(path));
            }
        }
        violation
    }

    /// The scalar that stands at a path of the object.
    fn found(&self, path: &Path) -> Option<String> {
        let mut value = object(self.subject.request)?;
        for step in path.steps() {
            value = match step {
                Step::Key(key) => value.get(key)?,
                Step::Index(at) => value.as_array()?.get(*at)?,
            };
        }
        match value {
            Value::String(text) => Some(text.to_string()),
            Value::Number(_) | Value::Bool(_) => Some(canonical::text(value)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn session(&mut self, view: View) -> &mut Session<'a> {
        let at = match self.open.iter().position(|(open, _)| *open == view) {
            Some(at) => at,
            None => {
                let input = self.input(view);
                let session = self.set.program.session(input, self.arena, LIMITS);
                self.open.push((view, session));
                self.open.len() - 1
            }
        };
        #[expect(clippy::indexing_slicing, reason = "the position was found or pushed just above")]
        &mut self.open[at].1
    }

    /// The same, traced; nothing where there is no object whose parts could be told.
    fn traced(&mut self, view: View) -> Option<&mut Tracing<'a>> {
        if !self.tracing.iter().any(|(open, _)| *open == view) {
            let object = object(self.subject.request)?;
            let input = self.input(view);
            let tracing = self.set.program.tracing(input, self.arena, LIMITS, object);
            self.tracing.push((view, tracing));
        }
        self.tracing.iter_mut().find(|(open, _)| *open == view).map(|(_, tracing)| tracing)
    }

    /// What a view sees as `input`: put together once.
    fn value(&mut self, view: View) -> Option<Val<'a>> {
        if let Some((_, value)) = self.values.iter().find(|(seen, _)| *seen == view) {
            return *value;
        }
        let value = input(self.subject, view, self.arena);
        self.values.push((view, value));
        value
    }

    fn input(&mut self, view: View) -> Input<'a> {
        let value = self.value(view);
        let pending = if view.namespace { &[] } else { self.pending };
        Input { value, pending, now: now(self.subject) }
    }
}

impl PolicySet {
    pub(super) fn error(&self, wrong: &Wrong) -> RuleError {
        match &wrong.what {
            WrongKind::Runtime(message) => RuleError::Runtime {
                message: message.clone(),
                place: wrong.place.and_then(|(file, span)| self.place(file, span)),
            },
            WrongKind::Limit => RuleError::Limit("steps and memory"),
            WrongKind::Depth => RuleError::Limit("depth"),
            WrongKind::Pending(_) => RuleError::NeedsNamespace,
        }
    }
}

/// The paths of `input` that nobody has learned where they are not given.
pub(super) fn pending() -> [Vec<Arc<str>>; 1] {
    [vec![Arc::from("context"), Arc::from("namespace")]]
}

/// What rules are asked about, with all that is known of it.
pub(super) fn known<'a>(
    subject: &'a Subject<'a>,
    form: InputForm,
    pending: &'a [Vec<Arc<str>>],
    arena: &'a Arena,
) -> Input<'a> {
    let namespace = matches!(subject.namespace, NamespaceFact::Known(_) | NamespaceFact::Absent);
    let pending = if namespace { &[] } else { pending };
    Input { value: input(subject, View { form, namespace }, arena), pending, now: now(subject) }
}

fn now(subject: &Subject<'_>) -> i64 {
    i64::try_from(subject.at.as_nanosecond()).unwrap_or(i64::MAX)
}

/// The object that a subject is about: on DELETE the old one.
pub(super) fn object(request: &Value) -> Option<&Value> {
    let some = |value: &&Value| !value.is_null();
    request.get("object").filter(some).or_else(|| request.get("oldObject").filter(some))
}

/// What rules see as `input`: nothing only where even that finds no memory.
fn input<'a>(subject: &'a Subject<'a>, view: View, arena: &'a Arena) -> Option<Val<'a>> {
    let at = arena.string(&subject.at.to_string()).ok()?;
    let mut context = vec![(Val::String("at"), at)];
    if let (true, Some(namespace)) = (view.namespace, subject.namespace.known()) {
        context.push((Val::String("namespace"), Val::of(namespace)));
    }
    let context = arena.object(context).ok()?;
    let entries = match view.form {
        InputForm::Review => vec![
            (Val::String("apiVersion"), Val::String("admission.k8s.io/v1")),
            (Val::String("context"), context),
            (Val::String("kind"), Val::String("AdmissionReview")),
            (Val::String("request"), Val::of(subject.request)),
        ],
        InputForm::Object => {
            let map = object(subject.request).and_then(Value::as_object);
            let own = map.into_iter().flat_map(|map| map.iter());
            let own = own.map(|(key, value)| (Val::String(key), Val::of(value)));
            own.chain([(Val::String("context"), context)]).collect()
        }
    };
    arena.object(entries).ok()
}
