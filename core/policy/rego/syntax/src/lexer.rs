//! Text to tokens.
//!
//! ```text
//! text ──> tokens, the last one `End`
//!     ├──> comments
//!     └──> errors: each has its `Illegal` token, or stands in a comment or a string
//! ```
//! Every byte is looked at a bounded number of times. Words are told apart here, but whether `if` or `in` is a keyword in
//! this file is the parser's to know.

mod string;

use std::sync::Arc;

pub(crate) use string::unescape;

use crate::error::SyntaxError;
use crate::token::{Keyword, Token, TokenKind};
use crate::tree::{Comment, Operator, Span};

/// What a file consists of.
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) errors: Vec<SyntaxError>,
}

/// Reads all of `text`, which must not be longer than a `u32` counts.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        newline: true,
        own_line: true,
        templates: Vec::new(),
        lexed: Lexed { tokens: Vec::new(), comments: Vec::new(), errors: Vec::new() },
    };
    if text.starts_with('\u{feff}') {
        lexer.at = '\u{feff}'.len_utf8();
    }
    lexer.run();
    lexer.lexed
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// a line ended since the last token
    newline: bool,
    /// nothing but space since the line began
    own_line: bool,
    /// the templates that we stand in an expression of
    templates: Vec<Template>,
    lexed: Lexed,
}

