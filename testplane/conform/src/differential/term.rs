//! Terms of a type.

use super::author::{Author, quoted};
use super::world::{self, Type};

impl Author<'_> {
    /// A term of that type. It may be undefined, or have several values where those are allowed.
    pub(crate) fn term(&mut self, of: &Type, depth: usize) -> String {
        if depth == 0 {
            return self.simple(of);
        }
        let weights = [16, 34, 25, 12, 8, 3];
        let written = match self.random.weighted(&weights) {
            0 => None,
            1 => self.path(of),
            2 => self.call(of, depth - 1),
            3 => self.comprehension(of, depth - 1),
            4 => self.apply(of, depth - 1),
            _ => self.template(of, depth - 1),
        };
        written.unwrap_or_else(|| self.simple(of))
    }

    /// The same where an operator stands beside it.
    pub(crate) fn operand(&mut self, of: &Type, depth: usize) -> String {
        let text = self.term(of, depth);
        // A call, a path or a literal needs no parentheses; what has a space outside brackets does.
        if has_operator(&text) { format!("({text})") } else { text }
    }

    /// A literal, a variable or a path.
    pub(crate) fn simple(&mut self, of: &Type) -> String {
        if self.random.chance(55)
            && let Some(name) = self.var(of)
        {
            return name;
        }
        if self.random.chance(70)
            && let Some(path) = self.path(of)
        {
            return path;
        }
        self.literal(of)
    }

    pub(crate) fn literal(&mut self, of: &Type) -> String {
        match of {
            Type::Null => "null".to_owned(),
            Type::Bool => (*self.random.pick(&["true", "true", "false"])).to_owned(),
            Type::Num => (*self.random.pick(&[
                "0",
                "1",
                "1",
                "2",
                "2",
                "3",
                "4",
                "5",
                "10",
                "-1",
                "1.5",
                "0.1",
                "2.0",
                "1e3",
                "8080",
                "12345678901234567890",
            ]))
            .to_owned(),
            Type::Str if self.random.chance(6) => "`raw \\n`".to_owned(),
            Type::Str => quoted(world::word(self.random)),
            Type::Any => {
                let of = match self.random.below(6) {
                    0 => Type::Null,
                    1 => Type::Bool,
                    2 | 3 => Type::Num,
                    _ => Type::Str,
                };
                self.literal(&of)
            }
            Type::Array(of) => {
                let length = self.random.between(0, 3);
                let items: Vec<String> = (0..length).map(|_| self.literal(of)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Set(of) => {
                let length = self.random.between(1, 3);
                let items: Vec<String> = (0..length).map(|_| self.literal(of)).collect();
                format!("{{{}}}", items.join(", "))
            }
            Type::Map(of) => {
                let length = self.random.between(0, 2);
                let entries: Vec<String> = (0..length)
                    .map(|_| format!("{}: {}", quoted(world::word(self.random)), self.literal(of)))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Type::Record(fields) => {
                let entries: Vec<String> =
                    fields.iter().map(|(name, of)| format!("\"{name}\": {}", self.literal(of))).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn comprehension(&mut self, of: &Type, depth: usize) -> Option<String> {
        match of {
            Type::Array(of) => Some(self.scoped(|author| {
                let body = author.inner_body(depth);
                format!("[{} | {body}]", author.operand(of, depth.min(1)))
            })),
            Type::Set(of) => Some(self.scoped(|author| {
                let body = author.inner_body(depth);
                format!("{{{} | {body}}}", author.operand(of, depth.min(1)))
            })),
            Type::Map(of) => Some(self.scoped(|author| {
                let body = author.inner_body(depth);
                let key = author.simple(&Type::Str);
                author.single = true;
                let value = author.operand(of, depth.min(1));
                format!("{{{key}: {value} | {body}}}")
            })),
            Type::Num => {
                let of = self.some_type();
                let list = self.comprehension(&world::array(of), depth)?;
                Some(format!("count({list})"))
            }
            _ => None,
        }
    }

    /// A function of the policy's own, applied.
    fn apply(&mut self, of: &Type, depth: usize) -> Option<String> {
        let (name, parameters) = self.function(of)?;
        let arguments: Vec<String> = parameters.iter().map(|of| self.term(of, depth.min(1))).collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    /// A template string: its holes may be undefined without harm.
    fn template(&mut self, of: &Type, depth: usize) -> Option<String> {
        if *of != Type::Str || self.v0 {
            return None;
        }
        let closed = std::mem::replace(&mut self.closed, true);
        let of = self.some_type();
        let (first, second) = (self.simple(&of), self.term(&Type::Num, depth.min(1)));
        self.closed = closed;
        Some(format!("$\"<{{{first}}}> {{{second}}}\""))
    }
}

/// Whether there is an infix operator outside brackets and quotes, or a sign in front.
fn has_operator(text: &str) -> bool {
    let (mut depth, mut quote) = (0, None);
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match quote {
            Some(end) => {
                if c == end && !escaped {
                    quote = None;
                }
                escaped = c == '\\' && end == '"' && !escaped;
            }
            None => match c {
                '"' | '`' => quote = Some(c),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                ' ' if depth == 0 => return true,
                '-' if at == 0 && !text[1..].starts_with(|c: char| c.is_ascii_digit()) => return true,
                _ => {}
            },
        }
    }
    false
}
