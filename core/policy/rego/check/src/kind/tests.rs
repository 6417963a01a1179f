//! The lattice.

use super::*;

fn field(name: &str) -> Key {
    Key::String(name.into())
}

fn object(fields: &[(&str, Type)], rest: Option<(Type, Type)>) -> Type {
    Type::object(fields.iter().map(|(name, of)| (field(name), of.clone())).collect(), rest)
}

#[test]
fn kinds_have_nothing_in_common() {
    let set = Type::set(Some(Type::Any));
    let array = Type::array(Vec::new(), Some(Type::Any));
    let of = [Type::Null, Type::Boolean, Type::Number, Type::String, array, set, object(&[], None)];
    for (at, a) in of.iter().enumerate() {
        for (other, b) in of.iter().enumerate() {
            assert_eq!(a.meets(b), at == other, "{a} and {b}");
        }
        assert!(a.meets(&Type::Any) && Type::Any.meets(a));
    }
}

#[test]
fn arrays_meet_item_by_item() {
    let array = |items: &[Type]| Type::array(items.to_vec(), None);
    assert!(!array(&[Type::Number]).meets(&array(&[Type::Number, Type::Number])));
    assert!(!array(&[Type::Number]).meets(&array(&[Type::String])));
    let numbers = Type::array(Vec::new(), Some(Type::Number));
    assert!(array(&[Type::Number, Type::Number]).meets(&numbers));
    assert!(!array(&[Type::Number, Type::String]).meets(&numbers));
    assert!(array(&[]).meets(&numbers));
}

#[test]
fn objects_meet_field_by_field() {
    let a = object(&[("a", Type::Number)], None);
    assert!(a.meets(&a));
    assert!(!a.meets(&object(&[("b", Type::Number)], None)));
    assert!(!a.meets(&object(&[("a", Type::String)], None)));
    assert!(a.meets(&object(&[], Some((Type::String, Type::Any)))));
}

#[test]
fn the_empty_set_is_of_every_sets_type() {
    let (empty, strings) = (Type::set(None), Type::set(Some(Type::String)));
    assert!(empty.meets(&strings) && strings.meets(&empty));
    assert!(!strings.meets(&Type::set(Some(Type::Number))));
}

#[test]
fn a_union_is_flat_sorted_and_without_doubles() {
    let both = Type::String.or(Type::Number);
    assert_eq!(both, Type::Number.or(Type::String));
    assert_eq!(both.clone().or(Type::Number), both);
    assert_eq!(both.clone().or(Type::Any), Type::Any);
    assert!(both.meets(&Type::Number) && !both.meets(&Type::Null));
    assert_eq!(both.to_string(), "a number or a string");
}

#[test]
fn steps_give_what_is_inside() {
    let of = object(&[("a", Type::Number)], Some((Type::String, Type::Boolean)));
    assert_eq!(of.select(&field("a")), Some(Type::Number));
    assert_eq!(of.select(&field("b")), Some(Type::Boolean));
    assert_eq!(of.select(&Key::Bool(true)), None);
    assert_eq!(of.values(), Some(Type::Boolean.or(Type::Number)));
    assert_eq!((Type::String.keys(), Type::String.values()), (None, None));
    let array = Type::array(vec![Type::Number], None);
    assert_eq!(array.select(&Key::Number("0".into())), Some(Type::Number));
    assert_eq!(array.select(&Key::Number("1".into())), None);
}

#[test]
fn what_grows_too_large_is_widened() {
    let wide = Type::array(vec![Type::Number; 10_000], None);
    assert_eq!(wide, Type::array(Vec::new(), Some(Type::Number)));
    let mut deep = Type::Number;
    for _ in 0..64 {
        deep = Type::array(vec![deep.clone(), deep], None);
    }
    assert!(deep.meets(&Type::array(Vec::new(), Some(Type::Any))), "doubling sixty-four times ends");
    assert!(!deep.meets(&Type::String), "and it is an array still");
}
