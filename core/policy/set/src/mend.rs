//! What can be mended of rules without asking their author.
//!
//! ```text
//! files ──Read──> check ──fixes──> texts ──modernized──> texts ──check again──> ... until nothing is left to mend
//! ```
//! INVARIANT: a text that comes out reads as Rego; one that would not is left as it was.

use std::sync::Arc;

use tollgate_rego_check::{Edit, Files, Problem, applied, check, fixes, modernized};
use tollgate_rego_syntax::parse;
use tollgate_rego_syntax::tree::{Dialect, Module};

use crate::load::LoadError;
use crate::set::Read;
use crate::source::RuleFile;

/// How often mended rules are looked at again: what is taken out may leave more to take out.
const ROUNDS: usize = 8;

/// A file of rules, mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// path relative to the estate
    pub path: Arc<str>,
    /// what stands in it now
    pub before: Arc<str>,
    /// what should
    pub after: String,
    /// how many places were rewritten
    pub places: usize,
}

/// Mends what can be; `modern` also writes Rego v0 as v1. Sorted by path; files without anything to mend are left out.
///
/// # Errors
/// What does not read: nothing is known of rules then.
pub fn mend(files: &[RuleFile], modern: bool) -> Result<Vec<Mended>, Vec<LoadError>> {
    let Read { mut trees, modules, data, .. } = Read::of(files)?;
    let mut texts: Vec<String> = modules.iter().map(|module| module.text.to_string()).collect();
    let mut places = vec![0_usize; texts.len()];
    for _ in 0..ROUNDS {
        let (resolved, found) = tollgate_rego_resolve::resolve(&trees);
        let borrowed: Vec<&str> = texts.iter().map(|text| &**text).collect();
        let read = Files { texts: &borrowed, modules: &trees, data: Some(&data) };
        let problems = check(&read, &resolved, found).problems;
        let mut changed = false;
        for (file, ((text, tree), places)) in texts.iter_mut().zip(&mut trees).zip(&mut places).enumerate() {
            let own: Vec<Problem> = problems.iter().filter(|problem| problem.file == file).cloned().collect();
            changed |= rewritten(text, tree, places, &fixes(text, tree, &own), None);
            if modern && tree.dialect == Dialect::V0 {
                changed |= rewritten(text, tree, places, &modernized(text, tree), Some(Dialect::V1));
            }
        }
        if !changed {
            break;
        }
    }
    let mended =
        modules.into_iter().zip(texts).zip(places).filter(|((module, text), _)| *module.text != **text);
    let mended = mended.map(|((module, after), places)| Mended {
        path: module.path,
        before: module.text,
        after,
        places,
    });
    Ok(mended.collect())
}

/// Makes edits, where what they make reads (as `dialect`); whether anything is another now.
fn rewritten(
    text: &mut String,
    tree: &mut Module,
    places: &mut usize,
    edits: &[Edit],
    dialect: Option<Dialect>,
) -> bool {
    let after = applied(text, edits);
    if after == *text {
        return false;
    }
    let Ok(read) = parse(&after, dialect) else { return false };
    *places = places.saturating_add(edits.len());
    (*text, *tree) = (after, read);
    true
}
