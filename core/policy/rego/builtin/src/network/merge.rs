//! The fewest networks that cover the same addresses.

use super::cidr::{self, Family, Network};

/// The network that an element of `net.cidr_merge` stands for. An IPv4 address alone stands for its classful network.
pub(super) fn network(text: &str) -> Result<Network, String> {
    let Some(address) = cidr::address(text) else {
        return Network::parse(text).ok_or_else(|| cidr::invalid(text)).map(|network| {
            // Only an address alone keeps the bits beyond its prefix.
            Network { address: network.first(), ..network }
        });
    };
    if address.family == Family::V6 {
        return Err("IPv6 invalid: needs prefix length".to_owned());
    }
    let prefix = match address.address >> 24 {
        ..0x80 => 8,
        0x80..0xc0 => 16,
        0xc0..0xe0 => 24,
        _ => {
            return Err(format!(
                "IPv4 invalid: `{text}` is of no class with a network, write its prefix length"
            ));
        }
    };
    Ok(Network { prefix, ..address })
}

/// A run of addresses, and the network it is where nothing was merged into it.
#[derive(Clone, Copy)]
struct Range {
    family: Family,
    first: u128,
    last: u128,
    whole: Option<Network>,
}

/// Networks as text, those that touch or overlap made one.
pub(super) fn merge(networks: Vec<Network>) -> Vec<String> {
    let mut ranges: Vec<_> = networks
        .into_iter()
        .map(|network| Range {
            family: network.family,
            first: network.first(),
            last: network.last(),
            whole: Some(network),
        })
        .collect();
    ranges.sort_by_key(|range| (range.family == Family::V6, range.last, range.first));
    let mut merged: Vec<Range> = Vec::new();
    // From the highest down: each range either touches the one above it or closes it.
    for range in ranges.into_iter().rev() {
        match merged.last_mut() {
            Some(above) if above.family == range.family && above.first.saturating_sub(1) <= range.last => {
                above.first = above.first.min(range.first);
                above.whole = None;
            }
            _ => merged.push(range),
        }
    }
    merged.iter().flat_map(show).collect()
}

fn show(range: &Range) -> Vec<String> {
    match &range.whole {
        Some(network) => vec![format!("{}/{}", network.family.show(network.address), network.prefix)],
        None => cover(range),
    }
}

/// The fewest networks that make up a range.
fn cover(range: &Range) -> Vec<String> {
    let mut out = Vec::new();
    let mut first = range.first;
    loop {
        // As many addresses as the first one's trailing zeros allow, and as fit.
        let mut size = first.trailing_zeros().min(range.family.bits());
        while size > 0 && first | ones(size) > range.last {
            size -= 1;
        }
        out.push(format!("{}/{}", range.family.show(first), range.family.bits() - size));
        match (first | ones(size)).checked_add(1) {
            Some(next) if next <= range.last => first = next,
            _ => return out,
        }
    }
}

fn ones(count: u32) -> u128 {
    128_u32.checked_sub(count).and_then(|shift| u128::MAX.checked_shr(shift)).unwrap_or(0)
}
