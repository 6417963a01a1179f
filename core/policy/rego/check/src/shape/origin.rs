//! Which places of `input` a term stands for.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego_resolve::tree::{Base, Callee, Term, TermKind};

use super::fact::Facts;
use super::place::{Place, Step};
use super::{STRINGS, Scope, Strings};
use crate::graph::Reach;
use crate::walk::fixed;

/// More places than this are not followed, nor longer ones, nor steps by a local of more strings.
const PLACES: usize = 16;
const STEPS: usize = 40;
const KEYS: usize = 8;

/// The places that a value may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// none where it is an object that a rule makes
    pub(super) places: Vec<Place>,
    /// the fields of an object that a rule makes, as far as they are known
    fields: Fields,
    /// how many collections, made by a rule or a comprehension, are around what comes from there
    layers: usize,
}

type Fields = BTreeMap<Arc<str>, Option<Origin>>;

impl Origin {
    /// `input`.
    fn input() -> Self {
        let place = Place { steps: Vec::new(), facts: Facts::default() };
        Self { places: vec![place], fields: Fields::new(), layers: 0 }
    }

    /// It, within so many collections more.
    pub(super) fn wrapped(mut self, layers: usize) -> Self {
        self.layers = self.layers.saturating_add(layers);
        self
    }

    /// It, knowing what holds wherever it has a value.
    pub(super) fn under(mut self, facts: &Facts) -> Self {
        for place in &mut self.places {
            place.facts = std::mem::take(&mut place.facts).and(facts);
        }
        for field in self.fields.values_mut() {
            *field = field.take().map(|field| field.under(facts));
        }
        self
    }

    /// One of the two.
    pub(super) fn or(mut self, other: Self) -> Option<Self> {
        let alike = self.layers == other.layers && self.fields.is_empty() == other.fields.is_empty();
        for place in other.places {
            if !self.places.contains(&place) {
                self.places.push(place);
            }
        }
        let mut fields = other.fields;
        for (name, field) in self.fields {
            let both = fields.remove(&name).flatten().zip(field).and_then(|(a, b)| a.or(b));
            fields.insert(name, both);
        }
        self.fields = fields;
        (alike && self.weight() <= PLACES).then_some(self)
    }

    fn weight(&self) -> usize {
        let fields = self.fields.values().flatten().map(Self::weight);
        fields.fold(self.places.len(), usize::saturating_add)
    }

    /// One of its items.
    pub(super) fn item(self) -> Option<Self> {
        self.step(&[Step::Item])
    }

    /// What a step leads to that is one of these.
    pub(super) fn step(mut self, steps: &[Step]) -> Option<Self> {
        if let Some(less) = self.layers.checked_sub(1) {
            self.layers = less;
            return Some(self);
        }
        if !self.fields.is_empty() {
            let [Step::Key(name)] = steps else { return None };
            return self.fields.remove(name).flatten();
        }
        let further = |place: Place| {
            steps.iter().map(move |step| {
                let mut place = place.clone();
                place.steps.push(step.clone());
                place
            })
        };
        self.places = self.places.into_iter().flat_map(further).collect();
        let fits = self.places.iter().all(|place| place.steps.len() <= STEPS) && self.weight() <= PLACES;
        fits.then_some(self)
    }

    /// The steps of the one place that it stands for.
    pub(super) fn only(&self) -> Option<&[Step]> {
        match (self.places.as_slice(), self.layers) {
            ([place], 0) => Some(&place.steps),
            _ => None,
        }
    }

    /// Whether it is a value that stands in `input`.
    pub(super) const fn is_value(&self) -> bool {
        self.layers == 0 && !self.places.is_empty()
    }
}

