//! What happens where a constraint is violated, and at which enforcement points.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::node::Node;
use crate::problem::Problem;
use crate::spelling;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// the request is refused
    Deny,
    /// the requester is told
    Warn,
    /// it is noted
    Dryrun,
}

/// Where a constraint is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// `validation.gatekeeper.sh`: admission
    Validation,
    /// `audit.gatekeeper.sh`: what is in the cluster already
    Audit,
    /// `gator.gatekeeper.sh`: the command line and CI
    Gator,
    /// `vap.k8s.io`: a ValidatingAdmissionPolicy made from the template, which only CEL can be
    Vap,
}

/// What a constraint says about both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    /// the same everywhere
    Everywhere(Action),
    /// `scoped`: what is said for each point, and nothing elsewhere
    Scoped(Vec<(Action, BTreeSet<Point>)>),
}

const ACTIONS: [&str; 4] = ["deny", "dryrun", "warn", "scoped"];

impl Action {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Deny, Self::Warn, Self::Dryrun];

    /// The word that constraints use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Dryrun => "dryrun",
        }
    }

    /// The action of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

impl Point {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Validation, Self::Audit, Self::Gator, Self::Vap];

    /// The name that constraints use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Validation => "validation.gatekeeper.sh",
            Self::Audit => "audit.gatekeeper.sh",
            Self::Gator => "gator.gatekeeper.sh",
            Self::Vap => "vap.k8s.io",
        }
    }

    /// The point of that name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|point| point.word() == word)
    }
}

impl Enforcement {
    /// What happens at a point; nothing where the constraint is not asked there.
    #[must_use]
    pub fn actions(&self, point: Point) -> BTreeSet<Action> {
        match self {
            Self::Everywhere(action) => BTreeSet::from([*action]),
            Self::Scoped(scopes) => {
                let there = scopes.iter().filter(|(_, points)| points.contains(&point));
                there.map(|(action, _)| *action).collect()
            }
        }
    }

    /// Reads `spec.enforcementAction` and `spec.scopedEnforcementActions`.
    pub(crate) fn read(spec: Option<&Node<'_>>, problems: &mut Vec<Problem>) -> Self {
        let node = spec.and_then(|spec| spec.get("enforcementAction"));
        let scoped = spec.and_then(|spec| spec.get("scopedEnforcementActions"));
        let word: Arc<str> = node
            .as_ref()
            .and_then(|node| node.text(problems))
            .filter(|word| !word.is_empty())
            .unwrap_or_else(|| "deny".into());
        if let Some(action) = Action::from_word(&word) {
            if let Some(scoped) = scoped {
                let message = format!("`{}` has no effect: `enforcementAction` is `{word}`", scoped.path);
                let hint = scoped.place().hint("enforcement-unused", message);
                problems.push(hint.mended_by("write `enforcementAction: scoped`, or remove the list"));
            }
            return Self::Everywhere(action);
        }
        match (&*word, &scoped, spec) {
            ("scoped", Some(scoped), _) => Self::Scoped(scopes(scoped, problems)),
            ("scoped", None, Some(spec)) => {
                let message =
                    "`enforcementAction` is `scoped`, and `spec.scopedEnforcementActions` is missing";
                let at = node.as_ref().unwrap_or(spec);
                problems.push(at.place().error("enforcement-action", message));
                Self::Scoped(Vec::new())
            }
            _ => {
                if let Some(node) = node {
                    problems.push(unknown_action(&node, &word, &ACTIONS));
                }
                Self::Everywhere(Action::Deny)
            }
        }
    }
}

fn unknown_action(node: &Node<'_>, word: &str, known: &[&str]) -> Problem {
    let message = format!("`{word}` is no enforcement action");
    node.place().error("enforcement-action", message).mended_by(spelling::remedy(word, known))
}

fn scopes(list: &Node<'_>, problems: &mut Vec<Problem>) -> Vec<(Action, BTreeSet<Point>)> {
    let mut scopes = Vec::new();
    for item in list.items(problems) {
        problems.extend(item.unknown_fields(&["action", "enforcementPoints"], "constraint-unknown-field"));
        if item.object(problems).is_none() {
            continue;
        }
        let action = item.get("action").and_then(|node| {
            let word = node.text(problems)?;
            let action = Action::from_word(&word);
            if action.is_none() {
                problems.push(unknown_action(&node, &word, &Action::ALL.map(Action::word)));
            }
            action
        });
        if item.get("action").is_none() {
            problems.push(item.lacks("action"));
        }
        let list = item.get("enforcementPoints");
        let none = list.as_ref().is_none_or(|list| list.value.as_array().is_some_and(<[_]>::is_empty));
        let points = list.map(|node| points(&node, problems)).unwrap_or_default();
        if none {
            let message = format!("`{}` names no enforcement point, so it is never enforced", item.path);
            let known = spelling::list(&Point::ALL.map(Point::word));
            let remedy = format!("add `enforcementPoints` with names among {known}, or `*`");
            problems.push(item.place().error("enforcement-point", message).mended_by(remedy));
        }
        if let Some(action) = action {
            scopes.push((action, points));
        }
    }
    scopes
}

fn points(list: &Node<'_>, problems: &mut Vec<Problem>) -> BTreeSet<Point> {
    let mut points = BTreeSet::new();
    for item in list.items(problems) {
        problems.extend(item.unknown_fields(&["name"], "constraint-unknown-field"));
        if item.object(problems).is_none() {
            continue;
        }
        let Some(node) = item.get("name") else {
            problems.push(item.lacks("name"));
            continue;
        };
        match node.text(problems) {
            Some(word) if &*word == "*" => points.extend(Point::ALL),
            Some(word) => match Point::from_word(&word) {
                Some(point) => _ = points.insert(point),
                None => {
                    let mut known = Point::ALL.map(Point::word).to_vec();
                    known.push("*");
                    let message = format!("`{word}` is no enforcement point");
                    let error = node.place().error("enforcement-point", message);
                    problems.push(error.mended_by(spelling::remedy(&word, &known)));
                }
            },
            None => {}
        }
    }
    points
}
