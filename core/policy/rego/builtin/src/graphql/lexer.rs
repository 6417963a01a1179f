//! GraphQL in tokens, as gqlparser reads it.

use crate::quote::quoted;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Invalid,
    Eof,
    Bang,
    Dollar,
    Amp,
    ParenL,
    ParenR,
    Spread,
    Colon,
    Equals,
    At,
    BracketL,
    BracketR,
    BraceL,
    BraceR,
    Pipe,
    Name,
    Int,
    Float,
    String,
    BlockString,
}

/// A token, and the comments before it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) line: i64,
    pub(super) column: i64,
    pub(super) comments: Vec<String>,
    /// why it is invalid
    pub(super) error: Option<Fault>,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) line: i64,
    pub(super) column: i64,
    pub(super) message: String,
}

impl Kind {
    pub(super) const fn shown(self) -> &'static str {
        match self {
            Self::Invalid => "<Invalid>",
            Self::Eof => "<EOF>",
            Self::Bang => "!",
            Self::Dollar => "$",
            Self::Amp => "&",
            Self::ParenL => "(",
            Self::ParenR => ")",
            Self::Spread => "...",
            Self::Colon => ":",
            Self::Equals => "=",
            Self::At => "@",
            Self::BracketL => "[",
            Self::BracketR => "]",
            Self::BraceL => "{",
            Self::BraceR => "}",
            Self::Pipe => "|",
            Self::Name => "Name",
            Self::Int => "Int",
            Self::Float => "Float",
            Self::String => "String",
            Self::BlockString => "BlockString",
        }
    }
}

impl Token {
    pub(super) fn shown(&self) -> String {
        if self.value.is_empty() {
            return self.kind.shown().to_owned();
        }
        format!("{} {}", self.kind.shown(), quoted(&self.value))
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Name && self.value == word
    }
}

/// Reads tokens one after another.
pub(super) struct Lexer<'t> {
    rest: &'t str,
    line: i64,
    /// from 1
    column: i64,
}

