//! What is too much, too slow or too late.

use std::time::{Duration, Instant};

use axum::body::Body;
use hyper::Request;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::client::{post, send};
use crate::gate::{Running, deployment};

/// A request's head that promises a body of this length.
fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_whether_or_not_it_says_so() {
    let gate = Running::with(|settings, _| settings.bounds.body = 64 << 10).await;
    // Announced: refused before it is sent.
    let mut stream = gate.client.connect().await.expect("connected");
    stream.write_all(head(&gate.path, 65 << 10).as_bytes()).await.expect("written");
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(answer, b"HTTP/1.1 413");
    // In chunks: refused when it passes the limit.
    let mut stream = gate.client.connect().await.expect("connected");
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
        gate.path
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
    for _ in 0..17 {
        stream.write_all(chunk.as_bytes()).await.expect("written");
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(answer, b"HTTP/1.1 413");
    assert_eq!(gate.metric("tollgate_refusals_total{reason=\"too-long\"}").await, Some(2.0));

    let labels = json!({"cost": "CC-1", "note": "n".repeat(60 << 10)});
    let fits = gate.admit(&deployment("u-1", "vision", &labels)).await;
    assert_eq!(fits["response"]["allowed"], true, "{fits}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_head_is_cut_and_a_slow_body_is_told() {
    let gate = Running::with(|settings, _| settings.bounds.head = Duration::from_secs(1)).await;
    let mut stream = gate.client.connect().await.expect("connected");
    let started = Instant::now();
    stream.write_all(b"POST /admit HTTP/1.1\r\nhost: loc").await.expect("written");
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(rest.is_empty() && started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());

    let mut stream = gate.client.connect().await.expect("connected");
    let path = format!("{}?timeout=2s", gate.path);
    stream.write_all(head(&path, 1000).as_bytes()).await.expect("written");
    stream.write_all(b"{\"apiVersion\":").await.expect("written");
    let mut answer = vec![0; 12];
    tokio::time::timeout(Duration::from_secs(20), stream.read_exact(&mut answer))
        .await
        .expect("in time")
        .expect("read");
    assert_eq!(answer, b"HTTP/1.1 408");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_outlasts_the_time_for_a_head() {
    let gate = Running::with(|settings, _| settings.bounds.head = Duration::from_secs(1)).await;
    let mut sender = gate.client.keep().await;
    let body = deployment("u-1", "vision", &json!({})).to_string();
    for _ in 0..3 {
        let answer = send(&mut sender, post(&gate.path, &body)).await.expect("the connection is still there");
        assert_eq!(answer.code, 200);
        tokio::time::sleep(Duration::from_millis(2500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_bodies_than_fit_are_refused_and_take_nothing_with_them() {
    let gate = Running::with(|settings, _| settings.bounds.bodies = 256 << 10).await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        let mut stream = gate.client.connect().await.expect("connected");
        stream.write_all(head(&gate.path, 60 << 10).as_bytes()).await.expect("written");
        stream.write_all(b"{").await.expect("written");
        streams.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let body = " ".repeat(60 << 10);
    let crowded = gate.client.post(&gate.path, &body).await;
    assert_eq!(crowded.code, 429, "{}", crowded.text());
    drop(streams);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(gate.client.post(&gate.path, &body).await.code, 400, "there is place again");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_place_in_flight_a_review_says_429() {
    let gate = Running::with(|settings, _| settings.bounds.in_flight = 0).await;
    let answer = gate.admit(&deployment("u-1", "vision", &json!({"cost": "CC-1"}))).await;
    let response = &answer["response"];
    assert_eq!((&response["uid"], &response["allowed"]), (&json!("u-1"), &json!(false)));
    assert_eq!(response["status"]["code"], 429);
    assert_eq!(response["status"]["details"]["retryAfterSeconds"], 1);
    assert_eq!(gate.decisions(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_over_the_limit_wait_for_place() {
    let gate = Running::with(|settings, _| settings.bounds.connections = 2).await;
    let (first, second) = (gate.client.keep().await, gate.client.keep().await);
    let waiting = tokio::spawn({
        let client = gate.client.clone();
        async move { client.get("/healthz").await.code }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    drop((first, second));
    let answered = tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("in time");
    assert_eq!(answered.expect("an answer"), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_what_is_in_flight_and_takes_no_more() {
    let mut gate = Running::start().await;
    let body = deployment("u-1", "vision", &json!({"cost": "CC-1"})).to_string();
    let idle = gate.client.keep().await;
    let mut stream = gate.client.connect().await.expect("connected");
    stream.write_all(head(&gate.path, body.len()).as_bytes()).await.expect("written");
    let (early, late) = body.split_at(body.len() / 2);
    stream.write_all(early.as_bytes()).await.expect("written");
    tokio::time::sleep(Duration::from_millis(200)).await;
    gate.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(gate.client.connect().await.is_err(), "no more are taken");
    stream.write_all(late.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8_lossy(&answer).into_owned();
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("\"allowed\":true"), "{text}");
    let decided = gate.decisions();
    tokio::time::timeout(Duration::from_secs(5), gate.stopped()).await.expect("it ends");
    assert_eq!(decided, 1);
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_no_longer_than_it_said() {
    let mut gate = Running::with(|settings, _| settings.bounds.stop = Duration::from_millis(500)).await;
    let mut stream = gate.client.connect().await.expect("connected");
    stream.write_all(head(&gate.path, 1000).as_bytes()).await.expect("written");
    stream.write_all(b"{").await.expect("written");
    tokio::time::sleep(Duration::from_millis(200)).await;
    let started = Instant::now();
    gate.stop();
    tokio::time::timeout(Duration::from_secs(5), gate.stopped()).await.expect("it ends");
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_long_is_refused() {
    let gate = Running::start().await;
    let request = Request::get("/healthz").header("x-long", "x".repeat(60 << 10)).body(Body::empty());
    let answer = gate.client.send(request.expect("a request")).await;
    assert_eq!(answer.code, 431);
}
