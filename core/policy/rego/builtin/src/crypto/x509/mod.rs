//! X.509: certificates, requests and keys, read and checked.
//!
//! ```text
//! PEM, base64 or DER ──> Certificate ──> View: a value with the fields of Go's types
//!                             └──> chain: checked at the change's own time
//! ```

mod certificate;
mod chain;
mod constraint;
mod extension;
mod name;
mod request;
#[cfg(test)]
mod tests;
mod view;

use tollgate_rego_value::{Object, Val};

use super::asn1::Element;
use super::key::{PrivateKey, PublicKey, jwk, private};
use crate::base64_text::{Alphabet, read};
use crate::cost::of_text;
use crate::operand::{items_of, object, string};
use crate::whole::whole;
use crate::{Builtin, Call, Error, Type, pem};
use certificate::Certificate;
use chain::Options;
use view::View;

/// The builtins of this file.
pub(crate) static FAMILY: &[Builtin] = &[
    Builtin::function("crypto.parse_private_keys", &[("keys", Type::String)], MANY, parse_private_keys),
    Builtin::function(
        "crypto.x509.parse_and_verify_certificates",
        &[("certs", Type::String)],
        VERIFIED,
        verify,
    ),
    Builtin::function(
        "crypto.x509.parse_and_verify_certificates_with_options",
        &[("certs", Type::String), ("options", NAMED)],
        VERIFIED,
        verify_with_options,
    ),
    Builtin::function(
        "crypto.x509.parse_certificate_request",
        &[("csr", Type::String)],
        NAMED,
        parse_request,
    ),
    Builtin::function("crypto.x509.parse_certificates", &[("certs", Type::String)], MANY, parse_certificates),
    Builtin::function(
        "crypto.x509.parse_keypair",
        &[("cert", Type::String), ("pem", Type::String)],
        NAMED,
        parse_keypair,
    ),
    Builtin::function(
        "crypto.x509.parse_rsa_private_key",
        &[("pem", Type::String)],
        NAMED,
        parse_private_key,
    ),
];

const NAMED: Type = Type::Object(&[], Some((&Type::String, &Type::Any)));
const MANY: Type = Type::Array(&[], Some(&NAMED));
const VERIFIED: Type = Type::Array(&[Type::Boolean, MANY], None);

/// What checking one signature costs, in steps.
const SIGNATURE: u64 = 500;

const BEGIN: &str = "-----BEGIN";

/// The key of a certificate in DER.
pub(crate) fn public_key(der: &[u8]) -> Result<PublicKey, String> {
    Element::only(der).ok_or("x509: malformed certificate")?;
    match certificate::read_all(der)?.pop() {
        Some(certificate) => Ok(certificate.key),
        None => Err("x509: malformed certificate".to_owned()),
    }
}

fn parse_certificates<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    let der = certificates_der(text).map_err(Error::Failed)?;
    let certificates = certificate::read_all(&der).map_err(Error::Failed)?;
    View(call).list(certificates.iter().map(|certificate| View(call).certificate(certificate, true)))
}

fn verify<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let options = Options { time: call.now, host: "", purposes: vec![1] };
    verify_by(call, string(args, 1)?, || Ok(options), true)
}

fn verify_with_options<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    let options = object(args, 2)?;
    verify_by(call, text, || read_options(call, &options), false)
}

fn verify_by<'a, 'o>(
    call: &Call<'a, '_>,
    text: &str,
    options: impl FnOnce() -> Result<Options<'o>, Error>,
    with_uris: bool,
) -> Result<Val<'a>, Error> {
    call.meter.spend(of_text(text))?;
    let no = |call: &Call<'a, '_>| -> Result<Val<'a>, Error> {
        Ok(call.arena.array(&[Val::Bool(false), call.arena.array(&[])?])?)
    };
    let Ok(der) = certificates_der(text) else { return no(call) };
    let Ok(certificates) = certificate::read_all(&der) else { return no(call) };
    let chain = chain::build(call, &certificates, &options()?)?;
    if certificates.len() < 2 || chain.is_empty() {
        return no(call);
    }
    let chain = chain.iter().filter_map(|at| certificates.get(*at));
    let chain = View(call).list(chain.map(|certificate| View(call).certificate(certificate, with_uris)))?;
    Ok(call.arena.array(&[Val::Bool(true), chain])?)
}

