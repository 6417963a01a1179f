//! What a rule defines: its name, arguments, member and value.

use crate::error::SyntaxError;
use crate::token::{Keyword, Token, TokenKind};
use crate::tree::{Head, Operator, Step};

use super::{Parsed, Parser};

/// A head, and what of it only matters for what follows.
pub(super) struct Defined {
    pub(super) head: Head,
    /// whether it was written with `contains`
    pub(super) contains: bool,
    /// whether space stands before its first bracket, which only a rule with a body may have
    pub(super) apart: bool,
}

impl Parser<'_> {
    pub(super) fn head(&mut self) -> Parsed<Defined> {
        self.force_name();
        let start = self.peek().span.start;
        if !self.is(TokenKind::Name) {
            return Err(self.not_a_rule());
        }
        let mut path = vec![Step::Name(self.name())];
        let goes_on =
            matches!(self.kind(), TokenKind::Dot | TokenKind::OpenBracket | TokenKind::OpenParenthesis);
        let apart = goes_on && !self.adjacent(self.at);
        let mut arguments = None;
        if goes_on {
            while self.is(TokenKind::Dot) || self.is(TokenKind::OpenBracket) {
                if path.len() > 1 && !self.adjacent(self.at) {
                    break;
                }
                path.push(self.step()?);
            }
            if self.is(TokenKind::OpenParenthesis) && (path.len() == 1 || self.adjacent(self.at)) {
                self.bump();
                arguments = Some(self.list(TokenKind::CloseParenthesis, Vec::new())?);
                if self.slice(self.since(start)) == "set()" {
                    return self
                        .error(self.since(start), "`set()` is the empty set and cannot be a rule's name");
                }
                if self.steps_on(self.at) {
                    return Err(
                        self.unexpected("nothing follows a function's arguments but its value or body")
                    );
                }
            }
        }
        let mut head =
            Head { path, arguments, member: None, value: None, assigned: false, span: self.since(start) };
        let mut contains = false;
        match self.kind() {
            TokenKind::Keyword(Keyword::Contains) => {
                if head.arguments.is_some() {
                    return Err(self.unexpected("a function collects no members"));
                }
                self.bump();
                contains = true;
                head.member = Some(self.expression(true)?);
            }
            TokenKind::Operator(operator @ (Operator::Assign | Operator::Unify)) => {
                self.bump();
                head.assigned = operator == Operator::Assign;
                head.value = Some(self.expression(true)?);
            }
            _ => {}
        }
        head.span = self.since(start);
        Ok(Defined { head, contains, apart })
    }

    /// A head that ends here, without a body: whether it defines something.
    pub(super) fn complete_without_body(&self, head: &Head, contains: bool, apart: bool) -> Parsed<()> {
        if self.keyword_of_v1() {
            return Err(self.incomplete(head));
        }
        let says_nothing = match &head.arguments {
            None => head.path.len() == 1,
            Some(arguments) => arguments.is_empty(),
        };
        let bare = !contains && head.value.is_none() && head.member.is_none();
        if apart && !bare {
            let error =
                SyntaxError::new(head.span, "a rule without a body has no space before its `(`, `[` or `.`");
            return Err(Box::new(error));
        }
        if bare && (says_nothing || apart) { Err(self.incomplete(head)) } else { Ok(()) }
    }

    /// Whether `if` or `contains` goes on with this line where it is no keyword. OPA takes `p = 1 if { .. }` of a v0 file
    /// for two rules, the first of which always holds; nobody means that.
    fn keyword_of_v1(&self) -> bool {
        let token = self.peek();
        let word = Keyword::of(self.slice(token.span));
        token.kind == TokenKind::Name
            && !token.newline
            && matches!(word, Some(Keyword::If | Keyword::Contains))
            && !self.steps_on(self.at + 1)
    }

    /// A head that defines nothing.
    fn incomplete(&self, head: &Head) -> Box<SyntaxError> {
        let name = self.slice(head.span);
        if matches!(name, "and" | "or") {
            let token = Token { kind: TokenKind::Name, span: head.span, newline: false };
            let mut error = SyntaxError::new(head.span, format!("`{name}` joins no conditions in Rego"));
            error.hint = self.advice(token);
            return Box::new(error);
        }
        if head.value.is_some() || head.member.is_some() {
            return self.unexpected("expected the end of the rule");
        }
        let next = self.peek();
        if next.newline || next.kind == TokenKind::End {
            let error = SyntaxError::new(head.span, format!("`{name}` has neither a value nor a body"));
            return Box::new(error.hint(self.body_or_value()));
        }
        self.unexpected(if self.strict {
            "expected `:=`, `if` or `contains`"
        } else {
            "expected a value or a body"
        })
    }

    fn body_or_value(&self) -> &'static str {
        if self.strict {
            "write `:=` and a value, or `if` and a body"
        } else {
            "write `=` and a value, or a body in braces"
        }
    }

    fn not_a_rule(&mut self) -> Box<SyntaxError> {
        if let Some(error) = self.swallowed() {
            return error;
        }
        let TokenKind::Keyword(_) = self.kind() else {
            return self.unexpected("expected a rule or an import");
        };
        let token = self.peek();
        let word = self.slice(token.span);
        Box::new(SyntaxError::new(token.span, format!("`{word}` is a keyword and cannot be a rule's name")))
    }
}
