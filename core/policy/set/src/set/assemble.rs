//! Modules as rules: which definitions are one rule, what it is called, when it is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego::Program;
use tollgate_rego_resolve::tree::{self, Leaf, Program as Resolved};
use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::{PolicyPlace, RuleId};

use super::Asked;
use super::note::Notes;
use crate::load::{LoadError, LoadHint, Place};
use crate::metadata::{Fields, slug};
use crate::module::{Module, written};
use crate::reads::{self, Reads};
use crate::rule::{Head, Rule};
use crate::source::Options;
use crate::testing::Test;

/// Rules, tests and hints of a checked set.
pub(super) struct Assembled {
    pub(super) rules: Vec<(Rule, Asked)>,
    pub(super) tests: Vec<Test>,
    /// all rules that are tests, by their index among the resolved
    pub(super) test_rules: BTreeSet<usize>,
    pub(super) hints: Vec<LoadHint>,
}

/// What is assembled from.
pub(super) struct Assembly<'a, P> {
    pub(super) modules: &'a [Module],
    pub(super) resolved: &'a Resolved,
    pub(super) program: &'a Program,
    pub(super) options: &'a Options,
    pub(super) place: P,
}

/// The definitions of one id, and what is said about them.
struct Group {
    id: RuleId,
    fields: Fields,
    /// among the resolved rules
    bodies: Vec<usize>,
}