type Read = Result<(Kind, String, i64), String>;

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { rest: text, line: 1, column: 1 }
    }

    pub(super) fn next(&mut self) -> Token {
        let mut comments = Vec::new();
        loop {
            self.skip_blanks();
            if !self.rest.starts_with('#') {
                break;
            }
            let end = self.rest.find(|c: char| c < ' ' && c != '\t').unwrap_or(self.rest.len());
            comments.push(self.take(end).to_owned());
        }
        let column = self.column;
        match self.token() {
            Ok((kind, value, shift)) => {
                // Strings stand where their text begins; one of several lines is counted from its last one.
                let column = if kind == Kind::BlockString { shift } else { column + shift };
                Token { kind, value, line: self.line, column, comments, error: None }
            }
            Err(message) => {
                let (line, column) = (self.line, self.column);
                let error = Some(Fault { line, column, message });
                Token { kind: Kind::Invalid, value: String::new(), line, column, comments, error }
            }
        }
    }

    fn token(&mut self) -> Read {
        let Some(first) = self.rest.chars().next() else { return Ok((Kind::Eof, String::new(), 0)) };
        let kind = match first {
            '!' => Kind::Bang,
            '$' => Kind::Dollar,
            '&' => Kind::Amp,
            '(' => Kind::ParenL,
            ')' => Kind::ParenR,
            ':' => Kind::Colon,
            '=' => Kind::Equals,
            '@' => Kind::At,
            '[' => Kind::BracketL,
            ']' => Kind::BracketR,
            '{' => Kind::BraceL,
            '}' => Kind::BraceR,
            '|' => Kind::Pipe,
            '.' if self.rest.starts_with("...") => {
                self.take(3);
                return Ok((Kind::Spread, String::new(), 0));
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let name = self.take(end.unwrap_or(self.rest.len())).to_owned();
                return Ok((Kind::Name, name, 0));
            }
            '-' | '0'..='9' => return self.number(),
            '"' if self.rest.starts_with("\"\"\"") => return self.block(),
            '"' => return self.string(),
            c if c < ' ' => {
                return Err(format!(r#"Cannot contain the invalid character "\u{:04x}""#, u32::from(c)));
            }
            '\'' => {
                let message =
                    "Unexpected single quote character ('), did you mean to use a double quote (\")?";
                return Err(message.to_owned());
            }
            c => {
                // gqlparser looks at bytes here.
                let mut buffer = [0; 4];
                let byte = c.encode_utf8(&mut buffer).bytes().next().map_or(c, char::from);
                return Err(format!("Cannot parse the unexpected character \"{byte}\"."));
            }
        };
        self.take(1);
        Ok((kind, String::new(), 0))
    }

    fn number(&mut self) -> Read {
        let whole = self.rest;
        let mut kind = Kind::Int;
        self.accept(&['-']);
        if self.accept(&['0']) {
            if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
                return Err(format!("Invalid number, unexpected digit after 0: {}.", self.ahead()));
            }
        } else {
            self.digits()?;
        }
        if self.accept(&['.']) {
            kind = Kind::Float;
            self.digits()?;
        }
        if self.accept(&['e', 'E']) {
            kind = Kind::Float;
            self.accept(&['-', '+']);
            self.digits()?;
        }
        let value = whole.get(..whole.len() - self.rest.len()).unwrap_or_default();
        Ok((kind, value.to_owned(), 0))
    }

    fn digits(&mut self) -> Result<(), String> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 {
            return Err(format!("Invalid number, expected digit but got: {}.", self.ahead()));
        }
        self.take(count);
        Ok(())
    }

    fn string(&mut self) -> Read {
        self.take(1);
        let mut out = String::new();
        loop {
            match self.rest.chars().next() {
                None | Some('\n' | '\r') => return Err("Unterminated string.".to_owned()),
                Some(c) if c < ' ' && c != '\t' => {
                    return Err(format!(r#"Invalid character within String: "\u{:04x}"."#, u32::from(c)));
                }
                Some('"') => {
                    self.take(1);
                    return Ok((Kind::String, out, 1));
                }
                Some('\\') => out.push(self.escape()?),
                Some(c) => {
                    self.take(c.len_utf8());
                    out.push(c);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let escape = self.rest.chars().nth(1);
        let plain = match escape {
            Some(c @ ('"' | '/' | '\\')) => Some(c),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            _ => None,
        };
        if let Some(plain) = plain {
            self.take(2);
            return Ok(plain);
        }
        let hex = self.rest.get(2..6).filter(|_| escape == Some('u'));
        let hex = hex.filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if let Some(code) = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok()) {
            self.take(6);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.take(1);
        let shown: String = match escape {
            None => return Err("Invalid character escape sequence.".to_owned()),
            Some('u') => self.rest.chars().take(5).collect(),
            Some(c) => c.to_string(),
        };
        Err(format!("Invalid character escape sequence: \\{shown}."))
    }

    fn block(&mut self) -> Read {
        self.take(3);
        let (begin, from) = (self.column, self.line);
        let mut length = 0;
        let mut line_start = 0;
        let mut raw = String::new();
        loop {
            if let Some(after) = self.rest.strip_prefix(r#"\""""#) {
                raw.push_str("\"\"\"");
                self.take(self.rest.len() - after.len());
                length += 4;
                continue;
            }
            let quotes = self.rest.bytes().take_while(|byte| *byte == b'"').count();
            if quotes >= 3 {
                raw.extend(std::iter::repeat_n('"', quotes - 3));
                // The column counts from the last line's beginning back to where the text began.
                let column = if self.line == from { begin } else { 1 - line_start };
                self.take(quotes);
                return Ok((Kind::BlockString, block_value(&raw), column));
            }
            match self.rest.chars().next() {
                None => return Err("Unterminated string.".to_owned()),
                Some(c) if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => {
                    return Err(format!(r#"Invalid character within String: "\u{:04x}"."#, u32::from(c)));
                }
                Some('\n' | '\r') => {
                    let width = if self.rest.starts_with("\r\n") { 2 } else { 1 };
                    self.take(width);
                    length += i64::try_from(width).unwrap_or(1);
                    self.line += 1;
                    self.column = 1;
                    line_start = length;
                    raw.push('\n');
                }
                Some(c) => {
                    self.take(c.len_utf8());
                    length += 1;
                    raw.push(c);
                }
            }
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.rest.chars().next() {
                Some('\t' | ' ' | ',' | '\u{feff}') => {
                    let width = self.rest.chars().next().map_or(1, char::len_utf8);
                    self.take(width);
                }
                Some('\n') => {
                    self.take(1);
                    self.line += 1;
                    self.column = 1;
                }
                Some('\r') => {
                    self.take(1);
                    self.line += 1;
                    self.column = 1;
                    // The column counts from the carriage return, as gqlparser has it.
                    self.accept(&['\n']);
                }
                _ => return,
            }
        }
    }

    fn accept(&mut self, any: &[char]) -> bool {
        let found = self.rest.starts_with(any);
        if found {
            self.take(1);
        }
        found
    }

    /// Takes so many bytes.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.column += i64::try_from(taken.chars().count()).unwrap_or(0);
        taken
    }

    fn ahead(&self) -> String {
        self.rest
            .bytes()
            .next()
            .map_or_else(|| "<EOF>".to_owned(), |byte| format!("\"{}\"", char::from(byte)))
    }
}

/// The value of a block string: common indentation and blank lines around it removed.
fn block_value(raw: &str) -> String {
    let mut lines: Vec<&str> = raw.split('\n').collect();
    let indent = |line: &str| line.find(|c| c != ' ' && c != '\t');
    if let Some(common) = lines.iter().filter_map(|line| indent(line)).min() {
        for line in lines.iter_mut().skip(1) {
            *line = line.get(common..).unwrap_or_default();
        }
    }
    let first = lines.iter().position(|line| indent(line).is_some()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| indent(line).is_some()).map_or(first, |last| last + 1);
    lines.get(first..last).unwrap_or_default().join("\n")
}
