//! Fields that are not there.

use tollgate_rego_resolve::tree::{Term, TermKind};
use tollgate_schema::{Type as Schema, did_you_mean};

use super::Scope;
use super::guess::Slip;
use super::origin::{Origin, taken_with_default};
use super::place::{Cursor, Form, Found, Place, Step};
use crate::code::Severity;
use crate::kind::Type;
use crate::problem::Problem;

/// How many fields a remedy lists.
const LISTED: usize = 12;

impl Scope<'_, '_> {
    /// Looks at a reference, or at `object.get`: whether each of its own steps leads somewhere, and what stands at its
    /// end.
    pub(super) fn field(&mut self, term: &Term) {
        let end = match &term.kind {
            TermKind::Ref { base, steps } => self
                .base(base, steps)
                .and_then(|(origin, taken)| self.follow(origin, steps.get(taken..).unwrap_or_default())),
            _ => {
                if let Some((object, keys, _)) = taken_with_default(term)
                    && let Some(origin) = self.origin(object)
                {
                    self.follow(origin, keys);
                }
                return;
            }
        };
        if let Some(end) = end.filter(Origin::is_value) {
            let found: Vec<Found> =
                end.places.iter().flat_map(|place| place.look(&self.facts, self.review)).collect();
            if let Some(of) = type_of(&found) {
                self.shapes.given.insert((self.file, term.span), of);
            }
        }
    }

    /// Goes the steps from a place; nothing where one leads nowhere, which is reported.
    fn follow(&mut self, from: Origin, steps: &[Term]) -> Option<Origin> {
        let mut origin = from;
        for step in steps {
            let inside = origin.is_value();
            let after = origin.step(&self.steps_of(step))?;
            if inside && self.missing(&after.places, step) {
                return None;
            }
            origin = after;
        }
        Some(origin)
    }

    /// Reports a last step that leads nowhere, whichever place and kind it is. Whether it did.
    fn missing(&mut self, places: &[Place], step: &Term) -> bool {
        let mut first = None;
        let mut kinds: Vec<&'static str> = Vec::new();
        let mut known: Vec<&'static str> = Vec::new();
        for place in places {
            for found in place.look(&self.facts, self.review) {
                let Found::Missing { at, from, kind } = found else {
                    self.slip(places, step);
                    return false;
                };
                // A step before this one: reported there.
                if at.saturating_add(1) != place.steps.len() {
                    return false;
                }
                kinds.push(kind);
                known.extend(from.fields());
                first.get_or_insert((place, from));
            }
        }
        let Some((place, from)) = first else { return false };
        kinds.sort_unstable();
        kinds.dedup();
        known.sort_unstable();
        known.dedup();
        let message = message(place, from, &kinds, step);
        let mut problem = Problem::new(self.file, step.span, "unknown-field", message);
        problem.remedy = remedy(place, from, &known);
        self.shapes.problems.insert(problem);
        true
    }

    /// A slip in the first step of a package that reads reviews.
    fn beside(&self, steps: &[Step]) -> Option<Slip> {
        let [Step::Key(name)] = steps else { return None };
        let meant = did_you_mean(name, ROOTS).filter(|_| self.review)?;
        let message = format!("a review has no field `{name}`");
        Some(Slip { message, remedy: format!("did you mean `{meant}`?") })
    }

    /// Reports a last step that looks like a slip, where no kind is known.
    fn slip(&mut self, places: &[Place], step: &Term) {
        let mut slip = None;
        for place in places {
            let Some((form, start)) = place.object() else { return };
            if let Some(beside) = self.beside(&place.steps) {
                slip.get_or_insert(beside);
                continue;
            }
            let open = place.facts.is_open(form) && self.facts.is_open(form);
            let inside = place.steps.get(start..).unwrap_or_default();
            // What else has no such parts is no object of Kubernetes.
            let parts = matches!(inside.first().and_then(Step::name), Some("metadata" | "spec" | "status"));
            if !open || (form == Form::Object && !(self.object && parts)) {
                return;
            }
            let Some(found) = self.shapes.guesses.slip(inside, written) else { return };
            slip.get_or_insert(found);
        }
        if let Some(Slip { message, remedy }) = slip {
            let mut problem = Problem::new(self.file, step.span, "unknown-field", message).mended_by(remedy);
            problem.severity = Severity::Warning;
            self.shapes.problems.insert(problem);
        }
    }
}

