//! The rules once more, the slow and simple way: one list of everything that is held, every sum computed anew from it,
//! fractions of any length.

use std::collections::BTreeMap;

use tollgate_budget::{Budget, Budgets, Claim, GrowthLimit, HoldKey, Observed, PENDING_CLAIMS, Uid};
use tollgate_price::Charge;
use tollgate_vocabulary::Effect;

use super::rational::Q;

/// Expected per hour, expected once, worst per hour, worst once, peak, GPUs.
pub(super) type Parts = Vec<Q>;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) key: HoldKey,
    pub(super) seen: Option<i64>,
    pub(super) expires: Option<i64>,
    pub(super) uid: Option<Uid>,
    pub(super) parts: Parts,
    pub(super) budgets: Vec<String>,
    pub(super) since: i64,
    pub(super) version: Option<u64>,
}

/// A budget's present month: when what was held per hour changed, and what was paid.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) start: i64,
    pub(super) end: i64,
    /// until when, and how much an hour before
    stretches: Vec<(i64, Q)>,
    from: i64,
    paid: Vec<Q>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Naive {
    pub(super) items: Vec<Item>,
    pub(super) books: BTreeMap<String, Book>,
    pub(super) growth: BTreeMap<String, (i64, Q, u64)>,
}

/// A limit that was passed: budget, word, effect, limit, accrued, held, added, total.
pub(super) type Passed = (String, &'static str, Effect, Q, Q, Q, Q, Q);

/// Limits of budgets, how many limits on growth, whether there were too many, and thresholds that do not deny.
pub(super) type Refused = (Vec<Passed>, usize, bool, Vec<Passed>);

pub(super) fn parts(charge: &Charge) -> Parts {
    let Charge { expected, worst, peak, gpus } = charge;
    let money = [expected.per_hour, expected.once, worst.per_hour, worst.once, *peak];
    money.into_iter().map(Q::of_money).chain([Q::of_ratio(*gpus)]).collect()
}

pub(super) fn nothing() -> Parts {
    vec![Q::zero(); 6]
}

fn most(a: &Parts, b: &Parts) -> Parts {
    a.iter().zip(b).map(|(a, b)| a.max(b).clone()).collect()
}

/// What the items of one key take of a budget.
fn on(items: &[&Item], budget: &str) -> Option<Parts> {
    let there = items.iter().find(|item| item.seen.is_some());
    let later =
        |item: &&&Item| there.is_some_and(|there| item.uid != there.uid && item.since > there.seen.unwrap());
    let named: Vec<&&Item> =
        items.iter().filter(|item| item.budgets.iter().any(|name| name == budget)).collect();
    let sum = |of: Vec<&&Item>| of.into_iter().map(|item| item.parts.clone()).reduce(|a, b| most(&a, &b));
    let (next, here): (Vec<&&Item>, Vec<&&Item>) = named.into_iter().partition(later);
    let most = match (sum(here), sum(next)) {
        (Some(here), Some(next)) => {
            let mut both = most(&here, &next);
            both[1] = here[1].plus(&next[1]);
            both[3] = here[3].plus(&next[3]);
            Some(both)
        }
        (here, next) => here.or(next),
    };
    most.filter(|most| *most != nothing())
}

fn hours(from: i64, to: i64) -> Q {
    Q::new((to - from).max(0), 3600)
}

impl Book {
    fn open(budget: &Budget, at: i64) -> Self {
        let month = budget.period(at).unwrap();
        Self { start: month.start, end: month.end, stretches: Vec::new(), from: at, paid: Vec::new() }
    }

    pub(super) fn as_of(&self) -> i64 {
        self.stretches.last().map_or(self.from, |(until, _)| *until)
    }

    pub(super) fn now(&self, at: i64) -> i64 {
        self.as_of().max(at.min(self.end))
    }

    pub(super) fn accrued(&self) -> Q {
        let (mut sum, mut from) = (Q::zero(), self.from);
        for (until, per_hour) in &self.stretches {
            sum = sum.plus(&per_hour.times(&hours(from, *until)).up());
            from = *until;
        }
        self.paid.iter().fold(sum, |sum, paid| sum.plus(paid))
    }
}

impl Naive {
    fn of<'a>(&'a self, key: &'a HoldKey) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.key == *key)
    }

    pub(super) fn on(&self, key: &HoldKey, budget: &str) -> Option<Parts> {
        let items: Vec<&Item> = self.of(key).collect();
        on(&items, budget)
    }

    /// How many hold of a budget, and how much.
    pub(super) fn held(&self, budget: &str) -> (u64, Parts) {
        let mut keys: Vec<&HoldKey> = self.items.iter().map(|item| &item.key).collect();
        keys.sort();
        keys.dedup();
        let held: Vec<Parts> = keys.into_iter().filter_map(|key| self.on(key, budget)).collect();
        let sum =
            held.iter().fold(nothing(), |sum, parts| sum.iter().zip(parts).map(|(a, b)| a.plus(b)).collect());
        (held.len() as u64, sum)
    }

    /// Puts other items in place of those of a key, and counts what that means for all budgets.
    fn put(&mut self, key: &HoldKey, items: Vec<Item>, paid: &[(String, Q)], at: i64) {
        let mut after = self.clone();
        after.items.retain(|item| item.key != *key);
        after.items.extend(items);
        let names: Vec<String> = self.books.keys().cloned().collect();
        for name in names {
            let paid: Vec<Q> = paid
                .iter()
                .filter(|(of, paid)| *of == name && *paid > Q::zero())
                .map(|(_, paid)| paid.clone())
                .collect();
            if self.on(key, &name) == after.on(key, &name) && paid.is_empty() {
                continue;
            }
            let per_hour = self.held(&name).1[0].clone();
            let book = after.books.get_mut(&name).unwrap();
            book.stretches.push((book.now(at), per_hour));
            book.paid.extend(paid);
        }
        *self = after;
    }

    pub(super) fn roll(&mut self, budgets: &Budgets, at: i64) {
        let ended = self.books.values().any(|book| at >= book.end);
        for budget in budgets.iter() {
            self.open(budget, at);
        }
        if ended {
            self.growth.retain(|_, window| window.0 + 86_400 >= at);
        }
    }

    fn open(&mut self, budget: &Budget, at: i64) {
        let next = match self.books.get(&*budget.name) {
            None => Book::open(budget, at),
            Some(book) if at >= book.end => {
                let next = Book::open(budget, at);
                Book { from: next.start.max(book.end), ..next }
            }
            Some(_) => return,
        };
        self.books.insert(budget.name.to_string(), next);
    }

    pub(super) fn claim(
        &mut self,
        claims: &[Claim],
        budgets: &Budgets,
        at: i64,
    ) -> Result<Vec<Passed>, Refused> {
        let mut after = self.clone();
        let (mut denied, mut surges, mut crowded, mut notes) = (Vec::new(), 0, false, Vec::new());
        for claim in claims {
            let mut tried = after.clone();
            let (passed, surged, full) = tried.one(claim, budgets, at);
            let (no, note): (Vec<_>, Vec<_>) =
                passed.into_iter().partition(|passed| passed.2 == Effect::Deny);
            notes.extend(note);
            if no.is_empty() && surged == 0 && !full {
                after = tried;
            }
            denied.extend(no);
            surges += surged;
            crowded |= full;
        }
        if denied.is_empty() && surges == 0 && !crowded {
            *self = after;
            Ok(notes)
        } else {
            Err((denied, surges, crowded, notes))
        }
    }

    fn one(&mut self, claim: &Claim, budgets: &Budgets, at: i64) -> (Vec<Passed>, usize, bool) {
        let asked = parts(&claim.charge);
        let mine: Vec<Item> = self.of(&claim.key).cloned().collect();
        if mine.is_empty() && asked == nothing() {
            return (Vec::new(), 0, false);
        }
        let names: Vec<String> = claim.budgets.iter().map(ToString::to_string).collect();
        let there = mine.iter().find(|item| item.seen.is_some());
        let pending = mine.iter().filter(|item| item.seen.is_none()).count();
        let same = |item: &Item| item.uid == claim.uid && item.parts == asked && item.budgets == names;
        let expires = at + claim.expires_after;
        let mut items = mine.clone();
        match items.iter_mut().rfind(|item| item.seen.is_none()) {
            Some(last) if same(last) && claim.uid.is_some() => last.expires = last.expires.max(Some(expires)),
            None if there.is_some_and(same) => {}
            _ => items.push(Item {
                key: claim.key.clone(),
                seen: None,
                expires: Some(expires),
                uid: claim.uid.clone(),
                parts: asked,
                budgets: names.clone(),
                since: at,
                version: None,
            }),
        }
        let full = pending == PENDING_CLAIMS && items.len() > mine.len();
        let mut passed = Vec::new();
        let mut grows = false;
        // A book is opened only where something comes of it.
        let books = self.books.clone();
        for name in &names {
            let budget = budgets.find(name).unwrap();
            self.open(budget, at);
            let before = self.on(&claim.key, name).unwrap_or_else(nothing);
            let after = on(&items.iter().collect::<Vec<_>>(), name).unwrap_or_else(nothing);
            grows |= before != after;
            let held = self.held(name).1;
            let then: Parts =
                held.iter().zip(&before).zip(&after).map(|((h, b), a)| h.minus(b).plus(a)).collect();
            passed.extend(self.passed(budget, &held, &then, at));
        }
        let surged = claim.growth.map_or(0, |limit| self.grow(claim, &mine, &limit, at));
        if full {
            self.reopen(&books, &names);
            return (passed, surged, grows);
        }
        let before = self.clone();
        self.put(&claim.key, items, &[], at);
        for name in &names {
            if before.on(&claim.key, name) == self.on(&claim.key, name) {
                self.reopen(&books, std::slice::from_ref(name));
            }
        }
        (passed, surged, false)
    }

    fn reopen(&mut self, books: &BTreeMap<String, Book>, names: &[String]) {
        for name in names {
            match books.get(name) {
                Some(book) => self.books.insert(name.clone(), book.clone()),
                None => self.books.remove(name),
            };
        }
    }

    fn passed(&self, budget: &Budget, held: &Parts, then: &Parts, at: i64) -> Vec<Passed> {
        let book = &self.books[&*budget.name];
        let now = book.now(at);
        let since = held[0].times(&hours(book.as_of(), now)).up();
        let accrued = book.accrued().plus(&since);
        let left = hours(now, book.end);
        let over =
            |parts: &Parts, per_hour: usize| parts[per_hour].times(&left).up().plus(&parts[per_hour + 1]);
        let name = || budget.name.to_string();
        let mut passed = Vec::new();
        for (word, per_hour) in [("expected", 0), ("worst", 2)] {
            if held[per_hour..per_hour + 2] == then[per_hour..per_hour + 2] {
                continue;
            }
            let (before, after) = (over(held, per_hour), over(then, per_hour));
            let total = accrued.plus(&after);
            let amount = Q::of_money(budget.amount);
            let limits: Vec<(Effect, Q)> = if word == "worst" {
                vec![(Effect::Deny, amount.times(&Q::of_ratio(budget.exposure)))]
            } else {
                let part = |percent| amount.times(&Q::of_ratio(percent)).times(&Q::new(1, 100));
                budget.thresholds.all().iter().map(|it| (it.effect, part(it.percent))).collect()
            };
            let hardest =
                limits.into_iter().filter(|(_, most)| total > *most).max_by_key(|(effect, _)| *effect);
            if let Some((effect, most)) = hardest {
                let added = after.minus(&before);
                passed.push((name(), word, effect, most, accrued.clone(), before, added, total));
            }
        }
        let peak = budget.peak_per_hour.map(Q::of_money);
        for (word, part, limit) in [("peak", 4, peak), ("gpus", 5, budget.gpus.map(Q::of_ratio))] {
            if let Some(most) = limit.filter(|most| held[part] != then[part] && then[part] > *most) {
                let (held, total) = (held[part].clone(), then[part].clone());
                passed.push((
                    name(),
                    word,
                    Effect::Deny,
                    most,
                    accrued.clone(),
                    held.clone(),
                    total.minus(&held),
                    total,
                ));
            }
        }
        passed
    }

    fn grow(&mut self, claim: &Claim, mine: &[Item], limit: &GrowthLimit, at: i64) -> usize {
        let before = mine.iter().fold(Q::zero(), |most, item| most.max(item.parts[4].clone()));
        let added = parts(&claim.charge)[4].clone().max(before.clone()).minus(&before);
        let created = mine.is_empty();
        if added == Q::zero() && !created {
            return 0;
        }
        let start = at.div_euclid(limit.window) * limit.window;
        let window = match self.growth.get(&*claim.principal) {
            Some(window) if window.0 >= start => window.clone(),
            _ => (start, Q::zero(), 0),
        };
        let (per_hour, objects) = (window.1.plus(&added), window.2 + u64::from(created));
        let mut surges = 0;
        if limit.per_hour.is_some_and(|most| added > Q::zero() && per_hour > Q::of_money(most)) {
            surges += 1;
        }
        if limit.objects.is_some_and(|most| created && objects > most) {
            surges += 1;
        }
        if surges == 0 {
            self.growth.insert(claim.principal.to_string(), (window.0, per_hour, objects));
        }
        surges
    }

    pub(super) fn exists(&mut self, key: &HoldKey, now: &Observed, at: i64, read: bool) {
        let (items, paid) = self.seen(key, now, at, read);
        self.put(key, items, &paid, at);
    }

    fn seen(&self, key: &HoldKey, now: &Observed, at: i64, read: bool) -> (Vec<Item>, Vec<(String, Q)>) {
        let old = self.of(key).find(|item| item.seen.is_some()).cloned();
        let asked = parts(&now.charge);
        let mut names: Vec<String> = now.budgets.iter().map(ToString::to_string).collect();
        names.sort();
        names.dedup();
        let claims: Vec<Item> = self.of(key).filter(|item| item.seen.is_none()).cloned().collect();
        let (mut kept, mut dropped) = (claims, Vec::new());
        let ours = |item: &Item| item.uid.as_ref() == Some(&now.uid);
        let may_be = |item: &Item| item.uid.is_none() || ours(item);
        let known = match &old {
            None => self.of(key).next().is_none() && asked == nothing(),
            Some(old) => {
                (ours(old) && old.parts == asked && (old.budgets == names || asked == nothing()))
                    || newer(old, now, at, read)
            }
        };
        let news = match old.as_ref().filter(|old| ours(old)) {
            Some(old) => old.parts != asked,
            None => asked != nothing(),
        };
        let outcome = |claim: &Item| may_be(claim) && claim.parts == asked && claim.budgets == names;
        let outcomes: Vec<usize> = (0..kept.len()).filter(|at| outcome(&kept[*at])).collect();
        let clear = outcomes
            .first()
            .is_some_and(|at| kept[*at].uid.is_some() || outcomes.iter().all(|at| kept[*at].uid.is_none()));
        if !known && news && clear {
            let arrived = outcomes[0];
            let numbered: Vec<(usize, Item)> = kept.into_iter().enumerate().collect();
            let (gone, stay): (Vec<_>, Vec<_>) = numbered
                .into_iter()
                .partition(|(at, claim)| *at == arrived || (*at < arrived && ours(claim)));
            dropped.extend(gone.into_iter().map(|(_, claim)| claim));
            kept = stay.into_iter().map(|(_, claim)| claim).collect();
        }
        let (overdue, kept): (Vec<Item>, Vec<Item>) =
            kept.into_iter().partition(|claim| read && claim.expires.unwrap() <= at);
        dropped.extend(overdue);
        let stranger = |claim: &&Item| !may_be(claim) && old.as_ref().is_none_or(|old| old.uid != claim.uid);
        let mut paid = paid_by(&dropped.iter().filter(stranger).cloned().collect::<Vec<_>>(), at);
        if known {
            let ahead = |old: Item| Item { version: old.version.max(now.version), ..old };
            let old = old.map(|old| if read && ours(&old) { ahead(old) } else { old });
            return (old.into_iter().chain(kept).collect(), paid);
        }
        let (since, first) = match old.as_ref().filter(|old| ours(old)) {
            Some(old) => {
                let mut any = false;
                for name in &old.budgets {
                    let left = if names.contains(name) { asked[1].clone() } else { Q::zero() };
                    let less = old.parts[1].minus(&left);
                    if less > Q::zero() {
                        any = true;
                        paid.push((name.clone(), ran(old, at).min(less)));
                    }
                }
                let again = dropped.iter().filter(|claim| may_be(claim)).map(|claim| claim.since).min();
                let since = if old.parts == nothing() { again.unwrap_or(at) } else { old.since };
                (if any { at } else { since }, old.seen)
            }
            None => {
                paid.extend(paid_by(old.as_slice(), at));
                let own = dropped.iter().filter(|claim| may_be(claim)).map(|claim| claim.since).min();
                let asked = self.of(key).filter(|item| item.seen.is_none()).map(|claim| claim.since);
                (own.unwrap_or(at), asked.chain([at]).max())
            }
        };
        let item = Item {
            key: key.clone(),
            seen: first,
            expires: None,
            uid: Some(now.uid.clone()),
            parts: asked.clone(),
            budgets: names,
            since,
            version: now.version,
        };
        (std::iter::once(item).chain(kept).collect(), paid)
    }

    pub(super) fn gone(&mut self, key: &HoldKey, uid: Option<&Uid>, at: i64) {
        let seen = self.of(key).find(|item| item.seen.is_some()).and_then(|item| item.uid.clone());
        if let Some(uid) = uid.cloned().or(seen) {
            self.end(key, |item| item.uid.as_ref() == Some(&uid), at);
        }
    }

    pub(super) fn absent(&mut self, key: &HoldKey, at: i64) {
        self.end(
            key,
            |item| item.expires.is_some_and(|it| it <= at) || item.seen.is_some_and(|it| it < at),
            at,
        );
    }

    fn end(&mut self, key: &HoldKey, ends: impl Fn(&Item) -> bool, at: i64) {
        let (ended, stay): (Vec<Item>, Vec<Item>) = self.of(key).cloned().partition(ends);
        let seen: Vec<Item> = ended.iter().filter(|item| item.seen.is_some()).cloned().collect();
        let paid = paid_by(if seen.is_empty() { &ended } else { &seen }, at);
        self.put(key, stay, &paid, at);
    }

    pub(super) fn finished(&mut self, key: &HoldKey, now: &Observed, at: i64, read: bool) {
        let old = self.of(key).find(|item| item.seen.is_some()).cloned();
        if let Some(old) = &old {
            let other = old.uid.as_ref() != Some(&now.uid);
            if other && !read && (old.version.is_none() || now.version.is_none()) {
                return;
            }
            if newer(old, now, at, read) {
                return self.exists(key, now, at, read);
            }
        }
        let mine: Vec<Item> = self.of(key).cloned().collect();
        if mine.is_empty() {
            return;
        }
        let (items, mut paid) = self.seen(key, now, at, read);
        let ran: Vec<Item> = items.iter().filter(|item| item.seen.is_some()).cloned().collect();
        paid.extend(paid_by(&ran, at));
        let stopped = old.filter(|old| old.uid.as_ref() == Some(&now.uid) && old.parts == nothing());
        let left = stopped.or_else(|| ran.first().map(|ran| Item { parts: nothing(), ..ran.clone() }));
        let claims = items.into_iter().filter(|it| it.seen.is_none() && it.uid.as_ref() != Some(&now.uid));
        self.put(key, left.into_iter().chain(claims).collect(), &paid, at);
    }
}

/// Whether what was seen of a key is newer than what is told.
fn newer(old: &Item, now: &Observed, at: i64, read: bool) -> bool {
    if old.version.is_some() && now.version.is_some() {
        return now.version < old.version;
    }
    read && old.uid.as_ref() != Some(&now.uid) && old.seen.unwrap() >= at
}

/// What a run has come to by `at`.
fn ran(item: &Item, at: i64) -> Q {
    item.parts[4].times(&hours(item.since, at)).up()
}

/// What is paid of each budget for states of one object that ended.
fn paid_by(ended: &[Item], at: i64) -> Vec<(String, Q)> {
    let mut paid: BTreeMap<String, Q> = BTreeMap::new();
    for item in ended {
        let spent = ran(item, at).min(item.parts[1].clone());
        for name in &item.budgets {
            let most = paid.get(name).map_or(spent.clone(), |before| before.clone().max(spent.clone()));
            paid.insert(name.clone(), most);
        }
    }
    paid.into_iter().collect()
}
