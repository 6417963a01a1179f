//! What an object costs, by a book, node pools and what lies around it.
//!
//! ```text
//! object, Around ──> Desk::draft ──> cap ──> Draft ──finish──> Estimate
//! ```

use tollgate_price::PriceBook;
use tollgate_vocabulary::{Currency, Money, Rounding, Timestamp, Value};

use crate::estimate::{Draft, Estimate};
use crate::kind::Kind;
use crate::node::Node;
use crate::pool::Offer;
use crate::rate::Rates;
use crate::workload::Desk;
use crate::{Around, Beside, EstimateError, Explanation, GpuFractions, NodePools, cap, quota};

/// Estimates objects. Made once for a book and a time, and asked for each object.
#[derive(Clone, Debug)]
pub struct Estimator<'a> {
    book: &'a PriceBook,
    pools: &'a NodePools,
    fractions: &'a GpuFractions,
    at: Timestamp,
    plain: Offer,
}

impl<'a> Estimator<'a> {
    /// An estimator by the prices that hold at `at`.
    #[must_use]
    pub fn new(
        book: &'a PriceBook,
        pools: &'a NodePools,
        fractions: &'a GpuFractions,
        at: Timestamp,
    ) -> Self {
        Self { book, pools, fractions, at, plain: Offer::default() }
    }

    /// The currency of all figures.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.book.currency()
    }

    /// What `object` costs; nothing of a kind that costs nothing. The tree stays empty.
    ///
    /// # Errors
    /// A field that says nothing Kubernetes would take, or figures that no amount can hold.
    pub fn estimate(&self, object: &Value, around: &Around<'_>) -> Result<Option<Estimate>, EstimateError> {
        self.made(object, around, false)
    }

    /// The same with its tree, which says why.
    ///
    /// # Errors
    /// As [`Estimator::estimate`].
    pub fn explain(&self, object: &Value, around: &Around<'_>) -> Result<Option<Estimate>, EstimateError> {
        let made = self.made(object, around, true)?;
        Ok(made.map(|mut estimate| {
            estimate.tree.label = headline(object, &estimate);
            estimate
        }))
    }

    fn made(
        &self,
        object: &Value,
        around: &Around<'_>,
        explain: bool,
    ) -> Result<Option<Estimate>, EstimateError> {
        let (kind, node) = (Kind::of(object), Node::object(object));
        let rates = Rates { book: self.book, fractions: self.fractions, at: self.at };
        let desk = Desk { rates, pools: self.pools, plain: &self.plain, around, explain };
        let draft = match (&around.owner, kind) {
            (None, _) | (Some(_), Kind::Free) => desk.draft(kind, &node)?,
            // These may cost nothing anyhow, and are then not spoken of.
            (Some(_), Kind::Service | Kind::Custom) => desk.draft(kind, &node)?.map(|_| Draft::default()),
            (Some(_), _) => Some(Draft::default()),
        };
        let Some(mut draft) = draft else { return Ok(None) };
        if let (Some(owner), true) = (&around.owner, explain) {
            let words = "what it costs is in the estimate of its controller";
            let label = format!("{} {}", owner.kind, owner.name);
            draft.tree = vec![Explanation::of(label).saying(words)];
        }
        cap::add(&node, self.book.currency(), explain, &mut draft)?;
        if explain {
            quota::remark(around, &mut draft);
        }
        Ok(Some(draft.finish(self.book.currency())?))
    }
}

/// `Deployment shop/api: 43.89 USD a month expected, 43.89 worst, 0.08 an hour at its peak`
fn headline(object: &Value, estimate: &Estimate) -> String {
    let cents = |money: Money| money.to_text(2, Rounding::HalfUp);
    let (expected, worst) = (estimate.expected_month(), estimate.worst_month());
    let currency = expected.currency();
    let period = if estimate.charge.worst.once.is_zero() { "a month" } else { "in all" };
    let mut line = format!(
        "{}: {} {currency} {period} expected, {} worst, {} an hour at its peak",
        Beside::of(object),
        cents(expected),
        cents(worst),
        cents(estimate.peak_hour())
    );
    if let Some(why) = &estimate.unknown {
        line = format!("{}: unknown: {why}", Beside::of(object));
    } else if !estimate.unbounded.is_empty() {
        line.push_str("; some of it has no bound");
    }
    if !estimate.unpriced.is_empty() {
        line.push_str("; some of it has no price");
    }
    line
}
