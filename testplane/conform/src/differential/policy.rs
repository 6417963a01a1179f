//! A generated policy as parts that can be left out one by one, and as text.

use std::fmt::{self, Write as _};

/// Modules, a query, and what they are evaluated over.
#[derive(Clone, Debug)]
pub struct Policy {
    /// the files
    pub modules: Vec<Module>,
    /// such as `data.p0 = x`
    pub query: String,
    /// what stands below `data`: an object, as JSON
    pub data: serde_json::Value,
    /// as JSON; none: evaluated once, without
    pub inputs: Vec<serde_json::Value>,
    /// whether builtins' errors are errors
    pub strict: bool,
    /// whether it is written as before OPA 1.0
    pub v0: bool,
}

/// One file.
#[derive(Clone, Debug)]
pub struct Module {
    /// such as `p0`
    pub package: String,
    /// such as `import data.p1`
    pub imports: Vec<String>,
    /// in the order in which they are written
    pub rules: Vec<Rule>,
}

/// What is written about one name, in one place.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `default r := 1`, where there is one
    pub default: Option<String>,
    /// the definitions, each with its `else`s
    pub clauses: Vec<Vec<Clause>>,
}

/// A head and its body.
#[derive(Clone, Debug)]
pub struct Clause {
    /// such as `r contains x`, or `else := 1`
    pub head: String,
    /// the conditions; none: there is no body
    pub body: Vec<String>,
}

impl Policy {
    /// The text of every module.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.modules.iter().map(|module| module.text(self.v0)).collect()
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for text in self.texts() {
            writeln!(f, "{}\n", text.trim_end())?;
        }
        for (what, holds) in [("v0", self.v0), ("strict", self.strict)] {
            if holds {
                writeln!(f, "{what}")?;
            }
        }
        writeln!(f, "query {}\ndata {}", self.query, self.data)?;
        self.inputs.iter().try_for_each(|input| writeln!(f, "input {input}"))
    }
}

impl Module {
    fn text(&self, v0: bool) -> String {
        let mut text = format!("package {}\n", self.package);
        for import in &self.imports {
            let _ = writeln!(text, "import {import}");
        }
        for rule in &self.rules {
            text.push('\n');
            if let Some(default) = &rule.default {
                let _ = writeln!(text, "default {default}");
            }
            for chain in &rule.clauses {
                for (at, clause) in chain.iter().enumerate() {
                    clause.write(&mut text, v0, at > 0);
                }
                text.push('\n');
            }
        }
        text
    }
}

impl Clause {
    fn write(&self, text: &mut String, v0: bool, is_else: bool) {
        text.push_str(if is_else { " " } else { "" });
        text.push_str(&self.head);
        if self.body.is_empty() {
            return;
        }
        text.push_str(if v0 { " {" } else { " if {" });
        for literal in &self.body {
            let _ = write!(text, "\n\t{literal}");
        }
        text.push_str("\n}");
    }
}
