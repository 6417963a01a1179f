//! A template run over data.

use tollgate_rego_value::Val;

use super::function::{self, Wrong};
use super::item::Item;
use super::node::{Branch, Node, Operand, Pipe, Templates};
use super::print::shown;
use super::{DEPTH, failed};
use crate::cost::of_text;
use crate::{Call, Error};

/// The text that the template named `template` becomes.
pub(super) fn run<'a>(call: &Call<'a, '_>, templates: &Templates, data: Val<'a>) -> Result<String, Error> {
    let data = Item::of(data);
    let mut run =
        Run { call, templates, out: String::new(), variables: vec![(String::new(), data.clone())], depth: 0 };
    let body = templates.get("template").map(Vec::as_slice).unwrap_or_default();
    run.list(body, &data)?;
    Ok(run.out)
}

struct Run<'c, 'a, 'm> {
    call: &'c Call<'a, 'm>,
    templates: &'c Templates,
    out: String,
    variables: Vec<(String, Item<'a>)>,
    depth: usize,
}

/// How a list of nodes ended.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

impl<'a> Run<'_, 'a, '_> {
    fn list(&mut self, nodes: &[Node], dot: &Item<'a>) -> Result<Flow, Error> {
        if self.depth >= DEPTH {
            return Err(Error::Failed(format!(
                "template: more than {DEPTH} levels of templates and actions"
            )));
        }
        self.depth += 1;
        for node in nodes {
            self.call.meter.spend(1)?;
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                self.depth -= 1;
                return Ok(flow);
            }
        }
        self.depth -= 1;
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Item<'a>) -> Result<Flow, Error> {
        match node {
            Node::Text(text) => self.write(text)?,
            Node::Action(pipe) => {
                let value = self.pipe(pipe, dot)?;
                if pipe.variables.is_empty() {
                    // `nil` by itself shows as no value.
                    let text =
                        if matches!(value, Item::Nil) { "<no value>".to_owned() } else { shown(&value) };
                    self.write(&text)?;
                }
            }
            Node::If(branch) | Node::With(branch) => {
                let mark = self.variables.len();
                let value = self.pipe(&branch.pipe, dot)?;
                let inner = if matches!(node, Node::With(_)) { &value } else { dot };
                let flow = if value.is_true() {
                    self.list(&branch.body, inner)?
                } else {
                    self.list(&branch.otherwise, dot)?
                };
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Range(branch) => return self.range(branch, dot),
            Node::Template { line, name, data } => {
                let data = match data {
                    Some(pipe) => self.pipe(pipe, dot)?,
                    None => Item::Missing,
                };
                let Some(body) = self.templates.get(name) else {
                    return Err(failed(*line, &format!("template {name:?} not defined")));
                };
                let outer = std::mem::replace(&mut self.variables, vec![(String::new(), data.clone())]);
                self.list(body, &data)?;
                self.variables = outer;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn range(&mut self, branch: &Branch, dot: &Item<'a>) -> Result<Flow, Error> {
        let mark = self.variables.len();
        let names = &branch.pipe.variables;
        let declares = Pipe { variables: Vec::new(), ..branch.pipe.clone() };
        let value = self.pipe(&declares, dot)?;
        let entries: Vec<(Item<'a>, Item<'a>)> = match &value {
            Item::Missing | Item::Nil => Vec::new(),
            Item::Int(count) => {
                self.call.meter.spend(u64::try_from(*count).unwrap_or_default())?;
                (0..*count).map(|at| (Item::Int(at), Item::Int(at))).collect()
            }
            Item::Data(data) => match (data.as_array(), data.as_object()) {
                (Some(items), _) => {
                    (0..).zip(items.iter()).map(|(at, item)| (Item::Int(at), Item::of(item))).collect()
                }
                (_, Some(object)) => {
                    object.iter().map(|(key, value)| (Item::of(key), Item::of(value))).collect()
                }
                _ => Vec::new(),
            },
            other => {
                return Err(failed(branch.pipe.line, &format!("range can't iterate over {}", shown(other))));
            }
        };
        if entries.is_empty() {
            let flow = self.list(&branch.otherwise, dot)?;
            self.variables.truncate(mark);
            return Ok(flow);
        }
        for (key, item) in entries {
            let inner = self.variables.len();
            match names.as_slice() {
                [one] => self.set(one, item.clone(), branch.pipe.assigns),
                [first, second, ..] => {
                    self.set(first, key, branch.pipe.assigns);
                    self.set(second, item.clone(), branch.pipe.assigns);
                }
                [] => {}
            }
            let flow = self.list(&branch.body, &item)?;
            self.variables.truncate(inner);
            if flow == Flow::Break {
                break;
            }
        }
        self.variables.truncate(mark);
        Ok(Flow::On)
    }

    fn set(&mut self, name: &str, value: Item<'a>, assigns: bool) {
        let old = self.variables.iter_mut().rev().find(|variable| assigns && variable.0 == name);
        match old {
            Some(old) => old.1 = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Item<'a>) -> Result<Item<'a>, Error> {
        if self.depth >= DEPTH {
            return Err(Error::Failed(format!(
                "template: more than {DEPTH} levels of templates and actions"
            )));
        }
        self.depth += 1;
        let mut value: Option<Item<'a>> = None;
        for command in &pipe.commands {
            value = Some(self.command(command, value, dot, pipe.line)?);
        }
        let value = value.unwrap_or(Item::Missing);
        for name in &pipe.variables {
            self.set(name, value.clone(), pipe.assigns);
        }
        self.depth -= 1;
        Ok(value)
    }

    fn command(
        &mut self,
        command: &[Operand],
        piped: Option<Item<'a>>,
        dot: &Item<'a>,
        line: usize,
    ) -> Result<Item<'a>, Error> {
        self.call.meter.spend(1)?;
        let Some((first, rest)) = command.split_first() else { return Ok(Item::Missing) };
        if let Operand::Function(name) = first {
            return self.function(name, rest, piped, dot, line);
        }
        if !rest.is_empty() || piped.is_some() {
            let message = match first {
                Operand::Field(names) | Operand::Variable(_, names) if !names.is_empty() => {
                    let name = names.last().map(String::as_str).unwrap_or_default();
                    format!("{name} is not a method but has arguments")
                }
                _ => "can't give argument to non-function".to_owned(),
            };
            return Err(failed(line, &message));
        }
        if matches!(first, Operand::Nil) {
            return Err(failed(line, "nil is not a command"));
        }
        self.operand(first, dot, line)
    }

    fn function(
        &mut self,
        name: &str,
        operands: &[Operand],
        piped: Option<Item<'a>>,
        dot: &Item<'a>,
        line: usize,
    ) -> Result<Item<'a>, Error> {
        if matches!(name, "and" | "or") {
            let mut last = None;
            for operand in operands {
                let value = self.operand(operand, dot, line)?;
                if value.is_true() == (name == "or") {
                    return Ok(value);
                }
                last = Some(value);
            }
            return piped.or(last).ok_or_else(|| {
                failed(line, &format!("wrong number of args for {name}: want at least 1 got 0"))
            });
        }
        let mut items = Vec::new();
        for operand in operands {
            items.push(self.operand(operand, dot, line)?);
        }
        items.extend(piped);
        function::apply(self.call, name, &items).map_err(|wrong| match wrong {
            Wrong::Message(message) => failed(line, &format!("error calling {name}: {message}")),
            Wrong::Other(error) => error,
        })
    }

    fn operand(&mut self, operand: &Operand, dot: &Item<'a>, line: usize) -> Result<Item<'a>, Error> {
        match operand {
            Operand::Dot => Ok(dot.clone()),
            Operand::Nil => Ok(Item::Nil),
            Operand::Bool(truth) => Ok(Item::Bool(*truth)),
            Operand::Int(number) => Ok(Item::Int(*number)),
            Operand::Float(number) => Ok(Item::Float(*number)),
            Operand::Text(text) => Ok(Item::Text(text.clone())),
            Operand::Field(names) => below(dot.clone(), names, line),
            Operand::Variable(name, names) => {
                let found = self.variables.iter().rev().find(|variable| variable.0 == *name);
                let value = found.map(|variable| variable.1.clone());
                below(
                    value.ok_or_else(|| failed(line, &format!("undefined variable: ${name}")))?,
                    names,
                    line,
                )
            }
            Operand::Function(name) => self.function(name, &[], None, dot, line),
            Operand::Pipe(pipe, names) => below(self.pipe(pipe, dot)?, names, line),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        self.call.meter.spend(of_text(text))?;
        self.out.push_str(text);
        Ok(())
    }
}

/// What stands under names one below the other.
fn below<'a>(item: Item<'a>, names: &[String], line: usize) -> Result<Item<'a>, Error> {
    let mut item = item;
    for name in names {
        item = match &item {
            Item::Missing => return Ok(Item::Missing),
            Item::Nil => return Err(failed(line, &format!("nil pointer evaluating interface {{}}.{name}"))),
            Item::Data(value) if value.as_object().is_some() => {
                value.as_object().and_then(|object| object.text(name)).map_or(Item::Missing, Item::of)
            }
            _ => return Err(failed(line, &format!("can't evaluate field {name} in type interface {{}}"))),
        };
    }
    Ok(item)
}
