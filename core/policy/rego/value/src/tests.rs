//! Laws of the order and of arithmetic, and figures that real OPA 1.22.2 gave.

use std::cmp::Ordering;

use num_bigint::BigInt;
use proptest::prelude::*;
use tollgate_vocabulary::{Map, Number, Value};

use crate::{Arena, NumberError, Val, arithmetic};

/// What one of the operators of Rego makes of two numbers, printed.
fn compute(a: &str, operator: &str, b: &str) -> Result<String, NumberError> {
    let arena = Arena::new(1 << 24);
    let (a, b) = (arena.number(a).unwrap(), arena.number(b).unwrap());
    let operation = match operator {
        "+" => arithmetic::add,
        "-" => arithmetic::subtract,
        "*" => arithmetic::multiply,
        "/" => arithmetic::divide,
        "%" => arithmetic::remainder,
        other => panic!("{other}"),
    };
    let result = operation(&arena, &a, &b)?.to_string();
    Ok(result)
}

fn compare(a: &str, b: &str) -> Ordering {
    Val::number(a).compare(&Val::number(b))
}

#[test]
fn numbers_are_computed_as_opa_computes_them() {
    for (a, operator, b, result) in [
        ("1", "/", "3", "0.33333333333333333334"),
        ("2", "/", "3", "0.6666666666666666667"),
        ("1", "/", "7", "0.14285714285714285714"),
        ("10", "/", "4", "2.5"),
        ("10", "/", "5", "2"),
        ("0", "/", "-5", "-0"),
        ("1e20", "/", "3", "33333333333333333334"),
        ("100000000000000000000000000000", "/", "3", "33333333333333333332000000000"),
        ("1", "/", "1e400", "1e-400"),
        ("-9223372036854775808", "/", "-1", "9223372036854775808"),
        ("1.5", "*", "2", "3"),
        ("0.1", "*", "3", "0.3"),
        ("0", "*", "-1.5", "-0"),
        ("0.00001", "*", "1.5", "1.49999999999999999995e-05"),
        ("123456.75", "*", "1", "123456.75"),
        ("99999999999999999999", "*", "10", "999999999999999999990"),
        ("99999999999999999999.5", "*", "10", "1000000000000000000000"),
        ("1e-400", "*", "1e-400", "9.999999999999999999e-801"),
        ("0.1", "+", "0.2", "0.3"),
        ("1.1", "+", "2.2", "3.3000000000000000002"),
        ("1234567.5", "+", "0", "1.2345675e+06"),
        ("9007199254740993.0", "+", "0.5", "9.0071992547409935e+15"),
        ("3.0", "+", "4.0", "7"),
        ("9223372036854775807", "+", "1", "9223372036854775808"),
        ("1", "-", "0.9", "0.10000000000000000002"),
        ("1.5", "-", "1.5", "0"),
        ("7", "%", "-3", "1"),
        ("-7", "%", "3", "-1"),
        ("1e30", "%", "7", "1"),
        ("5.0", "%", "3", "2"),
    ] {
        assert_eq!(compute(a, operator, b).as_deref(), Ok(result), "{a} {operator} {b}");
    }
}

#[test]
fn what_cannot_be_computed_is_said() {
    for zero in ["0", "0.0", "0e5", "-0"] {
        assert_eq!(compute("1", "/", zero), Err(NumberError::DivideByZero), "{zero}");
        assert_eq!(compute("1", "%", zero), Err(NumberError::ModuloByZero), "{zero}");
    }
    assert_eq!(compute("1.5", "%", "1"), Err(NumberError::ModuloOnFloating));
    for big in ["1e1000000", "1e-1000000", "1e99999999999999999999"] {
        assert_eq!(compute(big, "+", "1"), Err(NumberError::TooBig), "{big}");
    }
    assert_eq!(compute("1e30000", "*", "1e30000"), Err(NumberError::TooBig));
    assert_eq!(compute("1.5e-30000", "*", "1e-30000"), Err(NumberError::TooBig));
    assert_eq!(compute("1e1000000", "/", "3"), Err(NumberError::TooBig));
}

#[test]
fn numbers_are_rounded_as_opa_rounds_them() {
    let arena = Arena::new(1 << 20);
    let show = |result: Result<Val<'_>, NumberError>| result.unwrap().to_string();
    for (number, round, ceil, floor, abs) in [
        ("2.5", "3", "3", "2", "2.5"),
        ("-2.5", "-3", "-2", "-3", "2.5"),
        ("2.1", "2", "3", "2", "2.1"),
        ("-2.1", "-2", "-2", "-3", "2.1"),
        ("-0.5", "-1", "1", "0", "0.5"),
        ("7", "7", "7", "7", "7"),
        ("-7.0", "-7", "-7", "-7", "7"),
        (
            "1e30",
            "1000000000000000000024696061952",
            "1000000000000000000024696061952",
            "1000000000000000000024696061952",
            "1000000000000000000000000000000",
        ),
        (
            "-123456789012345678901234567890",
            "-123456789012345678899921813504",
            "-123456789012345678899921813504",
            "-123456789012345678899921813504",
            "123456789012345678900000000000",
        ),
    ] {
        let number = Val::number(number);
        assert_eq!(show(arithmetic::round(&arena, &number)), round, "round({number})");
        assert_eq!(show(arithmetic::ceil(&arena, &number)), ceil, "ceil({number})");
        assert_eq!(show(arithmetic::floor(&arena, &number)), floor, "floor({number})");
        assert_eq!(show(arithmetic::abs(&arena, &number)), abs, "abs({number})");
    }
}

