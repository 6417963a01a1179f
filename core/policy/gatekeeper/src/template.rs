//! ConstraintTemplates (templates.gatekeeper.sh v1, v1beta1, v1alpha1).

use std::collections::BTreeSet;
use std::sync::Arc;

use tollgate_rego_syntax::tree::{Dialect, Module};
use tollgate_vocabulary::{Operation, Value};

use crate::node::Node;
use crate::problem::{Place, Problem};
use crate::{Document, Schema, Source, package, spelling};

const GROUP: &str = "templates.gatekeeper.sh";
/// The only target there is: Kubernetes admission.
const TARGET: &str = "admission.k8s.gatekeeper.sh";
const REGO: &str = "Rego";
const CEL: &str = "K8sNativeValidation";

/// A template: what its constraints are called, what parameters they take, and the Rego that judges.
#[derive(Clone, Debug)]
pub struct Template {
    /// the kind of its constraints, such as `K8sRequiredLabels`
    pub kind: Arc<str>,
    /// `metadata.name`: the kind in lower case
    pub name: Arc<str>,
    /// annotation `metadata.gatekeeper.sh/title`
    pub title: Option<Arc<str>>,
    /// annotation `description`
    pub description: Option<Arc<str>>,
    /// where it begins
    pub place: Place,
    /// what parameters must be; none where the template takes none
    pub schema: Option<Schema>,
    /// at admission it is asked about these
    pub operations: Operations,
    /// the module with `violation`
    pub rego: Source,
    /// modules of packages below `lib`
    pub libs: Vec<Source>,
    /// whether it brings CEL too, which Gatekeeper may prefer
    pub has_cel: bool,
    /// `rego` and then `libs`, read, in packages of their own: below `data["gatekeeper.sh"].Kind`, the rule `violation`
    /// under `template`
    pub modules: Vec<Module>,
}

/// The operations that a template is asked about at admission (`targets[].operations`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operations {
    /// nothing said, or `*`
    All,
    /// these
    Some(BTreeSet<Operation>),
}

impl Operations {
    /// Whether the template is asked about `operation`.
    #[must_use]
    pub fn contains(&self, operation: Operation) -> bool {
        match self {
            Self::All => true,
            Self::Some(operations) => operations.contains(&operation),
        }
    }
}

impl Template {
    /// Whether a document is a template.
    #[must_use]
    pub fn is_one(document: &Document) -> bool {
        let (group, _, kind) = document.kind();
        group == GROUP && kind == "ConstraintTemplate"
    }

    /// The sources in the order of `modules`.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        std::iter::once(&self.rego).chain(&self.libs)
    }

    /// Reads a template. What is wrong is added to `problems`; nothing comes out where that is an error.
    pub fn read(document: &Document, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut found: Vec<Problem> = document.doubts().collect();
        let template = read(document, &mut found);
        let wrong = found.iter().any(Problem::is_error);
        problems.append(&mut found);
        template.filter(|_| !wrong)
    }
}

fn read(document: &Document, problems: &mut Vec<Problem>) -> Option<Template> {
    let root = Node::root(document, "template-shape");
    let (_, version, _) = document.kind();
    if !["v1", "v1beta1", "v1alpha1"].contains(&version) {
        let message = format!("`{GROUP}/{version}` is no version of ConstraintTemplate");
        let at = root.get("apiVersion").unwrap_or_else(|| root.clone());
        let remedy = format!("write `apiVersion: {GROUP}/v1`");
        problems.push(at.place().error("template-version", message).mended_by(remedy));
        return None;
    }
    let kind_node = required(&root, &["spec", "crd", "spec", "names", "kind"], problems);
    let kind = kind_node.as_ref().and_then(|node| node.text(problems));
    let name = required(&root, &["metadata", "name"], problems).and_then(|node| node.text(problems));
    if let (Some(kind), Some(name), Some(node)) = (&kind, &name, root.below(&["metadata", "name"])) {
        let lower = kind.to_lowercase();
        if name.to_lowercase() != lower {
            let message = format!("the template's name `{name}` is not its kind `{kind}` in lower case");
            let remedy = format!("write `name: {lower}`");
            problems.push(node.place().error("template-name", message).mended_by(remedy));
        }
    }
    let schema = schema(&root, version, problems);
    let target = target(&root, problems)?;
    let operations = operations(&target, problems);
    let code = code(&target, problems)?;
    let annotation = |key: &str| {
        let annotations = root.below(&["metadata", "annotations"])?;
        annotations.get(key)?.value.as_str().map(|text| text.trim().into())
    };
    let kind = kind?;
    let modules = package::modules(&kind, &code.rego, &code.libs);
    Some(Template {
        modules: modules.map_err(|mut wrong| problems.append(&mut wrong)).unwrap_or_default(),
        kind,
        name: name?,
        title: annotation("metadata.gatekeeper.sh/title"),
        description: annotation("description"),
        place: root.place(),
        schema,
        operations,
        rego: code.rego,
        libs: code.libs,
        has_cel: code.has_cel,
    })
}

/// The kind that a template gives its constraints, whatever else is wrong with it.
pub(crate) fn kind_of(document: &Document) -> Option<Arc<str>> {
    let kind = Node::root(document, "template-shape").below(&["spec", "crd", "spec", "names", "kind"])?;
    kind.text(&mut Vec::new())
}

/// The value below keys; the first that is missing is a problem.
fn required<'a>(root: &Node<'a>, keys: &[&str], problems: &mut Vec<Problem>) -> Option<Node<'a>> {
    let mut node = root.clone();
    for key in keys {
        match node.get(key) {
            Some(below) => node = below,
            None => {
                problems.push(node.lacks(key));
                return None;
            }
        }
    }
    Some(node)
}

