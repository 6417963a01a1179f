//! The `git` that is installed, run so that it only reads.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Blob, FILE_LIMIT, GitError};

pub(crate) struct Git<'p> {
    folder: &'p Path,
}

impl<'p> Git<'p> {
    pub(crate) fn at(folder: &'p Path) -> Self {
        Self { folder }
    }

    /// Runs a subcommand; what it writes.
    pub(crate) fn run(&self, what: &'static str, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let mut command = self.command(what);
        let output = command.args(arguments).output().map_err(GitError::Start)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(GitError::Refused { what, why })
    }

    /// The contents of files, each given by path and object.
    pub(crate) fn blobs(&self, files: &[(String, String)]) -> Result<Vec<Blob>, GitError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = self.command("cat-file");
        command.arg("--batch").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(GitError::Start)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GitError::Answer("cat-file"));
        };
        let blobs = std::thread::scope(|scope| {
            // Git answers while it is asked: whoever wrote all before reading anything would wait for ever.
            scope.spawn(move || {
                for (_, object) in files {
                    if writeln!(stdin, "{object}").is_err() {
                        return;
                    }
                }
            });
            let mut answers = BufReader::new(stdout);
            files.iter().map(|(path, _)| blob(&mut answers, path)).collect::<Result<Vec<_>, _>>()
        });
        if blobs.is_err() {
            let _ = child.kill();
        }
        let _ = child.wait();
        blobs
    }

    fn command(&self, what: &'static str) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(self.folder)
            .args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"])
            .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
            .arg(what)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_TRACE"] {
            command.env_remove(name);
        }
        command
    }
}

/// One answer: `<object> SP <type> SP <size> LF <contents> LF`.
fn blob(answers: &mut impl std::io::BufRead, path: &str) -> Result<Blob, GitError> {
    let wrong = |_: std::io::Error| GitError::Answer("cat-file");
    let mut header = String::new();
    answers.take(256).read_line(&mut header).map_err(wrong)?;
    let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
    let size = size.ok_or(GitError::Answer("cat-file"))?;
    if size > FILE_LIMIT {
        return Err(GitError::Large { path: path.to_owned(), size });
    }
    let mut bytes = vec![0; size];
    answers.read_exact(&mut bytes).map_err(wrong)?;
    let mut end = [0];
    answers.read_exact(&mut end).map_err(wrong)?;
    Ok(Blob { path: path.to_owned(), bytes })
}

pub(crate) fn strict_text(bytes: Vec<u8>, what: &'static str) -> Result<String, GitError> {
    String::from_utf8(bytes).map_err(|_| GitError::Answer(what))
}
