//! CSV by RFC 4180, with the lines of its records.
//!
//! Accepted beside the RFC: line ends of LF alone, empty lines, lines that begin with `#`, spaces around a field.

use std::borrow::Cow;

use crate::Problem;

/// Fields of one record.
const MOST: usize = 256;

/// Reads record after record.
pub(super) struct Records<'a> {
    rest: &'a str,
    line: usize,
}

/// One record, or what is wrong with it.
pub(super) struct Record<'a> {
    /// where it begins
    pub(super) line: usize,
    pub(super) fields: Result<Vec<Cow<'a, str>>, Problem>,
}

impl<'a> Records<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// One field, and what ended it.
    fn field(&mut self) -> Result<(Cow<'a, str>, End), Problem> {
        self.rest = self.rest.trim_start_matches(' ');
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let length = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (field, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
            self.rest = rest;
            let end = self.end().unwrap_or(End::Record);
            let field = if end == End::Record { field.strip_suffix('\r').unwrap_or(field) } else { field };
            return if field.contains('"') {
                self.skip(end);
                Err(Problem::StrayQuote)
            } else {
                Ok((field.trim_end_matches(' ').into(), end))
            };
        };
        self.rest = quoted;
        let mut text = Cow::Borrowed("");
        loop {
            let Some((part, rest)) = self.rest.split_once('"') else {
                self.rest = "";
                return Err(Problem::OpenQuote);
            };
            self.line += part.bytes().filter(|byte| *byte == b'\n').count();
            text += part;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    text += "\"";
                    self.rest = rest;
                }
                None => {
                    self.rest = rest.trim_start_matches(' ');
                    break;
                }
            }
        }
        if let Some(rest) =
            self.rest.strip_prefix('\r').filter(|rest| rest.is_empty() || rest.starts_with('\n'))
        {
            self.rest = rest;
        }
        match self.end() {
            Some(end) => Ok((text, end)),
            None => {
                self.skip(End::Field);
                Err(Problem::StrayQuote)
            }
        }
    }

    /// Takes what ends a field; nothing where something else stands there.
    fn end(&mut self) -> Option<End> {
        if let Some(rest) = self.rest.strip_prefix(',') {
            self.rest = rest;
            return Some(End::Field);
        }
        if let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.line += 1;
            return Some(End::Record);
        }
        self.rest.is_empty().then_some(End::Record)
    }

    /// Leaves out what is left of a record, after a field that ended so.
    fn skip(&mut self, end: End) {
        if end == End::Field {
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
            self.line += 1;
        }
    }
}

/// What a field ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Field,
    Record,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        while let Some((line, rest)) = self.rest.split_once('\n').or(Some((self.rest, "")))
            && !self.rest.is_empty()
            && (line.starts_with('#') || line.trim().is_empty())
        {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return None;
        }
        let (line, mut fields) = (self.line, Vec::new());
        loop {
            match self.field() {
                Ok((field, end)) => {
                    fields.push(field);
                    if end == End::Record {
                        return Some(Record { line, fields: Ok(fields) });
                    }
                    if fields.len() == MOST {
                        self.skip(end);
                        return Some(Record { line, fields: Err(Problem::TooManyFields(MOST)) });
                    }
                }
                Err(problem) => return Some(Record { line, fields: Err(problem) }),
            }
        }
    }
}
