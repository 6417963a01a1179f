//! Fields of the same name in the answer must be the same field (GraphQL, October 2021, 5.3.2).

use std::collections::BTreeSet;

use super::check::Check;
use super::selection::{Selection, kind_of};
use super::tree::Node;
use super::types::Definition;
use crate::Error;

/// A field, and the type it is a field of.
#[derive(Clone, Copy)]
struct Placed<'c, 'a> {
    parent: Option<&'c Definition<'a>>,
    node: Node<'a>,
}

/// Fields by their names in the answer, in order, and the fragments spread among them.
#[derive(Default)]
struct Fields<'c, 'a> {
    fields: Vec<(&'a str, Vec<Placed<'c, 'a>>)>,
    spreads: Vec<Node<'a>>,
}

/// Why two fields do not go together.
struct Conflict<'a> {
    name: &'a str,
    reason: String,
    inner: Vec<Conflict<'a>>,
    node: Node<'a>,
}

type Found<'a> = Result<Vec<Conflict<'a>>, Error>;

/// Checks what a node selects.
pub(super) fn within<'c, 'a>(
    check: &mut Check<'c, 'a, '_>,
    parent: Option<&'c Definition<'a>>,
    node: &Node<'a>,
) -> Result<(), Error> {
    let own = collect(check, parent, node)?;
    let mut conflicts = Vec::new();
    for (_, fields) in &own.fields {
        for (at, a) in fields.iter().enumerate() {
            for b in fields.iter().skip(at + 1) {
                conflicts.extend(conflict(check, false, *a, *b, 0)?);
            }
        }
    }
    let mut compared = BTreeSet::new();
    for (at, spread) in own.spreads.iter().enumerate() {
        conflicts.extend(with_fragment(check, &mut compared, false, &own, spread, 0)?);
        for other in own.spreads.iter().skip(at + 1) {
            conflicts.extend(between_fragments(check, false, spread, other, 0)?);
        }
    }
    for conflict in &conflicts {
        let message = format!(
            "Fields \"{}\" conflict because {}. Use different aliases on the fields to fetch both if this was intentional.",
            conflict.name,
            conflict.told()
        );
        check.report(&conflict.node, message);
    }
    Ok(())
}

impl Conflict<'_> {
    fn told(&self) -> String {
        if self.inner.is_empty() {
            return self.reason.clone();
        }
        let inner: Vec<_> = self
            .inner
            .iter()
            .map(|inner| format!("subfields \"{}\" conflict because {}", inner.name, inner.told()))
            .collect();
        inner.join(" and ")
    }
}

fn collect<'c, 'a>(
    check: &Check<'c, 'a, '_>,
    parent: Option<&'c Definition<'a>>,
    node: &Node<'a>,
) -> Result<Fields<'c, 'a>, Error> {
    let mut found = Fields::default();
    // What is still to look at, the next one last.
    let mut rest: Vec<_> =
        node.list("SelectionSet").into_iter().rev().map(|node| Placed { parent, node }).collect();
    while let Some(placed) = rest.pop() {
        check.call.meter.spend(1)?;
        match kind_of(&placed.node) {
            Selection::Field => {
                let name = placed.node.text("Alias");
                match found.fields.iter_mut().find(|(own, _)| *own == name) {
                    Some((_, fields)) => fields.push(placed),
                    None => found.fields.push((name, vec![placed])),
                }
            }
            Selection::Spread => found.spreads.push(placed.node),
            Selection::Inline => {
                let condition = placed.node.text("TypeCondition");
                let parent = if condition.is_empty() { placed.parent } else { check.definition(condition) };
                let inner = placed.node.list("SelectionSet").into_iter().rev();
                rest.extend(inner.map(|node| Placed { parent, node }));
            }
        }
    }
    Ok(found)
}

fn fragment<'c, 'a>(check: &Check<'c, 'a, '_>, spread: &Node<'a>) -> Result<Option<Fields<'c, 'a>>, Error> {
    let Some(fragment) = check.fragment_named(spread.name()) else { return Ok(None) };
    let parent = check.definition(fragment.text("TypeCondition"));
    collect(check, parent, &fragment).map(Some)
}

fn with_fragment<'a>(
    check: &mut Check<'_, 'a, '_>,
    compared: &mut BTreeSet<&'a str>,
    exclusive: bool,
    own: &Fields<'_, 'a>,
    spread: &Node<'a>,
    depth: usize,
) -> Found<'a> {
    let mut found = Vec::new();
    let mut rest = vec![*spread];
    while let Some(spread) = rest.pop() {
        if !compared.insert(spread.name()) {
            continue;
        }
        let Some(other) = fragment(check, &spread)? else { continue };
        found.extend(between(check, exclusive, own, &other, depth)?);
        rest.extend(other.spreads.into_iter().rev());
    }
    Ok(found)
}

fn between_fragments<'a>(
    check: &mut Check<'_, 'a, '_>,
    exclusive: bool,
    a: &Node<'a>,
    b: &Node<'a>,
    depth: usize,
) -> Found<'a> {
    let mut found = Vec::new();
    let mut rest = vec![(*a, *b)];
    while let Some((a, b)) = rest.pop() {
        let pair = if a.name() < b.name() { (a.name(), b.name()) } else { (b.name(), a.name()) };
        let before = check.compared.get(&pair).copied();
        if a.name() == b.name() || before.is_some_and(|before| exclusive || !before) {
            continue;
        }
        check.compared.insert(pair, exclusive);
        let (Some(of_a), Some(of_b)) = (fragment(check, &a)?, fragment(check, &b)?) else { continue };
        found.extend(between(check, exclusive, &of_a, &of_b, depth)?);
        rest.extend(of_a.spreads.iter().rev().map(|spread| (*spread, b)));
        rest.extend(of_b.spreads.iter().rev().map(|spread| (a, *spread)));
    }
    Ok(found)
}

