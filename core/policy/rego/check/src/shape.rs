//! The Kubernetes objects that rules read: which fields they have, where the kind of the object is known.
//!
//! ```text
//! Graph, used rules first ──Origin: which places of `input` a term stands for──┐
//!                         └─Facts: which kinds the conditions leave────────────┴─> fields, types ──> problems, Given
//! ```
//! A place is known through `:=`, `some .. in`, comprehensions and helper rules; a kind through conditions of the same
//! body, those of helper rules that are conditions, and those under which a helper rule has its value.
//!
//! INVARIANT: nothing is said where a kind is not known or not built in, nor where one of several possible kinds has
//! the field.

mod fact;
mod guess;
mod origin;
mod place;
mod report;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_resolve::tree::{
    Body, Callee, Leaf, Literal, LiteralKind, LocalId, Replacement, Rule, Term, TermKind,
};

use self::fact::Facts;
use self::guess::Guesses;
use self::origin::Origin;
use crate::graph::Graph;
use crate::infer::Given;
use crate::order;
use crate::problem::Problem;
use crate::walk::{Visitor, is_test, walk_body, walk_literal, walk_term};

/// Strings that a value is one of, or holds.
type Strings = Arc<[Arc<str>]>;

/// More strings than this are not kept in mind.
const STRINGS: usize = 200;

/// What a group of rules means to those who use it.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// what its value stands for
    origin: Option<Origin>,
    /// what is known where it holds as a condition
    facts: Facts,
    /// the strings that its value is, or holds
    strings: Option<Strings>,
}

/// What is known of all rules.
pub(crate) struct Shapes<'g> {
    graph: &'g Graph<'g>,
    seen: BTreeMap<usize, Seen>,
    /// by function: what each argument stands for in every call
    handed: BTreeMap<usize, Vec<Option<Origin>>>,
    guesses: Guesses,
    given: Given,
    /// each once, however many ways lead to it
    problems: BTreeSet<Problem>,
}

/// What is known within one rule.
struct Scope<'s, 'g> {
    shapes: &'s mut Shapes<'g>,
    file: usize,
    /// whether the package reads an AdmissionReview: only then are the fields of `input.request` known
    review: bool,
    /// whether the package reads an object of Kubernetes as `input`
    object: bool,
    /// whether its calls tell what functions are given
    hands: bool,
    /// by local
    origins: Vec<Option<Origin>>,
    /// by local: the strings that it is one of
    strings: Vec<Option<Strings>>,
    /// of the bodies around
    facts: Facts,
    /// what the bodies that were looked at tell, by the number of their scope
    told: BTreeMap<u32, Facts>,
}

/// Fields that are not there, and the types of those that are.
pub(crate) fn problems(graph: &Graph<'_>, rules: &[Rule]) -> (Given, Vec<Problem>) {
    let (reviews, objects) = place::packages(rules);
    let reads = |rule: &Rule| (reviews.contains(&rule.package), objects.contains(&rule.package));
    let mut shapes = Shapes {
        graph,
        seen: BTreeMap::new(),
        handed: BTreeMap::new(),
        guesses: Guesses::default(),
        given: Given::new(),
        problems: BTreeSet::new(),
    };
    for group in &graph.order {
        let mut all: Option<Seen> = None;
        for rule in graph.rules(*group) {
            let seen = shapes.rule(rule, reads(rule));
            all = Some(match all {
                None => seen,
                Some(before) => before.or(seen),
            });
        }
        shapes.seen.extend(all.map(|seen| (*group, seen)));
    }
    // What functions are given is known once all that call them were looked at.
    for group in graph.order.iter().rev() {
        for rule in graph.rules(*group).filter(|rule| rule.arguments.is_some()) {
            shapes.function(*group, rule, reads(rule));
        }
    }
    (shapes.given, shapes.problems.into_iter().collect())
}

impl Seen {
    /// What holds whichever of two definitions gave the value.
    fn or(self, other: Self) -> Self {
        let origin = self.origin.zip(other.origin).and_then(|(a, b)| a.or(b));
        let few = |(a, b): &(Strings, Strings)| a.len().saturating_add(b.len()) <= STRINGS;
        let strings = self.strings.zip(other.strings).filter(few);
        let strings = strings.map(|(a, b)| a.iter().chain(&*b).cloned().collect());
        Self { origin, facts: self.facts.or(&other.facts), strings }
    }
}

