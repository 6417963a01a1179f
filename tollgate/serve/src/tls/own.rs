//! Certificates of our own: an authority for ten years, a server certificate for 90 days.
//!
//! ```text
//! <data>/tls/ca.crt      the authority, for the webhook's caBundle
//! <data>/tls/ca.key      its key, 0600: it renews the server's certificate under the same authority
//! <data>/tls/server.crt  for localhost, 127.0.0.1, ::1 and the names given
//! <data>/tls/server.key  0600
//! ```

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tollgate_vocabulary::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::TlsError;

pub(super) const AUTHORITY: &str = "ca.crt";
pub(super) const CERTIFICATE: &str = "server.crt";
pub(super) const KEY: &str = "server.key";
const AUTHORITY_KEY: &str = "ca.key";

const AUTHORITY_DAYS: i64 = 3650;
const SERVER_DAYS: i64 = 90;
/// With so many days left, a certificate is renewed.
const RENEW_DAYS: i64 = 30;

/// Makes what is missing, and renews what will expire or is for other names.
pub(super) fn ensure(dir: &Path, names: &[String], now: Timestamp) -> Result<(), TlsError> {
    let (mut names, given) = (vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()], names);
    names.extend(
        given.iter().filter(|name| !["localhost", "127.0.0.1", "::1"].contains(&name.as_str())).cloned(),
    );
    let alternatives = names.iter().map(|name| alternative(name)).collect::<Result<Vec<_>, _>>()?;

    let authority = match fs::read_to_string(dir.join(AUTHORITY_KEY)).map(|pem| KeyPair::from_pem(&pem)) {
        Ok(Ok(key)) if lasts(&dir.join(AUTHORITY), now, None) => key,
        _ => make_authority(dir, now)?,
    };
    let key = fs::read_to_string(dir.join(KEY)).map(|pem| KeyPair::from_pem(&pem));
    if matches!(key, Ok(Ok(_))) && lasts(&dir.join(CERTIFICATE), now, Some(&names)) {
        return Ok(());
    }
    make_server(dir, authority, alternatives, now)
}

fn make_authority(dir: &Path, now: Timestamp) -> Result<KeyPair, TlsError> {
    let key = KeyPair::generate()?;
    let mut parameters = authority_parameters();
    valid_for(&mut parameters, now, AUTHORITY_DAYS);
    let certificate = parameters.self_signed(&key)?;
    forget_server(dir);
    write(dir, AUTHORITY_KEY, &key.serialize_pem())?;
    write(dir, AUTHORITY, &certificate.pem())?;
    Ok(key)
}

fn make_server(
    dir: &Path,
    authority: KeyPair,
    alternatives: Vec<SanType>,
    now: Timestamp,
) -> Result<(), TlsError> {
    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "tollgate");
    parameters.subject_alt_names = alternatives;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    valid_for(&mut parameters, now, SERVER_DAYS);
    let issuer = Issuer::new(authority_parameters(), authority);
    let certificate = parameters.signed_by(&key, &issuer)?;
    forget_server(dir);
    write(dir, KEY, &key.serialize_pem())?;
    write(dir, CERTIFICATE, &certificate.pem())
}

/// The old certificate goes before anything else changes, so that a kill leaves no pair that does not fit: what is
/// missing is made again.
fn forget_server(dir: &Path) {
    let _ = fs::remove_file(dir.join(CERTIFICATE));
}

fn authority_parameters() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "tollgate authority of this installation");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

/// Whether a certificate is there, lasts, and is for these names.
fn lasts(path: &Path, now: Timestamp, names: Option<&[String]>) -> bool {
    let Ok(pem) = fs::read(path) else { return false };
    let Ok(der) = CertificateDer::from_pem_slice(&pem) else { return false };
    let Ok(certificate) = Certificate::from_der(&der) else { return false };
    let certificate = certificate.tbs_certificate();
    let end = certificate.validity().not_after.to_unix_duration().as_secs();
    let left = i64::try_from(end).unwrap_or(i64::MAX).saturating_sub(now.as_second());
    left > RENEW_DAYS * 86_400 && names.is_none_or(|names| names_of(certificate) == names)
}

fn names_of(certificate: &x509_cert::TbsCertificate) -> Vec<String> {
    let extension = certificate.get_extension::<SubjectAltName>().ok().flatten();
    let names = extension.map(|(_, alternatives)| alternatives.0).unwrap_or_default();
    let text = |name: &GeneralName| match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            let sixteen = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
            four.or(sixteen).ok().map(|address| address.to_string())
        }
        _ => None,
    };
    names.iter().filter_map(text).collect()
}

fn alternative(name: &str) -> Result<SanType, TlsError> {
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(SanType::IpAddress(address));
    }
    let is_host = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*' | b'_'));
    let host = name.try_into().map_err(|_| TlsError::Name(name.to_owned()));
    if is_host { Ok(SanType::DnsName(host?)) } else { Err(TlsError::Name(name.to_owned())) }
}

/// From yesterday, for clocks that differ.
fn valid_for(parameters: &mut CertificateParams, now: Timestamp, days: i64) {
    let day = |days: i64| {
        let second = now.as_second().saturating_add(days * 86_400);
        let date = Timestamp::from_second(second).unwrap_or(Timestamp::MAX).to_zoned(TimeZone::UTC).date();
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
    };
    (parameters.not_before, parameters.not_after) = (day(-1), day(days));
}

/// In one step, so that nobody reads half a file; for the owner's eyes only.
fn write(dir: &Path, name: &str, content: &str) -> Result<(), TlsError> {
    let path = dir.join(name);
    let temporary = dir.join(format!("{name}.new"));
    let result = (|| -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mode = if name.ends_with(".key") { 0o600 } else { 0o644 };
        let mut file = OpenOptions::new().create_new(true).write(true).mode(mode).open(&temporary)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    })();
    result.map_err(|source| TlsError::Write { path, source })
}
