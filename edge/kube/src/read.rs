//! Asking the API server itself what an object is like now.
//!
//! For what a watch cannot say: that something which was admitted was never stored. The request names no version, so
//! the answer is that of a majority of the store, not of what a replica remembers. Never within an admission request.

use std::sync::Arc;
use std::time::Duration;

use kube::api::GetParams;
use kube::core::Request;
use serde_json::Value as Json;
use tollgate_vocabulary::Value;

use crate::cache::{Decoder, Trouble, is_none_served};
use crate::resource::Scope;
use crate::{Cluster, Resource};

/// Why nobody can say whether an object exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// what cannot stand in a path
    #[error("`{0}` is no name of an object")]
    Name(String),
    /// the API server took too long
    #[error("the API server did not answer within {} ms", .0.as_millis())]
    Deadline(Duration),
    /// it refused, or what it sent makes no sense
    #[error("cannot read `{name}` of {resource}: {why}")]
    Api {
        /// of which resource
        resource: String,
        /// which object, with its namespace
        name: String,
        /// what it said
        why: String,
    },
}

impl Cluster {
    /// The object as it is stored now, as much of it as is kept of its resource, or nothing where it does not exist.
    ///
    /// # Errors
    /// Whatever leaves it open whether the object exists.
    pub async fn read(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
        within: Duration,
    ) -> Result<Option<Value>, ReadError> {
        let named = resource.scope == Scope::Cluster || is_segment(namespace);
        if let Some(bad) = [(named, namespace), (is_segment(name), name)].into_iter().find(|part| !part.0) {
            return Err(ReadError::Name(bad.1.to_owned()));
        }
        let read = self.read_now(resource, namespace, name);
        match tokio::time::timeout(within, read).await {
            Err(_) => Err(ReadError::Deadline(within)),
            Ok(result) => result.map_err(|trouble| ReadError::Api {
                resource: resource.to_string(),
                name: if namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") },
                why: trouble.text(),
            }),
        }
    }

    async fn read_now(
        &self,
        resource: &Resource,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, Trouble> {
        let request = Request::new(resource.path_in(namespace)).get(name, &GetParams::default())?;
        match self.client.request::<Json>(request).await {
            Ok(object) => Decoder::new(*resource)
                .decode(object)
                .map(|(_, kept)| Some(Arc::unwrap_or_clone(kept.body.value()))),
            Err(error) if is_of_object(&error, name) => Ok(None),
            Err(error) => {
                let trouble = Trouble::Api(error);
                match trouble.code() {
                    Some(404) => is_none_served(&self.client, resource).await.map(|()| None),
                    _ => Err(trouble),
                }
            }
        }
    }
}

/// Whether a 404 speaks of the object, and not of its path.
fn is_of_object(error: &kube::Error, name: &str) -> bool {
    let kube::Error::Api(status) = error else { return false };
    let details = status.details.as_ref();
    status.code == 404
        && status.reason == "NotFound"
        && details.is_some_and(|details| details.name == name && !details.kind.is_empty())
}

/// Names of objects are narrower, each resource's in its own way; this keeps a name from meaning another path.
fn is_segment(name: &str) -> bool {
    let within = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    !matches!(name, "" | "." | "..") && name.bytes().all(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_means_another_path() {
        for good in ["web", "web-0.x", "system:node"] {
            assert!(is_segment(good), "{good}");
        }
        for bad in ["", ".", "..", "a/b", "a?watch=1", "a%2fb", "a#", "a b", "ä"] {
            assert!(!is_segment(bad), "{bad}");
        }
    }

    #[test]
    fn only_a_404_that_names_the_object_speaks_of_it() {
        let status = |text: &str| kube::Error::Api(Box::new(serde_json::from_str(text).unwrap()));
        let object = r#"{"code": 404, "reason": "NotFound", "details": {"name": "web", "group": "apps", "kind": "deployments"}}"#;
        assert!(is_of_object(&status(object), "web"));
        assert!(!is_of_object(&status(object), "other"));
        assert!(!is_of_object(&status(r#"{"code": 404, "reason": "NotFound", "details": {}}"#), "web"));
        assert!(!is_of_object(&status(r#"{"code": 404, "reason": "Failed to parse error data"}"#), "web"));
        assert!(!is_of_object(&status(&object.replace("404", "403")), "web"));
    }
}
