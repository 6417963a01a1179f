//! Rules that need their own value: refused, for Rego has no fixpoints.

use crate::document::Documents;
use crate::needs::Needs;
use crate::problem::Problem;
use crate::tree::Rule;

/// How many rules of a cycle are named.
const NAMED: usize = 8;

/// Reports each cycle once, at one of its rules.
pub(crate) fn find(rules: &[Rule], documents: &Documents, problems: &mut Vec<Problem>) {
    let needs = Needs::of(rules, documents);
    let mut state = vec![State::New; needs.len()];
    for start in 0..rules.len() {
        if state.get(start) == Some(&State::New) {
            walk(start, rules, &needs, &mut state, problems);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// at this place of the stack
    Open(usize),
    Done,
}

/// Depth first, on a stack of our own: a chain of rules may be long.
fn walk(start: usize, rules: &[Rule], needs: &Needs, state: &mut [State], problems: &mut Vec<Problem>) {
    let mut stack = vec![(start, 0)];
    set(state, start, State::Open(0));
    while let Some((number, next)) = stack.last_mut() {
        let Some(needed) = needs.at(*number).get(*next).copied() else {
            set(state, *number, State::Done);
            stack.pop();
            continue;
        };
        *next += 1;
        match state.get(needed) {
            Some(State::New) => {
                set(state, needed, State::Open(stack.len()));
                stack.push((needed, 0));
            }
            Some(State::Open(from)) => {
                let cycle = stack.iter().skip(*from).map(|(number, _)| *number);
                problems.extend(problem(cycle.filter_map(|number| rules.get(number))));
            }
            Some(State::Done) | None => {}
        }
    }
}

fn problem<'r>(mut cycle: impl Iterator<Item = &'r Rule>) -> Option<Problem> {
    let first = cycle.next()?;
    let mut names: Vec<String> =
        [name(first)].into_iter().chain(cycle.by_ref().take(NAMED - 1).map(name)).collect();
    if cycle.next().is_some() {
        names.push("..".to_owned());
    }
    let message = format!("`{0}` needs its own value: {1} -> {0}", name(first), names.join(" -> "));
    Some(Problem::new(first.file, first.head_span, "recursion", message))
}

fn set(states: &mut [State], at: usize, state: State) {
    if let Some(place) = states.get_mut(at) {
        *place = state;
    }
}

fn name(rule: &Rule) -> String {
    rule.path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}
