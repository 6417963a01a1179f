//! A connection's patience: how long it may take for its handshake, for a request's head, and lie idle.
//!
//! ```text
//! Fresh ──head complete──> Busy ──answered──> Idle ──first byte──> Head ──head complete──> Busy ...
//!   └──────── head ────────┘ (handlers keep the time)  └── idle ──┘     └──── head ────┘
//! ```
//!
//! hyper's own time for a head runs while a connection lies idle. Closing an idle connection just when the API server
//! sends a request on it fails that request; so idle connections must outlast the API server's own patience, and heads
//! must not.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a connection is doing.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    state: Arc<Mutex<State>>,
    head: Duration,
    idle: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// no request yet
    Fresh(Instant),
    /// a part of a head has come
    Head(Instant),
    /// requests are being answered
    Busy(usize),
    /// nothing is to be done
    Idle(Instant),
}

/// A stream that tells of the bytes that it reads.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    stream: S,
    activity: Activity,
}

/// A request being answered, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Answering(Activity);

impl Activity {
    /// A connection that begins now.
    pub(crate) fn new(head: Duration, idle: Duration) -> Self {
        Self { state: Arc::new(Mutex::new(State::Fresh(Instant::now()))), head, idle }
    }

    /// A request's head has come.
    pub(crate) fn answering(&self) -> Answering {
        self.change(|state| match state {
            State::Busy(count) => State::Busy(count + 1),
            _ => State::Busy(1),
        });
        Answering(self.clone())
    }

    /// Ends when the connection has taken too long.
    pub(crate) async fn expired(self) {
        loop {
            let now = Instant::now();
            let wait = match self.deadline() {
                Some(deadline) if deadline <= now => return,
                Some(deadline) => deadline - now,
                None => self.head,
            };
            // Not longer than the time for a head: one may begin meanwhile.
            tokio::time::sleep(wait.min(self.head).max(Duration::from_millis(1))).await;
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match *self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Fresh(since) | State::Head(since) => Some(since + self.head),
            State::Idle(since) => Some(since + self.idle),
            State::Busy(_) => None,
        }
    }

    fn change(&self, change: impl FnOnce(State) -> State) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = change(*state);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.change(|state| match state {
            State::Busy(count) if count > 1 => State::Busy(count - 1),
            _ => State::Idle(Instant::now()),
        });
    }
}

impl<S> Watched<S> {
    pub(crate) const fn new(stream: S, activity: Activity) -> Self {
        Self { stream, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.activity.change(|state| match state {
                State::Idle(_) => State::Head(Instant::now()),
                state => state,
            });
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buffer)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_head_has_less_time_than_an_idle_connection() {
        let (head, idle) = (Duration::from_millis(20), Duration::from_secs(3600));
        let activity = Activity::new(head, idle);
        tokio::time::timeout(Duration::from_secs(5), activity.clone().expired())
            .await
            .expect("fresh expires");

        drop(activity.answering());
        let expired = tokio::time::timeout(Duration::from_millis(100), activity.clone().expired()).await;
        assert!(expired.is_err(), "an idle connection stays");

        let (mut client, server) = tokio::io::duplex(64);
        let mut watched = Watched::new(server, activity.clone());
        tokio::io::AsyncWriteExt::write_all(&mut client, b"GET / HT").await.expect("written");
        let mut buffer = [0; 8];
        tokio::io::AsyncReadExt::read_exact(&mut watched, &mut buffer).await.expect("read");
        tokio::time::timeout(Duration::from_secs(5), activity.clone().expired())
            .await
            .expect("half a head expires");

        let _answering = activity.answering();
        let expired = tokio::time::timeout(Duration::from_millis(100), activity.expired()).await;
        assert!(expired.is_err(), "handlers keep their own time");
    }
}
