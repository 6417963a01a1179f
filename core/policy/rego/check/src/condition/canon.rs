//! Terms and conditions as text that is equal where they mean the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tollgate_rego_resolve::tree::{
    Base, Body, Callee, Collection, Literal, LiteralKind, LocalId, Replacement, Rule, Target, TemplatePart,
    Term, TermKind,
};

use super::limit::{Constant, Limit, Sign};
use crate::walk::{Visitor, walk_literal, walk_rule};

/// Longer texts are not compared.
const LONGEST: usize = 2_000;

/// Longer chains of locals that stand for one another are not followed.
const CHAIN: usize = 64;

/// What the locals of a rule stand for.
pub(super) struct Canon<'r> {
    rule: &'r Rule,
    aliases: BTreeMap<LocalId, &'r Term>,
}

/// How names are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// each local by itself, `_` like `_`: equal texts are the same condition
    Written,
    /// locals taken for what they stand for, each `_` by itself: equal texts are the same value
    Meant,
}

struct Text<'c, 'r> {
    canon: &'c Canon<'r>,
    style: Style,
    out: String,
    /// how many locals are being taken for what they stand for
    chain: usize,
}

impl<'r> Canon<'r> {
    pub(super) fn of(rule: &'r Rule) -> Self {
        let mut aliases = Aliases(BTreeMap::new());
        walk_rule(&mut aliases, rule);
        Self { rule, aliases: aliases.0 }
    }

    /// A condition, for doubles.
    pub(super) fn written(&self, literal: &Literal) -> Option<String> {
        self.text(Style::Written, |text| text.literal(literal))
    }

    /// What a condition says holds, and what it says does not.
    pub(super) fn saying(&self, literal: &Literal) -> Vec<(String, bool)> {
        let (term, holds) = match &literal.kind {
            LiteralKind::Not(inner) if inner.with.is_empty() => (&**inner, false),
            _ => (literal, true),
        };
        let says = matches!(term.kind, LiteralKind::Term(_) | LiteralKind::Unify(..));
        let styles = [Style::Written, Style::Meant].into_iter().filter(|_| says);
        styles.filter_map(|style| Some((self.text(style, |text| text.literal(term))?, holds))).collect()
    }

    /// Which value a condition limits, and how.
    pub(super) fn limit(&self, literal: &Literal) -> Option<(String, Limit)> {
        let (sign, a, b) = compared(literal)?;
        let (value, limit) = match (sign, self.constant(a), self.constant(b)) {
            (Sign::In, None, _) => (a, Limit::OneOf(self.constants(b)?)),
            (Sign::In, ..) | (_, Some(_), Some(_)) | (_, None, None) => return None,
            (sign, None, Some(b)) => (a, Limit::of(sign, b)),
            (sign, Some(a), None) => (b, Limit::of(sign.turned(), a)),
        };
        let text = self.text(Style::Meant, |text| text.term(value))?;
        Some((text, limit))
    }

    /// The scalar that a term is, or that its local stands for.
    pub(super) fn constant(&self, term: &Term) -> Option<Constant> {
        Some(match &self.meant(term).kind {
            TermKind::Null => Constant::Null,
            TermKind::Bool(truth) => Constant::Bool(*truth),
            TermKind::Number(text) => Constant::Number(text.clone()),
            TermKind::String(text) => Constant::String(text.clone()),
            _ => return None,
        })
    }

    /// The scalars of an array or set that holds nothing else.
    fn constants(&self, term: &Term) -> Option<Vec<Constant>> {
        match &self.meant(term).kind {
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter().map(|item| self.constant(item)).collect()
            }
            _ => None,
        }
    }

    /// What a local stands for, at the end of a chain.
    fn meant<'t>(&'t self, term: &'t Term) -> &'t Term {
        let mut term = term;
        for _ in 0..CHAIN {
            match &term.kind {
                TermKind::Local(local) => match self.aliases.get(local) {
                    Some(meant) => term = meant,
                    None => break,
                },
                _ => break,
            }
        }
        term
    }

    fn text(&self, style: Style, write: impl FnOnce(&mut Text<'_, 'r>) -> Option<()>) -> Option<String> {
        let mut text = Text { canon: self, style, out: String::new(), chain: 0 };
        write(&mut text)?;
        Some(text.out)
    }
}

