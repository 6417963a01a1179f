//! What must hold after every step: the store, the memory and the model say the same, what exists is held, and what was
//! granted fits.

use std::collections::BTreeMap;

use tollgate_budget::{Account, Amount, Balance};
use tollgate_vocabulary::Rounding;

use super::desk::at;
use super::estate::{NAMES, Name, key};
use super::figure::{micro, parts};
use super::model::{Item, Model, NOTHING, on};
use super::world::World;

impl World {
    pub(super) fn check(&self) {
        let account = self.desk.state().account;
        for name in NAMES {
            self.check_hold(name, &account);
        }
        let names: Vec<&str> = account.balances().map(|(name, _)| &**name).collect();
        assert_eq!(names, self.model.books.keys().collect::<Vec<_>>());
        for (name, balance) in account.balances() {
            self.check_balance(name, balance);
        }
        let growth =
            account.growth().map(|(who, it)| (who.to_string(), (it.start, micro(it.per_hour), it.objects)));
        assert_eq!(growth.collect::<BTreeMap<_, _>>(), self.model.growth);
        self.check_existing(&account);
    }

    /// What an object takes of each budget.
    fn check_hold(&self, name: Name, account: &Account) {
        let hold_key = key(name);
        let mine: Vec<&Item> = self.model.of(hold_key.as_str()).collect();
        for budget in self.model.books.keys() {
            let held = account.hold(&hold_key).and_then(|hold| hold.charge_on(budget).unwrap());
            assert_eq!(held.as_ref().map(parts), on(&mine, budget), "{name} of {budget}: {mine:#?}");
        }
    }

    fn check_balance(&self, name: &str, balance: &Balance) {
        let book = &self.model.books[name];
        let (holds, held) = self.model.held(name);
        assert_eq!((balance.period.start, balance.period.end), (book.start, book.end), "{name}");
        assert_eq!((balance.as_of, micro(balance.accrued)), (book.as_of, book.accrued), "{name}");
        assert_eq!((balance.holds, parts(&balance.held)), (holds, held), "{name}");
    }

    /// Everything that takes money, or may come to, is held on its budgets with no less than it takes.
    fn check_existing(&self, account: &Account) {
        for (name, spec, known) in self.cluster.possible(self.now) {
            let takes = spec.parts(name, known.factor.min(self.rules().factor));
            let now = spec.budgets(name, self.rules());
            for budget in known.budgets.iter().filter(|budget| now.contains(budget)) {
                let held = account.hold(&key(name)).and_then(|hold| hold.charge_on(budget).unwrap());
                let held = held.map_or(NOTHING, |held| parts(&held));
                let enough = takes.iter().zip(held).all(|(takes, held)| *takes <= held);
                assert!(enough, "{name} takes {takes:?} of {budget}, and {held:?} is held");
            }
        }
    }

    /// Every budget of which more is held now than before has room for all that is held of it.
    pub(super) fn fits(&self, before: &Model, now: i64) {
        let (rules, account) = (self.rules(), self.desk.state().account);
        let budgets = &rules.bundle.cost().unwrap().budgets;
        for standing in budgets.standing(&account, at(now)).unwrap() {
            let (_, was) = before.held(&standing.budget);
            let (_, is) = self.model.held(&standing.budget);
            let budget = budgets.find(&standing.budget).unwrap();
            let denies = budget.thresholds.all().last().unwrap().percent;
            let most =
                budget.amount.times(denies.over(100_u64.into()).unwrap().unwrap(), Rounding::Down).unwrap();
            let limits = [
                (0..2, standing.expected.used, Some(Amount::Money(most))),
                (2..4, standing.worst.used, standing.worst.limit),
                (4..5, standing.peak.used, standing.peak.limit),
                (5..6, standing.gpus.used, standing.gpus.limit),
            ];
            for (parts, used, limit) in limits {
                let Some(limit) = limit.filter(|_| parts.clone().any(|part| is[part] > was[part])) else {
                    continue;
                };
                let fits = match (used, limit) {
                    (Amount::Money(used), Amount::Money(limit)) => used.units() <= limit.units(),
                    (Amount::Gpus(used), Amount::Gpus(limit)) => used <= limit,
                    _ => false,
                };
                assert!(fits, "{used:?} of {limit:?}: {standing:?}");
            }
        }
    }
}
