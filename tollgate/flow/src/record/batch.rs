//! One transaction: settles decisions in order, and writes entries and effects together.

use tollgate_budget::{AccountError, Entry, Hold, HoldKey, Movement, Observed};
use tollgate_gate::{Bundle, Effects, Redeemed, State, StateChange, Verdict, Window, decision, settle};
use tollgate_ledger::{Kind, Salt, Sealed};
use tollgate_store::{Appended, Batch, BatchId, CommitError, NewEntry, Store, View};
use tollgate_vocabulary::{Digest, Timestamp};

use super::{RecordError, Sighting, ToRecord};
use crate::cause::chain;

/// Key of the bundle in force, in the store's state.
const BUNDLE: &str = "bundle";

/// Keys of principals' windows start with this.
const RATE: &str = "rate/";

/// Keys of quotes that were redeemed start with this.
const QUOTE: &str = "quote/";

/// A decision that was written, or found to have been written before.
pub(super) struct Done {
    pub(super) verdict: Verdict,
    pub(super) bundle: Digest,
    pub(super) index: u64,
    pub(super) leaf: Digest,
    pub(super) at: Timestamp,
}

/// What a transaction came to. The outcome counts if it was committed, or if the batch is found to be there.
pub(super) struct Written<T> {
    pub(super) batch: BatchId,
    pub(super) outcome: Result<T, String>,
    pub(super) committed: Result<(), String>,
}

pub(super) type Outcome = Result<Done, RecordError>;

/// Settles and records decisions in their order. The state moves with them; if the commit fails, it is read anew.
pub(super) fn decide(
    store: &mut Store,
    state: &mut State,
    decisions: &[Box<ToRecord>],
) -> Written<Vec<Outcome>> {
    transaction(store, |batch| {
        decisions.iter().map(|to_record| one(batch, state, to_record)).collect::<Result<Vec<_>, String>>()
    })
}

/// Records that another bundle is in force, with the balances of its budgets.
pub(super) fn activate(
    store: &mut Store,
    state: &mut State,
    bundle: &Bundle,
    body: &[u8],
    at: Timestamp,
) -> Written<()> {
    transaction(store, |batch| {
        let effects = Effects::new(vec![StateChange::Bundle(bundle.digest())]);
        append(batch, Kind::BundleActivation, &effects, body.to_vec())?;
        apply(batch, state, &effects)?;
        roll(batch, state, bundle, at)
    })
}

/// Settles what was seen of the cluster: one entry for all that is of one kind, none where nothing moved. How many holds
/// moved.
pub(super) fn sight(
    store: &mut Store,
    state: &mut State,
    bundle: &Bundle,
    sightings: &[Sighting],
    at: Timestamp,
) -> Written<Result<usize, RecordError>> {
    transaction(store, |batch| {
        // What it takes was computed by rules that are not in force any more, and of their budgets.
        if state.bundle.is_some_and(|in_force| in_force != bundle.digest()) {
            return Ok(Err(RecordError::Superseded));
        }
        roll_if_due(batch, state, bundle, at)?;
        // Movements say what is from then on: their entries stand in the order in which they moved.
        let mut runs: Vec<Moved> = Vec::new();
        for sighting in sightings {
            let movements = match sighting.movements(state, at) {
                Ok(movements) => movements,
                // What cannot be counted stays as it is held; the next look at it may count.
                Err(error) => {
                    tracing::error!(key = %sighting.key(), %error, "what was seen cannot be counted");
                    continue;
                }
            };
            if movements.is_empty() {
                continue;
            }
            for movement in &movements {
                state.account.apply(movement);
            }
            let kind = sighting.kind();
            match runs.last_mut().filter(|run| run.kind == kind) {
                Some(run) => run.add(sighting, movements),
                None => runs.push(Moved { kind, keys: vec![sighting.key().clone()], movements }),
            }
        }
        let moved = runs.iter().map(|run| run.keys.len()).sum();
        for run in runs {
            run.append(batch, bundle, at)?;
        }
        Ok(Ok(moved))
    })
}

/// Holds that moved one after the other, and how.
struct Moved {
    kind: Kind,
    keys: Vec<HoldKey>,
    movements: Vec<Movement>,
}

impl Moved {
    fn add(&mut self, sighting: &Sighting, movements: Vec<Movement>) {
        self.keys.push(sighting.key().clone());
        self.movements.extend(movements);
    }

    /// One entry for all of it; they are applied already.
    fn append(self, batch: &mut Batch<'_>, bundle: &Bundle, at: Timestamp) -> Result<(), String> {
        let body = match self.kind {
            Kind::Expiry => decision::expiry_body(bundle, &self.keys, at),
            _ => decision::settlement_body(bundle, &self.keys, at),
        };
        let effects = Effects::new(self.movements.into_iter().map(StateChange::Money).collect());
        append(batch, self.kind, &effects, body)?;
        keep(batch, &effects)
    }
}

