//! What callers ask for: a file, a query, a term.

use crate::error::SyntaxError;
use crate::lexer;
use crate::token::TokenKind;
use crate::tree::{Body, Dialect, Module, Span, Term};

use super::Parser;

/// Reads a file as `dialect`; without one, as v1 unless only v0 fits.
///
/// # Errors
/// Everything that is wrong, in the order of the file.
pub fn parse(text: &str, dialect: Option<Dialect>) -> Result<Module, Vec<SyntaxError>> {
    fits(text)?;
    let lexed = lexer::lex(text);
    let read = |dialect: Dialect| {
        let mut parser = Parser::new(text, &lexed.tokens, dialect);
        let module = parser.module(&lexed.comments, dialect);
        Reading::new(parser, Some(module), &lexed.errors)
    };
    if let Some(dialect) = dialect {
        return read(dialect).result();
    }
    let first = read(Dialect::V1);
    if first.is_clean() {
        return first.result();
    }
    let second = read(Dialect::V0);
    // Where v1 has keywords and v0 has names, the file means something else in v0, though it may read.
    let other = first.modern && !second.modern;
    if !other && (second.is_clean() || first.looks_old()) { second.result() } else { first.result() }
}

/// Reads a file from bytes, which must be UTF-8.
///
/// # Errors
/// As [`parse`], or the place of the first byte that is no UTF-8.
pub fn parse_bytes(bytes: &[u8], dialect: Option<Dialect>) -> Result<Module, Vec<SyntaxError>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(text, dialect),
        Err(error) => {
            let start = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
            let span = Span { start, end: start.saturating_add(1) };
            Err(vec![SyntaxError::new(span, "the file is not UTF-8")])
        }
    }
}

/// Reads the conditions of a query, separated by `;` or line ends; as v1 where no `dialect` is given.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse_query(text: &str, dialect: Option<Dialect>) -> Result<Body, Vec<SyntaxError>> {
    alone(text, dialect, |parser| {
        let start = parser.peek().span.start;
        let literals = parser.conditions(TokenKind::End)?;
        Ok(Body { literals, span: parser.since(start) })
    })
}

/// Reads one term; as v1 where no `dialect` is given.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse_term(text: &str, dialect: Option<Dialect>) -> Result<Term, Vec<SyntaxError>> {
    alone(text, dialect, |parser| {
        let term = parser.expression(true)?;
        parser.expect(TokenKind::End, "expected nothing behind the term")?;
        Ok(term)
    })
}

fn alone<T>(
    text: &str,
    dialect: Option<Dialect>,
    read: impl FnOnce(&mut Parser<'_>) -> super::Parsed<T>,
) -> Result<T, Vec<SyntaxError>> {
    fits(text)?;
    let lexed = lexer::lex(text);
    let dialect = dialect.unwrap_or(Dialect::V1);
    let mut parser = Parser::new(text, &lexed.tokens, dialect);
    let value = read(&mut parser).map_err(|error| parser.record(*error)).ok();
    Reading::new(parser, value, &lexed.errors).result()
}

/// What one generation makes of a text.
struct Reading<T> {
    value: Option<T>,
    dialect: Dialect,
    /// whether what v1 demands counts
    strict: bool,
    /// whether a rule has `if` or `contains`, or the file imports `rego.v1`
    modern: bool,
    errors: Vec<SyntaxError>,
    demands: Vec<SyntaxError>,
}

impl<T> Reading<T> {
    fn new(parser: Parser<'_>, value: Option<T>, lexer: &[SyntaxError]) -> Self {
        let Parser { mut errors, demands, dialect, strict, modern, .. } = parser;
        errors.extend(lexer.iter().cloned());
        Self { value, dialect, strict, modern, errors, demands }
    }

    fn is_clean(&self) -> bool {
        self.errors.is_empty() && (!self.strict || self.demands.is_empty())
    }

    /// Whether all rules that v1 would have otherwise are as v0 has them.
    fn looks_old(&self) -> bool {
        !self.demands.is_empty() && !self.modern
    }

    fn result(mut self) -> Result<T, Vec<SyntaxError>> {
        let dialect = if self.strict { Dialect::V1 } else { self.dialect };
        if self.strict && self.errors.is_empty() && self.looks_old() {
            self.errors.push(old(&self.demands));
        } else if self.strict {
            self.errors.append(&mut self.demands);
        }
        match self.value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => {
                self.errors.sort_by_key(|error| error.span);
                self.errors.iter_mut().for_each(|error| error.dialect = Some(dialect));
                Err(self.errors)
            }
        }
    }
}

/// One error for a file that is right but for its generation.
fn old(demands: &[SyntaxError]) -> SyntaxError {
    let span = demands.first().map(|demand| demand.span).unwrap_or_default();
    let places = match demands.len() {
        1 => "1 place lacks".to_owned(),
        many => format!("{many} places lack"),
    };
    let message = format!("the file is written in Rego v0, and was read as v1: {places} `if` or `contains`");
    let hint = "write `if` before bodies and `contains` before members (`opa fmt --v0-v1` does), or have it read as v0";
    SyntaxError::new(span, message).hint(hint)
}

fn fits(text: &str) -> Result<(), Vec<SyntaxError>> {
    if u32::try_from(text.len()).is_ok() {
        return Ok(());
    }
    Err(vec![SyntaxError::new(Span::default(), format!("the file is longer than {} bytes", u32::MAX))])
}