struct Template {
    raw: bool,
    /// braces opened since, and not closed
    braces: usize,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    self.newline = true;
                    self.own_line = true;
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => self.comment(),
                _ => self.token(byte),
            }
        }
        self.push(self.at, TokenKind::End);
    }

    fn token(&mut self, byte: u8) {
        let start = self.at;
        let kind = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' => {
                self.at += 1;
                self.string()
            }
            b'`' => {
                self.at += 1;
                self.raw_string()
            }
            b'$' if matches!(self.byte(start + 1), Some(b'"' | b'`')) => {
                self.at += 2;
                self.template(self.byte(start + 1) == Some(b'`'))
            }
            b'}' => self.close_brace(),
            _ => self.sign(byte),
        };
        self.push(start, kind);
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.at = start + length;
        let text = self.text.get(start + 1..self.at).unwrap_or_default();
        if let Some(offset) = text.find('\0') {
            self.error(start + 1 + offset, 1, "a null character");
        }
        let text = text.trim_end_matches('\r');
        let span = span(start, start + 1 + text.len());
        self.lexed.comments.push(Comment { text: Arc::from(text), span, own_line: self.own_line });
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let word = self.text.get(start..self.at).unwrap_or_default();
        Keyword::of(word).map_or(TokenKind::Name, TokenKind::Keyword)
    }

    fn number(&mut self) -> TokenKind {
        let start = self.at;
        let mut wrong = None;
        self.skip(|byte| byte.is_ascii_digit());
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !self.skip(|byte| byte.is_ascii_digit()) {
                wrong = Some("a number needs a digit behind its point");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !self.skip(|byte| byte.is_ascii_digit()) {
                wrong = Some("a number needs a digit behind its `e`");
            }
        }
        if self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            wrong = Some("a name must not begin with a digit, and a number must not have a letter in it");
        }
        match wrong {
            None => TokenKind::Number,
            Some(message) => self.illegal(start, message),
        }
    }

    /// A `}`: of a template's expression, which goes on as text, or any other.
    fn close_brace(&mut self) -> TokenKind {
        self.at += 1;
        match self.templates.last_mut() {
            Some(template) if template.braces == 0 => {
                let raw = template.raw;
                self.templates.pop();
                self.template(raw)
            }
            Some(template) => {
                template.braces -= 1;
                TokenKind::CloseBrace
            }
            None => TokenKind::CloseBrace,
        }
    }

    fn sign(&mut self, byte: u8) -> TokenKind {
        let start = self.at;
        let character = self.text.get(start..).and_then(|rest| rest.chars().next()).unwrap_or_default();
        self.at += character.len_utf8();
        let equals = self.peek() == Some(b'=');
        let (kind, long) = match byte {
            b'(' => (TokenKind::OpenParenthesis, false),
            b')' => (TokenKind::CloseParenthesis, false),
            b'[' => (TokenKind::OpenBracket, false),
            b']' => (TokenKind::CloseBracket, false),
            b'{' => {
                if let Some(template) = self.templates.last_mut() {
                    template.braces += 1;
                }
                (TokenKind::OpenBrace, false)
            }
            b',' => (TokenKind::Comma, false),
            b';' => (TokenKind::Semicolon, false),
            b'.' => (TokenKind::Dot, false),
            b':' if equals => (TokenKind::Operator(Operator::Assign), true),
            b':' => (TokenKind::Colon, false),
            b'=' if equals => (TokenKind::Operator(Operator::Equal), true),
            b'=' => (TokenKind::Operator(Operator::Unify), false),
            b'!' if equals => (TokenKind::Operator(Operator::NotEqual), true),
            b'<' if equals => (TokenKind::Operator(Operator::LessOrEqual), true),
            b'<' => (TokenKind::Operator(Operator::Less), false),
            b'>' if equals => (TokenKind::Operator(Operator::GreaterOrEqual), true),
            b'>' => (TokenKind::Operator(Operator::Greater), false),
            b'+' => (TokenKind::Operator(Operator::Plus), false),
            b'-' => (TokenKind::Operator(Operator::Minus), false),
            b'*' => (TokenKind::Operator(Operator::Times), false),
            b'/' => (TokenKind::Operator(Operator::Divide), false),
            b'%' => (TokenKind::Operator(Operator::Remainder), false),
            b'&' => (TokenKind::Operator(Operator::And), false),
            b'|' => (TokenKind::Operator(Operator::Or), false),
            _ => (self.stranger(start, character), false),
        };
        if long {
            self.at += 1;
        }
        kind
    }

    /// A character that has no meaning outside of text.
    fn stranger(&mut self, start: usize, character: char) -> TokenKind {
        match character {
            '!' => self.illegal_hint(start, "`!` has no meaning in Rego", "write `not` before the condition"),
            '\'' => {
                let line = self.text.get(self.at..).and_then(|rest| rest.lines().next()).unwrap_or_default();
                self.at += line.find('\'').map_or(0, |end| end + 1);
                self.illegal_hint(start, "`'` does not quote text in Rego", "write \"..\" or `..`")
            }
            '$' => self.illegal_hint(start, "`$` has no meaning here", "a template is written $\"..\""),
            '\u{a0}' => self.illegal_hint(start, "a non-breaking space", "write an ordinary space"),
            '\u{feff}' => self.illegal(start, "a byte order mark that is not at the beginning of the file"),
            '\0' => self.illegal(start, "a null character"),
            character if character.is_control() || character.is_whitespace() => self.illegal(
                start,
                &format!("the character `{}` has no meaning in Rego", character.escape_default()),
            ),
            character => self.illegal(start, &format!("`{character}` has no meaning in Rego")),
        }
    }

    /// Steps over bytes that `wanted` holds for; whether there was one.
    fn skip(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.at > start
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        self.lexed.tokens.push(Token { kind, span: span(start, self.at), newline: self.newline });
        self.newline = false;
        self.own_line = false;
    }

    fn illegal(&mut self, start: usize, message: &str) -> TokenKind {
        self.error(start, self.at - start, message);
        TokenKind::Illegal
    }

    fn illegal_hint(&mut self, start: usize, message: &str, hint: &str) -> TokenKind {
        let error = SyntaxError::new(span(start, self.at), message).hint(hint);
        self.lexed.errors.push(error);
        TokenKind::Illegal
    }

    fn error(&mut self, start: usize, length: usize, message: &str) {
        self.lexed.errors.push(SyntaxError::new(span(start, start + length), message));
    }
}

/// Lossless: the text is no longer than a `u32` counts.
fn span(start: usize, end: usize) -> Span {
    let cut = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: cut(start), end: cut(end) }
}
