//! A TOML file of prices.
//!
//! ```text
//! [[price]]            ──> Fields ──> Row            keys are the columns of a CSV file
//! [node."m7i.xlarge"]  ──> Node ──split by [base]──> instance, cpu, memory, gpu
//! ```
//!
//! INVARIANT: numbers keep their text until they are read as exact decimals; no float is made of them.

use std::borrow::Cow;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::column::{Column, listed};
use super::errors::Errors;
use super::field::{Fields, Names};
use super::node::{self, Base};
use super::table;
use crate::error::shown;
use crate::{BookError, Problem, Row};

/// Reads a TOML file (1.1, UTF-8) with `[[price]]` tables and `[node.TYPE]` tables.
///
/// # Errors
/// All that is wrong with it, each with its line: see [`Problem`].
pub fn read_toml(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Row>, Vec<BookError>> {
    let mut errors = Errors::of(file);
    let rows = table::text(bytes, &mut errors).map(|text| rows(text, &mut errors)).unwrap_or_default();
    errors.or(rows)
}

/// A table of a file, with its line.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) line: usize,
    entries: &'a DeTable<'a>,
    lines: &'a Lines,
}

/// A value, as text.
pub(super) struct Word<'a> {
    pub(super) key: &'a str,
    pub(super) text: Cow<'a, str>,
    pub(super) line: usize,
}

/// Where the lines of a text begin.
pub(super) struct Lines(Vec<usize>);

fn rows(text: &str, errors: &mut Errors) -> Vec<Row> {
    let lines = Lines::of(text);
    let (document, wrong) = DeTable::parse_recoverable(text);
    for error in &wrong {
        let line = lines.at(error.span().map_or(0, |span| span.start));
        errors.add(line, None, Problem::Syntax(shown(error.message())));
    }
    if !wrong.is_empty() {
        return Vec::new();
    }
    let file = Table { line: 1, entries: document.get_ref(), lines: &lines };
    let base = Base::read(file, errors);
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for (key, value) in file.entries {
        if errors.is_full() {
            break;
        }
        match key.get_ref().as_ref() {
            "price" => {
                for table in file.tables(key, value, errors) {
                    rows.extend(price(table, &mut names, errors));
                }
            }
            "node" => {
                for (instance_type, nodes) in
                    file.table(key, value, errors).iter().flat_map(|table| table.entries)
                {
                    for table in file.tables(instance_type, nodes, errors) {
                        rows.extend(node::rows(instance_type.get_ref(), table, &base, &mut names, errors));
                    }
                }
            }
            "base" => {}
            other => {
                let known = listed(["price", "node", "base"]);
                errors.add(lines.at(key.span().start), shown(other).as_str(), Problem::Unknown(known));
            }
        }
    }
    if rows.is_empty() {
        errors.add_if_none(1, Problem::Empty);
    }
    rows
}

/// The row of a `[[price]]` table.
fn price(table: Table<'_>, names: &mut Names, errors: &mut Errors) -> Option<Row> {
    let words = table.words(&Column::ALL.map(Column::word), errors)?;
    let mut fields = Fields::at(table.line);
    for word in &words {
        if let Some(column) = Column::from_word(word.key) {
            fields.set(column, &word.text, word.line);
        }
    }
    fields.row(names, errors)
}

impl<'a> Table<'a> {
    /// One table of this one.
    pub(super) fn named(self, name: &str, errors: &mut Errors) -> Option<Table<'a>> {
        let (key, value) = self.entries.get_key_value(name)?;
        self.table(key, value, errors)
    }

    /// The values of a table that has no other keys than `known`; nothing where one is no text and no number.
    pub(super) fn words(self, known: &[&'static str], errors: &mut Errors) -> Option<Vec<Word<'a>>> {
        let (mut words, mut sound) = (Vec::new(), true);
        for (key, value) in self.entries {
            let (line, key) = (self.lines.at(key.span().start), key.get_ref().as_ref());
            let problem = match text(value.get_ref()) {
                _ if value.get_ref().is_table() => Problem::Nested,
                _ if !known.contains(&key) => Problem::Unknown(listed(known.iter().copied())),
                Ok(text) => {
                    words.push(Word { key, text, line });
                    continue;
                }
                Err(problem) => problem,
            };
            errors.add(line, shown(key).as_str(), problem);
            sound = false;
        }
        sound.then_some(words)
    }

    fn table(
        self,
        key: &'a Spanned<Cow<'_, str>>,
        value: &'a Spanned<DeValue<'_>>,
        errors: &mut Errors,
    ) -> Option<Table<'a>> {
        let line = self.lines.at(value.span().start);
        match value.get_ref() {
            DeValue::Table(entries) => Some(Table { line, entries, lines: self.lines }),
            other => {
                let found = other.type_str().to_owned();
                let problem = Problem::Value { found, expected: "a table".to_owned() };
                errors.add(line, shown(key.get_ref()).as_str(), problem);
                None
            }
        }
    }

    /// A table, or a list of them.
    fn tables(
        self,
        key: &'a Spanned<Cow<'_, str>>,
        value: &'a Spanned<DeValue<'_>>,
        errors: &mut Errors,
    ) -> Vec<Table<'a>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|item| self.table(key, item, errors)).collect(),
            _ => self.table(key, value, errors).into_iter().collect(),
        }
    }
}

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(offset, _)| offset + 1).collect())
    }

    /// The line, from 1, of a byte.
    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset) + 1
    }
}

/// The text of a text, a number or a date.
fn text<'a>(value: &'a DeValue<'_>) -> Result<Cow<'a, str>, Problem> {
    match value {
        DeValue::String(text) => Ok(text.as_ref().into()),
        DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().into()),
        DeValue::Integer(number) => Ok(number.to_string().into()),
        DeValue::Float(number) => Ok(number.as_str().into()),
        DeValue::Datetime(time) => Ok(time.to_string().into()),
        DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => Err(Problem::Value {
            found: value.type_str().to_owned(),
            expected: "a text, a number or a date".to_owned(),
        }),
    }
}
