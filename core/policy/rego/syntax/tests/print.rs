//! What is printed reads as the same tree.

mod data;

use proptest::prelude::*;
use serde_json::Value;
use tollgate_rego_syntax::tree::{
    Body, Dialect, Else, Head, Import, Literal, LiteralKind, Module, Name, Operator, Rule, Span, Step,
    TemplatePart, Term, TermKind, With,
};
use tollgate_rego_syntax::{parse, parse_term, print, print_term};

/// A tree without its places.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut parts = text.split("Span { start: ");
    let mut shape = parts.next().unwrap().to_owned();
    for part in parts {
        shape.push('@');
        shape.push_str(part.split_once('}').unwrap().1);
    }
    shape
}

fn reads_as_itself(text: &str, dialect: Option<Dialect>) {
    let Ok(mut module) = parse(text, dialect) else { return };
    module.comments.clear();
    let printed = print(&module);
    let again = parse(&printed, Some(module.dialect))
        .unwrap_or_else(|errors| panic!("{errors:?}\n{text}\n---\n{printed}"));
    assert_eq!(shape(&again), shape(&module), "\n{text}\n---\n{printed}");
    assert_eq!(print(&again), printed);
}

#[test]
fn every_compliance_case_prints_as_itself() {
    let Some(root) = data::root() else { return };
    for (_, text) in data::files(&root.join("opa-compliance/v1"), "json") {
        let file: Value = serde_json::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            for module in case["modules"].as_array().into_iter().flatten() {
                reads_as_itself(module.as_str().unwrap(), Some(Dialect::V1));
            }
        }
    }
}

#[test]
fn every_template_of_the_gatekeeper_library_prints_as_itself() {
    let Some(root) = data::root() else { return };
    for (_, text) in data::files(&root.join("gatekeeper-library"), "yaml") {
        for text in data::blocks(&text) {
            reads_as_itself(&text, None);
        }
    }
}

#[test]
fn every_policy_of_this_repository_prints_as_itself() {
    for folder in ["corpus", "examples"] {
        for (_, text) in data::files(&data::repository().join(folder), "rego") {
            reads_as_itself(&text, None);
        }
    }
}

#[test]
fn parentheses_stand_where_they_are_needed_and_nowhere_else() {
    for (text, printed) in [
        ("(a + b) * c", "(a + b) * c"),
        ("(a * b) + c", "a * b + c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a - b) - c", "a - b - c"),
        ("a | (b & c)", "a | b & c"),
        ("(a == b) in c", "a == b in c"),
        ("a == (b in c)", "a == (b in c)"),
        ("f((k, v in xs))", "f((k, v in xs))"),
        ("[(a | b)]", "[(a | b)]"),
        ("[c, (a | b)]", "[c, a | b]"),
        ("{(a | b) | x}", "{(a | b) | x}"),
        ("((a)).b", "a.b"),
        ("(a + b).c", "(a + b).c"),
        ("-x", "0 - x"),
        ("2 * -x.y", "2 * (0 - x.y)"),
        ("1 - -1", "1 - -1"),
    ] {
        assert_eq!(print_term(&parse_term(text, None).unwrap()), printed);
    }
}

#[test]
fn conditions_that_would_run_together_are_kept_apart() {
    for text in [
        "package a\np if { x; -1 }",
        "package a\np if { some x; -1 == x }",
        "package a\np if { some x; in.foo == x }",
        "package a\np if { x in xs; with.foo }",
        "package a\np if { (a | b); c }",
        "package a\np if { (a | b) == c }",
        "package a\np if {{a}}",
        "package a\np if {{a: b}}",
        "package a\np if {{a | b}}",
        "package a\np if {a, b in c}",
        "package a\np := 1 if a else := 2\nelse.foo := 1",
        "package a\np.q := {1}\nif.x := 1",
        "package a\nimport future.keywords.not\np if { not {(a | b); c} }",
        "package a\nimport future.keywords.not\np if { not a | b }",
        "package a\nimport future.keywords.not\np if { not {a}; not ({a}) }",
    ] {
        let module = parse(text, Some(Dialect::V1)).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert!(!module.rules.is_empty());
        reads_as_itself(text, Some(Dialect::V1));
    }
}

