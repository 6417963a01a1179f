//! Tokens to nodes.

use super::lexer::{Placed, Token, tokens};
use super::node::{Branch, Node, Operand, Pipe, Templates};
use super::{DEPTH, failed, function};
use crate::Error;

/// Reads a template, and those that it defines.
pub(super) fn parse(text: &str) -> Result<Templates, Error> {
    let mut tokens = tokens(text)?;
    // Taken from the end.
    let line = tokens.last().map_or(1, |last| last.1);
    tokens.reverse();
    let mut parser = Parser {
        tokens,
        line,
        templates: Templates::new(),
        variables: vec![String::new()],
        depth: 0,
        loops: 0,
    };
    let (body, end) = parser.list()?;
    if let Some((word, line)) = end {
        return Err(failed(line, &format!("unexpected {{{{{word}}}}}")));
    }
    parser.templates.insert("template".to_owned(), body);
    Ok(parser.templates)
}

struct Parser {
    tokens: Vec<Placed>,
    line: usize,
    templates: Templates,
    /// those in scope; the first is `$` itself
    variables: Vec<String>,
    depth: usize,
    loops: usize,
}

/// The word that ended a list: `end` or `else`.
type End = Option<(String, usize)>;

impl Parser {
    /// Nodes up to `end`, `else` or the end of the text.
    fn list(&mut self) -> Result<(Vec<Node>, End), Error> {
        if self.depth >= DEPTH {
            return Err(failed(self.line, "actions nested too deep"));
        }
        self.depth += 1;
        let mut nodes = Vec::new();
        let end = loop {
            match self.next() {
                None => break None,
                Some(Token::Text(text)) => nodes.push(Node::Text(text)),
                Some(_) => {
                    self.skip_blank();
                    let line = self.line;
                    match self.peek() {
                        Some(Token::Word(word)) if matches!(word.as_str(), "end" | "else") => {
                            let word = word.clone();
                            self.next();
                            break Some((word, line));
                        }
                        Some(Token::Word(word)) => {
                            let word = word.clone();
                            self.action(&word, &mut nodes)?;
                        }
                        _ => nodes.push(Node::Action(self.pipe("command", true)?)),
                    }
                }
            }
        };
        self.depth -= 1;
        Ok((nodes, end))
    }

    fn action(&mut self, word: &str, nodes: &mut Vec<Node>) -> Result<(), Error> {
        let line = self.line;
        match word {
            "if" | "with" | "range" => {
                self.next();
                let branch = self.branch(word)?;
                nodes.push(match word {
                    "if" => Node::If(branch),
                    "with" => Node::With(branch),
                    _ => Node::Range(branch),
                });
            }
            "break" | "continue" => {
                self.next();
                self.close(word)?;
                if self.loops == 0 {
                    return Err(failed(line, &format!("{{{{{word}}}}} outside {{{{range}}}}")));
                }
                nodes.push(if word == "break" { Node::Break } else { Node::Continue });
            }
            "define" | "block" | "template" => {
                self.next();
                self.skip_blank();
                let Some(Token::Quoted(name)) = self.next() else {
                    return Err(failed(line, &format!("unexpected token in {word} clause")));
                };
                self.skip_blank();
                let data = if word == "define" || self.peek() == Some(&Token::Close) {
                    self.close(&format!("{word} clause"))?;
                    None
                } else {
                    Some(self.pipe(&format!("{word} clause"), true)?)
                };
                if word != "template" {
                    self.defined(&name)?;
                }
                if word != "define" {
                    nodes.push(Node::Template { line, name, data });
                }
            }
            _ => nodes.push(Node::Action(self.pipe("command", true)?)),
        }
        Ok(())
    }

    /// A template of its own, up to its `end`.
    fn defined(&mut self, name: &str) -> Result<(), Error> {
        let outer = std::mem::replace(&mut self.variables, vec![String::new()]);
        let loops = std::mem::take(&mut self.loops);
        let (body, end) = self.list()?;
        (self.variables, self.loops) = (outer, loops);
        match end {
            Some((word, _)) if word == "end" => self.close("end")?,
            _ => return Err(failed(self.line, "unexpected EOF")),
        }
        self.templates.insert(name.to_owned(), body);
        Ok(())
    }

    fn branch(&mut self, word: &str) -> Result<Branch, Error> {
        let mark = self.variables.len();
        let pipe = self.pipe(word, true)?;
        self.loops += usize::from(word == "range");
        let (body, end) = self.list()?;
        self.loops -= usize::from(word == "range");
        let otherwise = match end {
            None => return Err(failed(self.line, "unexpected EOF")),
            Some((end, _)) if end == "end" => {
                self.close("end")?;
                Vec::new()
            }
            Some(_) => self.otherwise(word)?,
        };
        self.variables.truncate(mark);
        Ok(Branch { pipe, body, otherwise })
    }

    /// What follows `else`: another condition right away, or nodes up to `end`.
    fn otherwise(&mut self, word: &str) -> Result<Vec<Node>, Error> {
        self.skip_blank();
        if let Some(Token::Word(next)) = self.peek() {
            let next = next.clone();
            if next == word && word != "range" {
                self.next();
                if self.depth >= DEPTH {
                    return Err(failed(self.line, "actions nested too deep"));
                }
                self.depth += 1;
                let branch = self.branch(word)?;
                self.depth -= 1;
                return Ok(vec![if word == "if" { Node::If(branch) } else { Node::With(branch) }]);
            }
        }
        self.close("else")?;
        let (nodes, end) = self.list()?;
        match end {
            Some((end, _)) if end == "end" => self.close("end")?,
            Some(_) => return Err(failed(self.line, "expected end; found {{else}}")),
            None => return Err(failed(self.line, "unexpected EOF")),
        }
        Ok(nodes)
    }

