//! The rules of reservations once more, the slow and simple way: one list of what was asked for and what was seen, and
//! every sum computed anew from it, in whole micro-dollars.
//!
//! Every object has its UID and its version here, as those of an API server have.

use std::collections::{BTreeMap, BTreeSet};

use super::estate::{GROWTH, MICRO, OBJECTS, Rules};

/// Expected a second, expected once, at worst a second, at worst once, in the dearest hour a second, GPUs.
pub(super) type Parts = [i128; 6];

pub(super) const NOTHING: Parts = [0; 6];

/// Claims of one object that may be on their way.
const PENDING: usize = 32;

/// The window of growth, and how long one is remembered behind a month's end.
const WINDOW: i64 = 600;
const REMEMBERED: i64 = 86_400;

/// How long a claim is held before somebody looks.
const HELD: i64 = 90;

/// Something that holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Item {
    pub(super) key: String,
    /// of a claim, when it expires; of what exists, when it was first seen
    pub(super) time: i64,
    pub(super) seen: bool,
    pub(super) uid: String,
    pub(super) parts: Parts,
    pub(super) budgets: Vec<String>,
    pub(super) since: i64,
    /// of what exists
    pub(super) version: u64,
}

/// An object, as it is told.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) key: String,
    pub(super) uid: String,
    pub(super) parts: Parts,
    pub(super) budgets: Vec<String>,
    pub(super) version: u64,
}

/// The present month of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Book {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) as_of: i64,
    /// micro-dollars
    pub(super) accrued: i128,
}

/// What one identity added in its window: when that began, micro-dollars an hour, objects.
pub(super) type Grown = (i64, i128, u64);

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) items: Vec<Item>,
    pub(super) books: BTreeMap<String, Book>,
    pub(super) growth: BTreeMap<String, Grown>,
}

