//! Which local a name is: arguments, bodies, closures, each a scope within the one before.
//!
//! A name that no scope declares belongs to the outermost body that names it outside of closures: there it is bound,
//! and closures inside see it. A name that a body declares may not be used above its declaration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_syntax::tree::{
    self as syntax, Literal, LiteralKind, Operator, Span, Step, Term, TermKind,
};

use crate::term::builtin_named;
use crate::tree::{Local, LocalId, Origin};

/// The scopes of one rule, and its locals.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    open: Vec<Scope>,
    next: u32,
    /// all locals so far
    pub(crate) locals: Vec<Local>,
}

#[derive(Debug)]
struct Scope {
    id: u32,
    names: BTreeMap<Arc<str>, LocalId>,
    pending: BTreeSet<Arc<str>>,
}

/// What a name is among locals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// this local
    Local(LocalId),
    /// a local that is declared further down
    Later,
    /// none
    Nothing,
}

/// Why a name cannot be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// it is declared or used above, in the same body
    Above,
    /// it is an argument
    Argument,
}

impl Scopes {
    /// Opens a scope; its number comes back.
    pub(crate) fn open(&mut self) -> u32 {
        let id = self.next;
        self.next += 1;
        self.open.push(Scope { id, names: BTreeMap::new(), pending: BTreeSet::new() });
        id
    }

    /// Closes the innermost scope. What comes back is the number that the next scope will have.
    pub(crate) fn close(&mut self) -> u32 {
        self.open.pop();
        self.next
    }

    /// A local of its own for `_`.
    pub(crate) fn wildcard(&mut self, span: Span) -> LocalId {
        self.add("_".into(), span, Origin::Wildcard)
    }

    /// What `name` is.
    pub(crate) fn find(&self, name: &str) -> Found {
        // What a body around declares only further down is not seen by a closure: there the name is another one.
        if self.open.last().is_some_and(|scope| scope.pending.contains(name)) {
            return Found::Later;
        }
        let mut scopes = self.open.iter().rev();
        scopes.find_map(|scope| scope.names.get(name)).map_or(Found::Nothing, |local| Found::Local(*local))
    }

    /// A local for a name that nothing declares, in the innermost scope.
    pub(crate) fn implicit(&mut self, name: &Arc<str>, span: Span) -> LocalId {
        let local = self.add(name.clone(), span, Origin::Implicit);
        self.put(name.clone(), local);
        local
    }

    /// Declares a name in the innermost scope.
    pub(crate) fn declare(&mut self, name: &Arc<str>, span: Span, origin: Origin) -> Result<LocalId, Taken> {
        let scope = self.open.last();
        if let Some(earlier) = scope.and_then(|scope| scope.names.get(name)) {
            let origin = self.locals.get(earlier.0 as usize).map(|local| local.origin);
            return Err(if origin == Some(Origin::Argument) { Taken::Argument } else { Taken::Above });
        }
        let local = self.add(name.clone(), span, origin);
        self.put(name.clone(), local);
        Ok(local)
    }

    /// Whether the innermost scope but one is that of the arguments and has `name`.
    pub(crate) fn is_argument_above(&self, name: &str) -> bool {
        let [arguments, _] = self.open.as_slice() else { return false };
        arguments.names.contains_key(name)
    }

    /// Names that the innermost scope will declare.
    pub(crate) fn expect(&mut self, names: BTreeSet<Arc<str>>) {
        if let Some(scope) = self.open.last_mut() {
            scope.pending = names;
        }
    }

    fn put(&mut self, name: Arc<str>, local: LocalId) {
        if let Some(scope) = self.open.last_mut() {
            scope.pending.remove(&name);
            scope.names.insert(name, local);
        }
    }

    fn add(&mut self, name: Arc<str>, span: Span, origin: Origin) -> LocalId {
        let scope = self.open.last().map_or(0, |scope| scope.id);
        let id = LocalId(u32::try_from(self.locals.len()).unwrap_or(u32::MAX));
        self.locals.push(Local { name, span, origin, scope });
        id
    }
}

/// The names of a body outside of its closures: those that it declares, and those that it uses, each where first.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) declared: BTreeSet<Arc<str>>,
    pub(crate) used: BTreeMap<Arc<str>, Span>,
}

impl Names {
    pub(crate) fn body(&mut self, literals: &[Literal]) {
        for literal in literals {
            self.literal(literal);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Term(term) => match &term.kind {
                TermKind::Infix { operator: Operator::Assign, left, right, .. } => {
                    self.declare(left);
                    self.term(right);
                }
                _ => self.term(term),
            },
            LiteralKind::Not(term) => self.term(term),
            LiteralKind::NotBody(_) => {}
            LiteralKind::Some(names) => {
                self.declared.extend(names.iter().map(|name| name.text.clone()));
            }
            LiteralKind::SomeIn { key, value, collection } => {
                key.iter().chain([value]).for_each(|term| self.declare(term));
                self.term(collection);
            }
            LiteralKind::Every { collection, .. } => self.term(collection),
        }
        // `with f as count` names a function, and no local.
        let values = literal.with.iter().map(|with| &with.value);
        values.filter(|value| builtin_named(value).is_none()).for_each(|value| self.term(value));
    }

    /// A pattern of new names.
    fn declare(&mut self, pattern: &Term) {
        for_each_name(pattern, &mut |name, _| {
            self.declared.insert(name.clone());
        });
    }

    pub(crate) fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Var(name) => {
                self.used.entry(name.clone()).or_insert(term.span);
            }
            TermKind::Ref { head, steps } => {
                self.term(head);
                self.steps(steps);
            }
            TermKind::Call { function, arguments } => {
                if let TermKind::Ref { steps, .. } = &function.kind {
                    self.steps(steps);
                }
                arguments.iter().for_each(|term| self.term(term));
            }
            TermKind::Infix { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            TermKind::Membership { key, value, collection } => {
                key.iter().for_each(|term| self.term(term));
                self.term(value);
                self.term(collection);
            }
            TermKind::Array(items) | TermKind::Set(items) => items.iter().for_each(|term| self.term(term)),
            TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::Template(parts) => parts.iter().for_each(|part| {
                if let syntax::TemplatePart::Term(literal) = part {
                    self.literal(literal);
                }
            }),
            TermKind::Null
            | TermKind::Bool(_)
            | TermKind::Number(_)
            | TermKind::String(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => {}
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            if let Step::Term(term) = step {
                self.term(term);
            }
        }
    }
}

/// Calls `with` for each name that a pattern would bind: in arrays, and in objects' values.
pub(crate) fn for_each_name(pattern: &Term, with: &mut impl FnMut(&Arc<str>, Span)) {
    match &pattern.kind {
        TermKind::Var(name) if &**name != "_" => with(name, pattern.span),
        TermKind::Array(items) => items.iter().for_each(|item| for_each_name(item, with)),
        TermKind::Object(entries) => entries.iter().for_each(|(_, value)| for_each_name(value, with)),
        _ => {}
    }
}