/// What stands in `input` where it is no object itself.
const ROOTS: [&str; 4] = ["context", "parameters", "request", "review"];

fn message(place: &Place, from: Cursor, kinds: &[&str], step: &Term) -> String {
    let kinds = match kinds {
        ["object"] => "every object".to_owned(),
        [kind] if kind.starts_with(['A', 'E', 'I', 'O', 'U']) => format!("an {kind}"),
        [kind] => format!("a {kind}"),
        kinds => kinds.join(" or "),
    };
    let parent = place.steps.get(..place.steps.len().saturating_sub(1)).unwrap_or_default();
    let skip = match parent {
        [Step::Key(root), Step::Key(object), ..]
            if matches!(&**root, "request" | "review") && matches!(&**object, "object" | "oldObject") =>
        {
            2
        }
        _ => 0,
    };
    let inside = parent.get(skip..).unwrap_or_default();
    let holder = if inside.is_empty() { kinds } else { format!("`{}` of {kinds}", written(inside)) };
    match (from.fields().is_empty(), &step.kind) {
        (false, TermKind::String(name)) => format!("{holder} has no field `{name}`"),
        (_, TermKind::String(name)) => format!("{holder} is {}: it has no field `{name}`", from.word()),
        _ => format!("{holder} is {}: nothing can be stepped to", from.word()),
    }
}

fn remedy(place: &Place, from: Cursor, known: &[&'static str]) -> Option<String> {
    let name = place.steps.last().and_then(Step::name)?;
    if let Cursor::Type(Schema::List { .. }) = from {
        return Some(format!("go through its items: `[_].{name}`, or `some item in ..` and `item.{name}`"));
    }
    match did_you_mean(name, known.iter().copied()) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None if (1..=LISTED).contains(&known.len()) => Some(format!("it has `{}`", known.join("`, `"))),
        None => None,
    }
}

fn written(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(name) if text.is_empty() => text.push_str(name),
            Step::Key(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Item => text.push_str("[_]"),
        }
    }
    text
}

/// The type of what stands there, whichever place and kind it is.
fn type_of(found: &[Found]) -> Option<Type> {
    let mut all = Type::Null;
    for found in found {
        match found {
            Found::Type(cursor) => all = all.or(converted(*cursor, 0)),
            Found::Unknown => return None,
            // Undefined for that kind.
            Found::Missing { .. } => {}
        }
    }
    (all != Type::Null).then_some(all)
}

fn converted(cursor: Cursor, depth: usize) -> Type {
    let any = |of: &'static Schema| {
        if depth < 2 { converted(Cursor::of(of), depth.saturating_add(1)) } else { Type::Any }
    };
    let object = |value: Type| Type::object(std::collections::BTreeMap::new(), Some((Type::String, value)));
    match cursor {
        Cursor::Object(_) => object(Type::Any),
        Cursor::Type(of) => match of {
            Schema::Any | Schema::Object(_) => Type::Any,
            Schema::String(_) | Schema::Time | Schema::Bytes => Type::String,
            Schema::Integer | Schema::Number => Type::Number,
            Schema::Boolean => Type::Boolean,
            Schema::Quantity | Schema::IntOrString => Type::String.or(Type::Number),
            Schema::List { item, .. } => Type::array(Vec::new(), Some(any(item))),
            Schema::Map(item) => object(any(item)),
        },
    }
}
