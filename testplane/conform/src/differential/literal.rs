//! Conditions: what stands on one line of a body.

use super::author::Author;
use super::world::{self, Type};

impl Author<'_> {
    /// The conditions of a rule.
    pub(crate) fn body(&mut self, longest: usize) -> Vec<String> {
        let length = self.random.between(1, longest);
        (0..length).map(|_| self.condition(2)).collect()
    }

    /// The conditions of a comprehension, on one line.
    pub(crate) fn inner_body(&mut self, depth: usize) -> String {
        let mut conditions = vec![self.generator(depth)];
        for _ in 0..*self.random.pick(&[0, 0, 1, 1, 2]) {
            conditions.push(self.condition(depth.min(1)));
        }
        conditions.join("; ")
    }

    fn condition(&mut self, depth: usize) -> String {
        if self.random.chance(6) {
            return self.with(depth);
        }
        match self.random.weighted(&[20, 18, 26, 10, 6, 6, 6, 4, 3, 3]) {
            0 => self.assignment(depth),
            1 => self.generator(depth),
            2 => self.probable(depth),
            3 => {
                // Now and then unsafe.
                let safe = !self.random.chance(2);
                let closed = std::mem::replace(&mut self.closed, safe);
                let condition = self.truth(depth.min(1));
                self.closed = closed;
                if self.v0 || self.random.chance(80) {
                    format!("not {condition}")
                } else {
                    format!("not ({condition})")
                }
            }
            4 => self.every(depth),
            5 => self.pattern(depth),
            6 => self.truth(depth),
            7 => self.walk(),
            8 => self.lookup(),
            _ => self.unpacking(),
        }
    }

    /// `v := term`
    fn assignment(&mut self, depth: usize) -> String {
        let of = self.some_type();
        self.many = false;
        let term = self.term(&of, depth);
        let name = self.fresh();
        let many = self.many;
        self.bind(&name, of, many);
        let sign = if self.random.chance(12) { "=" } else { ":=" };
        if sign == "=" && self.random.chance(30) {
            format!("{term} = {name}")
        } else {
            format!("{name} {sign} {term}")
        }
    }

    /// Something that has a value for each part of a collection.
    pub(crate) fn generator(&mut self, depth: usize) -> String {
        let of = self.some_type();
        match self.random.below(if self.v0 { 8 } else { 10 }) {
            0..=2 => {
                let collection = match self.random.below(3) {
                    0 => world::set(of.clone()),
                    _ => world::array(of.clone()),
                };
                let term = self.operand(&collection, depth.min(1));
                let name = self.fresh();
                self.bind(&name, of, true);
                format!("some {name} in {term}")
            }
            3 | 4 => {
                let collection =
                    if self.random.chance(50) { world::map(of.clone()) } else { world::array(of.clone()) };
                let key = if matches!(collection, Type::Map(_)) { Type::Str } else { Type::Num };
                let term = self.operand(&collection, depth.min(1));
                let (index, name) = (self.fresh(), self.fresh());
                self.bind(&index, key, true);
                self.bind(&name, of, true);
                format!("some {index}, {name} in {term}")
            }
            _ => self.iteration(&of).unwrap_or_else(|| self.assignment(depth)),
        }
    }

    /// `v := path[i]`, with `some i` or without.
    fn iteration(&mut self, of: &Type) -> Option<String> {
        let mut index = (self.fresh(), None);
        let path = self.path_with(of, Some(&mut index))?;
        let (index, key) = index;
        let name = self.fresh();
        let prefix = if self.random.chance(50) { format!("some {index}; ") } else { String::new() };
        self.bind(&index, key?, true);
        self.bind(&name, of.clone(), true);
        Some(match self.random.below(4) {
            0 => format!("{prefix}{path} = {name}"),
            _ => format!("{prefix}{name} := {path}"),
        })
    }

    /// A condition that holds more often than not.
    fn probable(&mut self, depth: usize) -> String {
        let template = *self.random.pick(&[
            "<n> >= 0",
            "<n> < 9",
            "<n> != 7",
            "<s> != \"zz\"",
            "<s> >= \"\"",
            "<n> <= <n>",
            "<s> == <s>",
            "<n> == <n>",
            "<s> != <s>",
            "count(<s>) < 9",
            "count(<ax>) >= 0",
            "is_string(<s>)",
            "is_number(<n>)",
            "<s> in {\"a\", \"b\", \"c\", \"web\", \"prod\"}",
            "<s> in <as>",
            "<n> in <an>",
            "<n>, <s> in <as>",
            "<s>, <n> in <mn>",
            "<ms>",
            "<pss>[<s>]",
            "<pmn>[<s>]",
            "<pmn>[<s>] == <n>",
            "<ss> != set()",
            "<psn>[<n>]",
            "regex.match(`^.*$`, <s>)",
            "<as> == <as>",
            "<x>",
            "count(<ax>) == <n>",
            "{<s>, <s>} & <ss> != set()",
            "<s> in [<s>, \"a\", \"b\"]",
            "type_name(<x>) != \"set\"",
        ]);
        if template.starts_with("<n>, ") || template.starts_with("<s>, ") {
            // `1, x in y` takes terms without operators.
            return self.fill(template, 0);
        }
        self.fill(template, depth.min(1))
    }

    /// A condition that holds or not.
    fn truth(&mut self, depth: usize) -> String {
        let bound = self.vars.len();
        let text = match self.random.below(8) {
            0 => self.probable(depth),
            1 => self.path(&Type::Bool).unwrap_or_else(|| "input.b".to_owned()),
            2 => self.fill("not_there.<n>", 0).replace("not_there.", "input.absent == "),
            _ => self.call(&Type::Bool, depth.min(1)).unwrap_or_else(|| "true".to_owned()),
        };
        self.vars.truncate(bound);
        text
    }

    fn every(&mut self, depth: usize) -> String {
        if self.v0 && self.random.chance(50) {
            return self.probable(depth);
        }
        let of = self.some_type();
        let (collection, key) = match self.random.below(3) {
            0 => (world::map(of.clone()), Some(Type::Str)),
            1 => (world::array(of.clone()), Some(Type::Num)),
            _ => (world::array(of.clone()), None),
        };
        let domain = self.operand(&collection, depth.min(1));
        self.scoped(|author| {
            let name = author.fresh();
            let variables = match key {
                Some(key) => {
                    let index = author.fresh();
                    author.bind(&index, key, false);
                    format!("{index}, {name}")
                }
                None => name.clone(),
            };
            author.bind(&name, of, false);
            let mut conditions = vec![author.probable(1)];
            if author.random.chance(30) {
                conditions.insert(0, author.assignment(1));
            }
            format!("every {variables} in {domain} {{ {} }}", conditions.join("; "))
        })
    }

    /// Unification with a pattern of variables and terms.
    fn pattern(&mut self, depth: usize) -> String {
        let (a, b) = (self.some_type(), self.some_type());
        let (x, y) = (self.fresh(), self.fresh());
        match self.random.below(7) {
            0 | 1 => {
                let (s, t) = (self.term(&a, depth), self.simple(&b));
                let sign = *self.random.pick(&["=", ":="]);
                self.bind(&x, a, true);
                self.bind(&y, b, true);
                format!("[{x}, {y}] {sign} [{s}, {t}]")
            }
            2 => {
                let (s, t) = (self.term(&a, depth), self.literal(&b));
                self.bind(&x, a, true);
                format!("{{\"k\": {x}, \"l\": {t}}} = {{\"k\": {s}, \"l\": {t}}}")
            }
            3 => {
                let list = self.path(&world::array(a.clone())).unwrap_or_else(|| "input.nums".to_owned());
                self.bind(&x, a, true);
                format!("[{x}, _] = {list}")
            }
            4 => {
                let (s, t) = (self.simple(&a), self.simple(&a));
                self.bind(&x, a, true);
                format!("[{x}, {s}] = [{t}, {x}]")
            }
            5 => {
                let (s, t) = (self.simple(&a), self.simple(&b));
                self.bind(&x, a, true);
                self.bind(&y, b, true);
                format!("{{\"k\": {x}, \"m\": {y}}} = {{\"m\": {t}, \"k\": {s}}}")
            }
            _ => {
                let text = self.simple(&Type::Str);
                self.bind(&x, Type::Str, true);
                self.bind(&y, Type::Str, true);
                format!("[{x}, {y}] = split({text}, \"-\")")
            }
        }
    }

    /// A key of a literal collection, of any type.
    fn lookup(&mut self) -> String {
        let template = *self.random.pick(&[
            "{1: <s>, \"1\": <n>, null: <x>}[<pn>]",
            "{[1, \"a\"]: <n>}[[<pn>, <ps>]]",
            "{<ps>: {<n>: <x>}}[<ps>][_]",
            "{<n>, <s>, null}[<px>]",
            "[<s>, <px>, <n>][<pn>]",
            "{{<ps>}, {<n>}}[{<ps>}]",
            "{1.0: \"one\"}[1]",
            "[[<n>, <s>], [<n>, <s>]][_][_]",
            "{\"a\": {\"b\": [<x>]}}.a.b[0]",
        ]);
        let term = self.fill(template, 0);
        if self.closed || self.random.chance(30) {
            return if term.contains("[_]") && self.closed { "input.b".to_owned() } else { term };
        }
        let name = self.fresh();
        self.bind(&name, Type::Any, true);
        format!("{name} := {term}")
    }

    /// Patterns in `some .. in`.
    fn unpacking(&mut self) -> String {
        let (x, y) = (self.fresh(), self.fresh());
        match self.random.below(5) {
            0 => {
                let (a, b) = (self.simple(&Type::Num), self.simple(&Type::Str));
                self.bind(&x, Type::Num, true);
                self.bind(&y, Type::Str, true);
                format!("some [{x}, {y}] in [[{a}, {b}], [1, \"a\"], [2, {b}]]")
            }
            1 => {
                self.bind(&x, Type::Any, true);
                format!("some {{\"a\": {x}}} in [{{\"a\": input.n}}, {{\"a\": input.s}}]")
            }
            2 => {
                self.bind(&x, Type::Str, true);
                self.bind(&y, Type::Num, true);
                format!("some {x}; input.table[{x}] = {y}")
            }
            3 => {
                self.bind(&x, Type::Num, true);
                self.bind(&y, world::array(Type::Num), true);
                format!("{y} := input.matrix[{x}]; count({y}) > {x}")
            }
            _ => {
                let text = self.simple(&Type::Str);
                self.bind(&x, Type::Str, true);
                self.bind(&y, Type::Any, true);
                format!("{y} := {{{text}: 1, \"zz\": 2}}; some {x}, _ in {y}")
            }
        }
    }

    fn walk(&mut self) -> String {
        let root = *self.random.pick(&[
            "input.any",
            "input.mixed",
            "input.request.object",
            "data.config",
            "input.items",
        ]);
        let (path, value) = (self.fresh(), self.fresh());
        let text = match self.random.below(4) {
            0 => format!("walk({root}, [_, {value}])"),
            1 => format!("[{path}, {value}] = walk({root})"),
            _ => format!("walk({root}, [{path}, {value}])"),
        };
        if text.contains(&path) {
            self.bind(&path, world::array(Type::Any), true);
        }
        self.bind(&value, Type::Any, true);
        if self.random.chance(50) {
            self.bind(&value, Type::Num, true);
            return format!("{text}; is_number({value})");
        }
        text
    }

    /// A condition under a replaced document or function.
    fn with(&mut self, depth: usize) -> String {
        let condition = if self.random.chance(40) { self.truth(depth) } else { self.probable(depth) };
        let closed = std::mem::replace(&mut self.closed, true);
        let (target, value) = match self.random.below(8) {
            0 => (
                "input".to_owned(),
                "{\"n\": 3, \"s\": \"a\", \"nums\": [1, 2], \"labels\": {\"a\": \"b\"}}".to_owned(),
            ),
            1 => (
                (*self.random.pick(&["count", "startswith", "type_name", "lower", "regex.match"])).to_owned(),
                (*self.random.pick(&["true", "3", "\"a\""])).to_owned(),
            ),
            2 => ("upper".to_owned(), "lower".to_owned()),
            3 if !self.known.is_empty() => {
                let known = self.random.pick(&self.known).clone();
                let value = match &known.shape {
                    super::author::Shape::Value(of) | super::author::Shape::Function(_, of) => {
                        self.literal(of)
                    }
                };
                (format!("data.{}.{}", known.package, known.name), value)
            }
            _ => {
                let (target, of) = self.field();
                (target, self.operand(&of, 1))
            }
        };
        self.closed = closed;
        format!("{condition} with {target} as {value}")
    }
}
