//! `and` and `or`, where they are imported (OPA's `future.keywords.and`, `.or`).
//!
//! ```text
//! binds     not        tightest
//!           and        from the left
//!           or
//! loosest   with       of the whole condition
//! ```
//! An operand is one condition, a body in braces, or a group in parentheses. It binds no names outside of it, as a body
//! below `not` does; so the tree has nothing but `not` for them:
//!
//! ```text
//! a or b     not { not { a }; not { b } }
//! a and b    not { not { not { not { a } }; not { not { b } } } }
//! ```
//! Whether braces or parentheses are an operand or a term shows only behind them. What turned out to be a term is kept,
//! so that brackets in brackets are not tried again and again.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::{Body, Literal, LiteralKind, Operator, Span, Term, TermKind};

use super::{Parsed, Parser};

/// What stands beside `and` or `or`.
struct Operand {
    body: Body,
    form: Form,
}

enum Form {
    /// a term
    Plain,
    /// `{ .. }`
    Braces,
    /// `not ..`, or a group
    Closed,
}

impl Parser<'_> {
    /// One condition where `and` or `or` is a keyword.
    pub(super) fn logical_literal(&mut self) -> Parsed<Literal> {
        let start = self.peek().span.start;
        let first = match self.leading()? {
            Some(body) => body,
            None => {
                let braces = self.is(TokenKind::OpenBrace);
                let literal = self.plain_literal()?;
                let binds = matches!(
                    literal.kind,
                    LiteralKind::Some(_) | LiteralKind::SomeIn { .. } | LiteralKind::Every { .. }
                );
                if binds || !self.is_logical() {
                    return Ok(literal);
                }
                operand_of(&literal, braces)?;
                single(literal)
            }
        };
        let mut literal = self.alternatives(first)?;
        while self.is_keyword(Keyword::With) {
            literal.with.push(self.with()?);
        }
        literal.span = self.since(start);
        Ok(literal)
    }

    /// Braces with an operator behind them, or a group; nothing where a term begins.
    fn leading(&mut self) -> Parsed<Option<Body>> {
        match self.kind() {
            TokenKind::OpenBrace if !self.terms.contains(&self.at) => {
                let (open, mark) = (self.at, self.mark());
                if let Ok(body) = self.braces()
                    && self.is_logical()
                {
                    no_union(&body)?;
                    return Ok(Some(body));
                }
                self.terms.insert(open);
                self.back(mark);
                Ok(None)
            }
            TokenKind::OpenParenthesis => self.group(),
            _ => Ok(None),
        }
    }

    /// At `(`: a group of conditions, or nothing and still there if it is a term.
    pub(super) fn group(&mut self) -> Parsed<Option<Body>> {
        let (open, mark) = (self.at, self.mark());
        if self.terms.contains(&open) {
            return Ok(None);
        }
        let group = self.grouped()?;
        if group.is_none() {
            self.terms.insert(open);
            self.back(mark);
        }
        Ok(group)
    }

    fn grouped(&mut self) -> Parsed<Option<Body>> {
        let start = self.bump().span.start;
        self.enter()?;
        let Ok(Operand { body, form }) = self.logical_operand() else { return Ok(None) };
        let with = self.is_keyword(Keyword::With);
        let group = self.is_logical()
            || match form {
                Form::Plain => with,
                Form::Braces => false,
                Form::Closed => true,
            };
        if !group {
            return Ok(None);
        }
        let mut literal = self.alternatives(body)?;
        while self.is_keyword(Keyword::With) {
            literal.with.push(self.with()?);
        }
        self.expect(TokenKind::CloseParenthesis, "expected `)` behind a group of conditions")?;
        self.leave();
        Ok(Some(Body { literals: vec![literal], span: self.since(start) }))
    }

    fn logical_operand(&mut self) -> Parsed<Operand> {
        let start = self.peek().span.start;
        self.force_name();
        let (kind, form) = match self.kind() {
            TokenKind::OpenBrace => {
                let body = self.braces()?;
                no_union(&body)?;
                return Ok(Operand { body, form: Form::Braces });
            }
            TokenKind::OpenParenthesis if let Some(body) = self.group()? => {
                return Ok(Operand { body, form: Form::Closed });
            }
            TokenKind::Keyword(Keyword::Not) => (self.not()?, Form::Closed),
            _ => (LiteralKind::Term(self.statement_term()?), Form::Plain),
        };
        let literal = Literal { kind, with: Vec::new(), span: self.since(start) };
        operand_of(&literal, false)?;
        Ok(Operand { body: single(literal), form })
    }

    /// Behind an operand: the operators that follow, as one condition.
    fn alternatives(&mut self, first: Body) -> Parsed<Literal> {
        let depth = self.depth;
        let mut left = self.conjunction(first)?;
        while self.is_logical() && self.is_keyword(Keyword::Or) {
            // Each operator is two bodies deep.
            self.enter()?;
            self.enter()?;
            self.bump();
            let right = self.logical_operand()?.body;
            let right = self.conjunction(right)?;
            left = single(neither_not(left, right));
        }
        self.depth = depth;
        let mut literals = left.literals.into_iter();
        match (literals.next(), literals.len()) {
            (Some(literal), 0) => Ok(literal),
            _ => Err(self.unexpected("expected `and` or `or`")),
        }
    }

    fn conjunction(&mut self, first: Body) -> Parsed<Body> {
        let mut left = first;
        while self.is_logical() && self.is_keyword(Keyword::And) {
            for _ in 0..4 {
                self.enter()?;
            }
            self.bump();
            let right = self.logical_operand()?.body;
            let fails = neither_not(single(not(left)), single(not(right)));
            left = single(not(single(fails)));
        }
        Ok(left)
    }

    /// Whether `and` or `or` is next, and not a name.
    fn is_logical(&mut self) -> bool {
        !self.force_name() && (self.is_keyword(Keyword::And) || self.is_keyword(Keyword::Or))
    }
}