#[test]
fn numbers_are_compared_by_what_they_stand_for() {
    for equal in [
        ["1", "1.0"],
        ["1", "1e0"],
        ["100", "1e2"],
        ["0", "-0"],
        ["0", "0e99999999999999999999"],
        ["0.5", "5e-1"],
        ["1e1000000", "10e999999"],
        ["-9223372036854775808", "-9223372036854775808.0"],
    ] {
        assert_eq!(compare(equal[0], equal[1]), Ordering::Equal, "{equal:?}");
    }
    let ascending = [
        "-1e1000000",
        "-1e400",
        "-9223372036854775809",
        "-1.5",
        "-1",
        "-1e-1000000",
        "0",
        "1e-1000000",
        "0.1",
        "0.10000000000000000001",
        "1",
        "1.5",
        "9007199254740992",
        "9007199254740992.5",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "1e400",
        "1.1e400",
        "1e1000000",
    ];
    for (at, a) in ascending.iter().enumerate() {
        for (other, b) in ascending.iter().enumerate() {
            assert_eq!(compare(a, b), at.cmp(&other), "{a} {b}");
        }
    }
}

#[test]
fn a_whole_number_is_an_int_unless_written_otherwise() {
    assert!(matches!(Val::number("0"), Val::Int(0)));
    assert!(matches!(Val::number("-12"), Val::Int(-12)));
    assert!(matches!(Val::number("9223372036854775807"), Val::Int(i64::MAX)));
    assert!(matches!(Val::number("-9223372036854775808"), Val::Int(i64::MIN)));
    for text in ["-0", "1.0", "1e2", "9223372036854775808", "123456789012345678901234567890"] {
        assert!(matches!(Val::number(text), Val::Number(kept) if kept == text), "{text}");
    }
}

#[test]
fn a_list_is_indexed_by_whole_numbers() {
    let items = [Val::String("a"), Val::String("b")];
    let list = Val::Array(&items);
    assert_eq!(list.step(&Val::Int(1)), Some(Val::String("b")));
    assert_eq!(list.step(&Val::Number("1.0")), Some(Val::String("b")));
    for none in
        [Val::Int(2), Val::Int(-1), Val::Number("0.5"), Val::Number("1e0"), Val::String("0"), Val::Null]
    {
        assert_eq!(list.step(&none), None, "{none}");
    }
}

#[test]
fn a_document_equals_the_same_value_in_an_arena() {
    let arena = Arena::new(1 << 20);
    let list =
        Value::Array(vec![Value::from(1_u64), Value::Number(Number::parse("2.0").unwrap()), Value::Null]);
    let document = Value::Object([("k", list)].into_iter().collect::<Map>());
    let list = arena.array(&[Val::Number("1.0"), Val::Int(2), Val::Null]).unwrap();
    let own = arena.object(vec![(Val::String("k"), list)]).unwrap();
    assert_eq!(Val::of(&document), own);
    assert_eq!(own.to_document().unwrap().get("k").and_then(Value::as_array).map(<[Value]>::len), Some(3));
}

#[test]
fn a_set_keeps_the_first_of_equal_items_and_an_object_the_last() {
    let arena = Arena::new(1 << 20);
    let set = arena.set(vec![Val::Number("1.0"), Val::Int(1), Val::Int(0)]).unwrap();
    assert_eq!(set.to_string(), "{0, 1.0}");
    let object = arena.object(vec![(Val::Int(1), Val::Int(1)), (Val::Int(1), Val::Int(2))]).unwrap();
    assert_eq!(object.to_string(), "{1: 2}");
}

#[test]
fn values_that_nest_without_end_are_compared_without_recursion() {
    let arena = Arena::new(1 << 26);
    let deep = |bottom| {
        let mut value = bottom;
        for _ in 0..100_000 {
            value = arena.array(&[value]).unwrap();
        }
        value
    };
    let (a, b, c) = (deep(Val::Int(1)), deep(Val::Number("1.0")), deep(Val::Int(2)));
    assert_eq!(a, b);
    assert!(a < c);
    assert!(c > b);
}

