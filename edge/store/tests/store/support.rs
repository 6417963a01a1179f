//! What the tests of the store share: a key, a name, entries that can be told apart.

use tollgate_ledger::{Kind, Origin, Salt, Sealed, SigningKey, VerifierKey};
use tollgate_store::{Appended, BatchId, NewEntry, Store};
use tollgate_vocabulary::Digest;

pub(crate) fn origin() -> Origin {
    "tollgate.example/test".parse().unwrap()
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn verifier() -> VerifierKey {
    VerifierKey::new(origin(), key().verifying_key())
}

pub(crate) fn id(number: u64) -> BatchId {
    BatchId(u128::from(number).to_be_bytes())
}

pub(crate) fn sealed(salt: &str, number: u64, bytes: String) -> Sealed {
    let salt = Salt(*Digest::of(format!("{salt} {number}").as_bytes()).as_bytes());
    Sealed { salt, bytes: bytes.into_bytes() }
}

pub(crate) fn decision(number: u64) -> NewEntry {
    NewEntry {
        kind: Kind::Decision,
        effects: sealed("e", number, format!("effects {number}")),
        body: sealed("b", number, format!("body {number}")),
    }
}

/// Appends `count` entries in one batch, numbered by their index.
pub(crate) fn append(store: &mut Store, count: u64) -> Vec<Appended> {
    let first = store.view().size().unwrap();
    let mut batch = store.begin(id(1 + first)).unwrap();
    let appended = (first..first + count).map(|number| batch.append(&decision(number)).unwrap()).collect();
    batch.commit().unwrap();
    appended
}
