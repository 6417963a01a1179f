//! Why a rule found something, as a place in the object: which of the paths that its conditions read is to blame.
//!
//! A condition that judges is to blame before one that only wants a certain value, that before one that says what the
//! rule is about (kind, operation, name), that before one that only names things; of equals the last one written. Of a
//! condition's paths the longest: it is the one that was asked about.
//!
//! INVARIANT: where nothing of the object was read, there is no path; a wrong one is worse than none.

use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::Path;

use crate::lower::atom::Role;
use crate::run::Seen;

/// Why a rule found something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// the path to blame, down to what is missing where something is; none where nothing of the object was read
    pub path: Option<Path>,
    /// the condition that read it: index of its file, and where it stands
    pub condition: Option<(usize, Span)>,
}

impl Cause {
    pub(crate) fn of(seen: &[Seen]) -> Self {
        let mut best: Option<(Role, Span, &Seen)> = None;
        for one in seen.iter().filter(|one| !one.paths.is_empty()) {
            let Some(mark) = one.condition else { continue };
            let better = best.is_none_or(|(role, span, _)| (mark.role, mark.span) > (role, span));
            if better {
                best = Some((mark.role, mark.span, one));
            }
        }
        let last = || seen.iter().rev().find_map(|one| one.condition).map(|mark| (mark.file, mark.span));
        match best {
            Some((_, _, one)) => Self {
                path: longest(&one.paths).cloned(),
                condition: one.condition.map(|mark| (mark.file, mark.span)),
            },
            None => Self { path: None, condition: last() },
        }
    }
}

fn longest(paths: &[Path]) -> Option<&Path> {
    let mut longest: Option<&Path> = None;
    for path in paths {
        if longest.is_none_or(|other| other.steps().len() < path.steps().len()) {
            longest = Some(path);
        }
    }
    longest
}
