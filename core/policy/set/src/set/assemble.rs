//! Modules as rules: which definitions are one rule, what it is called, when it is asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{PolicyPlace, RuleId};

use super::Asked;
use crate::load::{LoadError, LoadHint, Place};
use crate::metadata::{Annotation, Fields, Scope, slug};
use crate::rego::Source;
use crate::rego::graph::Graph;
use crate::rego::input::{Reading, reads_namespace};
use crate::rego::module::{Definition, Kind, Module, Name, written};
use crate::rego::split::{Part, Splitter};
use crate::rule::{Head, Rule};
use crate::source::Options;
use crate::testing::Test;

/// A checked set, ready for an engine.
pub(super) struct Assembled {
    pub(super) rules: Vec<(Rule, Asked)>,
    pub(super) tests: Vec<Test>,
    pub(super) hints: Vec<LoadHint>,
    pub(super) sources: Vec<Source>,
}

/// All definitions of one head in one package.
type Headed<'a> = BTreeMap<(Name, Head), Vec<(usize, &'a Definition)>>;

/// The definitions of one id, and what is said about them.
struct Group<'a> {
    id: RuleId,
    fields: Fields,
    part: Part<'a>,
}

pub(super) fn assemble<'a>(
    modules: &'a [Module],
    graph: &Graph<'a>,
    options: &Options,
) -> Result<Assembled, Vec<LoadError>> {
    let mut assembled =
        Assembled { rules: Vec::new(), tests: tests(modules), hints: Vec::new(), sources: Vec::new() };
    let (mut splitter, mut errors) = (Splitter::of(modules), Vec::new());
    let headed = headed(modules);
    for ((package, head), definitions) in &headed {
        let text: Arc<str> = written(package).into();
        if !options.only.is_empty() && !options.only.contains(&text) {
            continue;
        }
        let names: Vec<Name> = Head::ALL
            .into_iter()
            .filter(|head| headed.contains_key(&(package.clone(), *head)))
            .map(|head| full(package, head.word()))
            .collect();
        let reading = Reading::of(graph, &names);
        let form = match reading.form(&text, &options.packages) {
            Ok(form) => form,
            Err(error) => {
                errors.push(*error);
                continue;
            }
        };
        assembled.hints.extend(reading.hint(&text));
        let mut groups = groups(modules, package, *head, definitions, &mut assembled.hints);
        if groups.len() > 1 && !Splitter::separable(groups.iter().map(|group| &group.part)) {
            assembled.hints.extend(join(*head, &mut groups));
        }
        let queries = queries(&mut splitter, package, *head, &groups);
        let head_name = full(package, head.word());
        for (group, query) in groups.into_iter().zip(queries) {
            let reached = if query == written(&head_name) {
                graph.reachable(&head_name)
            } else {
                graph.reachable_from(group.part.of(modules))
            };
            let Some(rule) = rule(&text, *head, &group, reads_namespace(&reached)) else { continue };
            assembled.rules.push((rule, Asked { query, form }));
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    assembled.rules.sort_by(|(a, _), (b, _)| (&a.place, &a.id).cmp(&(&b.place, &b.id)));
    shared_ids(&mut assembled);
    assembled.hints.sort();
    assembled.hints.dedup();
    assembled.sources = splitter.finish().sources;
    Ok(assembled)
}

fn full(package: &Name, rule: &str) -> Name {
    let mut name = vec![Arc::from("data")];
    name.extend(package.iter().cloned());
    name.push(rule.into());
    name
}

fn headed(modules: &[Module]) -> Headed<'_> {
    let mut headed: Headed<'_> = BTreeMap::new();
    for (at, module) in modules.iter().enumerate() {
        for definition in &module.definitions {
            if let Some(head) = definition.name.first().and_then(|name| Head::from_word(name)) {
                headed.entry((module.package.clone(), head)).or_default().push((at, definition));
            }
        }
    }
    headed
}

/// The definitions of one head, by id, in order of file and line.
fn groups<'a>(
    modules: &[Module],
    package: &Name,
    head: Head,
    definitions: &[(usize, &'a Definition)],
    hints: &mut Vec<LoadHint>,
) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (at, definition) in definitions {
        if definition.kind == Kind::Default && definitions.len() > 1 {
            continue;
        }
        let fields = fields(modules, *at, definition);
        let fallback = || format!("{}.{}", written(package), head.word()).into();
        let id = fields.id.clone().or_else(|| slug(fields.title.as_deref()?)).unwrap_or_else(fallback);
        let id = RuleId::new(id);
        match groups.iter_mut().find(|group| group.id == id) {
            Some(group) => {
                if fields.id.is_some() || fields.title.is_some() {
                    let message = format!("two bodies share the id `{id}`: they are one rule");
                    hints.push(definition.place.hint("shared-id", Some(id), message));
                }
                group.part.definitions.push((*at, definition));
            }
            None => groups.push(Group { id, fields, part: Part { definitions: vec![(*at, definition)] } }),
        }
    }
    groups
}

/// Makes one rule of bodies that cannot be asked apart.
fn join(head: Head, groups: &mut Vec<Group<'_>>) -> Option<LoadHint> {
    let rest = groups.split_off(1);
    let first = groups.first_mut()?;
    first.part.definitions.extend(rest.into_iter().flat_map(|group| group.part.definitions));
    let (_, definition) = first.part.definitions.first()?;
    let message = format!(
        "the bodies of `{0}` are one rule, `{1}`: only bodies that are sets (`{0} contains ..`) can have ids of their own",
        head.word(),
        first.id
    );
    Some(definition.place.hint("joined", Some(first.id.clone()), message))
}

/// What is said about a definition: nearest first.
fn fields(modules: &[Module], at: usize, definition: &Definition) -> Fields {
    let own = modules.get(at);
    let package = own.map(|module| &module.package);
    let about = |wanted: &dyn Fn(&Module, &Annotation) -> bool, names: bool, inner: Fields| {
        let all = modules.iter().flat_map(|module| module.annotations.iter().map(move |note| (module, note)));
        all.filter(|(module, note)| wanted(module, note))
            .fold(inner, |inner, (_, note)| inner.within(&note.fields, names))
    };
    let same = |module: &Module| Some(&module.package) == package;
    let this = |module: &Module, note: &Annotation| {
        own.is_some_and(|own| own.path == module.path) && note.scope == Scope::Rule(definition.place.line)
    };
    let document = |module: &Module, note: &Annotation| {
        same(module) && note.scope == Scope::Document(definition.name.clone())
    };
    let within = |module: &Module, note: &Annotation| same(module) && note.scope == Scope::Package;
    let above = |module: &Module, note: &Annotation| {
        note.scope == Scope::Subpackages
            && package.is_some_and(|package| package.starts_with(&module.package))
    };
    let fields = about(&this, true, Fields::default());
    let fields = about(&document, true, fields);
    about(&above, false, about(&within, false, fields))
}

/// What each group is asked by.
fn queries(splitter: &mut Splitter<'_>, package: &Name, head: Head, groups: &[Group<'_>]) -> Vec<String> {
    let query = |rule: &str| written(&full(package, rule));
    let whole = |groups: &[Group<'_>]| groups.iter().map(|_| query(head.word())).collect();
    if groups.len() < 2 {
        return whole(groups);
    }
    match splitter.separate(package, head.word(), groups.iter().map(|group| &group.part)) {
        Some(names) => names.iter().map(|name| query(name)).collect(),
        None => whole(groups),
    }
}

fn rule(package: &Arc<str>, head: Head, group: &Group<'_>, reads_namespace: bool) -> Option<Rule> {
    let (_, first) = group.part.definitions.first()?;
    let fields = group.fields.clone();
    Some(Rule {
        id: group.id.clone(),
        package: package.clone(),
        head,
        title: fields.title,
        description: fields.description,
        severity: fields.severity.unwrap_or_default(),
        remedy: fields.remedy,
        place: place(&first.place),
        operations: fields.operations.unwrap_or_default(),
        subresources: fields.subresources.unwrap_or_default(),
        deleting: fields.deleting.unwrap_or_default(),
        reads_namespace,
    })
}

fn place(place: &Place) -> PolicyPlace {
    PolicyPlace { file: place.file.clone(), line: place.line, column: place.column }
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

fn tests(modules: &[Module]) -> Vec<Test> {
    let of = |module: &Module, definition: &Definition| Test {
        name: definition.name.first().cloned().unwrap_or_default(),
        package: module.package_text(),
        place: place(&definition.place),
        query: written(&module.full_name(definition)),
    };
    let mut tests: Vec<Test> = Vec::new();
    for module in modules {
        for definition in module.definitions.iter().filter(|definition| definition.is_test()) {
            let test = of(module, definition);
            if !tests.iter().any(|other| other.query == test.query) {
                tests.push(test);
            }
        }
    }
    tests
}
