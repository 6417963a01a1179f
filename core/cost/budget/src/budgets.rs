//! All budgets of an estate, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_vocabulary::{Currency, PolicyPlace};

use crate::scope::Fit;
use crate::{Budget, Matching, NamespaceLabels, Target};

/// The budgets of an estate: of different names and of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budgets {
    by_name: BTreeMap<Arc<str>, Budget>,
    cost_centre_label: Option<Arc<str>>,
}

/// Why budgets do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BudgetsError {
    /// a name that two have
    #[error("budget `{name}` stands twice: also at {}:{}", other.file, other.line)]
    Twice {
        /// the name
        name: Arc<str>,
        /// the later one
        place: PolicyPlace,
        /// the earlier one
        other: PolicyPlace,
    },
    /// a currency that the first does not have
    #[error(
        "budget `{name}` is in {currency}, but `{other}` is in {in_use}: there is no rate between them, so all are in one"
    )]
    Currency {
        /// its name
        name: Arc<str>,
        /// where it is
        place: PolicyPlace,
        /// its currency
        currency: Currency,
        /// the budget that it differs from
        other: Arc<str>,
        /// the currency of that
        in_use: Currency,
    },
    /// a cost centre, and no label that would name it
    #[error(
        "budget `{name}` is for a cost centre, and `tollgate.toml` names no label that cost centres are written in"
    )]
    NoLabel {
        /// its name
        name: Arc<str>,
        /// where it is
        place: PolicyPlace,
    },
}

impl Budgets {
    /// Budgets that go together. `cost_centre_label` is the key of the label that names cost centres.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn new(budgets: Vec<Budget>, cost_centre_label: Option<Arc<str>>) -> Result<Self, Vec<BudgetsError>> {
        let mut by_name: BTreeMap<Arc<str>, Budget> = BTreeMap::new();
        let mut errors = Vec::new();
        let first = budgets.first().map(|budget| (Arc::clone(&budget.name), budget.currency()));
        for budget in budgets {
            let (name, place) = (Arc::clone(&budget.name), budget.place.clone());
            if let Some((other, in_use)) = first.clone().filter(|(_, in_use)| *in_use != budget.currency()) {
                let currency = budget.currency();
                errors.push(BudgetsError::Currency {
                    name: name.clone(),
                    place: place.clone(),
                    currency,
                    other,
                    in_use,
                });
            }
            if budget.scope.names_cost_centre() && cost_centre_label.is_none() {
                errors.push(BudgetsError::NoLabel { name: name.clone(), place: place.clone() });
            }
            match by_name.get(&name) {
                Some(other) => errors.push(BudgetsError::Twice { name, place, other: other.place.clone() }),
                None => drop(by_name.insert(name, budget)),
            }
        }
        if errors.is_empty() { Ok(Self { by_name, cost_centre_label }) } else { Err(errors) }
    }

    /// Which budgets an object is of. Its namespace is asked for only where some budget depends on it.
    #[must_use]
    pub fn matching(&self, target: &Target<'_>) -> Matching {
        let (mut fitting, mut dependent) = (Vec::new(), Vec::new());
        for budget in self.by_name.values() {
            match budget.scope.fit(target, self.cost_centre_label.as_deref()) {
                Fit::Yes => fitting.push(Arc::clone(&budget.name)),
                Fit::No => {}
                Fit::Depends => dependent.push(Arc::clone(&budget.name)),
            }
        }
        match target.namespace_labels {
            _ if dependent.is_empty() => Matching::Budgets(fitting),
            NamespaceLabels::Unavailable(why) => {
                Matching::Unavailable { why: why.into(), budgets: dependent }
            }
            _ => Matching::NeedsNamespace,
        }
    }

    /// The budget of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Budget> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Budget> {
        self.by_name.values()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The one currency, where there are any.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.by_name.values().next().map(Budget::currency)
    }
}

impl BudgetsError {
    /// The budget that is at fault.
    #[must_use]
    pub const fn place(&self) -> &PolicyPlace {
        match self {
            Self::Twice { place, .. } | Self::Currency { place, .. } | Self::NoLabel { place, .. } => place,
        }
    }
}
