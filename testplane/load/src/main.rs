//! What the benches measure with; each command prints one line of JSON.
//!
//! ```text
//! load http URL --body FILE --clients N --requests N   admission reviews over TLS, each with a UID of its own
//! load http URL --distinct FILE --clients N --requests N    ... and each about an object of its own
//! load disk FOLDER --writes N                          4 kB appended and flushed with fdatasync
//! load child PROGRAM [ARGUMENT]...                     wall clock, CPU and peak memory of one program
//! load certificate FOLDER                              certificate.pem and key.pem for 127.0.0.1
//! ```
//! It runs on the same cores as what it measures, so it is made to cost little: one blocking thread and one kept-alive
//! connection for each client, and no parsing of answers beyond what tells an answer from an error.

mod certificate;
mod child;
mod disk;
mod http;
mod latency;
mod review;
mod tls;

use std::path::Path;
use std::process::ExitCode;

use review::Review;
use serde_json::Value;

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
enum LoadError {
    #[error(
        "usage: load http URL --body|--distinct FILE --clients N --requests N | disk FOLDER --writes N | child PROGRAM... | certificate FOLDER"
    )]
    Usage,
    #[error("{what}")]
    Io { what: String, source: std::io::Error },
    #[error("`{0}` is not an address like `https://127.0.0.1:8443/admit`")]
    Address(String),
    #[error("`{0}` holds no admission review with a request")]
    Review(String),
    #[error("could not set up TLS")]
    Tls(#[from] rustls::Error),
    #[error("could not make a certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("could not read the resources that were used")]
    Usages(#[from] nix::Error),
    #[error("the server's answer is not HTTP/1.1: {0}")]
    Answer(String),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match measure(&arguments) {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprint!("load: {error}");
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                eprint!(": {error}");
                source = error.source();
            }
            eprintln!();
            ExitCode::from(2)
        }
    }
}

fn measure(arguments: &[String]) -> Result<Value, LoadError> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["http", url, "--body", body, "--clients", clients, "--requests", requests] => {
            http::measure(url, Review::read(Path::new(body))?, number(clients)?, number(requests)?)
        }
        ["http", url, "--distinct", body, "--clients", clients, "--requests", requests] => {
            http::measure(url, Review::distinct(Path::new(body))?, number(clients)?, number(requests)?)
        }
        ["disk", folder, "--writes", writes] => disk::measure(Path::new(folder), number(writes)?),
        ["child", program, arguments @ ..] => child::measure(program, arguments),
        ["certificate", folder] => certificate::make(Path::new(folder)),
        _ => Err(LoadError::Usage),
    }
}

fn number(word: &str) -> Result<usize, LoadError> {
    word.parse().ok().filter(|number| *number > 0).ok_or(LoadError::Usage)
}

impl LoadError {
    /// An IO error with what was being done.
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| LoadError::Io { what, source }
    }
}
