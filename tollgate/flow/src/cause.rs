//! Errors for people: what happened, and why.

use std::error::Error;

/// An error and its causes in one line; a cause that only repeats what was said is left out.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let mut next = error.source();
    while let Some(error) = next {
        let cause = error.to_string();
        if !cause.contains(&last) && !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        last = cause;
        next = error.source();
    }
    text
}
