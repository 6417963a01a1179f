//! Behind an error: where the next statement may begin.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};

use super::Parser;

/// More errors than this are not looked for.
const MOST: usize = 100;

impl Parser<'_> {
    /// Notes an error; one about an illegal token is the lexer's.
    pub(super) fn record(&mut self, error: SyntaxError) {
        let illegal = self.is(TokenKind::Illegal) && self.peek().span.start == error.span.start;
        if !illegal {
            self.errors.push(error);
        }
    }

    /// Whether enough is known to be wrong.
    pub(super) fn full(&self) -> bool {
        self.errors.len() >= MOST
    }

    /// Notes an error and goes to where the next statement may begin.
    pub(super) fn recover(&mut self, error: SyntaxError) {
        self.record(error);
        let mut open = 0_usize;
        loop {
            self.bump();
            match self.kind() {
                TokenKind::End => return,
                _ if self.begins_statement(open == 0) => return,
                TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParenthesis => open += 1,
                TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParenthesis => {
                    open = open.saturating_sub(1);
                }
                _ => {}
            }
        }
    }

    /// Whether a statement may begin at the next token: first on its line, a name or what else begins one; at the left
    /// edge, or `outside` of brackets opened since the error. At the left edge inside of them it must look like a rule.
    fn begins_statement(&self, outside: bool) -> bool {
        let token = self.peek();
        if !token.newline {
            return false;
        }
        let edge = self.left_edge(token.span.start);
        match token.kind {
            TokenKind::Keyword(Keyword::Package | Keyword::Import | Keyword::Default) => edge || outside,
            TokenKind::Name => edge && (outside || self.looks_like_rule()),
            _ => false,
        }
    }

    fn left_edge(&self, start: u32) -> bool {
        let before = (start as usize).checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        before.is_none_or(|byte| *byte == b'\n')
    }

    /// `name :=`, `name if`, `name contains`, `name {`, on one line.
    fn looks_like_rule(&self) -> bool {
        let next = self.token(self.at + 1);
        let sign = matches!(
            next.kind,
            TokenKind::Keyword(Keyword::If | Keyword::Contains)
                | TokenKind::OpenBrace
                | TokenKind::Operator(crate::tree::Operator::Assign)
        );
        sign && !next.newline
    }
}
