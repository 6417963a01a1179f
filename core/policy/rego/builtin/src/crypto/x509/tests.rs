use tollgate_rego_value::{Object, Val};

use crate::Error;
use crate::testing::{call, eval, fails};

const ROOT: &str = include_str!("testdata/root.pem");
const MID: &str = include_str!("testdata/mid.pem");
const LEAF: &str = include_str!("testdata/leaf.pem");
const LEAF_KEY: &str = include_str!("testdata/leaf.key");
const REQUEST: &str = include_str!("testdata/leaf.csr");

/// 2027-01-15, when all of them hold.
const THEN: Val<'_> = Val::Int(1_800_000_000_000_000_000);

/// The value at `path` in what `name` gives, as text.
fn at(name: &str, args: &[Val<'_>], path: &[Val<'_>]) -> String {
    call(name, args, |result| {
        let mut value = result.expect("a value");
        for key in path {
            let inner = match key {
                Val::Int(_) => value.as_array().and_then(|items| items.at(key)),
                key => value
                    .as_object()
                    .and_then(|object: Object<'_>| object.text(key.as_str().unwrap_or_default())),
            };
            value = inner.unwrap_or_else(|| panic!("nothing at {key}"));
        }
        value.to_string().replace(", ", ",").replace(": ", ":")
    })
}

fn s(text: &str) -> Val<'_> {
    Val::String(text)
}

fn verified(text: &str, options: &[(Val<'_>, Val<'_>)]) -> String {
    let mut all = vec![(s("CurrentTime"), THEN)];
    all.extend_from_slice(options);
    all.sort();
    at(
        "crypto.x509.parse_and_verify_certificates_with_options",
        &[s(text), Val::Object(&all)],
        &[Val::Int(0)],
    )
}

