//! Who may ask.

use std::fs;
use std::path::Path;

use axum::body::Body;
use hyper::Request;
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::client::{Client, post};
use crate::gate::{Running, deployment};

/// An authority, and a client's certificate and key under it, in PEM.
fn authority(name: &str) -> (String, String, String) {
    let mut of_authority = CertificateParams::default();
    of_authority.distinguished_name.push(DnType::CommonName, name);
    of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = of_authority.self_signed(&key).expect("an authority").pem();
    let issuer = Issuer::new(of_authority, key);
    let mut of_client = CertificateParams::default();
    of_client.distinguished_name.push(DnType::CommonName, "kube-apiserver");
    of_client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::generate().expect("a key");
    let client = of_client.signed_by(&key, &issuer).expect("a certificate").pem();
    (authority, client, key.serialize_pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_refused_counted_and_not_recorded() {
    let gate = Running::start().await;
    let body = deployment("u-1", "vision", &json!({})).to_string();
    for path in ["/admit/guess", &gate.path[..gate.path.len() - 1], &format!("{}x", gate.path)] {
        let answer = gate.client.post(path, &body).await;
        assert_eq!(answer.code, 403, "{path}");
        assert!(!answer.text().contains(gate.gate.keyring().path_secret().as_str()));
    }
    assert_eq!(gate.metric("tollgate_callers_refused_total").await, Some(3.0));
    assert_eq!(gate.decisions(), 0);
    // On loopback the plain path answers; its entries say that nobody was authenticated.
    let answer = gate.client.post("/admit", &body).await;
    assert_eq!(answer.code, 200);
    let reader = tollgate_store::Store::open_read_only(&gate.data).expect("readable");
    let entries = reader.view().tail(1).expect("readable");
    let bytes = &entries[0].body.as_ref().expect("a body").bytes;
    assert!(String::from_utf8_lossy(bytes).contains("\"authentication\":\"unauthenticated\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_path_is_closed_where_strangers_can_connect() {
    let gate = Running::with(|settings, _| settings.listen = "0.0.0.0:0".parse().expect("an address")).await;
    let address = format!("127.0.0.1:{}", gate.address.port()).parse().expect("an address");
    let client = Client { address, ..gate.client.clone() };
    let body = deployment("u-1", "vision", &json!({})).to_string();
    let answer = client.post("/admit", &body).await;
    assert_eq!(answer.code, 403);
    assert!(answer.text().contains("loopback"), "{}", answer.text());
    assert_eq!(client.post(&gate.path, &body).await.code, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_client_authority_only_its_certificates_may_ask() {
    let (ours, certificate, key) = authority("ours");
    let (_, foreign, foreign_key) = authority("theirs");
    let gate = Running::with(|settings, folder: &Path| {
        let path = folder.join("client-ca.crt");
        fs::write(&path, &ours).expect("written");
        settings.client_ca = Some(path);
    })
    .await;
    let server = fs::read_to_string(gate.data.join("tls/ca.crt")).expect("readable");
    let body = deployment("u-1", "vision", &json!({})).to_string();

    for path in ["/admit", gate.path.as_str()] {
        assert_eq!(gate.client.post(path, &body).await.code, 403, "no certificate");
    }
    assert_eq!(gate.client.get("/healthz").await.code, 200, "health needs none");
    assert_eq!(gate.decisions(), 0);

    let right = Client::certified(gate.address, &server, &certificate, &key);
    let answer = right.post("/admit", &body).await;
    assert_eq!(answer.code, 200, "{}", answer.text());
    let reader = tollgate_store::Store::open_read_only(&gate.data).expect("readable");
    let entries = reader.view().tail(1).expect("readable");
    let text = String::from_utf8_lossy(&entries[0].body.as_ref().expect("a body").bytes).into_owned();
    assert!(text.contains("\"authentication\":\"client-certificate\""), "{text}");
    assert!(text.contains("\"caller\":\"CN=kube-apiserver\""), "{text}");

    let before = gate.metric("tollgate_callers_refused_total").await.expect("counted");
    let wrong = Client::certified(gate.address, &server, &foreign, &foreign_key);
    // TLS 1.3: the client learns of it when it first reads.
    if let Ok(stream) = wrong.connect().await {
        let io = hyper_util::rt::TokioIo::new(stream);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake::<_, Body>(io).await.expect("a connection");
        tokio::spawn(connection);
        assert!(sender.send_request(post("/admit", &body)).await.is_err(), "a foreign certificate");
    }
    let mut refused = before;
    for _ in 0..100 {
        refused = gate.metric("tollgate_callers_refused_total").await.expect("counted");
        if refused > before {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(refused, before + 1.0);
    assert_eq!(gate.decisions(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_post_of_json_is_an_admission() {
    let gate = Running::start().await;
    assert_eq!(gate.client.get(&gate.path).await.code, 405);
    let body = deployment("u-1", "vision", &json!({})).to_string();
    for content_type in ["text/plain", "application/yaml", "application/jsonp", "multipart/form-data"] {
        let request =
            Request::post(&gate.path).header("host", "localhost").header("content-type", content_type);
        let answer = gate.client.send(request.body(Body::from(body.clone())).expect("a request")).await;
        assert_eq!(answer.code, 415, "{content_type}");
    }
    let request = Request::post(&gate.path).header("host", "localhost").body(Body::from(body.clone()));
    assert_eq!(gate.client.send(request.expect("a request")).await.code, 415, "no content type");
    let request = Request::post(&gate.path)
        .header("host", "localhost")
        .header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(gate.client.send(request.body(Body::from(body)).expect("a request")).await.code, 200);
    let request =
        Request::post(format!("{}?timeout=soon", gate.path)).header("content-type", "application/json");
    assert_eq!(gate.client.send(request.body(Body::from("{}")).expect("a request")).await.code, 400);
}
