//! Whether a certificate is good: a chain from it to a trusted root, as Go's `x509.Certificate.Verify` builds it.

use std::net::IpAddr;

use jiff::tz::TimeZone;

use super::SIGNATURE;
use super::certificate::Certificate;
use super::constraint;
use crate::crypto::key::PublicKey;
use crate::crypto::key::signature::{Algorithm, Hash, ecdsa_holds, holds};
use crate::{Call, Error};

/// What is asked of a certificate.
pub(super) struct Options<'o> {
    /// in nanoseconds
    pub(super) time: i64,
    /// empty where none is asked for
    pub(super) host: &'o str,
    /// Go's numbers for purposes; `0` is any
    pub(super) purposes: Vec<i64>,
}

/// How long a chain may be.
const LONGEST: usize = 16;

/// The first chain from the last certificate to the first one, over those between. Empty where there is none.
pub(super) fn build(
    call: &Call<'_, '_>,
    certificates: &[Certificate<'_>],
    options: &Options<'_>,
) -> Result<Vec<usize>, Error> {
    let Some((leaf, [root, ..])) = certificates.split_last() else { return Ok(Vec::new()) };
    if !leaf.known.unhandled.is_empty() || !is_in_time(leaf, options.time) {
        return Ok(Vec::new());
    }
    if !options.host.is_empty() && !is_for_host(leaf, options.host) {
        return Ok(Vec::new());
    }
    let last = certificates.len() - 1;
    let mut search = Search { call, certificates, options };
    if leaf.raw == root.raw {
        return Ok(if search.is_for_purposes(&[last]) { vec![last] } else { Vec::new() });
    }
    Ok(search.extend(vec![last])?.unwrap_or_default())
}

struct Search<'s, 'a, 'm, 'd> {
    call: &'s Call<'a, 'm>,
    certificates: &'s [Certificate<'d>],
    options: &'s Options<'s>,
}

impl<'d> Search<'_, '_, '_, 'd> {
    /// The first whole chain that begins with `chain`.
    fn extend(&mut self, chain: Vec<usize>) -> Result<Option<Vec<usize>>, Error> {
        let child = chain.last().and_then(|at| self.certificates.get(*at));
        let Some(child) = child.filter(|_| chain.len() < LONGEST) else { return Ok(None) };
        // The root first: the shortest chain is the first one.
        for at in 0..self.certificates.len().saturating_sub(1) {
            let Some(parent) = self.certificates.get(at) else { break };
            let twice = chain.iter().filter_map(|at| self.certificates.get(*at)).any(|own| {
                own.raw_subject == parent.raw_subject
                    && own.raw_key == parent.raw_key
                    && own.known.names.dns == parent.known.names.dns
            });
            if twice || child.raw_issuer != parent.raw_subject || !self.is_authority(parent, &chain) {
                continue;
            }
            self.call.meter.spend(SIGNATURE)?;
            if !is_signed_by(child, parent) {
                continue;
            }
            let mut longer = chain.clone();
            longer.push(at);
            if at == 0 {
                if self.is_for_purposes(&longer) {
                    return Ok(Some(longer));
                }
            } else if let Some(whole) = self.extend(longer)? {
                return Ok(Some(whole));
            }
        }
        Ok(None)
    }

    fn is_authority(&self, parent: &Certificate<'_>, chain: &[usize]) -> bool {
        let known = &parent.known;
        let may_sign = match known.basic {
            Some(authority) => authority,
            None => parent.version < 3,
        };
        let between = i64::try_from(chain.len() - 1).unwrap_or(i64::MAX);
        let length = known.basic.is_none() || known.path_length < 0 || between <= known.path_length;
        // Bit 5 is certificate signing.
        let usage = known.key_usage == 0 || known.key_usage & (1 << 5) != 0;
        may_sign
            && length
            && usage
            && known.unhandled.is_empty()
            && is_in_time(parent, self.options.time)
            && chain
                .iter()
                .filter_map(|at| self.certificates.get(*at))
                .all(|child| constraint::allow(&known.permitted, &known.excluded, &child.known.names))
    }

    /// Whether one of the purposes asked for is one of each certificate in the chain.
    fn is_for_purposes(&self, chain: &[usize]) -> bool {
        let purposes = &self.options.purposes;
        purposes.contains(&0)
            || purposes.iter().any(|purpose| {
                chain.iter().rev().filter_map(|at| self.certificates.get(*at)).all(|certificate| {
                    let own = &certificate.known.purposes;
                    let any = own.is_empty() && certificate.known.unknown_purposes.is_empty();
                    any || own.contains(&0) || own.contains(purpose)
                })
            })
    }
}

/// Whether `child`'s signature is `parent`'s. Those with MD5 and SHA-1 count as none.
fn is_signed_by(child: &Certificate<'_>, parent: &Certificate<'_>) -> bool {
    let (key, text, signature) = (&parent.key, child.signed, child.signature);
    let hash = |number: i64| match number % 3 {
        0 => Hash::Sha256,
        1 => Hash::Sha384,
        _ => Hash::Sha512,
    };
    match (child.algorithm.0, key) {
        (number @ 4..=6, PublicKey::Rsa { .. }) => {
            holds(Algorithm::RsaPkcs1(hash(number - 4)), key, text, signature)
        }
        (number @ 13..=15, PublicKey::Rsa { .. }) => {
            holds(Algorithm::RsaPss(hash(number - 13)), key, text, signature)
        }
        (number @ 10..=12, PublicKey::Ec { .. }) => {
            ecdsa_holds(Algorithm::Ecdsa(hash(number - 10)), key, text, signature)
        }
        (16, PublicKey::Ed25519(_)) => holds(Algorithm::EdDsa, key, text, signature),
        _ => false,
    }
}

fn is_in_time(certificate: &Certificate<'_>, time: i64) -> bool {
    let at = |time: &jiff::civil::DateTime| {
        TimeZone::UTC.to_timestamp(*time).map_or(i128::MAX, |time| time.as_nanosecond())
    };
    let time = i128::from(time);
    at(&certificate.not_before) <= time && time <= at(&certificate.not_after)
}

fn is_for_host(certificate: &Certificate<'_>, host: &str) -> bool {
    let names = &certificate.known.names;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return names.address.iter().any(|own| own.to_canonical() == address.to_canonical());
    }
    let host = host.to_ascii_lowercase();
    names.dns.iter().any(|name| {
        let name = name.to_ascii_lowercase();
        match name.strip_prefix("*.") {
            // An asterisk is one whole label, the first.
            Some(rest) => {
                let host = host.trim_end_matches('.');
                host.split_once('.')
                    .is_some_and(|(label, own)| !label.is_empty() && own == rest && !rest.contains('*'))
            }
            None => !name.is_empty() && name.trim_end_matches('.') == host.trim_end_matches('.'),
        }
    })
}
