//! What names an authority's certificate allows in those below it (RFC 5280, 4.2.1.10).

use std::net::IpAddr;

use super::extension::{AlternativeNames, Subtrees};
use crate::uri;

/// Whether all names lie in what is permitted, and none in what is excluded.
pub(super) fn allow(permitted: &Subtrees, excluded: &Subtrees, names: &AlternativeNames) -> bool {
    each(&names.dns, &permitted.dns, &excluded.dns, |name, domain| is_below(name, domain))
        && each(&names.email, &permitted.email, &excluded.email, |name, constraint| {
            is_mailbox(name, constraint)
        })
        && each(&names.uri, &permitted.uri, &excluded.uri, |name, domain| {
            let host = uri::read(name).host;
            let host = host.rsplit_once(':').map_or(host.as_str(), |(host, _)| host).to_owned();
            is_below_or_exact(&host, domain)
        })
        && each(&names.address, &permitted.address, &excluded.address, is_in_range)
}

fn each<N, C>(names: &[N], permitted: &[C], excluded: &[C], fits: impl Fn(&N, &C) -> bool) -> bool {
    names.iter().all(|name| {
        !excluded.iter().any(|constraint| fits(name, constraint))
            && (permitted.is_empty() || permitted.iter().any(|constraint| fits(name, constraint)))
    })
}

/// Whether a name is a domain or one below it. A constraint that begins with a dot means only those below.
fn is_below(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    match domain.strip_prefix('.') {
        Some(parent) => {
            name.strip_suffix(parent).is_some_and(|label| label.len() > 1 && label.ends_with('.'))
        }
        None => {
            domain.is_empty()
                || name == domain
                || name.strip_suffix(domain.as_str()).is_some_and(|label| label.ends_with('.'))
        }
    }
}

/// As for hosts of mailboxes and URIs: one below only where the constraint begins with a dot.
fn is_below_or_exact(host: &str, domain: &str) -> bool {
    if domain.starts_with('.') { is_below(host, domain) } else { host.eq_ignore_ascii_case(domain) }
}

fn is_mailbox(name: &str, constraint: &str) -> bool {
    let Some((local, host)) = name.rsplit_once('@') else { return false };
    match constraint.rsplit_once('@') {
        Some((own_local, own_host)) => local == own_local && host.eq_ignore_ascii_case(own_host),
        None => is_below_or_exact(host, constraint),
    }
}

fn is_in_range(address: &IpAddr, (network, mask): &(Vec<u8>, Vec<u8>)) -> bool {
    let bytes = match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    bytes.len() == network.len()
        && bytes.iter().zip(network).zip(mask).all(|((own, network), mask)| own & mask == network & mask)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_lie_below_what_is_permitted() {
        let permitted = Subtrees { dns: dns(&["example.com"]), ..Subtrees::default() };
        let excluded = Subtrees { dns: dns(&["bad.example.com"]), ..Subtrees::default() };
        let allowed = |name| {
            let names = AlternativeNames { dns: dns(&[name]), ..AlternativeNames::default() };
            allow(&permitted, &excluded, &names)
        };
        assert!(allowed("example.com") && allowed("a.Example.com"));
        assert!(!allowed("notexample.com") && !allowed("x.bad.example.com"));
    }

    #[test]
    fn addresses_lie_in_ranges() {
        let excluded =
            Subtrees { address: vec![(vec![10, 0, 0, 0], vec![255, 0, 0, 0])], ..Subtrees::default() };
        let allowed = |text: &str| {
            let address = vec![text.parse().expect("an address")];
            allow(
                &Subtrees::default(),
                &excluded,
                &AlternativeNames { address, ..AlternativeNames::default() },
            )
        };
        assert!(allowed("11.0.0.1") && allowed("fe80::1"));
        assert!(!allowed("10.1.2.3"));
    }
}
