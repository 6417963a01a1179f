//! Schemas: definitions of types and directives, and what extends them.

use tollgate_rego_value::Val;

use super::lexer::{Kind, Token};
use super::parser::{Field, Parsed, Parser, unexpected};
use crate::{Call, Error};

const LOCATIONS: [&str; 19] = [
    "ARGUMENT_DEFINITION",
    "ENUM",
    "ENUM_VALUE",
    "FIELD",
    "FIELD_DEFINITION",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "INPUT_FIELD_DEFINITION",
    "INPUT_OBJECT",
    "INTERFACE",
    "MUTATION",
    "OBJECT",
    "QUERY",
    "SCALAR",
    "SCHEMA",
    "SUBSCRIPTION",
    "UNION",
    "VARIABLE_DEFINITION",
];

/// Reads a schema document.
pub(super) fn parse<'a>(call: &Call<'a, '_>, text: &str) -> Result<Val<'a>, Error> {
    Parser::new(call, text).and_then(|mut parser| parser.schema_document()).map_err(Error::from)
}

/// A description, and the comments around it.
struct Described<'a> {
    before: Option<Val<'a>>,
    text: String,
    token: Option<Token>,
}

impl<'a> Parser<'_, 'a, '_, '_> {
    fn schema_document(&mut self) -> Parsed<Val<'a>> {
        let (mut schemas, mut schema_extensions) = (Vec::new(), Vec::new());
        let (mut directives, mut definitions, mut extensions) = (Vec::new(), Vec::new(), Vec::new());
        while self.peek().kind != Kind::Eof {
            let described = self.description()?;
            if self.peek().kind != Kind::Name {
                return self.unexpected();
            }
            match self.peek().value.as_str() {
                "scalar" | "type" | "interface" | "union" | "enum" | "input" => {
                    definitions.push(self.definition(described, None)?);
                }
                "schema" => schemas.push(self.schema_definition(described, None)?),
                "directive" => directives.push(self.directive_definition(described)?),
                "extend" => {
                    if let Some(token) = described.token.filter(|_| !described.text.is_empty()) {
                        return Err(unexpected(&token));
                    }
                    let extend = self.next()?;
                    let none = Described { before: None, text: String::new(), token: None };
                    match self.peek().value.as_str() {
                        "schema" => schema_extensions.push(self.schema_definition(none, Some(extend))?),
                        "scalar" | "type" | "interface" | "union" | "enum" | "input" => {
                            extensions.push(self.definition(none, Some(extend))?);
                        }
                        _ => return self.unexpected(),
                    }
                }
                _ => return self.unexpected(),
            }
        }
        let comment = self.comment()?;
        self.node(vec![
            ("Schema", self.list(schemas)?),
            ("SchemaExtension", self.list(schema_extensions)?),
            ("Directives", self.list(directives)?),
            ("Definitions", self.list(definitions)?),
            ("Extensions", self.list(extensions)?),
            ("Comment", comment),
        ])
    }

    fn description(&mut self) -> Parsed<Described<'a>> {
        if !matches!(self.peek().kind, Kind::String | Kind::BlockString) {
            return Ok(Described { before: None, text: String::new(), token: None });
        }
        let before = self.comment()?;
        let token = self.next()?;
        Ok(Described { before, text: token.value.clone(), token: Some(token) })
    }

    /// The fields that everything described has.
    fn head(&self, described: &Described<'a>, after: Option<Val<'a>>) -> Parsed<Vec<Field<'a>>> {
        Ok(vec![
            ("BeforeDescriptionComment", described.before),
            ("Description", self.text(&described.text)?),
            ("AfterDescriptionComment", after),
        ])
    }

    fn schema_definition(&mut self, described: Described<'a>, extend: Option<Token>) -> Parsed<Val<'a>> {
        let word = self.keyword("schema")?;
        let after = self.comment_of(&extend.as_ref().unwrap_or(&word).comments)?;
        let mut fields = self.head(&described, after)?;
        let directives = self.directives(true)?;
        let (types, end) = self.some(Kind::BraceL, Kind::BraceR, |parser| {
            let comment = parser.comment()?;
            let operation = parser.operation_type()?;
            parser.expect(Kind::Colon)?;
            let name = parser.name()?;
            parser.node(vec![
                ("Comment", comment),
                ("Operation", parser.text(&operation)?),
                ("Type", parser.text(&name)?),
            ])
        })?;
        if extend.is_some() && directives.is_none() && types.is_empty() {
            return self.unexpected();
        }
        fields.extend([
            ("Directives", directives),
            ("OperationTypes", self.list(types)?),
            ("EndOfDefinitionComment", end),
        ]);
        self.node(fields)
    }

    fn definition(&mut self, described: Described<'a>, extend: Option<Token>) -> Parsed<Val<'a>> {
        let word = self.expect(Kind::Name)?;
        let after = self.comment_of(&extend.as_ref().unwrap_or(&word).comments)?;
        let mut fields = self.head(&described, after)?;
        let name = self.name()?;
        let word = word.value.as_str();
        let interfaces = match word {
            "type" => self.interfaces()?,
            "interface" if extend.is_none() => self.interfaces()?,
            _ => Vec::new(),
        };
        let directives = self.directives(true)?;
        let (kind, list, items, end) = match word {
            "scalar" => ("SCALAR", "Fields", None, None),
            "union" => ("UNION", "Types", self.union_members()?, None),
            "enum" => {
                let (values, end) = self.some(Kind::BraceL, Kind::BraceR, Self::enum_value)?;
                ("ENUM", "EnumValues", self.list(values)?, end)
            }
            "input" => {
                let (values, end) = self.some(Kind::BraceL, Kind::BraceR, Self::input_value)?;
                ("INPUT_OBJECT", "Fields", self.list(values)?, end)
            }
            word => {
                let (found, end) = self.some(Kind::BraceL, Kind::BraceR, Self::field_definition)?;
                (if word == "type" { "OBJECT" } else { "INTERFACE" }, "Fields", self.list(found)?, end)
            }
        };
        if extend.is_some() && interfaces.is_empty() && directives.is_none() && items.is_none() {
            return self.unexpected();
        }
        fields.extend([
            ("Kind", Some(Val::String(kind))),
            ("Name", self.text(&name)?),
            ("Directives", directives),
            ("Interfaces", self.texts(&interfaces)?),
            (list, items),
            ("BuiltIn", Some(Val::Bool(false))),
            ("EndOfDefinitionComment", end),
        ]);
        self.node(fields)
    }

    fn interfaces(&mut self) -> Parsed<Vec<String>> {
        if self.peek().value != "implements" {
            return Ok(Vec::new());
        }
        self.next()?;
        self.skip(Kind::Amp)?;
        self.names(Kind::Amp)
    }

    fn union_members(&mut self) -> Parsed<Option<Val<'a>>> {
        if !self.skip(Kind::Equals)? {
            return Ok(None);
        }
        self.skip(Kind::Pipe)?;
        let names = self.names(Kind::Pipe)?;
        self.texts(&names)
    }

    fn names(&mut self, between: Kind) -> Parsed<Vec<String>> {
        let mut names = vec![self.name()?];
        while self.skip(between)? {
            names.push(self.name()?);
        }
        Ok(names)
    }

    fn field_definition(&mut self) -> Parsed<Val<'a>> {
        let described = self.description()?;
        let mut fields = self.head(&described, self.comment()?)?;
        let name = self.name()?;
        let arguments = self.argument_definitions()?;
        self.expect(Kind::Colon)?;
        fields.extend([
            ("Name", self.text(&name)?),
            ("Arguments", arguments),
            ("Type", Some(self.type_reference()?)),
            ("Directives", self.directives(true)?),
        ]);
        self.node(fields)
    }

    fn argument_definitions(&mut self) -> Parsed<Option<Val<'a>>> {
        let (found, _) = self.some(Kind::ParenL, Kind::ParenR, Self::input_value)?;
        self.list(found)
    }

    fn input_value(&mut self) -> Parsed<Val<'a>> {
        let described = self.description()?;
        let mut fields = self.head(&described, self.comment()?)?;
        let name = self.name()?;
        self.expect(Kind::Colon)?;
        fields.extend([
            ("Name", self.text(&name)?),
            ("Type", Some(self.type_reference()?)),
            ("DefaultValue", if self.skip(Kind::Equals)? { Some(self.value(true)?) } else { None }),
            ("Directives", self.directives(true)?),
        ]);
        self.node(fields)
    }

    fn enum_value(&mut self) -> Parsed<Val<'a>> {
        let described = self.description()?;
        let mut fields = self.head(&described, self.comment()?)?;
        let name = self.name()?;
        fields.extend([("Name", self.text(&name)?), ("Directives", self.directives(true)?)]);
        self.node(fields)
    }

    fn directive_definition(&mut self, described: Described<'a>) -> Parsed<Val<'a>> {
        let word = self.keyword("directive")?;
        self.expect(Kind::At)?;
        let after = self.comment_of(&word.comments)?;
        let mut fields = self.head(&described, after)?;
        let name = self.name()?;
        let arguments = self.argument_definitions()?;
        let repeatable = self.peek().is("repeatable");
        if repeatable {
            self.next()?;
        }
        self.keyword("on")?;
        self.skip(Kind::Pipe)?;
        let mut locations = Vec::new();
        loop {
            let location = self.expect(Kind::Name)?;
            if !LOCATIONS.contains(&location.value.as_str()) {
                return Err(unexpected(&location));
            }
            locations.push(location.value);
            if !self.skip(Kind::Pipe)? {
                break;
            }
        }
        fields.extend([
            ("Name", self.text(&name)?),
            ("Arguments", arguments),
            ("Locations", self.texts(&locations)?),
            ("IsRepeatable", Some(Val::Bool(repeatable))),
        ]);
        self.node(fields)
    }
}
