//! Who writes a policy: what may be named at the place that is being written, and how paths to it look.

use std::rc::Rc;

use super::random::Random;
use super::world::{self, Type};

/// A variable that is bound here.
#[derive(Clone, Debug)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) of: Type,
    /// Whether one evaluation may bind it several times.
    pub(crate) many: bool,
}

/// A rule that is written already.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) package: String,
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

/// What a rule gives.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Value(Type),
    /// Its parameters, then its result.
    Function(Vec<Type>, Type),
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Field(&'static str),
    Index,
    Key,
    Member,
}

pub(crate) struct Author<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) v0: bool,
    pub(crate) package: String,
    pub(crate) known: Vec<Known>,
    pub(crate) vars: Vec<Var>,
    /// Packages and what they are imported as.
    pub(crate) aliases: Vec<(String, String)>,
    /// Whether terms must have one value at most: no iteration, and no variable that came from one.
    pub(crate) single: bool,
    /// Whether nothing may iterate here, as below `not`: wildcards would be unsafe.
    pub(crate) closed: bool,
    /// Set when a term is written that may have several values.
    pub(crate) many: bool,
    input: Type,
    config: Type,
    named: usize,
}

impl<'r> Author<'r> {
    pub(crate) fn new(random: &'r mut Random, v0: bool) -> Self {
        Author {
            random,
            v0,
            package: String::new(),
            known: Vec::new(),
            vars: Vec::new(),
            aliases: Vec::new(),
            single: false,
            closed: false,
            many: false,
            input: world::input(),
            config: world::config(),
            named: 0,
        }
    }

    pub(crate) fn fresh(&mut self) -> String {
        self.named += 1;
        format!("v{}", self.named)
    }

    pub(crate) fn bind(&mut self, name: &str, of: Type, many: bool) {
        self.vars.push(Var { name: name.to_owned(), of, many });
    }

