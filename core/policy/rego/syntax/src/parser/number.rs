//! Numbers, kept as they are written.

use crate::token::TokenKind;
use crate::tree::{Operator, Term, TermKind};

use super::{Parsed, Parser};

/// Decimal places that fit into OPA's 100 000 binary places.
const MOST_PLACES: i64 = 30_103;

impl Parser<'_> {
    /// A number with its sign, which space may follow.
    pub(super) fn number(&mut self, start: u32) -> Parsed<Term> {
        let mut text = String::new();
        if self.eat(TokenKind::Operator(Operator::Minus)) {
            text.push('-');
        }
        let point = self.eat(TokenKind::Dot);
        let token = self.peek();
        if token.kind != TokenKind::Number {
            return Err(self.unexpected("expected a number"));
        }
        let digits = self.slice(token.span);
        if point {
            if digits.contains('.') {
                return self.error(token.span, "a number has one point");
            }
            text.push('.');
        } else if digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
            return self.error(token.span, "a number must not begin with `0`");
        }
        self.bump();
        let text = if text.is_empty() {
            self.intern(digits)
        } else {
            text.push_str(digits);
            text.into()
        };
        if out_of_range(&text) {
            return self.error(self.since(start), "a number with more than 30103 places");
        }
        Ok(Term { kind: TermKind::Number(text), span: self.since(start) })
    }
}

/// Whether the first digit that is not 0 stands too far from the point. `text` is a number.
fn out_of_range(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches(['-', '0']);
    let places = if !whole.is_empty() {
        whole.len()
    } else if let Some(zeros) = fraction.find(|digit| digit != '0') {
        return distance(exponent, -i64::try_from(zeros).unwrap_or(i64::MAX)) > MOST_PLACES;
    } else {
        return false;
    };
    distance(exponent, i64::try_from(places).unwrap_or(i64::MAX)) > MOST_PLACES
}

fn distance(exponent: &str, places: i64) -> i64 {
    exponent.parse::<i64>().map_or(i64::MAX, |exponent| exponent.saturating_add(places).saturating_abs())
}
