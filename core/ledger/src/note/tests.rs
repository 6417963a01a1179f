use proptest::prelude::*;

use super::*;
use crate::Origin;

/// The key that C2SP's signed-note page shows, and the note that it shows.
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn origin() -> Origin {
    "log.example/a".parse().unwrap()
}

fn verifier(seed: u8) -> VerifierKey {
    VerifierKey::new(origin(), key(seed).verifying_key())
}

#[test]
fn a_note_of_other_software_verifies() {
    let note = Note::parse(NOTE.as_bytes()).unwrap();
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!(key.to_string(), KEY);
    assert!(note.verify(&key).unwrap().starts_with("If you think"));
    assert_eq!(note.to_string(), NOTE);
    let changed = Note::parse(NOTE.replace("don't", "do").as_bytes()).unwrap();
    assert_eq!(changed.verify(&key), Err(VerifyNoteError::Signature("PeterNeumann".to_owned())));
}

#[test]
fn unknown_signatures_are_kept() {
    let mut note = Note::sign("text\n".to_owned(), &origin(), &key(1)).unwrap();
    let witness = NoteSignature { name: "witness.example".into(), id: [1, 2, 3, 4], bytes: vec![9; 72] };
    note.add_signature(witness.clone());
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(read, note);
    assert_eq!(read.signatures()[1], witness);
    assert_eq!(read.verify(&verifier(1)), Ok("text\n"));
}

#[test]
fn a_note_by_another_key_is_unsigned() {
    let note = Note::sign("text\n".to_owned(), &origin(), &key(1)).unwrap();
    assert_eq!(note.verify(&verifier(2)), Err(VerifyNoteError::Unsigned("log.example/a".to_owned())));
}

#[test]
fn one_false_signature_of_our_key_condemns_the_note() {
    let mut note = Note::sign("text\n".to_owned(), &origin(), &key(1)).unwrap();
    let mut twice = note.signatures()[0].clone();
    twice.bytes[63] ^= 1;
    note.add_signature(twice.clone());
    assert!(matches!(note.verify(&verifier(1)), Err(VerifyNoteError::Signature(_))));
    twice.bytes.truncate(63);
    note.signatures[1] = twice;
    assert!(matches!(note.verify(&verifier(1)), Err(VerifyNoteError::Signature(_))));
}

#[test]
fn text_may_hold_blank_lines() {
    let note = Note::sign("a\n\nb\n".to_owned(), &origin(), &key(1)).unwrap();
    let read = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(read.verify(&verifier(1)), Ok("a\n\nb\n"));
}

#[test]
fn malformed_notes_are_refused() {
    let good = Note::sign("text\n".to_owned(), &origin(), &key(1)).unwrap().to_string();
    let line = good.lines().last().unwrap();
    let cases = [
        (String::new(), ParseNoteError::Shape),
        ("text\n".to_owned(), ParseNoteError::Shape),
        ("text\n\n".to_owned(), ParseNoteError::Signatures),
        (good.trim_end().to_owned(), ParseNoteError::Signatures),
        (good.replace('—', "-"), ParseNoteError::Line(1)),
        (good.replace("— ", "—  "), ParseNoteError::Line(1)),
        (good.replace("log.example/a", "log+a"), ParseNoteError::Line(1)),
        (good.replace("log.example/a", "log\u{a0}a"), ParseNoteError::Line(1)),
        (format!("{good}junk\n"), ParseNoteError::Line(2)),
        (format!("{good}\n"), ParseNoteError::Signatures),
        (good.replace("text", "te\txt"), ParseNoteError::Control(2)),
        (good.replace("text\n", "text\r\n"), ParseNoteError::Control(4)),
        ("text\n\n— a AAAA\n".to_owned(), ParseNoteError::Line(1)),
        (format!("text\n\n{}", format!("{line}\n").repeat(101)), ParseNoteError::Signatures),
        ("x".repeat(MAX_BYTES + 1), ParseNoteError::Length(MAX_BYTES + 1)),
    ];
    for (text, error) in cases {
        assert_eq!(
            Note::parse(text.as_bytes()),
            Err(error),
            "{:?}",
            text.chars().take(60).collect::<String>()
        );
    }
    assert_eq!(Note::parse(b"te\xffxt\n\n"), Err(ParseNoteError::Encoding(2)));
    assert_eq!(Note::sign("text".into(), &origin(), &key(1)), Err(ParseNoteError::Shape));
    assert_eq!(Note::sign("a\0\n".into(), &origin(), &key(1)), Err(ParseNoteError::Control(1)));
}

#[test]
fn malformed_keys_are_refused() {
    let parse = |text: &str| text.parse::<VerifierKey>().unwrap_err();
    assert_eq!(parse("name"), ParseKeyError::Shape);
    assert_eq!(parse("name+c74f20a3"), ParseKeyError::Shape);
    assert!(matches!(parse(&KEY.replace("Peter", "Peter ")), ParseKeyError::Name(_)));
    assert!(matches!(parse(&KEY.replace("c74f20a3", "c74f20a4")), ParseKeyError::Id { .. }));
    assert!(matches!(parse(&KEY.replace("c74f20a3", "C74F20A3")), ParseKeyError::Id { .. }));
    assert!(matches!(parse(&KEY.replace("PeterNeumann", "Other")), ParseKeyError::Id { .. }));
    assert!(matches!(parse(&KEY.replace("ARpc", "BBpc")), ParseKeyError::Type { kind: 4, .. }));
    assert!(matches!(parse(&KEY.replace("10TW", "10T")), ParseKeyError::Encoding(_)));
    let identity = STANDARD.encode([&[1, 1], [0; 31].as_slice()].concat());
    assert!(matches!(parse(&format!("name+00000000+{identity}")), ParseKeyError::Point(_)));
}

proptest! {
    #[test]
    fn what_is_read_is_written_again_as_it_was(bytes: Vec<u8>, text in "[a-z\n]{0,20}", base in "[A-Za-z0-9+/=]{4,24}") {
        for bytes in [bytes, format!("{text}\n\n— n {base}\n").into_bytes()] {
            if let Ok(note) = Note::parse(&bytes) {
                prop_assert_eq!(note.to_string().into_bytes(), bytes);
            }
        }
    }

    #[test]
    fn any_flipped_bit_is_found(at: usize, bit in 0u8..8) {
        let mut bytes = Note::sign("line one\nline two\n".into(), &origin(), &key(1)).unwrap().to_string().into_bytes();
        let place = at % bytes.len();
        bytes[place] ^= 1 << bit;
        let verified = Note::parse(&bytes).is_ok_and(|note| note.verify(&verifier(1)).is_ok());
        prop_assert!(!verified);
    }
}
