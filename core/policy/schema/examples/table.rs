//! Makes `src/kubernetes.txt` from the definitions of an API server.
//!
//! `cargo run -p tollgate-schema --example table < definitions-1.36.json > core/policy/schema/src/kubernetes.txt`
//!
//! The document is `/openapi/v2` of a kube-apiserver, or its `definitions` and `version` alone.

mod encode;

use std::io::{Read, Write};

fn main() -> Result<(), String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    let document = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    std::io::stdout().write_all(encode::table(&document)?.as_bytes()).map_err(|error| error.to_string())
}
