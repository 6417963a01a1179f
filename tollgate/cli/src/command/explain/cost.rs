//! Rules that the gate itself has about money, in words: what each wants, how it is set in an estate, what to do.

use std::fmt::Write as _;

use tollgate_budget::{Budget, Unbounded};
use tollgate_flow::Estate;
use tollgate_gate::{CostRules, Mode};
use tollgate_vocabulary::{Effect, Ratio, RuleId};

use crate::output::visible;

/// A rule of the gate's own.
struct Rule {
    id: &'static str,
    what: &'static str,
    remedy: &'static str,
    /// whether an estate may soften it by a mode or an exception
    can_be_softened: bool,
    /// what an estate says about it
    setting: fn(&CostRules) -> Option<String>,
}

/// What a budget's own denials are called, before its name.
const OF_BUDGET: &str = "budget.";

const RULES: &[Rule] = &[
    Rule {
        id: "cost.crowded",
        what: "Too many changes of one object are on their way at once: allowed, and none of them seen in the cluster yet. \
               One more that takes more money is refused, so that nobody can make the ledger grow without end.",
        remedy: "wait until those before have shown in the cluster, then ask again",
        can_be_softened: false,
        setting: |_| None,
    },
    Rule {
        id: "cost.fan-out",
        what: "This identity has created as many objects that cost something within ten minutes as `objects` in \
               `[cost.limits]` allows. A loop that creates objects is stopped before it has spent a budget.",
        remedy: "wait for the next ten minutes, or have `objects` in `[cost.limits]` raised",
        can_be_softened: false,
        setting: |rules| Some(limit("objects", rules.limits().objects.map(|objects| objects.to_string()))),
    },
    Rule {
        id: "cost.gpu-grab",
        what: "One change adds more GPUs than `gpus` in `[cost.limits]` allows, whatever its budgets have left.",
        remedy: "ask for fewer at once, or have `gpus` in `[cost.limits]` raised",
        can_be_softened: true,
        setting: |rules| Some(limit("gpus", rules.limits().gpus.map(|gpus| gpus.to_string()))),
    },
    Rule {
        id: "cost.growth",
        what: "This identity has added as much money an hour, at worst, within ten minutes as `growth` in `[cost.limits]` \
               allows. Files that are checked add nothing.",
        remedy: "wait for the next ten minutes, or have `growth` in `[cost.limits]` raised",
        can_be_softened: false,
        setting: |rules| Some(money_limit("growth", rules.limits().growth, rules)),
    },
    Rule {
        id: "cost.no-budget",
        what: "It costs something, and no budget covers it: nobody has said that they would pay.",
        remedy: "write a `kind: Budget` whose scope matches it, give it the cost centre of one, or set `without_budget` in \
                 `[cost]`",
        can_be_softened: true,
        setting: |rules| {
            let effect = match rules.config.without_budget {
                Effect::Deny | Effect::Undecidable => "is denied",
                Effect::Warn => "passes with a warning",
                Effect::Info => "passes",
            };
            Some(format!("what has no budget {effect} (`without_budget` in `[cost]`)"))
        },
    },
    Rule {
        id: "cost.peak",
        what: "One change adds more money an hour, in its dearest hour, than `peak_per_hour` in `[cost.limits]` allows, \
               whatever its budgets have left.",
        remedy: "ask for less at once, or have `peak_per_hour` in `[cost.limits]` raised",
        can_be_softened: true,
        setting: |rules| Some(money_limit("peak_per_hour", rules.limits().peak_per_hour, rules)),
    },
    Rule {
        id: "cost.quote",
        what: "The quote that the object carries does not hold for it: it was given for something else, at other prices, has \
               run out, was redeemed already, or is signed by nobody whom this estate believes. Or there is none, and \
               `require_quote` in `[cost]` wants one.",
        remedy: "check it again with `tollgate check --quote`, and put that quote in its annotations",
        can_be_softened: true,
        setting: |rules| {
            let words = if rules.config.require_quote { "is needed" } else { "may be left out" };
            Some(format!("a quote {words} (`require_quote` in `[cost]`)"))
        },
    },
    Rule {
        id: "cost.replica-ratio",
        what: "An autoscaler may multiply what runs by more than `replica_ratio` in `[cost.limits]` allows: a load that \
               nobody expected would be paid before anybody saw it.",
        remedy: "lower the autoscaler's maximum, or run more replicas to begin with",
        can_be_softened: true,
        setting: |rules| {
            Some(limit("replica_ratio", rules.limits().replica_ratio.map(|ratio| format!("{ratio} times"))))
        },
    },
    Rule {
        id: "cost.unbounded",
        what: "Something of it may cost as much as it likes: the bytes of a load balancer, a container that requests no cpu \
               or no memory. No estimate can say what that comes to at worst.",
        remedy: "bound it where the finding points, or declare what it may cost in a month at most: annotation \
                 `tollgate.dev/cost-cap: \"50\"`",
        can_be_softened: true,
        setting: |rules| Some(unbounded(rules)),
    },
    Rule {
        id: "cost.unbounded-job",
        what: "Nothing ends this run: a Job that hangs costs until somebody notices.",
        remedy: "set `activeDeadlineSeconds` on the Job or its pods, or declare what a month of it may cost at most: \
                 annotation `tollgate.dev/cost-cap: \"50\"`",
        can_be_softened: true,
        setting: |rules| Some(unbounded(rules)),
    },
    Rule {
        id: "cost.unknown",
        what: "Something that bears on its cost could not be learned: what it scales, what autoscaler or limit stands beside \
               it, its namespace. Nobody can decide what it would take, and so it is not allowed.",
        remedy: "see what is missing in the message; `tollgate doctor` tells whether the gate sees the cluster",
        can_be_softened: false,
        setting: |_| None,
    },
    Rule {
        id: "cost.unpriced",
        what: "It asks for something that has no row in the price book, or none that holds at this time. What has no price \
               is not free.",
        remedy: "add a row for it to a price book; `tollgate cost` lists what has none",
        can_be_softened: true,
        setting: |rules| {
            let books: Vec<String> = rules.config.prices.iter().map(|path| format!("`{path}`")).collect();
            let books = if books.is_empty() { "the built-in one".to_owned() } else { books.join(", ") };
            Some(format!("{books}, {} prices in {}", rules.book.rows().len(), rules.book.currency()))
        },
    },
    Rule {
        id: "cost.unreadable",
        what: "A field that its cost follows from says nothing that Kubernetes would take, or comes to more than an amount \
               can be. What cannot be computed is no cheaper for it.",
        remedy: "mend the field that the finding points at; `tollgate cost explain` shows what it bears on",
        can_be_softened: true,
        setting: |_| None,
    },
];