impl Sighting {
    const fn kind(&self) -> Kind {
        match self {
            Self::Verified { .. } => Kind::Expiry,
            Self::Seen { .. } | Self::Gone { .. } => Kind::Settlement,
        }
    }

    fn movements(&self, state: &State, at: Timestamp) -> Result<Vec<Movement>, AccountError> {
        let account = &state.account;
        match self {
            // What somebody else pays for moves nothing, unless it was charged on its own.
            Self::Seen { key, owned: true, .. } if account.hold(key).is_none() => Ok(Vec::new()),
            Self::Seen { key, observed, finished: true, .. } => account.finished(key, observed, at),
            // A part that has no price now had one when it was held: what is held is not less for that.
            Self::Seen { key, observed, incomplete: true, .. } => {
                let before = account.hold(key).and_then(Hold::observed).map(Entry::charge);
                let charge = before.map_or(Ok(observed.charge), |before| before.or_more(observed.charge))?;
                account.observe(key, &Observed { charge, ..observed.clone() }, at)
            }
            Self::Seen { key, observed, .. } => account.observe(key, observed, at),
            Self::Gone { key, uid } => account.gone(key, Some(uid), at),
            Self::Verified { key, seen, since } => account.verified(key, seen, *since),
        }
    }
}

/// Closes the periods that have ended, before anything is settled in the next.
fn roll_if_due(
    batch: &mut Batch<'_>,
    state: &mut State,
    bundle: &Bundle,
    at: Timestamp,
) -> Result<(), String> {
    if state.account.balances().any(|(_, balance)| balance.period.end <= at.as_second()) {
        roll(batch, state, bundle, at)?;
    }
    Ok(())
}

fn roll(batch: &mut Batch<'_>, state: &mut State, bundle: &Bundle, at: Timestamp) -> Result<(), String> {
    let Some(rules) = bundle.cost() else { return Ok(()) };
    let movements = state.account.roll(&rules.budgets, at).map_err(|error| chain(&error))?;
    if movements.is_empty() {
        return Ok(());
    }
    let effects = Effects::new(movements.into_iter().map(StateChange::Money).collect());
    append(batch, Kind::RollOver, &effects, decision::roll_over_body(bundle, at))?;
    apply(batch, state, &effects)
}

/// A batch with nothing in it: whether one can be committed.
pub(super) fn nothing(store: &mut Store) -> Written<()> {
    transaction(store, |_| Ok(()))
}

/// The state as it is kept.
pub(super) fn read_state(store: &Store) -> Result<State, RecordError> {
    state_of(store.view())
}

/// The state as a view shows it.
pub(crate) fn state_of(view: View<'_>) -> Result<State, RecordError> {
    let rows = view.states().map_err(|error| RecordError::StoreDown(error.to_string()))?;
    let mut state = State::default();
    for (key, value) in rows {
        let read = match Movement::of_row(&key, &value) {
            Ok(Some(movement)) => {
                state.account.apply(&movement);
                Some(())
            }
            Ok(None) => String::from_utf8(value).ok().and_then(|value| read_row(&mut state, &key, &value)),
            Err(error) => return Err(RecordError::StoreDown(error.to_string())),
        };
        read.ok_or_else(|| RecordError::StoreDown(format!("the state under `{key}` cannot be read")))?;
    }
    Ok(state)
}

/// The rows that a state is kept as.
pub(crate) fn rows(state: &State) -> Vec<(String, Vec<u8>)> {
    let bundle = state.bundle.iter().map(|digest| (BUNDLE.to_owned(), digest.to_string().into_bytes()));
    let rates =
        state.rates.iter().map(|(principal, window)| (format!("{RATE}{principal}"), window_row(*window)));
    let quotes =
        state.quotes.iter().map(|(quote, redeemed)| (format!("{QUOTE}{quote}"), quote_row(redeemed)));
    bundle.chain(rates).chain(quotes).chain(state.account.rows()).collect()
}