impl<P: Fn(usize, Span) -> Place> Assembly<'_, P> {
    pub(super) fn assemble(&self) -> Result<Assembled, Vec<LoadError>> {
        let (tests, test_rules) = self.tests();
        let reads = Reads::of(self.resolved, &self.place);
        let mut errors = reads.not_offered();
        let mut assembled = Assembled { rules: Vec::new(), tests, test_rules, hints: Vec::new() };
        let notes = Notes::of(self.modules, self.resolved);
        let headed = self.headed(&mut errors);
        let heads = self.heads();
        for ((package, head), bodies) in &headed {
            let text: Arc<str> = written(package).into();
            if !self.options.only.is_empty() && !self.options.only.contains(&text) {
                continue;
            }
            let paths = reads.reach(heads.get(package).into_iter().flatten().copied());
            let form = match reads::form(&text, &paths, &self.options.packages) {
                Ok(form) => form,
                Err(error) => {
                    errors.push(*error);
                    continue;
                }
            };
            let said = self.options.packages.get(&text).copied().unwrap_or_default();
            assembled.hints.extend(reads::hint(&text, &paths));
            let mut groups = self.groups(&notes, package, *head, bodies, &mut assembled.hints);
            if groups.len() > 1 && !self.are_sets(bodies) {
                assembled.hints.extend(self.join(*head, &mut groups));
            }
            for group in groups {
                let entry = self.program.entry(&group.bodies);
                let reads_namespace =
                    reads.reads_namespace(if entry.is_whole() { bodies } else { &group.bodies });
                let own = group.bodies.clone();
                if let Some(rule) = self.rule(&text, *head, group, reads_namespace) {
                    let asked = Asked { entry, form, builtin_errors: said.builtin_errors, rules: own };
                    assembled.rules.push((rule, asked));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        assembled.rules.sort_by(|(a, _), (b, _)| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
        shared_ids(&mut assembled);
        assembled.hints.sort();
        assembled.hints.dedup();
        Ok(assembled)
    }

    fn at(&self, rule: &tree::Rule) -> Place {
        (self.place)(rule.file, rule.head_span)
    }

    /// The definitions of each head in each package.
    fn headed(&self, errors: &mut Vec<LoadError>) -> BTreeMap<(tree::Path, Head), Vec<usize>> {
        let mut headed: BTreeMap<(tree::Path, Head), Vec<usize>> = BTreeMap::new();
        for (at, rule) in self.resolved.rules.iter().enumerate() {
            let below = rule.path.get(rule.package.len()..).unwrap_or_default();
            let Some(head) = below.first().and_then(|name| Head::from_word(name)) else { continue };
            if rule.arguments.is_some() {
                let message = format!("`{}` is what Tollgate asks, so it cannot be a function", head.word());
                errors.push(self.at(rule).error("unsupported-head", message));
            } else if below.len() > 1 || rule.keys.len() > 1 {
                let message = format!("`{}` cannot have names below it", head.word());
                errors.push(self.at(rule).error("unsupported-head", message));
            } else {
                headed.entry((rule.package.clone(), head)).or_default().push(at);
            }
        }
        headed
    }

    /// All definitions that each package is asked by.
    fn heads(&self) -> BTreeMap<&tree::Path, Vec<usize>> {
        let mut heads: BTreeMap<&tree::Path, Vec<usize>> = BTreeMap::new();
        for (at, rule) in self.resolved.rules.iter().enumerate() {
            if rule.path.get(rule.package.len()).is_some_and(|name| Head::from_word(name).is_some()) {
                heads.entry(&rule.package).or_default().push(at);
            }
        }
        heads
    }

    fn are_sets(&self, bodies: &[usize]) -> bool {
        bodies
            .iter()
            .filter_map(|at| self.resolved.rules.get(*at))
            .all(|rule| matches!(rule.leaf, Leaf::Member(_)) || !rule.keys.is_empty())
    }

    /// The definitions of one head, by id, in order of file and line.
    fn groups(
        &self,
        notes: &Notes,
        package: &tree::Path,
        head: Head,
        bodies: &[usize],
        hints: &mut Vec<LoadHint>,
    ) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_id: BTreeMap<RuleId, usize> = BTreeMap::new();
        for at in bodies {
            let Some(rule) = self.resolved.rules.get(*at) else { continue };
            if rule.default && bodies.len() > 1 {
                continue;
            }
            let fields = notes.about(rule);
            let fallback = || format!("{}.{}", written(package), head.word()).into();
            let id = fields.id.clone().or_else(|| slug(fields.title.as_deref()?)).unwrap_or_else(fallback);
            let id = RuleId::new(id);
            match by_id.get(&id).and_then(|at| groups.get_mut(*at)) {
                Some(group) => {
                    if fields.id.is_some() || fields.title.is_some() {
                        let message = format!("two bodies share the id `{id}`: they are one rule");
                        hints.push(self.at(rule).hint("shared-id", Some(id), message));
                    }
                    group.bodies.push(*at);
                }
                None => {
                    by_id.insert(id.clone(), groups.len());
                    groups.push(Group { id, fields, bodies: vec![*at] });
                }
            }
        }
        groups
    }

    /// Makes one rule of bodies that cannot be asked apart.
    fn join(&self, head: Head, groups: &mut Vec<Group>) -> Option<LoadHint> {
        let rest = groups.split_off(1);
        let first = groups.first_mut()?;
        first.bodies.extend(rest.into_iter().flat_map(|group| group.bodies));
        let rule = self.resolved.rules.get(*first.bodies.first()?)?;
        let message = format!(
            "the bodies of `{0}` are one rule, `{1}`: only bodies that are sets (`{0} contains ..`) can have ids of their own",
            head.word(),
            first.id
        );
        Some(self.at(rule).hint("joined", Some(first.id.clone()), message))
    }

    fn rule(&self, package: &Arc<str>, head: Head, group: Group, reads_namespace: bool) -> Option<Rule> {
        let first = self.resolved.rules.get(*group.bodies.first()?)?;
        let Place { file, line, column, .. } = self.at(first);
        let fields = group.fields;
        Some(Rule {
            id: group.id,
            package: package.clone(),
            head,
            title: fields.title,
            description: fields.description,
            severity: fields.severity.unwrap_or_default(),
            remedy: fields.remedy,
            place: PolicyPlace { file, line, column },
            operations: fields.operations.unwrap_or_default(),
            subresources: fields.subresources.unwrap_or_default(),
            deleting: fields.deleting.unwrap_or_default(),
            reads_namespace,
        })
    }

    /// The tests, each definition its own, and all rules that are tests, also those that are not run.
    fn tests(&self) -> (Vec<Test>, BTreeSet<usize>) {
        let (mut tests, mut rules) = (Vec::new(), BTreeSet::new());
        let mut same: BTreeMap<&tree::Path, usize> = BTreeMap::new();
        for (at, rule) in self.resolved.rules.iter().enumerate() {
            let below = rule.path.get(rule.package.len()..).unwrap_or_default();
            let is_test = |name: &Arc<str>| name.starts_with("test_") || name.starts_with("todo_test_");
            if !below.iter().any(is_test) || rule.arguments.is_some() {
                continue;
            }
            rules.insert(at);
            if rule.default {
                continue;
            }
            let before = same.entry(&rule.path).or_default();
            let number = if *before == 0 { String::new() } else { format!("#{before:02}") };
            *before += 1;
            let Place { file, line, column, .. } = self.at(rule);
            let never = matches!(rule.leaf, Leaf::Member(_))
                .then_some("it is a set, which is never `true`; write its cases as `test_x[case] if ..`");
            tests.push(Test {
                name: format!("{}{number}", below.join(".")).into(),
                package: written(&rule.package).into(),
                place: PolicyPlace { file, line, column },
                entry: self.program.entry_alone(at),
                rule: at,
                never,
            });
        }
        (tests, rules)
    }
}

/// Rules of different packages or heads with one id are one rule for modes and exceptions: told, not refused.
fn shared_ids(assembled: &mut Assembled) {
    let mut first: BTreeMap<&RuleId, &Rule> = BTreeMap::new();
    for (rule, _) in &assembled.rules {
        match first.get(&rule.id) {
            None => {
                first.insert(&rule.id, rule);
            }
            Some(earlier) => {
                let PolicyPlace { file, line, column } = rule.place.clone();
                let place = Place { file, line, column, end_column: None };
                let message = format!(
                    "shares the id `{}` with {}:{}: modes and exceptions hold for both",
                    rule.id, earlier.place.file, earlier.place.line
                );
                assembled.hints.push(place.hint("shared-id", Some(rule.id.clone()), message));
            }
        }
    }
}