#[test]
fn values_that_share_their_parts_are_compared_once() {
    let arena = Arena::new(1 << 24);
    let shared = |bottom| {
        let mut value = bottom;
        for _ in 0..200 {
            value = arena.array(&[value; 50]).unwrap();
        }
        value
    };
    let (a, b, c) = (shared(Val::Int(1)), shared(Val::Number("1.0")), shared(Val::Int(2)));
    assert_eq!(a, b);
    assert!(a < c);
    assert_eq!(arena.set(vec![a, b, c]).unwrap().len(), Some(2));
}

#[test]
fn long_values_are_compared_to_their_end() {
    let arena = Arena::new(1 << 24);
    let long = |last: i64| {
        let items: Vec<_> = (0..10_000).chain([last]).map(Val::Int).collect();
        let inner = arena.array(&items).unwrap();
        arena.array(&[inner, inner]).unwrap()
    };
    assert_eq!(long(1), long(1));
    assert!(long(1) < long(2));
}

/// Values of all kinds, two levels deep.
#[derive(Clone, Debug)]
enum Sketch {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Sketch>),
    Set(Vec<Sketch>),
    Object(Vec<(Sketch, Sketch)>),
}

impl Sketch {
    fn build<'a>(&self, arena: &'a Arena) -> Val<'a> {
        let all = |items: &[Self]| -> Vec<Val<'a>> { items.iter().map(|item| item.build(arena)).collect() };
        match self {
            Self::Null => Val::Null,
            Self::Bool(truth) => Val::Bool(*truth),
            Self::Number(text) => arena.number(text).unwrap(),
            Self::String(text) => arena.string(text).unwrap(),
            Self::Array(items) => arena.array(&all(items)).unwrap(),
            Self::Set(items) => arena.set(all(items)).unwrap(),
            Self::Object(entries) => arena
                .object(entries.iter().map(|(key, value)| (key.build(arena), value.build(arena))).collect())
                .unwrap(),
        }
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let leaf = prop_oneof![
        Just(Sketch::Null),
        any::<bool>().prop_map(Sketch::Bool),
        (-3_i64..3).prop_map(|number| Sketch::Number(number.to_string())),
        (-3_i64..3, 0_u32..3, -2_i32..3)
            .prop_map(|(whole, fraction, exponent)| Sketch::Number(format!("{whole}.{fraction}e{exponent}"))),
        prop_oneof![Just(""), Just("a"), Just("b"), Just("ab")]
            .prop_map(|text| Sketch::String(text.to_owned())),
    ];
    leaf.prop_recursive(2, 16, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Sketch::Array),
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Sketch::Set),
            proptest::collection::vec((inner.clone(), inner), 0..3).prop_map(Sketch::Object),
        ]
    })
}

proptest! {
    #[test]
    fn the_order_is_total(a in sketch(), b in sketch(), c in sketch()) {
        let arena = Arena::new(1 << 20);
        let (a, b, c) = (a.build(&arena), b.build(&arena), c.build(&arena));
        prop_assert_eq!(a.compare(&b), b.compare(&a).reverse());
        prop_assert_eq!(a == b, a.compare(&b) == Ordering::Equal);
        prop_assert_eq!(a.compare(&a), Ordering::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
    }

    #[test]
    fn whole_numbers_are_computed_exactly(a in any::<i128>(), b in any::<i128>()) {
        let (x, y) = (a.to_string(), b.to_string());
        let (a, b) = (BigInt::from(a), BigInt::from(b));
        prop_assert_eq!(compute(&x, "+", &y).unwrap(), (&a + &b).to_string());
        prop_assert_eq!(compute(&x, "-", &y).unwrap(), (&a - &b).to_string());
        prop_assert_eq!(compute(&x, "*", &y).unwrap(), (&a * &b).to_string());
        prop_assert_eq!(compare(&x, &y), a.cmp(&b));
        if b != BigInt::ZERO {
            prop_assert_eq!(compute(&x, "%", &y).unwrap(), (&a % &b).to_string());
        }
    }

    #[test]
    fn small_whole_numbers_are_computed_exactly(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (a.to_string(), b.to_string());
        let (a, b) = (i128::from(a), i128::from(b));
        prop_assert_eq!(compute(&x, "+", &y).unwrap(), (a + b).to_string());
        prop_assert_eq!(compute(&x, "*", &y).unwrap(), (a * b).to_string());
    }

    #[test]
    fn a_printed_quotient_is_read_as_itself(a in 1..i64::MAX, b in 1..i64::MAX) {
        let quotient = compute(&a.to_string(), "/", &b.to_string()).unwrap();
        prop_assert_eq!(compute(&quotient, "*", "1").unwrap(), quotient);
    }

    #[test]
    fn json_is_read_as_it_is_written(value in sketch()) {
        let arena = Arena::new(1 << 20);
        let text = value.build(&arena).json(None, usize::MAX).unwrap();
        let again = crate::read(&arena, &text).unwrap();
        prop_assert_eq!(again.json(None, usize::MAX).unwrap(), text);
    }
}