/// The ids of all of them.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.id)
}

/// A rule about money in words, and what `estate` says about it, where there is one; nothing of any other id.
pub(super) fn told(id: &str, estate: Option<&Estate>) -> Option<String> {
    if let Some(name) = id.strip_prefix(OF_BUDGET) {
        return of_budget(name, estate);
    }
    let rule = RULES.iter().find(|rule| rule.id == id)?;
    let softened =
        if rule.can_be_softened { "modes and exceptions apply to it" } else { "no exception covers it" };
    let mut text = format!("{id}: built in; {softened}\n\n{}\n\nremedy: {}\n", rule.what, rule.remedy);
    let Some((estate, rules)) = estate.and_then(|estate| Some((estate, estate.bundle.cost()?))) else {
        return Some(text);
    };
    let mut rows = Vec::new();
    if let Some(setting) = (rule.setting)(rules) {
        rows.push(("here", setting));
    }
    if rule.can_be_softened {
        let mode = match estate.bundle.config().mode(&RuleId::new(id)) {
            Mode::Enforce => "enforce: what it wants holds",
            Mode::Warn => "warn: it may only warn",
            Mode::Audit => "audit: it is only noted",
        };
        rows.push(("mode", mode.to_owned()));
    }
    for exception in estate.bundle.exceptions().iter().filter(|exception| exception.rule.as_str() == id) {
        rows.push((
            "exception",
            format!(
                "`{}` until {}: {} (owner: {})",
                exception.name, exception.expires, exception.reason, exception.owner
            ),
        ));
    }
    write_rows(&mut text, rows);
    Some(text)
}

