//! A file: `package`, then imports and rules.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::{Comment, Dialect, Module, Name, Operator, Span};

use super::{Parsed, Parser};

impl Parser<'_> {
    /// All statements; what is wrong is recorded.
    pub(super) fn module(&mut self, comments: &[Comment], dialect: Dialect) -> Module {
        let mut module = Module {
            dialect,
            package: Vec::new(),
            package_span: Span::default(),
            imports: Vec::new(),
            rules: Vec::new(),
            comments: comments.to_vec(),
        };
        match self.package() {
            Ok((path, span)) => {
                module.package = path;
                module.package_span = span;
            }
            Err(error) => self.recover(*error, 0),
        }
        while !self.is(TokenKind::End) && !self.full() {
            let start = self.at;
            match self.statement(&mut module) {
                Ok(()) => {}
                Err(error) if self.at < start => self.record(*error),
                Err(error) => self.recover(*error, start),
            }
        }
        module
    }

    fn statement(&mut self, module: &mut Module) -> Parsed<()> {
        self.depth = 0;
        let named = self.steps_on(self.at + 1);
        if self.is_keyword(Keyword::Package) && !named {
            return Err(self.unexpected("a file has one package"));
        }
        if self.is_keyword(Keyword::Import) && !named {
            let import = self.import()?;
            self.import_keywords(&import)?;
            if self.strict {
                module.dialect = Dialect::V1;
            }
            module.imports.push(import);
            return Ok(());
        }
        self.rules(&mut module.rules)
    }

    fn package(&mut self) -> Parsed<(Vec<Name>, Span)> {
        let start = self.peek().span.start;
        if !self.is_keyword(Keyword::Package) {
            let error = self.unexpected("a file begins with its package");
            return Err(Box::new(error.hint("write `package <name>` first")));
        }
        self.bump();
        let path = self.path("a package's name")?;
        Ok((path, self.since(start)))
    }

    /// `a.b["c"]`, of a package or an import; any word may be part of it.
    pub(super) fn path(&mut self, what: &str) -> Parsed<Vec<Name>> {
        let mut path = vec![self.word(what)?];
        while self.steps_on(self.at) {
            if self.eat(TokenKind::Dot) {
                if !self.adjacent(self.at) {
                    return Err(self.unexpected("expected a name right behind the `.`"));
                }
                path.push(self.word("a name")?);
                continue;
            }
            self.bump();
            let token = self.peek();
            let text = match token.kind {
                TokenKind::String | TokenKind::RawString => self.string_text()?,
                _ => return Err(self.unexpected(&format!("{what} has only text in brackets"))),
            };
            self.bump();
            path.push(Name { text, span: token.span });
            self.expect(TokenKind::CloseBracket, "expected `]`")?;
        }
        if self.is(TokenKind::Operator(Operator::Minus)) && self.adjacent(self.at) {
            let error = SyntaxError::new(self.peek().span, format!("{what} has no `-`"));
            return Err(Box::new(error.hint("write the part with it in brackets and quotes: `[\"a-b\"]`")));
        }
        if self.calls_on() {
            return Err(self.unexpected(&format!("{what} takes no arguments")));
        }
        Ok(path)
    }

    /// A name, or a keyword where it may be one.
    pub(super) fn word(&mut self, what: &str) -> Parsed<Name> {
        match self.kind() {
            TokenKind::Name | TokenKind::Keyword(_) => Ok(self.name()),
            _ => Err(self.unexpected(&format!("expected {what}"))),
        }
    }

    /// The next token as a name.
    pub(super) fn name(&mut self) -> Name {
        let span = self.bump().span;
        Name { text: self.intern(self.slice(span)), span }
    }
}
