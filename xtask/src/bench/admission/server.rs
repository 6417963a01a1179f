//! A server that is measured: started, ready, and gone when dropped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::step::{self, Done, Failure};

const READY_WITHIN: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    /// Starts `tollgate up` and waits for the line with its admission URL.
    pub(crate) fn tollgate(mut command: Command) -> Done<Self> {
        println!("$ {}", step::line(&command));
        let mut child = spawn(command.stdout(Stdio::piped()))?;
        let (found, urls) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            // Reads to the end, so that the program never waits for somebody to take its output.
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some(url) = admission_url(&line) {
                        _ = found.send(url);
                    }
                }
            });
        }
        let mut server = Server { child, url: String::new() };
        server.url = urls
            .recv_timeout(READY_WITHIN)
            .map_err(|_| Failure::new("`tollgate up` printed no line with an admission URL"))?;
        Ok(server)
    }

    /// Starts `opa run --server` and waits until its port answers.
    pub(crate) fn opa(mut command: Command, port: u16, url: String) -> Done<Self> {
        println!("$ {}", step::line(&command));
        let server = Server { child: spawn(&mut command)?, url };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > READY_WITHIN {
                return Err(Failure::new(format!("`{}` does not listen", step::line(&command))));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Resident memory in MiB.
    pub(crate) fn memory(&self) -> Done<f64> {
        self.status("VmRSS:")
    }

    /// The most that it ever had.
    pub(crate) fn peak_memory(&self) -> Done<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, key: &str) -> Done<f64> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = fs::read_to_string(&path).map_err(|error| Failure::new(format!("`{path}`: {error}")))?;
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or_else(|| Failure::new(format!("no {key} in `{path}`")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Done<u16> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("no free port: {error}")))
}

fn spawn(command: &mut Command) -> Done<Child> {
    command
        .spawn()
        .map_err(|error| Failure::new(format!("could not start `{}`: {error}", step::line(command))))
}

fn admission_url(line: &str) -> Option<String> {
    let url = line.split([' ', '`', '\'', '"', ',']).find(|word| word.starts_with("https://"))?;
    url.contains("/admit").then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admission_url_is_found_in_a_line() {
        let url = Some("https://127.0.0.1:1/admit/x".to_owned());
        assert_eq!(admission_url("admission  https://127.0.0.1:1/admit/x"), url);
        assert_eq!(admission_url("try: curl 'https://127.0.0.1:1/admit/x'"), url);
        assert_eq!(admission_url("status https://127.0.0.1:1/"), None);
    }
}
