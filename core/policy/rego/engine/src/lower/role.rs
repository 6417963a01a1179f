//! What a condition is for: what it names, selects, wants, asks or judges. Whoever looks for the cause of a finding asks.

use tollgate_rego_resolve::tree::{Base, Callee, LiteralKind, Term, TermKind};

use super::atom::Role;

/// The role of a condition.
pub(super) fn role(kind: &LiteralKind) -> Role {
    let equality = |left: &Term, right: &Term| match (reference(left), reference(right)) {
        (Some(steps), _) | (_, Some(steps)) if is_selector(steps) => Role::Selects,
        (Some(_), None) if is_constant(right) => Role::Equals,
        (None, Some(_)) if is_constant(left) => Role::Equals,
        _ if is_count_of_none(left, right) || is_count_of_none(right, left) => Role::Selects,
        _ => Role::Judges,
    };
    match kind {
        LiteralKind::Assign(..) | LiteralKind::SomeIn { .. } => Role::Binds,
        LiteralKind::Term(Term { kind: TermKind::Call { callee: Callee::Builtin(builtin), .. }, .. })
            if builtin.name == "print" =>
        {
            Role::Binds
        }
        LiteralKind::Unify(left, right) => match equality(left, right) {
            Role::Judges => Role::Binds,
            role => role,
        },
        LiteralKind::Term(Term { kind: TermKind::Call { callee, arguments, .. }, .. }) => {
            match (callee, arguments.as_slice()) {
                (Callee::Builtin(builtin), [left, right]) if builtin.name == "equal" => equality(left, right),
                (Callee::Builtin(builtin), [member, collection]) if builtin.name == "internal.member_2" => {
                    equality(member, collection)
                }
                (Callee::Function(_), _) => Role::Asks,
                _ => Role::Judges,
            }
        }
        LiteralKind::Not(inner) if role(&inner.kind) == Role::Asks => Role::Asks,
        LiteralKind::Term(_) | LiteralKind::Not(_) | LiteralKind::NotBody(_) | LiteralKind::Every { .. } => {
            Role::Judges
        }
    }
}

fn reference(term: &Term) -> Option<&[Term]> {
    match &term.kind {
        TermKind::Ref { base: Base::Input | Base::Data | Base::Local(_), steps } => Some(steps),
        _ => None,
    }
}

/// Whether nothing is wanted of what is gathered, as whoever compares labels with a selector writes it.
fn is_count_of_none(count: &Term, none: &Term) -> bool {
    let is_count = matches!(&count.kind, TermKind::Call { callee: Callee::Builtin(builtin), .. } if builtin.name == "count");
    is_count && matches!(&none.kind, TermKind::Number(text) if &**text == "0")
}

fn is_constant(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => true,
        TermKind::Array(items) | TermKind::Set(items) => items.iter().all(is_constant),
        _ => false,
    }
}

/// Whether a reference ends in what tells objects and requests apart.
fn is_selector(steps: &[Term]) -> bool {
    let last = steps.last().map(|step| &step.kind);
    let names = [
        "kind",
        "apiVersion",
        "operation",
        "namespace",
        "name",
        "resource",
        "subResource",
        "group",
        "version",
    ];
    matches!(last, Some(TermKind::String(name)) if names.contains(&&**name))
}
