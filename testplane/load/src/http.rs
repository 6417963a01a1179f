//! Admission reviews from many clients at once.
//!
//! ```text
//! N threads, each: connection -> (number, review) -> POST -> answer -> time
//! ```
//! Connections and TLS sessions are made before the clock starts; after that each client sends its next request when it
//! has read the answer to its last. An answer other than 200 is an error and is counted, never timed away.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::LoadError;
use crate::latency;
use crate::review::Review;
use crate::tls::{self, Stream};

/// What one client saw.
#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    allowed: usize,
    refused: usize,
    errors: usize,
}

pub(crate) fn measure(
    url: &str,
    review: Review,
    clients: usize,
    requests: usize,
) -> Result<Value, LoadError> {
    let (address, path) = parts(url)?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        review.len()
    );
    let config = tls::config()?;
    let mut streams = Vec::new();
    for _ in 0..clients {
        let mut stream = tls::connect(&config, address)?;
        stream.conn.complete_io(&mut stream.sock).map_err(LoadError::io("TLS handshake"))?;
        streams.push(stream);
    }
    // Numbers begin at the clock, so that two runs against one server never share a UID.
    let first = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_micros() as u64 & 0xff_ffff_ffff);
    let next = AtomicU64::new(0);
    let start = Barrier::new(clients + 1);
    let total = requests as u64;
    let (seen, wall) = thread::scope(|scope| {
        let (head, next, start) = (head.as_bytes(), &next, &start);
        let workers: Vec<_> = streams
            .into_iter()
            .map(|stream| {
                let review = review.clone();
                scope.spawn(move || {
                    start.wait();
                    send_all(BufReader::new(stream), head, review, || {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        (number < total).then_some(first + number)
                    })
                })
            })
            .collect();
        start.wait();
        let started = Instant::now();
        let mut seen = Seen::default();
        for worker in workers {
            let one = worker.join().map_err(|_| LoadError::Answer("a client panicked".to_owned()))??;
            seen.times.extend(one.times);
            seen.allowed += one.allowed;
            seen.refused += one.refused;
            seen.errors += one.errors;
        }
        Ok::<_, LoadError>((seen, started.elapsed()))
    })?;
    Ok(json!({
        "clients": clients,
        "requests": seen.times.len(),
        "allowed": seen.allowed,
        "refused": seen.refused,
        "errors": seen.errors,
        "per_second": seen.times.len() as f64 / wall.as_secs_f64(),
        "latency": latency::shares(seen.times),
    }))
}

/// Sends one request after another until the numbers run out.
fn send_all(
    mut stream: BufReader<Stream>,
    head: &[u8],
    mut review: Review,
    mut next: impl FnMut() -> Option<u64>,
) -> Result<Seen, LoadError> {
    let mut seen = Seen::default();
    let mut request = Vec::with_capacity(head.len() + review.len());
    while let Some(number) = next() {
        request.clear();
        request.extend_from_slice(head);
        request.extend_from_slice(review.numbered(number));
        let started = Instant::now();
        stream.get_mut().write_all(&request).map_err(LoadError::io("sending a request"))?;
        let answer = answer(&mut stream)?;
        seen.times.push(started.elapsed());
        let holds = |text: &[u8]| answer.body.windows(text.len()).any(|window| window == text);
        match answer.status {
            200 if holds(b"\"allowed\":true") => seen.allowed += 1,
            200 if holds(b"\"allowed\":false") => seen.refused += 1,
            200 => {}
            _ => seen.errors += 1,
        }
    }
    Ok(seen)
}

struct Answer {
    status: u16,
    body: Vec<u8>,
}

/// Reads one answer, whether it states its length or comes in chunks.
fn answer(stream: &mut impl BufRead) -> Result<Answer, LoadError> {
    let first = line(stream)?;
    let status = first.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| LoadError::Answer(first.clone()))?;
    let mut length = None;
    loop {
        let header = line(stream)?.to_ascii_lowercase();
        match header.split_once(':') {
            Some(("content-length", value)) => length = value.trim().parse::<usize>().ok(),
            None if header.is_empty() => break,
            _ => {}
        }
    }
    let mut body = Vec::new();
    match length {
        Some(length) => exactly(stream, length, &mut body)?,
        None => loop {
            let size = line(stream)?;
            let length = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16)
                .map_err(|_| LoadError::Answer(format!("chunk of size `{size}`")))?;
            exactly(stream, length, &mut body)?;
            line(stream)?;
            if length == 0 {
                break;
            }
        },
    }
    Ok(Answer { status, body })
}

fn exactly(stream: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> Result<(), LoadError> {
    let read = stream.take(length as u64).read_to_end(body).map_err(LoadError::io("reading an answer"))?;
    if read == length { Ok(()) } else { Err(LoadError::Answer("it ends early".to_owned())) }
}

fn line(stream: &mut impl BufRead) -> Result<String, LoadError> {
    let mut line = String::new();
    stream.read_line(&mut line).map_err(LoadError::io("reading an answer"))?;
    if line.is_empty() {
        return Err(LoadError::Answer("the connection was closed".to_owned()));
    }
    Ok(line.trim_end().to_owned())
}

/// Address and path of `https://ADDRESS/PATH`.
fn parts(url: &str) -> Result<(&str, &str), LoadError> {
    let rest = url.strip_prefix("https://").ok_or_else(|| LoadError::Address(url.to_owned()))?;
    Ok(rest.find('/').map_or((rest, "/"), |at| rest.split_at(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_with_a_length_and_in_chunks() {
        let stream = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
        let mut stream = BufReader::new(stream.as_bytes());
        let first = answer(&mut stream).unwrap();
        let second = answer(&mut stream).unwrap();
        assert_eq!((first.status, first.body.as_slice()), (200, b"abc".as_slice()));
        assert_eq!((second.status, second.body.as_slice()), (503, b"def".as_slice()));
        assert!(answer(&mut stream).is_err());
    }

    #[test]
    fn addresses_are_cut_at_the_path() {
        assert_eq!(parts("https://127.0.0.1:1/a/b").unwrap(), ("127.0.0.1:1", "/a/b"));
        assert_eq!(parts("https://h:1").unwrap(), ("h:1", "/"));
        assert!(parts("http://h:1").is_err());
    }
}