impl Model {
    pub(super) fn of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.key == key)
    }

    /// What is held of a budget, and by how many.
    pub(super) fn held(&self, budget: &str) -> (u64, Parts) {
        let keys: BTreeSet<&String> = self.items.iter().map(|item| &item.key).collect();
        let each = keys.into_iter().filter_map(|key| on(&self.of(key).collect::<Vec<_>>(), budget));
        each.fold((0, NOTHING), |(count, sum), parts| (count + 1, both(&sum, &parts, |a, b| a + b)))
    }

    pub(super) fn roll_if_due(&mut self, rules: &Rules, at: i64) {
        if self.books.values().any(|book| book.end <= at) {
            self.roll(rules, at);
        }
    }

    /// Months that ended are closed, budgets that came are opened, and those that went are taken away.
    pub(super) fn roll(&mut self, rules: &Rules, at: i64) {
        let mut ended = false;
        for budget in &rules.budgets {
            let (start, end) = month(at, budget.berlin);
            let book = self.books.get(budget.name);
            let as_of = match book {
                None => at,
                Some(book) if book.end <= at => start.max(book.end),
                Some(_) => continue,
            };
            ended |= book.is_some();
            self.books.insert(budget.name.to_owned(), Book { start, end, as_of, accrued: 0 });
        }
        let left: Vec<String> = self
            .books
            .keys()
            .filter(|name| rules.find(name).is_none() && self.held(name).0 == 0)
            .cloned()
            .collect();
        self.books.retain(|name, _| !left.contains(name));
        if ended {
            self.growth.retain(|_, (start, ..)| *start + REMEMBERED >= at);
        }
    }

    /// Whether a claim is granted; then it is held.
    pub(super) fn claim(&mut self, told: &Told, who: &str, rules: &Rules, at: i64) -> bool {
        let mine: Vec<Item> = self.of(&told.key).cloned().collect();
        if mine.is_empty() && told.parts == NOTHING {
            return true;
        }
        let there = mine.iter().find(|item| item.seen);
        let same =
            |item: &Item| item.uid == told.uid && item.parts == told.parts && item.budgets == told.budgets;
        let mut items = mine.clone();
        match items.iter_mut().rfind(|item| !item.seen) {
            Some(last) if same(last) => last.time = last.time.max(at + HELD),
            None if there.is_some_and(same) => {}
            _ => items.push(Item {
                key: told.key.clone(),
                time: at + HELD,
                seen: false,
                uid: told.uid.clone(),
                parts: told.parts,
                budgets: told.budgets.clone(),
                since: at,
                version: 0,
            }),
        }
        let (mut fits, mut grows) = (true, false);
        for name in &told.budgets {
            let (before, after) = (on_of(&mine, name), on_of(&items, name));
            grows |= before != after;
            fits &= self.fits(name, &before.unwrap_or(NOTHING), &after.unwrap_or(NOTHING), rules, at);
        }
        let grown = self.grown(told, &mine, who, at);
        let crowded = items.iter().filter(|item| !item.seen).count() > PENDING;
        if !fits || grown.is_err() || (crowded && grows) {
            return false;
        }
        if !crowded {
            self.put(&told.key, items, &BTreeMap::new(), at);
        }
        if let Ok(Some(window)) = grown {
            self.growth.insert(who.to_owned(), window);
        }
        true
    }

    /// Whether a budget has room for a hold that takes `after` instead of `before`: what shrinks always fits.
    fn fits(&self, name: &str, before: &Parts, after: &Parts, rules: &Rules, at: i64) -> bool {
        let (budget, book) = (rules.find(name).unwrap(), &self.books[name]);
        let (_, held) = self.held(name);
        let then = both(&both(&held, before, |a, b| a - b), after, |a, b| a + b);
        let now = book.now(at);
        let spent = book.accrued + held[0] * i128::from(now - book.as_of);
        let by_the_end = |part: usize| spent + then[part] * i128::from(book.end - now) + then[part + 1];
        let changes = |part: usize| held[part] != then[part];
        let amount = budget.amount * MICRO;
        let expected = by_the_end(0) * 100 <= amount * budget.percent;
        let worst = by_the_end(2) * 10 <= amount * budget.exposure;
        let peak = budget.peak.is_none_or(|most| then[4] * 3600 <= most * MICRO);
        let gpus = budget.gpus.is_none_or(|most| then[5] <= most);
        (expected || !(changes(0) || changes(1)))
            && (worst || !(changes(2) || changes(3)))
            && (peak || !changes(4))
            && (gpus || !changes(5))
    }

    fn grown(&self, told: &Told, mine: &[Item], who: &str, at: i64) -> Result<Option<Grown>, ()> {
        let before = mine.iter().map(|item| item.parts[4]).max().unwrap_or(0);
        let (added, created) = ((told.parts[4] - before).max(0) * 3600, mine.is_empty());
        if added == 0 && !created {
            return Ok(None);
        }
        let start = at.div_euclid(WINDOW) * WINDOW;
        let last = self.growth.get(who).filter(|last| last.0 >= start);
        let (start, per_hour, objects) = last.copied().unwrap_or((start, 0, 0));
        let (per_hour, objects) = (per_hour + added, objects + u64::from(created));
        let too_dear = added > 0 && per_hour > GROWTH * MICRO;
        let too_many = created && objects > OBJECTS;
        if too_dear || too_many { Err(()) } else { Ok(Some((start, per_hour, objects))) }
    }

    /// It was seen to exist; `read` says whether by a consistent read, begun at `at`.
    pub(super) fn exists(&mut self, told: &Told, at: i64, read: bool) {
        let (items, paid) = self.seen(told, at, read);
        self.put(&told.key, items, &paid, at);
    }

    fn seen(&self, told: &Told, at: i64, read: bool) -> (Vec<Item>, BTreeMap<String, i128>) {
        let (mut there, claims): (Vec<Item>, Vec<Item>) =
            self.of(&told.key).cloned().partition(|item| item.seen);
        let old = there.first().cloned();
        let ours = |item: &Item| item.uid == told.uid;
        let same = |item: &Item| ours(item) && item.parts == told.parts && item.budgets == told.budgets;
        let known = self.is_older(told)
            || match &old {
                None => claims.is_empty() && told.parts == NOTHING,
                Some(old) => same(old) || (ours(old) && old.parts == NOTHING && told.parts == NOTHING),
            };
        let before = old.as_ref().filter(|old| ours(old)).map_or(NOTHING, |old| old.parts);
        let arrived = claims.iter().position(same).filter(|_| !known && before != told.parts);
        let (mut kept, mut dropped) = (Vec::new(), Vec::new());
        for (at, claim) in claims.into_iter().enumerate() {
            let settled = arrived.is_some_and(|arrived| at == arrived || (at < arrived && ours(&claim)));
            if settled { dropped.push(claim) } else { kept.push(claim) }
        }
        dropped.extend(kept.extract_if(.., |claim| read && claim.time <= at));
        let stranger = |item: &&Item| !ours(item) && old.as_ref().is_none_or(|old| old.uid != item.uid);
        let mut paid = paid_by(dropped.iter().filter(stranger), at);
        if known {
            for item in there.iter_mut().filter(|item| read && ours(item)) {
                item.version = item.version.max(told.version);
            }
            kept.extend(there);
            return (kept, paid);
        }
        let mut pay = |name: &String, amount: i128| *paid.entry(name.clone()).or_default() += amount;
        let asked = dropped.iter().filter(|claim| ours(claim)).map(|claim| claim.since).min().unwrap_or(at);
        let (since, first) = match &old {
            Some(old) if ours(old) => {
                let left = |name| if told.budgets.contains(name) { told.parts[1] } else { 0 };
                let less = |name| (old.parts[1] - left(name)).max(0);
                old.budgets.iter().for_each(|name| pay(name, less(name).min(ran(old, at))));
                let since = if old.parts == NOTHING { asked } else { old.since };
                (if old.budgets.iter().any(|name| less(name) > 0) { at } else { since }, old.time)
            }
            _ => {
                paid_by(&old, at).iter().for_each(|(name, amount)| pay(name, *amount));
                (asked, at)
            }
        };
        let Told { key, uid, parts, budgets, version } = told.clone();
        kept.push(Item { key, time: first, seen: true, uid, parts, budgets, since, version });
        (kept, paid)
    }

    /// Whether something newer was seen already.
    fn is_older(&self, told: &Told) -> bool {
        self.of(&told.key).any(|old| old.seen && told.version < old.version)
    }

    /// An incarnation is gone.
    pub(super) fn gone(&mut self, key: &str, uid: &str, at: i64) {
        self.end(key, |item| item.uid == uid, at);
    }

    /// A consistent read, begun at `at`, found none.
    pub(super) fn absent(&mut self, key: &str, at: i64) {
        self.end(key, |item| if item.seen { item.time < at } else { item.time <= at }, at);
    }

    fn end(&mut self, key: &str, ends: impl Fn(&Item) -> bool, at: i64) {
        let (ended, stay): (Vec<Item>, Vec<Item>) = self.of(key).cloned().partition(ends);
        let paid = paid_at_end(&ended, at);
        self.put(key, stay, &paid, at);
    }

    /// It was seen to have run to its end: what is left of it takes nothing.
    pub(super) fn finished(&mut self, told: &Told, at: i64, read: bool) {
        let before: Vec<Item> = self.of(&told.key).cloned().collect();
        if before.is_empty() {
            return;
        }
        if self.is_older(told) {
            return self.exists(told, at, read);
        }
        let (mut items, mut paid) = self.seen(told, at, read);
        items.retain(|item| item.seen || item.uid != told.uid);
        let mut left = items.iter_mut().find(|item| item.seen);
        for (name, amount) in paid_by(left.as_deref(), at) {
            *paid.entry(name).or_default() += amount;
        }
        let ended = before.iter().find(|item| item.seen && item.uid == told.uid && item.parts == NOTHING);
        if let (Some(left), Some(ended)) = (&mut left, ended) {
            **left = ended.clone();
        } else if let Some(left) = left {
            left.parts = NOTHING;
        }
        if ended.is_none()
            || items.iter().filter(|item| !item.seen).ne(before.iter().filter(|item| !item.seen))
        {
            self.put(&told.key, items, &paid, at);
        }
    }

    /// What an object holds, all at once: whatever was held until then has become a cost.
    fn put(&mut self, key: &str, items: Vec<Item>, paid: &BTreeMap<String, i128>, at: i64) {
        let mine: Vec<Item> = self.of(key).cloned().collect();
        let names: BTreeSet<String> =
            mine.iter().chain(&items).flat_map(|item| item.budgets.clone()).collect();
        for name in names.iter().chain(paid.keys()).collect::<BTreeSet<_>>() {
            let amount = paid.get(name).copied().unwrap_or(0);
            if on_of(&mine, name) == on_of(&items, name) && amount == 0 {
                continue;
            }
            let (_, held) = self.held(name);
            let book = self.books.get_mut(name).unwrap();
            let now = book.now(at);
            book.accrued += held[0] * i128::from(now - book.as_of) + amount;
            book.as_of = now;
        }
        self.items.retain(|item| item.key != key);
        self.items.extend(items);
    }

    /// The claims that should have shown.
    pub(super) fn overdue(&self, at: i64) -> BTreeSet<String> {
        let overdue = self.items.iter().filter(|item| !item.seen && item.time <= at);
        overdue.map(|item| item.key.clone()).collect()
    }
}

