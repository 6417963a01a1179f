//! What queries and schemas have in common: names, types, values, directives; and how nodes are made.
//!
//! A node has the fields of gqlparser's types, but for positions and for what is empty.

use tollgate_rego_value::Val;

use super::lexer::{Fault, Kind, Lexer, Token};
use crate::{Call, Error};

/// How deep a document may nest.
const DEPTH: usize = 200;

/// Why a document is none.
pub(super) enum Stop {
    Fault(Fault),
    Other(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<tollgate_rego_value::Full> for Stop {
    fn from(full: tollgate_rego_value::Full) -> Self {
        Self::Other(full.into())
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Fault(Fault { line, column, message }) => {
                Self::Failed(format!("{message} in GraphQL string at location {line}:{column}"))
            }
            Stop::Other(error) => error,
        }
    }
}

pub(super) type Parsed<T> = Result<T, Stop>;

/// A node's field: nothing where it is left out.
pub(super) type Field<'a> = (&'static str, Option<Val<'a>>);

/// Reads one document.
pub(super) struct Parser<'c, 'a, 'm, 't> {
    pub(super) call: &'c Call<'a, 'm>,
    lexer: Lexer<'t>,
    ahead: Token,
    depth: usize,
}

impl<'c, 'a, 'm, 't> Parser<'c, 'a, 'm, 't> {
    pub(super) fn new(call: &'c Call<'a, 'm>, text: &'t str) -> Parsed<Self> {
        call.meter.spend(crate::cost::of_text(text))?;
        let mut lexer = Lexer::new(text);
        let ahead = lexer.next();
        Ok(Self { call, lexer, ahead, depth: 0 })
    }

    pub(super) const fn peek(&self) -> &Token {
        &self.ahead
    }

    pub(super) fn next(&mut self) -> Parsed<Token> {
        self.call.meter.spend(1)?;
        if let Some(fault) = self.ahead.error.take() {
            return Err(Stop::Fault(fault));
        }
        let next = if self.ahead.kind == Kind::Eof { self.ahead.clone() } else { self.lexer.next() };
        Ok(std::mem::replace(&mut self.ahead, next))
    }

    pub(super) fn skip(&mut self, kind: Kind) -> Parsed<bool> {
        let found = self.ahead.kind == kind;
        if found {
            self.next()?;
        }
        Ok(found)
    }

    pub(super) fn expect(&mut self, kind: Kind) -> Parsed<Token> {
        if self.ahead.kind == kind {
            return self.next();
        }
        Err(fault(&self.ahead, format!("Expected {}, found {}", kind.shown(), self.ahead.kind.shown())))
    }

    pub(super) fn keyword(&mut self, word: &str) -> Parsed<Token> {
        if self.ahead.is(word) {
            return self.next();
        }
        Err(fault(&self.ahead, format!("Expected \"{word}\", found {}", self.ahead.shown())))
    }

    pub(super) fn unexpected<T>(&self) -> Parsed<T> {
        Err(unexpected(&self.ahead))
    }

    pub(super) fn name(&mut self) -> Parsed<String> {
        Ok(self.expect(Kind::Name)?.value)
    }

    /// The comments right before what comes next.
    pub(super) fn comment(&self) -> Parsed<Option<Val<'a>>> {
        self.comment_of(&self.ahead.comments)
    }

