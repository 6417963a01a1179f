//! Bodies and terms, name by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tollgate_rego_builtin::{Builtin, lookup};
use tollgate_rego_syntax::tree::{self as syntax, Operator, Span, Step};

use crate::import::Imports;
use crate::problem::Problem;
use crate::rule::{STEPS, long_name};
use crate::scope::{Found, Names, Scopes, Taken, for_each_name};
use crate::tree::{
    Base, Body, Callee, Collection, Literal, LiteralKind, Origin, Path, Replacement, Target, TemplatePart,
    Term, TermKind, With,
};

/// What the names of a file may mean beside locals.
pub(crate) struct Surroundings<'a> {
    pub(crate) file: usize,
    pub(crate) package: Path,
    pub(crate) imports: Imports,
    /// the names of the package's rules
    pub(crate) rules: &'a BTreeSet<Arc<str>>,
    /// all functions with the number of their arguments
    pub(crate) functions: &'a BTreeMap<Path, usize>,
}

/// Resolves one rule.
pub(crate) struct Resolver<'a> {
    pub(crate) around: &'a Surroundings<'a>,
    pub(crate) scopes: Scopes,
    pub(crate) problems: &'a mut Vec<Problem>,
}

impl Resolver<'_> {
    /// A body in a scope of its own. `also` are terms in the same scope, resolved after it.
    pub(crate) fn body<T>(
        &mut self,
        body: Option<&syntax::Body>,
        also: &[&syntax::Term],
        then: impl FnOnce(&mut Self) -> T,
    ) -> (Body, T) {
        let first = self.scopes.open();
        let (literals, last) = self.inside(body, also, then);
        let end = self.scopes.close();
        (Body { literals, span: body.map(|body| body.span).unwrap_or_default(), scopes: (first, end) }, last)
    }

    /// What stands in the scope that is open.
    fn inside<T>(
        &mut self,
        body: Option<&syntax::Body>,
        also: &[&syntax::Term],
        then: impl FnOnce(&mut Self) -> T,
    ) -> (Vec<Literal>, T) {
        let literals = body.map(|body| &*body.literals).unwrap_or_default();
        let mut names = Names::default();
        names.body(literals);
        also.iter().for_each(|term| names.term(term));
        let implicit: Vec<_> =
            names.used.into_iter().filter(|(name, _)| self.is_implicit(name, &names.declared)).collect();
        self.scopes.expect(names.declared);
        for (name, span) in implicit {
            self.scopes.implicit(&name, span);
        }
        let literals = literals.iter().filter_map(|literal| self.literal(literal)).collect();
        (literals, then(self))
    }

    fn is_implicit(&self, name: &Arc<str>, declared: &BTreeSet<Arc<str>>) -> bool {
        &**name != "_"
            && !declared.contains(name)
            && self.scopes.find(name) == Found::Nothing
            && self.global(name).is_none()
    }

    /// What a name is that is no local: whether it begins at `input`, and the path below.
    fn global(&self, name: &str) -> Option<(bool, Vec<Arc<str>>)> {
        match name {
            "input" => return Some((true, Vec::new())),
            "data" => return Some((false, Vec::new())),
            _ => {}
        }
        if let Some((input, path)) = self.around.imports.get(name) {
            return Some((input, path.to_vec()));
        }
        let name = self.around.rules.get(name)?;
        Some((false, self.around.package.iter().chain([name]).cloned().collect()))
    }

    fn literal(&mut self, literal: &syntax::Literal) -> Option<Literal> {
        let kind = match &literal.kind {
            syntax::LiteralKind::Term(term) => self.condition(term),
            syntax::LiteralKind::Not(term) => {
                let kind = self.condition(term);
                if let LiteralKind::Assign(..) = kind {
                    self.problem(term.span, "assign-in-not", "`not` cannot bind a name with `:=`");
                }
                let inner = Literal { kind, with: Vec::new(), span: term.span };
                LiteralKind::Not(Box::new(inner))
            }
            syntax::LiteralKind::NotBody(body) => LiteralKind::NotBody(self.body(Some(body), &[], |_| ()).0),
            syntax::LiteralKind::Some(names) => {
                for name in names {
                    self.declare(&name.text, name.span, Origin::Declared);
                }
                return None;
            }
            syntax::LiteralKind::SomeIn { key, value, collection } => {
                let collection = self.term(collection);
                let key = key.as_ref().map(|key| self.pattern(key, Origin::Declared));
                let value = self.pattern(value, Origin::Declared);
                LiteralKind::SomeIn { key, value, collection }
            }
            syntax::LiteralKind::Every { key, value, collection, body } => {
                let collection = self.term(collection);
                let first = self.scopes.open();
                let key = key.as_ref().and_then(|key| self.every(key));
                let value = match self.every(value) {
                    Some(value) => value,
                    None => self.scopes.wildcard(value.span),
                };
                let (mut inner, ()) = self.body(Some(body), &[], |_| ());
                inner.scopes = (first, self.scopes.close());
                LiteralKind::Every { key, value, collection, body: inner }
            }
        };
        let with = literal.with.iter().filter_map(|with| self.with(with)).collect();
        Some(Literal { kind, with, span: literal.span })
    }

    fn every(&mut self, name: &syntax::Name) -> Option<crate::tree::LocalId> {
        if &*name.text == "_" {
            return Some(self.scopes.wildcard(name.span));
        }
        self.scopes.declare(&name.text, name.span, Origin::Every).ok()
    }

    fn condition(&mut self, term: &syntax::Term) -> LiteralKind {
        match &term.kind {
            syntax::TermKind::Infix { operator: Operator::Assign, left, right, .. } => {
                let right = self.term(right);
                LiteralKind::Assign(self.pattern(left, Origin::Assigned), right)
            }
            syntax::TermKind::Infix { operator: Operator::Unify, left, right, .. } => {
                LiteralKind::Unify(self.term(left), self.term(right))
            }
            syntax::TermKind::Call { function, arguments } => self.call_condition(term, function, arguments),
            _ => LiteralKind::Term(self.term(term)),
        }
    }

    /// `f(x, out)`, with one argument more than the function takes, is `out = f(x)`.
    fn call_condition(
        &mut self,
        term: &syntax::Term,
        function: &syntax::Term,
        arguments: &[syntax::Term],
    ) -> LiteralKind {
        let callee = self.callee(function);
        let takes = self.arity(&callee);
        match (takes, arguments) {
            (Some(takes), [inputs @ .., out]) if inputs.len() == takes => {
                let arguments = inputs.iter().map(|term| self.term(term)).collect();
                let out = self.term(out);
                let kind = TermKind::Call { callee, arguments, name_span: function.span };
                LiteralKind::Unify(out, Term { kind, span: term.span })
            }
            _ => LiteralKind::Term(self.term(term)),
        }
    }

    /// A pattern whose names are new.
    pub(crate) fn pattern(&mut self, pattern: &syntax::Term, origin: Origin) -> Term {
        let mut names = Vec::new();
        for_each_name(pattern, &mut |name, span| names.push((name.clone(), span)));
        for (name, span) in names {
            self.declare(&name, span, origin);
        }
        if let (syntax::TermKind::Ref { .. } | syntax::TermKind::Call { .. }, Origin::Assigned) =
            (&pattern.kind, origin)
        {
            self.problem(
                pattern.span,
                "assign-to-reference",
                "`:=` binds names, not what stands in a reference",
            );
        }
        self.term(pattern)
    }

    fn declare(&mut self, name: &Arc<str>, span: Span, origin: Origin) {
        if matches!(&**name, "input" | "data") {
            let message = format!("a local cannot be called `{name}`");
            self.problem(span, "shadowed-root", message);
            return;
        }
        if origin != Origin::Argument && self.scopes.is_argument_above(name) {
            self.problem(span, "redeclared", format!("`{name}` is an argument already"));
            return;
        }
        match self.scopes.declare(name, span, origin) {
            Ok(_) => {}
            // A pattern may name a local twice: `[x, x] := ..`.
            Err(Taken::Argument) if origin == Origin::Argument => {}
            Err(Taken::Argument) => {
                self.problem(span, "redeclared", format!("`{name}` is an argument already"))
            }
            Err(Taken::Above) => {
                self.problem(span, "redeclared", format!("`{name}` is declared above already"))
            }
        }
    }

    fn with(&mut self, with: &syntax::With) -> Option<With> {
        let target = self.target(&with.target)?;
        let value = match &target {
            Target::Builtin(_) | Target::Function(_) => match self.named(&with.value) {
                Some(Callee::Builtin(builtin)) => Replacement::Builtin(builtin),
                Some(Callee::Function(path)) => Replacement::Function(path),
                Some(Callee::Unknown(_)) | None => Replacement::Term(self.term(&with.value)),
            },
            Target::Input(_) | Target::Data(_) => Replacement::Term(self.term(&with.value)),
        };
        Some(With { target, value, span: with.span })
    }

    fn target(&mut self, term: &syntax::Term) -> Option<Target> {
        if let Some((head, names)) = dotted(term)
            && (!names.is_empty() || matches!(head, "input" | "data") || self.global(head).is_some())
            && let Some((input, mut path)) = self.global(head)
        {
            path.extend(names);
            if path.len() > STEPS {
                self.problems.push(long_name(self.around.file, term.span, "target of `with`"));
                return None;
            }
            if input {
                return Some(Target::Input(path));
            }
            let path: Path = path.into();
            if self.around.functions.contains_key(&path) {
                return Some(Target::Function(path));
            }
            return Some(Target::Data(path.to_vec()));
        }
        if let Some(Callee::Builtin(builtin)) = self.named(term) {
            return Some(Target::Builtin(builtin));
        }
        let message = "`with` replaces `input`, `data`, what stands below them, or a function";
        self.problem(term.span, "with-target", message);
        None
    }

    /// The function that a term without arguments names, where it names one.
    fn named(&self, term: &syntax::Term) -> Option<Callee> {
        let (head, names) = dotted(term)?;
        if self.scopes.find(head) != Found::Nothing {
            return None;
        }
        if let Some((input, mut path)) = self.global(head) {
            path.extend(names);
            let path: Path = path.into();
            return (!input && self.around.functions.contains_key(&path)).then_some(Callee::Function(path));
        }
        builtin(head, &names).map(Callee::Builtin)
    }

    pub(crate) fn term(&mut self, term: &syntax::Term) -> Term {
        let kind = match &term.kind {
            syntax::TermKind::Null => TermKind::Null,
            syntax::TermKind::Bool(truth) => TermKind::Bool(*truth),
            syntax::TermKind::Number(text) => TermKind::Number(text.clone()),
            syntax::TermKind::String(text) => TermKind::String(text.clone()),
            syntax::TermKind::Template(parts) => TermKind::Template(self.template(parts)),
            syntax::TermKind::Var(name) => self.name(name, term.span),
            syntax::TermKind::Ref { head, steps } => self.reference(head, steps),
            syntax::TermKind::Call { function, arguments } => self.call(function, arguments),
            syntax::TermKind::Infix { operator, operator_span, left, right } => {
                self.infix(*operator, *operator_span, left, right)
            }
            syntax::TermKind::Membership { key, value, collection } => {
                let name = if key.is_some() { "internal.member_3" } else { "internal.member_2" };
                let key = key.iter().map(|key| self.term(key)).collect::<Vec<_>>();
                let arguments = key.into_iter().chain([self.term(value), self.term(collection)]).collect();
                match lookup(name) {
                    Some(builtin) => {
                        TermKind::Call { callee: Callee::Builtin(builtin), arguments, name_span: term.span }
                    }
                    None => TermKind::Null,
                }
            }
            syntax::TermKind::Array(items) => TermKind::Array(self.terms(items)),
            syntax::TermKind::Set(items) => TermKind::Set(self.terms(items)),
            syntax::TermKind::Object(entries) => TermKind::Object(
                entries.iter().map(|(key, value)| (self.term(key), self.term(value))).collect(),
            ),
            syntax::TermKind::ArrayComprehension(value, body) => {
                self.comprehension(Collection::Array, None, value, body)
            }
            syntax::TermKind::SetComprehension(value, body) => {
                self.comprehension(Collection::Set, None, value, body)
            }
            syntax::TermKind::ObjectComprehension(key, value, body) => {
                self.comprehension(Collection::Object, Some(key), value, body)
            }
        };
        Term { kind, span: term.span }
    }

    fn terms(&mut self, terms: &[syntax::Term]) -> Vec<Term> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    fn template(&mut self, parts: &[syntax::TemplatePart]) -> Vec<TemplatePart> {
        let part = |part: &syntax::TemplatePart| match part {
            syntax::TemplatePart::Text(text) => Some(TemplatePart::Text(text.clone())),
            syntax::TemplatePart::Term(literal) => {
                self.literal(literal).map(|literal| TemplatePart::Term(Box::new(literal)))
            }
        };
        parts.iter().filter_map(part).collect()
    }

    fn comprehension(
        &mut self,
        kind: Collection,
        key: Option<&syntax::Term>,
        value: &syntax::Term,
        body: &syntax::Body,
    ) -> TermKind {
        let heads: Vec<&syntax::Term> = key.into_iter().chain([value]).collect();
        let (body, (key, value)) = self.body(Some(body), &heads, |resolver| {
            (key.map(|key| Box::new(resolver.term(key))), Box::new(resolver.term(value)))
        });
        TermKind::Comprehension { kind, key, value, body }
    }

    fn name(&mut self, name: &Arc<str>, span: Span) -> TermKind {
        match self.base(name, span) {
            (Base::Local(local), _) => TermKind::Local(local),
            (base, steps) => TermKind::Ref { base, steps },
        }
    }

    /// What a name begins, and the steps that it stands for.
    fn base(&mut self, name: &Arc<str>, span: Span) -> (Base, Vec<Term>) {
        if &**name == "_" {
            return (Base::Local(self.scopes.wildcard(span)), Vec::new());
        }
        match self.scopes.find(name) {
            Found::Local(local) => return (Base::Local(local), Vec::new()),
            Found::Later => {
                let message = format!("`{name}` is used above its declaration");
                self.problem(span, "used-above", message);
                return (Base::Local(self.scopes.wildcard(span)), Vec::new());
            }
            Found::Nothing => {}
        }
        match self.global(name) {
            Some((input, path)) => {
                let base = if input { Base::Input } else { Base::Data };
                (base, path.into_iter().map(|step| string(step, span)).collect())
            }
            None => (Base::Local(self.scopes.implicit(name, span)), Vec::new()),
        }
    }

    fn reference(&mut self, head: &syntax::Term, steps: &[Step]) -> TermKind {
        let (base, mut resolved) = match &head.kind {
            syntax::TermKind::Var(name) => self.base(name, head.span),
            _ => (Base::Term(Box::new(self.term(head))), Vec::new()),
        };
        for step in steps {
            resolved.push(match step {
                Step::Name(name) => string(name.text.clone(), name.span),
                Step::Term(term) => self.term(term),
            });
        }
        TermKind::Ref { base, steps: resolved }
    }

    fn infix(
        &mut self,
        operator: Operator,
        name_span: Span,
        left: &syntax::Term,
        right: &syntax::Term,
    ) -> TermKind {
        let arguments = vec![self.term(left), self.term(right)];
        match operator.builtin().and_then(lookup) {
            Some(builtin) => TermKind::Call { callee: Callee::Builtin(builtin), arguments, name_span },
            None => {
                let message = format!("`{}` is a condition of its own, not a value", operator.sign());
                self.problem(name_span, "binding-in-term", message);
                TermKind::Null
            }
        }
    }

    fn call(&mut self, function: &syntax::Term, arguments: &[syntax::Term]) -> TermKind {
        let callee = self.callee(function);
        if let Some(takes) = self.arity(&callee)
            && takes != arguments.len()
        {
            let name = written(function);
            let given = arguments.len();
            let s = if takes == 1 { "" } else { "s" };
            let message = format!("`{name}` takes {takes} argument{s}, and is given {given}");
            self.problem(function.span, "arity", message);
        }
        TermKind::Call { callee, arguments: self.terms(arguments), name_span: function.span }
    }

    fn callee(&mut self, function: &syntax::Term) -> Callee {
        if let Some(callee) = self.named(function) {
            if let Callee::Builtin(Builtin {
                name, body: tollgate_rego_builtin::Body::Refused(why), ..
            }) = callee
            {
                let message = format!("`{name}` is not offered: {why}");
                self.problem(function.span, "refused-builtin", message);
            }
            return callee;
        }
        let name = written(function);
        self.problem(function.span, "undefined-function", format!("function `{name}` is not defined"));
        Callee::Unknown(name.into())
    }

    /// How many arguments it takes; nothing where any number will do.
    fn arity(&self, callee: &Callee) -> Option<usize> {
        match callee {
            Callee::Builtin(builtin) if builtin.name == "print" => None,
            Callee::Builtin(builtin) => Some(builtin.parameters.len()),
            Callee::Function(path) => self.around.functions.get(path).copied(),
            Callee::Unknown(_) => None,
        }
    }

    pub(crate) fn problem(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        self.problems.push(Problem::new(self.around.file, span, code, message));
    }
}