impl Book {
    /// A clock that goes back gives nothing back, and a month ends once.
    pub(super) fn now(&self, at: i64) -> i64 {
        at.min(self.end).max(self.as_of)
    }
}

fn on_of(items: &[Item], budget: &str) -> Option<Parts> {
    on(&items.iter().collect::<Vec<_>>(), budget)
}

/// What the states of one object take of a budget: the most of each part. A run that was asked for after one was there
/// is another run, and paid as well.
pub(super) fn on(items: &[&Item], budget: &str) -> Option<Parts> {
    let there = items.iter().find(|item| item.seen);
    let later = |item: &Item| there.is_some_and(|there| item.uid != there.uid && item.since > there.time);
    let of_budget = || items.iter().filter(|item| item.budgets.iter().any(|name| name == budget));
    let most_of = |next: bool| {
        let parts = of_budget().filter(|item| later(item) == next).map(|item| item.parts);
        parts.reduce(|a, b| both(&a, &b, i128::max))
    };
    match (most_of(false), most_of(true)) {
        (Some(here), Some(next)) => {
            let [once, worst_once] = [here[1] + next[1], here[3] + next[3]];
            let most = both(&here, &next, i128::max);
            Some([most[0], once, most[2], worst_once, most[4], most[5]])
        }
        (here, next) => here.or(next),
    }
    .filter(|parts| *parts != NOTHING)
}

