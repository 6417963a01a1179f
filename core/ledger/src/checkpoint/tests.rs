use super::*;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn origin() -> Origin {
    "log.example/a".parse().unwrap()
}

fn signed(text: &str) -> Vec<u8> {
    Note::sign(text.to_owned(), &origin(), &key()).unwrap().to_string().into_bytes()
}

fn verify(text: &str) -> Result<Checkpoint, ParseCheckpointError> {
    Checkpoint::verify(&signed(text), &VerifierKey::new(origin(), key().verifying_key()))
}

fn text() -> String {
    Checkpoint::of(origin(), &Frontier::default()).text()
}

#[test]
fn checkpoint_survives_writing_and_reading() {
    let mut checkpoint = Checkpoint::of(origin(), &Frontier::default());
    checkpoint.extensions = vec!["an extension".to_owned(), "another".to_owned()];
    assert_eq!(verify(&checkpoint.text()), Ok(checkpoint.clone()));
    assert_eq!(Checkpoint::unverified(&signed(&checkpoint.text())), Ok(checkpoint));
}

#[test]
fn malformed_checkpoints_are_refused() {
    assert!(verify(&text()).is_ok());
    for size in ["00", "+0", "-1", "", " 0", "1e3", "18446744073709551616", "0x1"] {
        let changed = text().replace("\n0\n", &format!("\n{size}\n"));
        assert_eq!(verify(&changed), Err(ParseCheckpointError::Size(size.to_owned())));
    }
    for (from, to) in [("=", ""), ("=", "=="), ("47DE", "47D!"), ("47DEQpj8", "")] {
        assert!(matches!(verify(&text().replace(from, to)), Err(ParseCheckpointError::Root(_))), "{to}");
    }
    assert_eq!(verify("log.example/a\n"), Err(ParseCheckpointError::Lines));
    assert_eq!(verify("log.example/a\n0\n"), Err(ParseCheckpointError::Lines));
    assert_eq!(verify(&format!("{}x\n\ny\n", text())), Err(ParseCheckpointError::Extension(2)));
    assert!(matches!(verify(&text().replace("log.", "lo g.")), Err(ParseCheckpointError::Origin(_))));
}

#[test]
fn another_logs_checkpoint_is_refused_even_if_our_key_signed_it() {
    let error = verify(&text().replace("/a\n", "/b\n"));
    assert!(matches!(error, Err(ParseCheckpointError::OtherLog { .. })));
}

#[test]
fn unsigned_checkpoints_are_refused() {
    let other = VerifierKey::new(origin(), SigningKey::from_bytes(&[2; 32]).verifying_key());
    let error = Checkpoint::verify(&signed(&text()), &other);
    assert!(matches!(error, Err(ParseCheckpointError::Signature(VerifyNoteError::Unsigned(_)))));
}
