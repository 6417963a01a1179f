//! Redeems the quote that an object carries: whoever checked it said what it costs, and that is what it costs.

use std::sync::Arc;

use tollgate_vocabulary::{Digest, Fact, Finding, Path, Question, Step, Value};

use super::{Asking, SubjectCost};
use crate::Claim;
use crate::quote::{ANNOTATION, Quote};

impl Asking<'_> {
    /// What redeeming the quote of `object` takes. Only what asks for money has one to redeem.
    pub(super) fn redeem(&mut self, object: &Value, cost: &SubjectCost) {
        let annotations = object.get("metadata").and_then(|metadata| metadata.get("annotations"));
        let Some(text) = annotations.and_then(|annotations| annotations.get(ANNOTATION)) else {
            if self.rules.config.require_quote {
                let remedy = "check it with `tollgate check --quote`, and put the quote in its annotations";
                self.wrong("it comes without a quote".to_owned(), remedy);
            }
            return;
        };
        let Some(text) = text.as_str().map(Arc::<str>::from) else {
            return self.wrong("its quote is no text".to_owned(), AGAIN);
        };
        let question = Question::Quote(Arc::clone(&text));
        let said = match self.facts.answer(&question) {
            Fact::NotGathered => return self.costed.need.push(question),
            Fact::Known { value, .. } => value.as_str().and_then(Quote::parse),
            Fact::Absent { .. } => None,
            Fact::Unavailable { why } => {
                let why = format!("its quote cannot be believed: {why}");
                self.costed.read.push(question);
                return self.wrong(why, AGAIN);
            }
        };
        self.costed.read.push(question);
        let Some(quote) = said else {
            return self.wrong("its quote says nothing that is known".to_owned(), AGAIN);
        };
        if let Some(why) = quote.wrong(cost, self.rules.book.digest(), self.change.at) {
            return self.wrong(format!("its quote does not hold: {why}"), AGAIN);
        }
        let Some(claim) = &self.costed.claim else { return };
        let by = match &claim.uid {
            Some(uid) => format!("{} {uid}", claim.key),
            None => claim.key.to_string(),
        };
        self.costed.redeems = Some(Claim::Quote {
            subject: 0,
            quote: Digest::of(text.as_bytes()),
            by: by.into(),
            expires: quote.expires,
        });
    }

    fn wrong(&mut self, message: String, remedy: &str) {
        let path = Path::of_keys(&["metadata", "annotations"]).join(Step::Key(ANNOTATION.into()));
        let finding =
            Finding { path, remedy: Some(remedy.to_owned()), ..self.finding("cost.quote", message) };
        self.costed.findings.push(finding);
    }
}

const AGAIN: &str = "check it again with `tollgate check --quote`";
