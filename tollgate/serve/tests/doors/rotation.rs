//! Certificates renewed while requests run.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, SanType};
use serde_json::json;
use tollgate_serve::Tls;

use crate::client::{Client, post, send};
use crate::gate::{Running, deployment};

/// An authority that issues server certificates.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = parameters.self_signed(&key).expect("an authority").pem();
        Self { pem, issuer: Issuer::new(parameters, key) }
    }

    /// Certificate and key in PEM.
    fn issue(&self) -> (String, String) {
        let mut parameters = CertificateParams::default();
        parameters.subject_alt_names = vec![SanType::DnsName("localhost".try_into().expect("a name"))];
        let key = KeyPair::generate().expect("a key");
        (parameters.signed_by(&key, &self.issuer).expect("a certificate").pem(), key.serialize_pem())
    }
}

fn put(folder: &Path, (certificate, key): &(String, String)) {
    for (name, content) in [("tls.crt", certificate), ("tls.key", key)] {
        fs::write(folder.join(format!("{name}.new")), content).expect("written");
        fs::rename(folder.join(format!("{name}.new")), folder.join(name)).expect("renamed");
    }
}

async fn until(mut right: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if right().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not happen in 5 s");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_connections_get_the_new_certificate_and_no_request_fails_meanwhile() {
    let (first, second) = (Authority::new(), Authority::new());
    let gate = Running::with(|settings, folder| {
        put(folder, &first.issue());
        fs::write(folder.join("ca.crt"), &first.pem).expect("written");
        settings.tls = Tls::Files {
            certificate: folder.join("tls.crt"),
            key: folder.join("tls.key"),
            authority: Some(folder.join("ca.crt")),
        };
        settings.bounds.reload = Duration::from_millis(50);
    })
    .await;
    let folder = gate.data.parent().expect("a folder").to_owned();
    let body = deployment("u-1", "vision", &json!({"cost": "CC-1"})).to_string();

    // One client keeps its connection, another makes a new one for each request and trusts both, as caBundle does.
    let done = Arc::new(AtomicBool::new(false));
    let both = Client::new(gate.address, &format!("{}{}", first.pem, second.pem));
    let mut kept = gate.client.keep().await;
    let asking = tokio::spawn({
        let (done, path, body) = (Arc::clone(&done), gate.path.clone(), body.clone());
        async move {
            let mut count = 0;
            while !done.load(Ordering::Relaxed) {
                let old = send(&mut kept, post(&path, &body)).await.expect("an answer on the old connection");
                let new = both.post(&path, &body).await;
                assert_eq!((old.code.as_u16(), new.code.as_u16()), (200, 200));
                count += 2;
            }
            count
        }
    });

    tokio::time::sleep(Duration::from_millis(200)).await;
    put(&folder, &second.issue());
    let of_second = Client::new(gate.address, &second.pem);
    until(async || of_second.connect().await.is_ok()).await;
    assert!(gate.client.connect().await.is_err(), "the old authority's clients see the new certificate");

    // A file that cannot be used changes nothing, and is told.
    fs::write(folder.join("tls.key"), "no key at all").expect("written");
    let of_second_metric = async || {
        let text = of_second.get("/metrics").await.text();
        text.lines().any(|line| line == "tollgate_certificate_broken 1")
    };
    until(of_second_metric).await;
    assert!(of_second.connect().await.is_ok());
    put(&folder, &second.issue());
    until(async || {
        of_second.get("/metrics").await.text().lines().any(|line| line == "tollgate_certificate_broken 0")
    })
    .await;

    done.store(true, Ordering::Relaxed);
    assert!(asking.await.expect("no request failed") > 4);
}
