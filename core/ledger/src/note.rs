//! C2SP signed notes: a text, a blank line, signature lines.
//!
//! ```text
//! text ──sign──> Note ──Display──> bytes ──parse──> Note (unverified) ──verify(key)──> the text may be believed
//! ```
//!
//! Signatures of unknown keys (a witness's cosignature, say) are kept and written again as they were; what is not
//! of the form is refused. A signature that names our key and does not verify condemns the whole note.

mod key;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey};
pub use key::{ParseKeyError, VerifierKey};

use crate::origin::forbidden;

/// The most bytes that a note may have.
const MAX_BYTES: usize = 1 << 20;
/// The most signature lines that a note may have.
const MAX_SIGNATURES: usize = 100;

/// A text and its signatures. Reading one verifies nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// A signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// the key's name
    pub name: String,
    /// the key's id, which also covers the algorithm
    pub id: [u8; 4],
    /// the signature's bytes, of whatever algorithm
    pub bytes: Vec<u8>,
}

/// Bytes that are not a signed note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseNoteError {
    /// larger than we read
    #[error("a note has at most {MAX_BYTES} bytes, not {0}")]
    Length(usize),
    /// not UTF-8
    #[error("a note is UTF-8, and is not from byte {0}")]
    Encoding(usize),
    /// a control character other than a newline
    #[error("a note has no control characters but newlines, and has one at byte {0}")]
    Control(usize),
    /// no blank line, or no text before it
    #[error("a note is a text, a blank line and signature lines")]
    Shape,
    /// no signature line, too many, or a last one without its newline
    #[error("a note has 1 to {MAX_SIGNATURES} signature lines, each with its newline")]
    Signatures,
    /// a signature line that is not of the form
    #[error("signature line {0} is not `— <name> <base64 of key id and signature>`")]
    Line(usize),
}

/// A note that must not be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyNoteError {
    /// the key did not sign
    #[error("no signature by key `{0}`")]
    Unsigned(String),
    /// a signature names the key and is not the key's
    #[error("the signature by key `{0}` does not verify")]
    Signature(String),
}

impl Note {
    /// Signs a text with an Ed25519 key under a name.
    ///
    /// # Errors
    /// The text does not end in a newline, or holds what a note cannot hold.
    pub fn sign(text: String, name: &crate::Origin, key: &SigningKey) -> Result<Self, ParseNoteError> {
        if !text.ends_with('\n') {
            return Err(ParseNoteError::Shape);
        }
        check_characters(&text)?;
        let id = VerifierKey::new(name.clone(), key.verifying_key()).id();
        let bytes = key.sign(text.as_bytes()).to_bytes().to_vec();
        let signature = NoteSignature { name: name.as_str().to_owned(), id, bytes };
        Ok(Self { text, signatures: vec![signature] })
    }

    /// Reads a note without verifying it.
    ///
    /// # Errors
    /// Not of the form.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseNoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(ParseNoteError::Length(bytes.len()));
        }
        let whole =
            std::str::from_utf8(bytes).map_err(|error| ParseNoteError::Encoding(error.valid_up_to()))?;
        check_characters(whole)?;
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(ParseNoteError::Shape)?;
        let lines = lines.strip_suffix('\n').ok_or(ParseNoteError::Signatures)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(ParseNoteError::Signatures);
        }
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(index, line)| NoteSignature::parse(line).ok_or(ParseNoteError::Line(index + 1)))
            .collect::<Result<_, _>>()?;
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// Checks that the key signed the text, and gives the text.
    ///
    /// # Errors
    /// No signature names the key, or one that does is not the key's.
    pub fn verify(&self, key: &VerifierKey) -> Result<&str, VerifyNoteError> {
        let ours =
            |signature: &&NoteSignature| signature.name == key.name().as_str() && signature.id == key.id();
        let mut signed = false;
        for signature in self.signatures.iter().filter(ours) {
            let refused = || VerifyNoteError::Signature(key.name().to_string());
            let bytes = Signature::from_slice(&signature.bytes).map_err(|_| refused())?;
            key.key().verify_strict(self.text.as_bytes(), &bytes).map_err(|_| refused())?;
            signed = true;
        }
        if signed { Ok(&self.text) } else { Err(VerifyNoteError::Unsigned(key.name().to_string())) }
    }

    /// The text, with its last newline, whoever wrote it.
    #[must_use]
    pub fn unverified_text(&self) -> &str {
        &self.text
    }

    /// All signature lines, in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds another's signature line, as a witness returns it.
    pub fn add_signature(&mut self, signature: NoteSignature) {
        self.signatures.push(signature);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Reads a signature line, without its newline.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let decoded = STANDARD.decode(encoded).ok()?;
        let (id, bytes) = decoded.split_first_chunk()?;
        let valid = !name.is_empty() && !name.contains(forbidden) && !bytes.is_empty();
        valid.then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "— {} {}", self.name, STANDARD.encode([&self.id, self.bytes.as_slice()].concat()))
    }
}

fn check_characters(text: &str) -> Result<(), ParseNoteError> {
    let control = text.bytes().position(|byte| byte < 0x20 && byte != b'\n');
    control.map_or(Ok(()), |at| Err(ParseNoteError::Control(at)))
}

#[cfg(test)]
mod tests;
