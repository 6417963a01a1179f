//! What conditions came to, in words: the condition as written, the values that it met, what rules printed.
//!
//! INVARIANT: a value is shown as rules see it, so what was masked when it was read is masked here too.

use tollgate_rego::{Attempt, Glimpse, Outcome, Term, Val};
use tollgate_rego_syntax::tree::Span;
use tollgate_vocabulary::{Path, PolicyPlace};

use crate::PolicySet;

/// How long a value that is shown may be, in characters.
const LONG: usize = 240;

/// One attempt at a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// where the condition stands
    pub place: PolicyPlace,
    /// the condition as it is written, in one line
    pub text: String,
    /// whether it held; none where another condition ended it
    pub held: Option<bool>,
    /// the values that it worked out or used, in order
    pub values: Vec<Seen>,
}

/// A value that a condition worked out or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// the term, as it is written
    pub term: String,
    /// its value; none where it had none
    pub value: Option<String>,
    /// where in the object it stands, or would stand, where it was read there
    pub path: Option<Path>,
}

/// A line that a rule printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// where in the rules
    pub place: Option<PolicyPlace>,
    /// what it says
    pub text: String,
}

impl PolicySet {
    pub(crate) fn told(&self, attempt: &Attempt<'_>) -> Told {
        let condition = self.program.conditions().get(attempt.condition as usize);
        let (file, span) = condition.map_or((usize::MAX, Span::default()), |at| (at.file, at.span));
        let nowhere = || PolicyPlace { file: "".into(), line: 0, column: 0 };
        Told {
            place: self.place(file, span).unwrap_or_else(nowhere),
            text: self.text(file, span),
            held: match attempt.outcome {
                Outcome::Held => Some(true),
                Outcome::Failed => Some(false),
                Outcome::Left => None,
            },
            values: attempt.glimpses.iter().map(|glimpse| self.seen(file, glimpse)).collect(),
        }
    }

    fn seen(&self, file: usize, glimpse: &Glimpse<'_>) -> Seen {
        let term = match &glimpse.term {
            Term::Name(name) => name.to_string(),
            Term::At(span) => self.text(file, *span),
        };
        Seen { term, value: glimpse.value.as_ref().map(shown), path: glimpse.path.clone() }
    }

    pub(crate) fn notes(&self, notes: &[tollgate_rego::Note]) -> Vec<Note> {
        let note = |note: &tollgate_rego::Note| Note {
            place: self.place(note.file, note.span),
            text: note.text.clone(),
        };
        notes.iter().map(note).collect()
    }

    /// What is written at a place, in one line.
    pub(crate) fn text(&self, file: usize, span: Span) -> String {
        let text =
            self.files.get(file).and_then(|(_, text, _)| text.get(span.start as usize..span.end as usize));
        let words: Vec<&str> = text.unwrap_or_default().split_whitespace().collect();
        cut(words.join(" "))
    }
}

/// A value, as long as it may be.
pub(crate) fn shown(value: &Val<'_>) -> String {
    match value.print(1 << 16) {
        Ok(text) => cut(text),
        Err(_) => format!("{} with {} parts", value.kind().word(), value.len().unwrap_or_default()),
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(LONG) {
        text.truncate(at);
        text.push('…');
    }
    text
}
