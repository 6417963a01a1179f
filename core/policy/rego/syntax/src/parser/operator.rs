//! Terms with operators between them.
//!
//! ```text
//! binds     *  /  %     tightest, all from the left
//!           +  -
//!           &
//!           |
//!           ==  !=  <  <=  >  >=
//! loosest   in
//! ```

use crate::token::{Keyword, TokenKind};
use crate::tree::{Operator, Term, TermKind};

use super::{Parsed, Parser};

impl Operator {
    /// How tightly it binds, from 1; 0 for what stands between whole terms only.
    pub(crate) fn level(self) -> u8 {
        match self {
            Self::Assign | Self::Unify => 0,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual => RELATION,
            Self::Or => 2,
            Self::And => 3,
            Self::Plus | Self::Minus => 4,
            Self::Times | Self::Divide | Self::Remainder => 5,
        }
    }
}

const RELATION: u8 = 1;

impl Parser<'_> {
    /// A whole term. `pair`: whether `k, v in xs` may stand here; in lists the comma separates.
    pub(super) fn expression(&mut self, pair: bool) -> Parsed<Term> {
        let start = self.peek().span.start;
        let first = self.primary()?;
        self.expression_from(first, start, pair)
    }

    /// What goes on behind its first part, which begins at `start`.
    pub(super) fn expression_from(&mut self, first: Term, start: u32, pair: bool) -> Parsed<Term> {
        let depth = self.depth;
        let mut left = self.infix(first, start, RELATION)?;
        if pair
            && self.is(TokenKind::Comma)
            && let Some((value, collection)) = self.pair()
        {
            let (key, value, collection) = (Some(Box::new(left)), Box::new(value), Box::new(collection));
            left = Term { kind: TermKind::Membership { key, value, collection }, span: self.since(start) };
        }
        while !self.force_name() && self.is_keyword(Keyword::In) {
            self.enter()?;
            self.bump();
            let (value, collection) = (Box::new(left), Box::new(self.related()?));
            left =
                Term { kind: TermKind::Membership { key: None, value, collection }, span: self.since(start) };
        }
        self.depth = depth;
        Ok(left)
    }

    /// A term with no `in` outside of brackets.
    pub(super) fn related(&mut self) -> Parsed<Term> {
        self.operand(RELATION)
    }

    /// At the comma of `k, v in xs`: reads on to its end, or goes back to the comma if it is another one.
    fn pair(&mut self) -> Option<(Term, Term)> {
        let mark = self.mark();
        let pair = self.pair_from_comma();
        if pair.is_none() {
            self.back(mark);
        }
        pair
    }

    fn pair_from_comma(&mut self) -> Option<(Term, Term)> {
        self.bump();
        let value = self.related().ok()?;
        if !self.is_keyword(Keyword::In) {
            return None;
        }
        self.bump();
        Some((value, self.related().ok()?))
    }

    fn operand(&mut self, least: u8) -> Parsed<Term> {
        let start = self.peek().span.start;
        let first = self.primary()?;
        self.infix(first, start, least)
    }

    /// Behind `left`, which begins at `start`: operators that bind at least as tightly as `least`.
    fn infix(&mut self, mut left: Term, start: u32, least: u8) -> Parsed<Term> {
        let depth = self.depth;
        loop {
            let token = self.peek();
            let TokenKind::Operator(operator) = token.kind else { break };
            let level = operator.level();
            if level < least {
                break;
            }
            self.enter()?;
            self.bump();
            let right = Box::new(self.operand(level + 1)?);
            let kind = TermKind::Infix { operator, operator_span: token.span, left: Box::new(left), right };
            left = Term { kind, span: self.since(start) };
        }
        self.depth = depth;
        Ok(left)
    }
}
