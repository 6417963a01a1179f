//! An account beside a naive model of its rules: same answers to the same questions, in whatever order they come.

mod action;
mod naive;
mod rational;

use proptest::prelude::*;
use tollgate_budget::{Account, Amount, Balance, ClaimError, Hold, HoldKey, Movement, Seen, Shortfall};

use crate::estate::at;
use action::{Action, any_actions, rules};
use naive::{Item, Naive, Passed, nothing, parts};
use rational::Q;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn an_account_answers_as_the_model_does(actions in any_actions(1..60)) {
        let mut both = Both::new();
        for action in &actions {
            both.act(action);
            both.compare();
        }
        both.end();
    }
}

/// The account, the model, and two accounts that are made again of what the first did.
struct Both {
    budgets: tollgate_budget::Budgets,
    account: Account,
    folded: Account,
    naive: Naive,
    rows: std::collections::BTreeMap<String, Vec<u8>>,
    now: i64,
}

impl Both {
    fn new() -> Self {
        let now = crate::estate::time("2026-10-24T22:00:00Z").as_second();
        let (account, folded) = (Account::default(), Account::default());
        Self { budgets: rules(), account, folded, naive: Naive::default(), rows: Default::default(), now }
    }

    fn act(&mut self, action: &Action) {
        match action {
            Action::Wait(seconds) => self.now += seconds,
            Action::Roll => self.roll(),
            Action::Claim(claims) => {
                let told = self.account.claim_all(claims, &self.budgets, at(self.now));
                let model = self.naive.claim(claims, &self.budgets, self.now);
                match (told, model) {
                    (Ok(told), Ok(notes)) => {
                        assert_eq!(all(&told.notes), notes);
                        self.apply(told.movements);
                    }
                    (Err(ClaimError::Refused(told)), Err((denied, surges, crowded, notes))) => {
                        assert_eq!(all(&told.shortfalls), denied);
                        assert_eq!((told.surges.len(), !told.crowded.is_empty()), (surges, crowded));
                        assert_eq!(all(&told.notes), notes);
                    }
                    (told, model) => panic!("{told:?}, but the model says {model:?}"),
                }
            }
            // What was seen is told to an account whose months are the present ones.
            Action::Observe(key, observed) => {
                self.roll();
                self.naive.exists(key, observed, self.now, false);
                self.apply(self.account.observe(key, observed, at(self.now)).unwrap());
            }
            Action::Gone(key, uid) => {
                self.roll();
                self.naive.gone(key, uid.as_ref(), self.now);
                self.apply(self.account.gone(key, uid.as_ref(), at(self.now)).unwrap());
            }
            Action::Finished(key, observed) => {
                self.roll();
                self.naive.finished(key, observed, self.now, false);
                self.apply(self.account.finished(key, observed, at(self.now)).unwrap());
            }
            Action::Verified(key, seen) => self.verified(key, seen),
        }
    }

    fn roll(&mut self) {
        self.naive.roll(&self.budgets, self.now);
        self.apply(self.account.roll(&self.budgets, at(self.now)).unwrap());
    }

    fn verified(&mut self, key: &HoldKey, seen: &Seen) {
        self.roll();
        match seen {
            Seen::Exists(observed) => self.naive.exists(key, observed, self.now, true),
            Seen::Finished(observed) => self.naive.finished(key, observed, self.now, true),
            Seen::Absent => self.naive.absent(key, self.now),
        }
        self.apply(self.account.verified(key, seen, at(self.now)).unwrap());
    }

    fn apply(&mut self, movements: Vec<Movement>) {
        for movement in movements {
            self.account.apply(&movement);
            let value = movement.to_value();
            let read = Movement::of_value(&value).unwrap();
            assert_eq!(read, movement);
            self.folded.apply(&read);
            let (key, bytes) = movement.row();
            match bytes {
                Some(bytes) => drop(self.rows.insert(key, bytes)),
                None => drop(self.rows.remove(&key)),
            }
        }
    }

    fn compare(&self) {
        assert_eq!(self.account.check(), []);
        assert_eq!(self.folded, self.account);
        assert!(self.account.rows().eq(self.rows.iter().map(|(key, bytes)| (key.clone(), bytes.clone()))));
        let mut read = Account::default();
        self.rows.iter().for_each(|(key, bytes)| assert_eq!(read.read_row(key, bytes), Ok(true)));
        assert_eq!(read, self.account);

        let mut items: Vec<Item> = self.account.holds().flat_map(|(key, hold)| items_of(key, hold)).collect();
        let mut wanted = self.naive.items.clone();
        items.sort_by_key(|item| item.key.clone());
        wanted.sort_by_key(|item| item.key.clone());
        assert_eq!(items, wanted);
        assert_eq!(self.account.balances().len(), self.naive.books.len());
        for (name, balance) in self.account.balances() {
            self.compare_balance(name, balance);
        }
        let growth = self
            .account
            .growth()
            .map(|(who, it)| (who.to_string(), (it.start, Q::of_money(it.per_hour), it.objects)));
        assert_eq!(growth.collect::<std::collections::BTreeMap<_, _>>(), self.naive.growth);
        let mut overdue: Vec<HoldKey> = self
            .naive
            .items
            .iter()
            .filter(|it| it.expires.is_some_and(|it| it <= self.now))
            .map(|it| it.key.clone())
            .collect();
        overdue.sort();
        overdue.dedup();
        let mut expired = self.account.expired(at(self.now));
        expired.sort();
        assert_eq!(expired, overdue);
    }

    fn compare_balance(&self, name: &str, balance: &Balance) {
        let book = &self.naive.books[name];
        let (holds, held) = self.naive.held(name);
        assert_eq!((balance.period.start, balance.period.end), (book.start, book.end), "{name}");
        assert_eq!((balance.as_of, balance.holds), (book.as_of(), holds), "{name}");
        assert_eq!(parts(&balance.held), held, "{name}");
        assert_eq!(Q::of_money(balance.accrued), book.accrued(), "{name}");
    }

    /// Once everything is gone, nothing is held.
    fn end(&mut self) {
        // Later than any clock ever was.
        self.now += 10 * 365 * 86_400;
        for key in action::keys() {
            self.verified(&key, &Seen::Absent);
        }
        self.compare();
        assert_eq!(self.account.holds().len(), 0);
        assert_eq!(self.account.next_expiry(), None);
        for (_, balance) in self.account.balances() {
            assert_eq!((parts(&balance.held), balance.holds), (nothing(), 0));
        }
    }
}

fn items_of(key: &HoldKey, hold: &Hold) -> Vec<Item> {
    let item = |entry: &tollgate_budget::Entry| Item {
        key: key.clone(),
        seen: entry.seen(),
        expires: entry.expires(),
        uid: entry.uid().cloned(),
        parts: parts(&entry.charge()),
        budgets: entry.budgets().iter().map(ToString::to_string).collect(),
        since: entry.since(),
        version: entry.version(),
    };
    hold.entries().map(item).collect()
}

fn all(shortfalls: &[Shortfall]) -> Vec<Passed> {
    let q = |amount: Amount| match amount {
        Amount::Money(money) => Q::of_money(money),
        Amount::Gpus(gpus) => Q::of_ratio(gpus),
    };
    let one = |it: &Shortfall| {
        let (most, accrued) = (q(it.most), Q::of_money(it.accrued));
        (
            it.budget.to_string(),
            it.limit.word(),
            it.effect,
            most,
            accrued,
            q(it.held),
            q(it.added),
            q(it.total),
        )
    };
    shortfalls.iter().map(one).collect()
}
