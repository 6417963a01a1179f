//! The facts that a change is judged on, each under the question that it answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_manifest::canonical;
use tollgate_vocabulary::{Digest, Fact, Map, Question, Value};

/// Answers, in the order of their questions.
#[derive(Clone, Debug, Default)]
pub struct Facts(BTreeMap<Question, Fact>);

impl Facts {
    /// Nothing gathered yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Puts an answer in.
    pub fn insert(&mut self, question: Question, fact: Fact) {
        self.0.insert(question, fact);
    }

    /// The answer; [`Fact::NotGathered`] where nobody was asked.
    #[must_use]
    pub fn answer(&self, question: &Question) -> &Fact {
        self.0.get(question).unwrap_or(&Fact::NotGathered)
    }

    /// Answers, in the order of their questions.
    pub fn iter(&self) -> impl Iterator<Item = (&Question, &Fact)> {
        self.0.iter()
    }
}

impl FromIterator<(Question, Fact)> for Facts {
    fn from_iter<I: IntoIterator<Item = (Question, Fact)>>(facts: I) -> Self {
        Self(facts.into_iter().collect())
    }
}

/// A fact as entries have it, and the canonical bytes of its value, which are kept by their digest. When it was
/// observed stands beside the digest, not under it.
pub(crate) fn to_value(question: &Question, fact: &Fact) -> (Value, Option<(Digest, Vec<u8>)>) {
    let mut map: Map = [("question", Value::from(question.to_string()))].into_iter().collect();
    let mut content = None;
    match fact {
        Fact::Known { value, observed_at, source } => {
            let bytes = canonical::bytes(value);
            let digest = Digest::of(&bytes);
            map.insert("answer".into(), "known".into());
            map.insert("value".into(), digest.to_string().into());
            map.insert("observed_at".into(), observed_at.to_string().into());
            map.insert("source".into(), source.word().into());
            content = Some((digest, bytes));
        }
        Fact::Absent { observed_at, source } => {
            map.insert("answer".into(), "absent".into());
            map.insert("observed_at".into(), observed_at.to_string().into());
            map.insert("source".into(), source.word().into());
        }
        Fact::Unavailable { why } => {
            map.insert("answer".into(), "unavailable".into());
            map.insert("why".into(), Value::String(Arc::clone(why)));
        }
        Fact::NotGathered => {
            map.insert("answer".into(), "not gathered".into());
        }
    }
    (map.into(), content)
}
