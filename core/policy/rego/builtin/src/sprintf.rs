//! `sprintf`: the verbs of Go's `fmt`, with the types that OPA hands to it. Whole numbers are `int64` or `*big.Int`,
//! others `float64`, and all that is no number is a string, composites as Rego prints them.

mod print;

use std::borrow::Cow;

use tollgate_rego_value::{BigInt, Val};

use crate::shape::ANY_ARRAY;
use crate::{Builtin, Call, Error, Type, operand};
use print::Printer;

pub(crate) use print::shortest;

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[Builtin::function(
    "sprintf",
    &[("format", Type::String), ("values", ANY_ARRAY)],
    Type::String,
    sprintf,
)];

/// An argument as OPA hands it to `fmt`.
enum Arg<'a> {
    Int(i64),
    Float(f64),
    Big(BigInt),
    Text(Cow<'a, str>),
}

impl Arg<'_> {
    /// Its type's name in Go.
    const fn type_name(&self) -> &'static str {
        match self {
            Self::Int(_) => "int64",
            Self::Float(_) => "float64",
            Self::Big(_) => "*big.Int",
            Self::Text(_) => "string",
        }
    }
}

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
struct Flags {
    width: Option<usize>,
    precision: Option<usize>,
    sharp: bool,
    zero: bool,
    plus: bool,
    minus: bool,
    space: bool,
    sharp_v: bool,
}

fn sprintf<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let (format, values) = (operand::string(args, 1)?, operand::array(args, 2)?);
    call.spend_text(format.len())?;
    call.spend(values.len())?;
    if !format.contains('%') && values.is_empty() {
        return Ok(Val::String(format));
    }
    let values = values.iter().map(|value| convert(call, value)).collect::<Result<Vec<_>, _>>()?;
    let mut formatter = Formatter { format, at: 0, values: &values, next: 0, reordered: false, good: true };
    let mut printer = Printer::new(call.room());
    formatter.run(&mut printer)?;
    call.string(&printer.into_text())
}

fn convert<'a>(call: &Call<'a, '_>, value: Val<'a>) -> Result<Arg<'a>, Error> {
    Ok(match value {
        Val::Int(number) => Arg::Int(number),
        Val::String(text) => Arg::Text(Cow::Borrowed(text)),
        Val::Number(text) if text.contains(['.', 'e', 'E']) => match value.as_f64() {
            Some(number) if number.is_finite() => Arg::Float(number),
            _ => Arg::Text(Cow::Borrowed(text)),
        },
        Val::Number(text) => {
            call.spend_text(text.len().saturating_mul(8))?;
            match value.as_int() {
                Some(number) => Arg::Int(number),
                None => value.as_integer()?.map_or(Arg::Text(Cow::Borrowed(text)), Arg::Big),
            }
        }
        other => {
            let text = other.print(call.room_for_values())?;
            call.spend_values(text.len())?;
            Arg::Text(Cow::Owned(text))
        }
    })
}

/// Walks through the format.
struct Formatter<'f, 'a> {
    format: &'f str,
    at: usize,
    values: &'f [Arg<'a>],
    /// the argument whose turn it is
    next: usize,
    /// whether arguments were named by number
    reordered: bool,
    /// whether the number named an argument
    good: bool,
}

