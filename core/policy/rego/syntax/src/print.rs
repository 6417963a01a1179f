//! A tree to text.
//!
//! Invariant: what is printed reads, in the module's dialect, as the same tree, but for places and comments. One rule
//! after the other, one condition on each line; parentheses only where they are needed. Imports stay before the rules
//! that they stand before, for they may make a name a keyword.

mod literal;
mod term;
mod text;

use crate::tree::{Body, Dialect, Else, Head, Import, Module, Name, Rule, Step, Term, TermKind};

/// The canonical text of `module`; comments are left out.
#[must_use]
pub fn print(module: &Module) -> String {
    let mut printer = Printer { out: String::new(), old: module.dialect == Dialect::V0 };
    printer.module(module);
    printer.out
}

/// The text of one term, to show it; it reads as v1.
#[must_use]
pub fn print_term(term: &Term) -> String {
    let mut printer = Printer { out: String::new(), old: false };
    printer.whole(term);
    printer.out
}

struct Printer {
    out: String,
    /// whether bodies and members are written as in v0
    old: bool,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn module(&mut self, module: &Module) {
        self.push("package ");
        self.path(&module.package);
        self.push("\n");
        let mut imports = module.imports.iter().peekable();
        let mut apart = true;
        for rule in &module.rules {
            while let Some(import) = imports.next_if(|import| import.span.start <= rule.span.start) {
                self.import(import, std::mem::take(&mut apart));
            }
            self.push("\n");
            self.rule(rule);
            apart = true;
        }
        for import in imports {
            self.import(import, std::mem::take(&mut apart));
        }
    }

    fn import(&mut self, import: &Import, apart: bool) {
        if apart {
            self.push("\n");
        }
        self.push("import ");
        self.path(&import.path);
        if let Some(alias) = &import.alias {
            self.push(" as ");
            self.push(&alias.text);
        }
        self.push("\n");
    }

    fn path(&mut self, path: &[Name]) {
        for (at, name) in path.iter().enumerate() {
            if at == 0 {
                self.push(&name.text);
            } else if text::is_word(&name.text) {
                self.push(".");
                self.push(&name.text);
            } else {
                self.push("[");
                self.push(&text::quoted(&name.text));
                self.push("]");
            }
        }
    }

    fn rule(&mut self, rule: &Rule) {
        if rule.default {
            self.push("default ");
        }
        self.head(&rule.head);
        if let Some(body) = &rule.body {
            self.body(body, !self.old || needs_if(&rule.head));
        }
        for otherwise in &rule.otherwise {
            self.otherwise(otherwise);
        }
        self.push("\n");
    }

    fn head(&mut self, head: &Head) {
        for (at, step) in head.path.iter().enumerate() {
            match step {
                Step::Name(name) if at == 0 => self.push(&name.text),
                step => self.step(step),
            }
        }
        if let Some(arguments) = &head.arguments {
            self.push("(");
            self.list(arguments);
            self.push(")");
        }
        match &head.member {
            Some(member) if self.old && head.path.len() == 1 => {
                self.push("[");
                self.whole(member);
                self.push("]");
            }
            Some(member) => {
                self.push(" contains ");
                self.whole(member);
            }
            None => {}
        }
        if let Some(value) = &head.value {
            self.push(if head.assigned { " := " } else { " = " });
            self.whole(value);
        }
    }

    fn otherwise(&mut self, otherwise: &Else) {
        self.push(" else");
        if let Some(value) = &otherwise.value {
            self.push(if self.old { " = " } else { " := " });
            self.whole(value);
        }
        if let Some(body) = &otherwise.body {
            self.body(body, !self.old);
        }
    }

    /// Behind `if`, braces that read as a comprehension would be one: the first condition's `|` is kept in parentheses.
    fn body(&mut self, body: &Body, condition: bool) {
        self.push(if condition { " if {\n" } else { " {\n" });
        for (at, literal) in body.literals.iter().enumerate() {
            let start = self.out.len();
            self.push("\t");
            self.literal(literal, at == 0);
            if self.out.get(start..).is_some_and(|line| line.starts_with("\t-")) && at > 0 {
                self.out.insert(start.saturating_sub(1), ';');
            }
            self.push("\n");
        }
        self.push("}");
    }
}

/// In v0, `p[x] { .. }` collects members; `p[x] if { .. }` does not.
fn needs_if(head: &Head) -> bool {
    head.path.len() == 2 && head.arguments.is_none() && head.member.is_none() && head.value.is_none()
}

/// Whether a term binds tighter than any operator.
fn is_primary(term: &Term) -> bool {
    !matches!(term.kind, TermKind::Infix { .. } | TermKind::Membership { .. })
}
