//! A program that is listened to, and ended by its own id.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::wait::until;

/// A running program; killed when dropped.
pub(crate) struct Process {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts it and keeps what it says, standard output and error alike.
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = Arc::new(Mutex::new(Vec::new()));
        listen(child.stdout.take().expect("a pipe"), &said);
        listen(child.stderr.take().expect("a pipe"), &said);
        Self { child, said }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// All lines that it has said.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a line that starts like this, and gives the rest of it.
    #[track_caller]
    pub(crate) fn hear(&mut self, start: &str) -> String {
        until(&format!("it says `{start}`"), || {
            let ended = self.child.try_wait().expect("it can be asked");
            let said = self.said();
            if let Some(rest) = said.iter().find_map(|line| line.strip_prefix(start)) {
                return Ok(rest.to_owned());
            }
            assert!(ended.is_none(), "it ended ({ended:?}):\n{}", said.join("\n"));
            Err(said.join("\n"))
        })
    }

    /// SIGTERM, and how it ended.
    #[track_caller]
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let id = self.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill").success());
        self.wait()
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        until("it ends", || {
            self.child.try_wait().expect("it can be asked").ok_or_else(|| self.said().join("\n"))
        })
    }

    /// SIGKILL; it is gone when this returns.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("process {} said:\n{}", self.id(), self.said().join("\n"));
        }
        self.kill();
    }
}

fn listen(pipe: impl Read + Send + 'static, said: &Arc<Mutex<Vec<String>>>) {
    let said = Arc::clone(said);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
}
