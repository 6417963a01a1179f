//! CSV files: of our own columns, or handed on to be read as OpenCost's.

use std::sync::Arc;

use super::column::{Column, listed};
use super::csv::{Record, Records};
use super::errors::Errors;
use super::field::{Fields, Names};
use super::opencost;
use crate::error::shown;
use crate::{BookError, Problem, Row};

/// Reads a CSV file (RFC 4180, UTF-8) whose first record names its columns, in any order; or OpenCost's, known by its
/// header.
///
/// # Errors
/// All that is wrong with it, each with its line: see [`Problem`].
pub fn read_csv(file: &Arc<str>, bytes: &[u8]) -> Result<Vec<Row>, Vec<BookError>> {
    let mut errors = Errors::of(file);
    let rows = text(bytes, &mut errors).map(|text| rows(text, &mut errors)).unwrap_or_default();
    errors.or(rows)
}

/// The text of a file, without a byte order mark.
pub(super) fn text<'a>(bytes: &'a [u8], errors: &mut Errors) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let before = bytes.iter().take(error.valid_up_to());
            let line = before.filter(|byte| **byte == b'\n').count().saturating_add(1);
            errors.add(line, None, Problem::Encoding);
            None
        }
    }
}

fn rows(text: &str, errors: &mut Errors) -> Vec<Row> {
    let mut records = Records::of(text);
    let Some(header) = records.next() else {
        errors.add(1, None, Problem::Empty);
        return Vec::new();
    };
    if header.fields.as_ref().is_ok_and(|words| *words == opencost::HEADER) {
        let rows = opencost::rows(text, records, errors);
        if rows.is_empty() {
            errors.add_if_none(header.line, Problem::Empty);
        }
        return rows;
    }
    let Some(columns) = columns(&header, errors) else { return Vec::new() };
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for record in records {
        if errors.is_full() {
            break;
        }
        rows.extend(row(&record, &columns, &mut names, errors));
    }
    if rows.is_empty() {
        errors.add_if_none(header.line, Problem::Empty);
    }
    rows
}

/// The columns that a header names.
fn columns(header: &Record<'_>, errors: &mut Errors) -> Option<Vec<Column>> {
    let line = header.line;
    let words = match &header.fields {
        Ok(words) => words,
        Err(problem) => {
            errors.add(line, None, problem.clone());
            return None;
        }
    };
    let mut columns = Vec::new();
    for word in words {
        match Column::from_word(word) {
            Some(column) if columns.contains(&column) => {
                errors.add(line, column.word(), Problem::RepeatedColumn);
            }
            Some(column) => columns.push(column),
            None => {
                let known = listed(Column::ALL.map(Column::word));
                errors.add(line, shown(word).as_str(), Problem::Unknown(known));
            }
        }
    }
    for column in Column::REQUIRED {
        if !columns.contains(&column) {
            errors.add(line, column.word(), Problem::MissingColumn);
        }
    }
    // Without the columns in order, no row can be read.
    (columns.len() == words.len()).then_some(columns)
}

fn row(record: &Record<'_>, columns: &[Column], names: &mut Names, errors: &mut Errors) -> Option<Row> {
    let words = match &record.fields {
        Ok(words) if words.len() == columns.len() => words,
        Ok(words) => {
            let problem = Problem::FieldCount { expected: columns.len(), found: words.len() };
            errors.add(record.line, None, problem);
            return None;
        }
        Err(problem) => {
            errors.add(record.line, None, problem.clone());
            return None;
        }
    };
    let mut fields = Fields::at(record.line);
    for (column, word) in columns.iter().zip(words) {
        fields.set(*column, word, record.line);
    }
    fields.row(names, errors)
}
