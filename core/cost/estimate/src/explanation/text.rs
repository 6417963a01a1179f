//! An explanation as plain text: a line for each node, in columns: label, arithmetic, fields and prices.

use std::fmt::Write as _;

use crate::{Explanation, Field};

/// What is longer than this pushes aside what follows it.
const WIDEST: usize = 56;

/// The widths of the columns of siblings.
#[derive(Clone, Copy, Default)]
struct Widths {
    label: usize,
    sum: usize,
}

impl Explanation {
    /// The tree as lines, each ending in a line feed. `locate` says where a field is written, such as
    /// `deploy/api.yaml:22`; where it does not know, the field alone is named.
    #[must_use]
    pub fn to_text(&self, locate: impl Fn(&Field) -> Option<String>) -> String {
        let mut text = String::new();
        if !self.is_empty() {
            self.write(&mut text, 0, Widths::default(), &locate);
        }
        text
    }

    fn write(
        &self,
        text: &mut String,
        depth: usize,
        widths: Widths,
        locate: &impl Fn(&Field) -> Option<String>,
    ) {
        let Widths { label, sum } = widths;
        let indent = depth.saturating_mul(2);
        let mut line = format!("{:indent$}{:label$}  {:sum$}", "", self.label, self.sum());
        for field in &self.fields {
            let _ = match locate(field) {
                Some(place) => write!(line, "  {field} ({place})"),
                None => write!(line, "  {field}"),
            };
        }
        for price in &self.prices {
            let _ = write!(line, "  price {}", price.place);
        }
        // What a stranger wrote may not begin a line of its own.
        for character in line.trim_end().chars() {
            if character.is_control() {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        text.push('\n');
        let widths = Widths {
            label: widest(self.below.iter().map(|below| below.label.chars().count())),
            sum: widest(self.below.iter().map(|below| below.sum().chars().count())),
        };
        for below in &self.below {
            below.write(text, depth.saturating_add(1), widths, locate);
        }
    }

    /// `0.5 core x 0.031611 USD = 0.0158055 an hour`
    fn sum(&self) -> String {
        match (self.arithmetic.is_empty(), &self.figure) {
            (true, None) => String::new(),
            (true, Some(figure)) => figure.to_string(),
            (false, None) => self.arithmetic.clone(),
            // The currency stands in the arithmetic.
            (false, Some(figure)) => {
                format!("{} = {}{}", self.arithmetic, figure.amount.to_exact_text(), figure.per.words())
            }
        }
    }
}

fn widest(widths: impl Iterator<Item = usize>) -> usize {
    widths.filter(|width| *width <= WIDEST).max().unwrap_or_default()
}