fn string(text: Arc<str>, span: Span) -> Term {
    Term { kind: TermKind::String(text), span }
}

/// A name and the names behind it, where a term is nothing else: `a.b["c"]`.
fn dotted(term: &syntax::Term) -> Option<(&str, Vec<Arc<str>>)> {
    match &term.kind {
        syntax::TermKind::Var(name) => Some((name, Vec::new())),
        syntax::TermKind::Ref { head, steps } => {
            let syntax::TermKind::Var(name) = &head.kind else { return None };
            let (names, rest) = crate::document::fixed(steps);
            rest.is_empty().then_some((name, names))
        }
        _ => None,
    }
}

/// The builtin whose name a term is.
pub(crate) fn builtin_named(term: &syntax::Term) -> Option<&'static Builtin> {
    let (head, names) = dotted(term)?;
    builtin(head, &names)
}

fn builtin(head: &str, names: &[Arc<str>]) -> Option<&'static Builtin> {
    let mut name = head.to_owned();
    for step in names {
        name.push('.');
        name.push_str(step);
    }
    lookup(&name)
}

/// A function's name as it is written.
fn written(function: &syntax::Term) -> String {
    match dotted(function) {
        Some((head, names)) => names.iter().fold(head.to_owned(), |text, step| format!("{text}.{step}")),
        None => "..".to_owned(),
    }
}
