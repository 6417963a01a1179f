//! Values compared, each comparison paid for by what it looked at.

use std::cmp::Ordering;

use tollgate_rego_value::Val;

use super::machine::{Machine, Stop};
use crate::plan::step::Comparison;

/// How many parts are compared in a step.
const PARTS: u64 = 8;
/// How many bytes of text are compared in a step.
const BYTES: usize = 256;

impl<'a, const TRACED: bool> Machine<'a, TRACED> {
    /// Whether two values are equal, paid for.
    #[inline]
    pub(super) fn is_equal(&self, left: &Val<'a>, right: &Val<'a>) -> Result<bool, Stop> {
        match (left, right) {
            (Val::Int(_) | Val::Bool(_) | Val::Null, _) | (_, Val::Int(_) | Val::Bool(_) | Val::Null) => {
                Ok(left == right)
            }
            (Val::String(a), Val::String(b)) if a.len() < BYTES || a.len() != b.len() => Ok(a == b),
            _ if left.kind() != right.kind() || left.len() != right.len() => Ok(false),
            _ => Ok(self.order(left, right)? == Ordering::Equal),
        }
    }

    /// The order of two values, paid for.
    fn order(&self, left: &Val<'a>, right: &Val<'a>) -> Result<Ordering, Stop> {
        let (order, parts) = left.compare_counted(right);
        let text = |value: &Val<'a>| match value {
            Val::String(text) | Val::Number(text) => text.len(),
            _ => 0,
        };
        self.spend(parts / PARTS + (text(left).min(text(right)) / BYTES) as u64)?;
        Ok(order)
    }

    pub(super) fn holds(
        &self,
        comparison: Comparison,
        left: &Val<'a>,
        right: &Val<'a>,
    ) -> Result<bool, Stop> {
        Ok(match comparison {
            Comparison::NotEqual => !self.is_equal(left, right)?,
            Comparison::Less => self.order(left, right)? == Ordering::Less,
            Comparison::LessOrEqual => self.order(left, right)? != Ordering::Greater,
            Comparison::Greater => self.order(left, right)? == Ordering::Greater,
            Comparison::GreaterOrEqual => self.order(left, right)? != Ordering::Less,
            Comparison::In => match right {
                Val::Set(_) => right.as_set().is_some_and(|set| set.contains(left)),
                Val::Array(_) | Val::DocumentArray(_) => {
                    let items = right.as_array();
                    self.is_among(left, items.into_iter().flat_map(|items| items.iter()))?
                }
                Val::Object(_) | Val::DocumentObject(_) => {
                    let entries = right.as_object();
                    self.is_among(
                        left,
                        entries.into_iter().flat_map(|entries| entries.iter().map(|(_, value)| value)),
                    )?
                }
                _ => false,
            },
        })
    }

    fn is_among(&self, value: &Val<'a>, items: impl Iterator<Item = Val<'a>>) -> Result<bool, Stop> {
        let mut seen = 0;
        for item in items {
            if self.is_equal(value, &item)? {
                return Ok(true);
            }
            seen += 1;
            if seen % PARTS == 0 {
                self.spend(1)?;
            }
        }
        Ok(false)
    }
}
