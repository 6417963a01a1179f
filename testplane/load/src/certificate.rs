//! A certificate for a peer that is to be measured over TLS like Tollgate.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::LoadError;

pub(crate) fn make(folder: &Path) -> Result<Value, LoadError> {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    for (path, text) in [(&certificate, made.cert.pem()), (&key, made.signing_key.serialize_pem())] {
        fs::write(path, text).map_err(LoadError::io(format!("`{}`", path.display())))?;
    }
    Ok(json!({ "certificate": certificate, "key": key }))
}
