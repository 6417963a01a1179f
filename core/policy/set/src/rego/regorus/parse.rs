//! regorus' syntax tree as a [`Module`].
//!
//! A file that says which generation it is in (`import rego.v1`) is read as that. Any other is tried as v1, then as
//! v0; where both fail, the error is that of the likelier one, and says which.

use std::sync::Arc;

use ::regorus::unstable as ast;
use ::regorus::{Engine, PolicyLengthConfig};

use super::collect::Collector;
use super::message;
use crate::load::{Dialect, LoadError, Place};
use crate::metadata;
use crate::rego::module::{Definition, Kind, Module, Name};
use crate::source::RuleFile;

/// The module that `file` is.
pub(crate) fn parse(file: &RuleFile) -> Result<Module, Vec<LoadError>> {
    let start = Place::start_of(&file.path);
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        let place = Place::start_of(&file.path);
        vec![place.error("rego-encoding", format!("is not UTF-8 behind byte {}", error.valid_up_to()))]
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (dialect, parsed) = match (parse_as(&file.path, text, Dialect::V1), likelier(text)) {
        (Ok(parsed), _) => (Dialect::V1, parsed),
        (Err(error), likelier) => match parse_as(&file.path, text, Dialect::V0) {
            Ok(parsed) => (Dialect::V0, parsed),
            Err(older) => return Err(vec![if likelier == Dialect::V1 { error } else { older }]),
        },
    };
    let tree = parsed.first().ok_or_else(|| vec![start.error("rego-syntax", "holds no module")])?;
    let mut module = Module {
        path: file.path.clone(),
        text: text.into(),
        dialect,
        package: steps(&tree.package.refr).ok_or_else(|| {
            vec![start.error("rego-syntax", "the package's name is not static").read_as(dialect)]
        })?,
        definitions: Vec::new(),
        annotations: Vec::new(),
    };
    let imports = imports(tree);
    module.definitions =
        tree.policy.iter().filter_map(|rule| definition(&module, &imports, rule.as_ref())).collect();
    let taken: Vec<(usize, usize)> =
        tree.policy.iter().map(|rule| lines(text, rule.span().start, rule.span().end)).collect();
    let package_line = lines(text, tree.package.span.start, tree.package.span.end).0;
    module.annotations = metadata::read(&module, package_line, &taken)?;
    Ok(module)
}

fn parse_as(path: &Arc<str>, text: &str, dialect: Dialect) -> Result<Vec<ast::Ref<ast::Module>>, LoadError> {
    let mut engine = Engine::new();
    engine.set_rego_v0(dialect == Dialect::V0);
    engine.set_policy_length_config(lengths());
    match engine.add_policy(path.to_string(), text.to_owned()) {
        Ok(_) => Ok(engine.get_modules().clone()),
        Err(error) => Err(message::load_error(path, "rego-syntax", &error.to_string()).read_as(dialect)),
    }
}

/// How large a file may be: a megabyte, and lines as long as tables in one line need.
pub(crate) fn lengths() -> PolicyLengthConfig {
    let default = PolicyLengthConfig::default();
    PolicyLengthConfig { max_col: std::num::NonZeroU32::new(65_536).unwrap_or(default.max_col), ..default }
}

/// Which generation a file that is neither is likelier to be.
fn likelier(text: &str) -> Dialect {
    let words = |line: &str, wanted: &[&str]| {
        let code = line.split('#').next().unwrap_or_default();
        code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').any(|word| wanted.contains(&word))
    };
    let newer =
        text.lines().any(|line| words(line, &["rego.v1", "if", "contains"]) && !line.contains("contains("));
    let older = text.lines().any(|line| {
        let head = !line.starts_with(char::is_whitespace) && !line.starts_with('#');
        head && line.trim_end().ends_with('{') && !words(line, &["if", "else"])
    });
    if older && !text.contains("import rego.v1") && !newer { Dialect::V0 } else { Dialect::V1 }
}

