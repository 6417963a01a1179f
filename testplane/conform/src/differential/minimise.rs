//! Makes a policy small while it still shows the same sort of difference.
//!
//! Parts are left out, from modules down to conditions; then keys of documents; then terms are replaced by constants.
//! What no longer compiles for both is refused by both, and so is never kept.

use serde_json::Value;

use super::compare::{Difference, compare};
use super::oracle::{Oracle, OracleError};
use super::policy::Policy;

/// How often the two are asked at most.
const ATTEMPTS: usize = 4_000;

/// The smallest policy found that shows this sort of difference.
///
/// # Errors
/// The oracle ended.
pub fn minimise(oracle: &mut Oracle, found: Difference) -> Result<Difference, OracleError> {
    let mut smallest = found;
    let mut attempts = 0;
    loop {
        let before = size(&smallest.policy);
        for make in [without_parts, without_keys, with_constants] {
            let mut at = 0;
            while attempts < ATTEMPTS {
                let Some(candidate) = make(&smallest.policy, at) else { break };
                attempts += 1;
                let compared = compare(oracle, smallest.seed, &candidate)?;
                match compared.difference {
                    Some(difference)
                        if difference.kind == smallest.kind && size(&candidate) < size(&smallest.policy) =>
                    {
                        smallest = difference;
                    }
                    _ => at += 1,
                }
            }
        }
        if size(&smallest.policy) >= before || attempts >= ATTEMPTS {
            return Ok(smallest);
        }
    }
}

fn size(policy: &Policy) -> usize {
    policy.to_string().len()
}

/// The policy without its part number `at`: modules, then rules, clauses, `else`s, conditions, imports.
fn without_parts(policy: &Policy, at: usize) -> Option<Policy> {
    let mut at = at;
    let mut here = || {
        let is = at == 0;
        at = at.wrapping_sub(1);
        is
    };
    let mut smaller = policy.clone();
    for module in 0..policy.modules.len() {
        if policy.modules.len() > 1 && here() {
            smaller.modules.remove(module);
            return Some(smaller);
        }
    }
    for (module, written) in policy.modules.iter().enumerate() {
        let smaller_module = &mut smaller.modules[module];
        for rule in 0..written.rules.len() {
            if here() {
                smaller_module.rules.remove(rule);
                return Some(smaller);
            }
        }
        for import in 0..written.imports.len() {
            if here() {
                smaller_module.imports.remove(import);
                return Some(smaller);
            }
        }
        for (rule, written) in written.rules.iter().enumerate() {
            let smaller_rule = &mut smaller_module.rules[rule];
            if written.default.is_some() && here() {
                smaller_rule.default = None;
                return Some(smaller);
            }
            for (chain, written) in written.clauses.iter().enumerate() {
                if here() {
                    smaller_rule.clauses.remove(chain);
                    return Some(smaller);
                }
                for clause in 1..written.len() {
                    if here() {
                        smaller_rule.clauses[chain].truncate(clause);
                        return Some(smaller);
                    }
                }
                for (clause, written) in written.iter().enumerate() {
                    for condition in 0..written.body.len() {
                        if here() {
                            smaller_rule.clauses[chain][clause].body.remove(condition);
                            return Some(smaller);
                        }
                    }
                }
            }
        }
    }
    None
}

/// The policy with a document less, or without the member number `at` of one.
fn without_keys(policy: &Policy, at: usize) -> Option<Policy> {
    let mut at = at;
    let mut smaller = policy.clone();
    if policy.inputs.len() > 1 {
        if at < policy.inputs.len() {
            smaller.inputs.remove(at);
            return Some(smaller);
        }
        at -= policy.inputs.len();
    }
    let documents = std::iter::once(&mut smaller.data).chain(&mut smaller.inputs);
    for document in documents {
        if remove(document, &mut at) {
            return Some(smaller);
        }
    }
    None
}

/// Removes the member number `at`, counted from outside to inside.
fn remove(value: &mut Value, at: &mut usize) -> bool {
    match value {
        Value::Object(map) => {
            if *at < map.len() {
                let key = map.keys().nth(*at).cloned().unwrap_or_default();
                map.remove(&key);
                return true;
            }
            *at -= map.len();
            map.values_mut().any(|value| remove(value, at))
        }
        Value::Array(items) => {
            if *at < items.len() {
                items.remove(*at);
                return true;
            }
            *at -= items.len();
            items.iter_mut().any(|value| remove(value, at))
        }
        _ => false,
    }
}