/// The two sides of a comparison, and how they are compared.
pub(super) fn compared(literal: &Literal) -> Option<(Sign, &Term, &Term)> {
    match &literal.kind {
        LiteralKind::Unify(a, b) => Some((Sign::Equal, a, b)),
        LiteralKind::SomeIn { key: None, value, collection } => match value.kind {
            TermKind::Local(_) => Some((Sign::In, value, collection)),
            _ => None,
        },
        LiteralKind::Term(Term {
            kind: TermKind::Call { callee: Callee::Builtin(builtin), arguments, .. },
            ..
        }) => {
            let [a, b] = arguments.as_slice() else { return None };
            let sign = match builtin.name {
                "equal" => Sign::Equal,
                "neq" => Sign::NotEqual,
                "lt" => Sign::Less,
                "lte" => Sign::LessOrEqual,
                "gt" => Sign::Greater,
                "gte" => Sign::GreaterOrEqual,
                "internal.member_2" => Sign::In,
                _ => return None,
            };
            Some((sign, a, b))
        }
        _ => None,
    }
}

/// `x := y`, where `y` is a reference or a constant: what can be written in place of the local.
struct Aliases<'r>(BTreeMap<LocalId, &'r Term>);

impl<'r> Visitor<'r> for Aliases<'r> {
    fn literal(&mut self, literal: &'r Literal) {
        if let LiteralKind::Assign(Term { kind: TermKind::Local(local), .. }, term) = &literal.kind
            && literal.with.is_empty()
            && matches!(
                term.kind,
                TermKind::Null
                    | TermKind::Bool(_)
                    | TermKind::Number(_)
                    | TermKind::String(_)
                    | TermKind::Local(_)
                    | TermKind::Ref { .. }
                    | TermKind::Array(_)
                    | TermKind::Set(_)
            )
        {
            self.0.insert(*local, term);
        }
        walk_literal(self, literal);
    }
}

impl Text<'_, '_> {
    /// Adds to the text; nothing where it grows too long.
    fn put(&mut self, part: &str) -> Option<()> {
        self.out.push_str(part);
        (self.out.len() <= LONGEST).then_some(())
    }

    fn literal(&mut self, literal: &Literal) -> Option<()> {
        match &literal.kind {
            LiteralKind::Term(_) | LiteralKind::Unify(..) => match compared(literal) {
                Some((sign, a, b)) => self.comparison(sign, a, b)?,
                None => match &literal.kind {
                    LiteralKind::Term(term) => self.term(term)?,
                    _ => return None,
                },
            },
            LiteralKind::Assign(pattern, term) => {
                self.term(pattern)?;
                self.put(" := ")?;
                self.term(term)?;
            }
            LiteralKind::Not(inner) => {
                self.put("not ")?;
                self.literal(inner)?;
            }
            LiteralKind::NotBody(body) => {
                self.put("not ")?;
                self.body(body)?;
            }
            LiteralKind::SomeIn { key, value, collection } => {
                self.put("some ")?;
                if let Some(key) = key {
                    self.term(key)?;
                    self.put(", ")?;
                }
                self.term(value)?;
                self.put(" in ")?;
                self.term(collection)?;
            }
            // Names of their own: no two are written alike.
            LiteralKind::Every { .. } => return None,
        }
        for with in &literal.with {
            self.put(" with ")?;
            match &with.target {
                Target::Input(path) => self.put(&format!("input {path:?}"))?,
                Target::Data(path) => self.put(&format!("data {path:?}"))?,
                Target::Builtin(builtin) => self.put(builtin.name)?,
                Target::Function(path) => self.put(&format!("function {path:?}"))?,
            }
            self.put(" as ")?;
            match &with.value {
                Replacement::Term(term) => self.term(term)?,
                Replacement::Builtin(builtin) => self.put(builtin.name)?,
                Replacement::Function(path) => self.put(&format!("function {path:?}"))?,
            }
        }
        Some(())
    }

