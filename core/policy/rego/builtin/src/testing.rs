//! Calls of builtins for tests.

use tollgate_rego_value::{Arena, Val};

use crate::quote::quoted;
use crate::{Body, Call, Error, Meter, Patterns, lookup};

/// The time at which tests run: 2024-01-01T00:00:00Z.
pub(crate) const NOW: i64 = 1_704_067_200_000_000_000;

/// Calls `name` and looks at what it gives.
pub(crate) fn call<T>(name: &str, args: &[Val<'_>], look: impl FnOnce(Result<Val<'_>, Error>) -> T) -> T {
    let arena = Arena::new(1 << 26);
    let meter = Meter::new(1 << 24);
    let Some(Body::Function(function)) = lookup(name).map(|builtin| builtin.body) else {
        panic!("`{name}` has no function");
    };
    look(function(&Call { arena: &arena, meter: &meter, patterns: &Patterns::default(), now: NOW }, args))
}

/// What `name` gives, as text.
pub(crate) fn eval(name: &str, args: &[Val<'_>]) -> String {
    call(name, args, |result| match result {
        Ok(value) => show(&value),
        Err(error) => panic!("`{name}` failed: {error:?}"),
    })
}

/// The message with which `name` fails.
pub(crate) fn fails(name: &str, args: &[Val<'_>]) -> String {
    call(name, args, |result| match result {
        Err(Error::Type(message) | Error::Failed(message)) => message,
        other => panic!("`{name}` gave {other:?}"),
    })
}

/// `value` as JSON, sets in braces.
fn show(value: &Val<'_>) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Val::Null => "null".to_owned(),
        Val::Bool(truth) => truth.to_string(),
        Val::Int(number) => number.to_string(),
        Val::Number(text) => (*text).to_owned(),
        Val::String(text) => quoted(text),
        Val::Set(items) => format!("{{{}}}", list(items.iter().map(show).collect())),
        other => match (other.as_array(), other.as_object()) {
            (Some(items), _) => format!("[{}]", list(items.iter().map(|item| show(&item)).collect())),
            (_, Some(object)) => {
                let entries = object.iter().map(|(key, value)| format!("{}: {}", show(&key), show(&value)));
                format!("{{{}}}", list(entries.collect()))
            }
            _ => panic!("neither list nor object"),
        },
    }
}