impl Scope<'_, '_> {
    /// The places that a term stands for, where that is all it may be.
    pub(super) fn origin(&self, term: &Term) -> Option<Origin> {
        match &term.kind {
            TermKind::Local(local) => self.origins.get(local.0 as usize)?.clone(),
            TermKind::Ref { base, steps } => self.reference(base, steps),
            TermKind::Comprehension { value, .. } => Some(self.origin(value)?.wrapped(1)),
            TermKind::Object(entries) => self.object(entries),
            TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. } => {
                match (builtin.name, arguments.as_slice()) {
                    ("or", [a, b]) => self.origin(a)?.or(self.origin(b)?),
                    ("array.concat", [a, b]) => {
                        let (a, b) = (self.origin(a)?.item()?, self.origin(b)?.item()?);
                        Some(a.or(b)?.wrapped(1))
                    }
                    _ => {
                        let (object, keys, default) = taken_with_default(term)?;
                        // With nothing inside what is there instead, a further step leads to the field or nowhere.
                        if !is_empty(default) {
                            return None;
                        }
                        keys.iter()
                            .try_fold(self.origin(object)?, |origin, key| origin.step(&self.steps_of(key)))
                    }
                }
            }
            _ => None,
        }
    }

    /// The places at the end of a reference.
    pub(super) fn reference(&self, base: &Base, steps: &[Term]) -> Option<Origin> {
        let (mut origin, taken) = self.base(base, steps)?;
        for step in steps.get(taken..)? {
            origin = origin.step(&self.steps_of(step))?;
        }
        Some(origin)
    }

    /// Where a reference begins, and how many of its steps that takes.
    pub(super) fn base(&self, base: &Base, steps: &[Term]) -> Option<(Origin, usize)> {
        match base {
            Base::Input => Some((Origin::input(), 0)),
            Base::Data => {
                let Reach::Rules(group, taken) = self.shapes.graph.reach(&fixed(steps)) else { return None };
                if self.shapes.graph.groups.get(group)?.extended {
                    return None;
                }
                Some((self.shapes.seen.get(&group)?.origin.clone()?, taken))
            }
            Base::Local(local) => Some((self.origins.get(local.0 as usize)?.clone()?, 0)),
            Base::Term(term) => Some((self.origin(term)?, 0)),
        }
    }

    /// An object of a rule's own, some of whose fields come from somewhere.
    fn object(&self, entries: &[(Term, Term)]) -> Option<Origin> {
        let mut fields = Fields::new();
        for (key, value) in entries {
            let TermKind::String(name) = &key.kind else { return None };
            fields.insert(name.clone(), self.origin(value));
        }
        let origin = Origin { places: Vec::new(), fields, layers: 0 };
        (1..=PLACES).contains(&origin.weight()).then_some(origin)
    }

    /// The steps that a term of a reference may be.
    pub(super) fn steps_of(&self, step: &Term) -> Vec<Step> {
        match &step.kind {
            TermKind::String(name) => vec![Step::Key(name.clone())],
            TermKind::Local(_) => match self.one_of(step).filter(|names| names.len() <= KEYS) {
                Some(names) => names.iter().map(|name| Step::Key(name.clone())).collect(),
                None => vec![Step::Item],
            },
            _ => vec![Step::Item],
        }
    }

    /// The string that a term is.
    pub(super) fn string(&self, term: &Term) -> Option<Arc<str>> {
        match &term.kind {
            TermKind::String(text) => Some(text.clone()),
            _ => match self.one_of(term).as_deref() {
                Some([text]) => Some(text.clone()),
                _ => None,
            },
        }
    }

    /// The strings that a term is one of: a local of an array of strings, or `names[_]`.
    pub(super) fn one_of(&self, term: &Term) -> Option<Strings> {
        match &term.kind {
            TermKind::Local(local) => self.strings.get(local.0 as usize)?.clone(),
            TermKind::Ref { base: Base::Data, steps } => {
                let (strings, taken) = self.rule_strings(steps)?;
                (steps.len() <= taken.saturating_add(1)).then_some(strings)
            }
            TermKind::Ref { base: Base::Term(term), steps } if steps.len() == 1 => self.strings(term),
            _ => None,
        }
    }

    /// The strings of a collection that holds nothing else.
    pub(super) fn strings(&self, term: &Term) -> Option<Strings> {
        match &term.kind {
            TermKind::String(text) => Some(Arc::from([text.clone()])),
            TermKind::Array(items) | TermKind::Set(items) if items.len() <= STRINGS => {
                items.iter().map(|item| self.string(item)).collect()
            }
            TermKind::Local(local) => self.strings.get(local.0 as usize)?.clone(),
            TermKind::Ref { base: Base::Data, steps } => {
                let (strings, taken) = self.rule_strings(steps)?;
                (steps.len() == taken).then_some(strings)
            }
            _ => None,
        }
    }

    fn rule_strings(&self, steps: &[Term]) -> Option<(Strings, usize)> {
        let Reach::Rules(group, taken) = self.shapes.graph.reach(&fixed(steps)) else { return None };
        Some((self.shapes.seen.get(&group)?.strings.clone()?, taken))
    }
}

/// The object, the keys and the default of `object.get`.
pub(super) fn taken_with_default(term: &Term) -> Option<(&Term, &[Term], &Term)> {
    let TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. } = &term.kind else { return None };
    match arguments.as_slice() {
        [object, key, default] if builtin.name == "object.get" => match &key.kind {
            TermKind::Array(keys) => Some((object, keys, default)),
            _ => Some((object, std::slice::from_ref(key), default)),
        },
        _ => None,
    }
}

/// Whether it is `{}`, `[]`, `set()` or `null`.
fn is_empty(term: &Term) -> bool {
    match &term.kind {
        TermKind::Object(entries) => entries.is_empty(),
        TermKind::Array(items) | TermKind::Set(items) => items.is_empty(),
        TermKind::Null => true,
        _ => false,
    }
}
