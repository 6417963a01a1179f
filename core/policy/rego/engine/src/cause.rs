//! Why a rule found something, as a place in the object: which of the paths that its conditions read is to blame.
//!
//! A condition that judges is to blame before one that wants a certain value or asks another rule or function, that
//! before one that says what the rule is about (kind, operation, name), that before one that only names things. Of those
//! that judge the last one written; of those that want or ask the one that looked deepest, for an exemption looks at less
//! than what it exempts from. Of a condition's paths the longest: it is the one that was asked about. Where a condition only
//! names what it goes through, nothing of it in particular is to blame, but all.
//!
//! INVARIANT: where nothing of the object was read, there is no path; a wrong one is worse than none.

use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::Path;

use crate::lower::atom::Role;
use crate::run::{Glance, Seen};

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
        let mut best: Option<(Blame, Path, &Seen)> = None;
        for one in seen {
            let Some(mark) = one.condition else { continue };
            let Some(path) = path(mark.role, &one.paths) else { continue };
            let depth = path.steps().len();
            let blame = match mark.role {
                Role::Binds => (0, 0, mark.span),
                Role::Selects => (1, 0, mark.span),
                Role::Equals | Role::Asks => (2, depth, mark.span),
                Role::Judges => (3, 0, mark.span),
            };
            if best.as_ref().is_none_or(|(other, ..)| blame > *other) {
                best = Some((blame, path, one));
            }
        }
        let last = || seen.iter().rev().find_map(|one| one.condition).map(|mark| (mark.file, mark.span));
        match best {
            Some((_, path, one)) => {
                Self { path: Some(path), condition: one.condition.map(|mark| (mark.file, mark.span)) }
            }
            None => Self { path: None, condition: last() },
        }
    }
}

/// How much a condition is to blame: by what it is for, by how deep it looked, by where it stands.
type Blame = (u8, usize, Span);

/// The path of a condition that is to blame.
fn path(role: Role, glances: &[Glance]) -> Option<Path> {
    if role != Role::Binds {
        return longest(glances).cloned();
    }
    let whole = |glance: &Glance| {
        let mut path = glance.path.clone();
        if glance.is_part {
            path.pop();
        }
        path
    };
    let shared = |a: Path, b: Path| {
        let steps = a.steps().iter().zip(b.steps()).take_while(|(a, b)| a == b).map(|(step, _)| step.clone());
        Path::from(steps.collect::<Vec<_>>())
    };
    glances.iter().map(whole).reduce(shared).filter(|path| !path.is_root())
}

fn longest(glances: &[Glance]) -> Option<&Path> {
    let mut longest: Option<&Path> = None;
    for Glance { path, .. } in glances {
        if longest.is_none_or(|other| other.steps().len() < path.steps().len()) {
            longest = Some(path);
        }
    }
    longest
}
