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
        parser.finish(module, &lexed.errors, dialect)
    };
    match dialect {
        Some(dialect) => read(dialect),
        None => read(Dialect::V1).or_else(|first| {
            let second = read(Dialect::V0);
            second.map_err(|second| if second.len() < first.len() { second } else { first })
        }),
    }
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
    parser.finish(value, &lexed.errors, dialect)
}

fn fits(text: &str) -> Result<(), Vec<SyntaxError>> {
    if u32::try_from(text.len()).is_ok() {
        return Ok(());
    }
    Err(vec![SyntaxError::new(Span::default(), format!("the file is longer than {} bytes", u32::MAX))])
}
