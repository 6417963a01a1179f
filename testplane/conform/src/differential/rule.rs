//! Rules of every kind, and whole policies.

use super::author::{Author, Known, Shape, quoted};
use super::policy::{Clause, Module, Policy, Rule};
use super::random::Random;
use super::world::{self, Type};

/// The policy that this seed decides.
#[must_use]
pub(crate) fn write(seed: u64) -> Policy {
    let mut random = Random::new(seed);
    let v0 = random.chance(12);
    let strict = random.chance(6);
    let query_one = random.chance(35);
    let inputs = (0..4).map(|_| world::document(&mut random, &world::input())).collect();
    let config = world::document(&mut random, &world::config());
    let mut data = serde_json::json!({ "config": config });
    let packages = *random.pick(&[1, 1, 1, 2, 2, 3]);
    if random.chance(15) {
        data["p0"] = serde_json::json!({ "base": { "a": 1 }, "list": ["a", { "b": [] }] });
    }
    let mut author = Author::new(&mut random, v0);
    let modules: Vec<Module> = (0..packages).map(|number| author.module(number)).collect();
    let query = author.query(query_one, packages - 1);
    Policy { modules, query, data, inputs, strict, v0 }
}

impl Author<'_> {
    fn module(&mut self, number: usize) -> Module {
        self.package = match number {
            1 if self.random.chance(30) => "p0.sub".to_owned(),
            _ => format!("p{number}"),
        };
        let mut imports = Vec::new();
        if self.v0 {
            imports.extend(["future.keywords.in".to_owned(), "future.keywords.every".to_owned()]);
        }
        if self.random.chance(15) {
            imports.push("input.request.object as obj".to_owned());
            self.bind("obj", world::object(), false);
        }
        if self.random.chance(10)
            && let Some(known) = self.known.first().cloned()
            && known.package != self.package
        {
            imports.push(format!("data.{} as other", known.package));
            self.aliases.push((known.package, "other".to_owned()));
        }
        let rules = self.random.between(2, 6);
        let rules = (0..rules).map(|at| self.rule(&format!("r{number}{at}"))).collect();
        self.aliases.clear();
        self.vars.clear();
        Module { package: self.package.clone(), imports, rules }
    }

    fn query(&mut self, one: bool, last: usize) -> String {
        if !one {
            return format!(
                "data.p{} = x",
                if self.random.chance(70) { last.min(self.packages() - 1) } else { 0 }
            );
        }
        self.package = String::new();
        let known = self.random.pick(&self.known).clone();
        let name = format!("data.{}.{}", known.package, known.name);
        match known.shape {
            Shape::Function(parameters, _) => {
                let arguments: Vec<String> = parameters.iter().map(|of| self.literal(of)).collect();
                format!("{name}({}) = x", arguments.join(", "))
            }
            Shape::Value(Type::Map(_)) if self.random.chance(40) => format!("{name}[k] = x"),
            Shape::Value(Type::Set(_)) if self.random.chance(40) => format!("{name}[x]"),
            Shape::Value(_) => format!("{name} = x"),
        }
    }

    /// How many top-level packages there are, of those named `p0`, `p1`, ..
    fn packages(&self) -> usize {
        (0..3).filter(|at| self.known.iter().any(|known| known.package == format!("p{at}"))).count().max(1)
    }

    fn rule(&mut self, name: &str) -> Rule {
        let of = self.some_type();
        let (rule, name, shape) = match self.random.weighted(&[22, 14, 20, 14, 14, 8, 8]) {
            0 => (self.complete(name, &of), name.to_owned(), Shape::Value(of)),
            1 => (self.boolean(name), name.to_owned(), Shape::Value(Type::Bool)),
            2 => (self.partial_set(name, &of), name.to_owned(), Shape::Value(world::set(of))),
            3 => (self.partial_object(name, &of), name.to_owned(), Shape::Value(world::map(of))),
            4 => {
                let parameters: Vec<Type> =
                    (0..self.random.between(1, 2)).map(|_| self.some_type()).collect();
                let rule = self.function_rule(name, &parameters, &of);
                (rule, name.to_owned(), Shape::Function(parameters, of))
            }
            5 => {
                let name = format!("{name}.sub.x");
                (self.complete(&name, &of), name, Shape::Value(of))
            }
            _ => self.nested(name, of),
        };
        self.known.push(Known { package: self.package.clone(), name, shape });
        rule
    }

    fn is(&self) -> &'static str {
        if self.v0 { "=" } else { ":=" }
    }

    /// A body, then the head that may use what it binds.
    fn clause(&mut self, single: bool, longest: usize, head: impl FnOnce(&mut Self) -> String) -> Clause {
        self.scoped(|author| {
            let body = author.body(longest);
            author.single = single;
            let head = head(author);
            without_unused(Clause { head, body })
        })
    }

    fn complete(&mut self, name: &str, of: &Type) -> Rule {
        let is = self.is();
        if self.random.chance(12) {
            let value = self.scoped(|author| {
                author.single = true;
                author.term(of, 2)
            });
            let body = if self.v0 { vec!["true".to_owned()] } else { vec![] };
            return Rule {
                default: None,
                clauses: vec![vec![Clause { head: format!("{name} {is} {value}"), body }]],
            };
        }
        let default = self.random.chance(35).then(|| format!("{name} {is} {}", self.literal(of)));
        // One value only, mostly: else several clauses would often conflict.
        let careful = self.random.chance(92);
        let mut chain = vec![self.clause(careful, 4, |author| format!("{name} {is} {}", author.term(of, 1)))];
        self.add_else(&mut chain, of, careful);
        let mut clauses = vec![chain];
        if self.random.chance(8) {
            clauses
                .push(vec![self.clause(careful, 3, |author| format!("{name} {is} {}", author.term(of, 1)))]);
        }
        Rule { default, clauses }
    }

    fn add_else(&mut self, chain: &mut Vec<Clause>, of: &Type, careful: bool) {
        let is = self.is();
        while self.random.chance(30) && chain.len() < 3 {
            chain.push(self.clause(careful, 3, |author| format!("else {is} {}", author.term(of, 1))));
        }
        if !self.v0 && self.random.chance(20) {
            let value = self.literal(of);
            chain.push(Clause { head: format!("else := {value}"), body: vec![] });
        }
    }

    fn boolean(&mut self, name: &str) -> Rule {
        let default = self.random.chance(40).then(|| format!("{name} {} false", self.is()));
        let clauses =
            (0..self.random.between(1, 3)).map(|_| vec![self.clause(true, 4, |_| name.to_owned())]).collect();
        Rule { default, clauses }
    }

    fn partial_set(&mut self, name: &str, of: &Type) -> Rule {
        let v0 = self.v0;
        let clauses = (0..self.random.between(1, 3))
            .map(|_| {
                vec![self.clause(false, 4, |author| {
                    let item = author.operand(of, 1);
                    if v0 { format!("{name}[{item}]") } else { format!("{name} contains {item}") }
                })]
            })
            .collect();
        Rule { default: None, clauses }
    }

    fn partial_object(&mut self, name: &str, of: &Type) -> Rule {
        let is = self.is();
        let clauses = (0..self.random.between(1, 2))
            .map(|_| {
                vec![self.clause(false, 4, |author| {
                    let key = author.simple(&Type::Str);
                    author.single = author.random.chance(85);
                    format!("{name}[{key}] {is} {}", author.term(of, 1))
                })]
            })
            .collect();
        Rule { default: None, clauses }
    }

    fn function_rule(&mut self, name: &str, parameters: &[Type], of: &Type) -> Rule {
        let is = self.is();
        let default = (!self.v0 && self.random.chance(15)).then(|| {
            let names: Vec<String> = parameters.iter().map(|_| "_".to_owned()).collect();
            format!("{name}({}) := {}", names.join(", "), self.literal(of))
        });
        let chain = self.scoped(|author| {
            let names: Vec<String> = parameters
                .iter()
                .map(|of| {
                    if author.random.chance(12) {
                        return author.literal(of);
                    }
                    if author.random.chance(10) && !author.v0 {
                        let (first, second) = (author.fresh(), author.fresh());
                        author.bind(&first, Type::Any, false);
                        author.bind(&second, Type::Any, false);
                        return if *of == Type::Num {
                            format!("[{first}, {second}]")
                        } else {
                            format!("{{\"a\": {first}, \"b\": [{second}, _]}}")
                        };
                    }
                    let name = author.fresh();
                    author.bind(&name, of.clone(), false);
                    name
                })
                .collect();
            let names = names.join(", ");
            let mut chain =
                vec![author.clause(true, 3, |author| format!("{name}({names}) {is} {}", author.term(of, 2)))];
            author.add_else(&mut chain, of, true);
            chain
        });
        let mut clauses = vec![chain];
        if self.random.chance(25) {
            let names: Vec<String> = parameters.iter().map(|_| self.fresh()).collect();
            let clause = self.scoped(|author| {
                for (name, of) in names.iter().zip(parameters) {
                    author.bind(name, of.clone(), false);
                }
                let names = names.join(", ");
                author.clause(true, 2, |author| format!("{name}({names}) {is} {}", author.literal(of)))
            });
            clauses.push(vec![clause]);
        }
        Rule { default, clauses }
    }

    /// A head with variables in the middle of its reference.
    fn nested(&mut self, name: &str, of: Type) -> (Rule, String, Shape) {
        if self.v0 {
            return (self.partial_set(name, &of), name.to_owned(), Shape::Value(world::set(of)));
        }
        let field = quoted(self.random.pick::<&str>(&["a", "b", "k"]));
        let (shape, last) = match self.random.below(3) {
            0 => (world::map(world::map(of.clone())), 0),
            1 => (world::map(world::set(of.clone())), 1),
            _ => (world::map(Type::Any), 2),
        };
        let clauses = (0..self.random.between(1, 3))
            .map(|_| {
                vec![self.clause(false, 3, |author| {
                    let first = author.simple(&Type::Str);
                    match last {
                        0 => {
                            let second = author.simple(&Type::Str);
                            author.single = true;
                            format!("{name}[{first}][{second}] := {}", author.term(&of, 1))
                        }
                        1 => format!("{name}[{first}] contains {}", author.operand(&of, 1)),
                        _ => {
                            author.single = true;
                            format!("{name}[{first}][{field}].c := {}", author.term(&of, 1))
                        }
                    }
                })]
            })
            .collect();
        (Rule { default: None, clauses }, name.to_owned(), Shape::Value(shape))
    }
}

/// The clause with `_` for what `some .. in` and `every` declare and nobody reads: OPA refuses such variables.
fn without_unused(mut clause: Clause) -> Clause {
    let whole = format!("{}\n{}", clause.head, clause.body.join("\n"));
    let read = |name: &str| words(&whole).filter(|word| *word == name).count() > 1;
    for text in std::iter::once(&mut clause.head).chain(&mut clause.body) {
        for opening in ["some ", "every "] {
            let mut from = 0;
            while let Some(at) = text[from..].find(opening).map(|at| from + at + opening.len()) {
                from = at;
                let Some(end) = text[at..].find(" in ") else { break };
                let declared = &text[at..at + end];
                if declared.contains(|c: char| !c.is_ascii_alphanumeric() && c != ',' && c != ' ') {
                    continue;
                }
                let kept: Vec<&str> =
                    declared.split(", ").map(|name| if read(name) { name } else { "_" }).collect();
                *text = format!("{}{}{}", &text[..at], kept.join(", "), &text[at + end..]);
            }
        }
    }
    clause
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}
