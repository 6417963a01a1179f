//! Conditions whose truth can be told before anything is judged.

use std::cmp::Ordering;

use tollgate_rego_resolve::tree::{Callee, Literal, LiteralKind, Term, TermKind};

use super::canon::{Canon, compared};
use super::limit::{Constant, Limit, Sign};

/// Whether a condition always holds or never does, where that can be told.
pub(super) fn of(literal: &Literal, canon: &Canon<'_>) -> Option<bool> {
    if let Some((sign, a, b)) = compared(literal) {
        return match (sign, canon.constant(a), canon.constant(b)) {
            (Sign::In, ..) => None,
            (sign, Some(a), Some(b)) => Some(sign.holds(a.order(&b)?)),
            (sign, None, Some(b)) if is_count(a) => counted(sign, b),
            (sign, Some(a), None) if is_count(b) => counted(sign.turned(), a),
            _ => None,
        };
    }
    match &literal.kind {
        LiteralKind::Term(term) => term_truth(term),
        LiteralKind::Not(inner) => of(inner, canon).map(|holds| !holds),
        _ => None,
    }
}

fn term_truth(term: &Term) -> Option<bool> {
    match &term.kind {
        TermKind::Bool(truth) => Some(*truth),
        TermKind::Null | TermKind::Number(_) | TermKind::String(_) | TermKind::Comprehension { .. } => {
            Some(true)
        }
        TermKind::Array(items) | TermKind::Set(items) => {
            items.iter().all(|item| term_truth(item).is_some()).then_some(true)
        }
        _ => None,
    }
}

fn is_count(term: &Term) -> bool {
    matches!(&term.kind, TermKind::Call { callee: Callee::Builtin(builtin), .. } if builtin.name == "count")
}

/// Whether a count, which is never below zero, is so compared with a constant.
fn counted(sign: Sign, with: Constant) -> Option<bool> {
    let zero = Constant::Number("0".into());
    if !Limit::of(sign, with.clone()).allows(&Limit::Is(Sign::GreaterOrEqual, zero.clone())) {
        return Some(false);
    }
    // `count(x) >= 0` always holds too, but of what is undefined: it is how some test that there is something.
    let above = zero.order(&with) == Some(Ordering::Greater);
    let always = matches!(sign, Sign::GreaterOrEqual | Sign::Greater | Sign::NotEqual);
    (always && above).then_some(true)
}
