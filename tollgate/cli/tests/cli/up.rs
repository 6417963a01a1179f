//! `up`: the whole gate on one machine, over its own doors.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::{Folder, deployment};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running gate; killed if the test forgets it.
pub(crate) struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

impl Running {
    pub(crate) fn start(estate: &Folder, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tollgate"))
            .args(["up", ".", "--listen", "127.0.0.1:0", "--status", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(estate.path())
            .env_clear()
            .env("TOLLGATE_DATA", estate.data())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = lines(child.stdout.take().expect("standard output"));
        let err = lines(child.stderr.take().expect("standard error"));
        Self { child, out, err }
    }

    /// The first line on standard output that holds `word`.
    #[track_caller]
    pub(crate) fn says(&self, word: &str) -> String {
        wait(&self.out, word)
    }

    #[track_caller]
    fn complains(&self, word: &str) -> String {
        wait(&self.err, word)
    }

    /// Ends it as Ctrl-C does, and gives its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
        self.child.wait().expect("an end").code()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("an end");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = tell.send(line);
        }
    });
    told
}

#[track_caller]
fn wait(lines: &Receiver<String>, word: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    let mut seen = Vec::new();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match lines.recv_timeout(left) {
            Ok(line) if line.contains(word) => return line,
            Ok(line) => seen.push(line),
            Err(_) => panic!("no line holds `{word}`: {seen:#?}"),
        }
    }
}

/// A page of the status address, over plain HTTP.
fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").expect("a URL");
    let (address, path) = rest.split_once('/').expect("a path");
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn up_judges_serves_and_judges_again_when_files_change() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    let gate = Running::start(&estate, &[]);
    gate.complains("keys: made in");
    gate.says("deny[team-present]");
    let admission = gate.says("admission: ");
    assert!(
        admission.starts_with("admission: https://127.0.0.1:") && admission.contains("/admit/"),
        "{admission}"
    );
    let status = gate.says("status: ");
    let url = status.strip_prefix("status: ").expect("a URL");
    let page = get(url);
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("team-present"), "{page}");
    let example = gate.says("try: curl ");
    assert!(example.contains("--cacert") && estate.data().join("example-review.json").is_file(), "{example}");

    estate.file("api.yaml", deployment("api", "{team: a}"));
    gate.says("no more: deny[team-present]");
    gate.says("allow: 1 object");

    estate.file("policy/estate.rego", "package estate\n\ndeny contains msg if {\n");
    gate.complains("policy/estate.rego:");
    gate.complains("THE RULES ON DISK ARE NOT IN FORCE");
    estate.file("other.yaml", deployment("other", "{}"));
    gate.says("deny[team-present]");
    estate.file("policy/estate.rego", format!("{}\n# another edit\n", crate::support::RULES));
    gate.complains("is in force");
    assert_eq!(gate.stop(), Some(0));

    let log = estate.run(&["log", "tail", "-n", "100", "-o", "json"]);
    let kinds =
        |kind: &str| log.out.lines().filter(|line| line.contains(&format!("\"kind\":\"{kind}\""))).count();
    assert_eq!(kinds("bundle activation"), 2, "{log:#?}");
    assert!(kinds("decision") >= 3, "{log:#?}");
    let verified = estate.run(&["log", "verify"]);
    assert!(verified.code == 0 && verified.out.contains("signatures verified"), "{verified:#?}");
}

#[test]
fn what_was_judged_before_is_not_recorded_again() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    for _ in 0..2 {
        let gate = Running::start(&estate, &[]);
        gate.says("status: ");
        assert_eq!(gate.stop(), Some(0));
    }
    let log = estate.run(&["log", "tail", "-n", "100"]);
    assert_eq!(log.out.lines().count(), 2, "a bundle and a decision: {log:#?}");
}

#[test]
fn a_killed_gate_starts_again_and_has_lost_nothing() {
    let estate = Folder::estate();
    estate.file("api.yaml", deployment("api", "{}"));
    let gate = Running::start(&estate, &[]);
    gate.complains("recorded: d-");
    gate.kill();
    assert_eq!(estate.run(&["log", "verify"]).code, 0);
    let gate = Running::start(&estate, &[]);
    gate.says("status: ");
    let doctor = estate.run(&["doctor"]);
    assert!(doctor.code == 0 && doctor.out.contains("runs, and holds"), "{doctor:#?}");
    assert_eq!(gate.stop(), Some(0));
}

#[test]
fn two_gates_do_not_share_a_data_directory_or_a_port() {
    let (estate, other) = (Folder::estate(), Folder::estate());
    estate.file("api.yaml", deployment("api", "{}"));
    let gate = Running::start(&estate, &[]);
    let url = gate.says("admission: ");
    estate.run(&["up", ".", "--listen", "127.0.0.1:0"]).is(2, &["is held by another tollgate"]);
    let address =
        url.strip_prefix("admission: https://").and_then(|rest| rest.split('/').next()).expect("an address");
    other.run(&["up", ".", "--listen", address]).is(2, &["cannot listen on", address]);
    gate.kill();
}

#[test]
fn rules_that_are_broken_at_the_start_are_an_error() {
    let estate = Folder::estate();
    estate.file("policy/estate.rego", "package estate\n\ndeny contains msg if {\n");
    estate.run(&["up", "."]).is(2, &["policy/estate.rego:", "the rules are wrong"]);
    estate.run(&["serve", "."]).is(2, &["the rules are wrong"]);
    Folder::empty().run(&["up", "."]).is(2, &["tollgate.toml"]);
}