impl<'g> Shapes<'g> {
    fn rule(&mut self, rule: &Rule, reads: (bool, bool)) -> Seen {
        // A test may call with anything, and a function what it was given itself.
        let hands = rule.arguments.is_none() && !is_test(rule);
        self.scope(rule, reads, hands).branches(rule)
    }

    /// A function again, with what it is given.
    fn function(&mut self, group: usize, rule: &Rule, reads: (bool, bool)) {
        let handed = self.handed.get(&group).cloned().unwrap_or_default();
        let mut scope = self.scope(rule, reads, true);
        for (pattern, origin) in rule.arguments.iter().flatten().zip(handed) {
            if let TermKind::Local(local) = pattern.kind {
                scope.know(local, origin, None);
            }
        }
        scope.branches(rule);
    }

    fn scope(&mut self, rule: &Rule, (review, object): (bool, bool), hands: bool) -> Scope<'_, 'g> {
        Scope {
            shapes: self,
            file: rule.file,
            review,
            object,
            hands,
            origins: vec![None; rule.locals.len()],
            strings: vec![None; rule.locals.len()],
            facts: Facts::default(),
            told: BTreeMap::new(),
        }
    }
}

impl Scope<'_, '_> {
    fn branches(&mut self, rule: &Rule) -> Seen {
        let (Leaf::Value(value) | Leaf::Member(value)) = &rule.leaf;
        let mut all = self.branch(rule, &rule.body, value);
        for branch in &rule.otherwise {
            all = all.or(self.branch(rule, &branch.body, &branch.value));
        }
        all
    }

    /// A call hands its arguments over; `None` where a function is called in a way that cannot be seen.
    fn hand(&mut self, path: &[Arc<str>], arguments: Option<&[Term]>) {
        let Some(group) = self.shapes.graph.group(path).filter(|_| self.hands) else { return };
        let given: Vec<Option<Origin>> = match arguments {
            Some(arguments) => arguments
                .iter()
                .map(|argument| self.origin(argument).map(|origin| origin.under(&self.facts)))
                .collect(),
            None => Vec::new(),
        };
        match self.shapes.handed.get_mut(&group) {
            Some(known) => {
                known.truncate(given.len());
                for (known, given) in known.iter_mut().zip(given) {
                    *known = known.take().zip(given).and_then(|(a, b)| a.or(b));
                }
            }
            None => _ = self.shapes.handed.insert(group, given),
        }
    }

    /// A body and the value that it gives.
    fn branch(&mut self, rule: &Rule, body: &Body, value: &Term) -> Seen {
        let outer = self.enter(body);
        walk_body(self, body);
        rule.keys.iter().for_each(|key| self.term(key));
        self.term(value);
        let origin = self.origin(value).map(|origin| {
            let layers = rule.keys.len().saturating_add(usize::from(matches!(rule.leaf, Leaf::Member(_))));
            origin.wrapped(layers).under(&self.facts)
        });
        let strings = match rule.leaf {
            Leaf::Value(_) if rule.keys.is_empty() => self.strings(value),
            Leaf::Member(_) => self.string(value).map(|text| Arc::from([text])),
            Leaf::Value(_) => None,
        };
        let facts = std::mem::replace(&mut self.facts, outer);
        Seen { origin, facts, strings }
    }

    /// Learns what the locals of a body stand for and what its conditions tell. What was known outside comes back.
    fn enter(&mut self, body: &Body) -> Facts {
        let told = match self.told.get(&body.scopes.0) {
            Some(told) => told.clone(),
            None => {
                let mut told = Facts::default();
                for at in order::of(body, |_| false) {
                    if let Some(literal) = body.literals.get(at) {
                        self.learn(literal);
                        let before = told.is_void();
                        told = told.and(&self.told(literal));
                        if told.is_void() && !before {
                            self.impossible(literal);
                        }
                    }
                }
                self.told.insert(body.scopes.0, told.clone());
                told
            }
        };
        let inside = self.facts.clone().and(&told);
        std::mem::replace(&mut self.facts, inside)
    }

