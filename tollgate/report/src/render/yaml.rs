//! The report as YAML: the data of the JSON, in block style; every string double-quoted with JSON's escapes, so that
//! none is read as anything else.

use std::io;

use serde::Serialize as _;
use serde_json::ser::{Formatter, Serializer};

use super::inert;
use crate::Report;

pub(super) fn render(report: &Report) -> String {
    let mut bytes = Vec::new();
    let written = report.serialize(&mut Serializer::with_formatter(&mut bytes, Block::default()));
    // Writing to memory, and nothing in a report that JSON cannot say.
    debug_assert!(written.is_ok());
    let text = String::from_utf8(bytes).unwrap_or_default();
    // Line ends stand outside of strings only: what ends in a blank is a key whose value begins below.
    inert::yaml(&format!("{}\n", text.replace(": \n", ":\n")))
}

/// Writes blocks where JSON writes brackets.
#[derive(Default)]
struct Block {
    /// containers that are open
    depth: usize,
    /// whether the innermost container has nothing in it yet
    empty: bool,
    /// whether a `- ` was just written, so that a key follows on the same line
    dash: bool,
    in_key: bool,
    begun: bool,
}

impl Block {
    fn begin(&mut self) {
        self.depth += 1;
        self.empty = true;
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W, nothing: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        let empty = std::mem::replace(&mut self.empty, false);
        if empty { writer.write_all(nothing) } else { Ok(()) }
    }

    fn line<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.empty = false;
        if std::mem::replace(&mut self.dash, false) || !std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        writer.write_all(b"\n")?;
        (1..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Block {
    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.in_key { Ok(()) } else { writer.write_all(b"\"") }
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin_string(writer)
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"[]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, _: bool) -> io::Result<()> {
        self.line(writer)?;
        self.dash = true;
        writer.write_all(b"- ")
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.dash = false;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.begin();
        Ok(())
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"{}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, _: bool) -> io::Result<()> {
        self.line(writer)?;
        self.in_key = true;
        Ok(())
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
