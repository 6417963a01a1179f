//! Faults for a policy that has none: most make OPA refuse it, so that what is refused is compared too.

use super::policy::{Clause, Policy};
use super::random::Random;

/// Puts one fault into the policy.
pub(crate) fn inject(random: &mut Random, policy: &mut Policy) {
    let kind = random.below(14);
    let v0 = policy.v0;
    let Some(module) = policy.modules.last_mut() else { return };
    let at = random.below(module.rules.len());
    let Some(rule) = module.rules.get_mut(at) else { return };
    let chain = random.below(rule.clauses.len());
    let Some(clause) = rule.clauses.get_mut(chain).and_then(|chain| chain.first_mut()) else { return };
    let name: String =
        clause.head.chars().take_while(|c| c.is_ascii_alphanumeric() || "._".contains(*c)).collect();
    match kind {
        0 | 1 if clause.body.len() > 1 => {
            let gone = random.below(clause.body.len());
            clause.body.remove(gone);
        }
        2 => add(clause, "unknown_variable == 1"),
        3 => add(clause, "no.such.function(1)"),
        4 => add(clause, "count(1, 2, 3)"),
        5 => add(
            clause,
            random.pick::<&str>(&[
                "count(5) == 1",
                "1 + \"a\" == 2",
                "startswith(1, \"a\")",
                "upper([]) == \"\"",
                "-\"a\" == 1",
            ]),
        ),
        6 => add(clause, &format!("data.{}.{name}", module.package)),
        7 => add(clause, "w := 1; w := 2"),
        8 => add(clause, "some unused"),
        9 => add(
            clause,
            random.pick::<&str>(&[
                "input := 1",
                "data := {}",
                "x := x",
                "not z > 1",
                "y = [y]",
                "every e in [1] { q }",
                "true == false",
            ]),
        ),
        10 => {
            let other = if v0 { "= 1 { true }" } else { ":= 1 if { true }" };
            rule.clauses.push(vec![Clause { head: format!("{name}(x, y, z) {other}"), body: vec![] }]);
        }
        11 => {
            let second =
                if v0 { format!("{name}[\"x\"] {{ true }}") } else { format!("{name} contains \"x\"") };
            rule.clauses.push(vec![Clause { head: second, body: vec![] }]);
        }
        12 => rule.default = Some(format!("{name} {} input.n", if v0 { "=" } else { ":=" })),
        13 => module.imports.push("data.nowhere.at_all".to_owned()),
        _ => rule.clauses.push(vec![Clause {
            head: format!("{name}.deeper {} 1", if v0 { "=" } else { ":=" }),
            body: vec!["true".to_owned()],
        }]),
    }
}

fn add(clause: &mut Clause, condition: &str) {
    clause.body.push(condition.to_owned());
}
