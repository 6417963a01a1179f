//! An admission review that can be sent many times, each time as a new request.
//!
//! The gate answers a repeated UID as before and records it once; so every sending gets a UID of its own, and where that
//! is wanted an object of its own, written over the places where they stand, without serialising again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::LoadError;

const MARK: &str = "a11ad000-0000-4000-8000-000000000000";
const NAME: &str = "a11ad-000000000000";

#[derive(Clone)]
pub(crate) struct Review {
    bytes: Vec<u8>,
    /// Where twelve digits of the request's number begin.
    places: Vec<usize>,
}

impl Review {
    /// The review in a file, about one and the same object every time.
    pub(crate) fn read(path: &Path) -> Result<Self, LoadError> {
        Self::of_file(path, false)
    }

    /// The review in a file, about another object every time.
    pub(crate) fn distinct(path: &Path) -> Result<Self, LoadError> {
        Self::of_file(path, true)
    }

    fn of_file(path: &Path, distinct: bool) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        let bytes = fs::read(path).map_err(LoadError::io(format!("`{shown}`")))?;
        Self::from_json(&bytes, distinct).ok_or(LoadError::Review(shown))
    }

    fn from_json(bytes: &[u8], distinct: bool) -> Option<Self> {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        let request = value.get_mut("request")?.as_object_mut()?;
        request.insert("uid".into(), MARK.into());
        if distinct {
            request.insert("name".into(), NAME.into());
            request
                .get_mut("object")?
                .get_mut("metadata")?
                .as_object_mut()?
                .insert("name".into(), NAME.into());
        }
        let text = value.to_string();
        let ends = |mark: &'static str| text.match_indices(mark).map(move |(at, _)| at + mark.len() - 12);
        let places = ends(MARK).chain(ends(NAME)).collect();
        Some(Review { bytes: text.into_bytes(), places })
    }

    /// The body with the UID, and the name, of this number.
    pub(crate) fn numbered(&mut self, number: u64) -> &[u8] {
        let digits = format!("{number:012x}");
        for at in &self.places {
            if let Some(place) = self.bytes.get_mut(*at..at + digits.len()) {
                place.copy_from_slice(digits.as_bytes());
            }
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
        let mut review = Review::from_json(source, false).unwrap();
        for number in [1, 0xabc] {
            let value: Value = serde_json::from_slice(review.numbered(number)).unwrap();
            assert_eq!(value["request"]["uid"], format!("a11ad000-0000-4000-8000-{number:012x}"));
            assert_eq!(value["request"]["object"]["metadata"]["uid"], "keep");
        }
    }

    #[test]
    fn the_object_has_another_name_every_time_where_that_is_asked_for() {
        let source = br#"{"request": {"name": "api", "object": {"metadata": {"name": "api"}}}}"#;
        let mut review = Review::from_json(source, true).unwrap();
        let value: Value = serde_json::from_slice(review.numbered(7)).unwrap();
        assert_eq!(value["request"]["name"], "a11ad-000000000007");
        assert_eq!(value["request"]["object"]["metadata"]["name"], "a11ad-000000000007");
        assert_eq!(value["request"]["uid"], "a11ad000-0000-4000-8000-000000000007");
    }

    #[test]
    fn what_is_not_a_review_is_refused() {
        assert!(Review::from_json(b"{}", false).is_none() && Review::from_json(b"[", false).is_none());
    }
}