/// What a budget denies. Of an estate that has none of that name, nothing is told.
fn of_budget(name: &str, estate: Option<&Estate>) -> Option<String> {
    let mut text = format!(
        "{OF_BUDGET}{name}: what budget `{name}` has left; no exception covers it, for a budget has settings of its own\n\n\
         What is spent, what is held and what this change adds come to more than a limit of the budget: its amount \
         (`thresholds` say from which part on what happens), `exposure` times its amount at worst, `peakPerHour` in the \
         dearest hour, or its `gpus`. The message has the sum.\n\n\
         remedy: ask for less, give something back, or have the budget raised by its owner\n"
    );
    let Some(estate) = estate else { return Some(text) };
    let budget = estate.bundle.cost()?.budgets.find(name)?;
    write_rows(&mut text, rows_of(budget));
    Some(text)
}

fn rows_of(budget: &Budget) -> Vec<(&'static str, String)> {
    let thresholds: Vec<String> = budget
        .thresholds
        .all()
        .iter()
        .map(|threshold| format!("{} above {} %", threshold.effect.word(), threshold.percent))
        .collect();
    let mut rows = vec![
        ("owner", budget.owner.to_string()),
        ("amount", format!("{} a calendar month ({})", budget.amount, budget.time_zone)),
        ("thresholds", thresholds.join(", ")),
        ("exposure", format!("{} times the amount, at worst", budget.exposure)),
    ];
    if let Some(peak) = budget.peak_per_hour {
        rows.push(("peak", format!("{peak} in any hour")));
    }
    if let Some(gpus) = budget.gpus {
        rows.push(("gpus", gpus.to_string()));
    }
    rows.push(("where", format!("{}:{}:{}", budget.place.file, budget.place.line, budget.place.column)));
    rows.push(("holds", format!("`tollgate budget show {}`", budget.name)));
    rows
}

fn write_rows(text: &mut String, rows: Vec<(&'static str, String)>) {
    if !rows.is_empty() {
        text.push('\n');
    }
    for (name, value) in rows {
        let _ = writeln!(text, "{name:<12} {}", visible(&value));
    }
}

fn limit(name: &str, most: Option<String>) -> String {
    match most {
        Some(most) => format!("at most {most} (`{name}` in `[cost.limits]`)"),
        None => format!("no limit is set (`{name}` in `[cost.limits]`): nothing is denied"),
    }
}

fn money_limit(name: &str, most: Option<Ratio>, rules: &CostRules) -> String {
    limit(name, most.map(|most| format!("{most} {} an hour", rules.book.currency())))
}

/// What becomes of what has no bound, by budget.
fn unbounded(rules: &CostRules) -> String {
    let word = |budget: &Budget| match budget.unbounded {
        Unbounded::Deny => "denies",
        Unbounded::Warn => "warns",
        Unbounded::Allow => "allows",
    };
    let told: Vec<String> =
        rules.budgets.iter().map(|budget| format!("`{}` {} it", budget.name, word(budget))).collect();
    if told.is_empty() { "there is no budget".to_owned() } else { format!("budget {}", told.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{RULES, ids, told};

    #[test]
    fn every_rule_says_what_it_wants_and_what_to_do() {
        let mut sorted: Vec<&str> = ids().collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, ids().collect::<Vec<_>>());
        for rule in RULES {
            let text = told(rule.id, None).unwrap_or_default();
            assert!(text.contains("remedy: ") && !text.contains("  "), "{text}");
        }
        assert!(told("budget.shop", None).is_some_and(|text| text.contains("budget `shop`")));
        assert_eq!(told("cost.nothing", None), None);
    }
}
