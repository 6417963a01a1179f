//! What is made to be large ends at a limit, and soon: a small call never becomes a big one.

use tollgate_rego_builtin::{Body, Call, Error, Meter, Patterns, lookup, walk};
use tollgate_rego_value::{Arena, Val, read};

const STEPS: u64 = 1 << 18;

/// What a call fails with.
fn failure<'a>(arena: &'a Arena, name: &str, arguments: &[Val<'a>]) -> Option<Error> {
    let Some(Body::Function(function)) = lookup(name).map(|builtin| builtin.body) else {
        panic!("`{name}` has no function");
    };
    let meter = Meter::new(STEPS);
    let call = Call { arena, meter: &meter, patterns: &Patterns::default(), now: 0 };
    function(&call, arguments).err()
}

/// The same with its arguments as JSON.
fn fails(name: &str, arguments: &str) -> Option<Error> {
    let arena = Arena::new(1 << 26);
    let Val::Array(arguments) = read(&arena, arguments).unwrap() else { panic!("arguments are a list") };
    failure(&arena, name, arguments)
}

fn failed(message: &str) -> Option<Error> {
    Some(Error::Failed(message.to_owned()))
}

/// A list in a list in a list..
fn nested(arena: &Arena, levels: usize) -> Val<'_> {
    (0..levels).fold(Val::Null, |value, _| arena.array(&[value]).unwrap())
}

#[test]
fn a_long_range_ends_at_the_limit() {
    assert_eq!(fails("numbers.range", "[0, 1000000000000]"), Some(Error::Limit));
    assert_eq!(fails("numbers.range_step", "[0, 1e300, 2]"), Some(Error::Limit));
}

#[test]
fn a_number_that_grows_too_big_is_an_error() {
    assert_eq!(fails("bits.lsh", "[1, 1000000000000]"), failed("number too big"));
    assert_eq!(fails("mul", "[1e20000, 1e20000]"), failed("number too big"));
    let factors = ["1e3000"; 20].join(", ");
    assert_eq!(fails("product", &format!("[[{factors}]]")), failed("number too big"));
    assert_eq!(fails("plus", "[1e-30000, 1e30000]"), None);
    assert_eq!(fails("units.parse", r#"["1e999999"]"#), failed("units.parse: exponent too large"));
}

#[test]
fn a_text_that_grows_too_long_ends_at_the_limit() {
    let long = "a".repeat(200_000);
    assert_eq!(fails("replace", &format!(r#"["{long}", "a", "{long}"]"#)), Some(Error::Limit));
    assert_eq!(
        fails("strings.replace_n", &format!(r#"[{{"a": "{long}", "b": ""}}, "{long}"]"#)),
        Some(Error::Limit)
    );
    assert_eq!(fails("regex.replace", &format!(r#"["{long}", "a", "{long}"]"#)), Some(Error::Limit));
    let verbs = "%1000000d".repeat(1000);
    let values = ["1"; 1000].join(", ");
    assert_eq!(fails("sprintf", &format!(r#"["{verbs}", [{values}]]"#)), Some(Error::Limit));
}

#[test]
fn a_value_whose_text_is_longer_than_memory_ends_at_the_limit() {
    let arena = Arena::new(1 << 20);
    let shared = (0..100).fold(Val::Int(1), |value, _| arena.array(&[value; 10]).unwrap());
    for name in ["json.marshal", "yaml.marshal"] {
        assert_eq!(failure(&arena, name, &[shared]), Some(Error::Limit), "{name}");
    }
    let values = arena.array(&[shared]).unwrap();
    assert_eq!(failure(&arena, "sprintf", &[Val::String("%v"), values]), Some(Error::Limit));
}

#[test]
fn patches_that_copy_into_one_another_end() {
    let copies = vec![r#"{"op": "copy", "from": "", "path": "/a"}"#; 1000].join(", ");
    let end = fails("json.patch", &format!(r#"[{{"a": 1}}, [{copies}]]"#));
    assert_eq!(end, failed("value nests deeper than 512 levels"));
}

#[test]
fn paths_through_a_graph_end_at_the_limit() {
    let nodes: Vec<_> = (0..16).map(|node| node.to_string()).collect();
    let graph: Vec<_> =
        nodes.iter().map(|node| format!(r#""{node}": ["{}"]"#, nodes.join(r#"", ""#))).collect();
    let arguments = format!(r#"[{{{}}}, ["0"]]"#, graph.join(", "));
    assert_eq!(fails("graph.reachable_paths", &arguments), Some(Error::Limit));
}

#[test]
fn what_nests_too_deep_is_an_error() {
    let arena = Arena::new(1 << 26);
    let (deep, key) = (nested(&arena, 100_000), Val::String("a"));
    let too_deep = failed("value nests deeper than 512 levels");
    assert_eq!(failure(&arena, "json.marshal", &[deep]), too_deep);
    let object = |bottom| (0..1000).fold(bottom, |value, _| arena.object(vec![(key, value)]).unwrap());
    let (a, b) = (object(Val::Int(1)), object(Val::Int(2)));
    assert_eq!(failure(&arena, "object.union", &[a, b]), too_deep);
    assert_eq!(failure(&arena, "object.subset", &[a, b]), too_deep);
    let meter = Meter::new(STEPS);
    let call = Call { arena: &arena, meter: &meter, patterns: &Patterns::default(), now: 0 };
    assert_eq!(walk::pairs(&call, deep).err(), too_deep);
}

#[test]
fn hostile_patterns_are_errors() {
    for pattern in [r"(\\pL{1000}){1000}", r"((((a{100}){100}){100}){100})"] {
        let end = fails("regex.match", &format!(r#"["{pattern}", "aaa"]"#));
        assert!(matches!(end, Some(Error::Failed(_))), "{pattern}: {end:?}");
    }
    let (stars, text) = ("a*".repeat(30), "a".repeat(30));
    assert_eq!(fails("regex.match", &format!(r#"["^{stars}b$", "{text}"]"#)), None);
}

#[test]
fn a_walk_lists_each_part_with_its_path() {
    let arena = Arena::new(1 << 20);
    let value = read(&arena, r#"{"b": [1, {"c": null}], "a": 2}"#).unwrap();
    let meter = Meter::new(STEPS);
    let call = Call { arena: &arena, meter: &meter, patterns: &Patterns::default(), now: 0 };
    let pairs = walk::pairs(&call, value).unwrap();
    let printed: Vec<_> = pairs.iter().map(|(path, part)| format!("{path} {part}")).collect();
    assert_eq!(
        printed,
        [
            r#"[] {"a": 2, "b": [1, {"c": null}]}"#,
            r#"["a"] 2"#,
            r#"["b"] [1, {"c": null}]"#,
            r#"["b", 0] 1"#,
            r#"["b", 1] {"c": null}"#,
            r#"["b", 1, "c"] null"#,
        ]
    );
    assert_eq!(walk::parts(&call, value).unwrap().len(), pairs.len());
}
