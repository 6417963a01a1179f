//! What a rule refers to, collected from regorus' syntax tree.
//!
//! Names that the rule binds itself (`:=`, `some`, `every`, arguments) are not references, except where they are
//! called: Rego has no function values, so a called name is always a rule or a builtin.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::regorus::unstable::{
    AssignOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleAssign, RuleHead, Span,
};

use super::parse::text;
use crate::load::Place;
use crate::rego::module::{Module, Name, Reference, Usage};

pub(super) struct Collector<'a> {
    module: &'a Module,
    imports: &'a [(Arc<str>, Name)],
    bound: BTreeSet<Arc<str>>,
    in_head: bool,
    pub(super) references: Vec<Reference>,
}

impl<'a> Collector<'a> {
    pub(super) const fn new(module: &'a Module, imports: &'a [(Arc<str>, Name)]) -> Self {
        Self { module, imports, bound: BTreeSet::new(), in_head: false, references: Vec::new() }
    }

    pub(super) fn rule(&mut self, rule: &Rule) {
        match rule {
            Rule::Default { value, .. } => self.expr(value),
            Rule::Spec { head, bodies, .. } => {
                self.in_head = true;
                self.head(head);
                self.in_head = false;
                for body in bodies {
                    self.assign(body.assign.as_ref());
                    self.query(&body.query);
                }
            }
        }
        let bound = std::mem::take(&mut self.bound);
        self.references.retain(|reference| match reference.usage {
            Usage::Call(_) => true,
            _ => reference.path.first().is_none_or(|root| !bound.contains(root)),
        });
    }

    fn head(&mut self, head: &RuleHead) {
        match head {
            RuleHead::Compr { refr, assign, .. } => {
                self.indices(refr);
                self.assign(assign.as_ref());
            }
            RuleHead::Set { refr, key, .. } => {
                self.indices(refr);
                if let Some(key) = key {
                    self.expr(key);
                }
            }
            RuleHead::Func { args, assign, .. } => {
                args.iter().for_each(|arg| self.bind(arg));
                self.assign(assign.as_ref());
            }
        }
    }

    /// The indices of a head's own name; the name itself is no reference.
    fn indices(&mut self, refr: &Expr) {
        match refr {
            Expr::RefDot { refr, .. } => self.indices(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.indices(refr);
                self.expr(index);
            }
            _ => {}
        }
    }

    fn assign(&mut self, assign: Option<&RuleAssign>) {
        if let Some(assign) = assign {
            self.expr(&assign.value);
        }
    }

    fn query(&mut self, query: &Query) {
        query.stmts.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                self.bound.extend(vars.iter().map(|span| Arc::from(span.text())));
            }
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.bind(key));
                self.bind(value);
                self.expr(collection);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expr(expr),
            Literal::Every { key, value, domain, query, .. } => {
                self.bound.extend(key.iter().map(|span| Arc::from(span.text())));
                self.bound.insert(value.text().into());
                self.expr(domain);
                self.query(query);
            }
        }
        for replaced in &statement.with_mods {
            self.reference(&replaced.refr, Usage::Replaced);
            self.expr(&replaced.r#as);
        }
    }

    /// The names in a pattern become the rule's own; what else stands in it is read.
    fn bind(&mut self, pattern: &Expr) {
        match pattern {
            Expr::Var { span, .. } => {
                self.bound.insert(span.text().into());
            }
            Expr::Array { items, .. } => items.iter().for_each(|item| self.bind(item)),
            Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
                self.expr(key);
                self.bind(value);
            }),
            other => self.expr(other),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.reference(expr, Usage::Read)
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.exprs(items),
            Expr::Object { fields, .. } => {
                for (_, key, value) in fields {
                    self.expr(key);
                    self.expr(value);
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.query(query);
                self.expr(term);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.query(query);
                self.expr(key);
                self.expr(value);
            }
            Expr::Call { fcn, params, .. } => {
                self.reference(fcn, Usage::Call(params.len()));
                self.exprs(params);
            }
            Expr::UnaryExpr { expr, .. } => self.expr(expr),
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { op: AssignOp::Eq, lhs, rhs, .. } => {
                self.expr(lhs);
                self.expr(rhs);
            }
            Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                self.bind(lhs);
                self.expr(rhs);
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expr(key));
                self.expr(value);
                self.expr(collection);
            }
        }
    }

    fn exprs(&mut self, exprs: &[Ref<Expr>]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    /// A reference as far as it is static. What stands in its brackets is read on its own.
    fn reference(&mut self, expr: &Expr, usage: Usage) {
        let Some((mut path, dynamic)) = self.path(expr) else { return };
        let root = path.first().cloned().unwrap_or_else(|| "_".into());
        if root.starts_with('_') && path.len() == 1 {
            return;
        }
        if let Some((_, target)) = self.imports.iter().find(|(alias, _)| *alias == root) {
            path.splice(..1, target.iter().cloned());
        }
        let place = self.place(expr.span());
        self.references.push(Reference { path, dynamic, usage, head: self.in_head, place });
    }

    fn path(&mut self, expr: &Expr) -> Option<(Name, bool)> {
        match expr {
            Expr::Var { span, .. } => Some((vec![span.text().into()], false)),
            Expr::RefDot { refr, field, .. } => {
                let (mut path, dynamic) = self.path(refr)?;
                if !dynamic {
                    path.push(field.0.text().into());
                }
                Some((path, dynamic))
            }
            Expr::RefBrack { refr, index, .. } => {
                let base = self.path(refr);
                let key = text(index);
                if key.is_none() {
                    self.expr(index);
                }
                let (mut path, mut dynamic) = base?;
                match key {
                    Some(key) if !dynamic => path.push(key),
                    Some(_) => {}
                    None => dynamic = true,
                }
                Some((path, dynamic))
            }
            other => {
                self.expr(other);
                None
            }
        }
    }

    pub(super) fn place(&self, span: &Span) -> Place {
        let text = &*self.module.text;
        let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
        let (start, end) = (at(span.start), at(span.end));
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let inside = text.get(start..end).unwrap_or_default();
        Place {
            file: self.module.path.clone(),
            line: before.matches('\n').count() + 1,
            column,
            end_column: (!inside.contains('\n')).then(|| column + inside.chars().count()),
        }
    }
}