fn transaction<T>(store: &mut Store, write: impl FnOnce(&mut Batch<'_>) -> Result<T, String>) -> Written<T> {
    let failed = |batch, why: String| Written { batch, outcome: Err(why.clone()), committed: Err(why) };
    let mut id = [0; 16];
    if let Err(error) = getrandom::fill(&mut id) {
        return failed(BatchId(id), format!("no randomness: {error}"));
    }
    let id = BatchId(id);
    let mut batch = match store.begin(id) {
        Ok(batch) => batch,
        Err(error) => return failed(id, chain(&error)),
    };
    match write(&mut batch) {
        Err(why) => failed(id, why),
        Ok(outcome) => {
            let committed = batch.commit().map(|_| ()).map_err(|error| why(&error));
            Written { batch: id, outcome: Ok(outcome), committed }
        }
    }
}

/// Why a commit failed. That its answer was in doubt is nobody's business: the batch is looked up before anybody is
/// answered.
fn why(error: &CommitError) -> String {
    match error {
        CommitError::InDoubt { path, source, .. } => {
            format!("cannot write to `{}`: {}", path.display(), chain(source))
        }
        CommitError::Aborted { .. } => chain(error),
    }
}

/// An error here is the batch's; what is only this decision's is its outcome.
fn one(batch: &mut Batch<'_>, state: &mut State, to_record: &ToRecord) -> Result<Outcome, String> {
    if let Some((uid, body)) = &to_record.request {
        match batch.view().request(uid).map_err(|error| chain(&error))? {
            Some(before) if before.digest != *body => {
                return Ok(Err(RecordError::AnotherBody(uid.to_string())));
            }
            Some(before) => return again(batch, before.index).map(Ok),
            None => {}
        }
    }
    if state.bundle == Some(to_record.bundle.digest()) {
        roll_if_due(batch, state, &to_record.bundle, to_record.judged.at)?;
    }
    let (verdict, effects) = match settle(&to_record.judged, state, &to_record.bundle) {
        Ok(settled) => settled,
        Err(_) => return Ok(Err(RecordError::Superseded)),
    };
    let (change, change_digest) = &to_record.canonical;
    let body = decision::body(&to_record.change, change_digest, &to_record.judged, &verdict, &effects);
    let mut put = |digest: &Digest, kind, bytes: &[u8]| {
        batch.put_content(digest, kind, bytes).map_err(|error| chain(&error))
    };
    put(change_digest, "change", change)?;
    for (digest, fact) in &body.facts {
        put(digest, "fact", fact)?;
    }
    let appended = append(batch, Kind::Decision, &effects, body.bytes)?;
    apply(batch, state, &effects)?;
    if let Some((uid, body)) = &to_record.request {
        batch.put_request(uid, body, appended.index).map_err(|error| chain(&error))?;
    }
    for (object, digest) in &to_record.judged_objects {
        let bundle = &to_record.judged.bundle;
        batch.put_judged(object, digest, bundle, appended.index).map_err(|error| chain(&error))?;
    }
    Ok(Ok(Done {
        verdict,
        bundle: to_record.judged.bundle,
        index: appended.index,
        leaf: appended.leaf_hash,
        at: to_record.judged.at,
    }))
}

/// The answer that a request got before.
fn again(batch: &Batch<'_>, index: u64) -> Result<Done, String> {
    let entry = batch.view().entry(index).map_err(|error| chain(&error))?;
    let entry = entry.ok_or_else(|| format!("entry {index} is missing"))?;
    let body = entry.body.ok_or_else(|| format!("the body of entry {index} was deleted"))?;
    let told = decision::read(&body.bytes).map_err(|error| format!("entry {index}: {error}"))?;
    Ok(Done { verdict: told.verdict, bundle: told.bundle, index, leaf: entry.leaf, at: told.at })
}

fn append(batch: &mut Batch<'_>, kind: Kind, effects: &Effects, body: Vec<u8>) -> Result<Appended, String> {
    let effects = Sealed { salt: salt()?, bytes: effects.to_bytes() };
    let body = Sealed { salt: salt()?, bytes: body };
    batch.append(&NewEntry { kind, effects, body }).map_err(|error| chain(&error))
}

fn apply(batch: &mut Batch<'_>, state: &mut State, effects: &Effects) -> Result<(), String> {
    state.apply(effects);
    keep(batch, effects)
}

/// Keeps what effects come to as rows.
fn keep(batch: &mut Batch<'_>, effects: &Effects) -> Result<(), String> {
    for change in effects.changes() {
        let (key, value) = match change {
            StateChange::Bundle(digest) => (BUNDLE.to_owned(), Some(digest.to_string().into_bytes())),
            StateChange::Rate { principal, window } => {
                (format!("{RATE}{principal}"), Some(window_row(*window)))
            }
            StateChange::Money(movement) => movement.row(),
            StateChange::Quote { quote, redeemed } => {
                (format!("{QUOTE}{quote}"), redeemed.as_ref().map(quote_row))
            }
        };
        batch.set_state(&key, value.as_deref()).map_err(|error| chain(&error))?;
    }
    Ok(())
}

fn window_row(window: Window) -> Vec<u8> {
    format!("{} {}", window.start, window.count).into_bytes()
}

fn quote_row(redeemed: &Redeemed) -> Vec<u8> {
    format!("{} {}", redeemed.expires, redeemed.by).into_bytes()
}

fn read_row(state: &mut State, key: &str, value: &str) -> Option<()> {
    if key == BUNDLE {
        state.bundle = Some(value.parse().ok()?);
    } else if let Some(quote) = key.strip_prefix(QUOTE) {
        let (expires, by) = value.split_once(' ')?;
        let redeemed = Redeemed { by: by.into(), expires: expires.parse().ok()? };
        state.quotes.insert(quote.parse().ok()?, redeemed);
    } else {
        let (start, count) = value.split_once(' ')?;
        let window = Window { start: start.parse().ok()?, count: count.parse().ok()? };
        state.rates.insert(key.strip_prefix(RATE)?.to_owned(), window);
    }
    Some(())
}

fn salt() -> Result<Salt, String> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| format!("no randomness: {error}"))?;
    Ok(Salt(salt))
}