fn read_options<'a>(call: &Call<'a, '_>, given: &Object<'a>) -> Result<Options<'a>, Error> {
    let failed = |message: &str| Error::Failed(message.to_owned());
    let mut options = Options { time: call.now, host: "", purposes: Vec::new() };
    for (key, value) in given.iter() {
        let Some(key) = key.as_str() else { continue };
        match key {
            "DNSName" => {
                let name = value.as_str().ok_or_else(|| failed("'DNSName' should be a string"))?;
                options.host = name.trim_matches('"');
            }
            "CurrentTime" => match value {
                Val::Int(_) | Val::Number(_) => {
                    options.time = whole(&value)
                        .ok_or_else(|| failed("'CurrentTime' should be a valid int64 number"))?;
                }
                _ => return Err(failed("'CurrentTime' should be a number")),
            },
            // How often names are compared is bounded by steps here.
            "MaxConstraintComparisons" => match value {
                Val::Int(_) => {}
                Val::Number(_) => return Err(failed("'MaxConstraintComparisons' should be a valid number")),
                _ => return Err(failed("'MaxConstraintComparisons' should be a number")),
            },
            "KeyUsages" => {
                let usages =
                    items_of(&value).ok_or_else(|| failed("'KeyUsages' should be an Array or Set"))?;
                let mut unknown = Vec::new();
                for usage in usages.iter().filter_map(|usage| usage.as_str()) {
                    let usage = usage.trim_matches('"');
                    match PURPOSES.iter().find(|purpose| purpose.0 == usage) {
                        Some(purpose) => options.purposes.push(purpose.1),
                        None => unknown.push(usage),
                    }
                }
                if !unknown.is_empty() {
                    return Err(Error::Failed(format!(
                        "invalid entries for 'KeyUsages' found: [{}]",
                        unknown.join(" ")
                    )));
                }
            }
            _ => return Err(failed("invalid key option")),
        }
    }
    if options.purposes.is_empty() {
        options.purposes.push(1);
    }
    Ok(options)
}

/// Purposes by name, with Go's numbers.
const PURPOSES: [(&str, i64); 14] = [
    ("KeyUsageAny", 0),
    ("KeyUsageServerAuth", 1),
    ("KeyUsageClientAuth", 2),
    ("KeyUsageCodeSigning", 3),
    ("KeyUsageEmailProtection", 4),
    ("KeyUsageIPSECEndSystem", 5),
    ("KeyUsageIPSECTunnel", 6),
    ("KeyUsageIPSECUser", 7),
    ("KeyUsageTimeStamping", 8),
    ("KeyUsageOCSPSigning", 9),
    ("KeyUsageMicrosoftServerGatedCrypto", 10),
    ("KeyUsageNetscapeServerGatedCrypto", 11),
    ("KeyUsageMicrosoftCommercialCodeSigning", 12),
    ("KeyUsageMicrosoftKernelCodeSigning", 13),
];

fn parse_request<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    let der = request_der(text).map_err(Error::Failed)?;
    View(call).request(&request::read(&der).map_err(Error::Failed)?)
}

fn request_der(text: &str) -> Result<Vec<u8>, String> {
    let bytes = if text.starts_with("-----BEGIN CERTIFICATE REQUEST-----") {
        text.as_bytes().to_vec()
    } else {
        read(text.as_bytes(), Alphabet::Standard)?
    };
    match std::str::from_utf8(&bytes).ok().and_then(pem::first) {
        Some((block, _)) if block.label == "CERTIFICATE REQUEST" => Ok(block.bytes),
        Some(_) => Err("invalid PEM-encoded certificate signing request".to_owned()),
        None => Ok(bytes),
    }
}

fn parse_private_keys<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    if text.is_empty() {
        return Ok(Val::Null);
    }
    let keys = private_keys(text).map_err(Error::Failed)?;
    View(call).list(keys.iter().map(|key| View(call).private_key(key)))
}

