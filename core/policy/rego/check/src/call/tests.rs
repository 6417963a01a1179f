//! Calls.

use super::*;
use crate::gate::tests::found;

#[test]
fn methods_of_other_languages_are_told_from_slips() {
    let found = found(&[
        "package p\nr if input.labels.hasOwnProperty(\"x\")\ns if coumt(input.y) == 1\nt if nothing_like_it(1)\n",
    ]);
    assert!(found[0].contains("`\"key\" in object.keys(object.get(parent, \"field\", {}))`"), "{}", found[0]);
    assert!(found[1].ends_with("(did you mean `count`?)"), "{}", found[1]);
    assert_eq!(found[2], "4 undefined-function: function `nothing_like_it` is not defined");
}

#[test]
fn every_method_has_one_remedy() {
    let names: Vec<&str> = METHODS.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), distinct.len());
    assert_eq!(remedy("input.x.length"), Some("write `count(x)`"));
    assert_eq!(remedy("whatever"), None);
}
