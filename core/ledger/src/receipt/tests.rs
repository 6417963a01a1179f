use super::*;
use crate::{Checkpoint, Frontier};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn origin() -> Origin {
    "log.example/a".parse().unwrap()
}

fn verifier() -> VerifierKey {
    VerifierKey::new(origin(), key().verifying_key())
}

fn receipt(time: &str) -> Receipt {
    Receipt::new(origin(), 5, Digest::of(b"leaf"), time.parse().unwrap())
}

fn verify(text: &str) -> Result<Receipt, ParseReceiptError> {
    Receipt::verify(
        Note::sign(text.to_owned(), &origin(), &key()).unwrap().to_string().as_bytes(),
        &verifier(),
    )
}

#[test]
fn receipt_survives_writing_and_reading() {
    for time in ["2026-11-23T06:04:36Z", "2026-11-23T06:04:36.987654321Z", "1970-01-01T00:00:00Z"] {
        let receipt = receipt(time);
        assert_eq!(verify(&receipt.text()), Ok(receipt));
    }
}

#[test]
fn times_are_cut_to_milliseconds_and_written_in_utc() {
    assert!(receipt("2026-11-23T06:04:36.987654321Z").text().ends_with("\n2026-11-23T06:04:36.987Z\n"));
    assert!(receipt("2026-11-23T06:04:36+02:00").text().ends_with("\n2026-11-23T04:04:36.000Z\n"));
}

#[test]
fn other_ways_to_write_a_receipt_are_refused() {
    let good = receipt("2026-11-23T06:04:36Z").text();
    let times = [
        "06:04:36Z",
        "06:04:36.0Z",
        "06:04:36.000+00:00",
        "06:04:36.000z",
        "07:04:36.000+01:00",
        "06:04:36.0000Z",
    ];
    for time in times {
        let changed = good.replace("06:04:36.000Z", time);
        assert!(matches!(verify(&changed), Err(ParseReceiptError::Time(_))), "{time}");
    }
    assert!(matches!(verify(&good.replace("\n5\n", "\n05\n")), Err(ParseReceiptError::Index(_))));
    assert!(matches!(verify(&good.replace('=', "")), Err(ParseReceiptError::Leaf(_))));
    assert!(matches!(verify(&good.replace("/v1", "/v2")), Err(ParseReceiptError::Lines)));
    assert!(matches!(verify(&format!("{good}more\n")), Err(ParseReceiptError::Lines)));
    assert!(matches!(verify(&good.replace("/a\n", "/b\n")), Err(ParseReceiptError::OtherLog { .. })));
}

#[test]
fn receipts_and_checkpoints_never_stand_for_each_other() {
    let receipt = receipt("2026-11-23T06:04:36Z").sign(&key()).unwrap().to_string();
    assert!(Checkpoint::verify(receipt.as_bytes(), &verifier()).is_err());
    let checkpoint = Checkpoint::of(origin(), &Frontier::default()).sign(&key()).unwrap().to_string();
    assert_eq!(Receipt::verify(checkpoint.as_bytes(), &verifier()), Err(ParseReceiptError::Lines));
    assert!(FIRST_LINE.parse::<Origin>().is_err());
}

#[test]
fn a_receipt_by_another_key_is_refused() {
    let note = receipt("2026-11-23T06:04:36Z").sign(&SigningKey::from_bytes(&[2; 32])).unwrap();
    assert!(matches!(
        Receipt::verify(note.to_string().as_bytes(), &verifier()),
        Err(ParseReceiptError::Signature(_))
    ));
}
