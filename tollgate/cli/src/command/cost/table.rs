//! A table for people: names to the left, figures to the right, in columns.

use crate::output::visible;

/// Rows below a head.
pub(super) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// how many columns behind the first are figures
    figures: usize,
}

impl Table {
    /// A table whose first column is a name; `figures` columns of figures follow, and then words.
    pub(super) fn new(head: &[&'static str], figures: usize) -> Self {
        Self { head: head.to_vec(), rows: Vec::new(), figures }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// All rows, and an empty line behind; nothing where there are none.
    pub(super) fn to_text(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let head: Vec<String> = self.head.iter().map(|&cell| cell.to_owned()).collect();
        let all = || std::iter::once(&head).chain(&self.rows);
        let width = |at: usize| {
            all().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let mut text = String::new();
        for row in all() {
            let mut line = String::new();
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if (1..=self.figures).contains(&at) {
                    line.push_str(&format!("{cell:>width$}  "));
                } else {
                    line.push_str(&format!("{cell:<width$}  "));
                }
            }
            text.push_str(&visible(line.trim_end()));
            text.push('\n');
        }
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn figures_stand_to_the_right_and_words_to_the_left() {
        let mut table = Table::new(&["object", "a month", "why"], 1);
        table.push(vec!["Job a".to_owned(), "0.50".to_owned(), "new".to_owned()]);
        table.push(vec!["Deployment \u{7}".to_owned(), "12345.00".to_owned(), String::new()]);
        let wanted =
            "object         a month  why\nJob a             0.50  new\nDeployment \u{fffd}  12345.00\n\n";
        assert_eq!(table.to_text(), wanted);
        assert_eq!(Table::new(&["object"], 0).to_text(), "");
    }
}
