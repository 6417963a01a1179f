//! Text in quotes: where it ends, and what it says.

use super::Lexer;
use crate::token::TokenKind;

use super::Template;

impl Lexer<'_> {
    /// Behind the opening `"`.
    pub(super) fn string(&mut self) -> TokenKind {
        let start = self.at - 1;
        let mut wrong = None;
        loop {
            match self.peek() {
                None | Some(b'\n') => return self.unterminated(start, "`\"`"),
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(b'\\') => wrong = wrong.or(self.escape(false)),
                Some(b'\0') => {
                    wrong = wrong.or(Some((self.at, "a null character")));
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        self.ended(wrong, TokenKind::String)
    }

    /// Behind the opening backtick.
    pub(super) fn raw_string(&mut self) -> TokenKind {
        let start = self.at - 1;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| *byte == b'`') else {
            return self.unterminated(start, "backtick");
        };
        let null = rest.iter().take(length).position(|byte| *byte == 0);
        let wrong = null.map(|offset| (self.at + offset, "a null character"));
        self.at += length + 1;
        self.ended(wrong, TokenKind::RawString)
    }

    /// Behind `$"`, or behind the `}` of an expression.
    pub(super) fn template(&mut self, raw: bool) -> TokenKind {
        let start = self.at - 1;
        let mut wrong = None;
        let last = loop {
            match self.peek() {
                None => return self.unterminated(start, if raw { "backtick" } else { "`\"`" }),
                Some(b'\n') if !raw => return self.unterminated(start, "`\"`"),
                Some(b'{') => {
                    self.at += 1;
                    break false;
                }
                Some(b'"') if !raw => {
                    self.at += 1;
                    break true;
                }
                Some(b'`') if raw => {
                    self.at += 1;
                    break true;
                }
                Some(b'\\') if !raw => wrong = wrong.or(self.escape(true)),
                Some(b'\\') if self.byte(self.at + 1) == Some(b'{') => self.at += 2,
                Some(b'\0') => {
                    wrong = wrong.or(Some((self.at, "a null character")));
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        };
        if !last {
            self.templates.push(Template { raw, braces: 0 });
        }
        self.ended(wrong, TokenKind::Template { raw, last })
    }

    /// At a `\`: steps over what it begins, or says what is wrong with it.
    fn escape(&mut self, template: bool) -> Option<(usize, &'static str)> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'\\' | b'"' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'{') if template => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Some((start, "`\\u` needs four hexadecimal digits"));
                    }
                    self.at += 1;
                }
            }
            _ => return Some((start, "an escape that Rego does not know")),
        }
        None
    }

    fn unterminated(&mut self, start: usize, quote: &str) -> TokenKind {
        let message = format!("text that is never closed: its {quote} is missing");
        self.illegal_hint(start, &message, "text in `\"` ends on its line; in backticks it may have several")
    }

    fn ended(&mut self, wrong: Option<(usize, &'static str)>, kind: TokenKind) -> TokenKind {
        let Some((at, message)) = wrong else { return kind };
        if message.starts_with("an escape") {
            let hint =
                "write `\\\\` for a backslash, or quote the text in backticks, where nothing is escaped";
            let length =
                self.text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(1, |c| 1 + c.len_utf8());
            let error = crate::error::SyntaxError::new(super::span(at, at + length), message).hint(hint);
            self.lexed.errors.push(error);
        } else {
            self.error(at, 1, message);
        }
        TokenKind::Illegal
    }
}

/// What stands between the quotes, with escapes undone; `None` if it has an escape and a control character, which OPA
/// refuses. A half of a surrogate pair alone becomes U+FFFD. `\{` is for templates.
pub(crate) fn unescape(inner: &str) -> Option<String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    let mut escaped = false;
    let mut control = false;
    while let Some(character) = rest.next() {
        if character != '\\' {
            control |= character < ' ';
            text.push(character);
            continue;
        }
        escaped = true;
        match rest.next()? {
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => text.push(code_point(&mut rest)?),
            other => text.push(other),
        }
    }
    (!escaped || !control).then_some(text)
}

/// Behind `\u`: one character, which may take a second `\u`.
fn code_point(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let unit = four_digits(rest)?;
    if (0xd800..0xdc00).contains(&unit) {
        let mut ahead = rest.clone();
        if ahead.next() == Some('\\')
            && ahead.next() == Some('u')
            && let Some(low @ 0xdc00..=0xdfff) = four_digits(&mut ahead)
        {
            *rest = ahead;
            return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    Some(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn four_digits(rest: &mut std::str::Chars<'_>) -> Option<u32> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + rest.next()?.to_digit(16)?;
    }
    Some(unit)
}