/// `legacySchema` is true by default in the old versions, where it then allows every parameter.
fn schema(root: &Node<'_>, version: &str, problems: &mut Vec<Problem>) -> Option<Schema> {
    let validation = root.below(&["spec", "crd", "spec", "validation"]);
    let written = validation.as_ref().and_then(|node| node.get("openAPIV3Schema"));
    let legacy = validation.as_ref().and_then(|node| node.get("legacySchema"));
    let legacy = match legacy.map(|node| (node.value, node)) {
        None => version != "v1",
        Some((Value::Bool(legacy), _)) => *legacy,
        Some((_, node)) => {
            problems.push(node.wants("true or false"));
            false
        }
    };
    if let Some(validation) = validation {
        let known = ["openAPIV3Schema", "legacySchema"];
        let unknown = validation.unknown_fields(&known, "template-unknown-field").into_iter();
        problems.extend(unknown.map(|problem| Problem { grade: crate::Grade::Hint, ..problem }));
    }
    match (written, legacy) {
        (Some(node), true) => Some(Schema::read(&node, problems).legacy()),
        (Some(node), false) => Some(Schema::read(&node, problems)),
        (None, true) => Some(Schema::anything()),
        (None, false) => None,
    }
}

fn target<'a>(root: &Node<'a>, problems: &mut Vec<Problem>) -> Option<Node<'a>> {
    let targets = required(root, &["spec", "targets"], problems)?;
    let items = targets.items(problems);
    let [target] = items.as_slice() else {
        if targets.value.as_array().is_some() {
            let message = format!("a template has one target, this one has {}", items.len());
            problems.push(targets.error(message));
        }
        return None;
    };
    let name = required(target, &["target"], problems)?;
    let word = name.text(problems)?;
    if &*word != TARGET {
        let message = format!("`{word}` is no target");
        problems.push(name.place().error("template-target", message).mended_by(format!("write `{TARGET}`")));
        return None;
    }
    Some(target.clone())
}

fn operations(target: &Node<'_>, problems: &mut Vec<Problem>) -> Operations {
    let Some(list) = target.get("operations") else { return Operations::All };
    let mut operations = BTreeSet::new();
    let mut all = true;
    for item in list.items(problems) {
        let Some(word) = item.text(problems) else { continue };
        all = false;
        if &*word == "*" {
            return Operations::All;
        }
        match Operation::from_word(&word) {
            Some(operation) => _ = operations.insert(operation),
            None => {
                let known = ["CREATE", "UPDATE", "DELETE", "CONNECT", "*"];
                let error = item.error(format!("`{word}` is no operation"));
                problems.push(error.mended_by(spelling::remedy(&word, &known)));
            }
        }
    }
    if all { Operations::All } else { Operations::Some(operations) }
}

struct Code {
    rego: Source,
    libs: Vec<Source>,
    has_cel: bool,
}

/// The Rego of a target: `rego` with `libs`, which stand over `code` where both are written, or the source of the
/// first `code` whose engine is Rego.
fn code(target: &Node<'_>, problems: &mut Vec<Problem>) -> Option<Code> {
    let codes = target.get("code").map(|list| list.items(problems)).unwrap_or_default();
    let mut engines = Vec::new();
    for code in &codes {
        let engine = required(code, &["engine"], problems)?;
        let word = engine.text(problems)?;
        if ![REGO, CEL].contains(&&*word) {
            let error = engine.place().error("template-engine", format!("`{word}` is no engine"));
            problems.push(error.mended_by(spelling::remedy(&word, &[REGO, CEL])));
        }
        engines.push(word);
    }
    let has_cel = engines.iter().any(|engine| &**engine == CEL);
    let written = target.get("rego").filter(|node| node.value.as_str() != Some(""));
    let (holder, dialect) = if written.is_some() {
        (target.clone(), Dialect::V0)
    } else if let Some(at) = engines.iter().position(|engine| &**engine == REGO) {
        let source = required(codes.get(at)?, &["source"], problems)?;
        let dialect = dialect(&source, problems);
        (source, dialect)
    } else {
        problems.push(no_rego(target, has_cel));
        return None;
    };
    let module = |node: &Node<'_>, problems: &mut Vec<Problem>| {
        let text = node.text(problems)?;
        if text.trim().is_empty() {
            problems.push(node.error(format!("`{}` is empty", node.path)));
            return None;
        }
        Some(Source::read(node, text, dialect))
    };
    let rego = required(&holder, &["rego"], problems).and_then(|node| module(&node, problems));
    let libs = holder.get("libs").map(|list| list.items(problems)).unwrap_or_default();
    let libs = libs.iter().filter_map(|node| module(node, problems)).collect();
    Some(Code { rego: rego?, libs, has_cel })
}

fn no_rego(target: &Node<'_>, has_cel: bool) -> Problem {
    if has_cel {
        let error = target.place().error("template-cel", "the template has CEL only, which is not evaluated");
        return error.mended_by("add the same rule as Rego: `code` with `engine: Rego`");
    }
    let error = target.place().error("template-no-rego", "the template has no Rego");
    error.mended_by("write it under `rego`, or under `code` with `engine: Rego`")
}

fn dialect(source: &Node<'_>, problems: &mut Vec<Problem>) -> Dialect {
    let Some(version) = source.get("version") else { return Dialect::V0 };
    match version.text(problems).as_deref() {
        Some("v1") => Dialect::V1,
        Some("v0" | "") | None => Dialect::V0,
        Some(other) => {
            let error =
                version.place().error("template-rego-version", format!("`{other}` is no version of Rego"));
            problems.push(error.mended_by("write `v0` or `v1`"));
            Dialect::V0
        }
    }
}

#[cfg(test)]
mod tests;
