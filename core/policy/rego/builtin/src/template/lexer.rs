//! A template in tokens: text, and what stands between `{{` and `}}`.

use super::failed;
use crate::Error;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Text(String),
    Open,
    Close,
    /// a name, keyword or function
    Word(String),
    /// `.name`
    Field(String),
    /// `$name`
    Variable(String),
    Int(i64),
    Float(f64),
    Quoted(String),
    Dot,
    Pipe,
    ParenL,
    ParenR,
    Comma,
    Declare,
    Assign,
    /// what stands between operands
    Blank,
}

/// A token, and its line from 1.
pub(super) type Placed = (Token, usize);

/// All tokens of a template.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Error> {
    let mut lexer = Lexer { rest: text, line: 1, out: Vec::new() };
    lexer.run()?;
    Ok(lexer.out)
}

struct Lexer<'t> {
    rest: &'t str,
    line: usize,
    out: Vec<Placed>,
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

impl<'t> Lexer<'t> {
    fn run(&mut self) -> Result<(), Error> {
        let mut trim = false;
        loop {
            let end = self.rest.find("{{").unwrap_or(self.rest.len());
            let opens = end < self.rest.len();
            let raw = self.take(end);
            let mut text = raw;
            if trim {
                text = text.trim_start_matches(BLANKS);
            }
            if opens && self.rest.strip_prefix("{{-").is_some_and(|after| after.starts_with(BLANKS)) {
                text = text.trim_end_matches(BLANKS);
            }
            if !text.is_empty() {
                self.push(Token::Text(text.to_owned()));
            }
            if !opens {
                return Ok(());
            }
            trim = self.action()?;
        }
    }

    /// What stands between braces; whether the text behind it is trimmed.
    fn action(&mut self) -> Result<bool, Error> {
        self.take(2);
        if self.rest.strip_prefix('-').is_some_and(|after| after.starts_with(BLANKS)) {
            self.take(1);
            self.skip_blanks();
        }
        if self.rest.starts_with("/*") {
            let end = self.rest.find("*/").ok_or_else(|| failed(self.line, "unclosed comment"))?;
            self.take(end + 2);
            return self.close().ok_or_else(|| failed(self.line, "comment ends before closing delimiter"));
        }
        self.push(Token::Open);
        loop {
            if let Some(trim) = self.close() {
                self.push(Token::Close);
                return Ok(trim);
            }
            self.token()?;
        }
    }

    /// Takes the closing braces where they come next.
    fn close(&mut self) -> Option<bool> {
        if self.rest.starts_with("}}") {
            self.take(2);
            return Some(false);
        }
        let blanks = self.rest.len() - self.rest.trim_start_matches(BLANKS).len();
        if blanks > 0 && self.rest.get(blanks..).is_some_and(|rest| rest.starts_with("-}}")) {
            self.take(blanks + 3);
            return Some(true);
        }
        None
    }

    fn token(&mut self) -> Result<(), Error> {
        let line = self.line;
        let Some(first) = self.rest.chars().next() else { return Err(failed(line, "unclosed action")) };
        let single = match first {
            c if BLANKS.contains(&c) => {
                self.skip_blanks();
                self.push(Token::Blank);
                return Ok(());
            }
            '(' => Token::ParenL,
            ')' => Token::ParenR,
            '|' => Token::Pipe,
            ',' => Token::Comma,
            '=' => Token::Assign,
            ':' if self.rest.starts_with(":=") => {
                self.take(1);
                Token::Declare
            }
            '"' | '\'' => return self.quoted(first),
            '`' => return self.raw(),
            '.' if !self.rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => {
                self.take(1);
                let name = self.name().to_owned();
                self.push(if name.is_empty() { Token::Dot } else { Token::Field(name) });
                return self.ends_here();
            }
            '$' => {
                self.take(1);
                let name = self.name().to_owned();
                self.push(Token::Variable(name));
                return self.ends_here();
            }
            '+' | '-' | '.' | '0'..='9' => return self.number(),
            c if c == '_' || c.is_alphabetic() => {
                let name = self.name().to_owned();
                self.push(Token::Word(name));
                return self.ends_here();
            }
            c => return Err(failed(line, &format!("unexpected {c:?} in command"))),
        };
        self.take(1);
        self.push(single);
        Ok(())
    }

    /// After a name there is a blank or a mark.
    fn ends_here(&self) -> Result<(), Error> {
        match self.rest.chars().next() {
            None => Ok(()),
            Some(c) if BLANKS.contains(&c) || ".,|:)(=".contains(c) || self.rest.starts_with("}}") => Ok(()),
            Some(c) => Err(failed(self.line, &format!("bad character U+{:04X} '{c}'", u32::from(c)))),
        }
    }

    fn number(&mut self) -> Result<(), Error> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-._".contains(c));
        let text = self.take(end.unwrap_or(self.rest.len()));
        let bad = || failed(self.line, &format!("bad number syntax: {text:?}"));
        let plain = text.replace('_', "");
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let lower = digits.to_ascii_lowercase();
        let radix =
            [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find(|(prefix, _)| lower.starts_with(prefix));
        if let Some((_, radix)) = radix {
            let digits = format!("{sign}{}", digits.get(2..).unwrap_or_default());
            let number = i64::from_str_radix(&digits, radix).map_err(|_| bad())?;
            self.push(Token::Int(number));
        } else if let Ok(number) = plain.parse::<i64>() {
            self.push(Token::Int(number));
        } else {
            self.push(Token::Float(plain.parse().map_err(|_| bad())?));
        }
        Ok(())
    }

    fn quoted(&mut self, quote: char) -> Result<(), Error> {
        let line = self.line;
        let what = if quote == '"' { "quoted string" } else { "character constant" };
        let unterminated = || failed(line, &format!("unterminated {what}"));
        self.take(1);
        let mut out = String::new();
        loop {
            let c = self.rest.chars().next().filter(|c| *c != '\n').ok_or_else(unterminated)?;
            self.take(c.len_utf8());
            if c == quote {
                break;
            }
            if c == '\\' { out.push(self.escape().ok_or_else(unterminated)?) } else { out.push(c) }
        }
        if quote == '"' {
            self.push(Token::Quoted(out));
            return Ok(());
        }
        let mut characters = out.chars();
        match (characters.next(), characters.next()) {
            (Some(c), None) => self.push(Token::Int(u32::from(c).into())),
            _ => return Err(failed(line, "malformed character constant")),
        }
        Ok(())
    }

    fn escape(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.take(c.len_utf8());
        let digits = match c {
            'a' => return Some('\u{7}'),
            'b' => return Some('\u{8}'),
            'f' => return Some('\u{c}'),
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            'v' => return Some('\u{b}'),
            '\\' | '\'' | '"' => return Some(c),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let hex = self.rest.get(..digits).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let code = u32::from_str_radix(hex, 16).ok()?;
        self.take(digits);
        char::from_u32(code)
    }

    fn raw(&mut self) -> Result<(), Error> {
        let line = self.line;
        self.take(1);
        let end = self.rest.find('`').ok_or_else(|| failed(line, "unterminated raw quoted string"))?;
        let text = self.take(end).to_owned();
        self.take(1);
        self.push(Token::Quoted(text));
        Ok(())
    }

    fn name(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn skip_blanks(&mut self) {
        let blanks = self.rest.len() - self.rest.trim_start_matches(BLANKS).len();
        // What belongs to the closing braces stays.
        self.take(blanks);
    }

    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.line += taken.matches('\n').count();
        taken
    }

    fn push(&mut self, token: Token) {
        self.out.push((token, self.line));
    }
}
