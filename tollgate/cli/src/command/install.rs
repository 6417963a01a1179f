//! `tollgate install --export`: what a cluster needs to run the gate, as plain YAML to read and to keep in Git.

use serde_json::Value;
use tollgate_kube::{InstallSettings, manifests};

use crate::daemon::TIMEOUT_SECONDS;
use crate::exit::Exit;
use crate::output::{Failure, print};
use crate::settings::Settings;

/// Arguments of `install`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print the objects instead of applying them, which nothing but `kubectl apply -f -` does
    #[arg(long, required = true)]
    export: bool,
    /// Namespace to run in; made by these objects
    #[arg(long, value_name = "NAME", default_value = "tollgate-system")]
    namespace: String,
    /// Image whose entry point is `tollgate`, best named by its digest
    #[arg(long, value_name = "IMAGE", default_value = concat!("tollgate:", env!("CARGO_PKG_VERSION")))]
    image: String,
    /// Where the estate stands in the image
    #[arg(long, value_name = "PATH", default_value = "/estate")]
    estate: String,
    /// A name for this installation that no other in the cluster has
    #[arg(long, value_name = "NAME", default_value = "tollgate")]
    installation: String,
    /// Size of the volume for the ledger; `none` for one that is lost with the pod
    #[arg(long, value_name = "SIZE", default_value = "10Gi")]
    volume: String,
}

pub(crate) fn run(arguments: &Arguments, _settings: &Settings) -> Result<Exit, Failure> {
    let settings = InstallSettings {
        installation: arguments.installation.clone(),
        namespace: arguments.namespace.clone(),
        image: arguments.image.clone(),
        arguments: [
            "serve",
            &arguments.estate,
            "--in-cluster",
            &arguments.namespace,
            "--installation",
            &arguments.installation,
        ]
        .map(str::to_owned)
        .to_vec(),
        // The running gate puts its own unguessable path and its authority in.
        path: "/admit".to_owned(),
        ca_pem: None,
        timeout_seconds: TIMEOUT_SECONDS,
        volume: Some(arguments.volume.clone()).filter(|volume| volume != "none"),
    };
    let mut text = String::new();
    for object in manifests(&settings)? {
        text.push_str("---\n");
        write(&mut text, &object, 0, false);
    }
    print(&text)?;
    Ok(Exit::Allow)
}

/// A value as block YAML. Every text that is not a plain word is quoted as JSON quotes it, which YAML reads alike.
fn write(text: &mut String, value: &Value, indent: usize, in_list: bool) {
    let pad = "  ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| (order(key), (*key).clone()));
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if !(in_list && at == 0) {
                    text.push_str(&pad);
                }
                text.push_str(&scalar(&Value::String(key.clone())));
                text.push(':');
                below(text, value, indent);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&pad);
                text.push_str("- ");
                match item {
                    Value::Object(map) if !map.is_empty() => write(text, item, indent + 1, true),
                    _ => {
                        text.push_str(&item_text(item));
                        text.push('\n');
                    }
                }
            }
        }
        other => {
            text.push_str(&item_text(other));
            text.push('\n');
        }
    }
}

fn below(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('\n');
            write(text, value, indent + 1, false);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            write(text, value, indent, false);
        }
        other => {
            text.push(' ');
            text.push_str(&item_text(other));
            text.push('\n');
        }
    }
}

/// What stands in one line: scalars, empty collections, lists in lists (as JSON, which YAML reads).
fn item_text(value: &Value) -> String {
    match value {
        Value::String(_) => scalar(value),
        other => other.to_string(),
    }
}

fn scalar(value: &Value) -> String {
    let Value::String(word) = value else { return value.to_string() };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-".contains(&byte);
    let begins = word.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/');
    let means_more = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"];
    let is_plain = begins && word.bytes().all(plain) && !means_more.contains(&word.to_lowercase().as_str());
    if is_plain { word.clone() } else { value.to_string() }
}

/// The order in which people read an object.
fn order(key: &str) -> usize {
    ["apiVersion", "kind", "metadata", "name", "namespace"]
        .iter()
        .position(|first| *first == key)
        .unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tollgate_manifest::{Limits, Mask};

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "labels": {}},
            "data": {"yes": "no", "n": "1", "q": "a \"b\" 'c': #d", "e": "", "l": "x\ny"},
            "list": [1, true, null, "on", [], {}, {"k": [{"a": 1, "b": [[1, 2]]}]}, [1]],
        });
        let mut text = String::new();
        write(&mut text, &object, 0, false);
        let reading = tollgate_manifest::read(text.as_bytes(), &Mask::new([0; 32]), &Limits::default());
        let reading = reading.unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(reading.objects[0].refusals.is_empty(), "{text}");
        let read = tollgate_manifest::canonical::text(&reading.objects[0].object.value);
        assert_eq!(serde_json::from_str::<Value>(&read).expect("JSON"), object, "{text}");
    }
}