#[test]
fn what_v0_says_with_and_without_if_stays_apart() {
    for text in [
        "package a\nimport future.keywords.if\np[x] if { x := 1 }",
        "package a\nimport future.keywords.if\np[x] { x := 1 }",
        "package a\np.x { true }",
        "package a\np[1]",
        "package a\na.b.c",
        "package a\np = 1 { x } else = 2 { y } else = 3",
        "package a\np { x } { y }",
        "package a\nimport future.keywords\np contains 1 { x }",
        "package a\nif = 1\nevery[x] { in }",
        "package a\nif = 1\nimport future.keywords\np if { x in y }\nimport data.b",
    ] {
        parse(text, Some(Dialect::V0)).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        reads_as_itself(text, Some(Dialect::V0));
    }
}

fn term(kind: TermKind) -> Term {
    Term { kind, span: Span::default() }
}

fn name(text: &str) -> Name {
    Name { text: text.into(), span: Span::default() }
}

fn literal(kind: LiteralKind) -> Literal {
    Literal { kind, with: Vec::new(), span: Span::default() }
}

fn names() -> impl Strategy<Value = Name> {
    prop::sample::select(vec!["a", "b", "x", "input", "data", "_", "notes", "set1"]).prop_map(name)
}

fn words() -> impl Strategy<Value = Name> {
    prop::sample::select(vec!["a", "b", "if", "in", "not", "with", "contains", "true", "data"]).prop_map(name)
}

fn operators() -> impl Strategy<Value = Operator> {
    use Operator::{
        And, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Minus, NotEqual, Or, Plus, Remainder,
        Times,
    };
    let all = vec![
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Plus,
        Minus,
        Times,
        Divide,
        Remainder,
        And,
        Or,
        Or,
        Or,
    ];
    prop::sample::select(all)
}

fn variables() -> impl Strategy<Value = Term> {
    names().prop_map(|name| term(TermKind::Var(name.text)))
}

fn simple_terms() -> impl Strategy<Value = Term> {
    let numbers = vec!["0", "1", "-1", "1.5e3", "-0.5", ".5", "10"];
    prop_oneof![
        Just(term(TermKind::Null)),
        any::<bool>().prop_map(|value| term(TermKind::Bool(value))),
        prop::sample::select(numbers).prop_map(|text| term(TermKind::Number(text.into()))),
        ".{0,6}".prop_map(|text| term(TermKind::String(text.into()))),
        "[\\\\\"{}`\n\t a\u{0}\u{e000}é]{0,6}".prop_map(|text| term(TermKind::String(text.into()))),
        variables(),
        variables(),
    ]
}

fn references(inner: BoxedStrategy<Term>) -> BoxedStrategy<Term> {
    let step = prop_oneof![words().prop_map(Step::Name), inner.prop_map(Step::Term)];
    (variables(), prop::collection::vec(step, 1..3))
        .prop_map(|(head, steps)| term(TermKind::Ref { head: Box::new(head), steps }))
        .boxed()
}

fn bodies(inner: BoxedStrategy<Term>) -> BoxedStrategy<Body> {
    let boxed = || inner.clone();
    let flat = prop::collection::vec(inner.clone().prop_map(|term| literal(LiteralKind::Term(term))), 1..2)
        .prop_map(|literals| Body { literals, span: Span::default() });
    let binding = prop::sample::select(vec![Operator::Assign, Operator::Unify]);
    let kind = prop_oneof![
        boxed().prop_map(LiteralKind::Term),
        boxed().prop_map(LiteralKind::Term),
        boxed().prop_map(LiteralKind::Not),
        (boxed(), binding, boxed())
            .prop_map(|(left, operator, right)| { LiteralKind::Term(infix(operator, left, right)) }),
        (prop::option::of(boxed()), boxed(), boxed())
            .prop_map(|(key, value, collection)| LiteralKind::SomeIn { key, value, collection }),
        prop::collection::vec(names(), 1..3).prop_map(LiteralKind::Some),
        (prop::option::of(names()), names(), boxed(), flat)
            .prop_map(|(key, value, collection, body)| LiteralKind::Every { key, value, collection, body }),
    ];
    let with = (prop_oneof![variables(), references(boxed())], boxed()).prop_map(|(target, value)| With {
        target,
        value,
        span: Span::default(),
    });
    let literal = (kind, prop::collection::vec(with, 0..2)).prop_map(|(kind, with)| {
        let with = if matches!(kind, LiteralKind::Some(_)) { Vec::new() } else { with };
        Literal { kind, with, span: Span::default() }
    });
    prop::collection::vec(literal, 1..3).prop_map(|literals| Body { literals, span: Span::default() }).boxed()
}

