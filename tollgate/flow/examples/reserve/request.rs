//! Requests for Deployments, each another one.

use std::fs;
use std::sync::Arc;

use serde_json::Value;
use tollgate_flow::Existing;
use tollgate_manifest::{Limits, json};
use tollgate_vocabulary::ObjectName;

use crate::{Done, estate};

/// Where the number of a request stands: at the end of its UID, and of the object's UID and name.
const NUMBER: &str = "000000000000";
/// Where the replicas stand.
const REPLICAS: u64 = 7_654_321;

/// What all requests are made from.
#[derive(Clone)]
pub(crate) struct Template {
    review: String,
    object: String,
}

impl Template {
    pub(crate) fn read() -> Done<Self> {
        let file = estate::corpus().join("review.json");
        let mut review: Value = serde_json::from_slice(&fs::read(file)?)?;
        let name = format!("checkout-{NUMBER}");
        review["request"]["name"] = name.as_str().into();
        let object = &mut review["request"]["object"];
        object["metadata"]["name"] = name.into();
        object["spec"]["replicas"] = REPLICAS.into();
        let object = object.to_string();
        Ok(Self { review: review.to_string(), object })
    }

    /// The bytes of an AdmissionReview.
    pub(crate) fn review(&self, number: u64, replicas: u64) -> Vec<u8> {
        written(&self.review, number, replicas).into_bytes()
    }

    /// The same object as one that exists.
    pub(crate) fn existing(&self, number: u64, replicas: u64) -> Done<Existing> {
        let value = json::read(written(&self.object, number, replicas).as_bytes(), &Limits::default())?;
        let name = ObjectName {
            group: "apps".into(),
            kind: "Deployment".into(),
            namespace: Some("shop".into()),
            name: format!("checkout-{number:012x}").into(),
        };
        Ok(Existing { name, plural: "deployments".into(), value: Arc::new(value) })
    }
}

fn written(text: &str, number: u64, replicas: u64) -> String {
    text.replace(NUMBER, &format!("{number:012x}")).replace(&REPLICAS.to_string(), &replicas.to_string())
}
