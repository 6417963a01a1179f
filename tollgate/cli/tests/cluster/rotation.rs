//! Certificates replaced while requests run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tollgate_testplane::Authority;

use crate::client::Client;
use crate::object::map;
use crate::plane::{Plane, alone};
use crate::wait::{until, until_true};

/// Files that somebody renews, as a certificate manager does.
struct Files {
    authority: Authority,
    folder: PathBuf,
}

impl Files {
    fn new(folder: &Path) -> Self {
        let files =
            Self { authority: Authority::new("renewals").expect("an authority"), folder: folder.to_owned() };
        fs::write(files.path("ca.crt"), files.authority.pem()).expect("written");
        files
    }

    /// A new certificate and key, under this name besides the address.
    fn renew(&self, name: &str) {
        let identity = self.authority.server(&["127.0.0.1", "localhost", name]).expect("a certificate");
        for (file, text) in [("tls.crt", identity.certificate), ("tls.key", identity.key)] {
            fs::write(self.path("unfinished"), text).expect("written");
            fs::rename(self.path("unfinished"), self.path(file)).expect("renamed");
        }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }
}

#[test]
fn certificates_are_replaced_and_no_request_fails() {
    let mut files = None;
    let Some(plane) = alone(|settings, folder| {
        let made = Files::new(folder);
        made.renew("first.test");
        for (flag, file) in [("--tls-cert", "tls.crt"), ("--tls-key", "tls.key"), ("--tls-ca", "ca.crt")] {
            settings.arguments.extend([flag.to_owned(), made.path(file).display().to_string()]);
        }
        files = Some(made);
    }) else {
        return;
    };
    let files = files.expect("set above");
    plane.namespace("rotation");
    let Plane { gate, client, .. } = &plane;
    let (stop, created) = (&AtomicBool::new(false), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let _stop = Stop(stop);
        for thread in 0..3 {
            scope.spawn(move || {
                for at in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    let answer = client.create_map("rotation", &map(&format!("m-{thread}-{at}"), "good"));
                    assert!(answer.created(), "{}", answer.text);
                    created.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for name in ["second.test", "third.test"] {
            files.renew(name);
            until(&format!("new connections get the certificate of {name}"), || {
                let fresh = Client::of_server(&gate.url(), &files.path("ca.crt"), name);
                fresh.send("GET", "/healthz", "").map(drop)
            });
            let so_far = created.load(Ordering::SeqCst);
            until_true("requests go on", || created.load(Ordering::SeqCst) >= so_far + 20);
        }
    });
    let first = Client::of_server(&gate.url(), &files.path("ca.crt"), "first.test");
    assert!(first.send("GET", "/healthz", "").is_err(), "the old certificate is served no more");
}

/// Stops the load also where the test fails: a scope waits for its threads.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
