//! `import`, and the keywords that imports bring.

use crate::error::SyntaxError;
use crate::token::{Keyword, TokenKind};
use crate::tree::Import;

use super::{Keywords, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn import(&mut self) -> Parsed<Import> {
        let start = self.bump().span.start;
        let path = self.path("an import's path")?;
        let Some(first) = path.first() else { return Err(self.unexpected("expected a path")) };
        if !matches!(&*first.text, "data" | "input" | "future" | "rego") {
            let message = format!(
                "an import begins with `data`, `input`, `rego` or `future`, not with `{}`",
                first.text
            );
            return self.error(first.span, message);
        }
        let mut alias = None;
        if self.is_keyword(Keyword::As) {
            self.bump();
            if !self.is(TokenKind::Name) {
                return Err(self.unexpected("expected a name behind `as`"));
            }
            let name = self.name();
            if matches!(&*name.text, "data" | "input") {
                return self.error(name.span, format!("`{}` is reserved: choose another name", name.text));
            }
            if self.steps_on(self.at) || self.calls_on() {
                return Err(self.unexpected("expected a plain name behind `as`"));
            }
            alias = Some(name);
        } else if &*first.text != "future"
            && let Some(last) = path.last()
            && let Some(keyword) = Keyword::of(&last.text)
            && (self.strict || Keywords::default().has(keyword))
        {
            let message = format!("the import would be known as `{}`, which is a keyword", last.text);
            let error = SyntaxError::new(last.span, message).hint("name it with `as`");
            return Err(Box::new(error));
        }
        Ok(Import { path, alias, span: self.since(start) })
    }

    /// What `rego.v1` and `future.keywords` change for the lines below.
    pub(super) fn import_keywords(&mut self, import: &Import) -> Parsed<()> {
        let path: Vec<&str> = import.path.iter().map(|name| &*name.text).collect();
        let (Some(first), rest) = (path.first(), path.get(1..).unwrap_or_default()) else { return Ok(()) };
        if !matches!(*first, "rego" | "future") {
            return Ok(());
        }
        if let Some(alias) = &import.alias {
            return self.error(alias.span, format!("an import of `{first}` takes no `as`"));
        }
        match (*first, rest) {
            ("rego", ["v1"]) => {
                self.keywords = Keywords { negation: self.keywords.negation, ..Keywords::ALL };
                self.strict = true;
                self.modern = true;
            }
            ("rego", _) => return self.error(import.span, "the only import of `rego` is `rego.v1`"),
            ("future", ["keywords"]) => self.keywords = Keywords { negation: true, ..Keywords::ALL },
            ("future", ["keywords", "not"]) => self.keywords.negation = true,
            ("future", ["keywords", "in"]) => self.keywords.membership = true,
            ("future", ["keywords", "every"]) => {
                self.keywords.every = true;
                self.keywords.membership = true;
            }
            ("future", ["keywords", "contains"]) => self.keywords.contains = true,
            ("future", ["keywords", "if"]) => self.keywords.condition = true,
            ("future", ["keywords", word @ ("and" | "or")]) => {
                return self.error(import.span, format!("`future.keywords.{word}` is not supported"));
            }
            _ => {
                let message = "an import of `future` is `future.keywords`, or one of `if`, `in`, `every`, `contains` and `not` \
                               below it";
                return self.error(import.span, message);
            }
        }
        Ok(())
    }
}
