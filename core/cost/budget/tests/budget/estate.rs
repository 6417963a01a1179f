//! Budgets, charges and claims as tests write them.

use std::sync::Arc;

use tollgate_budget::{
    Account, Budget, Budgets, Claim, ClaimError, Claimed, HoldKey, Holder, Movement, Observed, Uid, Wrong,
};
use tollgate_manifest::{Limits, Mask, read};
use tollgate_price::{Charge, Cost};
use tollgate_vocabulary::{Currency, Map, Money, Ratio, Timestamp, Value};

pub(crate) const LABEL: &str = "finops.example.com/cost-centre";

pub(crate) fn read_budget(text: &str) -> Result<Budget, Wrong> {
    let reading = read(text.as_bytes(), &Mask::new([7; 32]), &Limits::default()).unwrap();
    let written = reading.objects.first().unwrap();
    assert!(Budget::is_one(&written.object.identity), "{text}");
    Budget::read(&"budgets/a.yaml".into(), written)
}

/// A budget with this below `spec`, in flow style.
pub(crate) fn spec(name: &str, spec: &str) -> Result<Budget, Wrong> {
    read_budget(&format!(
        "apiVersion: tollgate.dev/v1\nkind: Budget\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"
    ))
}

/// A budget for everything, in USD; `more` stands below `spec` as well.
pub(crate) fn budget(name: &str, amount: &str, more: &str) -> Budget {
    let text =
        format!("owner: a@b.c, scope: {{everything: true}}, currency: USD, amount: \"{amount}\"{more}");
    spec(name, &text).unwrap()
}

pub(crate) fn budgets(all: Vec<Budget>) -> Budgets {
    Budgets::new(all, Some(LABEL.into())).unwrap()
}

pub(crate) fn labels(text: &str) -> Map {
    let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key, Value::from(value))).collect()
}

pub(crate) fn money(text: &str) -> Money {
    Money::parse(text, Currency::USD).unwrap()
}

/// So much an hour as expected, twice that at worst and in the dearest hour, no GPUs.
pub(crate) fn hourly(text: &str) -> Charge {
    let (one, two) = (money(text), money(text).plus(money(text)).unwrap());
    let cost = |per_hour| Cost { per_hour, once: money("0") };
    Charge { expected: cost(one), worst: cost(two), peak: two, gpus: Ratio::ZERO }
}

/// A run that costs so much as a whole, and at most `peak` an hour.
pub(crate) fn run(once: &str, peak: &str) -> Charge {
    let cost = Cost { per_hour: money("0"), once: money(once) };
    Charge { expected: cost, worst: cost, peak: money(peak), gpus: Ratio::ZERO }
}

pub(crate) fn key(name: &str) -> HoldKey {
    HoldKey::new(&Holder {
        cluster: "".into(),
        group: "apps".into(),
        resource: "deployments".into(),
        namespace: "shop".into(),
        name: name.into(),
    })
}

pub(crate) fn claim(name: &str, charge: Charge, of: &[&str]) -> Claim {
    Claim {
        key: key(name),
        uid: None,
        charge,
        budgets: names(of),
        principal: "token-1".into(),
        expires_after: 90,
        growth: None,
    }
}

pub(crate) fn observed(uid: &str, charge: Charge, of: &[&str]) -> Observed {
    Observed { uid: Uid::new(uid), charge, budgets: names(of), version: None }
}

pub(crate) fn names(of: &[&str]) -> Vec<Arc<str>> {
    of.iter().map(|name| Arc::from(*name)).collect()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

/// An account, its budgets, and the time; each step is done at once.
pub(crate) struct World {
    pub(crate) account: Account,
    pub(crate) budgets: Budgets,
    pub(crate) now: Timestamp,
}

impl World {
    pub(crate) fn new(all: Vec<Budget>, now: &str) -> Self {
        let mut world = Self { account: Account::default(), budgets: budgets(all), now: time(now) };
        world.roll();
        world
    }

    pub(crate) fn seconds(&mut self, seconds: i64) -> &mut Self {
        self.now = at(self.now.as_second() + seconds);
        self
    }

    pub(crate) fn hours(&mut self, hours: i64) -> &mut Self {
        self.seconds(hours * 3600)
    }

    pub(crate) fn roll(&mut self) -> Vec<Movement> {
        let movements = self.account.roll(&self.budgets, self.now).unwrap();
        self.apply(movements)
    }

    pub(crate) fn claim(&mut self, claim: &Claim) -> Result<Claimed, ClaimError> {
        let claimed = self.account.claim(claim, &self.budgets, self.now)?;
        self.apply(claimed.movements.clone());
        Ok(claimed)
    }

    pub(crate) fn observe(&mut self, name: &str, observed: &Observed) -> Vec<Movement> {
        let movements = self.account.observe(&key(name), observed, self.now).unwrap();
        self.apply(movements)
    }

    pub(crate) fn gone(&mut self, name: &str, uid: Option<&str>) -> Vec<Movement> {
        let movements = self.account.gone(&key(name), uid.map(Uid::new).as_ref(), self.now).unwrap();
        self.apply(movements)
    }

    pub(crate) fn apply(&mut self, movements: Vec<Movement>) -> Vec<Movement> {
        for movement in &movements {
            self.account.apply(movement);
        }
        assert_eq!(self.account.check(), []);
        movements
    }

    /// What has accrued and what is held per hour as expected, of a budget.
    pub(crate) fn standing(&self, budget: &str) -> (String, String) {
        let balance = *self.account.balance(budget).unwrap();
        let balance = balance.at(self.now.as_second()).unwrap();
        (balance.accrued.to_exact_text(), balance.held.expected.per_hour.to_exact_text())
    }
}
