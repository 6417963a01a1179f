//! A whole rule, taken apart.

use std::sync::Arc;

use tollgate_rego_resolve::Problem;
use tollgate_rego_resolve::tree::{Body, Leaf, Origin, Rule, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use super::atom::{Atom, AtomKind, Condition, Shape, Slot};
use super::order::{Bound, Unsafe, hoist, order, unbound};
use super::term::Lowerer;

/// A rule in atoms.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    /// where its arguments come in
    pub(crate) arguments: Vec<Slot>,
    /// its body, then what `else` adds
    pub(crate) branches: Vec<Branch>,
    /// how many slots it needs
    pub(crate) slots: Slot,
    /// whether it gives members, not values
    pub(crate) is_set: bool,
    /// the names of its locals, which are its first slots
    pub(crate) names: Vec<Arc<str>>,
    /// its conditions as written
    pub(crate) conditions: Vec<Condition>,
}

/// A body and what it gives.
#[derive(Clone, Debug)]
pub(crate) struct Branch {
    pub(crate) atoms: Vec<Atom>,
    /// the rest of the rule's name
    pub(crate) keys: Vec<Shape>,
    pub(crate) leaf: Shape,
    pub(crate) span: Span,
    /// what stands before the body
    pub(crate) head: Span,
}

pub(crate) fn lower(rule: &Rule, problems: &mut Vec<Problem>) -> Lowered {
    let mut lowerer = Lowerer::new(rule);
    let mut matching = Vec::new();
    let mut arguments = Vec::new();
    for pattern in rule.arguments.iter().flatten() {
        arguments.push(match &pattern.kind {
            // A name of its own is its own slot; one that stands twice is compared.
            TermKind::Local(local) if !arguments.contains(&local.0) => local.0,
            _ => {
                let slot = lowerer.fresh();
                let shape = lowerer.shape(pattern, &mut matching);
                matching.push(lowerer.atom(AtomKind::Unify(Shape::Slot(slot), shape), pattern.span));
                slot
            }
        });
    }
    let (Leaf::Value(leaf) | Leaf::Member(leaf)) = &rule.leaf;
    let heads = Heads { rule, matching: &matching };
    let mut branches = vec![heads.branch(&mut lowerer, &rule.body, &rule.keys, leaf, rule.head_span)];
    for other in &rule.otherwise {
        branches.push(heads.branch(&mut lowerer, &other.body, &[], &other.value, other.span));
    }
    for branch in &mut branches {
        let mut bound = Bound::default();
        arguments.iter().for_each(|slot| bound.add(*slot));
        let mut unsafe_atoms = order(&mut branch.atoms, &mut bound);
        for shape in branch.keys.iter().chain([&branch.leaf]) {
            if !bound.covers(shape) {
                unsafe_atoms.push(Unsafe { span: branch.span, slots: unbound(shape, &bound) });
            }
        }
        if unsafe_atoms.is_empty() && is_cases(rule) {
            // A case is known by its name as soon as it can be, so that one that fails is known too.
            let case = lowerer.atom(AtomKind::Case(branch.keys.clone()), branch.head);
            let tail = branch.atoms.iter().rposition(|atom| atom.condition.is_some()).map_or(0, |at| at + 1);
            branch.atoms.push(case);
            hoist(&mut branch.atoms, tail, &arguments);
        }
        report(rule, unsafe_atoms, problems);
    }
    let is_set = matches!(rule.leaf, Leaf::Member(_));
    let names = rule.locals.iter().map(|local| local.name.clone()).collect();
    Lowered { arguments, branches, slots: lowerer.next, is_set, names, conditions: lowerer.conditions }
}

/// A query in atoms: its leaf is the array of the values of the locals that have a name.
pub(crate) fn lower_query(rule: &Rule, problems: &mut Vec<Problem>) -> (Lowered, Vec<Arc<str>>) {
    let mut lowered = lower(rule, problems);
    let named = rule
        .locals
        .iter()
        .enumerate()
        .filter(|(_, local)| local.scope == rule.body.scopes.0 && local.origin != Origin::Wildcard);
    let (mut names, mut shapes) = (Vec::new(), Vec::new());
    for (slot, local) in named {
        names.push(local.name.clone());
        shapes.push(Shape::Slot(Slot::try_from(slot).unwrap_or(Slot::MAX)));
    }
    if let Some(branch) = lowered.branches.first_mut() {
        branch.leaf = Shape::Array(shapes);
    }
    (lowered, names)
}

/// Whether a rule is a test whose name goes on with its cases: `test_x[case]`.
fn is_cases(rule: &Rule) -> bool {
    !rule.keys.is_empty() && rule.path.iter().skip(rule.package.len()).any(|name| name.starts_with("test_"))
}

/// What all branches of a rule share.
struct Heads<'a> {
    rule: &'a Rule,
    matching: &'a [Atom],
}

impl Heads<'_> {
    fn branch(
        &self,
        lowerer: &mut Lowerer<'_>,
        body: &Body,
        keys: &[Term],
        leaf: &Term,
        span: Span,
    ) -> Branch {
        let mut atoms = self.matching.to_vec();
        lowerer.body(body, &mut atoms);
        let keys = keys.iter().map(|key| lowerer.shape(key, &mut atoms)).collect();
        let leaf = lowerer.shape(leaf, &mut atoms);
        let end = match body.literals.first() {
            Some(first) if span != self.rule.head_span => first.span.start,
            _ => span.end,
        };
        Branch { atoms, keys, leaf, span, head: Span { start: span.start, end } }
    }
}

/// One problem for each atom that is unsafe, naming the rule's own locals.
fn report(rule: &Rule, unsafe_atoms: Vec<Unsafe>, problems: &mut Vec<Problem>) {
    let mut reported = std::collections::BTreeSet::new();
    for Unsafe { span, slots } in unsafe_atoms {
        for slot in slots {
            let Some(local) = rule.locals.get(slot as usize) else { continue };
            if !reported.insert(slot) {
                continue;
            }
            let (place, message) = if &*local.name == "_" {
                (
                    local.span,
                    "`_` stands where nothing gives it a value: in a negation, an argument or a head"
                        .to_owned(),
                )
            } else {
                (local.span, format!("nothing gives `{}` a value (the variable is unsafe)", local.name))
            };
            let place = if place == Span::default() { span } else { place };
            problems.push(Problem::new(rule.file, place, "unsafe-variable", message));
        }
    }
}
