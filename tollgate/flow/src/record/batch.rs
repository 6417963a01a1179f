//! One transaction: settles decisions in order, and writes entries and effects together.

use tollgate_gate::{Effects, State, StateChange, Verdict, Window, decision, settle};
use tollgate_ledger::{Kind, Salt, Sealed};
use tollgate_store::{Appended, Batch, BatchId, CommitError, NewEntry, Store};
use tollgate_vocabulary::{Digest, Timestamp};

use super::{RecordError, ToRecord};
use crate::cause::chain;

/// Key of the bundle in force, in the store's state.
const BUNDLE: &str = "bundle";

/// Keys of principals' windows start with this.
const RATE: &str = "rate/";

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

/// Records that another bundle is in force.
pub(super) fn activate(store: &mut Store, state: &mut State, bundle: Digest, body: &[u8]) -> Written<()> {
    transaction(store, |batch| {
        let effects = Effects::new(vec![StateChange::Bundle(bundle)]);
        append(batch, Kind::BundleActivation, &effects, body.to_vec())?;
        apply(batch, state, &effects)
    })
}

/// A batch with nothing in it: whether one can be committed.
pub(super) fn nothing(store: &mut Store) -> Written<()> {
    transaction(store, |_| Ok(()))
}

/// The state as it is kept.
pub(super) fn read_state(store: &Store) -> Result<State, RecordError> {
    let rows = store.view().states().map_err(|error| RecordError::StoreDown(error.to_string()))?;
    let mut state = State::default();
    for (key, value) in rows {
        let row = String::from_utf8(value).ok();
        let read = row.and_then(|value| read_row(&mut state, &key, &value));
        read.ok_or_else(|| RecordError::StoreDown(format!("the state under `{key}` cannot be read")))?;
    }
    Ok(state)
}

/// The rows that a state is kept as.
pub(crate) fn rows(state: &State) -> Vec<(String, Vec<u8>)> {
    let bundle = state.bundle.iter().map(|digest| (BUNDLE.to_owned(), digest.to_string().into_bytes()));
    let rates =
        state.rates.iter().map(|(principal, window)| (format!("{RATE}{principal}"), window_row(*window)));
    bundle.chain(rates).collect()
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
    let (verdict, effects) = match settle(&to_record.judged, state) {
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
    for change in effects.changes() {
        let (key, value) = match change {
            StateChange::Bundle(digest) => (BUNDLE.to_owned(), digest.to_string().into_bytes()),
            StateChange::Rate { principal, window } => (format!("{RATE}{principal}"), window_row(*window)),
        };
        batch.set_state(&key, Some(&value)).map_err(|error| chain(&error))?;
    }
    Ok(())
}

fn window_row(window: Window) -> Vec<u8> {
    format!("{} {}", window.start, window.count).into_bytes()
}

fn read_row(state: &mut State, key: &str, value: &str) -> Option<()> {
    if key == BUNDLE {
        state.bundle = Some(value.parse().ok()?);
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
