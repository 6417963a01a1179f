//! Graphs: what can be reached, and on which paths.

use std::collections::BTreeSet;

use tollgate_rego_value::{Array, DEPTH, Object, Val};

use crate::shape::{ANY_ARRAY, ANY_SET};
use crate::{Builtin, Call, Error, Type, operand};

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function(
        "graph.reachable",
        &[
            ("graph", Type::Object(&[], Some((&Type::Any, &Type::Union(&[ANY_ARRAY, ANY_SET]))))),
            ("initial", Type::Union(&[ANY_ARRAY, ANY_SET])),
        ],
        ANY_SET,
        reachable,
    ),
    Builtin::function(
        "graph.reachable_paths",
        &[
            ("graph", Type::Object(&[], Some((&Type::Any, &Type::Union(&[ANY_ARRAY, ANY_SET]))))),
            ("initial", Type::Union(&[ANY_ARRAY, ANY_SET])),
        ],
        Type::Set(&ANY_ARRAY),
        reachable_paths,
    ),
];

/// The nodes to begin at.
fn initial<'a>(args: &[Val<'a>]) -> Result<Array<'a>, Error> {
    let arg = operand::any(args, 2)?;
    operand::items_of(&arg).ok_or_else(|| operand::wrong(2, &arg, &["{array, set}"]))
}

/// A node's neighbours, where it is in the graph.
fn edges<'a>(graph: Object<'a>, node: &Val<'a>) -> Option<Vec<Val<'a>>> {
    let edges = graph.get(node)?;
    Some(operand::items_of(&edges).into_iter().flat_map(|edges| edges.iter()).collect())
}

fn reachable<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let graph = operand::object(args, 1)?;
    let mut queue: Vec<_> = initial(args)?.iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(node) = queue.pop() {
        call.spend(1)?;
        if reached.contains(&node) {
            continue;
        }
        if let Some(edges) = edges(graph, &node) {
            call.spend(edges.len())?;
            queue.extend(edges);
            reached.insert(node);
        }
    }
    call.set(reached.into_iter().collect())
}

fn reachable_paths<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let graph = operand::object(args, 1)?;
    let mut paths = Vec::new();
    for node in initial(args)?.iter() {
        let Some(edges) = edges(graph, &node) else { continue };
        let mut path = vec![node];
        if edges.is_empty() {
            paths.push(call.array(&path)?);
        }
        for neighbor in edges {
            follow(call, graph, neighbor, &mut path, &mut paths)?;
        }
    }
    call.set(paths)
}

/// All paths that go on at `node`; one ends where nothing new follows.
fn follow<'a>(
    call: &Call<'a, '_>,
    graph: Object<'a>,
    node: Val<'a>,
    path: &mut Vec<Val<'a>>,
    paths: &mut Vec<Val<'a>>,
) -> Result<(), Error> {
    call.spend(path.len())?;
    if path.len() > DEPTH {
        return Err(Error::Failed(format!("a path is longer than {DEPTH} nodes")));
    }
    let Some(edges) = edges(graph, &node) else {
        paths.push(call.array(path)?);
        return Ok(());
    };
    path.push(node);
    if edges.is_empty() {
        paths.push(call.array(path)?);
    }
    for neighbor in edges {
        if path.contains(&neighbor) {
            paths.push(call.array(path)?);
        } else {
            follow(call, graph, neighbor, path, paths)?;
        }
    }
    path.pop();
    Ok(())
}