/// What the imports of a module stand for: alias and full name.
fn imports(tree: &ast::Module) -> Vec<(Arc<str>, Name)> {
    let of = |import: &ast::Import| {
        let path = steps(&import.refr)?;
        let alias: Arc<str> = match &import.r#as {
            Some(span) => span.text().into(),
            None => path.last()?.clone(),
        };
        matches!(path.first().map(|root| &**root), Some("data" | "input")).then_some((alias, path))
    };
    tree.imports.iter().filter_map(of).collect()
}

fn definition(module: &Module, imports: &[(Arc<str>, Name)], rule: &ast::Rule) -> Option<Definition> {
    let (refr, kind) = match rule {
        ast::Rule::Default { refr, args, .. } if args.is_empty() => (refr, Kind::Default),
        ast::Rule::Default { refr, args, .. } => (refr, Kind::Function(args.len())),
        ast::Rule::Spec { head, .. } => match head {
            ast::RuleHead::Set { refr, .. } => (refr, Kind::Set),
            ast::RuleHead::Func { refr, args, .. } => (refr, Kind::Function(args.len())),
            ast::RuleHead::Compr { refr, assign, .. } => {
                (refr, comprised(module.dialect, refr, assign.is_some()))
            }
        },
    };
    let (name, first) = static_head(refr)?;
    let start = usize::try_from(first.start).ok()?;
    let mut collector = Collector::new(module, imports);
    collector.rule(rule);
    Some(Definition {
        name,
        kind,
        place: collector.place(rule.span()),
        head: (start, usize::try_from(first.end).ok()?.checked_sub(start)?),
        references: collector.references,
    })
}

/// `x`, `x[k]` or `x.y[k]` as a head without arguments and `contains`.
fn comprised(dialect: Dialect, refr: &ast::Ref<ast::Expr>, assigned: bool) -> Kind {
    match (refr.as_ref(), dialect) {
        (ast::Expr::RefBrack { .. }, Dialect::V0) if !assigned => Kind::Set,
        (ast::Expr::RefBrack { .. }, _) => Kind::Object,
        _ => Kind::Complete,
    }
}

/// The static steps of a head, and where its first one stands.
fn static_head(expr: &ast::Expr) -> Option<(Name, &ast::Span)> {
    match expr {
        ast::Expr::Var { span, .. } => Some((vec![span.text().into()], span)),
        ast::Expr::RefDot { refr, field, .. } => {
            let (mut name, span) = static_head(refr)?;
            name.push(field.0.text().into());
            Some((name, span))
        }
        ast::Expr::RefBrack { refr, .. } => static_head(refr),
        _ => None,
    }
}

/// The steps of a reference that is static from end to end.
pub(super) fn steps(expr: &ast::Expr) -> Option<Name> {
    match expr {
        ast::Expr::Var { span, .. } => Some(vec![span.text().into()]),
        ast::Expr::RefDot { refr, field, .. } => {
            let mut name = steps(refr)?;
            name.push(field.0.text().into());
            Some(name)
        }
        ast::Expr::RefBrack { refr, index, .. } => {
            let mut name = steps(refr)?;
            name.push(text(index)?);
            Some(name)
        }
        _ => None,
    }
}

/// The text of a string literal.
pub(super) fn text(expr: &ast::Expr) -> Option<Arc<str>> {
    match expr {
        ast::Expr::String { value, .. } | ast::Expr::RawString { value, .. } => {
            value.as_string().ok().cloned()
        }
        _ => None,
    }
}

/// The first and the last line of a stretch of text.
fn lines(text: &str, start: u32, end: u32) -> (usize, usize) {
    let line = |at: u32| {
        let before = usize::try_from(at).ok().and_then(|at| text.as_bytes().get(..at)).unwrap_or_default();
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    };
    (line(start), line(end.saturating_sub(1).max(start)))
}