fn infix(operator: Operator, left: Term, right: Term) -> Term {
    let (left, right) = (Box::new(left), Box::new(right));
    term(TermKind::Infix { operator, operator_span: Span::default(), left, right })
}

fn terms() -> impl Strategy<Value = Term> {
    simple_terms().prop_recursive(4, 24, 3, |inner| {
        let inner = inner.boxed();
        let one = || inner.clone();
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || prop::collection::vec(one(), 0..3);
        let part = prop_oneof![
            "[\\\\\"{} a\n]{1,4}".prop_map(|text| TemplatePart::Text(text.into())),
            one().prop_map(|term| TemplatePart::Term(literal(LiteralKind::Term(term)))),
        ];
        prop_oneof![
            (operators(), one(), one()).prop_map(|(operator, left, right)| infix(operator, left, right)),
            (operators(), one(), one()).prop_map(|(operator, left, right)| infix(operator, left, right)),
            (prop::option::of(boxed()), boxed(), boxed())
                .prop_map(|(key, value, collection)| term(TermKind::Membership { key, value, collection })),
            several().prop_map(|items| term(TermKind::Array(items))),
            several().prop_map(|items| term(TermKind::Set(items))),
            prop::collection::vec((one(), one()), 0..3).prop_map(|pairs| term(TermKind::Object(pairs))),
            references(one()),
            (prop_oneof![variables(), references(one())], several()).prop_map(|(function, arguments)| {
                term(TermKind::Call { function: Box::new(function), arguments })
            }),
            (boxed(), bodies(one())).prop_map(|(head, body)| term(TermKind::ArrayComprehension(head, body))),
            (boxed(), bodies(one())).prop_map(|(head, body)| term(TermKind::SetComprehension(head, body))),
            (boxed(), boxed(), bodies(one()))
                .prop_map(|(key, value, body)| term(TermKind::ObjectComprehension(key, value, body))),
            prop::collection::vec(part, 0..3).prop_map(|parts| term(TermKind::Template(merged(parts)))),
        ]
    })
}

/// Two texts beside each other in a template would be one.
fn merged(parts: Vec<TemplatePart>) -> Vec<TemplatePart> {
    let mut merged: Vec<TemplatePart> = Vec::new();
    for part in parts {
        match (merged.last(), &part) {
            (Some(TemplatePart::Text(_)), TemplatePart::Text(_)) => {}
            _ => merged.push(part),
        }
    }
    merged
}

fn heads() -> impl Strategy<Value = (Head, Kind)> {
    let step = prop_oneof![words().prop_map(Step::Name), terms().prop_map(Step::Term)];
    let path = (prop::sample::select(vec!["p", "q", "f"]), prop::collection::vec(step, 0..3)).prop_map(
        |(first, rest)| {
            let mut path = vec![Step::Name(name(first))];
            path.extend(rest);
            path
        },
    );
    let kind = prop_oneof![
        (any::<bool>(), terms()).prop_map(|(assigned, value)| Kind::Value(assigned, value)),
        terms().prop_map(Kind::Member),
        Just(Kind::True),
        prop::collection::vec(terms(), 1..3).prop_map(Kind::Function),
    ];
    (path, kind).prop_map(|(path, kind)| {
        let mut head =
            Head { path, arguments: None, member: None, value: None, assigned: false, span: Span::default() };
        match kind.clone() {
            Kind::Value(assigned, value) => {
                head.value = Some(value);
                head.assigned = assigned;
            }
            Kind::Member(member) => head.member = Some(member),
            Kind::Function(arguments) => head.arguments = Some(arguments),
            Kind::True => {}
        }
        (head, kind)
    })
}