fn between<'a>(
    check: &mut Check<'_, 'a, '_>,
    exclusive: bool,
    a: &Fields<'_, 'a>,
    b: &Fields<'_, 'a>,
    depth: usize,
) -> Found<'a> {
    let mut found = Vec::new();
    for (name, fields) in &a.fields {
        let others =
            b.fields.iter().find(|(own, _)| own == name).map(|own| own.1.as_slice()).unwrap_or_default();
        for a in fields {
            for b in others {
                found.extend(conflict(check, exclusive, *a, *b, depth)?);
            }
        }
    }
    Ok(found)
}

fn conflict<'a>(
    check: &mut Check<'_, 'a, '_>,
    exclusive: bool,
    a: Placed<'_, 'a>,
    b: Placed<'_, 'a>,
    depth: usize,
) -> Result<Option<Conflict<'a>>, Error> {
    check.call.meter.spend(2)?;
    if depth > super::DEPTH {
        return Err(super::too_deep());
    }
    let (Some(parent_a), Some(parent_b)) = (a.parent, b.parent) else { return Ok(None) };
    let (of_a, of_b) =
        (check.field_definition(a.parent, a.node.name()), check.field_definition(b.parent, b.node.name()));
    let objects = parent_a.kind == "OBJECT" && parent_b.kind == "OBJECT" && parent_a.name != parent_b.name;
    let exclusive = exclusive || (objects && of_a.is_some() && of_b.is_some());
    let name = a.node.text("Alias");
    let because = |reason: String| Ok(Some(Conflict { name, reason, inner: Vec::new(), node: b.node }));
    if !exclusive {
        if a.node.name() != b.node.name() {
            return because(format!("\"{}\" and \"{}\" are different fields", a.node.name(), b.node.name()));
        }
        if !same_arguments(&a.node, &b.node) {
            return because("they have differing arguments".to_owned());
        }
    }
    let types = of_a.and_then(|own| own.get("Type")).zip(of_b.and_then(|own| own.get("Type")));
    if let Some((of_a, of_b)) = types.filter(|(a, b)| differ(check, *a, *b)) {
        let (a, b) = (of_a.type_shown(), of_b.type_shown());
        return because(format!("they return conflicting types \"{a}\" and \"{b}\""));
    }
    let next = |own: Node<'a>| check.definition(own.type_name());
    let (next_a, next_b) = (types.and_then(|types| next(types.0)), types.and_then(|types| next(types.1)));
    let (inner_a, inner_b) = (collect(check, next_a, &a.node)?, collect(check, next_b, &b.node)?);
    let mut inner = between(check, exclusive, &inner_a, &inner_b, depth + 1)?;
    for spread in &inner_b.spreads {
        inner.extend(with_fragment(check, &mut BTreeSet::new(), exclusive, &inner_a, spread, depth + 1)?);
    }
    for spread in &inner_a.spreads {
        inner.extend(with_fragment(check, &mut BTreeSet::new(), exclusive, &inner_b, spread, depth + 1)?);
    }
    for a in &inner_a.spreads {
        for b in &inner_b.spreads {
            inner.extend(between_fragments(check, exclusive, a, b, depth + 1)?);
        }
    }
    if inner.is_empty() {
        return Ok(None);
    }
    Ok(Some(Conflict { name, reason: String::new(), inner, node: b.node }))
}

/// Whether answers of two types cannot stand for each other.
fn differ(check: &Check<'_, '_, '_>, a: Node<'_>, b: Node<'_>) -> bool {
    match (a.get("Elem"), b.get("Elem")) {
        (Some(of_a), Some(of_b)) => a.is("NonNull") != b.is("NonNull") || differ(check, of_a, of_b),
        (None, None) => {
            let leaf = |name: &str| check.definition(name).is_some_and(Definition::is_leaf);
            let (name_a, name_b) = (a.text("NamedType"), b.text("NamedType"));
            a.is("NonNull") != b.is("NonNull") || ((leaf(name_a) || leaf(name_b)) && name_a != name_b)
        }
        _ => true,
    }
}

fn same_arguments(a: &Node<'_>, b: &Node<'_>) -> bool {
    let (a, b) = (a.list("Arguments"), b.list("Arguments"));
    a.len() == b.len()
        && a.iter().all(|a| {
            b.iter().any(|b| {
                let values = a.get("Value").zip(b.get("Value"));
                a.name() == b.name() && values.is_some_and(|(a, b)| same_value(&a, &b))
            })
        })
}

fn same_value(a: &Node<'_>, b: &Node<'_>) -> bool {
    if a.kind() != b.kind() || a.text("Raw") != b.text("Raw") {
        return false;
    }
    let (mut of_a, mut of_b) = (a.list("Children"), b.list("Children"));
    if a.kind() == 9 {
        of_a.sort_by_key(Node::name);
        of_b.sort_by_key(Node::name);
    }
    of_a.len() == of_b.len()
        && of_a.iter().zip(&of_b).all(|(a, b)| {
            let values = a.get("Value").zip(b.get("Value"));
            a.name() == b.name() && values.is_some_and(|(a, b)| same_value(&a, &b))
        })
}