    pub(super) fn comment_of(&self, comments: &[String]) -> Parsed<Option<Val<'a>>> {
        if comments.is_empty() {
            return Ok(None);
        }
        let list = comments.iter().map(|comment| self.node(vec![("Value", self.text(comment)?)]));
        let list = list.collect::<Parsed<Vec<_>>>()?;
        self.node(vec![("List", self.list(list)?)]).map(Some)
    }

    /// What stands between `start` and `end`, one or more; nothing where `start` does not come next. With the comments
    /// before the end.
    pub(super) fn some(
        &mut self,
        start: Kind,
        end: Kind,
        mut one: impl FnMut(&mut Self) -> Parsed<Val<'a>>,
    ) -> Parsed<(Vec<Val<'a>>, Option<Val<'a>>)> {
        let mut found = Vec::new();
        if !self.skip(start)? {
            return Ok((found, None));
        }
        while self.ahead.kind != end {
            found.push(one(self)?);
        }
        if found.is_empty() {
            let message = format!("expected at least one definition, found {}", end.shown());
            return Err(fault(&self.ahead, message));
        }
        let comment = self.comment()?;
        self.next()?;
        Ok((found, comment))
    }

    /// Runs one level deeper.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH {
            let message = format!("a GraphQL document of more than {DEPTH} levels");
            return Err(Stop::Other(Error::Failed(message)));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    pub(super) fn directives(&mut self, constant: bool) -> Parsed<Option<Val<'a>>> {
        let mut found = Vec::new();
        while self.skip(Kind::At)? {
            let name = self.name()?;
            let fields = vec![
                ("Name", self.text(&name)?),
                ("Arguments", self.arguments(constant)?),
                ("Location", Some(Val::String(""))),
            ];
            found.push(self.node(fields)?);
        }
        self.list(found)
    }

    pub(super) fn arguments(&mut self, constant: bool) -> Parsed<Option<Val<'a>>> {
        let (found, _) = self.some(Kind::ParenL, Kind::ParenR, |parser| {
            let comment = parser.comment()?;
            let name = parser.name()?;
            parser.expect(Kind::Colon)?;
            let value = parser.value(constant)?;
            parser.node(vec![("Comment", comment), ("Name", parser.text(&name)?), ("Value", Some(value))])
        })?;
        self.list(found)
    }

    /// A value; a constant one holds no variables.
    pub(super) fn value(&mut self, constant: bool) -> Parsed<Val<'a>> {
        self.deeper(|parser| parser.any_value(constant))
    }

    fn any_value(&mut self, constant: bool) -> Parsed<Val<'a>> {
        let comment = self.comment()?;
        let (kind, raw) = match self.ahead.kind {
            Kind::BracketL => {
                self.next()?;
                let mut items = Vec::new();
                while self.ahead.kind != Kind::BracketR {
                    let item = self.value(constant)?;
                    items.push(self.node(vec![("Name", Some(Val::String(""))), ("Value", Some(item))])?);
                }
                self.next()?;
                return self.made_value(8, "", items, comment);
            }
            Kind::BraceL => {
                self.next()?;
                let mut fields = Vec::new();
                while self.ahead.kind != Kind::BraceR {
                    let comment = self.comment()?;
                    let name = self.name()?;
                    self.expect(Kind::Colon)?;
                    let value = self.value(constant)?;
                    let node =
                        vec![("Comment", comment), ("Name", self.text(&name)?), ("Value", Some(value))];
                    fields.push(self.node(node)?);
                }
                self.next()?;
                return self.made_value(9, "", fields, comment);
            }
            Kind::Dollar if constant => return self.unexpected(),
            Kind::Dollar => {
                self.next()?;
                let name = self.name()?;
                return self.made_value(0, &name, Vec::new(), None);
            }
            Kind::Int => (1, self.next()?.value),
            Kind::Float => (2, self.next()?.value),
            Kind::String => (3, self.next()?.value),
            Kind::BlockString => (4, self.next()?.value),
            Kind::Name => {
                let raw = self.next()?.value;
                let kind = match raw.as_str() {
                    "true" | "false" => 5,
                    "null" => 6,
                    _ => 7,
                };
                (kind, raw)
            }
            _ => return self.unexpected(),
        };
        // What gqlparser takes for a value's comment stands behind it.
        let comment = None;
        self.made_value(kind, &raw, Vec::new(), comment)
    }

    fn made_value(
        &self,
        kind: i64,
        raw: &str,
        children: Vec<Val<'a>>,
        comment: Option<Val<'a>>,
    ) -> Parsed<Val<'a>> {
        self.node(vec![
            ("Raw", self.text(raw)?),
            ("Children", self.list(children)?),
            ("Kind", Some(Val::Int(kind))),
            ("Comment", comment),
            ("ExpectedTypeHasDefault", Some(Val::Bool(false))),
        ])
    }

    pub(super) fn type_reference(&mut self) -> Parsed<Val<'a>> {
        self.deeper(|parser| {
            let (name, element) = if parser.skip(Kind::BracketL)? {
                let element = parser.type_reference()?;
                parser.expect(Kind::BracketR)?;
                (String::new(), Some(element))
            } else {
                (parser.name()?, None)
            };
            let non_null = parser.skip(Kind::Bang)?;
            parser.node(vec![
                ("NamedType", parser.text(&name)?),
                ("Elem", element),
                ("NonNull", Some(Val::Bool(non_null))),
            ])
        })
    }

    pub(super) fn node(&self, fields: Vec<Field<'a>>) -> Parsed<Val<'a>> {
        let fields = fields.into_iter().filter_map(|(name, value)| Some((Val::String(name), value?)));
        Ok(self.call.arena.object(fields.collect())?)
    }

    pub(super) fn list(&self, items: Vec<Val<'a>>) -> Parsed<Option<Val<'a>>> {
        if items.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.call.arena.array(&items)?))
    }

    pub(super) fn texts(&self, items: &[String]) -> Parsed<Option<Val<'a>>> {
        let items = items.iter().map(|item| Ok(self.call.arena.string(item)?)).collect::<Parsed<Vec<_>>>()?;
        self.list(items)
    }

    pub(super) fn text(&self, text: &str) -> Parsed<Option<Val<'a>>> {
        Ok(Some(self.call.arena.string(text)?))
    }
}

pub(super) fn fault(token: &Token, message: String) -> Stop {
    Stop::Fault(Fault { line: token.line, column: token.column, message })
}

pub(super) fn unexpected(token: &Token) -> Stop {
    fault(token, format!("Unexpected {}", token.shown()))
}
