//! An admission review that can be sent many times, each time as a new request.
//!
//! The gate answers a repeated UID as before and records it once; so every sending gets a UID of its own, written over
//! the one place where it stands, without serialising again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::LoadError;

const MARK: &str = "a11ad000-0000-4000-8000-000000000000";

#[derive(Clone)]
pub(crate) struct Review {
    bytes: Vec<u8>,
    /// Where the last twelve digits of the UID begin.
    at: usize,
}

impl Review {
    pub(crate) fn read(path: &Path) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        let bytes = fs::read(path).map_err(LoadError::io(format!("`{shown}`")))?;
        Self::from_json(&bytes).ok_or(LoadError::Review(shown))
    }

    fn from_json(bytes: &[u8]) -> Option<Self> {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        value.get_mut("request")?.as_object_mut()?.insert("uid".into(), MARK.into());
        let text = value.to_string();
        let at = text.find(MARK)? + MARK.len() - 12;
        Some(Review { bytes: text.into_bytes(), at })
    }

    /// The body with the UID of this number.
    pub(crate) fn numbered(&mut self, number: u64) -> &[u8] {
        let digits = format!("{number:012x}");
        if let Some(place) = self.bytes.get_mut(self.at..self.at + digits.len()) {
            place.copy_from_slice(digits.as_bytes());
        }
        &self.bytes
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_uid_of_the_request_changes() {
        let source = br#"{"kind": "AdmissionReview", "request": {"uid": "x", "object": {"metadata": {"uid": "keep"}}}}"#;
        let mut review = Review::from_json(source).unwrap();
        for number in [1, 0xabc] {
            let value: Value = serde_json::from_slice(review.numbered(number)).unwrap();
            assert_eq!(value["request"]["uid"], format!("a11ad000-0000-4000-8000-{number:012x}"));
            assert_eq!(value["request"]["object"]["metadata"]["uid"], "keep");
        }
    }

    #[test]
    fn what_is_not_a_review_is_refused() {
        assert!(Review::from_json(b"{}").is_none() && Review::from_json(b"[").is_none());
    }
}