/// `not { not { left }; not { right } }`
fn neither_not(left: Body, right: Body) -> Literal {
    let span = Span { start: left.span.start, end: right.span.end };
    not(Body { literals: vec![not(left), not(right)], span })
}

fn not(body: Body) -> Literal {
    let span = body.span;
    Literal { kind: LiteralKind::NotBody(body), with: Vec::new(), span }
}

fn single(literal: Literal) -> Body {
    let span = literal.span;
    Body { literals: vec![literal], span }
}

/// Whether a condition may be an operand. `braces`: it begins with `{`.
fn operand_of(literal: &Literal, braces: bool) -> Parsed<()> {
    let (span, message, hint) = match &literal.kind {
        _ if let Some(with) = literal.with.first() => (
            with.span,
            "`with` belongs to the whole condition, not to an operand",
            "write it last, or put the operand in parentheses",
        ),
        LiteralKind::Term(Term { kind: TermKind::Infix { operator: Operator::Assign, .. }, span }) => {
            (*span, "an operand cannot bind a name with `:=`", "put it in braces, where names are its own")
        }
        _ if braces => {
            (literal.span, "an operand begins with `{` only if it is a body", "put the term in parentheses")
        }
        _ => return Ok(()),
    };
    Err(Box::new(SyntaxError::new(span, message).hint(hint)))
}

/// Braces that could be a comprehension are refused as a body, as by OPA.
pub(super) fn no_union(body: &Body) -> Parsed<()> {
    if let Some(first) = body.literals.first()
        && let LiteralKind::Term(Term { kind: TermKind::Infix { operator: Operator::Or, .. }, span }) =
            &first.kind
        && span.start == first.span.start
    {
        let error = SyntaxError::new(body.span, "a `|` here may be a union or a comprehension's");
        return Err(Box::new(error.hint("put the union in parentheses, or the whole comprehension")));
    }
    Ok(())
}
