//! Fields that no built-in kind has, where the kind is not known: a kind of the user's own may have them, so only what
//! looks like a slip is said, and as a warning.
//!
//! INVARIANT: the places of all kinds are worked out once for each path, from those of the path before it.

use std::collections::BTreeMap;
use std::rc::Rc;

use tollgate_schema::{Type as Schema, did_you_mean, kinds};

use super::place::{Cursor, Step};

/// What stands at a path in any built-in kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Guess {
    /// each once
    cursors: Vec<Cursor>,
    /// whether anything may stand there in some kind
    open: bool,
}

/// Guesses by path.
#[derive(Debug, Default)]
pub(super) struct Guesses(BTreeMap<Vec<Step>, Rc<Guess>>);

/// A step that leads nowhere in every kind.
pub(super) struct Slip {
    pub(super) message: String,
    pub(super) remedy: String,
}

impl Guesses {
    /// Whether the last of these steps into an object looks like a slip.
    pub(super) fn slip(&mut self, steps: &[Step], written: impl Fn(&[Step]) -> String) -> Option<Slip> {
        let (last, before) = steps.split_last()?;
        let name = last.name()?;
        let parent = self.at(before);
        let here = self.at(steps);
        if parent.open || here.open || !here.cursors.is_empty() || parent.cursors.is_empty() {
            return None;
        }
        let place = written(before);
        if parent.cursors.iter().all(|cursor| matches!(cursor, Cursor::Type(Schema::List { .. }))) {
            let message = format!("in every built-in kind `{place}` is a list: it has no field `{name}`");
            let remedy =
                format!("go through its items: `[_].{name}`, or `some item in ..` and `item.{name}`");
            return Some(Slip { message, remedy });
        }
        let mut fields: Vec<&'static str> =
            parent.cursors.iter().flat_map(|cursor| cursor.fields()).collect();
        fields.sort_unstable();
        fields.dedup();
        let meant = did_you_mean(name, fields)?;
        let inside = if before.is_empty() { String::new() } else { format!(" in `{place}`") };
        let message = format!("no built-in kind has a field `{name}`{inside}");
        Some(Slip { message, remedy: format!("did you mean `{meant}`?") })
    }

    fn at(&mut self, steps: &[Step]) -> Rc<Guess> {
        if let Some(known) = self.0.get(steps) {
            return known.clone();
        }
        let mut guess = Guess::default();
        match steps.split_last() {
            None => {
                for kind in kinds() {
                    guess.add(Cursor::Object(kind.object));
                }
            }
            Some((last, before)) => {
                let parent = self.at(before);
                guess.open = parent.open;
                for next in parent.cursors.iter().filter_map(|cursor| cursor.step(last)) {
                    match next {
                        Some(cursor) => guess.add(cursor),
                        None => guess.open = true,
                    }
                }
            }
        }
        let guess = Rc::new(guess);
        self.0.insert(steps.to_vec(), guess.clone());
        guess
    }
}

impl Guess {
    fn add(&mut self, cursor: Cursor) {
        if !self.cursors.contains(&cursor) {
            self.cursors.push(cursor);
        }
    }
}
