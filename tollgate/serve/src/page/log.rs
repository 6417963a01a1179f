//! The public log: files below `<data>/log`, as C2SP tlog-tiles names them.
//!
//! INVARIANT: a path that is not of the grammar below is never looked for, so no path leads out of the folder.
//!
//! ```text
//! tile/<level 0-63 or entries>/<x and three digits/>...<three digits>[.p/<1-255>]
//! ```

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::door::Door;

/// `GET /log/checkpoint`: it changes with every second in which something is recorded.
pub(crate) async fn checkpoint(State(door): State<Arc<Door>>) -> Response {
    file(&door, "checkpoint", "text/plain; charset=utf-8", "no-cache").await
}

/// `GET /log/tile/...`: it never changes.
pub(crate) async fn tile(
    State(door): State<Arc<Door>>,
    axum::extract::Path(path): axum::extract::Path<String>,
) -> Response {
    if !is_tile(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    file(&door, &format!("tile/{path}"), "application/octet-stream", "public, max-age=31536000, immutable")
        .await
}

async fn file(door: &Door, name: &str, content_type: &'static str, cache: &'static str) -> Response {
    let path = door.gate.data().join("log").join(Path::new(name));
    // Each is smaller than 20 kB.
    match tokio::task::spawn_blocking(move || std::fs::read(path)).await {
        Ok(Ok(bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, content_type),
                (header::CACHE_CONTROL, cache),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, bytes).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn is_tile(path: &str) -> bool {
    let digits =
        |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((level, rest)) = path.split_once('/') else { return false };
    if level != "entries"
        && !level.parse::<u8>().is_ok_and(|number| number < 64 && number.to_string() == level)
    {
        return false;
    }
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, Some(width)),
        None => (rest, None),
    };
    let right_width = width.is_none_or(|width| {
        width.parse::<u8>().is_ok_and(|number| number > 0 && number.to_string() == width)
    });
    let mut groups = index.rsplit('/');
    let last = groups.next().is_some_and(|last| digits(last, 3));
    last && right_width && groups.all(|group| group.strip_prefix('x').is_some_and(|group| digits(group, 3)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tiles_are_looked_for() {
        for tile in ["0/000", "0/x001/x234/067", "entries/273.p/112", "63/000.p/1", "0/000.p/255"] {
            assert!(is_tile(tile), "{tile}");
        }
        for other in [
            "",
            "0",
            "0/",
            "0/0",
            "0/0000",
            "64/000",
            "00/000",
            "-1/000",
            "+1/000",
            "entries",
            "0/../../tollgate.db",
            "0/x001/../000",
            "entries/..",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/01",
            "0/000.p/+1",
            "0/000.p/",
            "0/000.p/1/2",
            "0/000/",
            "/0/000",
            "0//000",
            "0/y001/000",
            "0/001/000",
            "0/x01/000",
            "0/%2e%2e/000",
            "0/\u{661}\u{662}\u{663}",
            "0/000\0",
        ] {
            assert!(!is_tile(other), "{other}");
        }
    }
}
