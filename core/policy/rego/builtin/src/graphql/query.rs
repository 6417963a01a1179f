//! Queries: operations and fragments.

use tollgate_rego_value::Val;

use super::lexer::Kind;
use super::parser::{Parsed, Parser, fault};
use crate::{Call, Error};

/// Reads a query document.
pub(super) fn parse<'a>(call: &Call<'a, '_>, text: &str) -> Result<Val<'a>, Error> {
    Parser::new(call, text).and_then(|mut parser| parser.query_document()).map_err(Error::from)
}

impl<'a> Parser<'_, 'a, '_, '_> {
    fn query_document(&mut self) -> Parsed<Val<'a>> {
        let (mut operations, mut fragments) = (Vec::new(), Vec::new());
        while self.peek().kind != Kind::Eof {
            let token = self.peek();
            match (token.kind, token.value.as_str()) {
                (Kind::BraceL, _) | (Kind::Name, "query" | "mutation" | "subscription") => {
                    operations.push(self.operation()?);
                }
                (Kind::Name, "fragment") => fragments.push(self.fragment_definition()?),
                _ => return self.unexpected(),
            }
        }
        self.node(vec![("Operations", self.list(operations)?), ("Fragments", self.list(fragments)?)])
    }

    fn operation(&mut self) -> Parsed<Val<'a>> {
        let comment = self.comment()?;
        if self.peek().kind == Kind::BraceL {
            let selections = self.selection_set()?;
            return self.node(vec![
                ("Comment", comment),
                ("Operation", Some(Val::String("query"))),
                ("Name", Some(Val::String(""))),
                ("SelectionSet", selections),
            ]);
        }
        let operation = self.operation_type()?;
        let name = if self.peek().kind == Kind::Name { self.next()?.value } else { String::new() };
        let fields = vec![
            ("Comment", comment),
            ("Operation", self.text(&operation)?),
            ("Name", self.text(&name)?),
            ("VariableDefinitions", self.variable_definitions()?),
            ("Directives", self.directives(false)?),
            ("SelectionSet", self.selection_set()?),
        ];
        self.node(fields)
    }

    pub(super) fn operation_type(&mut self) -> Parsed<String> {
        let token = self.next()?;
        if matches!(token.value.as_str(), "query" | "mutation" | "subscription") {
            return Ok(token.value);
        }
        Err(super::parser::unexpected(&token))
    }

    fn variable_definitions(&mut self) -> Parsed<Option<Val<'a>>> {
        let (found, _) = self.some(Kind::ParenL, Kind::ParenR, |parser| {
            let comment = parser.comment()?;
            parser.expect(Kind::Dollar)?;
            let name = parser.name()?;
            parser.expect(Kind::Colon)?;
            let fields = vec![
                ("Comment", comment),
                ("Variable", parser.text(&name)?),
                ("Type", Some(parser.type_reference()?)),
                ("DefaultValue", if parser.skip(Kind::Equals)? { Some(parser.value(true)?) } else { None }),
                ("Directives", parser.directives(false)?),
                ("Used", Some(Val::Bool(false))),
            ];
            parser.node(fields)
        })?;
        self.list(found)
    }

    fn selection_set(&mut self) -> Parsed<Option<Val<'a>>> {
        if self.peek().kind != Kind::BraceL {
            let message = format!("Expected {}, found {}", Kind::BraceL.shown(), self.peek().kind.shown());
            return Err(fault(self.peek(), message));
        }
        self.deeper(|parser| {
            let (found, _) = parser.some(Kind::BraceL, Kind::BraceR, Self::selection)?;
            parser.list(found)
        })
    }

    fn selection(&mut self) -> Parsed<Val<'a>> {
        let comment = self.comment()?;
        if self.skip(Kind::Spread)? {
            return self.fragment(comment);
        }
        let alias = self.name()?;
        let name = if self.skip(Kind::Colon)? { self.name()? } else { alias.clone() };
        let fields = vec![
            ("Comment", comment),
            ("Alias", self.text(&alias)?),
            ("Name", self.text(&name)?),
            ("Arguments", self.arguments(false)?),
            ("Directives", self.directives(false)?),
            ("SelectionSet", if self.peek().kind == Kind::BraceL { self.selection_set()? } else { None }),
        ];
        self.node(fields)
    }

    fn fragment(&mut self, comment: Option<Val<'a>>) -> Parsed<Val<'a>> {
        if self.peek().kind == Kind::Name && self.peek().value != "on" {
            let name = self.name()?;
            let fields = vec![
                ("Comment", comment),
                ("Name", self.text(&name)?),
                ("Directives", self.directives(false)?),
            ];
            return self.node(fields);
        }
        let condition = if self.peek().is("on") {
            self.next()?;
            self.name()?
        } else {
            String::new()
        };
        let fields = vec![
            ("Comment", comment),
            ("TypeCondition", self.text(&condition)?),
            ("Directives", self.directives(false)?),
            ("SelectionSet", self.selection_set()?),
        ];
        self.node(fields)
    }

    fn fragment_definition(&mut self) -> Parsed<Val<'a>> {
        let comment = self.comment()?;
        self.keyword("fragment")?;
        if self.peek().value == "on" {
            return self.unexpected();
        }
        let name = self.name()?;
        let variables = self.variable_definitions()?;
        self.keyword("on")?;
        let condition = self.name()?;
        let fields = vec![
            ("Comment", comment),
            ("Name", self.text(&name)?),
            ("VariableDefinition", variables),
            ("TypeCondition", self.text(&condition)?),
            ("Directives", self.directives(false)?),
            ("SelectionSet", self.selection_set()?),
        ];
        self.node(fields)
    }
}
