//! Addresses and networks of both families.
//!
//! INVARIANT: an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is an IPv4 one here, as in Go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which kind of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    V4,
    V6,
}

/// A network, and the address it was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) family: Family,
    /// as written: bits beyond the prefix may be set
    pub(super) address: u128,
    /// how many bits all its addresses share
    pub(super) prefix: u32,
}

impl Family {
    /// How many bits an address has.
    pub(super) const fn bits(self) -> u32 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// An address as text.
    pub(super) fn show(self, address: u128) -> String {
        match self {
            Self::V4 => Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX)).to_string(),
            Self::V6 => Ipv6Addr::from(address).to_string(),
        }
    }
}

impl Network {
    /// Reads an address, a slash and a prefix.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let written = address.parse::<IpAddr>().ok()?;
        if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Leading zeros are allowed, as in Go.
        let prefix: u32 = prefix.parse().ok()?;
        let own = if written.is_ipv4() { 32 } else { 128 };
        if prefix > own {
            return None;
        }
        let network = of_address(written);
        // A prefix of an IPv4 address written as IPv6 counts from the IPv6 address's first bit.
        match (written, network.family) {
            (IpAddr::V6(_), Family::V4) if prefix >= 96 => Some(Self { prefix: prefix - 96, ..network }),
            (IpAddr::V6(v6), Family::V4) => Some(Self { family: Family::V6, address: v6.into(), prefix }),
            _ => Some(Self { prefix, ..network }),
        }
    }

    /// Its lowest address.
    pub(super) fn first(&self) -> u128 {
        self.address & !self.host_bits()
    }

    /// Its highest address.
    pub(super) fn last(&self) -> u128 {
        self.address | self.host_bits()
    }

    /// Whether all of `other` is in it.
    pub(super) fn contains(&self, other: &Self) -> bool {
        self.family == other.family && self.first() <= other.first() && other.last() <= self.last()
    }

    fn host_bits(&self) -> u128 {
        let count = self.family.bits().saturating_sub(self.prefix);
        u128::MAX.checked_shr(128 - count).unwrap_or(0)
    }
}

/// An address, as the network of it alone.
pub(super) fn address(text: &str) -> Option<Network> {
    text.parse().ok().map(of_address)
}

/// What is said of text that is no network.
pub(super) fn invalid(text: &str) -> String {
    format!("invalid CIDR address: {text}")
}

fn of_address(address: IpAddr) -> Network {
    match address.to_canonical() {
        IpAddr::V4(v4) => Network { family: Family::V4, address: u32::from(v4).into(), prefix: 32 },
        IpAddr::V6(v6) => Network { family: Family::V6, address: v6.into(), prefix: 128 },
    }
}
