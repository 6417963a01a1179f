//! Rules that need their own value: refused, for Rego has no fixpoints.

use crate::document::Documents;
use crate::problem::Problem;
use crate::tree::Rule;
use crate::visit::needs;

/// Reports each cycle once, at one of its rules.
pub(crate) fn find(rules: &[Rule], documents: &Documents, problems: &mut Vec<Problem>) {
    let needs: Vec<Vec<usize>> = rules.iter().map(|rule| needs(rule, documents)).collect();
    let mut state = vec![State::New; rules.len()];
    for start in 0..rules.len() {
        if state.get(start) == Some(&State::New) {
            walk(start, rules, &needs, &mut state, problems);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth first, on a stack of our own: a chain of rules may be long.
fn walk(
    start: usize,
    rules: &[Rule],
    needs: &[Vec<usize>],
    state: &mut [State],
    problems: &mut Vec<Problem>,
) {
    let mut stack = vec![(start, 0)];
    set(state, start, State::Open);
    while let Some((rule, next)) = stack.last_mut() {
        let Some(needed) = needs.get(*rule).and_then(|needs| needs.get(*next)).copied() else {
            set(state, *rule, State::Done);
            stack.pop();
            continue;
        };
        *next += 1;
        match state.get(needed) {
            Some(State::New) => {
                set(state, needed, State::Open);
                stack.push((needed, 0));
            }
            Some(State::Open) => {
                let from = stack.iter().position(|(rule, _)| *rule == needed).unwrap_or_default();
                let cycle = stack.iter().skip(from).map(|(rule, _)| *rule).chain([needed]);
                let names: Vec<String> = cycle.filter_map(|rule| rules.get(rule)).map(name).collect();
                if let Some(rule) = rules.get(needed) {
                    let message = format!("`{}` needs its own value: {}", name(rule), names.join(" -> "));
                    problems.push(Problem::new(rule.file, rule.head_span, "recursion", message));
                }
            }
            Some(State::Done) | None => {}
        }
    }
}

fn set(states: &mut [State], at: usize, state: State) {
    if let Some(place) = states.get_mut(at) {
        *place = state;
    }
}

fn name(rule: &Rule) -> String {
    rule.path.iter().fold("data".to_owned(), |text, step| format!("{text}.{step}"))
}