    /// A pipeline up to the closing braces, or a parenthesis.
    fn pipe(&mut self, context: &str, outermost: bool) -> Result<Pipe, Error> {
        if self.depth >= DEPTH {
            return Err(failed(self.line, "pipelines nested too deep"));
        }
        self.depth += 1;
        let mut pipe = Pipe { line: self.line, ..Pipe::default() };
        self.skip_blank();
        self.declarations(&mut pipe, context)?;
        let mut command = Vec::new();
        loop {
            self.skip_blank();
            let end = if outermost { Token::Close } else { Token::ParenR };
            match self.peek() {
                Some(token) if *token == end || *token == Token::Pipe => {
                    let is_end = *token == end;
                    self.next();
                    if command.is_empty() {
                        let message = if is_end && pipe.commands.is_empty() {
                            format!("missing value for {context}")
                        } else {
                            "missing value in pipeline".to_owned()
                        };
                        return Err(failed(self.line, &message));
                    }
                    pipe.commands.push(std::mem::take(&mut command));
                    if is_end {
                        break;
                    }
                }
                None => return Err(failed(self.line, "unclosed action")),
                Some(_) => command.push(self.operand(context)?),
            }
        }
        // Only functions and fields take what is piped into them.
        for command in pipe.commands.iter().skip(1) {
            if matches!(
                command.first(),
                Some(
                    Operand::Bool(_)
                        | Operand::Dot
                        | Operand::Nil
                        | Operand::Int(_)
                        | Operand::Float(_)
                        | Operand::Text(_)
                )
            ) {
                return Err(failed(self.line, "non executable command in pipeline"));
            }
        }
        self.variables.extend(pipe.variables.iter().filter(|_| !pipe.assigns).cloned());
        self.depth -= 1;
        Ok(pipe)
    }

    /// `$x :=`, `$x =`, `$i, $x :=`.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<(), Error> {
        let mut ahead =
            self.tokens.iter().rev().map(|placed| &placed.0).filter(|token| **token != Token::Blank);
        let (first, mark) = (ahead.next().cloned(), ahead.next().cloned());
        let (second, second_mark) = (ahead.next().cloned(), ahead.next().cloned());
        let Some(Token::Variable(first)) = first else { return Ok(()) };
        let (names, mark) = match (mark, second) {
            (Some(mark @ (Token::Declare | Token::Assign)), _) => (vec![first], mark),
            (Some(Token::Comma), Some(Token::Variable(second))) if context == "range" => match second_mark {
                Some(mark @ (Token::Declare | Token::Assign)) => (vec![first, second], mark),
                _ => return Err(failed(self.line, "range can only initialize variables")),
            },
            _ => return Ok(()),
        };
        pipe.assigns = mark == Token::Assign;
        if pipe.assigns
            && let Some(unknown) = names.iter().find(|name| !self.variables.contains(name))
        {
            return Err(failed(self.line, &format!("undefined variable \"${unknown}\"")));
        }
        let mut left = names.len() * 2;
        while left > 0 {
            if self.next() != Some(Token::Blank) {
                left -= 1;
            }
        }
        pipe.variables = names;
        Ok(())
    }

    fn operand(&mut self, context: &str) -> Result<Operand, Error> {
        let line = self.line;
        let operand = match self.next() {
            Some(Token::Dot) => Operand::Dot,
            Some(Token::Field(name)) => Operand::Field(self.names(name)),
            Some(Token::Variable(name)) => {
                if !self.variables.contains(&name) {
                    return Err(failed(line, &format!("undefined variable \"${name}\"")));
                }
                let mut below = self.names(String::new());
                below.remove(0);
                Operand::Variable(name, below)
            }
            Some(Token::Int(number)) => Operand::Int(number),
            Some(Token::Float(number)) => Operand::Float(number),
            Some(Token::Quoted(text)) => Operand::Text(text),
            Some(Token::Word(word)) => match word.as_str() {
                "nil" => Operand::Nil,
                "true" | "false" => Operand::Bool(word == "true"),
                name if function::is_known(name) => Operand::Function(word),
                name => return Err(failed(line, &format!("function {name:?} not defined"))),
            },
            Some(Token::ParenL) => {
                let pipe = self.pipe("parenthesized pipeline", false)?;
                let mut below = self.names(String::new());
                below.remove(0);
                Operand::Pipe(Box::new(pipe), below)
            }
            _ => return Err(failed(line, &format!("unexpected token in {context}"))),
        };
        Ok(operand)
    }

    /// A name, and those that follow it without a blank.
    fn names(&mut self, first: String) -> Vec<String> {
        let mut names = vec![first];
        while let Some(Token::Field(name)) = self.peek() {
            let name = name.clone();
            self.next();
            names.push(name);
        }
        names
    }

    fn close(&mut self, context: &str) -> Result<(), Error> {
        self.skip_blank();
        match self.next() {
            Some(Token::Close) => Ok(()),
            _ => Err(failed(self.line, &format!("unexpected token in {context}"))),
        }
    }

    fn skip_blank(&mut self) {
        while self.peek() == Some(&Token::Blank) {
            self.next();
        }
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.last().map(|placed| &placed.0)
    }

    fn next(&mut self) -> Option<Token> {
        let (token, line) = self.tokens.pop()?;
        self.line = line;
        Some(token)
    }
}
