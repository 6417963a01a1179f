//! Behind an error: where the next statement may begin.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::{Operator, Span};

use super::Parser;

/// More errors than this are not looked for.
const MOST: usize = 100;

impl Parser<'_> {
    /// Notes an error; one about an illegal token is the lexer's.
    pub(super) fn record(&mut self, mut error: SyntaxError) {
        let illegal = self.is(TokenKind::Illegal) && self.peek().span.start == error.span.start;
        if illegal {
            return;
        }
        if self.is(TokenKind::End) && error.hint.is_none() {
            error.hint = self.never_closed();
        }
        self.errors.push(error);
    }

    /// Whether enough is known to be wrong.
    pub(super) fn full(&self) -> bool {
        self.errors.len() >= MOST
    }

    /// Notes an error in the statement that begins at the token `start`, and goes to where the next one may begin: that
    /// may be before the place of the error, where a bracket that nobody closed has swallowed it.
    pub(super) fn recover(&mut self, error: SyntaxError, start: usize) {
        self.record(error);
        self.at = start;
        let mut open = 0_usize;
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParenthesis => open += 1,
                TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParenthesis => {
                    open = open.saturating_sub(1);
                }
                _ => {}
            }
            self.bump();
            if self.begins_statement(open == 0) {
                return;
            }
        }
    }

    /// Whether a statement may begin at the next token: first on its line, a name or what else begins one; at the left
    /// edge, or `outside` of brackets. At the left edge inside of them it must look like a rule.
    fn begins_statement(&self, outside: bool) -> bool {
        let token = self.peek();
        if !token.newline {
            return false;
        }
        let edge = self.at_margin(token.span.start);
        match token.kind {
            TokenKind::Keyword(Keyword::Package | Keyword::Import | Keyword::Default) => edge || outside,
            TokenKind::Name => edge && (outside || self.looks_like_rule()),
            TokenKind::Keyword(Keyword::Else) => false,
            TokenKind::Keyword(_) => edge && self.looks_like_rule(),
            _ => false,
        }
    }

    /// Whether as much space stands before `start` on its line as before the first token.
    fn at_margin(&self, start: u32) -> bool {
        let first = self.tokens.first().map_or(0, |token| token.span.start);
        self.indent(start).is_some_and(|indent| Some(indent) == self.indent(first))
    }

    /// What stands before `start` on its line, where that is only space.
    fn indent(&self, start: u32) -> Option<&str> {
        let before = self.text.get(..start as usize)?;
        let line = before.get(before.rfind('\n').map_or(0, |end| end + 1)..)?;
        line.chars().all(|character| matches!(character, ' ' | '\t' | '\u{feff}')).then_some(line)
    }

    /// `name :=`, `name if`, `name contains`, `name {`, on one line.
    fn looks_like_rule(&self) -> bool {
        let next = self.token(self.at + 1);
        let sign = matches!(
            next.kind,
            TokenKind::Keyword(Keyword::If | Keyword::Contains)
                | TokenKind::OpenBrace
                | TokenKind::Operator(Operator::Assign)
        );
        sign && !next.newline
    }

    /// At the `:=` of a rule whose name was taken for the value of the rule before: goes back to the name.
    pub(super) fn swallowed(&mut self) -> Option<Box<SyntaxError>> {
        let name = self.at.checked_sub(1)?;
        let sign = self.token(name.checked_sub(1)?);
        let before = self.token(name);
        let wants =
            matches!(sign.kind, TokenKind::Operator(_) | TokenKind::Keyword(Keyword::Contains | Keyword::In));
        let rule = before.kind == TokenKind::Name && before.newline && self.at_margin(before.span.start);
        if !wants || !rule {
            return None;
        }
        self.at = name;
        let (sign_text, name) = (self.slice(sign.span), self.slice(before.span));
        let message = format!("expected a term behind `{sign_text}`, but the rule `{name}` begins");
        Some(Box::new(SyntaxError::new(sign.span, message)))
    }

    /// Which bracket the end of the file left open.
    fn never_closed(&self) -> Option<String> {
        let mut open: Vec<Span> = Vec::new();
        for token in self.tokens {
            match token.kind {
                TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParenthesis => {
                    open.push(token.span)
                }
                TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParenthesis => {
                    open.pop();
                }
                _ => {}
            }
        }
        let bracket = open.pop()?;
        let line = 1 + self.text.get(..bracket.start as usize)?.matches('\n').count();
        Some(format!("the `{}` of line {line} is never closed", self.slice(bracket)))
    }
}