#[derive(Clone, Debug)]
enum Kind {
    Value(bool, Term),
    Member(Term),
    Function(Vec<Term>),
    True,
}

fn rules() -> impl Strategy<Value = Rule> {
    let body = || bodies(terms().boxed());
    let otherwise = prop::collection::vec((prop::option::of(terms()), body()), 0..3);
    (heads(), prop::option::of(body()), otherwise).prop_map(|((head, kind), body, otherwise)| {
        let body = match (&kind, body) {
            (Kind::True, None) => Some(Body {
                literals: vec![literal(LiteralKind::Term(term(TermKind::Bool(true))))],
                span: Span::default(),
            }),
            (_, body) => body,
        };
        let named = head.path[1..].iter().all(|step| matches!(step, Step::Name(_)));
        let collects = matches!(kind, Kind::Member(_));
        let otherwise = if body.is_some() && named && !collects { otherwise } else { Vec::new() };
        let otherwise = otherwise
            .into_iter()
            .map(|(value, body)| Else { value, body: Some(body), span: Span::default() })
            .collect();
        Rule { default: false, head, body, otherwise, span: Span::default() }
    })
}

fn modules() -> impl Strategy<Value = Module> {
    let package =
        prop::collection::vec(prop_oneof![words(), "[a-z /\"]{1,4}".prop_map(|text| name(&text))], 0..3);
    (package, prop::collection::vec(rules(), 0..4)).prop_map(|(rest, rules)| {
        let mut package = vec![name("p")];
        package.extend(rest);
        let path = vec![name("data"), name("a/b")];
        let imports = vec![Import { path, alias: Some(name("c")), span: Span::default() }];
        Module {
            dialect: Dialect::V1,
            package,
            package_span: Span::default(),
            imports,
            rules,
            comments: Vec::new(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_printed_term_reads_as_itself(term in terms()) {
        let printed = print_term(&term);
        let again = parse_term(&printed, None);
        let Ok(again) = again else { panic!("{printed}: {again:?}") };
        prop_assert_eq!(shape(&again), shape(&term), "{}", printed);
    }

    #[test]
    fn a_printed_module_reads_as_itself(module in modules()) {
        let printed = print(&module);
        let again = parse(&printed, Some(Dialect::V1));
        let Ok(again) = again else { panic!("{printed}: {again:?}") };
        prop_assert_eq!(shape(&again), shape(&module), "{}", printed);
    }

    #[test]
    fn whatever_is_written_is_read_or_refused(text in ".{0,40}", start in prop::sample::select(vec!["", "package a\n", "package a\np if {", "package a\np := "])) {
        let text = format!("{start}{text}");
        reads_as_itself(&text, None);
        reads_as_itself(&text, Some(Dialect::V0));
    }

    #[test]
    fn tokens_in_any_order_are_read_or_refused(tokens in prop::collection::vec(prop::sample::select(TOKENS.to_vec()), 0..20)) {
        for separator in [" ", "\n", ""] {
            let text = format!("package a\n{}", tokens.join(separator));
            reads_as_itself(&text, None);
            reads_as_itself(&text, Some(Dialect::V0));
        }
    }
}

const TOKENS: [&str; 44] = [
    "p",
    "x",
    "_",
    "data",
    "input",
    "1",
    "-",
    ".5",
    "\"a\"",
    "`b`",
    "$\"{",
    "}\"",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    ";",
    ".",
    "|",
    "&",
    "+",
    "==",
    ":=",
    "=",
    "in",
    "not",
    "some",
    "every",
    "if",
    "contains",
    "else",
    "default",
    "with",
    "as",
    "import",
    "true",
    "set()",
    "# c\n",
    "\n",
    "future.keywords",
];