impl Formatter<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.format.as_bytes().get(self.at).copied()
    }

    fn step(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn run(&mut self, out: &mut Printer) -> Result<(), Error> {
        while let Some(rest) = self.format.get(self.at..).filter(|rest| !rest.is_empty()) {
            self.good = true;
            let Some(percent) = rest.find('%') else {
                out.write(rest)?;
                break;
            };
            out.write(rest.get(..percent).unwrap_or_default())?;
            self.step(percent.saturating_add(1));
            let mut flags = self.flags();
            let mut indexed = self.index();
            self.width(&mut flags, &mut indexed, out)?;
            self.precision(&mut flags, &mut indexed, out)?;
            if !indexed {
                self.index();
            }
            let Some(verb) = self.format.get(self.at..).and_then(|rest| rest.chars().next()) else {
                out.write("%!(NOVERB)")?;
                break;
            };
            self.step(verb.len_utf8());
            self.print(verb, flags, out)?;
        }
        self.extra(out)
    }

    fn print(&mut self, verb: char, mut flags: Flags, out: &mut Printer) -> Result<(), Error> {
        if verb == '%' {
            return out.write("%");
        }
        if !self.good {
            return out.write(&format!("%!{verb}(BADINDEX)"));
        }
        let Some(value) = self.values.get(self.next) else {
            return out.write(&format!("%!{verb}(MISSING)"));
        };
        self.next = self.next.saturating_add(1);
        if matches!(verb, 'v' | 'w') {
            flags.sharp_v = std::mem::take(&mut flags.sharp);
            flags.plus = false;
        }
        out.value(value, verb, flags)
    }

    fn flags(&mut self) -> Flags {
        let mut flags = Flags::default();
        loop {
            match self.peek() {
                Some(b'#') => flags.sharp = true,
                Some(b'0') => flags.zero = true,
                Some(b'+') => flags.plus = true,
                Some(b'-') => flags.minus = true,
                Some(b' ') => flags.space = true,
                _ => return flags,
            }
            self.step(1);
        }
    }

    /// `[n]`: whether there is one. Its argument is next.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or_default();
        let Some(end) = rest.find(']').filter(|_| rest.len() >= 3) else {
            self.good = false;
            self.step(1);
            return false;
        };
        self.step(end.saturating_add(1));
        let number = rest.get(1..end).filter(|text| text.bytes().all(|digit| digit.is_ascii_digit()));
        let Some(number) = number.and_then(|text| text.parse::<usize>().ok()).filter(|n| *n <= LARGE) else {
            self.good = false;
            return false;
        };
        match number.checked_sub(1).filter(|at| *at < self.values.len()) {
            Some(at) => self.next = at,
            None => self.good = false,
        }
        true
    }

    fn width(&mut self, flags: &mut Flags, indexed: &mut bool, out: &mut Printer) -> Result<(), Error> {
        if self.peek() != Some(b'*') {
            flags.width = self.number();
            if *indexed && flags.width.is_some() {
                self.good = false;
            }
            return Ok(());
        }
        self.step(1);
        *indexed = false;
        match self.argument() {
            Some(width) => {
                if width < 0 {
                    flags.minus = true;
                    flags.zero = false;
                }
                flags.width = usize::try_from(width.unsigned_abs()).ok();
                Ok(())
            }
            None => out.write("%!(BADWIDTH)"),
        }
    }

    fn precision(&mut self, flags: &mut Flags, indexed: &mut bool, out: &mut Printer) -> Result<(), Error> {
        let more = self.at.saturating_add(1) < self.format.len();
        if self.peek() != Some(b'.') || !more {
            return Ok(());
        }
        self.step(1);
        if *indexed {
            self.good = false;
        }
        *indexed = self.index();
        if self.peek() != Some(b'*') {
            flags.precision = Some(self.number().unwrap_or(0));
            return Ok(());
        }
        self.step(1);
        *indexed = false;
        flags.precision = self.argument().and_then(|precision| usize::try_from(precision).ok());
        if flags.precision.is_none() { out.write("%!(BADPREC)") } else { Ok(()) }
    }

    /// Decimal digits; what is too large ends the format.
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let so_far = number.unwrap_or(0_usize);
            if so_far > LARGE {
                self.at = self.format.len();
                return None;
            }
            number = Some(so_far.saturating_mul(10).saturating_add(usize::from(digit.wrapping_sub(b'0'))));
            self.step(1);
        }
        number
    }

    /// The next argument as a width or precision.
    fn argument(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next = self.next.saturating_add(1);
        match value {
            Arg::Int(number) if number.unsigned_abs() <= LARGE as u64 => Some(*number),
            _ => None,
        }
    }

    /// Arguments that no verb asked for.
    fn extra(&self, out: &mut Printer) -> Result<(), Error> {
        let rest = self.values.get(self.next..).unwrap_or_default();
        if self.reordered || rest.is_empty() {
            return Ok(());
        }
        out.write("%!(EXTRA ")?;
        for (at, value) in rest.iter().enumerate() {
            if at > 0 {
                out.write(", ")?;
            }
            out.write(value.type_name())?;
            out.write("=")?;
            out.value(value, 'v', Flags::default())?;
        }
        out.write(")")
    }
}

/// No width, precision or number of an argument is larger.
const LARGE: usize = 1_000_000;