    /// Writes something in a scope of its own: what it binds is forgotten.
    pub(crate) fn scoped<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let (bound, single, closed, many) = (self.vars.len(), self.single, self.closed, self.many);
        (self.single, self.closed) = (false, false);
        let written = write(self);
        self.vars.truncate(bound);
        (self.single, self.closed, self.many) = (single, closed, many);
        written
    }

    /// A type that terms often have.
    pub(crate) fn some_type(&mut self) -> Type {
        let leaf = match self.random.below(10) {
            0..=3 => Type::Num,
            4..=7 => Type::Str,
            8 => Type::Bool,
            _ => Type::Any,
        };
        match self.random.below(12) {
            0 => world::array(leaf),
            1 => world::set(leaf),
            2 => world::map(leaf),
            _ => leaf,
        }
    }

    /// Names of rules as they are written in the package at hand.
    pub(crate) fn name_of(&self, known: &Known) -> String {
        if known.package == self.package {
            known.name.clone()
        } else if let Some((_, alias)) = self.aliases.iter().find(|(package, _)| *package == known.package) {
            format!("{alias}.{}", known.name)
        } else {
            format!("data.{}.{}", known.package, known.name)
        }
    }

    /// What paths may start from: its text, its type, and whether it has several values.
    fn roots(&self) -> Vec<(String, Type, bool)> {
        let mut roots = vec![
            ("input".to_owned(), self.input.clone(), false),
            ("input".to_owned(), self.input.clone(), false),
            ("data.config".to_owned(), self.config.clone(), false),
        ];
        for var in &self.vars {
            roots.push((var.name.clone(), var.of.clone(), var.many));
        }
        for known in &self.known {
            if let Shape::Value(of) = &known.shape {
                roots.push((self.name_of(known), of.clone(), false));
            }
        }
        roots
    }

    /// A path to something of that type, where there is one.
    pub(crate) fn path(&mut self, of: &Type) -> Option<String> {
        self.path_with(of, None)
    }

    /// The same, with `var` as its last key or index, where it has one; then `var`'s type comes with it.
    pub(crate) fn path_with(
        &mut self,
        of: &Type,
        mut var: Option<&mut (String, Option<Type>)>,
    ) -> Option<String> {
        let single = self.single;
        let mut found = Vec::new();
        for (text, root, many) in self.roots() {
            if single && many {
                continue;
            }
            let mut at = Vec::new();
            let mut paths = Vec::new();
            reach(&root, of, &mut at, &mut paths);
            if single || self.closed {
                paths.retain(|steps| !steps.iter().any(|step| matches!(step, Step::Member)));
            }
            if var.is_some() {
                paths.retain(|steps| steps.iter().any(|step| !matches!(step, Step::Field(_))));
            }
            // Locals and rules are few, and more interesting than the many paths into the input.
            let path = if paths.is_empty() { continue } else { self.random.pick(&paths).clone() };
            found.push((text, path, many));
        }
        if found.is_empty() {
            return None;
        }
        let (mut text, steps, many) = self.random.pick(&found).clone();
        self.many |= many;
        let last = steps.iter().rposition(|step| !matches!(step, Step::Field(_)));
        for (at, step) in steps.iter().enumerate() {
            let wanted = if Some(at) == last { var.as_deref_mut() } else { None };
            let open = text.starts_with("input") || text.starts_with("data.config");
            self.step(&mut text, step, wanted, open);
        }
        Some(text)
    }

    fn step(&mut self, text: &mut String, step: &Step, var: Option<&mut (String, Option<Type>)>, open: bool) {
        if let (Some(var), Step::Index | Step::Key) = (&var, step) {
            text.push_str(&format!("[{}]", var.0));
            self.many = true;
        }
        match (step, var) {
            (Step::Index, Some(var)) => var.1 = Some(Type::Num),
            (Step::Key, Some(var)) => var.1 = Some(Type::Str),
            (Step::Field(name), _) => {
                if self.random.chance(8) {
                    text.push_str(&format!("[\"{name}\"]"));
                } else {
                    text.push_str(&format!(".{name}"));
                }
            }
            (Step::Index, None) => {
                let index = self.index(&Type::Num, open);
                text.push_str(&format!("[{index}]"));
            }
            (Step::Key, None) => {
                let index = self.index(&Type::Str, open);
                text.push_str(&format!("[{index}]"));
            }
            (Step::Member, var) => {
                self.many = true;
                match var {
                    Some(var) => {
                        text.push_str(&format!("[{}]", var.0));
                        var.1 = Some(Type::Any);
                    }
                    None => text.push_str("[_]"),
                }
            }
        }
    }

    /// A key of a list or an object: iterating, mostly.
    fn index(&mut self, of: &Type, open: bool) -> String {
        if !self.single && !self.closed && self.random.chance(65) {
            self.many = true;
            return "_".to_owned();
        }
        if (!open || self.random.chance(50))
            && let Some(name) = self.var(of)
        {
            return name;
        }
        if !open {
            return if *of == Type::Num { "input.n".to_owned() } else { "input.s".to_owned() };
        }
        if *of == Type::Num {
            (*self.random.pick(&["0", "0", "0", "1", "2"])).to_owned()
        } else {
            quoted(world::word(self.random))
        }
    }

    /// A variable of that type that may stand here.
    pub(crate) fn var(&mut self, of: &Type) -> Option<String> {
        let single = self.single;
        let fitting: Vec<(String, bool)> = self
            .vars
            .iter()
            .filter(|var| var.of == *of && !(single && var.many))
            .map(|var| (var.name.clone(), var.many))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let (name, many) = self.random.pick(&fitting).clone();
        self.many |= many;
        Some(name)
    }

    /// A function that is written already and gives that.
    pub(crate) fn function(&mut self, of: &Type) -> Option<(String, Vec<Type>)> {
        let mut fitting = Vec::new();
        for known in &self.known {
            if let Shape::Function(parameters, result) = &known.shape
                && result == of
            {
                fitting.push((self.name_of(known), parameters.clone()));
            }
        }
        if fitting.is_empty() { None } else { Some(self.random.pick(&fitting).clone()) }
    }

    /// Some member of a record, to replace it by `with`.
    pub(crate) fn field(&mut self) -> (String, Type) {
        let (root, Type::Record(fields)) = (if self.random.chance(80) {
            ("input", self.input.clone())
        } else {
            ("data.config", self.config.clone())
        }) else {
            return ("input".to_owned(), Type::Any);
        };
        let fields: &Rc<Vec<(&'static str, Type)>> = &fields;
        let simple: Vec<_> = fields.iter().filter(|(_, of)| !matches!(of, Type::Record(_))).collect();
        let (name, of) = *self.random.pick(&simple);
        (format!("{root}.{name}"), of.clone())
    }
}

/// All paths below a value of type `from` to one of type `to`.
fn reach(from: &Type, to: &Type, at: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
    if from == to {
        paths.push(at.clone());
    }
    let (step, of) = match from {
        Type::Array(of) => (Step::Index, of),
        Type::Map(of) => (Step::Key, of),
        Type::Set(of) => (Step::Member, of),
        Type::Record(fields) => {
            for (name, of) in fields.iter() {
                at.push(Step::Field(name));
                reach(of, to, at, paths);
                at.pop();
            }
            return;
        }
        _ => return,
    };
    at.push(step);
    reach(of, to, at, paths);
    at.pop();
}

/// A string as Rego writes it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
