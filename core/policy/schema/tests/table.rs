//! The table is what the API server's own document says, no more and no less.

#[path = "../examples/encode/mod.rs"]
mod encode;

use std::path::PathBuf;

use serde_json::Value;

/// The document, or nothing, said loudly.
#[expect(clippy::disallowed_methods, reason = "tests find their data in the environment")]
fn document() -> Option<Value> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data");
    let root = PathBuf::from(std::env::var("TOLLGATE_TEST_DATA").unwrap_or_else(|_| default.into()));
    let path = root.join("k8s-openapi/definitions-1.36.json");
    if !path.exists() {
        eprintln!("SKIPPED: no test data at {}", path.display());
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

#[test]
fn the_table_is_made_from_the_document() {
    let Some(document) = document() else { return };
    assert_eq!(encode::table(&document).unwrap(), include_str!("../src/kubernetes.txt"));
}

#[test]
fn every_kind_of_the_document_is_known_by_its_fields() {
    let Some(document) = document() else { return };
    let mut seen = 0;
    for (name, definition) in document["definitions"].as_object().unwrap() {
        let kinds = definition["x-kubernetes-group-version-kind"].as_array().map_or(&[][..], |kinds| kinds);
        for kind in kinds.iter().filter(|_| kinds.len() < 10) {
            let text = |key: &str| kind[key].as_str().unwrap();
            let api_version = format!("{}/{}", text("group"), text("version"));
            let object = tollgate_schema::of(api_version.trim_start_matches('/'), text("kind"))
                .unwrap_or_else(|| panic!("{name} is no kind"));
            let fields: Vec<&str> = object.fields().iter().map(|field| field.name).collect();
            let mut wanted: Vec<&str> =
                definition["properties"].as_object().unwrap().keys().map(|key| &key[..]).collect();
            wanted.sort_unstable();
            assert_eq!(fields, wanted, "{name}");
            seen += 1;
        }
    }
    assert!(seen > 130, "{seen} kinds");
}

#[test]
fn the_example_has_kinds_lists_and_references_on_their_lines() {
    let document = serde_json::json!({"version": "v9", "definitions": {
        "io.k8s.api.apps.v1.Thing": {
            "type": "object",
            "required": ["size"],
            "properties": {
                "size": {"$ref": "io.k8s.apimachinery.pkg.api.resource.Quantity"},
                "parts": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                    "items": {"$ref": "io.k8s.api.apps.v1.Part"}},
                "mode": {"type": "string", "enum": ["A", "B"]},
            },
            "x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Thing"}],
        },
        "io.k8s.api.apps.v1.Part": {"type": "object", "properties": {"notes": {
            "type": "object", "additionalProperties": {"type": "string"}}}},
    }});
    let table = encode::table(&document).unwrap();
    let lines: Vec<&str> = table.lines().skip(1).collect();
    let wanted = [
        "apps.v1.Part",
        " notes {}s",
        "apps.v1.Thing = apps/v1",
        " mode s(A,B)",
        " parts [name].Part",
        " size! q",
    ];
    assert_eq!(lines, wanted);
}
