//! A wire to the API server that can be cut or frozen: what goes through stays encrypted.

use std::path::PathBuf;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch::{Receiver, Sender};
use tollgate_testplane::Cluster as Plane;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// everything passes
    Open,
    /// connections stay, nothing passes
    Frozen,
    /// connections end, also new ones
    Cut,
}

pub(crate) struct Wire(Sender<Mode>);

impl Wire {
    /// An open wire, and a kubeconfig of the administrator at its near end.
    pub(crate) async fn to(plane: &Plane) -> (Self, PathBuf) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = format!("https://{}", listener.local_addr().unwrap());
        let far = plane.url().trim_start_matches("https://").to_owned();
        let mode = Sender::new(Mode::Open);
        tokio::spawn(accept(listener, far, mode.subscribe()));
        let kubeconfig = plane.dir().join("wire.kubeconfig");
        let text = std::fs::read_to_string(plane.kubeconfig()).unwrap();
        std::fs::write(&kubeconfig, text.replace(&plane.url(), &near)).unwrap();
        (Self(mode), kubeconfig)
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.0.send_replace(mode);
    }
}

async fn accept(listener: TcpListener, far: String, mode: Receiver<Mode>) {
    while let Ok((near, _)) = listener.accept().await {
        let (far, mode) = (far.clone(), mode.clone());
        tokio::spawn(async move {
            let Ok(far) = TcpStream::connect(far).await else { return };
            let (near_in, near_out) = near.into_split();
            let (far_in, far_out) = far.into_split();
            tokio::join!(carry(near_in, far_out, mode.clone()), carry(far_in, near_out, mode));
        });
    }
}

async fn carry(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut mode: Receiver<Mode>,
) {
    let mut until_cut = mode.clone();
    let carried = async {
        let mut bytes = [0; 8192];
        while let Ok(length @ 1..) = from.read(&mut bytes).await {
            let open = mode.wait_for(|mode| *mode == Mode::Open).await.is_ok();
            if !open || to.write_all(&bytes[..length]).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = carried => {}
        _ = until_cut.wait_for(|mode| *mode == Mode::Cut) => {}
    }
    let _ = to.shutdown().await;
}
