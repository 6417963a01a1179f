//! What the tree holds for what is written, where that is easy to get wrong.

use tollgate_rego_syntax::tree::{
    Dialect, Head, Literal, LiteralKind, Module, Operator, Rule, Span, Step, TemplatePart, Term, TermKind,
};
use tollgate_rego_syntax::{parse, parse_query, parse_term, print_term};

fn module(text: &str, dialect: Dialect) -> Module {
    parse(&format!("package a\n{text}"), Some(dialect)).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn rule(text: &str, dialect: Dialect) -> Rule {
    let [rule] = module(text, dialect).rules.try_into().unwrap();
    rule
}

fn term(text: &str) -> Term {
    parse_term(text, None).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

fn literals(text: &str) -> Vec<Literal> {
    parse_query(text, None).unwrap_or_else(|errors| panic!("{text}: {errors:?}")).literals
}

/// A term with parentheses around everything that has an operator.
fn grouped(term: &Term) -> String {
    match &term.kind {
        TermKind::Infix { operator, left, right, .. } => {
            format!("({} {} {})", grouped(left), operator.sign(), grouped(right))
        }
        TermKind::Membership { key: None, value, collection } => {
            format!("({} in {})", grouped(value), grouped(collection))
        }
        TermKind::Membership { key: Some(key), value, collection } => {
            format!("({}, {} in {})", grouped(key), grouped(value), grouped(collection))
        }
        _ => print_term(term),
    }
}

#[test]
fn operators_bind_as_in_opa() {
    for (text, wanted) in [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c % d", "(((a / b) * c) % d)"),
        ("a | b & c - d", "(a | (b & (c - d)))"),
        ("a == b | c", "(a == (b | c))"),
        ("a == b != c", "((a == b) != c)"),
        ("a in b == c", "(a in (b == c))"),
        ("a == b in c", "((a == b) in c)"),
        ("a in b in c", "((a in b) in c)"),
        ("a, b in c in d", "((a, b in c) in d)"),
        ("a + b, c + d in e + f", "((a + b), (c + d) in (e + f))"),
        ("-a * b", "((0 - a) * b)"),
        ("a - -1", "(a - -1)"),
        ("a -1", "(a - 1)"),
    ] {
        assert_eq!(grouped(&term(text)), wanted, "{text}");
    }
}

#[test]
fn a_bar_is_a_comprehension_unless_a_comma_says_otherwise() {
    let kind = |text| match term(text).kind {
        TermKind::ArrayComprehension(..)
        | TermKind::SetComprehension(..)
        | TermKind::ObjectComprehension(..) => 'c',
        TermKind::Array(_) | TermKind::Set(_) | TermKind::Object(_) => 'l',
        other => panic!("{text}: {other:?}"),
    };
    for comprehension in [
        "[a | b]",
        "{a | b}",
        "{a: b | c}",
        "[a | b; c]",
        "[a | k, v in xs]",
        "[a | some x, y; x]",
        "{a + 1: b | c}",
        "{a | b | c}",
        "[(a + 1) | b]",
    ] {
        assert_eq!(kind(comprehension), 'c', "{comprehension}");
    }
    for list in [
        "[a | b, c]",
        "{a | b, c}",
        "{a: b | c, d: e}",
        "[a + 1 | b]",
        "{a + 1 | b}",
        "{a: b + 1 | c}",
        "[, a | b]",
        "[(a | b)]",
        "{(a | b): c}",
        "[a | [b | c, d], e]",
    ] {
        assert_eq!(kind(list), 'l', "{list}");
    }
}

#[test]
fn braces_behind_if_are_a_body_unless_they_read_as_another_term() {
    let first = |text: &str| {
        let body = rule(text, Dialect::V1).body.unwrap();
        let [literal] = body.literals.try_into().unwrap();
        let LiteralKind::Term(term) = literal.kind else { panic!("{text}") };
        print_term(&term)
    };
    for (text, wanted) in [
        ("p if { x }", "x"),
        ("p if {{ x }}", "{x}"),
        ("p if { x == 1 }", "x == 1"),
        ("p if {}", "{}"),
        ("p if {a: b}", "{a: b}"),
        ("p if {a | b}", "{a | b}"),
        ("p if {(a | b)}", "a | b"),
        ("p if {x} == {1}", "{x} == {1}"),
        ("p if {x}[1]", "{x}[1]"),
        ("p if ({x})", "{x}"),
        ("p if x", "x"),
    ] {
        assert_eq!(first(text), wanted, "{text}");
    }
}

#[test]
fn v0_collects_members_in_brackets_and_v1_with_contains() {
    let parts = |Head { path, member, value, .. }: Head| {
        (path.len(), member.map(|term| print_term(&term)), value.map(|term| print_term(&term)))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(parts(rule("p[x] { x := 1 }", Dialect::V0).head), (1, some("x"), None));
    assert_eq!(parts(rule("p.x { true }", Dialect::V0).head), (1, some("\"x\""), None));
    assert_eq!(parts(rule("p[x] = 1 { x := 1 }", Dialect::V0).head), (2, None, some("1")));
    assert_eq!(parts(rule("p.q[x] { x := 1 }", Dialect::V0).head), (3, None, None));
    assert_eq!(parts(rule("p[x] if x := 1", Dialect::V1).head), (2, None, None));
    assert_eq!(parts(rule("p contains x if x := 1", Dialect::V1).head), (1, some("x"), None));
    assert_eq!(parts(rule("p[x] contains 2 if x := 1", Dialect::V1).head), (2, some("2"), None));
}

#[test]
fn chained_bodies_are_rules_with_the_same_head() {
    let rules = module("f(x) = y { y := x } { y := 1 } { y := 2 }", Dialect::V0).rules;
    assert_eq!(rules.len(), 3);
    assert!(rules.iter().all(|rule| rule.head == rules[0].head));
    assert!(rules[0].span.end <= rules[1].span.start && rules[1].span.end <= rules[2].span.start);
}

#[test]
fn elses_stand_in_their_order() {
    let rule = rule("p := 1 if a else := 2 if { b; c } else if d else := 4", Dialect::V1);
    let values: Vec<_> = rule.otherwise.iter().map(|each| each.value.as_ref().map(print_term)).collect();
    let lengths: Vec<_> =
        rule.otherwise.iter().map(|each| each.body.as_ref().map(|body| body.literals.len())).collect();
    assert_eq!(values, [Some("2".to_owned()), None, Some("4".to_owned())]);
    assert_eq!(lengths, [Some(2), Some(1), None]);
}

#[test]
fn keywords_are_names_behind_a_dot_and_before_one() {
    let module = module(
        "if.p.else := input.if.contains\nin[\"x\"] := 1\np if {\n\tnot.x\n\twith.y\n\tevery.z\n}",
        Dialect::V1,
    );
    let Step::Name(first) = &module.rules[0].head.path[0] else { panic!() };
    assert_eq!(&*first.text, "if");
    assert_eq!(module.rules[0].head.path.len(), 3);
    assert_eq!(module.rules[2].body.as_ref().unwrap().literals.len(), 3);
}

#[test]
fn line_ends_separate_conditions_but_not_operands() {
    assert_eq!(literals("a\nb\n\n# c\nd").len(), 3);
    assert_eq!(literals("a\n+ b\n- c").len(), 1);
    assert_eq!(literals("a; b;\nc").len(), 3);
    assert_eq!(literals("a\n[0]").len(), 2);
    assert_eq!(literals("a # b\n== c").len(), 1);
}

#[test]
fn some_declares_or_goes_through() {
    let kind = |text: &str| literals(text).remove(0).kind;
    assert!(matches!(kind("some x, y"), LiteralKind::Some(names) if names.len() == 2));
    assert!(matches!(kind("some x\nin.y"), LiteralKind::Some(names) if names.len() == 1));
    assert!(matches!(kind("some x in xs"), LiteralKind::SomeIn { key: None, .. }));
    assert!(matches!(kind("some k, [v, _] in xs"), LiteralKind::SomeIn { key: Some(_), .. }));
    let LiteralKind::Every { key, value, body, .. } = kind("every k, v in xs { v; k }") else { panic!() };
    assert_eq!((&*key.unwrap().text, &*value.text, body.literals.len()), ("k", "v", 2));
}

#[test]
fn not_and_with_belong_to_one_condition() {
    let [literal] = literals("not x == 1 with input as {} with data.a as 1 + 1").try_into().unwrap();
    assert_eq!(literal.with.len(), 2);
    let LiteralKind::Not(term) = literal.kind else { panic!() };
    assert_eq!(print_term(&term), "x == 1");
}

/// With this import, what is undefined below `not` lets it hold (OPA's `future.keywords.not`).
#[test]
fn not_is_a_body_where_it_is_imported() {
    for import in ["import future.keywords", "import future.keywords.not"] {
        let text =
            format!("p {{ not f(x) }}\n{import}\nq {{ not f(x) with input as 1 }}\nr {{ not {{ x; y }} }}");
        let rules = module(&text, Dialect::V0).rules;
        let kinds: Vec<_> = rules.into_iter().map(|rule| rule.body.unwrap().literals.remove(0)).collect();
        let [legacy, implicit, explicit] = kinds.try_into().unwrap();
        assert!(matches!(legacy.kind, LiteralKind::Not(_)));
        assert!(matches!(&implicit.kind, LiteralKind::NotBody(body) if body.literals.len() == 1));
        assert_eq!(implicit.with.len(), 1);
        assert!(matches!(&explicit.kind, LiteralKind::NotBody(body) if body.literals.len() == 2));
    }
    let text = "import future.keywords.not\nimport rego.v1\np if not {x}";
    assert!(matches!(rule(text, Dialect::V0).body.unwrap().literals[0].kind, LiteralKind::NotBody(_)));
    assert!(matches!(rule("p if not {x}", Dialect::V1).body.unwrap().literals[0].kind, LiteralKind::Not(_)));
}

#[test]
fn text_is_told_without_its_escapes() {
    let text = |source: &str| match term(source).kind {
        TermKind::String(text) => text.to_string(),
        other => panic!("{source}: {other:?}"),
    };
    assert_eq!(text(r#""a\n\t\"\\\/\b\f\r""#), "a\n\t\"\\/\u{8}\u{c}\r");
    assert_eq!(text(r#""\u00e9\ud83d\ude00""#), "é😀");
    assert_eq!(text(r#""\ud83d!""#), "\u{fffd}!");
    assert_eq!(text(r#""\ud83d\u0041""#), "\u{fffd}A");
    assert_eq!(text("`a\\n\n\"b\"`"), "a\\n\n\"b\"");
    assert_eq!(text("\"é😀\""), "é😀");
}

#[test]
fn templates_alternate_text_and_terms() {
    let parts = |source: &str| match term(source).kind {
        TermKind::Template(parts) => parts
            .iter()
            .map(|part| match part {
                TemplatePart::Text(text) => format!("{text:?}"),
                TemplatePart::Term(literal) => match &literal.kind {
                    LiteralKind::Term(term) => print_term(term),
                    other => panic!("{other:?}"),
                },
            })
            .collect::<Vec<_>>(),
        other => panic!("{source}: {other:?}"),
    };
    assert_eq!(parts("$\"\""), Vec::<String>::new());
    assert_eq!(parts("$\"a {x}{y} \\{z\\n}\""), ["\"a \"", "x", "y", "\" {z\\n}\""]);
    assert_eq!(parts("$`a\\n \\{ {x}\n`"), ["\"a\\\\n { \"", "x", "\"\\n\""]);
    assert_eq!(parts("$\"{ {\"}\": 1}[\"}\"] }\""), ["{\"}\": 1}[\"}\"]"]);
    assert_eq!(parts("$\"{$\"{x}\"}\""), ["$\"{x}\""]);
}

#[test]
fn numbers_stay_as_they_are_written() {
    for text in ["0", "-1", "1.50", "1e5", "1E-5", "100000000000000000000000001", "-0.0"] {
        assert_eq!(term(text).kind, TermKind::Number(text.into()));
    }
    assert_eq!(term("- 1").kind, TermKind::Number("-1".into()));
    assert_eq!(term(".5").kind, TermKind::Number(".5".into()));
}

#[test]
fn set_with_nothing_in_it_is_the_empty_set() {
    assert_eq!(term("set()").kind, TermKind::Set(Vec::new()));
    assert_eq!(term("{}").kind, TermKind::Object(Vec::new()));
    assert!(matches!(term("set(1)").kind, TermKind::Call { .. }));
    assert!(matches!(term("a.set()").kind, TermKind::Call { .. }));
}

#[test]
fn every_part_knows_where_it_stands() {
    let text = "package a.b # c\nimport data.x as y\n\np contains  m  if {\n\tm := (1 + x) * f(2)\n}\n";
    let module = parse(text, None).unwrap();
    let at = |span: Span| &text[span.start as usize..span.end as usize];
    assert_eq!(at(module.package_span), "package a.b");
    assert_eq!(at(module.comments[0].span), "# c");
    assert!(!module.comments[0].own_line);
    assert_eq!(at(module.imports[0].span), "import data.x as y");
    assert_eq!(at(module.imports[0].alias.as_ref().unwrap().span), "y");
    let rule = &module.rules[0];
    assert_eq!(at(rule.span), text[36..].trim_end());
    assert_eq!(at(rule.head.span), "p contains  m");
    let body = rule.body.as_ref().unwrap();
    assert_eq!(at(body.span), "{\n\tm := (1 + x) * f(2)\n}");
    assert_eq!(at(body.literals[0].span), "m := (1 + x) * f(2)");
    let LiteralKind::Term(Term { kind: TermKind::Infix { operator, operator_span, left, right }, .. }) =
        &body.literals[0].kind
    else {
        panic!()
    };
    assert_eq!((*operator, at(*operator_span)), (Operator::Assign, ":="));
    assert_eq!((at(left.span), at(right.span)), ("m", "(1 + x) * f(2)"));
    let TermKind::Infix { left, right, .. } = &right.kind else { panic!() };
    assert_eq!((at(left.span), at(right.span)), ("1 + x", "f(2)"));
}

#[test]
fn imports_of_keywords_count_from_where_they_stand() {
    let text = "import future.keywords.in\np { x in xs }\nif = 1\n";
    assert_eq!(module(text, Dialect::V0).rules.len(), 2);
    let module = module("p = 1\nimport rego.v1\nq if p\n", Dialect::V0);
    assert_eq!((module.dialect, module.rules.len(), module.imports.len()), (Dialect::V1, 2, 1));
}

#[test]
fn a_byte_order_mark_may_begin_a_file() {
    let module = parse("\u{feff}package a\np := 1", None).unwrap();
    assert_eq!(module.package_span.start, 3);
}

/// `allow := true if { .. }` without the keyword would be a rule that always holds.
#[test]
fn a_file_with_v1_keywords_is_never_taken_for_v0() {
    for text in [
        "allow := true if { x }\ndeny { y }",
        "allow := true\nif { x }\ndeny { y }",
        "f(x) if { x }\ndeny { y }",
        "allow if { x } else { y }",
        "p contains 1\nif { x }\ndeny { y }",
    ] {
        let errors = parse(&format!("package a\n{text}"), None).unwrap_err();
        assert!(errors.iter().all(|error| error.dialect == Some(Dialect::V1)), "{text}: {errors:?}");
    }
}
