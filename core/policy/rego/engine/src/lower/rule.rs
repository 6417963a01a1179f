//! A whole rule, taken apart.

use tollgate_rego_resolve::Problem;
use tollgate_rego_resolve::tree::{Body, Leaf, Origin, Rule, Term, TermKind};
use tollgate_rego_syntax::tree::Span;

use super::atom::{Atom, AtomKind, Condition, Shape, Slot};
use super::order::{Bound, Unsafe, order};
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
    let mut branches = vec![branch(&mut lowerer, &matching, &rule.body, &rule.keys, leaf, rule.head_span)];
    for other in &rule.otherwise {
        branches.push(branch(&mut lowerer, &matching, &other.body, &[], &other.value, other.span));
    }
    for branch in &mut branches {
        let mut bound = Bound::default();
        arguments.iter().for_each(|slot| bound.add(*slot));
        let mut unsafe_atoms = order(&mut branch.atoms, &mut bound);
        for shape in branch.keys.iter().chain([&branch.leaf]) {
            if !bound.covers(shape) {
                let mut slots = std::collections::BTreeSet::new();
                shape.each_slot(&mut |slot| {
                    if !bound.has(slot) {
                        slots.insert(slot);
                    }
                });
                unsafe_atoms.push(Unsafe { span: branch.span, slots });
            }
        }
        report(rule, unsafe_atoms, problems);
    }
    let is_set = matches!(rule.leaf, Leaf::Member(_));
    Lowered { arguments, branches, slots: lowerer.next, is_set, conditions: lowerer.conditions }
}

/// A query in atoms: its leaf is the array of the values of the locals that have a name.
pub(crate) fn lower_query(rule: &Rule, problems: &mut Vec<Problem>) -> (Lowered, Vec<std::sync::Arc<str>>) {
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

fn branch(
    lowerer: &mut Lowerer<'_>,
    matching: &[Atom],
    body: &Body,
    keys: &[Term],
    leaf: &Term,
    span: Span,
) -> Branch {
    let mut atoms = matching.to_vec();
    lowerer.body(body, &mut atoms);
    let keys = keys.iter().map(|key| lowerer.shape(key, &mut atoms)).collect();
    let leaf = lowerer.shape(leaf, &mut atoms);
    Branch { atoms, keys, leaf, span }
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
