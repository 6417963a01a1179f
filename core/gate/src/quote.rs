//! Quotes: what a check promised that an object costs. Admission redeems each once.
//!
//! ```text
//! check --quote ──> Quote ──signed as a note──> annotation `tollgate.dev/quote` ──> admission: same object, same cost, same
//!                                                                                   prices, in time, not redeemed before
//! ```
//! The text that is signed, a line each: what it is, the object, the digest of what it costs, the digest of the price
//! book, the expected and the worst month with their currency, and until when it holds.

use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Currency, Digest, Map, Money, Timestamp, Value};

use crate::SubjectCost;
use crate::decision::charge_value;

/// The annotation that carries a quote: base64 of a signed note.
pub const ANNOTATION: &str = "tollgate.dev/quote";

const FIRST_LINE: &str = "tollgate.dev/quote/v1";

/// What an object was said to cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// `apps/Deployment/shop/api`
    pub object: Arc<str>,
    /// digest of all that its cost comes to
    pub spec: Digest,
    /// digest of the price book
    pub prices: Digest,
    /// what it is expected to cost in a month of 730 hours
    pub expected: Money,
    /// what it costs at worst in a month of 730 hours
    pub worst: Money,
    /// until when it holds, exclusive
    pub expires: Timestamp,
}

impl Quote {
    /// A quote for what a judged subject costs; nothing where a month of it does not fit an amount.
    #[must_use]
    pub fn of(cost: &SubjectCost, prices: Digest, expires: Timestamp) -> Option<Self> {
        Some(Self {
            object: Arc::clone(&cost.object),
            spec: spec(cost),
            prices,
            expected: cost.after.expected.month().ok()?,
            worst: cost.after.worst.month().ok()?,
            expires,
        })
    }

    /// The text that is signed.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!(
            "{FIRST_LINE}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.object, self.spec, self.prices, self.expected, self.worst, self.expires
        )
    }

    /// Reads what [`Quote::to_text`] wrote; nothing where it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.strip_suffix('\n')?.split('\n').collect();
        let [first, object, spec, prices, expected, worst, expires] = lines.as_slice() else { return None };
        let amount = |text: &str| {
            let (amount, currency) = text.split_once(' ')?;
            Money::parse(amount, Currency::parse(currency).ok()?).ok()
        };
        (*first == FIRST_LINE).then_some(Self {
            object: Arc::from(*object),
            spec: spec.parse().ok()?,
            prices: prices.parse().ok()?,
            expected: amount(expected)?,
            worst: amount(worst)?,
            expires: expires.parse().ok()?,
        })
    }

    /// What is wrong with it for an object that costs this, at this time; nothing where it holds.
    pub(crate) fn wrong(&self, cost: &SubjectCost, prices: Digest, at: Timestamp) -> Option<String> {
        if self.object != cost.object {
            return Some(format!("it is for `{}`", self.object));
        }
        if at >= self.expires {
            return Some(format!("it held until {}", self.expires));
        }
        if self.prices != prices {
            return Some("it was made with other prices".to_owned());
        }
        if self.spec != spec(cost) {
            let month = cost.after.expected.month();
            let now = month.map_or_else(|error| error.to_string(), |month| month.to_string());
            return Some(format!(
                "it says {} a month, and this costs {now} or has other bounds",
                self.expected
            ));
        }
        None
    }
}

/// Digest of all that an object's cost comes to. The API server fills in defaults, so that the object itself is not what
/// was checked; what it costs is.
fn spec(cost: &SubjectCost) -> Digest {
    let list = |items: &mut dyn Iterator<Item = String>| -> Value { items.collect::<Vec<String>>().into() };
    let map: Map = [
        ("budgets", list(&mut cost.budgets.iter().map(ToString::to_string))),
        ("charge", charge_value(&cost.after)),
        ("object", (*cost.object).into()),
        ("unbounded", list(&mut cost.unbounded.iter().map(ToString::to_string))),
        ("unpriced", list(&mut cost.unpriced.iter().map(ToString::to_string))),
    ]
    .into_iter()
    .collect();
    Digest::of(&canonical::bytes(&map.into()))
}

#[cfg(test)]
mod tests {
    use tollgate_price::Charge;

    use super::*;

    #[test]
    fn a_quote_is_read_as_it_was_written_and_holds_for_one_cost() {
        let usd = Currency::USD;
        let mut charge = Charge::zero(usd);
        charge.expected.per_hour = Money::parse("0.05", usd).unwrap();
        let cost = SubjectCost {
            subject: 0,
            object: "apps/Deployment/shop/api".into(),
            own: true,
            before: None,
            after: charge,
            unbounded: Vec::new(),
            unpriced: Vec::new(),
            budgets: vec!["shop".into()],
        };
        let (prices, expires) = (Digest::of(b"prices"), "2026-12-01T00:00:00Z".parse().unwrap());
        let quote = Quote::of(&cost, prices, expires).unwrap();
        assert_eq!(Quote::parse(&quote.to_text()), Some(quote.clone()));
        assert_eq!(quote.expected.to_string(), "36.5 USD");
        let before = "2026-11-30T23:59:59Z".parse().unwrap();
        assert_eq!(quote.wrong(&cost, prices, before), None);
        assert!(quote.wrong(&cost, prices, expires).is_some_and(|why| why.contains("held until")));
        assert!(quote.wrong(&cost, Digest::of(b"other"), before).is_some_and(|why| why.contains("prices")));
        let dearer =
            SubjectCost { after: Charge { peak: charge.expected.per_hour, ..charge }, ..cost.clone() };
        assert!(quote.wrong(&dearer, prices, before).is_some_and(|why| why.contains("36.5 USD")));
        let other = SubjectCost { object: "apps/Deployment/shop/web".into(), ..cost };
        assert!(quote.wrong(&other, prices, before).is_some_and(|why| why.contains("shop/api")));
        for bad in ["", "x\n", "tollgate.dev/quote/v1\na\nb\nc\nd\ne\nf\n"] {
            assert_eq!(Quote::parse(bad), None);
        }
    }
}
