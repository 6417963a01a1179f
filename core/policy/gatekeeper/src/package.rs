//! The packages of a template, moved to where no other template's are.
//!
//! ```text
//! package k8srequiredlabels   ──>  package ["gatekeeper.sh"].K8sRequiredLabels.template
//! package lib.labels          ──>  package ["gatekeeper.sh"].K8sRequiredLabels.lib.labels
//! import data.lib.labels      ──>  import data["gatekeeper.sh"].K8sRequiredLabels.lib.labels
//! data.inventory.cluster      ──>  as it is
//! ```
//! So all templates go into one program, though each brings a `lib` of its own, and none sees another's. It is the tree
//! that is changed, never the text: every place stays what it was. No package can be called `gatekeeper.sh` in a file, so
//! nothing else is met there.

mod walk;

use std::sync::Arc;

use tollgate_rego_syntax::SyntaxError;
use tollgate_rego_syntax::tree::{Import, Module, Name, Span, Step, TermKind};

use crate::Source;
use crate::problem::Problem;

/// Where templates stand below `data`.
pub(crate) const ROOT: &str = "gatekeeper.sh";
/// Below a template's kind: the module with `violation`.
pub(crate) const ENTRY: &str = "template";
const LIB: &str = "lib";
const INVENTORY: &str = "inventory";

/// The modules of a template in their packages of its own, the one with `violation` first, each beside its source.
pub(crate) fn modules(kind: &str, rego: &Source, libs: &[Source]) -> Result<Vec<Module>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut modules = Vec::new();
    for (at, source) in std::iter::once(rego).chain(libs).enumerate() {
        match tollgate_rego_syntax::parse(&source.text, Some(source.dialect)) {
            Ok(module) => {
                let mut mover = Mover { kind, source, problems: &mut problems };
                modules.push(mover.moved(module, at == 0));
            }
            Err(errors) => problems.extend(errors.into_iter().map(|error| syntax(source, error))),
        }
    }
    if problems.is_empty() { Ok(modules) } else { Err(problems) }
}

fn syntax(source: &Source, error: SyntaxError) -> Problem {
    let read_as = error.dialect.map_or("", |dialect| match dialect {
        tollgate_rego_syntax::tree::Dialect::V0 => " (read as Rego v0)",
        tollgate_rego_syntax::tree::Dialect::V1 => " (read as Rego v1)",
    });
    place(source, error.span)
        .error("rego-syntax", format!("{}{read_as}", error.message))
        .mended_if(error.hint)
}

fn place(source: &Source, span: Span) -> crate::Place {
    source.span(span.start as usize, span.end as usize)
}

struct Mover<'m> {
    kind: &'m str,
    source: &'m Source,
    problems: &'m mut Vec<Problem>,
}

impl Mover<'_> {
    fn moved(&mut self, mut module: Module, is_entry: bool) -> Module {
        let span = module.package_span;
        if is_entry {
            self.check_entry(&module);
            module.package = self.below(&[ENTRY], span);
        } else {
            self.check_lib(&module);
            let mut package = self.below(&[], span);
            package.append(&mut module.package);
            module.package = package;
        }
        for import in &mut module.imports {
            self.import(import);
        }
        walk::references(&mut module, &mut |reference| match reference {
            walk::Reference::Data(span, steps) => self.reference(span, steps),
            walk::Reference::Whole(span) => self.refuse(span),
        });
        module
    }

    /// Names of the way to this template, and on.
    fn below(&self, rest: &[&str], span: Span) -> Vec<Name> {
        let all = [ROOT, self.kind].into_iter().chain(rest.iter().copied());
        all.map(|text| Name { text: Arc::from(text), span }).collect()
    }

    fn check_entry(&mut self, module: &Module) {
        let is_violation =
            |step: Option<&Step>| matches!(step, Some(Step::Name(name)) if &*name.text == "violation");
        if module.rules.iter().any(|rule| is_violation(rule.head.path.first())) {
            return;
        }
        let written = match module.dialect {
            tollgate_rego_syntax::tree::Dialect::V0 => "violation[{\"msg\": msg}] { .. }",
            tollgate_rego_syntax::tree::Dialect::V1 => "violation contains {\"msg\": msg} if { .. }",
        };
        let error = place(self.source, module.package_span)
            .error("template-no-violation", "the template has no rule `violation`, so it can never object");
        self.problems.push(error.mended_by(format!("write `{written}`")));
    }

    fn check_lib(&mut self, module: &Module) {
        let is_lib = module.package.first().is_some_and(|name| &*name.text == LIB);
        if !is_lib || module.package.len() < 2 {
            let names: Vec<&str> = module.package.iter().map(|name| &*name.text).collect();
            let message = format!("the package of a library is below `lib`, not `{}`", names.join("."));
            let error = place(self.source, module.package_span).error("template-lib-package", message);
            let name = names.last().copied().unwrap_or("name");
            self.problems.push(error.mended_by(format!("write `package lib.{name}`")));
        }
    }

    fn import(&mut self, import: &mut Import) {
        let path: Vec<&str> = import.path.iter().map(|name| &*name.text).collect();
        match path.as_slice() {
            ["data", LIB, _, ..] => {
                let span = import.path.get(1).map_or(import.span, |name| name.span);
                let names = self.below(&[], span);
                import.path.splice(1..1, names);
            }
            ["future", ..] | ["rego", ..] => {}
            _ => {
                let message = format!("a template cannot import `{}`", path.join("."));
                let error = place(self.source, import.span).error("template-import", message);
                self.problems.push(error.mended_by("import only what is below `data.lib`"));
            }
        }
    }

    fn reference(&mut self, span: Span, steps: &mut Vec<Step>) {
        let first = steps.first().and_then(|step| match step {
            Step::Name(name) => Some((&*name.text, name.span)),
            Step::Term(term) => match &term.kind {
                TermKind::String(text) => Some((&**text, term.span)),
                _ => None,
            },
        });
        match first {
            Some((INVENTORY, _)) => {}
            Some((LIB, at)) => {
                let names = self.below(&[], at).into_iter().map(Step::Name);
                steps.splice(0..0, names);
            }
            _ => self.refuse(span),
        }
    }

    fn refuse(&mut self, span: Span) {
        let found = self.source.text.get(span.start as usize..span.end as usize).unwrap_or("data");
        let error =
            place(self.source, span).error("template-data", format!("a template cannot read `{found}`"));
        self.problems.push(error.mended_by("read only what is below `data.inventory` and `data.lib`"));
    }
}

#[cfg(test)]
mod tests;