/// The policy with one piece of one line replaced by something simpler.
fn with_constants(policy: &Policy, at: usize) -> Option<Policy> {
    let mut at = at;
    let mut smaller = policy.clone();
    for rule in smaller.modules.iter_mut().flat_map(|module| &mut module.rules) {
        for clause in rule.clauses.iter_mut().flatten() {
            for line in std::iter::once(&mut clause.head).chain(&mut clause.body) {
                let simpler = simpler(line);
                if at < simpler.len() {
                    line.clone_from(&simpler[at]);
                    return Some(smaller);
                }
                at -= simpler.len();
            }
        }
    }
    None
}

/// The line with each piece in brackets replaced by a constant, by its inside, or by a part of its inside.
fn simpler(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, c) in line.char_indices() {
        if !"([{".contains(c) {
            continue;
        }
        let Some(end) = close(line, start) else { continue };
        let name = start
            - line[..start]
                .chars()
                .rev()
                .take_while(|c| c.is_alphanumeric() || "._".contains(*c))
                .map(char::len_utf8)
                .sum::<usize>();
        let inside = &line[start + 1..end - 1];
        let mut put = |from: usize, text: &str| {
            let made = format!("{}{text}{}", &line[..from], &line[end..]);
            if made.len() < line.len() && !found.contains(&made) {
                found.push(made);
            }
        };
        for constant in ["1", "\"a\"", "true", "[]", "input"] {
            // `not true` is a matter of its own, and what a head begins with is the rule's name.
            if name > 0 && !line.starts_with("not ") {
                put(name, constant);
            }
        }
        put(if name > 0 { name } else { start }, inside);
        for separator in [", ", "; ", " | ", " + ", " == "] {
            let parts: Vec<&str> = split(inside, separator);
            if parts.len() < 2 {
                continue;
            }
            for at in 0..parts.len() {
                if name > 0 {
                    put(name, parts[at]);
                }
                let mut kept = parts.clone();
                kept.remove(at);
                put(start, &format!("{c}{}{}", kept.join(separator), &line[end - 1..end]));
            }
        }
    }
    for word in [" with ", "not "] {
        if let Some(at) = line.find(word) {
            found.push(if word == "not " { line.replacen(word, "", 1) } else { line[..at].to_owned() });
        }
    }
    found
}

/// Where the bracket that opens at `start` has been closed.
fn close(line: &str, start: usize) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in line[start..].char_indices() {
        match quote {
            Some(end) => quote = if c == end { None } else { Some(end) },
            None if c == '"' || c == '`' => quote = Some(c),
            None if "([{".contains(c) => depth += 1,
            None if ")]}".contains(c) => {
                depth -= 1;
                if depth == 0 {
                    return Some(start + at + 1);
                }
            }
            None => {}
        }
    }
    None
}

/// The parts between separators that stand outside brackets and quotes.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut depth, mut quote, mut from, mut parts) = (0_i32, None, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match quote {
            Some(end) => quote = if c == end { None } else { Some(end) },
            None if c == '"' || c == '`' => quote = Some(c),
            None if "([{".contains(c) => depth += 1,
            None if ")]}".contains(c) => depth -= 1,
            None if depth == 0 && at >= from && text[at..].starts_with(separator) => {
                parts.push(&text[from..at]);
                from = at + separator.len();
            }
            None => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::differential::policy;

    #[test]
    fn every_part_can_be_left_out() {
        let whole = policy(3);
        let all: Vec<Policy> = (0..).map_while(|at| without_parts(&whole, at)).collect();
        let lines = whole.texts().join("").lines().count();
        assert!(all.len() > lines / 2, "{} candidates for {lines} lines", all.len());
        assert!(all.iter().all(|smaller| size(smaller) < size(&whole)));
    }

    #[test]
    fn a_term_is_replaced_by_its_parts() {
        let simpler = simpler("x := count([y | y := f(1)]) + 2");
        for line in
            ["x := 1 + 2", "x := [y | y := f(1)] + 2", "x := count([y | y := 1]) + 2", "x := count(y) + 2"]
        {
            assert!(simpler.iter().any(|found| found == line), "{line} is not in {simpler:#?}");
        }
    }
}