fn both(a: &Parts, b: &Parts, of: impl Fn(i128, i128) -> i128) -> Parts {
    std::array::from_fn(|part| of(a[part], b[part]))
}

/// What a run has come to by `at`, if every hour of it was the dearest.
fn ran(item: &Item, at: i64) -> i128 {
    item.parts[4] * i128::from((at - item.since).max(0))
}

/// What is paid for states of one object that ended: the most of them, on each budget.
fn paid_by<'a>(ended: impl IntoIterator<Item = &'a Item>, at: i64) -> BTreeMap<String, i128> {
    let mut paid = BTreeMap::<String, i128>::new();
    for item in ended {
        for name in &item.budgets {
            let most = paid.entry(name.clone()).or_default();
            *most = (*most).max(ran(item, at).min(item.parts[1]));
        }
    }
    paid
}

/// Of what was seen only that counts, else all that was asked for.
fn paid_at_end(ended: &[Item], at: i64) -> BTreeMap<String, i128> {
    let seen = ended.iter().any(|item| item.seen);
    paid_by(ended.iter().filter(|item| item.seen == seen), at)
}

/// The month that a time lies in, in seconds since 1970. Clocks in Berlin are two hours ahead at the beginnings of April
/// to October, else one.
fn month(at: i64, berlin: bool) -> (i64, i64) {
    let start = |month: i64| {
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let ahead = i64::from(berlin) * if (4..=10).contains(&month) { 2 } else { 1 };
        days(year, month) * 86_400 - ahead * 3600
    };
    let first = (2026 * 12..2100 * 12).rfind(|month| start(*month) <= at).unwrap();
    (start(first), start(first + 1))
}

/// Days from 1970 to the first of a month.
fn days(year: i64, month: i64) -> i64 {
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years = (1970..year).map(|year| 365 + i64::from(leap(year))).sum::<i64>();
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    years + lengths.iter().take(month as usize - 1).sum::<i64>()
}