#[test]
fn a_certificate_has_the_fields_of_go_s_type() {
    let leaf = |path: &[Val<'_>]| {
        let path: Vec<_> = [Val::Int(0)].iter().chain(path).copied().collect();
        at("crypto.x509.parse_certificates", &[s(LEAF)], &path)
    };
    assert_eq!(leaf(&[s("DNSNames")]), r#"["a.example.com","*.b.example.com"]"#);
    assert_eq!(leaf(&[s("IPAddresses")]), r#"["192.168.0.1"]"#);
    assert_eq!(leaf(&[s("URIStrings")]), r#"["spiffe://td/ns/x"]"#);
    assert_eq!(leaf(&[s("URIs"), Val::Int(0), s("Host")]), r#""td""#);
    assert_eq!(leaf(&[s("ExtKeyUsage")]), "[1]");
    assert_eq!(leaf(&[s("UnknownExtKeyUsage")]), "[[1,2,3,4]]");
    assert_eq!(leaf(&[s("KeyUsage")]), "1");
    assert_eq!(leaf(&[s("SignatureAlgorithm")]), "16");
    assert_eq!(leaf(&[s("PublicKeyAlgorithm")]), "3");
    assert_eq!(leaf(&[s("Subject"), s("CommonName")]), r#""a.example.com""#);
    assert_eq!(leaf(&[s("PermittedDNSDomains")]), "null");
    let root = |path: &[Val<'_>]| {
        let path: Vec<_> = [Val::Int(0)].iter().chain(path).copied().collect();
        at("crypto.x509.parse_certificates", &[s(ROOT)], &path)
    };
    assert_eq!(root(&[s("Issuer"), s("Organization")]), r#"["Acme"]"#);
    assert_eq!(root(&[s("MaxPathLen")]), "1");
    assert_eq!(root(&[s("IsCA")]), "true");
    assert_eq!(root(&[s("ExcludedIPRanges"), Val::Int(0), s("IP")]), r#""10.0.0.0""#);
    assert_eq!(root(&[s("NotBefore")]), r#""2026-11-28T00:49:18Z""#);
}

#[test]
fn a_chain_leads_from_the_last_certificate_to_the_first() {
    let chain = format!("{ROOT}{MID}{LEAF}");
    assert_eq!(verified(&chain, &[]), "true");
    assert_eq!(verified(&chain, &[(s("DNSName"), s("x.b.example.com"))]), "true");
    assert_eq!(verified(&chain, &[(s("DNSName"), s("192.168.0.1"))]), "true");
    assert_eq!(verified(&chain, &[(s("DNSName"), s("x.y.b.example.com"))]), "false");
    assert_eq!(verified(&chain, &[(s("KeyUsages"), Val::Array(&[s("KeyUsageClientAuth")]))]), "false");
    assert_eq!(verified(&chain, &[(s("KeyUsages"), Val::Array(&[s("KeyUsageAny")]))]), "true");
    assert_eq!(verified(&format!("{ROOT}{LEAF}"), &[]), "false");
    assert_eq!(verified(&format!("{LEAF}{MID}{ROOT}"), &[]), "false");
    assert_eq!(verified(LEAF, &[]), "false");
    assert_eq!(verified("nothing", &[]), "false");
}

#[test]
fn certificates_are_checked_at_the_change_s_own_time() {
    // Tests run in 2024, before these certificates hold.
    let chain = format!("{ROOT}{MID}{LEAF}");
    assert_eq!(eval("crypto.x509.parse_and_verify_certificates", &[s(&chain)]), "[false, []]");
}

#[test]
fn a_byte_changed_in_a_certificate_breaks_the_chain() {
    let der = crate::pem::first(LEAF).expect("a block").0.bytes;
    let mut chain: Vec<u8> =
        [ROOT, MID].iter().flat_map(|pem| crate::pem::first(pem).expect("a block").0.bytes).collect();
    let whole = [chain.clone(), der.clone()].concat();
    assert_eq!(verified(&crate::base64_text::standard(&whole), &[]), "true");
    let place = der.windows(13).position(|part| part == b"a.example.com").expect("the name");
    let mut changed = der;
    changed[place] = b'z';
    chain.extend(changed);
    assert_eq!(verified(&crate::base64_text::standard(&chain), &[]), "false");
}

#[test]
fn options_that_are_none_are_refused() {
    let options = [(s("KeyUsages"), Val::Array(&[s("A"), s("KeyUsageAny"), s("B")]))];
    let name = "crypto.x509.parse_and_verify_certificates_with_options";
    assert_eq!(
        fails(name, &[s(LEAF), Val::Object(&options)]),
        "invalid entries for 'KeyUsages' found: [A B]"
    );
    assert_eq!(fails(name, &[s(LEAF), Val::Object(&[(s("x"), Val::Null)])]), "invalid key option");
}

#[test]
fn what_is_no_certificate_is_refused() {
    assert_eq!(fails("crypto.x509.parse_certificates", &[s("YmFkc3RyaW5n")]), "x509: malformed certificate");
    assert_eq!(
        fails("crypto.x509.parse_certificates", &[s(REQUEST)]),
        "PEM block type is 'CERTIFICATE REQUEST', expected CERTIFICATE"
    );
    let der = crate::pem::first(LEAF).expect("a block").0.bytes;
    for length in 0..der.len() {
        let text = crate::base64_text::standard(&der[..length]);
        call("crypto.x509.parse_certificates", &[s(&text)], |result| match result {
            Ok(value) => assert!(length == 0 && value == Val::Array(&[])),
            Err(error) => assert!(matches!(error, Error::Failed(_))),
        });
    }
}

#[test]
fn requests_and_keys_are_read() {
    let request = |path: &[Val<'_>]| at("crypto.x509.parse_certificate_request", &[s(REQUEST)], path);
    assert_eq!(request(&[s("Subject"), s("CommonName")]), r#""a.example.com""#);
    assert_eq!(request(&[s("DNSNames")]), r#"["csr.example.com"]"#);
    assert_eq!(request(&[s("Attributes"), Val::Int(0), s("Type")]), "[1,2,840,113549,1,9,14]");
    let key = |path: &[Val<'_>]| at("crypto.x509.parse_rsa_private_key", &[s(LEAF_KEY)], path);
    assert_eq!(key(&[s("kty")]), r#""EC""#);
    let number = at("crypto.parse_private_keys", &[s(LEAF_KEY)], &[Val::Int(0), s("X")]);
    assert_eq!(
        number,
        at("crypto.x509.parse_certificates", &[s(LEAF)], &[Val::Int(0), s("PublicKey"), s("X")])
    );
    assert_eq!(at("crypto.x509.parse_keypair", &[s(LEAF), s(LEAF_KEY)], &[s("Leaf"), s("IsCA")]), "false");
    assert_eq!(
        fails("crypto.x509.parse_keypair", &[s(ROOT), s(LEAF_KEY)]),
        "tls: private key does not match public key"
    );
    assert_eq!(eval("crypto.parse_private_keys", &[s("nope")]), "[]");
    assert_eq!(eval("crypto.parse_private_keys", &[s("")]), "null");
}
