//! A request to try: an AdmissionReview that creates an object of the estate, the first that is denied if any is.
//!
//! Its object is masked, so the file holds no secret.

use std::path::{Path, PathBuf};

use tollgate_flow::Gate;
use tollgate_manifest::{Limits, Object, canonical, kinds};
use tollgate_report::SubjectRow;
use tollgate_vocabulary::{Map, Value};

use crate::output::{Failure, write_file};

/// Writes the request into the data directory; nothing where the estate has no object.
pub(super) fn write(gate: &Gate, root: &Path) -> Result<Option<PathBuf>, Failure> {
    let Some(checked) = gate.latest() else { return Ok(None) };
    let rows = &checked.report.subjects;
    let Some(row) = rows.iter().find(|row| row.verdict == "deny").or_else(|| rows.first()) else {
        return Ok(None);
    };
    let Some(object) = object(row, gate, root) else { return Ok(None) };
    let path = gate.data().join("example-review.json");
    let mut text = canonical::text(&review(&object));
    text.push('\n');
    write_file(&path, text.as_bytes())?;
    Ok(Some(path))
}

/// The object that a row of the report is about, read again.
fn object(row: &SubjectRow, gate: &Gate, root: &Path) -> Option<Object> {
    let limits = Limits::default();
    let bytes = tollgate_files::read(&root.join(row.file.as_ref()?), limits.bytes as u64).ok()?;
    let reading = tollgate_manifest::read(&bytes, &gate.pinned().mask, &limits).ok()?;
    let is_meant = |line: usize| Some(line) == row.line;
    reading
        .objects
        .into_iter()
        .find(|written| is_meant(written.spans.span.start.line))
        .map(|found| found.object)
}

fn review(object: &Object) -> Value {
    let identity = &object.identity;
    let plural = kinds::of(&identity.group, &identity.version, &identity.kind)
        .map_or_else(|| format!("{}s", identity.kind.to_lowercase()), |info| info.plural.to_owned());
    let named = |key: &'static str, value: Value| -> Value {
        [("group", Value::from(&*identity.group)), ("version", Value::from(&*identity.version)), (key, value)]
            .into_iter()
            .collect::<Map>()
            .into()
    };
    let kind = named("kind", Value::from(&*identity.kind));
    let resource = named("resource", Value::from(plural));
    let user: Map = [("username", Value::from("you@example.com"))].into_iter().collect();
    let mut request: Map = [
        ("dryRun", Value::from(false)),
        ("kind", kind.clone()),
        ("object", (*object.value).clone()),
        ("oldObject", Value::Null),
        ("operation", "CREATE".into()),
        ("requestKind", kind),
        ("requestResource", resource.clone()),
        ("resource", resource),
        ("uid", uid(object).into()),
        ("userInfo", user.into()),
    ]
    .into_iter()
    .collect();
    for (key, text) in [("name", &identity.name), ("namespace", &identity.namespace)] {
        if let Some(text) = text {
            request.insert(key.into(), Value::from(&**text));
        }
    }
    let review: Map = [
        ("apiVersion", Value::from("admission.k8s.io/v1")),
        ("kind", "AdmissionReview".into()),
        ("request", request.into()),
    ]
    .into_iter()
    .collect();
    review.into()
}

/// A UID that is the same for the same object: sent twice, the request is answered the same and recorded once.
fn uid(object: &Object) -> String {
    let hex = object.digest().hex();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}