fn parse_private_key<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let text = string(args, 1)?;
    call.meter.spend(of_text(text))?;
    if text.is_empty() {
        return Err(Error::Failed("input PEM data was empty".to_owned()));
    }
    let keys = if text.starts_with(BEGIN) {
        private_keys(text)
    } else {
        read(text.as_bytes(), Alphabet::Standard)
            .and_then(|bytes| private_keys(&String::from_utf8_lossy(&bytes)))
    };
    match keys.map_err(Error::Failed)?.first() {
        Some(key) => jwk::write(call, key),
        None => Ok(Val::Null),
    }
}

fn private_keys(text: &str) -> Result<Vec<PrivateKey>, String> {
    match read(text.as_bytes(), Alphabet::Standard) {
        Ok(bytes) => private::of_pem(&String::from_utf8_lossy(&bytes)),
        Err(_) => private::of_pem(text),
    }
}

fn parse_keypair<'a>(call: &Call<'a, '_>, args: &[Val<'a>]) -> Result<Val<'a>, Error> {
    let chain = string(args, 1)?;
    // OPA speaks of operand 1 for both.
    let key = string(args.get(1..).unwrap_or_default(), 1)?;
    call.meter.spend(of_text(chain) + of_text(key))?;
    let (chain, key) = pair(chain, key).map_err(Error::Failed)?;
    let mut certificates: Vec<Certificate<'_>> = Vec::new();
    if let Some(leaf) = chain.first() {
        certificates = certificate::read_all(leaf).map_err(Error::Failed)?;
    }
    let leaf = certificates
        .first()
        .ok_or_else(|| Error::Failed("tls: failed to find any PEM data in certificate input".to_owned()))?;
    let public = key.public();
    if std::mem::discriminant(&leaf.key) != std::mem::discriminant(&public) {
        return Err(Error::Failed("tls: private key type does not match public key type".to_owned()));
    }
    if leaf.key != public {
        return Err(Error::Failed("tls: private key does not match public key".to_owned()));
    }
    View(call).pair(&chain, &key, leaf)
}

/// The certificates in DER, and the first key.
fn pair(chain: &str, key: &str) -> Result<(Vec<Vec<u8>>, PrivateKey), String> {
    let der = |text: &str| -> Result<Result<String, Vec<u8>>, String> {
        if text.starts_with(BEGIN) {
            return Ok(Ok(text.to_owned()));
        }
        let bytes = read(text.as_bytes(), Alphabet::Standard)?;
        if bytes.starts_with(BEGIN.as_bytes()) {
            Ok(Ok(String::from_utf8_lossy(&bytes).into_owned()))
        } else {
            Ok(Err(bytes))
        }
    };
    let chain = match der(chain)? {
        Err(bytes) => vec![bytes],
        Ok(text) => {
            let mut found = Vec::new();
            let mut rest = text.as_str();
            while let Some((block, after)) = pem::first(rest) {
                rest = after;
                if block.label == "CERTIFICATE" {
                    found.push(block.bytes);
                }
            }
            found
        }
    };
    let key = match der(key)? {
        // Which of the three forms it has is found by trying.
        Err(bytes) => {
            private::pkcs1(&bytes).or_else(|_| private::pkcs8(&bytes)).or_else(|_| private::sec1(&bytes))?
        }
        Ok(text) => private::of_pem(&text)?
            .into_iter()
            .next()
            .ok_or("tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input")?,
    };
    Ok((chain, key))
}

/// All certificates of `text` one after another, in DER.
fn certificates_der(text: &str) -> Result<Vec<u8>, String> {
    if text.starts_with(BEGIN) {
        return of_pem(text);
    }
    let bytes = read(text.as_bytes(), Alphabet::Standard)?;
    if bytes.starts_with(BEGIN.as_bytes()) { of_pem(&String::from_utf8_lossy(&bytes)) } else { Ok(bytes) }
}

fn of_pem(text: &str) -> Result<Vec<u8>, String> {
    let mut der = Vec::new();
    let mut rest = text;
    while let Some((block, after)) = pem::first(rest) {
        rest = after;
        if block.label != "CERTIFICATE" {
            return Err(format!("PEM block type is '{}', expected CERTIFICATE", block.label));
        }
        der.extend(block.bytes);
    }
    Ok(der)
}
