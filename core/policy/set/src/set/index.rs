//! Which rules can hold for a subject at all: looked up by what they compare with constants, most often the kind.
//!
//! ```text
//! rules ──scope──> classes of equal scope       one look per class
//!       └─needed─> (form, path) -> string -> rules      one look per path; rules that need nothing are always asked
//! ```
//! INVARIANT: a rule that is left out could not have found anything: a condition that it needs does not hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_rego::{Entry, Program, Val};

use super::Asked;
use crate::rule::{Operations, Rule, Subresources};
use crate::source::InputForm;
use crate::subject::Transition;

/// The rules of a set, by what they need.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// for each class of rules with the same scope one of them
    classes: Vec<usize>,
    /// the class of each rule
    class_of: Vec<usize>,
    /// rules that need nothing that could be looked up
    always: Vec<usize>,
    looked_up: Vec<LookedUp>,
}

/// The rules that need a string at one path.
#[derive(Debug)]
struct LookedUp {
    form: InputForm,
    path: Vec<Arc<str>>,
    rules: BTreeMap<Arc<str>, Vec<usize>>,
}

impl Index {
    pub(super) fn of(rules: &[Rule], asked: &[Asked], program: &Program) -> Self {
        let mut index = Self::default();
        let mut classes: BTreeMap<Scope<'_>, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (at, (rule, asked)) in rules.iter().zip(asked).enumerate() {
            let class = *classes.entry(scope(rule)).or_insert_with(|| {
                index.classes.push(at);
                index.classes.len() - 1
            });
            index.class_of.push(class);
            match needed(program, &asked.entry) {
                Some((path, strings)) => index.add(&mut places, (asked.form, path), strings, at),
                None => index.always.push(at),
            }
        }
        index
    }

    fn add(
        &mut self,
        places: &mut BTreeMap<(InputForm, Vec<Arc<str>>), usize>,
        place: (InputForm, Vec<Arc<str>>),
        strings: Vec<Arc<str>>,
        rule: usize,
    ) {
        let at = match places.get(&place) {
            Some(at) => *at,
            None => {
                let (form, path) = place.clone();
                self.looked_up.push(LookedUp { form, path, rules: BTreeMap::new() });
                places.insert(place, self.looked_up.len() - 1);
                self.looked_up.len() - 1
            }
        };
        if let Some(looked_up) = self.looked_up.get_mut(at) {
            for string in strings {
                looked_up.rules.entry(string).or_default().push(rule);
            }
        }
    }

    /// The rules to ask about a subject, in their order, and whether any at all has it in scope. `input` gives what
    /// rules of a form see.
    pub(super) fn candidates<'a>(
        &self,
        rules: &[Rule],
        transition: &Transition<'_>,
        mut input: impl FnMut(InputForm) -> Option<Val<'a>>,
    ) -> (bool, Vec<usize>) {
        let asks = |rule: &usize| rules.get(*rule).is_some_and(|rule| transition.asks(rule));
        let open: Vec<bool> = self.classes.iter().map(asks).collect();
        let in_scope = |rule: &&usize| {
            self.class_of.get(**rule).and_then(|class| open.get(*class)).copied().unwrap_or_default()
        };
        let mut candidates: Vec<usize> = self.always.iter().filter(in_scope).copied().collect();
        for looked_up in &self.looked_up {
            let found = looked_up
                .path
                .iter()
                .try_fold(input(looked_up.form), |value, key| Some(value?.as_object()?.text(key)))
                .flatten();
            let rules = found.and_then(|found| looked_up.rules.get(found.as_str()?));
            candidates.extend(rules.into_iter().flatten().filter(in_scope));
        }
        candidates.sort_unstable();
        candidates.dedup();
        (open.contains(&true), candidates)
    }
}

/// What decides whether a rule is asked.
type Scope<'a> = (Operations, &'a Subresources, bool);

const fn scope(rule: &Rule) -> Scope<'_> {
    (rule.operations, &rule.subresources, rule.deleting)
}

/// The path that all bodies of a rule need a string at, and the strings that will do.
type Strings = (Vec<Arc<str>>, Vec<Arc<str>>);

fn needed(program: &Program, entry: &Entry) -> Option<Strings> {
    let bodies = program.needed(entry)?;
    let (first, rest) = bodies.split_first()?;
    let all = |path: &Vec<Arc<str>>| rest.iter().all(|body| body.iter().any(|(other, _)| other == path));
    // What stands in `context` may not be known yet: a rule that needs it must be asked, so that it can say so.
    let known = |path: &&Vec<Arc<str>>| path.first().is_some_and(|first| &**first != "context");
    // The kind tells most rules apart.
    let mut paths: Vec<&Vec<Arc<str>>> =
        first.iter().map(|(path, _)| path).filter(known).filter(|path| all(path)).collect();
    paths.sort_by_key(|path| path.last().is_none_or(|last| &**last != "kind"));
    let path = (*paths.first()?).clone();
    let strings = bodies.iter().filter_map(|body| body.iter().find(|(other, _)| *other == path));
    let strings = strings.map(|(_, string)| string.clone()).collect();
    Some((path, strings))
}
