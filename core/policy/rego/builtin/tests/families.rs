//! Each line of `cases/*.txt` is a call and what OPA 1.22.2 made of it: `name [arguments] => value`, `=> undefined`,
//! `=> type error: ..` or `=> error: ..`. Arguments are JSON, with `{"#set": [..]}` for a set.

use tollgate_rego_builtin::{Body, Call, Error, Meter, Patterns, Pool, lookup};
use tollgate_rego_value::{Arena, Val, read};

/// The value with its sets made sets.
fn with_sets<'a>(arena: &'a Arena, value: Val<'a>) -> Val<'a> {
    if let Some(object) = value.as_object() {
        if let Some(Val::Array(items)) = object.text("#set") {
            return arena.set(items.iter().map(|item| with_sets(arena, *item)).collect()).unwrap();
        }
        let entries = object.iter().map(|(key, value)| (key, with_sets(arena, value))).collect();
        return arena.object(entries).unwrap();
    }
    match value {
        Val::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| with_sets(arena, *item)).collect();
            arena.array(&items).unwrap()
        }
        other => other,
    }
}

fn answer(name: &str, arguments: &str) -> String {
    let arena = Arena::new(1 << 26);
    let arguments = with_sets(&arena, read(&arena, arguments).unwrap());
    let Val::Array(arguments) = arguments else { panic!("arguments are a list: {name}") };
    let Some(builtin) = lookup(name) else { panic!("there is no builtin `{name}`") };
    let Body::Function(function) = builtin.body else { panic!("`{name}` has no function") };
    assert_eq!(builtin.parameters.len(), arguments.len(), "{name}");
    let meter = Meter::new(1 << 24);
    let pool = Pool::default();
    let patterns = Patterns::new(&pool);
    let call = Call { arena: &arena, meter: &meter, patterns: &patterns, now: 0 };
    match function(&call, arguments) {
        Ok(value) => value.to_string(),
        Err(Error::Undefined) => "undefined".to_owned(),
        Err(Error::Type(message)) => format!("type error: {message}"),
        Err(Error::Failed(message)) => format!("error: {}", message.replace('\n', "\\n")),
        Err(Error::Limit) => "limit".to_owned(),
    }
}

fn check(cases: &str) {
    let mut wrong = Vec::new();
    for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((call, expected)) = line.rsplit_once(" => ") else { panic!("no ` => `: {line}") };
        let Some((name, arguments)) = call.split_once(' ') else { panic!("no arguments: {line}") };
        let got = answer(name, arguments);
        if got != expected {
            wrong.push(format!("{call}\n  expected {expected}\n       got {got}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

macro_rules! families {
    ($($test:ident $file:literal)*) => {
        $(
            #[test]
            fn $test() {
                check(include_str!(concat!("cases/", $file, ".txt")));
            }
        )*
    };
}

families! {
    collections_are_as_in_opa "collections"
    numbers_are_as_in_opa "numbers"
    objects_are_as_in_opa "objects"
    strings_are_as_in_opa "strings"
    encodings_are_as_in_opa "encodings"
    paths_are_as_in_opa "paths"
    units_are_as_in_opa "units"
    patterns_are_as_in_opa "patterns"
    sprintf_is_as_in_opa "sprintf"
}