    /// `a < b` and `b > a` are one; of `a == b` the smaller text comes first.
    fn comparison(&mut self, sign: Sign, a: &Term, b: &Term) -> Option<()> {
        let side = |text: &Self, term: &Term| text.canon.text(text.style, |side| side.term(term));
        let (mut sign, mut a, mut b) = (sign, side(self, a)?, side(self, b)?);
        let backwards = match sign {
            Sign::Equal | Sign::NotEqual => b < a,
            Sign::Less | Sign::LessOrEqual => true,
            Sign::Greater | Sign::GreaterOrEqual | Sign::In => false,
        };
        if backwards {
            std::mem::swap(&mut a, &mut b);
            sign = sign.turned();
        }
        self.put(&format!("{a} {} {b}", sign.word()))
    }

    fn body(&mut self, body: &Body) -> Option<()> {
        self.put("{")?;
        for literal in &body.literals {
            self.literal(literal)?;
            self.put("; ")?;
        }
        self.put("}")
    }

    fn local(&mut self, local: LocalId) -> Option<()> {
        if self.style == Style::Meant
            && self.chain < CHAIN
            && let Some(meant) = self.canon.aliases.get(&local)
        {
            self.chain = self.chain.saturating_add(1);
            let written = self.term(meant);
            self.chain = self.chain.saturating_sub(1);
            return written;
        }
        let name = self.canon.rule.locals.get(local.0 as usize).map_or("", |known| &*known.name);
        if name == "_" && self.style == Style::Written {
            return self.put("_");
        }
        let _ = write!(self.out, "{name}#{}", local.0);
        Some(())
    }

    pub(super) fn term(&mut self, term: &Term) -> Option<()> {
        match &term.kind {
            TermKind::Null => self.put("null"),
            TermKind::Bool(truth) => self.put(if *truth { "true" } else { "false" }),
            TermKind::Number(text) => self.put(text),
            TermKind::String(text) => self.put(&format!("{text:?}")),
            TermKind::Template(parts) => {
                for part in parts {
                    match part {
                        TemplatePart::Text(text) => self.put(&format!("${text:?}"))?,
                        TemplatePart::Term(literal) => self.literal(literal)?,
                    }
                }
                Some(())
            }
            TermKind::Local(local) => self.local(*local),
            TermKind::Ref { base, steps } => {
                match base {
                    Base::Input => self.put("input")?,
                    Base::Data => self.put("data")?,
                    Base::Local(local) => self.local(*local)?,
                    Base::Term(term) => self.term(term)?,
                }
                for step in steps {
                    self.put("[")?;
                    self.term(step)?;
                    self.put("]")?;
                }
                Some(())
            }
            TermKind::Call { callee, arguments, .. } => {
                match callee {
                    Callee::Builtin(builtin) => self.put(builtin.name)?,
                    Callee::Function(path) => self.put(&format!("function {path:?}"))?,
                    Callee::Unknown(name) => self.put(&format!("unknown {name}"))?,
                }
                self.terms("(", arguments, ")")
            }
            TermKind::Array(items) => self.terms("[", items, "]"),
            TermKind::Set(items) => self.terms("{", items, "}"),
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.put("{")?;
                    self.term(key)?;
                    self.put(": ")?;
                    self.term(value)?;
                    self.put("}")?;
                }
                self.put("{}")
            }
            TermKind::Comprehension { kind, key, value, body } => {
                self.put(match kind {
                    Collection::Array => "[",
                    Collection::Set => "{",
                    Collection::Object => "{:",
                })?;
                if let Some(key) = key {
                    self.term(key)?;
                    self.put(": ")?;
                }
                self.term(value)?;
                self.put(" | ")?;
                self.body(body)
            }
        }
    }

    fn terms(&mut self, open: &str, terms: &[Term], close: &str) -> Option<()> {
        self.put(open)?;
        for term in terms {
            self.term(term)?;
            self.put(", ")?;
        }
        self.put(close)
    }
}
