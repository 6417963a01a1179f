//! Every reference to `data` in a module.

use tollgate_rego_syntax::tree::{
    Body, Else, Head, Literal, LiteralKind, Module, Rule, Span, Step, TemplatePart, Term, TermKind,
};

/// A place that reads `data`.
pub(super) enum Reference<'t> {
    /// `data.a.b`: where, and the steps behind `data`
    Data(Span, &'t mut Vec<Step>),
    /// `data` as a whole
    Whole(Span),
}

/// Shows every reference to `data`, imports left out. How deep it goes is bounded by the parser.
pub(super) fn references(module: &mut Module, visit: &mut dyn FnMut(Reference<'_>)) {
    let mut walk = Walk { visit };
    module.rules.iter_mut().for_each(|rule| walk.rule(rule));
}

struct Walk<'v> {
    visit: &'v mut dyn FnMut(Reference<'_>),
}

impl Walk<'_> {
    fn rule(&mut self, rule: &mut Rule) {
        self.head(&mut rule.head);
        rule.body.iter_mut().for_each(|body| self.body(body));
        for Else { value, body, .. } in &mut rule.otherwise {
            value.iter_mut().for_each(|value| self.term(value));
            body.iter_mut().for_each(|body| self.body(body));
        }
    }

    fn head(&mut self, head: &mut Head) {
        self.steps(&mut head.path);
        let arguments = head.arguments.iter_mut().flatten();
        arguments.chain(&mut head.member).chain(&mut head.value).for_each(|term| self.term(term));
    }

    fn body(&mut self, body: &mut Body) {
        body.literals.iter_mut().for_each(|literal| self.literal(literal));
    }

    fn literal(&mut self, literal: &mut Literal) {
        match &mut literal.kind {
            LiteralKind::Term(term) | LiteralKind::Not(term) => self.term(term),
            LiteralKind::NotBody(body) => self.body(body),
            LiteralKind::Some(_) => {}
            LiteralKind::SomeIn { key, value, collection } => {
                key.iter_mut().chain([value, collection]).for_each(|term| self.term(term));
            }
            LiteralKind::Every { collection, body, .. } => {
                self.term(collection);
                self.body(body);
            }
        }
        for with in &mut literal.with {
            self.term(&mut with.target);
            self.term(&mut with.value);
        }
    }

    fn steps(&mut self, steps: &mut [Step]) {
        for step in steps {
            if let Step::Term(term) = step {
                self.term(term);
            }
        }
    }

    fn term(&mut self, term: &mut Term) {
        let span = term.span;
        match &mut term.kind {
            TermKind::Null | TermKind::Bool(_) | TermKind::Number(_) | TermKind::String(_) => {}
            TermKind::Var(name) if &**name == "data" => (self.visit)(Reference::Whole(span)),
            TermKind::Var(_) => {}
            TermKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Term(literal) = part {
                        self.literal(literal);
                    }
                }
            }
            TermKind::Ref { head, steps } => {
                // What stands within brackets first: what is put before the steps has nothing in it.
                self.steps(steps);
                match &head.kind {
                    TermKind::Var(name) if &**name == "data" => (self.visit)(Reference::Data(span, steps)),
                    _ => self.term(head),
                }
            }
            TermKind::Call { function, arguments } => {
                self.term(function);
                arguments.iter_mut().for_each(|term| self.term(term));
            }
            TermKind::Infix { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            TermKind::Membership { key, value, collection } => {
                let key = key.iter_mut().map(|key| &mut **key);
                key.chain([&mut **value, &mut **collection]).for_each(|term| self.term(term));
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter_mut().for_each(|term| self.term(term))
            }
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    self.term(key);
                    self.term(value);
                }
            }
            TermKind::ArrayComprehension(item, body) | TermKind::SetComprehension(item, body) => {
                self.term(item);
                self.body(body);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.term(key);
                self.term(value);
                self.body(body);
            }
        }
    }
}