    fn learn(&mut self, literal: &Literal) {
        if !literal.with.is_empty() {
            return;
        }
        match &literal.kind {
            LiteralKind::Assign(Term { kind: TermKind::Local(local), .. }, term) => {
                if let TermKind::Comprehension { body, .. } = &term.kind {
                    self.facts = self.enter(body);
                }
                let (origin, strings) = (self.origin(term), self.string(term).map(|text| Arc::from([text])));
                let strings = strings.or_else(|| self.strings(term));
                self.know(*local, origin, strings);
            }
            LiteralKind::Unify(a, b) => {
                let (fresh, term) = match (&a.kind, &b.kind) {
                    (TermKind::Local(local), _) if self.is_fresh(*local) => (Some(*local), b),
                    (_, TermKind::Local(local)) if self.is_fresh(*local) => (Some(*local), a),
                    _ => (None, a),
                };
                if let Some(local) = fresh {
                    let origin = self.origin(term);
                    self.know(local, origin, None);
                }
            }
            LiteralKind::SomeIn { value: Term { kind: TermKind::Local(local), .. }, collection, .. } => {
                let (origin, strings) = (self.origin(collection), self.strings(collection));
                self.know(*local, origin.and_then(Origin::item), strings);
            }
            LiteralKind::Every { value, collection, .. } => {
                let origin = self.origin(collection);
                self.know(*value, origin.and_then(Origin::item), None);
            }
            _ => {}
        }
    }

    /// A condition that leaves no kind, given those before it.
    fn impossible(&mut self, literal: &Literal) {
        let message =
            "no object is of a kind that this and the other conditions leave, so the body never matches";
        let problem = Problem::new(self.file, literal.span, "contradiction", message);
        let remedy = "conditions of one body must all hold: write a rule for each kind";
        self.shapes.problems.insert(problem.mended_by(remedy));
    }

    fn is_fresh(&self, local: LocalId) -> bool {
        self.origins.get(local.0 as usize).is_some_and(Option::is_none)
    }

    fn know(&mut self, local: LocalId, origin: Option<Origin>, strings: Option<Strings>) {
        if let (Some(place), Some(known)) =
            (self.origins.get_mut(local.0 as usize), self.strings.get_mut(local.0 as usize))
        {
            *place = origin;
            *known = strings;
        }
    }
}

impl<'a> Visitor<'a> for Scope<'_, '_> {
    fn body(&mut self, body: &'a Body) {
        let outer = self.enter(body);
        walk_body(self, body);
        self.facts = outer;
    }

    fn literal(&mut self, literal: &'a Literal) {
        for with in &literal.with {
            if let Replacement::Function(path) = &with.value {
                self.hand(path, None);
            }
        }
        if literal.with.is_empty() {
            self.values(literal);
            walk_literal(self, literal);
        } else {
            // What `with` puts in place of `input` has fields of its own, and functions are given those.
            walk_literal(&mut Unseen(self), literal);
        }
    }

    fn term(&mut self, term: &'a Term) {
        if let TermKind::Comprehension { key, value, body, .. } = &term.kind {
            let outer = self.enter(body);
            walk_body(self, body);
            key.iter().for_each(|key| self.term(key));
            self.term(value);
            self.facts = outer;
            return;
        }
        if let TermKind::Call { callee: Callee::Function(path), arguments, .. } = &term.kind {
            self.hand(path, Some(arguments));
        }
        self.field(term);
        walk_term(self, term);
    }
}

/// Functions that are called with what cannot be seen.
struct Unseen<'u, 's, 'g>(&'u mut Scope<'s, 'g>);

impl<'a> Visitor<'a> for Unseen<'_, '_, '_> {
    fn term(&mut self, term: &'a Term) {
        if let TermKind::Call { callee: Callee::Function(path), .. } = &term.kind {
            self.0.hand(path, None);
        }
        walk_term(self, term);
    }
}

#[cfg(test)]
mod tests;
